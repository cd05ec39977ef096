"""A still picture for a report: its bytes, its size and the words for someone who cannot see it."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import fill
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

MediaType = Literal["image/svg+xml", "image/png"]

PNG_DPI = 160
SVG_LIMIT_BYTES = 900_000  # past this a vector picture is slower to open and heavier to send than a bitmap
CAUTION_INK = "#5c3b00"
CAUTION_PAPER = "#ffe8a3"
INK = "#1f2933"
SOFT_INK = "#5b6670"

_RC: Any = {
    "font.family": "DejaVu Sans",
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
    "svg.hashsalt": "corridors",  # the same drawing gives the same bytes
    "svg.fonttype": "path",
}


@dataclass(frozen=True)
class Picture:
    """A picture and what it shows. `content` is UTF-8 SVG text or PNG bytes; `width` and `height` are CSS pixels."""

    content: bytes
    media_type: MediaType
    alt: str
    width: int
    height: int

    @property
    def suffix(self) -> str:
        """File name ending, with the dot."""
        return ".svg" if self.media_type == "image/svg+xml" else ".png"


@dataclass(frozen=True)
class Sheet:
    """The paper a drawing is made on: its words and its size in inches."""

    title: str
    caution: str = ""
    source: str = ""
    width_in: float = 7.0
    height_in: float = 4.5

    @property
    def source_height(self) -> float:
        """Share of the height that the source line takes."""
        return (0.13 * _lines(self.source, self.width_in) + 0.03) / self.height_in if self.source else 0.0

    @property
    def foot(self) -> float:
        """Share of the height taken by the source and the caution together, with a margin."""
        caution_in = 0.14 * _lines(self.caution, self.width_in) + 0.17 if self.caution else 0.0
        return self.source_height + (caution_in + 0.08) / self.height_in

    @property
    def head(self) -> float:
        """Share of the height taken by the title."""
        return (0.2 * len(fill(self.title, int(self.width_in * 12)).splitlines()) + 0.12) / self.height_in


@contextmanager
def drawing_style() -> Iterator[None]:
    """The house style of every printed drawing, put back as it was afterwards."""
    with mpl.rc_context(_RC):
        yield


def new_figure(sheet: Sheet) -> Figure:
    """The sheet with its words and nothing else, outside pyplot so that nothing global is touched."""
    figure = Figure(figsize=(sheet.width_in, sheet.height_in))
    FigureCanvasAgg(figure)
    write_words(figure, sheet)
    return figure


def write_words(figure: Figure, sheet: Sheet) -> None:
    """Title at the top left; at the foot the source, and the caution words on amber, inside the picture."""
    characters = int(sheet.width_in * 19)
    title = figure.text(0.02, 0.985, fill(sheet.title, int(sheet.width_in * 12)), ha="left", va="top")
    title.set(fontsize=11, fontweight="bold", color=INK)
    if sheet.source:
        figure.text(0.02, 0.01, fill(sheet.source, characters), va="bottom", fontsize=6.5, color=SOFT_INK)
    if sheet.caution:
        box = {"facecolor": CAUTION_PAPER, "edgecolor": CAUTION_INK, "linewidth": 0.6, "boxstyle": "round,pad=0.4"}
        words = figure.text(0.02, sheet.source_height + 0.018, fill(sheet.caution, characters), va="bottom", bbox=box)
        words.set(fontsize=7, color=CAUTION_INK)


def finish(figure: Figure, alt: str) -> Picture:
    """The figure as SVG, or as PNG where the SVG would be too heavy. The same figure gives the same bytes."""
    width, height = (round(float(inches) * 96) for inches in figure.get_size_inches())
    svg = _bytes(figure, "svg", {"Date": None, "Creator": None, "Format": None, "Type": None})
    if len(svg) <= SVG_LIMIT_BYTES:
        return Picture(_with_alt(svg, alt), "image/svg+xml", alt, width, height)
    return Picture(_bytes(figure, "png", {"Software": None}), "image/png", alt, width, height)


def _bytes(figure: Figure, file_format: str, metadata: dict[str, str | None]) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=file_format, dpi=PNG_DPI, metadata=metadata, facecolor="white")
    return buffer.getvalue()


def _with_alt(svg: bytes, alt: str) -> bytes:
    """The drawing with its words for screen readers, fit to stand in a page: no XML prologue, no id without a use."""
    body = svg[svg.index(b"<svg") :].decode()
    used = set(re.findall(r'["(]#([^")]+)', body))
    body = re.sub(r' id="([^"]+)"', lambda found: found[0] if found[1] in used else "", body)
    opening = f'<svg role="img" aria-label={quoteattr(alt)}'
    return body.replace("<svg", opening, 1).replace(">", f"><title>{escape(alt)}</title>", 1).encode()


def _lines(words: str, width_in: float) -> int:
    return len(fill(words, int(width_in * 19)).splitlines())
