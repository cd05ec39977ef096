"""Tables of a Word document as WordprocessingML: built whole, because cell by cell python-docx takes minutes."""

import re
from collections.abc import Iterable, Sequence

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from corridors.report.blocks.view import Cell, Definitions, KeyFigures, Table
from corridors.report.render.paper_tables import WHOLE, column_shares

_TEXT_WIDTH = 9400  # twentieths of a point between the margins
_HALF_POINTS = {"large": 34, "plain": 20, "body": 17, "small": 15}  # sizes of letters, in half points
_MANY_COLUMNS = 8  # from here on letters are smaller
_CELL_MARGINS = 216  # of Word's usual table, left and right together
_HEAD_PAPER, _REFERENCE_PAPER = "F3F6F8", "EEF4F8"
_TO_FILL_IN = "(to be filled in)"


def table(block: Table) -> BaseOxmlElement:
    """A captioned table: its heading row repeats on every page, no row breaks over two, numbers stand at the right."""
    numeric = [heading.numeric for heading in block.headings]
    size = "small" if block.dense or len(numeric) >= _MANY_COLUMNS else "body"
    widths = _widths(block, _HALF_POINTS[size])
    built = _table(widths, block.caption)
    columns = list(zip(numeric, widths, strict=True))
    head = [
        _cell([(heading.title, True)], width, right=right, paper=_HEAD_PAPER, size=size)
        for heading, (right, width) in zip(block.headings, columns, strict=True)
    ]
    built.append(_row(head, repeats=True))
    for row in block.rows:
        paper = _REFERENCE_PAPER if row.emphasis else ""
        cells = [
            _cell([(_text(cell), row.emphasis or number == 0)], width, right=right, paper=paper, size=size)
            for number, (cell, (right, width)) in enumerate(zip(row.cells, columns, strict=True))
        ]
        built.append(_row(cells))
    return built


def joined(text: str) -> str:
    """The text with every number kept beside its unit."""
    return re.sub(r"(\d) (%|km|ha)(?!\w)", "\\1\u00a0\\2", text)


def definitions(block: Definitions) -> BaseOxmlElement:
    """Terms on the left, meanings on the right."""
    widths = [2200, _TEXT_WIDTH - 2200]
    built = _table(widths, "Terms and their meanings")
    for term, meaning in block.pairs:
        cells = [_cell([(term, True)], widths[0], size="plain"), _cell([(meaning, False)], widths[1], size="plain")]
        built.append(_row(cells))
    return built


def key_figures(block: KeyFigures) -> BaseOxmlElement:
    """One row of large numbers with what each counts."""
    width = _TEXT_WIDTH // max(len(block.figures), 1)
    built = _table([width] * len(block.figures), "Key figures")
    cells = []
    for figure in block.figures:
        cell = _cell([(figure.value, True)], width, size="large", paper=_HEAD_PAPER)
        cell.append(_paragraph([(figure.label, False)], size="plain"))
        if figure.detail:
            cell.append(_paragraph([(figure.detail, False)], size="body"))
        cells.append(cell)
    built.append(_row(cells))
    return built


def _text(cell: Cell) -> str:
    return _TO_FILL_IN if cell.blank else cell.text


def _widths(block: Table, half_points: int) -> list[int]:
    """Of each column, in twentieths of a point."""
    letter = half_points * 10  # twentieths of a point
    shares = column_shares(block, _TEXT_WIDTH / letter, _CELL_MARGINS / letter)
    return [_TEXT_WIDTH * share // WHOLE for share in shares]


def _table(widths: Sequence[int], title: str) -> BaseOxmlElement:
    built, looks, grid = OxmlElement("w:tbl"), OxmlElement("w:tblPr"), OxmlElement("w:tblGrid")
    looks.append(_valued("w:tblW", {"w": str(sum(widths)), "type": "dxa"}))
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_valued(f"w:{side}", {"val": "single", "sz": "4", "space": "0", "color": "CBD2D9"}))
    looks.append(borders)
    looks.append(_valued("w:tblLayout", {"type": "fixed"}))
    looks.append(_valued("w:tblCaption", {"val": title}))
    grid.extend([_valued("w:gridCol", {"w": str(width)}) for width in widths])
    built.extend([looks, grid])
    return built


def _row(cells: Iterable[BaseOxmlElement], *, repeats: bool = False) -> BaseOxmlElement:
    row, looks = OxmlElement("w:tr"), OxmlElement("w:trPr")
    looks.append(OxmlElement("w:cantSplit"))
    if repeats:
        looks.append(OxmlElement("w:tblHeader"))
    row.append(looks)
    row.extend(list(cells))
    return row


def _cell(
    words: Sequence[tuple[str, bool]], width: int, *, right: bool = False, paper: str = "", size: str = "body"
) -> BaseOxmlElement:
    cell, looks = OxmlElement("w:tc"), OxmlElement("w:tcPr")
    looks.append(_valued("w:tcW", {"w": str(width), "type": "dxa"}))
    if paper:
        looks.append(_valued("w:shd", {"val": "clear", "fill": paper}))
    cell.extend([looks, _paragraph(words, right=right, size=size)])
    return cell


def _paragraph(words: Sequence[tuple[str, bool]], *, right: bool = False, size: str = "body") -> BaseOxmlElement:
    """A paragraph of runs, each a text and whether it is bold."""
    paragraph, looks = OxmlElement("w:p"), OxmlElement("w:pPr")
    looks.append(_valued("w:spacing", {"before": "20", "after": "20"}))
    if right:
        looks.append(_valued("w:jc", {"val": "right"}))
    paragraph.append(looks)
    for text, bold in words:
        run, style = OxmlElement("w:r"), OxmlElement("w:rPr")
        if bold:
            style.append(OxmlElement("w:b"))
        style.append(_valued("w:sz", {"val": str(_HALF_POINTS[size])}))
        written = OxmlElement("w:t")
        written.set(qn("xml:space"), "preserve")
        written.text = joined(text)
        run.extend([style, written])
        paragraph.append(run)
    return paragraph


def _valued(tag: str, values: dict[str, str]) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)
    return element
