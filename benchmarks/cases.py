"""Our side of each row of the table, measured in a process of its own: `python -m benchmarks.cases NAME` prints one line of JSON.

Warm is the second and later calls in one process: points walked to stops, searched and summarised over all departures of the
window, on a network that was prepared once (`prepare_s`). The floor is one pass over the window's connections for each
destination at 1 ns a connection.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from accessibility.legs import Points
from accessibility.prepared import PreparedNetwork, boarding_candidates
from accessibility.streets import StreetNetwork, read_streets
from accessibility.timetable import Timetable
from accessibility.travel_times import SearchSpec, prepare_search, stop_points, travel_times, walking_legs
from benchmarks import porto_alegre, west_midlands
from benchmarks.peers.peak import peak_mb

CALLS = 5
FLOOR_NS = 1.0

Measured = dict[str, object]


class Question(NamedTuple):
    """Everything a search takes."""

    timetable: Timetable
    streets: StreetNetwork | None
    origins: Points
    destinations: Points
    spec: SearchSpec


def timed(task: Callable[[], object]) -> float:
    """Seconds that a task takes."""
    started = time.perf_counter()
    task()
    return time.perf_counter() - started


def warm(question: Question) -> Measured:
    """Prepare, call once to get everything into caches, then `CALLS` times."""
    prepared, prepare_s = _prepare(question)
    first_s = timed(lambda: travel_times(*question, prepared))
    calls_s = [timed(lambda: travel_times(*question, prepared)) for _ in range(CALLS)]
    floor_s = connections_in(prepared, question.spec) * len(question.destinations.ids) * FLOOR_NS * 1e-9
    return {
        "prepare_s": prepare_s,
        "first_s": first_s,
        "warm_s": statistics.median(calls_s),
        "calls_s": calls_s,
        "floor_s": floor_s,
        "connections": connections_in(prepared, question.spec),
        "parts_s": parts(question, prepared),
        "pairs": len(question.origins.ids) * len(question.destinations.ids),
    }


def _prepare(question: Question) -> tuple[PreparedNetwork, float]:
    """The prepared network and the seconds of a second preparation."""
    timetable, streets, *_, spec = question
    prepared = prepare_search(timetable, streets, spec)
    return prepared, timed(lambda: prepare_search(timetable, streets, spec))


def connections_in(prepared: PreparedNetwork, spec: SearchSpec) -> int:
    """Connections that a search of `spec` passes over."""
    first, last = np.searchsorted(prepared.connections.departure_s, spec.span_s)
    return int(last - first)


def parts(question: Question, prepared: PreparedNetwork) -> Mapping[str, float]:
    """Seconds of the parts of a warm call that are not the search itself."""
    timetable, streets, origins, destinations, spec = question
    stops = stop_points(timetable)
    access = walking_legs(streets, origins, stops, spec.walk)
    return {
        "access": timed(lambda: walking_legs(streets, origins, stops, spec.walk)),
        "boardings": timed(lambda: boarding_candidates(prepared.calls, prepared.boardings, access)),
        "egress": timed(lambda: walking_legs(streets, stops, destinations, spec.walk)),
        "direct": timed(lambda: walking_legs(streets, origins, destinations, spec.walk)),
    }


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
    return {"warm_s": timed(west_midlands.read_timetable)}


def build_porto_alegre() -> Measured:
    """Streets and two feeds to a network ready to be searched: changes walked and settled too."""

    def build() -> None:
        spec = porto_alegre.CAFEIN.spec()
        prepare_search(porto_alegre.read_timetable(), read_streets(porto_alegre.STREETS), spec)

    return {"warm_s": timed(build)}


def first_call() -> Measured:
    """What the first call in a fresh process takes longer than the second, with compiled kernels kept and with none."""
    kept = {"cache kept": _first_call_excess(None), "no cache": 0.0}
    with tempfile.TemporaryDirectory() as empty:
        kept["no cache"] = _first_call_excess(Path(empty))
    return {"warm_s": kept["cache kept"], "cold_s": kept["no cache"]}


def _first_call_excess(cache: Path | None) -> float:
    environment = os.environ | ({"NUMBA_CACHE_DIR": str(cache)} if cache else {})
    command = [sys.executable, "-m", "benchmarks.cases", "two_calls"]
    printed = subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout
    return float(json.loads(printed)["excess_s"])


def two_calls() -> Measured:
    """Seconds of a first search in this process, network preparation included, beyond those of a second."""
    question = porto_alegre_question("dests9.csv")
    first_s = timed(lambda: travel_times(*question))
    return {"excess_s": first_s - timed(lambda: travel_times(*question))}


CASES: Mapping[str, Callable[[], Measured]] = {
    "poa_9": lambda: warm(porto_alegre_question("dests9.csv")),
    "poa_all": lambda: warm(porto_alegre_question("points.csv")),
    "wm_oa": lambda: warm(west_midlands_question("oa11")),
    "wm_lsoa": lambda: warm(west_midlands_question("lsoa21")),
    "wm_read": build_west_midlands,
    "poa_build": build_porto_alegre,
    "first_call": first_call,
    "two_calls": two_calls,
}


def main() -> None:
    """Measure one case and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=CASES)
    measured = CASES[parser.parse_args().name]()
    print(json.dumps(measured | {"peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
