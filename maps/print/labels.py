"""Names on a printed map, each beside its place and placed so that they cover each other as little as possible."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from maps.print.still_picture import text_width_in

Side = Literal["on", "right", "left", "above", "below"]

NAME_PT, NUMBER_PT, QUIET_PT, SHIELD_PT = 7.0, 8.0, 6.0, 5.0
QUIET_COLOUR = "#4a4a4a"
_NAME_GAP_PT = 5.0  # from the middle of a place to its name
_DOT_RADIUS_PT = 4.0  # no name covers a dot
_POINTS_PER_INCH = 72
_JUST_TOUCHING = 0.5  # square points that a quiet label may cover
_Z_ORDER = 60  # over all that is drawn


class Box(NamedTuple):
    """A rectangle on the sheet, in points."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: "Box") -> float:
        """The area that both rectangles cover, in square points."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return width * height if width > 0 and height > 0 else 0.0


@dataclass(frozen=True)
class Label:
    """Words of a map and the positions (x, y in metres of the map) where they may stand, the best first.

    With a `colour` they stand on the position, in a frame of that colour, as numbers of lines do; else beside it. Quiet ones
    stand on it, small, and are left out where they would cover anything or say again what another label says. Shields, of
    roads, are quiet ones in a frame, which come last and may be said again.
    """

    words: str
    positions: Sequence[tuple[float, float]]
    colour: str = ""
    quiet: bool = False
    shield: Literal["", "dark", "light"] = ""

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides of a position where the words may stand, the best first."""
        return ("on",) if self.colour or self.quiet else ("right", "left", "above", "below")


def write_labels(
    axes: Axes,
    labels: Sequence[Label],
    dots: Iterable[tuple[float, float]],
    taken: Iterable[tuple[float, float, float, float]] = (),
) -> None:
    """Write the labels on a map where they cover least of earlier labels, of `dots` (x, y in metres) and of `taken`.

    `taken` are rectangles (left, bottom, right, top) in shares of the map's width and height.

    Framed ones come first, then names, quiet ones and shields.
    """
    said: set[str] = set()
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    taken_boxes = [_dot_box(*_on_sheet(axes, dot)) for dot in dots]
    for left, bottom, right, top in taken:
        low = _on_sheet(axes, (west + left * (east - west), south + bottom * (north - south)))
        high = _on_sheet(axes, (west + right * (east - west), south + top * (north - south)))
        taken_boxes.append(Box(*low, *high))
    for label in sorted(labels, key=lambda label: (label.shield != "", label.quiet, not label.colour)):
        places = [(position, side) for position in label.positions for side in label.sides]
        boxes = [_box(label, *_on_sheet(axes, position), side) for position, side in places]
        covered = [_covered_area(axes, box, taken_boxes) for box in boxes]
        best = covered.index(min(covered))
        if label.quiet and (covered[best] > _JUST_TOUCHING or (label.words in said and not label.shield)):
            continue
        said.add(label.words)
        taken_boxes.append(boxes[best])
        _write(axes, label, *places[best])


def _on_sheet(axes: Axes, position: tuple[float, float]) -> tuple[float, float]:
    """A position of the map (metres) as points on the sheet."""
    figure = cast(Figure, axes.get_figure(root=True))  # axes of a map always stand on one
    x, y = axes.transData.transform(position) * _POINTS_PER_INCH / figure.dpi
    return float(x), float(y)


def _dot_box(x: float, y: float) -> Box:
    return Box(x - _DOT_RADIUS_PT, y - _DOT_RADIUS_PT, x + _DOT_RADIUS_PT, y + _DOT_RADIUS_PT)


def _offset(side: Side) -> tuple[float, float]:
    """Points right and up from the position to where the words start ("right"), end ("left") or have their middle."""
    return {
        "on": (0.0, 0.0), "right": (_NAME_GAP_PT, 3.0), "left": (-_NAME_GAP_PT, 3.0), "above": (0.0, 9.0), "below": (0.0, -9.0),
    }[side]  # fmt: skip


def _box(label: Label, x: float, y: float, side: Side) -> Box:
    size = _size(label)
    framed = bool(label.colour or label.shield)
    pad = 0.5 * size if framed else 1.0
    width, half_height = _POINTS_PER_INCH * text_width_in(label.words, size, framed), size / 2 + pad / 2
    right, up = _offset(side)
    left = x + right - {"right": 0.0, "left": width}.get(side, width / 2)
    return Box(left - pad / 2, y + up - half_height, left + width + pad / 2, y + up + half_height)


def _size(label: Label) -> float:
    return SHIELD_PT if label.shield else NUMBER_PT if label.colour else QUIET_PT if label.quiet else NAME_PT


def _covered_area(axes: Axes, box: Box, taken_boxes: Iterable[Box]) -> float:
    """The area of a label that would lie on others or off the map, in square points."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    frame = Box(*_on_sheet(axes, (west, south)), *_on_sheet(axes, (east, north)))
    outside = (box.right - box.left) * (box.top - box.bottom) - box.overlap(frame)
    return outside + sum(box.overlap(other) for other in taken_boxes)


def _write(axes: Axes, label: Label, position: tuple[float, float], side: Side) -> None:
    align = {"right": "left", "left": "right"}.get(side, "center")
    note = axes.annotate(label.words, position, xytext=_offset(side), textcoords="offset points", ha=align, va="center")
    note.set(
        zorder=_Z_ORDER,
        annotation_clip=True,
        fontsize=_size(label),
        path_effects=[withStroke(linewidth=2.2, foreground="white")],
    )
    if label.shield:
        ink, paper = ("white", QUIET_COLOUR) if label.shield == "dark" else (QUIET_COLOUR, "white")
        note.set(fontweight="bold", color=ink, zorder=_Z_ORDER - 2, path_effects=[])
        note.set_bbox({"boxstyle": "round,pad=0.2", "facecolor": paper, "edgecolor": QUIET_COLOUR, "linewidth": 0.5})
    elif label.quiet:
        # A box instead of a halo: letters with a halo are outlines, a kilobyte each.
        note.set(color=QUIET_COLOUR, zorder=_Z_ORDER - 1, path_effects=[])
        note.set_bbox({"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.62})
    if label.colour:
        note.set(fontsize=NUMBER_PT, fontweight="bold", color=label.colour, zorder=_Z_ORDER + 1, path_effects=[])
        note.set_bbox({"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": label.colour, "linewidth": 0.8})
