"""Our side of each row of the table, in a process of its own: `python -m benchmarks.cases NAME` prints one line of JSON.

Warm is the second and later calls in one process, on a network that was prepared once: all departures of the window
searched and summarised. Asking again about the same points walks nothing twice, since the engine keeps the last few
walks; no peer does, so "new points" is the like-for-like time: the points are moved by a hair for every call, and walked
from afresh. The floor is one pass over the window's connections for each destination at 1 ns a connection.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from accessibility.legs import LegTable, Points, Walk, straight_line_legs
from accessibility.search.door_to_door import prepare_search, travel_times
from accessibility.search.links.walks import stop_points
from accessibility.search.preparation import PreparedNetwork, boarding_candidates
from accessibility.search.spec import SearchSpec
from accessibility.streets.read import StreetNetwork, read_streets, street_legs
from accessibility.timetable.timetable import Timetable
from benchmarks import porto_alegre, west_midlands
from benchmarks.peers.measuring import Spent, Stopwatch, peak_mb

CALLS = 5
FLOOR_NS = 1.0
_HAIR_DEGREES = 1e-9

Measured = dict[str, object]


class Question(NamedTuple):
    """Everything a search takes."""

    timetable: Timetable
    streets: StreetNetwork | None
    origins: Points
    destinations: Points
    spec: SearchSpec


def timed(task: Callable[[], object]) -> Spent:
    """What a task takes."""
    watch = Stopwatch()
    task()
    return watch.spent()


def typical(task: Callable[[], object], calls: int = CALLS) -> Spent:
    """Medians of what a task takes, once it has been done before."""
    task()
    spent = [timed(task) for _ in range(calls)]
    return Spent(*(statistics.median(column) for column in zip(*spent, strict=True)))


def warm(question: Question) -> Measured:
    """Prepare, call once to get everything into caches, then the median of `CALLS` calls."""
    prepared = prepare_search(question.timetable, question.streets, question.spec)
    preparing = timed(lambda: prepare_search(question.timetable, question.streets, question.spec))
    connections = connections_in(prepared[0], question.spec)
    moved = _moved(question)
    return {
        "warm": typical(lambda: travel_times(*question, prepared)),
        "new_points": typical(lambda: travel_times(*next(moved), prepared)),
        "prepare": preparing,
        "floor_s": connections * len(question.destinations.ids) * FLOOR_NS * 1e-9,
        "connections": connections,
        "parts_cpu_s": parts(moved, prepared[0]),
    }


def _moved(question: Question) -> Iterator[Question]:
    """The same question from places a tenth of a millimetre farther east each time."""
    for call in itertools.count(1):
        east = call * _HAIR_DEGREES
        origins, destinations = (places._replace(lon=places.lon + east) for places in question[2:4])
        yield question._replace(origins=origins, destinations=destinations)


def connections_in(prepared: PreparedNetwork, spec: SearchSpec) -> int:
    """Connections that a search of `spec` passes over."""
    first, last = np.searchsorted(prepared.connections.departure_s, spec.span_s)
    return int(last - first)


def parts(moved: Iterator[Question], prepared: PreparedNetwork) -> Mapping[str, float]:
    """Processor seconds of the parts of a call about new points that are not the search itself.

    `moved` asks about other points each time, so that none is joined to the streets already; stops are, and origins are
    once their walks to stops have been found.
    """
    rounds = [_parts(next(moved), prepared) for _ in range(CALLS + 1)][1:]
    return {name: statistics.median(spent[name] for spent in rounds) for name in rounds[0]}


def _parts(question: Question, prepared: PreparedNetwork) -> Mapping[str, float]:
    timetable, streets, origins, destinations, spec = question
    stops = stop_points(timetable)
    tasks: Mapping[str, Callable[[], object]] = {
        "walks to stops": lambda: _walked(streets, origins, stops, spec.walk),
        "walks from stops": lambda: _walked(streets, stops, destinations, spec.walk),
        "walks all the way": lambda: _walked(streets, origins, destinations, spec.walk),
    }
    spent = {name: timed(task).cpu_s for name, task in tasks.items()}
    access = _walked(streets, origins, stops, spec.walk)
    boarding = timed(lambda: boarding_candidates(prepared.calls, prepared.boardings, access)).cpu_s
    return {"walks to stops": spent.pop("walks to stops"), "where to board": boarding, **spent}


def _walked(streets: StreetNetwork | None, start: Points, end: Points, walk: Walk) -> LegTable:
    """Walks made afresh, past the engine's memory of the last few."""
    return straight_line_legs(start, end, walk) if streets is None else street_legs(streets, start, end, walk)


def porto_alegre_question(destinations: str) -> Question:
    """The reference question of Porto Alegre, the median only."""
    reference = porto_alegre.CAFEIN.spec()
    spec = SearchSpec(
        reference.window_start_s, reference.window_end_s, walk=reference.walk, percentiles=(50.0,), cutoffs_s=()
    )
    points = porto_alegre.read_points
    streets = read_streets(porto_alegre.STREETS)
    return Question(porto_alegre.read_timetable(), streets, points("points.csv"), points(destinations), spec)


def west_midlands_question(zones: str) -> Question:
    """Output areas to the nine centres, or LSOAs to LSOAs; two hours of departures, straight lines x 1.3."""
    origins = west_midlands.read_points(zones)
    destinations = west_midlands.read_centres() if zones == "oa11" else origins
    spec = SearchSpec(percentiles=(50.0,), cutoffs_s=())
    return Question(west_midlands.read_timetable(), None, origins, destinations, spec)


def build_west_midlands() -> Measured:
    """Three feeds to a timetable."""
    return {"warm": timed(west_midlands.read_timetable)}


def build_porto_alegre() -> Measured:
    """Streets and two feeds to a network ready to be searched: changes walked and settled too."""

    def build() -> None:
        spec = porto_alegre.CAFEIN.spec()
        prepare_search(porto_alegre.read_timetable(), read_streets(porto_alegre.STREETS), spec)

    return {"warm": timed(build)}


def first_call(environment: Mapping[str, str]) -> Measured:
    """`two_calls` in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.cases", "two_calls"]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, check=True, text=True)
    answer: Measured = json.loads(done.stdout)
    return answer


def first_call_compiling() -> Measured:
    """`two_calls` in a fresh process that finds no compiled kernels."""
    with tempfile.TemporaryDirectory() as empty:
        return first_call({"NUMBA_CACHE_DIR": empty})


def two_calls() -> Measured:
    """What a first search in this process takes beyond a second, both with the network's preparation.

    The second has streets of its own, so that it walks as the first did.
    """
    one, other = porto_alegre_question("dests9.csv"), porto_alegre_question("dests9.csv")
    first, second = timed(lambda: travel_times(*one)), timed(lambda: travel_times(*other))
    return {"warm": Spent(first.wall_s - second.wall_s, first.cpu_s - second.cpu_s)}


CASES: Mapping[str, Callable[[], Measured]] = {
    "poa_9": lambda: warm(porto_alegre_question("dests9.csv")),
    "poa_all": lambda: warm(porto_alegre_question("points.csv")),
    "wm_oa": lambda: warm(west_midlands_question("oa11")),
    "wm_lsoa": lambda: warm(west_midlands_question("lsoa21")),
    "wm_read": build_west_midlands,
    "poa_build": build_porto_alegre,
    "first_call": lambda: first_call({}),
    "first_call_compiling": first_call_compiling,
    "two_calls": two_calls,
}


def main() -> None:
    """Measure one case and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=CASES)
    measured = CASES[parser.parse_args().name]()
    print(json.dumps({"peak_mb": peak_mb()} | measured))


if __name__ == "__main__":
    main()
