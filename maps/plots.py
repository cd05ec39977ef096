"""Small plots for a report: bars, curves, shares that add up to one, and ranges round a middle."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from maps.picture import INK, SOFT_INK, Picture, Sheet, drawing_style, finish, new_figure
from maps.styles import CATEGORY_COLOURS, Kind, as_numbers, value_words

BAR_COLOUR = "#2171b5"
LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (1, 1)))
ORDER_COLOURS = ("#08306b", "#2171b5", "#6baed6", "#c6dbef", "#eff3ff")


@dataclass(frozen=True)
class Reference:
    """A comparison value drawn across a plot: a reference value, never a target."""

    value: float
    words: str


def bars(values: pd.Series, kind: Kind, unit: str, sheet: Sheet, reference: Reference | None = None) -> Picture:
    """Horizontal bars, one per entry (index = names), in the order given; each bar says its value, a missing one "n/a".

    Shares are 0-1 and are written as percentages.
    """
    names, numbers = [str(name) for name in values.index], as_numbers(values)
    words = ["n/a" if np.isnan(number) else value_words(number, kind, unit) for number in numbers]
    reach = reference.value if reference else 0.0
    with drawing_style():
        figure = new_figure(sheet)
        axes = _plot_axes(figure.add_axes(_place(sheet, names, top_in=0.18 if reference else 0.0)))
        axes.barh(range(len(names)), np.nan_to_num(numbers), height=0.62, color=BAR_COLOUR, zorder=3)
        for row, (number, word) in enumerate(zip(np.nan_to_num(numbers), words, strict=True)):
            axes.annotate(
                word, (max(number, 0), row), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8
            )
        _name_rows(axes, names)
        axes.set_xlim(min(0, np.nanmin(numbers, initial=0)), 1.15 * np.nanmax([*numbers, reach], initial=1e-9))
        axes.xaxis.set_major_formatter(lambda value, _: _tick_words(value, kind))
        axes.tick_params(axis="x", labelsize=7.5)
        _draw_reference(axes, reference)
        listed = "; ".join(f"{name} {word}" for name, word in zip(names, words, strict=True))
        return finish(figure, f"Bar chart. {sheet.title}. {listed}.{_reference_words(reference)}")


def lines(curves: pd.DataFrame, x_label: str, y_label: str, sheet: Sheet, marks: Sequence[Reference] = ()) -> Picture:
    """One curve per column over the numeric index, told apart by colour and by dash; `marks` are upright lines."""
    with drawing_style():
        figure = new_figure(sheet)
        left, foot = 0.75 / sheet.width_in, sheet.foot + 0.5 / sheet.height_in
        axes = figure.add_axes((left, foot, 0.7 - left, 1 - foot - sheet.head))
        axes.grid(color="#e3e6e8", linewidth=0.6)
        for number, column in enumerate(curves.columns):
            style, colour = LINE_STYLES[number % len(LINE_STYLES)], CATEGORY_COLOURS[number % len(CATEGORY_COLOURS)]
            axes.plot(curves.index, as_numbers(curves[column]), ls=style, color=colour, lw=1.8, label=str(column))
        for mark in marks:
            axes.axvline(mark.value, color=SOFT_INK, lw=1, ls=":")
            axes.text(mark.value, 1.0, f" {mark.words}", transform=axes.get_xaxis_transform(), fontsize=7, va="top")
        axes.set(xlabel=x_label, ylabel=y_label)
        axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), frameon=False, fontsize=8, handlelength=3)
        return finish(figure, f"Line chart. {sheet.title}. {_ends(curves, x_label)}")


def stacked(shares: pd.DataFrame, sheet: Sheet) -> Picture:
    """Rows of shares (0-1) that add up to one, a segment per column in order from dark to light: rank acceptability."""
    names = [str(name) for name in shares.index]
    with drawing_style():
        figure = new_figure(sheet)
        axes = _plot_axes(figure.add_axes(_place(sheet, names, top_in=0.3)))
        start = np.zeros(len(names))
        for number, column in enumerate(shares.columns):
            part = np.nan_to_num(as_numbers(shares[column]))
            colour = ORDER_COLOURS[min(number, len(ORDER_COLOURS) - 1)]
            axes.barh(
                range(len(names)), part, left=start, height=0.62, color=colour, edgecolor=INK, lw=0.4, label=str(column)
            )
            _write_in_segments(axes, start, part, "white" if number < 2 else INK)
            start += part
        _name_rows(axes, names)
        axes.set_xlim(0, 1)
        axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(shares.columns), frameon=False, fontsize=8)
        rows = [
            f"{name}: " + ", ".join(f"{column} {value_words(value, 'share')}" for column, value in row.items())
            for name, row in zip(names, (row for _, row in shares.iterrows()), strict=True)
        ]
        return finish(figure, f"Stacked bars. {sheet.title}. {'; '.join(rows)}.")


def ranges(spans: pd.DataFrame, kind: Kind, unit: str, sheet: Sheet, reference: Reference | None = None) -> Picture:
    """Rows from `low` to `high` with a dot at `middle` (those three columns): variants, sensitivity, uncertainty."""
    names = [str(name) for name in spans.index]
    low, middle, high = (as_numbers(spans[column]) for column in ("low", "middle", "high"))
    with drawing_style():
        figure = new_figure(sheet)
        axes = _plot_axes(figure.add_axes(_place(sheet, names, top_in=0.18 if reference else 0.0)))
        axes.hlines(range(len(names)), low, high, color="#8dbfe0", lw=6, zorder=3)
        axes.plot(middle, range(len(names)), "o", color="#08306b", ms=6, zorder=4)
        _name_rows(axes, names)
        axes.xaxis.set_major_formatter(lambda value, _: _tick_words(value, kind))
        axes.tick_params(axis="x", labelsize=7.5)
        _draw_reference(axes, reference)
        said = [[value_words(end, kind, unit) for end in row] for row in zip(low, middle, high, strict=True)]
        rows = "; ".join(f"{name} {m} ({a} to {b})" for name, (a, m, b) in zip(names, said, strict=True))
        return finish(figure, f"Ranges. {sheet.title}. {rows}.{_reference_words(reference)}")


def _place(sheet: Sheet, names: Sequence[str], top_in: float = 0.0) -> tuple[float, float, float, float]:
    """Axes rectangle that leaves room for the longest name on the left and the tick words below."""
    left = min(0.25 + 0.068 * max((len(name) for name in names), default=0), sheet.width_in * 0.45) / sheet.width_in
    foot = sheet.foot + 0.28 / sheet.height_in
    return left, foot, 0.96 - left, 1 - foot - sheet.head - top_in / sheet.height_in


def _plot_axes(axes: Axes) -> Axes:
    axes.set_axisbelow(True)
    axes.grid(axis="x", color="#e3e6e8", linewidth=0.6)
    axes.tick_params(axis="y", length=0)
    return axes


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names, fontsize=8, color=INK)
    axes.set_ylim(len(names) - 0.4, -0.6)


def _draw_reference(axes: Axes, reference: Reference | None) -> None:
    if reference:
        west, east = axes.get_xlim()
        side = "right" if reference.value > (west + east) / 2 else "left"
        axes.axvline(reference.value, color="#b3006e", lw=1.3, ls="--", zorder=5)
        axes.text(
            reference.value,
            1.02,
            reference.words,
            transform=axes.get_xaxis_transform(),
            ha=side,
            fontsize=7,
            color="#b3006e",
        )


def _tick_words(value: float, kind: Kind) -> str:
    return f"{100 * value:.3g} %" if kind == "share" else f"{value:,.6g}"


def _reference_words(reference: Reference | None) -> str:
    return f" The dashed line marks {reference.words}." if reference else ""


def _write_in_segments(axes: Axes, start: np.ndarray, part: np.ndarray, colour: str) -> None:
    for row, (left, width) in enumerate(zip(start, part, strict=True)):
        if width >= 0.07:
            axes.text(
                left + width / 2, row, f"{100 * width:.0f} %", ha="center", va="center", fontsize=7.5, color=colour
            )


def _ends(curves: pd.DataFrame, x_label: str) -> str:
    first, last = curves.index[0], curves.index[-1]
    said = [
        f"{column} goes from {as_numbers(curves[column])[0]:,.3g} to {as_numbers(curves[column])[-1]:,.3g}"
        for column in curves.columns
    ]
    return f"As {x_label} goes from {first:g} to {last:g}: {'; '.join(said)}."
