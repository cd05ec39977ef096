"""A report as one self-contained HTML page."""

import base64
import functools
import hashlib
import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from corridors.report.blocks.view import Figure, Report, Table
from corridors.report.render.paper_tables import DENSE_LETTERS_PT, LETTERS_PT, paper_shares, stays_whole


def render_html(report: Report) -> str:
    """The page: everything inline, nothing fetched, no script; the policy in its head forbids all three."""
    pages = _pages()
    style = pages.get_template("report.css").render(
        report=report, letters_pt=LETTERS_PT, dense_letters_pt=DENSE_LETTERS_PT
    )
    # The stylesheet is ours save for strings escaped by css_string, which leaves no "<" that could end the element.
    return pages.get_template("report.html").render(report=report, style=Markup(style), style_hash=_sha256(style))


@functools.cache  # its templates are compiled once
def _pages() -> Environment:
    pages = Environment(
        loader=PackageLoader("corridors.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["css_string"] = css_string
    pages.filters["data_uri"] = data_uri
    pages.filters["together"] = together
    pages.filters["column_shares"] = paper_shares
    pages.tests["form"] = is_form
    pages.tests["whole"] = stays_whole
    return pages


def is_form(table: Table) -> bool:
    """Whether a table has cells for people to fill in."""
    return any(cell.blank for row in table.rows for cell in row.cells)


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


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
