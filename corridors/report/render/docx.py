"""The report as a Word document for those who must edit it: real headings, tables and pictures with their words."""

import datetime as dt
import io
from collections.abc import Iterable

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Inches, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as Written

from corridors.report.blocks.view import (
    Absent,
    Block,
    Bullets,
    Command,
    Definitions,
    Figure,
    KeyFigures,
    Paragraph,
    Report,
    Section,
    Table,
)
from corridors.report.render import docx_tables
from corridors.report.render.docx_tables import joined
from layers import with_fixed_times

LANGUAGE = "en-GB"
FONT = "Arial"
PICTURE_WIDTH = Inches(6.3)
_ACCENT, _SOFT, _AMBER = RGBColor(0x0B, 0x4F, 0x7D), RGBColor(0x52, 0x60, 0x6D), RGBColor(0x5C, 0x3B, 0x00)
_MOST_PROPERTY = 255  # characters
_AMBER_PAPER = "FFE8A3"
_SIZES_PT = {"Title": 24, "Heading 1": 16, "Heading 2": 12.5, "Heading 3": 11, "Caption": 9.5, "Subtitle": 12}


def render_docx(report: Report) -> bytes:
    """The document; same report, same bytes."""
    document = docx.Document()
    _set_up(document, report)
    document.add_paragraph(report.title, style="Title")
    document.add_paragraph(report.subtitle, style="Subtitle")
    if report.caution:
        _shaded(document.add_paragraph(f"Caution. {report.caution}."))
    if report.contents:
        _contents(document, report.sections)
    for section in report.sections:
        _section(document, section, 1, report.marks)
    buffer = io.BytesIO()
    document.save(buffer)
    return with_fixed_times(buffer.getvalue())


def _set_up(document: Document, report: Report) -> None:
    """Paper, styles, language, running header and footer, and the document's own particulars."""
    paper = document.sections[0]
    paper.page_width, paper.page_height = Mm(210), Mm(297)
    paper.left_margin = paper.right_margin = Mm(22)
    paper.top_margin, paper.bottom_margin = Mm(24), Mm(20)
    for name, size in {"Normal": 10.5, "List Bullet": 10.5, **_SIZES_PT}.items():
        _style(document.styles[name], size)
    _set_language(document)
    header = paper.header.paragraphs[0]
    header.text = report.caution
    _small(header, _AMBER)
    footer = paper.footer.paragraphs[0]
    footer.add_run(f"{report.title}    ")
    _field(footer, "PAGE", "1")
    _small(footer, _SOFT)
    particulars = document.core_properties
    title, subject, comments = (_cut(text) for text in (report.title, report.subtitle, report.caution))
    particulars.title, particulars.subject, particulars.language = title, subject, LANGUAGE
    particulars.author, particulars.comments = "corridors", comments
    # The day of the timetable: the clock would make two equal runs differ.
    particulars.created = particulars.modified = dt.datetime.combine(report.date, dt.time())


def _cut(text: str) -> str:
    """A document's property, cut to the format's 255 characters; the whole text stands on the first page."""
    return text if len(text) <= _MOST_PROPERTY else f"{text[: _MOST_PROPERTY - 3]}..."


def _style(style: ParagraphStyle, size_pt: float) -> None:
    style.font.name, style.font.size = FONT, Pt(size_pt)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:hAnsi"), FONT)
    name = style.name or ""
    if name.startswith(("Heading", "Title")):
        style.font.color.rgb = _ACCENT
    if name in {"Caption", "Subtitle"}:
        style.font.color.rgb, style.font.italic = _SOFT, False
    style.paragraph_format.keep_with_next = name.startswith(("Heading", "Caption"))
    style.paragraph_format.space_after = Pt(3 if name == "Caption" else 6)
    if name == "Caption":
        style.paragraph_format.space_before = Pt(8)


def _set_language(document: Document) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)


def _contents(document: Document, sections: Iterable[Section]) -> None:
    """A table of contents that Word fills with page numbers when its field is updated; chapter names until then."""
    document.add_paragraph("Contents", style="Heading 1")
    lines = [document.add_paragraph(section.title) for section in sections]
    if not lines:
        return
    first, last = lines[0], lines[-1]
    start = [_mark("begin"), _instruction(r'TOC \o "1-2" \h \z \u'), _mark("separate")]
    for place, run in enumerate(start, start=1 if first._p.pPr is not None else 0):
        first._p.insert(place, run)
    last._p.append(_mark("end"))
    for line in lines:
        line.paragraph_format.space_after = Pt(1)


def _section(document: Document, section: Section, level: int, marks: tuple[str, ...]) -> None:
    heading = document.add_paragraph(section.title, style=f"Heading {min(level, 3)}")
    heading.paragraph_format.page_break_before = section.starts_page and level == 1
    if marks and level == 1:
        marked = document.add_paragraph("; ".join(marks))
        marked.paragraph_format.keep_with_next = True
        _shaded(marked)
    for block in section.blocks:
        _block(document, block)
    for inner in section.sections:
        _section(document, inner, level + 1, marks)


def _block(document: Document, block: Block) -> None:
    match block:
        case Paragraph():
            document.add_paragraph(joined(block.text))
        case Bullets():
            for item in block.items:
                document.add_paragraph(joined(item), style="List Bullet")
        case Absent():
            document.add_paragraph().add_run(block.text).italic = True
        case Command():
            run = document.add_paragraph().add_run(block.text)
            run.font.name, run.font.size = "Courier New", Pt(10)
        case Figure():
            _figure(document, block)
        case KeyFigures():
            _place(document, docx_tables.key_figures(block))
        case Definitions():
            _place(document, docx_tables.definitions(block))
        case Table():
            _table(document, block)


def _figure(document: Document, block: Figure) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(block.picture.bitmap), width=PICTURE_WIDTH)
    shape._inline.docPr.set("descr", block.picture.alt)
    caption = document.add_paragraph(block.caption, style="Caption")
    caption.paragraph_format.keep_with_next = False


def _place(document: Document, built: BaseOxmlElement) -> None:
    """Add a table and an empty paragraph below it, without which Word joins two tables."""
    document.element.body.insert_element_before(built, "w:sectPr")
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _table(document: Document, block: Table) -> None:
    document.add_paragraph(block.caption, style="Caption")
    document.element.body.insert_element_before(docx_tables.table(block), "w:sectPr")
    for note in (*block.notes, block.source):
        written = document.add_paragraph(joined(note))
        written.paragraph_format.space_after = Pt(2)
        _small(written, _SOFT, 8)


def _shaded(paragraph: Written) -> None:
    """Shade the background of a paragraph in amber."""
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), _AMBER_PAPER)
    paragraph._p.get_or_add_pPr().append(shade)
    _small(paragraph, _AMBER, 9)


def _small(paragraph: Written, colour: RGBColor, size_pt: float = 7.5) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(size_pt), colour


def _field(paragraph: Written, instruction: str, shown: str) -> None:
    paragraph._p.extend([_mark("begin"), _instruction(instruction), _mark("separate")])
    paragraph.add_run(shown)
    paragraph._p.append(_mark("end"))


def _mark(kind: str) -> BaseOxmlElement:
    run, mark = OxmlElement("w:r"), OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    run.append(mark)
    return run


def _instruction(text: str) -> BaseOxmlElement:
    run, words = OxmlElement("w:r"), OxmlElement("w:instrText")
    words.set(qn("xml:space"), "preserve")
    words.text = f" {text} "
    run.append(words)
    return run
