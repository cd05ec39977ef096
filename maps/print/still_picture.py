"""A still picture for a report: its bytes, its size and its alternative text."""

import io
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from maps.base_map import BaseMap
from maps.characters import printable
from maps.print.bitmaps import png_with_palette, rasterised
from maps.print.fonts import families

MediaType = Literal["image/svg+xml", "image/png"]

PNG_DPI = 180
SVG_LIMIT_BYTES = 900_000  # a larger vector picture is slower to open and heavier to send than a bitmap
CAUTION_INK = "#5c3b00"
CAUTION_PAPER = "#ffe8a3"
INK = "#1f2933"
SOFT_INK = "#5b6670"
TITLE_PT, CAUTION_PT, SOURCE_PT = 11.0, 7.0, 6.5

_LINE_HEIGHT = 1.3  # of the letters' size
_POINTS_PER_INCH = 72
_MARGIN = 0.02  # share of the width, on either side
_LONG_DECIMAL = re.compile(r"(?<=\.\d\d)\d+")  # a hundredth of a point is finer than any printer

_RC: Any = {
    "font.family": list(families()),
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # a place may be called $x$
    "axes.edgecolor": SOFT_INK,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT_INK,
    "ytick.color": SOFT_INK,
    "hatch.linewidth": 0.6,
    "text.hinting": "none",  # words are as wide at every resolution as they were measured to be
    "svg.hashsalt": "corridors",  # the same drawing gives the same bytes
    "svg.fonttype": "path",
}


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture and its alternative text; drawn once, when its bytes are first asked for.

    `width` and `height` are CSS pixels. The same picture gives the same bytes.
    """

    alt: str
    width: int
    height: int
    draw: Callable[[], Figure]
    _bitmaps: dict[int, bytes] = field(default_factory=dict, init=False, repr=False)  # dots to an inch -> PNG bytes

    @cached_property
    def svg(self) -> bytes:
        """UTF-8 SVG text, however large: the only drawing, of which bitmaps are made."""
        with drawing_style():
            return _with_alt(_svg(self.draw()), self.alt)

    @cached_property
    def content(self) -> bytes:
        """UTF-8 SVG text, or PNG where the SVG is larger than `SVG_LIMIT_BYTES`."""
        return self.svg if len(self.svg) <= SVG_LIMIT_BYTES else self.bitmap

    @property
    def bitmap(self) -> bytes:
        """PNG bytes, for programs that can't show SVG."""
        return self.png(PNG_DPI)

    def png(self, dpi: int) -> bytes:
        """PNG bytes with so many dots to an inch; several threads may ask for those of several pictures that are drawn."""
        if dpi not in self._bitmaps:
            self._bitmaps[dpi] = png_with_palette(rasterised(self.svg, (self.width, self.height), dpi))
        return self._bitmaps[dpi]

    @property
    def media_type(self) -> MediaType:
        """The media type of `content`."""
        return "image/svg+xml" if self.content.startswith(b"<svg") else "image/png"

    @property
    def suffix(self) -> str:
        """The file name's ending for `content`, with the dot."""
        return ".svg" if self.media_type == "image/svg+xml" else ".png"


@dataclass(frozen=True)
class Sheet:
    """The paper that a picture is drawn on: its title, caution and source, its size in inches, and the base map under a map.

    The base map's credit stands after the source.
    """

    title: str
    caution: str = ""
    source: str = ""
    width_in: float = 7.0
    height_in: float = 4.5
    base_map: BaseMap | None = field(default=None, repr=False)

    @property
    def title_lines(self) -> tuple[str, ...]:
        """The title in lines that fit the sheet."""
        return wrapped(self.title, self._room_in, TITLE_PT, bold=True)

    @property
    def caution_lines(self) -> tuple[str, ...]:
        """The caution in lines that fit its box."""
        return wrapped(self.caution, self._room_in - 0.1, CAUTION_PT)

    @property
    def source_lines(self) -> tuple[str, ...]:
        """The source and the base map's credit in lines that fit the sheet."""
        return wrapped(self._sources, self._room_in, SOURCE_PT)

    @property
    def source_height(self) -> float:
        """Share of the sheet's height that the source takes."""
        return (_lines_height_in(self.source_lines, SOURCE_PT) + 0.03) / self.height_in if self._sources else 0.0

    @property
    def foot(self) -> float:
        """Share of the sheet's height that the source and the caution take together, with a margin."""
        caution_in = _lines_height_in(self.caution_lines, CAUTION_PT) + 0.17 if self.caution else 0.0
        return self.source_height + (caution_in + 0.08) / self.height_in

    @property
    def head(self) -> float:
        """Share of the sheet's height that the title takes."""
        return (_lines_height_in(self.title_lines, TITLE_PT) + 0.12) / self.height_in

    @property
    def _sources(self) -> str:
        credit = (
            f"Base map: {re.sub('^base map:? ', '', self.base_map.credit, flags=re.IGNORECASE)}"
            if self.base_map
            else ""
        )
        return ". ".join(words.rstrip(".") for words in (self.source, credit) if words) if credit else self.source

    @property
    def _room_in(self) -> float:
        return self.width_in * (1 - 2 * _MARGIN)


@lru_cache(maxsize=512)
def wrapped(text: str, width_in: float, size_pt: float, *, bold: bool = False) -> tuple[str, ...]:
    """The text in lines at most `width_in` inches wide when drawn in `size_pt` points; a longer word is cut."""
    lines: list[str] = []
    filled_in, space_in = width_in, text_width_in("n n", size_pt, bold) - text_width_in("nn", size_pt, bold)
    for word in text.split():
        filled_in += space_in + text_width_in(word, size_pt, bold)
        if lines and filled_in <= width_in:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines += _pieces(word, width_in, size_pt, bold)
            filled_in = text_width_in(lines[-1], size_pt, bold)
    return tuple(lines)


def _pieces(word: str, width_in: float, size_pt: float, bold: bool) -> list[str]:
    """The word cut into pieces that fit the width; one piece where it fits."""
    count = max(1, math.ceil(text_width_in(word, size_pt, bold) / width_in))
    length = math.ceil(len(word) / count)
    return [word[start : start + length] for start in range(0, len(word), length)]


@lru_cache(maxsize=8192)  # words come again in every picture of a report
def text_width_in(text: str, size_pt: float, bold: bool) -> float:
    """Width of the drawn text in inches, at `size_pt` points."""
    font = FontProperties(family=list(families()), weight="bold" if bold else "normal", size=size_pt)
    width_pt, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width_pt) / _POINTS_PER_INCH


def _lines_height_in(lines: tuple[str, ...], size_pt: float) -> float:
    return len(lines) * size_pt * _LINE_HEIGHT / _POINTS_PER_INCH


@contextmanager
def drawing_style() -> Iterator[None]:
    """Context in which matplotlib draws in the style of all printed drawings; its settings are restored afterwards."""
    with mpl.rc_context(_RC):
        yield


def picture(sheet: Sheet, alt: str, paint: Callable[[Figure], None]) -> Picture:
    """The picture of a sheet: `paint` draws on a figure that already holds the sheet's words. `alt` describes it in words."""

    def draw() -> Figure:
        # Outside pyplot, so that nothing global is touched.
        figure = Figure(figsize=(sheet.width_in, sheet.height_in))
        FigureCanvasAgg(figure)
        write_words(figure, sheet)
        paint(figure)
        return figure

    return Picture(alt, round(sheet.width_in * 96), round(sheet.height_in * 96), draw)


def write_words(figure: Figure, sheet: Sheet) -> None:
    """Write the sheet's title at the top left, and at the foot the source with the caution above it on amber."""
    place: Any = {"ha": "left", "linespacing": _LINE_HEIGHT}
    title = figure.text(_MARGIN, 0.985, "\n".join(sheet.title_lines), va="top", **place)
    title.set(fontsize=TITLE_PT, fontweight="bold", color=INK)
    source = figure.text(_MARGIN, 0.01, "\n".join(sheet.source_lines), va="bottom", **place)
    source.set(fontsize=SOURCE_PT, color=SOFT_INK)
    if sheet.caution:
        box = {"facecolor": CAUTION_PAPER, "edgecolor": CAUTION_INK, "linewidth": 0.6, "boxstyle": "round,pad=0.4"}
        height = sheet.source_height + 0.06 / sheet.height_in
        words = figure.text(_MARGIN + 0.006, height, "\n".join(sheet.caution_lines), va="bottom", bbox=box, **place)
        words.set(fontsize=CAUTION_PT, color=CAUTION_INK)


def _svg(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    no_metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
    figure.savefig(buffer, format="svg", metadata=no_metadata, facecolor="white")
    return buffer.getvalue()


def _with_alt(svg: bytes, alt: str) -> bytes:
    """The SVG as a part of a page: with `alt` for screen readers, without the XML prologue and ids that nothing refers to."""
    body = printable(svg[svg.index(b"<svg") :].decode())
    body = re.sub(r'(?<= d=")[^"]+', lambda path: _LONG_DECIMAL.sub("", path[0]), body)
    used = set(re.findall(r'["(]#([^")]+)', body))
    body = re.sub(r' id="([^"]+)"', lambda match: match[0] if match[1] in used else "", body)
    opening = f'<svg role="img" aria-label={quoteattr(printable(alt))}'
    return body.replace("<svg", opening, 1).replace(">", f"><title>{escape(printable(alt))}</title>", 1).encode()
