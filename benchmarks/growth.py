"""How time grows: warm calls on the West Midlands with fewer connections, destinations, origins, or a shorter window."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from accessibility.feed import Feed, read_feed
from accessibility.legs import Points
from accessibility.search.door_to_door import prepare_search, travel_times
from accessibility.search.preparation import PreparedNetwork
from accessibility.timetable.timetable import Timetable, build_timetable
from benchmarks import west_midlands
from benchmarks.cases import Question, connections_in, typical, west_midlands_question

SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)
_CALLS = 3


class Growth(NamedTuple):
    """One plot: processor seconds (all threads) of a warm call against a size."""

    size: str
    sizes: list[int]
    seconds: list[float]


def growths() -> Iterator[Growth]:
    """The four plots' figures, each on a West Midlands question with one thing made smaller."""
    few, many = west_midlands_question("oa11"), west_midlands_question("lsoa21")
    wide = few._replace(destinations=_some(many.origins, 0.1))
    thinner = (few._replace(timetable=part) for part in _thinner_timetables())
    yield _measure("connections", thinner, lambda question, prepared: connections_in(prepared, question.spec))
    nearer = (many._replace(destinations=_some(many.origins, share)) for share in SHARES)
    yield _measure("destinations", nearer, lambda question, _: len(question.destinations.ids))
    fewer = (wide._replace(origins=_some(few.origins, share)) for share in SHARES)
    yield _measure("origins", fewer, lambda question, _: len(question.origins.ids))
    shorter = (_shorter(few, share) for share in SHARES)
    yield _measure("minutes of departures", shorter, lambda question, _: question.spec.n_departures)


def _measure(label: str, questions: Iterable[Question], size: Callable[[Question, PreparedNetwork], int]) -> Growth:
    sizes, seconds = [], []
    for question in questions:
        prepared = prepare_search(question.timetable, question.streets, question.spec)
        seconds.append(_cpu_s(question, prepared))
        sizes.append(size(question, prepared[0]))
    return Growth(label, sizes, seconds)


def _cpu_s(question: Question, prepared: list[PreparedNetwork]) -> float:
    return typical(lambda: travel_times(*question, prepared), _CALLS).cpu_s


def _thinner_timetables() -> Iterator[Timetable]:
    feed = read_feed(west_midlands.feed_files())
    for share in SHARES:
        yield build_timetable(_thinner(feed, share), west_midlands.DATE)


def _thinner(feed: Feed, share: float) -> Feed:
    """The feed with that share of its trips, spread evenly."""
    places = np.arange(len(feed.trips))
    kept = np.floor((places + 1) * share) > np.floor(places * share)
    number = (np.cumsum(kept) - 1).astype(np.int32)
    calls = feed.stop_times.take(kept[feed.stop_times.trip])
    trips = feed.trips[kept].reset_index(drop=True)
    return replace(feed, trips=trips, stop_times=calls._replace(trip=number[calls.trip]))


def _some(points: Points, share: float) -> Points:
    """That share of the points, spread evenly."""
    rows = np.linspace(0, len(points.ids) - 1, round(share * len(points.ids))).astype(int)
    return points._replace(ids=points.ids[rows], lon=points.lon[rows], lat=points.lat[rows])


def _shorter(question: Question, share: float) -> Question:
    spec = question.spec
    end_s = spec.window_start_s + round(share * (spec.window_end_s - spec.window_start_s))
    return question._replace(spec=replace(spec, window_end_s=end_s))


def draw(growths: list[Growth], file: Path) -> None:
    """Four small plots in one SVG, each with the straight line through its last point and 0 for comparison."""
    with mpl.rc_context({"svg.hashsalt": "growth"}):  # ids by content, so that the same figures give the same bytes
        figure = Figure(figsize=(9, 6.4), layout="constrained")
        for axes, growth in zip(figure.subplots(2, 2).flat, growths, strict=True):
            axes.plot([0, growth.sizes[-1]], [0, growth.seconds[-1]], color="0.75", linestyle="--", linewidth=1)
            axes.plot(growth.sizes, growth.seconds, marker="o", color="#1f5a94")
            axes.xaxis.set_major_locator(MaxNLocator(4))
            axes.xaxis.set_major_formatter("{x:,.0f}")
            axes.set(xlabel=growth.size, ylabel="processor seconds, warm", xlim=(0, None), ylim=(0, None))
            axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(file, metadata={"Date": None})
