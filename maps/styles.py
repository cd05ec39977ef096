"""Palettes, class breaks and legends shared by the web map and the printed maps.

Colours: blue meets the headline's test and orange misses it (a pair that survives the common kinds of colour
blindness); sequential palettes are ColorBrewer's YlGnBu and matplotlib's viridis. Every palette of an ordered measure goes
from light to dark one way, so that a grey print keeps its order: the least access is palest. Losses, which are as dark as
gains, are hatched. Nothing hangs on colour alone: missing values are hatched, legends carry words and counts, and every
value can be read in words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

Kind = Literal["minutes", "reached", "decile", "share", "number", "score", "flag", "category", "change"]
MissingMeans = Literal["no data", "unreachable"]

MINUTE_EDGES_IN_CUTOFFS = (
    0.0,
    1 / 3,
    2 / 3,
    1.0,
    4 / 3,
    2.0,
    8 / 3,
)  # 0-15-30-45-60-90-120 at 45; the last class is open
JUST_OVER_MIN = 0.001  # times are whole seconds, so none lies between a break and this
LEAST_ROUNDED_MIN = 10.0  # breaks of a shorter cutoff would fall together in whole minutes
MINUTE_COLOURS = ("#08306b", "#2171b5", "#6baed6", "#f7a35c", "#fdbf85", "#fdd9b5", "#fff1e0")
BELOW_TEST_COLOURS = ("#fff1e0", "#fdd0a2", "#f7a35c")  # 0, 1, 2 centres
MEETS_TEST_COLOURS = ("#6baed6", "#08306b")  # ends of a ramp from enough centres to all
NO_TEST_COLOURS = ("#deebf7", "#08306b")  # ends of a ramp where no number of centres or minutes is said to be enough
SEQUENTIAL_COLOURS = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")  # YlGnBu, 5 classes
AFTER_ZERO_COLOURS = ("#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494")  # of 6 classes, the first left to zero
DECILE_COLOURS = (
    "#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725",
)  # viridis, dark = most deprived  # fmt: skip
CATEGORY_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#4d4d4d")  # Okabe-Ito
CHANGE_COLOURS = ("#8c510a", "#d8b365", "#ededed", "#5ab4ac", "#01665e")  # BrBG
FLAG_COLOURS = ("#e4e4e4", "#5e3c99")
NO_DATA_COLOUR = "#d0d0d0"
UNREACHABLE_COLOUR = "#5f5f5f"
NONE_COLOUR = "#f4f4f4"

SMALLEST = float(np.nextafter(0, 1))  # the end of a class that holds zero alone


class HeadlineTest(NamedTuple):
    """The headline's test, where colours turn: `at_least` centres within `cutoff_min` minutes.

    None where no one number holds, as of two runs that differ in it: then no class is said to meet the test.
    """

    cutoff_min: float | None = None
    at_least: int | None = None

    @property
    def limit_words(self) -> str:
        """ "45 minutes", or "the cutoff" where there is not one."""
        if self.cutoff_min is None:
            return "the cutoff"
        return f"{self.cutoff_min:g} minute{'' if self.cutoff_min == 1 else 's'}"

    def worded(self, text: str) -> str:
        """A title or sentence with the minutes in place of "the cutoff": "Jobs within the cutoff" has 45 minutes."""
        return text.replace("the cutoff", self.limit_words)


NO_TEST = HeadlineTest()
MOST_SINGLE = 20  # numbers of centres with a class of their own: a longer legend can't be read, and letters end at 26


@dataclass(frozen=True)
class MapClass:
    """One line of a legend: values from `lower` (included) to `upper` (not included)."""

    label: str
    colour: str
    lower: float
    upper: float
    hatched: bool = False  # where another class is as dark


@dataclass(frozen=True)
class Scale:
    """Classes and colours of one indicator. Compared maps share one Scale, hence their breaks."""

    kind: Kind
    unit: str
    classes: tuple[MapClass, ...]
    missing_means: MissingMeans = "no data"
    categories: tuple[str, ...] = ()  # kind "category" only: the text behind each class

    @property
    def missing(self) -> MapClass:
        """The class of values that are not there."""
        if self.missing_means == "unreachable":
            words = "Not reached in one of the two" if self.kind == "change" else "Not reachable in time searched"
            return MapClass(words, UNREACHABLE_COLOUR, np.nan, np.nan)
        return MapClass("No data", NO_DATA_COLOUR, np.nan, np.nan)

    def class_of(self, values: pd.Series) -> npt.NDArray[np.int64]:
        """Class number of each value, -1 where it is missing. A value outside the breaks goes to the nearest class."""
        if self.kind == "category":
            return np.asarray(
                pd.Index(self.categories, dtype=object).get_indexer(pd.Index(as_text(values))), dtype=np.int64
            )
        numbers = as_numbers(values)
        inner_edges = [item.lower for item in self.classes[1:]]
        found = np.searchsorted(inner_edges, numbers, side="right")
        return np.where(np.isnan(numbers), -1, found).astype(np.int64)

    def counts(self, values: pd.Series) -> tuple[int, ...]:
        """Number of values in each class; the last entry counts the missing ones."""
        found = self.class_of(values)
        return (*(int((found == number).sum()) for number in range(len(self.classes))), int((found == -1).sum()))


def as_numbers(values: pd.Series) -> npt.NDArray[np.float64]:
    """Numbers as float64 with NaN for every kind of missing; true and false become 1 and 0."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "biuf":
        return values.to_numpy(np.float64)
    return np.asarray(pd.to_numeric(values, errors="coerce").astype("Float64").to_numpy(np.float64, na_value=np.nan))


def as_text(values: pd.Series) -> pd.Series:
    """Words, empty where missing; whole numbers without a decimal point."""
    words = ["" if pd.isna(value) else f"{value:g}" if isinstance(value, float) else str(value) for value in values]
    return pd.Series(words, index=values.index, dtype=object)


def scale_for(values: pd.Series, kind: Kind, unit: str = "", test: HeadlineTest = NO_TEST) -> Scale:
    """The Scale of an indicator: breaks of the `test` for minutes and centres, fixed ones for deciles and flags,
    quantiles for the rest."""
    makers: dict[Kind, Callable[[], Scale]] = {
        "minutes": lambda: minutes_scale(test.cutoff_min),
        "reached": lambda: centres_scale(int(np.nanmax(as_numbers(values), initial=test.at_least or 0)), test.at_least),
        "decile": decile_scale,
        "flag": flag_scale,
        "category": lambda: category_scale(sorted({str(value) for value in values.dropna()})),
        "change": lambda: change_scale(values, unit),
    }
    return makers.get(kind, lambda: quantile_scale(values, kind, unit))()


def minutes_scale(cutoff_min: float | None = None) -> Scale:
    """Minutes in classes that end with their upper break, blue as far as the cutoff and orange beyond it.

    The breaks are thirds of the cutoff, 15-30-45-60-90-120 at 45 minutes, in whole minutes but for the cutoff itself; a
    value of exactly the cutoff is within it. Without a cutoff the breaks are those of 45 minutes, in one ramp.
    Missing means unreachable.
    """
    edges = _minute_edges(45.0 if cutoff_min is None else cutoff_min)
    colours = ramp(*NO_TEST_COLOURS[::-1], len(edges)) if cutoff_min is None else MINUTE_COLOURS
    lowers = (0.0, *(edge + JUST_OVER_MIN for edge in edges[1:]))
    words = [f"{edge:g}" for edge in edges]
    middle = [f"Over {low} to {high}" for low, high in pairwise(words[1:])]
    labels = [f"Up to {words[1]}", *middle, f"Over {words[-1]}"]
    classes = tuple(map(MapClass, labels, colours, lowers, (*lowers[1:], np.inf)))
    return Scale("minutes", "minutes", classes, "unreachable")


def _minute_edges(cutoff_min: float) -> list[float]:
    edges = [cutoff_min * part for part in MINUTE_EDGES_IN_CUTOFFS]
    if cutoff_min < LEAST_ROUNDED_MIN:
        return [float(f"{edge:.3g}") for edge in edges]
    return [
        edge if part == 1.0 else float(round(edge)) for edge, part in zip(edges, MINUTE_EDGES_IN_CUTOFFS, strict=True)
    ]


def centres_scale(most: int, at_least: int | None) -> Scale:
    """Classes for numbers of centres, 0 to `most`: orange below the test (`at_least`), blue where it is met.

    One class for each number; of more than `MOST_SINGLE` several share one, none on both sides of the test. Without a
    test, one ramp.
    """
    met = most + 1 if at_least is None else at_least
    edges = _count_edges(most, met)
    lows = edges[:-1]
    n_below = 0 if at_least is None else sum(low < met for low in lows)
    below = BELOW_TEST_COLOURS[:n_below] if n_below <= len(BELOW_TEST_COLOURS) else _below(n_below)
    ends = NO_TEST_COLOURS if at_least is None else MEETS_TEST_COLOURS
    colours = [*below, *ramp(*ends, len(lows) - n_below)]
    classes = tuple(
        MapClass(_count_words(low, high, low >= met), colour, low, high)
        for low, high, colour in zip(lows, edges[1:], colours, strict=True)
    )
    return Scale("reached", "centres", classes)


def _count_edges(most: int, met: int) -> list[int]:
    """Lower edges of classes of 0 to `most`, and the end of the last; `met` is one of them where it is below `most`."""
    if most < MOST_SINGLE:
        return list(range(most + 2))
    test = min(met, most + 1)
    below = np.linspace(0, test, min(test, MOST_SINGLE // 2) + 1).astype(int)
    above = np.linspace(test, most + 1, min(most + 1 - test, MOST_SINGLE // 2) + 1).astype(int)
    return [*map(int, below), *map(int, above[1:])]


def _count_words(low: int, high: int, met: bool) -> str:
    words = str(low) if high == low + 1 else f"{low} to {high - 1}"
    return f"{words} (meets the test)" if met else words


def _below(at_least: int) -> list[str]:
    """A colour for each of more numbers of centres than the usual three that miss the test."""
    return ramp(BELOW_TEST_COLOURS[0], BELOW_TEST_COLOURS[-1], at_least)


def decile_scale() -> Scale:
    """National deciles 1 (most deprived) to 10 (least deprived)."""
    ends = {1: "1 (most deprived 10 %)", 10: "10 (least deprived 10 %)"}
    classes = tuple(
        MapClass(ends.get(decile, str(decile)), DECILE_COLOURS[decile - 1], decile, decile + 1)
        for decile in range(1, 11)
    )
    return Scale("decile", "decile", classes)


def flag_scale(no: str = "No", yes: str = "Yes") -> Scale:
    """False and true."""
    return Scale("flag", "", (MapClass(no, FLAG_COLOURS[0], 0, 1), MapClass(yes, FLAG_COLOURS[1], 1, 2)))


def category_scale(names: Sequence[str]) -> Scale:
    """One class per name, in the order given; colours repeat after the eighth, so that only words tell those classes apart."""
    colours = [CATEGORY_COLOURS[number % len(CATEGORY_COLOURS)] for number in range(len(names))]
    classes = tuple(
        MapClass(name, colour, i, i + 1) for i, (name, colour) in enumerate(zip(names, colours, strict=True))
    )
    return Scale("category", "", classes, categories=tuple(names))


def quantile_scale(values: pd.Series, kind: Kind = "number", unit: str = "") -> Scale:
    """Up to five classes of about equal numbers of zones, breaks rounded so that they can be read aloud.

    Where a fifth of the zones or more hold exactly 0, zero is a class of its own and the others share out the rest.
    """
    numbers = as_numbers(values)
    numbers = numbers[np.isfinite(numbers)]
    if numbers.size == 0:
        return Scale(kind, unit, ())
    zero = [] if numbers.min() != 0 or np.quantile(numbers, 0.2) > 0 else [MapClass("0", NONE_COLOUR, 0.0, SMALLEST)]
    numbers = numbers[numbers > 0] if zero else numbers
    if numbers.size == 0:
        return Scale(kind, unit, tuple(zero))
    inner = _distinct_rounded(np.quantile(numbers, [0.2, 0.4, 0.6, 0.8]), numbers.min(), numbers.max())
    edges = [float(numbers.min()), *inner, float(numbers.max())]
    colours = _spread(AFTER_ZERO_COLOURS if zero else SEQUENTIAL_COLOURS, len(edges) - 1)
    return Scale(kind, unit, (*zero, *_between(edges, colours, kind)))


def change_scale(values: pd.Series, unit: str = "") -> Scale:
    """Losses, no change and gains, symmetric about zero; broken at the median size of the changes that happen.

    Of minutes missing means that the place is not reached before or after, which is no lack of data.
    """
    numbers = as_numbers(values)
    sizes = np.abs(numbers[np.isfinite(numbers) & (numbers != 0)])
    middle = _round_to_digits(float(np.median(sizes)), 2) if sizes.size else 1.0
    edges = (-np.inf, -middle, 0.0, SMALLEST, middle, np.inf)
    shown = value_words(middle, "number", unit)
    labels = (
        f"Loss over {shown}",
        f"Loss up to {shown}",
        "No change",
        f"Gain under {shown}",
        f"Gain of {shown} or more",
    )
    classes = tuple(MapClass(labels[i], CHANGE_COLOURS[i], edges[i], edges[i + 1], edges[i + 1] <= 0) for i in range(5))
    unreached = unit == "min" and bool(np.isfinite(numbers).any())
    return Scale("change", unit, classes, "unreachable" if unreached else "no data")


def value_words(value: object, kind: Kind, unit: str = "") -> str:
    """A value as a person reads it: "38.2 min", "41.3 %", "1,204", "Yes". For missing values see `Scale.missing`."""
    if kind == "category":
        return str(value)
    number = float(value)  # type: ignore[arg-type]
    if kind == "flag":
        return "Yes" if number else "No"
    if kind == "minutes":
        return f"{number:.1f} min"
    if kind == "share":
        return f"{100 * number:.1f} %"
    text = f"{number:,.0f}" if number == round(number) or abs(number) >= 100 else f"{number:,.1f}"
    return f"{text} {unit}".strip() if kind in {"number", "change"} else text


def ramp(start: str, end: str, steps: int) -> list[str]:
    """`steps` colours from `start` to `end`, both included, evenly spaced in RGB."""
    first, last = (np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) for colour in (start, end))
    mixes = [first + (last - first) * (step / max(steps - 1, 1)) for step in range(steps)]
    return ["#" + "".join(f"{round(float(part)):02x}" for part in mix) for mix in mixes]


def _spread(colours: Sequence[str], count: int) -> list[str]:
    """`count` of the colours, keeping both ends."""
    return [colours[round(i)] for i in np.linspace(0, len(colours) - 1, count)] if count > 1 else [colours[2]]


def _between(edges: Sequence[float], colours: Sequence[str], kind: Kind) -> tuple[MapClass, ...]:
    words = [_edge_words(edge, kind, _step(edges[0], edges[-1])) for edge in edges]
    labels = [f"{low} to under {high}" for low, high in pairwise(words)]
    labels[-1] = f"{words[-2]} to {words[-1]}" if words[-2] != words[-1] else words[-1]
    return tuple(
        MapClass(label, colour, low, high)
        for label, colour, (low, high) in zip(labels, colours, pairwise(edges), strict=True)
    )


def _edge_words(edge: float, kind: Kind, step: float) -> str:
    decimals = max(0, -round(np.log10(step)) - (2 if kind == "share" else 0))
    return f"{100 * edge:.{decimals}f} %" if kind == "share" else f"{edge:,.{decimals}f}"


def _distinct_rounded(edges: npt.NDArray[np.float64], lowest: float, highest: float) -> list[float]:
    """Breaks rounded to the step of their range, without repeats and strictly inside it."""
    step = _step(lowest, highest)
    rounded = sorted({float(np.round(np.round(edge / step) * step, 9)) for edge in edges})
    return [edge for edge in rounded if lowest < edge < highest]


def _step(lowest: float, highest: float) -> float:
    """A tenth of the range's order of magnitude: 1 for a range of 12, 0.1 for a range of 5."""
    spread = highest - lowest
    return float(10 ** (np.floor(np.log10(spread)) - 1)) if spread > 0 else 1.0


def _round_to_digits(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")
