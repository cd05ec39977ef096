"""The report as a Word document and on paper, and the board's note: read back with other libraries than wrote them."""

import datetime as dt
import io
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from corridors.report import view_report
from corridors.report.blocks.view import (
    Absent,
    Bullets,
    Cell,
    Command,
    Definitions,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
)
from corridors.report.render.docx import render_docx
from corridors.report.render.html import render_html
from corridors.report.render.papers import render_papers
from corridors.report.render.pdf import render_pdf
from corridors.report.sections.board_note import MOST_WORDS, PAGES, view_board_note
from maps.print.plots import stacked
from maps.print.still_picture import Sheet
from tests.corridors import fake_results as fake
from tests.corridors.report.report_text import texts_of
from tests.support.cli import ROOT

needs_poppler = pytest.mark.skipif(
    shutil.which("pdfinfo") is None, reason="poppler (pdfinfo, pdftotext) is not installed"
)


CHAPTERS = {"headline", "variants", "districts", "corridors", "corridor-1", "pilots", "framework", "command"}


@pytest.fixture(scope="module")
def report() -> Report:
    """Chapters with every kind of block; what takes long is drawing and laying out the rest."""
    whole = view_report(fake.fake_results())
    return replace(whole, sections=tuple(section for section in whole.sections if section.id in CHAPTERS))


@pytest.fixture(scope="module")
def word(report: Report) -> bytes:
    return render_docx(report)


@pytest.fixture(scope="module")
def document(word: bytes) -> "docx.document.Document":
    return docx.Document(io.BytesIO(word))


def blocks_of(sections: tuple[Section, ...], kind: type) -> list:
    found: list = []
    for section in sections:
        found += [block for block in section.blocks if isinstance(block, kind)] + blocks_of(section.sections, kind)
    return found


class TestWord:
    def test_chapters_are_headings_one_level_deeper_than_the_title(self, document, report: Report) -> None:
        chapters = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
        assert chapters == ["Contents", *(section.title for section in report.sections)]
        assert document.paragraphs[0].style.name == "Title"
        parts = [one.text for one in document.paragraphs if one.style.name == "Heading 2"]
        assert parts == [inner.title for section in report.sections for inner in section.sections]

    def test_a_property_longer_than_the_format_allows_is_cut_and_stands_whole_on_the_first_page(
        self, report: Report
    ) -> None:
        note = "two invented districts, " * 20
        long = docx.Document(io.BytesIO(render_docx(replace(report, subtitle=note, sections=()))))
        assert long.core_properties.subject == f"{note[:252]}..."
        assert any(note.strip() in one.text for one in long.paragraphs)

    def test_every_table_is_there_with_its_caption_and_a_heading_row_that_repeats(
        self, document, report: Report
    ) -> None:
        captions = [table.caption for table in blocks_of(report.sections, Table)]
        written = [one.text for one in document.paragraphs if one.style.name == "Caption"]
        assert [one for one in written if one in captions] == captions
        repeating = [one for one in document.tables if one._tbl.find(f".//{qn('w:tblHeader')}") is not None]
        assert len(repeating) == len(captions)

    def test_a_table_holds_the_cells_of_the_view(self, document, report: Report) -> None:
        wanted = next(
            table for table in blocks_of(report.sections, Table) if table.caption.startswith("The corridors side")
        )
        found = next(table for table in document.tables if table.cell(0, 0).text == "Corridor")
        cells = [[cell.text.replace("\u00a0", " ") for cell in row.cells] for row in found.rows]
        assert cells[0] == [heading.title for heading in wanted.headings]
        assert cells[1:] == [[cell.text for cell in row.cells] for row in wanted.rows]

    def test_every_picture_carries_its_words(self, document, report: Report) -> None:
        figures = blocks_of(report.sections, Figure)
        words = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
        assert words == [figure.picture.alt for figure in figures] and all(words)

    def test_hostile_names_are_text(self, document) -> None:
        titles = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
        assert fake.HOSTILE_CORRIDOR in titles

    def test_judgements_are_left_to_be_filled_in(self, document) -> None:
        sheet = next(one for one in document.tables if one.cell(0, 0).text == "Priority")
        assert {cell.text for cell in sheet.columns[2].cells[1:]} == {"(to be filled in)"}

    def test_the_caution_heads_every_page_and_the_language_is_english(self, document) -> None:
        assert document.sections[0].header.paragraphs[0].text == fake.region().caution
        assert document.core_properties.language == "en-GB"
        languages = {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))}
        assert languages == {"en-GB"}

    def test_no_word_of_the_view_is_lost(self, document, report: Report) -> None:
        body = "".join(document.element.body.itertext()).replace("\u00a0", " ")
        assert [text for text in texts_of(report) if text and text not in body] == []

    def test_the_same_report_is_the_same_bytes_without_a_clock(self, report: Report, word: bytes) -> None:
        assert render_docx(report) == word
        with zipfile.ZipFile(io.BytesIO(word)) as archive:
            assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = ElementTree.fromstring(archive.read("docProps/core.xml"))
        dates = [one.text for one in core if one.tag.endswith(("created", "modified"))]
        assert dates == ["2026-03-24T00:00:00Z"] * 2


@pytest.fixture(scope="module")
def pdf(report: Report) -> bytes:
    return render_pdf(report)


class TestPaper:
    def test_it_is_tagged_titled_in_english_and_on_a4(self, pdf: bytes) -> None:
        paper = PdfReader(io.BytesIO(pdf))
        root = paper.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] and root["/StructTreeRoot"] and root["/Lang"] == "en-GB"
        assert paper.metadata is not None and paper.metadata.title == "Inclusive growth corridors: Testshire"
        assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in paper.pages} == {(595, 842)}

    def test_bookmarks_are_the_chapters_and_their_parts(self, pdf: bytes, report: Report) -> None:
        outline = PdfReader(io.BytesIO(pdf)).outline
        titles = [one.title for one in outline if not isinstance(one, list)]
        assert titles == ["Contents", *(section.title for section in report.sections)]
        inner = [
            one.title for parts in outline if isinstance(parts, list) for one in parts if not isinstance(one, list)
        ]
        assert inner == [part.title for section in report.sections for part in section.sections]

    def test_the_contents_give_the_page_on_which_each_chapter_begins(self, pdf: bytes, report: Report) -> None:
        paper = PdfReader(io.BytesIO(pdf))
        begins = {one.title: paper.get_destination_page_number(one) + 1 for one in _flat(paper.outline)}
        contents = re.sub(r"[\s.]+", " ", paper.pages[0].extract_text())
        for section in report.sections:
            title = re.sub(r"[\s.]+", " ", section.title)
            assert f"{title} {begins[section.title]} " in contents, title

    def test_pictures_keep_their_words(self, pdf: bytes, report: Report) -> None:
        root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]
        words = {part["/Alt"] for part in tagged(root, "/Figure") if "/Alt" in part}
        assert {figure.picture.alt for figure in blocks_of(report.sections, Figure)} <= words

    def test_table_headings_are_tagged_as_such(self, pdf: bytes, report: Report) -> None:
        root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]
        columns = sum(len(table.headings) for table in blocks_of(report.sections, Table))
        assert len(tagged(root, "/TH")) >= columns

    @needs_poppler
    def test_every_page_has_its_number_the_caution_and_the_chapter(
        self, pdf: bytes, report: Report, tmp_path: Path
    ) -> None:
        (tmp_path / "report.pdf").write_bytes(pdf)
        arguments = ["pdftotext", "-layout", tmp_path / "report.pdf", "-"]
        pages = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
        texts = pages.removesuffix("\f").split("\f")
        for number, text in enumerate(texts, start=1):
            assert f"Page {number} of {len(texts)}" in text
            assert "SYNTHETIC TIMETABLE" in text
            assert any(f"· {section.title[:20]}" in text for section in report.sections)


def tagged(part: Any, tag: str) -> list[Any]:
    """Every structure element of one kind below another, in reading order."""
    part = part.get_object() if hasattr(part, "get_object") else part
    if isinstance(part, list):
        return [one for inner in part for one in tagged(inner, tag)]
    if not isinstance(part, dict):
        return []
    own = [part] if part.get("/S") == tag else []
    return own + (tagged(part["/K"], tag) if "/K" in part else [])


class TestPaperOfAnyReport:
    DAY = dt.date(2026, 3, 24)

    def of_words(self, words: str, **more: Any) -> Report:
        cells = (Cell(words, bar=0.5), Cell("", blank=True))
        table = Table(words, (Heading("a"), Heading("b")), (Row(cells), Row((Cell("x"), Cell("y")))), (words,), words)
        texts = (Paragraph(words), Bullets((words,)), Absent(words), Command(words), Definitions(((words, words),)))
        blocks = (*texts, KeyFigures((KeyFigure("1", words, words),)), table)
        section = Section("one", words, blocks, **more)
        return Report(words, words, self.DAY, words, (words,), (section,))

    @pytest.mark.parametrize(
        "words", ["#panic() $x$ `a` <b> @c *d* _e_ \\u{41} // /* ~ ]", '#read("/etc/hostname")', "{#}"]
    )
    def test_no_word_is_taken_for_a_command_of_the_typesetter(self, words: str) -> None:
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(self.of_words(words)))).pages)
        plain = re.sub(r"\s", "", text)
        assert plain.count(re.sub(r"\s", "", words)) >= 12

    def test_letters_that_no_font_has_and_what_the_standard_forbids_still_give_a_paper(self) -> None:
        untitled = replace(self.of_words("words"), sections=(Section("one", "", (Paragraph("words"),)),))
        papers = [render_pdf(report) for report in (self.of_words("\U00013000 \ue000"), untitled)]
        assert [b"pdfuaid" in paper for paper in papers] == [True, False]
        assert all("words" in PdfReader(io.BytesIO(paper)).pages[0].extract_text() for paper in papers[1:])

    def test_a_word_wider_than_its_place_is_broken_and_still_found(self) -> None:
        """A long name of a corridor or a file stood over the figures beside it, and ran off the page."""
        word = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch" * 5
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(self.of_words(word)))).pages)
        assert max(map(len, text.split())) < 180 < len(word)
        assert re.sub(r"\s", "", text).count(word) >= 12

    def test_a_cell_to_fill_in_says_so_to_those_who_listen(self) -> None:
        text = PdfReader(io.BytesIO(render_pdf(self.of_words("x")))).pages[0].extract_text()
        assert "to be filled in by people" in " ".join(text.split())

    def test_a_picture_too_large_as_vectors_is_there_as_a_bitmap(self, monkeypatch: pytest.MonkeyPatch) -> None:
        picture = next(iter(blocks_of(view_report(fake.fake_results()).sections, Figure))).picture
        drawn = [replace(picture), replace(picture)]
        assert drawn[0].content.startswith(b"<svg")
        monkeypatch.setattr("maps.print.still_picture.SVG_LIMIT_BYTES", 1)
        sections = [(Section("one", "One", (Figure(one, "A picture"),)),) for one in drawn]
        papers = [render_pdf(replace(self.of_words("x"), sections=one)) for one in sections]
        found = [len(PdfReader(io.BytesIO(paper)).pages[0].images) for paper in papers]
        assert found == [0, 1]

    def test_the_name_of_a_file_is_broken_at_its_joints_and_never_leaves_its_column(self) -> None:
        name = "s1_metro_wednesbury_dudley.toml"
        headings = tuple(Heading(title) for title in ("What", "Whence", "File"))
        table = Table("Read", headings, (Row((Cell("word " * 60), Cell("word " * 60), Cell(name))),))
        section = Section("one", "One", (table,))
        text = (
            PdfReader(io.BytesIO(render_pdf(replace(self.of_words("x"), sections=(section,))))).pages[0].extract_text()
        )
        assert name not in text and name in "".join(text.split())

    def test_text_goes_on_before_a_tall_picture_that_needs_the_next_page(self) -> None:
        words = Paragraph("word " * 600)  # more than half of a page
        picture = stacked(pd.DataFrame({"a": [1.0]}, index=["one"]), Sheet("Tall", "", width_in=6.0, height_in=7.0))
        part = Section("part", "Part", (words, Figure(picture, "A picture"), Paragraph("afterwards")))
        chapter = Section("one", "One", (), (part,))
        pages = PdfReader(io.BytesIO(render_pdf(replace(self.of_words("x"), sections=(chapter,))))).pages
        texts = [page.extract_text() for page in pages]
        assert ["afterwards" in text for text in texts] == [True, False]
        assert ["A picture" in text for text in texts] == [False, True]

    def test_it_is_the_same_bytes_in_another_process(self, tmp_path: Path) -> None:
        code = (
            "import sys; from pathlib import Path; from corridors.report.render.pdf import render_pdf\n"
            "from tests.corridors.report.test_formats import TestPaperOfAnyReport\n"
            "Path(sys.argv[1]).write_bytes(render_pdf(TestPaperOfAnyReport().of_words('words')))\n"
        )
        environment = {**os.environ, "PYTHONHASHSEED": "7"}
        subprocess.run([sys.executable, "-c", code, tmp_path / "a.pdf"], check=True, cwd=ROOT, env=environment)
        assert (tmp_path / "a.pdf").read_bytes() == render_pdf(self.of_words("words"))


def _flat(outline: list[Any]) -> Iterator[Any]:
    for one in outline:
        yield from _flat(one) if isinstance(one, list) else [one]


class TestBoardNote:
    def test_it_keeps_to_its_words(self) -> None:
        words = " ".join(texts_of(view_board_note(fake.fake_results()))).split()
        assert 300 < len(words) <= MOST_WORDS

    def test_it_says_what_was_found_and_what_it_does_not_say(self) -> None:
        text = " ".join(texts_of(view_board_note(fake.fake_results())))
        for words in ("52.3 %", "another definition", "no order of merit", "other questions tried"):
            assert words in text
        assert "below" not in text.split("other questions")[1][:40]

    def test_a_run_that_computed_nothing_else_still_makes_a_note(self) -> None:
        assert "52.3 %" in " ".join(texts_of(view_board_note(fake.bare_results())))

    def test_its_page_has_no_list_of_chapters(self) -> None:
        assert "<nav" not in render_html(view_board_note(fake.bare_results()))

    def test_it_fills_two_pages(self) -> None:
        note = render_pdf(view_board_note(fake.fake_results()))
        assert len(PdfReader(io.BytesIO(note)).pages) == PAGES

    def test_that_of_the_demonstration_fills_two_pages_too(self, demo_run: Path) -> None:
        assert len(PdfReader(demo_run / "board_note.pdf").pages) == PAGES


def test_papers_made_side_by_side_are_those_made_alone_and_one_thread_draws() -> None:
    drawn: list[int] = []

    def noted(figure: Figure) -> Figure:
        def draw() -> Any:
            drawn.append(threading.get_ident())
            return figure.picture.draw()

        return replace(figure, picture=replace(figure.picture, draw=draw))

    report = view_report(fake.fake_results())
    pictures = tuple(noted(one) for one in blocks_of(report.sections, Figure))
    short = replace(report, sections=(Section("one", "One", pictures),))
    made = render_papers({"a.docx": short}, {"a.pdf": short, "b.pdf": replace(short, title="B")})
    assert list(made) == ["a.docx", "a.pdf", "b.pdf"] and made["b.pdf"] != made["a.pdf"]
    assert (made["a.docx"], made["a.pdf"]) == (render_docx(short), render_pdf(short))
    assert drawn == [threading.get_ident()] * len(pictures) and len(pictures) > 1
