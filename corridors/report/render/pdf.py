"""A report on paper: a tagged PDF, laid out by Typst."""

import base64
import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

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
from corridors.report.render.paper_tables import PAPER_WIDTH_PT, letters_pt, paper_shares, stays_whole
from maps import Picture

if TYPE_CHECKING:
    import typst

_STANDARD: "typst.PDFStandard" = "ua-1"  # tagged for screen readers, with bookmarks and a language
_FONTS = ("Arial", "Liberation Sans", "Helvetica Neue", "DejaVu Sans")  # the first that is there
_PT_IN_MM, _PX_IN_MM = 25.4 / 72, 25.4 / 96
_PICTURE_WIDTH_MM, _NOTE_PICTURE_WIDTH_MM = 152.0, 124.0
_MAIN_PICTURE_HEIGHT_MM = 92.0  # of one in a chapter that begins a page
_TALL_MM = 110.0  # half of a page would often stay empty before a picture of such a height


def render_pdf(report: Report) -> bytes:
    """The report as a tagged PDF with bookmarks, running titles and page numbers; same report, same bytes.

    It keeps to PDF/UA-1, except where it has what the standard forbids, such as a heading without words.
    """
    import typst  # takes a tenth of a second, and a run that makes no paper needs none

    template = files("corridors.report").joinpath("templates", "report.typ").read_bytes()
    data = json.dumps(_content(report), ensure_ascii=False)

    def made(standards: "list[typst.PDFStandard]") -> bytes:
        return typst.compile(
            template,
            sys_inputs={"report": data},
            font_paths=_fonts(),
            pdf_standards=standards,
            timestamp=dt.datetime.combine(report.date, dt.time(), dt.UTC),  # the clock would make two equal runs differ
        )

    try:
        return made([_STANDARD])
    except typst.TypstError:
        return made([])


@cache
def _fonts() -> Any:
    """The fonts of the machine, looked for once, and those that come with matplotlib: one of them draws every letter somehow."""
    import typst
    from matplotlib import get_data_path

    return typst.Fonts(font_paths=[f"{get_data_path()}/fonts/ttf"])


def _content(report: Report) -> Mapping[str, Any]:
    """What the template reads."""
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "caution": report.caution,
        "marks": report.marks,
        "contents": report.contents,
        "fonts": _FONTS,
        "sections": [_section(one, report) for one in report.sections],
    }


def _section(section: Section, report: Report) -> Mapping[str, Any]:
    return {
        "title": section.title,
        "starts_page": section.starts_page,
        "blocks": [{"kind": one.kind, **_block(one, section, report)} for one in section.blocks],
        "sections": [_section(one, report) for one in section.sections],
    }


def _block(block: Block, section: Section, report: Report) -> Mapping[str, Any]:
    match block:
        case Paragraph() | Absent() | Command():
            return {"text": block.text}
        case Bullets():
            return {"items": block.items}
        case Definitions():
            return {"pairs": block.pairs}
        case KeyFigures():
            return {"figures": [vars(one) for one in block.figures]}
        case Table():
            return _table(block)
        case Figure():
            return _figure(block, report, section)


def _table(table: Table) -> Mapping[str, Any]:
    return {
        "caption": table.caption,
        "headings": [vars(one) for one in table.headings],
        "rows": [{"cells": [vars(cell) for cell in row.cells], "emphasis": row.emphasis} for row in table.rows],
        "notes": [text for text in (*table.notes, table.source) if text],
        "dense": table.dense,
        "whole": stays_whole(table),
        "letters_pt": letters_pt(table),
        "shares": paper_shares(table),
    }


def _figure(figure: Figure, report: Report, section: Section) -> Mapping[str, Any]:
    picture = figure.picture
    widest = _PICTURE_WIDTH_MM if report.contents else _NOTE_PICTURE_WIDTH_MM
    if section.starts_page:
        widest = _MAIN_PICTURE_HEIGHT_MM * picture.width / picture.height
    width_mm = min(widest, PAPER_WIDTH_PT * _PT_IN_MM, picture.width * _PX_IN_MM)
    tall = width_mm * picture.height / picture.width > _TALL_MM
    return {"svg": _svg(picture), "alt": picture.alt, "caption": figure.caption, "width_mm": width_mm, "tall": tall}


def _svg(picture: Picture) -> str:
    """The picture as SVG; one that is a bitmap stands inside it."""
    if picture.media_type == "image/svg+xml":
        return picture.content.decode()
    inside = f'href="data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"'
    size = f'width="{picture.width}" height="{picture.height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} {inside}/></svg>'
