"""A report as one self-contained HTML page."""

import base64
import functools
import hashlib
import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from corridors.report.blocks.view import Figure, Report, Table
from corridors.report.render.column_widths import column_shares

PAPER_SVG_LIMIT_BYTES = 75_000  # every letter is a path, and paths take most of the time that a page takes
PAPER_WIDTH_PT = 178 / 25.4 * 72  # between the margins of the stylesheet's page
CELL_PADDING_PT = 8.0  # of its cells, left and right together
LONGEST_WHOLE, LONGEST_WHOLE_DENSE = 8, 14  # rows
LETTERS_PT, DENSE_LETTERS_PT = 8.0, 7.2  # of its tables


def render_html(report: Report, *, on_paper: bool = False) -> str:
    """The page: everything inline, nothing fetched, no script; the policy in its head forbids all three.

    `on_paper`: detailed maps as bitmaps, which print as well and are laid out ten times faster.
    """
    pages = _pages(on_paper)
    style = pages.get_template("report.css").render(
        report=report, letters_pt=LETTERS_PT, dense_letters_pt=DENSE_LETTERS_PT
    )
    # The stylesheet is ours save for strings escaped by css_string, which leaves no "<" that could end the element.
    return pages.get_template("report.html").render(report=report, style=Markup(style), style_hash=_sha256(style))


@functools.cache  # its templates are compiled once
def _pages(on_paper: bool) -> Environment:
    pages = Environment(
        loader=PackageLoader("corridors.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["css_string"] = css_string
    pages.filters["data_uri"] = _data_uri_on_paper if on_paper else data_uri
    pages.filters["together"] = together
    pages.filters["column_shares"] = paper_shares
    pages.tests["form"] = is_form
    pages.tests["whole"] = stays_whole
    return pages


def is_form(table: Table) -> bool:
    """Whether a table has cells for people to fill in."""
    return any(cell.blank for row in table.rows for cell in row.cells)


def stays_whole(table: Table) -> bool:
    """Whether a printed table is moved to the next page rather than broken: a short one."""
    return len(table.rows) <= (LONGEST_WHOLE_DENSE if table.dense else LONGEST_WHOLE)


def paper_shares(table: Table) -> tuple[int, ...]:
    """Half per cents of a printed table's width for each of its columns."""
    letter_pt = DENSE_LETTERS_PT if table.dense else LETTERS_PT
    return column_shares(table, PAPER_WIDTH_PT / letter_pt, CELL_PADDING_PT / letter_pt)


def together(text: str) -> Markup:
    """The text with numbers kept beside their units; the characters stay ordinary, so that a search finds them."""
    return Markup(re.sub(r"([\d.,]*\d (?:%|km|ha)(?!\w))", r'<span class="together">\1</span>', str(escape(text))))


def css_string(text: str) -> Markup:
    """The text as a quoted CSS string: whatever is not a letter or digit is written as its code point."""
    escaped = re.sub(r"[^A-Za-z0-9]", lambda found: f"\\{ord(found.group()):06x}", text)
    return Markup(f'"{escaped}"')  # nothing is left that HTML could read as markup


def data_uri(figure: Figure) -> str:
    """The picture inside its own address."""
    picture = figure.picture
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"


def _data_uri_on_paper(figure: Figure) -> str:
    picture = figure.picture
    # A map is known to be detailed before it is drawn as vectors, which can then wait until the PDF is under way.
    if not picture.detailed and len(picture.content) <= PAPER_SVG_LIMIT_BYTES:
        return data_uri(figure)
    return f"data:image/png;base64,{base64.b64encode(picture.bitmap).decode()}"


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
