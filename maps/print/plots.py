"""Small plots for a report: bars, curves, stacked shares, and ranges around a middle."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from maps.print.still_picture import INK, SOFT_INK, Picture, Sheet, picture, text_width_in, wrapped
from maps.styles import CATEGORY_COLOURS, Kind, as_numbers, value_words

BAR_COLOUR = "#2171b5"
RANGE_COLOUR = "#8dbfe0"
DOT_COLOUR = "#08306b"
REFERENCE_COLOUR = "#b3006e"
LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (1, 1)))
ORDER_COLOURS = ("#08306b", "#2171b5", "#6baed6", "#c6dbef", "#eff3ff")
_DARK_TO_LIGHT = LinearSegmentedColormap.from_list("order", ORDER_COLOURS)
_LIGHT_FROM = 0.3  # from here on the colours are light enough for dark words
NAME_PT, REFERENCE_PT = 8.0, 7.5
MOST_NAME_IN = 2.7  # a longer name is broken over two lines or more
ROW_IN = 0.27  # height of a row of bars

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reference:
    """A comparison value drawn across a plot: a reference value, never a target."""

    value: float
    words: str


class Weighted(NamedTuple):
    """Values of areas and the people who live there, on one index; a missing value means never reached."""

    values: pd.Series
    people: pd.Series


def height_of_rows(rows: float, sheet: Sheet) -> float:
    """Height in inches of a sheet with `rows` rows of bars between its title and its foot."""
    return max(rows, 2) * ROW_IN + 0.75 + (sheet.head + sheet.foot) * sheet.height_in


def bars(values: pd.Series, kind: Kind, unit: str, sheet: Sheet, reference: Reference | None = None) -> Picture:
    """Bar chart of one horizontal bar per entry (index = names), in the order given, with its value; "n/a" where missing.

    Shares are 0-1 and are written as percentages.
    """
    names, numbers = [str(name) for name in values.index], as_numbers(values)
    words = ["n/a" if np.isnan(number) else value_words(number, kind, unit) for number in numbers]
    reach = reference.value if reference else 0.0

    def paint(figure: Figure) -> None:
        axes = _row_axes(figure, sheet, names, top_in=0.18 if reference else 0.0)
        axes.barh(range(len(names)), np.nan_to_num(numbers), height=0.62, color=BAR_COLOUR, zorder=3)
        for row, (number, word) in enumerate(zip(np.nan_to_num(numbers), words, strict=True)):
            _write_beside(axes, word, max(number, 0), row)
        axes.set_xlim(min(0, np.nanmin(numbers, initial=0)), 1.15 * np.nanmax([*numbers, reach], initial=1e-9))
        _finish_rows(axes, kind, reference, sheet)

    row_words = "; ".join(f"{name} {word}" for name, word in zip(names, words, strict=True))
    return picture(sheet, f"Bar chart. {sheet.title}. {row_words}.{_reference_words(reference)}", paint)


def lines(curves: pd.DataFrame, x_label: str, y_label: str, sheet: Sheet, marks: Sequence[Reference] = ()) -> Picture:
    """Line chart of one curve per column over the numeric index, each in its colour and dash; `marks` are vertical lines.

    An index of whole numbers is marked at whole numbers.
    """

    def paint(figure: Figure) -> None:
        axes = _curve_axes(figure, sheet, x_label, y_label)
        _draw_curves(axes, curves, marks)
        if pd.api.types.is_integer_dtype(curves.index):
            axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 3, 5, 10]))

    return picture(sheet, f"Line chart. {sheet.title}. {_end_values(curves, x_label)}", paint)


def cumulative(
    groups: Mapping[str, Weighted], x_label: str, longest: float, sheet: Sheet, marks: Sequence[Reference] = ()
) -> Picture:
    """Line chart of the share of each group's people whose value is at most x, for x from 0 to `longest`.

    People without a value are part of the whole: a curve ends below 100 % by the share of people who never reach it.
    """
    index = np.arange(0, longest + 1e-9, longest / 240)
    curves = pd.DataFrame({name: _shares_within(group, index) for name, group in groups.items()}, index=index)
    at_marks = [
        f"{mark.words}: "
        + ", ".join(
            f"{name} {_shares_within(group, np.array([mark.value]))[0] * 100:.1f} %" for name, group in groups.items()
        )
        for mark in marks
    ]

    def paint(figure: Figure) -> None:
        axes = _curve_axes(figure, sheet, x_label, "% of residents")
        _draw_curves(axes, curves, marks)
        axes.set(xlim=(0, longest), ylim=(0, 1))
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")

    alt = f"Line chart. {sheet.title}. Share of residents of areas, at {'; at '.join(at_marks)}."
    return picture(sheet, alt if at_marks else f"Line chart. {sheet.title}. {_end_values(curves, x_label)}", paint)


def stacked(shares: pd.DataFrame, sheet: Sheet) -> Picture:
    """Stacked bars of shares (0-1), one row per entry and one segment per column from dark to light; a row adds up to one."""
    names = [str(name) for name in shares.index]

    def paint(figure: Figure) -> None:
        axes = _row_axes(figure, sheet, names, top_in=0.3)
        start = np.zeros(len(names))
        for number, column in enumerate(shares.columns):
            part = np.nan_to_num(as_numbers(shares[column]))
            place = number / max(len(shares.columns) - 1, len(ORDER_COLOURS) - 1)  # on the way from dark to light
            look: dict[str, Any] = {"color": _DARK_TO_LIGHT(place), "edgecolor": INK}
            axes.barh(range(len(names)), part, left=start, height=0.62, lw=0.4, label=str(column), **look)
            _write_in_segments(axes, start, part, "white" if place < _LIGHT_FROM else INK)
            start += part
        axes.set_xlim(0, 1)
        handles, labels = axes.get_legend_handles_labels()
        look = {"ncols": len(labels), "frameon": False, "fontsize": 8, "borderaxespad": 0.2, "columnspacing": 1.4}
        figure.legend(handles, labels, loc="upper left", bbox_to_anchor=(0.02, 1 - sheet.head), **look)
        _finish_rows(axes, "share", None, sheet)

    rows = [
        f"{name}: " + ", ".join(f"{column} {_words(value, 'share', '')}" for column, value in row.items())
        for name, row in zip(names, (row for _, row in shares.iterrows()), strict=True)
    ]
    return picture(sheet, f"Stacked bars. {sheet.title}. {'; '.join(rows)}.", paint)


def ranges(spans: pd.DataFrame, kind: Kind, unit: str, sheet: Sheet, reference: Reference | None = None) -> Picture:
    """Chart of ranges, one row per entry: a bar from `low` to `high` with a dot at `middle` (the columns of `spans`)."""

    def paint(axes: Axes, low: Float, middle: Float, high: Float) -> None:
        axes.hlines(range(len(low)), low, high, color=RANGE_COLOUR, lw=6, zorder=3)
        axes.plot(middle, range(len(low)), "o", color=DOT_COLOUR, ms=6, zorder=4)

    return _spans(spans, kind, unit, sheet, reference, ("Ranges", paint))


def tornado(spans: pd.DataFrame, kind: Kind, unit: str, sheet: Sheet, reference: Reference) -> Picture:
    """Tornado chart: how far each choice (a row of `spans`) moves a figure, as a bar from `low` to `high`.

    Both ends are written beside the bar; `middle` is the figure when nothing is changed.
    """

    def paint(axes: Axes, low: Float, middle: Float, high: Float) -> None:
        rows = np.arange(len(low))
        axes.barh(rows, middle - low, left=low, height=0.62, color=RANGE_COLOUR, zorder=3)
        axes.barh(rows, high - middle, left=middle, height=0.62, color=BAR_COLOUR, zorder=3)
        for row, (left, right, centre) in enumerate(zip(low, high, middle, strict=True)):
            if left < centre:
                _write_beside(axes, _words(left, kind, unit), left, row, "right")
            if right > centre:
                _write_beside(axes, _words(right, kind, unit), right, row)
        room = 0.25 * (np.nanmax(high) - np.nanmin(low))  # for the words beside the longest bars
        axes.set_xlim(np.nanmin(low) - room, np.nanmax(high) + room)

    return _spans(spans, kind, unit, sheet, reference, ("Tornado chart", paint))


_SpanPainter = Callable[[Axes, Float, Float, Float], None]


def _spans(
    spans: pd.DataFrame,
    kind: Kind,
    unit: str,
    sheet: Sheet,
    reference: Reference | None,
    chart: tuple[str, _SpanPainter],
) -> Picture:
    names = [str(name) for name in spans.index]
    low, middle, high = (as_numbers(spans[column]) for column in ("low", "middle", "high"))
    chart_name, paint_spans = chart

    def paint(figure: Figure) -> None:
        axes = _row_axes(figure, sheet, names, top_in=0.18 if reference else 0.0)
        paint_spans(axes, low, middle, high)
        _finish_rows(axes, kind, reference, sheet)

    words = [[_words(end, kind, unit) for end in row] for row in zip(low, middle, high, strict=True)]
    rows = "; ".join(f"{name} {m} ({a} to {b})" for name, (a, m, b) in zip(names, words, strict=True))
    return picture(sheet, f"{chart_name}. {sheet.title}. {rows}.{_reference_words(reference)}", paint)


def _shares_within(group: Weighted, limits: Float) -> Float:
    """(n_limits,) share of the group's people whose value is at most each limit."""
    values, people = as_numbers(group.values), np.nan_to_num(as_numbers(group.people))
    order = np.argsort(np.where(np.isnan(values), np.inf, values), kind="stable")
    within = np.concatenate([[0.0], np.cumsum(people[order])])
    reached = np.searchsorted(np.where(np.isnan(values), np.inf, values)[order], limits, side="right")
    return np.asarray(within[reached] / max(within[-1], 1e-12))


def _row_axes(figure: Figure, sheet: Sheet, names: Sequence[str], top_in: float = 0.0) -> Axes:
    """Axes with one row per name: room for the names on the left, broken into lines where long, and for ticks below."""
    name_lines = ["\n".join(wrapped(name, MOST_NAME_IN, NAME_PT)) for name in names]
    longest = max((len(line) for name in name_lines for line in name.splitlines()), default=0)
    left = (0.25 + 0.068 * longest) / sheet.width_in
    foot = sheet.foot + 0.28 / sheet.height_in
    axes = figure.add_axes((left, foot, 0.96 - left, 1 - foot - sheet.head - top_in / sheet.height_in))
    axes.set_axisbelow(True)
    axes.grid(axis="x", color="#e3e6e8", linewidth=0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_yticks(range(len(names)), name_lines, fontsize=NAME_PT, color=INK)
    axes.set_ylim(len(names) - 0.4, -0.6)
    return axes


def _finish_rows(axes: Axes, kind: Kind, reference: Reference | None, sheet: Sheet) -> None:
    axes.xaxis.set_major_formatter(lambda value, _: _tick_words(value, kind))
    axes.tick_params(axis="x", labelsize=7.5)
    if reference:
        west, east = axes.get_xlim()
        along = (reference.value - west) / (east - west)  # part of the axis before the line
        taken = text_width_in(reference.words, REFERENCE_PT, bold=False) / (axes.get_position().width * sheet.width_in)
        axes.axvline(reference.value, color=REFERENCE_COLOUR, lw=1.3, ls="--", zorder=5)
        if along > 0.5:
            words = axes.text(along, 1.02, reference.words, transform=axes.transAxes, ha="right")
        else:
            words = axes.text(min(along, 1 - taken), 1.02, reference.words, transform=axes.transAxes, ha="left")
        words.set(fontsize=REFERENCE_PT, color=REFERENCE_COLOUR)


def _write_beside(axes: Axes, words: str, x: float, row: int, side: str = "left") -> None:
    """Write words beside the end of a bar: to its right, or to its left where `side` (of the words) is "right"."""
    shift = 4 if side == "left" else -4
    axes.annotate(
        words, (x, row), xytext=(shift, 0), textcoords="offset points", va="center", ha=side, fontsize=NAME_PT, zorder=6
    )


def _curve_axes(figure: Figure, sheet: Sheet, x_label: str, y_label: str) -> Axes:
    left, foot = 0.75 / sheet.width_in, sheet.foot + 0.5 / sheet.height_in
    axes = figure.add_axes((left, foot, 0.7 - left, 1 - foot - sheet.head))
    axes.grid(color="#e3e6e8", linewidth=0.6)
    axes.set(xlabel=x_label, ylabel=y_label)
    return axes


def _draw_curves(axes: Axes, curves: pd.DataFrame, marks: Sequence[Reference]) -> None:
    for number, column in enumerate(curves.columns):
        style, colour = LINE_STYLES[number % len(LINE_STYLES)], CATEGORY_COLOURS[number % len(CATEGORY_COLOURS)]
        label = "\n".join(wrapped(str(column), 1.6, NAME_PT))
        axes.plot(curves.index, as_numbers(curves[column]), ls=style, color=colour, lw=1.8, label=label)
    for mark in marks:
        axes.axvline(mark.value, color=SOFT_INK, lw=1, ls=":")
        axes.text(mark.value, 0.03, f" {mark.words}", transform=axes.get_xaxis_transform(), fontsize=7.5)
    axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), frameon=False, fontsize=NAME_PT, handlelength=3)


def _words(value: float, kind: Kind, unit: str) -> str:
    return "n/a" if np.isnan(value) else value_words(value, kind, unit)


def _tick_words(value: float, kind: Kind) -> str:
    if kind == "share":
        return f"{100 * value:.3g} %" if 0 <= round(value, 9) <= 1 else ""  # a tick may lie at 1.0000000000000002
    return f"{value:,.6g}"


def _reference_words(reference: Reference | None) -> str:
    return f" The dashed line marks {reference.words}." if reference else ""


def _write_in_segments(axes: Axes, start: Float, part: Float, colour: str) -> None:
    for row, (left, width) in enumerate(zip(start, part, strict=True)):
        if width >= 0.07:
            words = axes.text(left + width / 2, row, f"{100 * width:.0f} %", ha="center", va="center")
            words.set(fontsize=7.5, color=colour)


def _end_values(curves: pd.DataFrame, x_label: str) -> str:
    first, last = curves.index[0], curves.index[-1]
    end_words = [
        f"{column} goes from {as_numbers(curves[column])[0]:,.3g} to {as_numbers(curves[column])[-1]:,.3g}"
        for column in curves.columns
    ]
    return f"As {x_label} goes from {first:g} to {last:g}: {'; '.join(end_words)}."
