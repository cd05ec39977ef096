"""The legend beside a printed map: no line of it is wider than its room, and what matters less stands where room is left."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from maps.print.still_picture import text_width_in, wrapped

LEGEND_WIDTH = 0.27  # share of the sheet
_TITLE_PT, _LABEL_PT = 8.0, 7.5
_HANDLE, _GAP = 1.6, 0.8  # width of a mark and of the gap after it, in letters
_LINE_IN = 0.16  # height of a line of it

Handle = Patch | Line2D


def write_legend(axes: Axes, handles: Sequence[Handle], title: str = "", where_room: Sequence[Handle] = ()) -> None:
    """Write the legend beside the map; handles `where_room` only if all of them fit beside it too."""
    figure = axes.get_figure(root=True)
    width_in, height_in = map(float, figure.get_size_inches()) if figure else (7.0, 4.5)
    room_in = (LEGEND_WIDTH - 0.02) * width_in
    heading = "\n".join(wrapped(title, room_in, _TITLE_PT))
    for one in (*handles, *where_room):
        one.set_label(_fitted(str(one.get_label()), room_in - (_HANDLE + _GAP) * _LABEL_PT / 72))
    lines = sum(1 + str(one.get_label()).count("\n") for one in (*handles, *where_room)) + heading.count("\n") + 1
    if lines * _LINE_IN <= axes.get_position().height * height_in:
        handles = [*handles, *where_room]
    legend = axes.legend(
        handles=list(handles), title=heading, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False,
        fontsize=_LABEL_PT, title_fontsize=_TITLE_PT, handlelength=_HANDLE, handletextpad=_GAP, labelspacing=0.45,
        alignment="left", borderaxespad=0,
    )  # fmt: skip
    legend.set_zorder(60)


def _fitted(label: str, room_in: float) -> str:
    """The label with lines that are wider than the room broken; others stay as they are, spaces at their start too."""
    lines = (
        wrapped(line, room_in, _LABEL_PT) if text_width_in(line, _LABEL_PT, bold=False) > room_in else (line,)
        for line in label.split("\n")
    )
    return "\n".join(row for rows in lines for row in rows)
