"""Names on a printed map: each beside its place, none on another while there is room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from maps.print.still_picture import wide_in

Side = Literal["on", "right", "left", "above", "below"]

NAME_PT, NUMBER_PT = 7.0, 8.0
_AWAY_PT = 5.0  # of a name from the middle of its place
_DOT_PT = 4.0  # half the width of a dot, which no name covers
_POINTS_PER_INCH = 72
_LEVEL = 60  # over all that is drawn


class Box(NamedTuple):
    """A rectangle on the sheet, in points."""

    left: float
    bottom: float
    right: float
    top: float

    def shared(self, other: "Box") -> float:
        """The area that both cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return width * height if width > 0 and height > 0 else 0.0


@dataclass(frozen=True)
class Label:
    """Words and the spots (x, y in metres of the map) that they may stand at, the best first.

    With a `colour` they stand on the spot in a frame of that colour, as numbers of lines do; without, beside it.
    """

    words: str
    spots: Sequence[tuple[float, float]]
    colour: str = ""

    @property
    def sides(self) -> tuple[Side, ...]:
        """Where it may stand at a spot, the best first."""
        return ("on",) if self.colour else ("right", "left", "above", "below")


def write_labels(axes: Axes, labels: Sequence[Label], dots: Iterable[tuple[float, float]]) -> None:
    """Write framed labels first, then the others, each where it covers least of the others, of `dots` and of no frame."""
    taken = [_around(*_on_sheet(axes, dot)) for dot in dots]
    for label in sorted(labels, key=lambda label: not label.colour):
        places = [(spot, side) for spot in label.spots for side in label.sides]
        boxes = [_box(label, *_on_sheet(axes, spot), side) for spot, side in places]
        costs = [_cost(axes, box, taken) for box in boxes]
        best = costs.index(min(costs))
        taken.append(boxes[best])
        _write(axes, label, *places[best])


def _on_sheet(axes: Axes, spot: tuple[float, float]) -> tuple[float, float]:
    """Where a spot of the map lies on the sheet, in points."""
    figure = cast(Figure, axes.get_figure(root=True))  # axes of a map always stand on one
    x, y = axes.transData.transform(spot) * _POINTS_PER_INCH / figure.dpi
    return float(x), float(y)


def _around(x: float, y: float) -> Box:
    return Box(x - _DOT_PT, y - _DOT_PT, x + _DOT_PT, y + _DOT_PT)


def _offset(side: Side) -> tuple[float, float]:
    """From the spot to where the words start ("right"), end ("left") or have their middle, at half their height."""
    return {
        "on": (0.0, 0.0), "right": (_AWAY_PT, 3.0), "left": (-_AWAY_PT, 3.0), "above": (0.0, 9.0), "below": (0.0, -9.0),
    }[side]  # fmt: skip


def _box(label: Label, x: float, y: float, side: Side) -> Box:
    size = NUMBER_PT if label.colour else NAME_PT
    pad = 0.5 * size if label.colour else 1.0
    width, half_height = _POINTS_PER_INCH * wide_in(label.words, size, bool(label.colour)), size / 2 + pad / 2
    right, up = _offset(side)
    left = x + right - {"right": 0.0, "left": width}.get(side, width / 2)
    return Box(left - pad / 2, y + up - half_height, left + width + pad / 2, y + up + half_height)


def _cost(axes: Axes, box: Box, taken: Iterable[Box]) -> float:
    """How much of a label would lie on others or off the map."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    frame = Box(*_on_sheet(axes, (west, south)), *_on_sheet(axes, (east, north)))
    outside = (box.right - box.left) * (box.top - box.bottom) - box.shared(frame)
    return outside + sum(box.shared(other) for other in taken)


def _write(axes: Axes, label: Label, spot: tuple[float, float], side: Side) -> None:
    align = {"right": "left", "left": "right"}.get(side, "center")
    note = axes.annotate(label.words, spot, xytext=_offset(side), textcoords="offset points", ha=align, va="center")
    note.set(
        zorder=_LEVEL,
        annotation_clip=True,
        fontsize=NAME_PT,
        path_effects=[withStroke(linewidth=2.2, foreground="white")],
    )
    if label.colour:
        note.set(fontsize=NUMBER_PT, fontweight="bold", color=label.colour, zorder=_LEVEL + 1, path_effects=[])
        note.set_bbox({"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": label.colour, "linewidth": 0.8})
