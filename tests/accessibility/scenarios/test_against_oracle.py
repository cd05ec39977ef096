"""Random edits of random networks: the departures are those of hand-written loops, the times those of the oracle."""

import random
from collections.abc import Iterable, Sequence

import numba
import numpy as np
import pytest

from accessibility.errors import ScenarioError
from accessibility.feed import Feed
from accessibility.legs import Points, Walk, straight_line_legs
from accessibility.scenarios.applying import Edited, apply
from accessibility.search.door_to_door import prepare_search
from accessibility.search.joining import join_points
from accessibility.search.passes import backward_passes
from accessibility.search.profiles import journey_profiles, times_at
from accessibility.search.spec import UNREACHED, SearchSpec
from accessibility.timetable.timetable import build_timetable
from tests.accessibility.scenarios.plain import (
    APART_DEG,
    N_STOPS,
    SEVEN,
    TUESDAY,
    Plain,
    Run,
    backward,
    feed_of,
    place,
    random_trips,
    runs_in,
    runs_of,
    said,
)
from tests.accessibility.scenarios.random_edits import ANY, Asked, Kind
from tests.support.feed_oracle import turned
from tests.support.networks import legs
from tests.support.oracle import Walks, all_durations, rows

WALK = Walk(max_s=200, detour=1.0)
SPEC = SearchSpec(
    window_start_s=SEVEN,
    window_end_s=SEVEN + 1200,
    step_s=240,
    walk=WALK,
    max_duration_s=2400,
    board_slack_s=30,
    percentiles=(50.0,),
    cutoffs_s=(),
)
DEPARTURES = np.arange(SPEC.window_start_s, SPEC.window_end_s, SPEC.step_s, dtype=np.int32)
BATCH, BATCHES = 50, 40  # 2,000 networks


def spots(stops: Sequence[int], n_networks: int, east_deg: float) -> Points:
    """The places of stops in each network, a little east of them."""
    lat, lon = (np.array(column) for column in zip(*(place(i) for i in stops), strict=True))
    ids = np.array([f"p{i}" for i in range(len(stops) * n_networks)], object)
    east = np.repeat(np.arange(n_networks) * APART_DEG, len(stops))
    return Points(ids, np.tile(lon, n_networks) + east_deg + east, np.tile(lat, n_networks))


DOORS = (0, 3, 4)
HERE, STOPS = spots(DOORS, 1, 0.0003), spots(range(N_STOPS), 1, 0.0)
BETWEEN = rows(straight_line_legs(STOPS, STOPS, WALK))
WALKS = Walks(
    straight_line_legs(HERE, STOPS, WALK),
    legs(N_STOPS, [(i, j, s) for i, row in enumerate(BETWEEN) for j, s in {**row, i: 0}.items()]),
    turned(straight_line_legs(STOPS, HERE, WALK), len(DOORS)),
    turned(straight_line_legs(HERE, HERE, WALK), len(DOORS)),
)


def searched(feed: Feed, n_networks: int) -> np.ndarray:
    """(network, origin, destination, departure) seconds by the engine."""
    here = spots(DOORS, n_networks, 0.0003)
    networks = prepare_search(build_timetable(feed, TUESDAY), None, SPEC)
    profiles = journey_profiles(backward_passes(join_points(networks, None, here, here, SPEC), SPEC))
    every = times_at(profiles, DEPARTURES, SPEC.max_duration_s)
    seconds = np.where(every == UNREACHED, np.inf, every)
    n = len(DOORS)
    return np.array([seconds[k * n : (k + 1) * n, k * n : (k + 1) * n] for k in range(n_networks)])


def by_oracle(runs: Sequence[Run]) -> np.ndarray:
    """(origin, destination, departure) seconds of one network by the oracle."""
    return np.array(all_durations([list(run.calls) for run in runs], WALKS, SPEC))


class Batch:
    """Networks side by side in one feed, with a random edit for each, all in one scenario.

    Some edits change no departure, or would have one run backwards: their networks are in `refused`.
    """

    def __init__(self, number: int, kinds: Sequence[Kind]) -> None:
        count = BATCH // 10 if numba.config.DISABLE_JIT else BATCH
        self.networks: dict[str, list[Plain]] = {}
        self.asked: dict[str, Asked] = {}
        self.refused: set[str] = set()
        self.expected: dict[str, list[Run]] = {}
        rng = random.Random(number)
        while len(self.expected) < count:
            name = f"N{len(self.networks):03d}"
            self.networks[name] = random_trips(rng, name)
            self.asked[name] = asked = rng.choice(kinds)(rng, self.networks[name])
            runs = runs_of(self.networks[name])
            if asked.expected is None or said(asked.expected) == said(runs) or backward(asked.expected):
                self.refused.add(name)
            else:
                self.expected[name] = asked.expected
        self.feed = feed_of(self.networks)
        self.base = {name: runs_of(trips) for name, trips in self.networks.items()}

    def edited(self, names: Iterable[str]) -> Edited:
        asked = [self.asked[name] for name in names]
        phases = {phase: offset_s for one in asked for phase, offset_s in one.phases.items()}
        return apply(self.feed, [one.edit for one in asked], date=TUESDAY, phases=phases)


@pytest.mark.parametrize("number", range(BATCHES))
def test_random_edits_are_those_made_by_hand_and_adding_makes_nobody_later(number: int) -> None:
    """Departures are those of hand-written loops, and times those of the oracle, whatever the phase; networks without an
    edit stay what they are. After an edit that only adds, no departure takes longer than before it."""
    batch = Batch(number, ANY)
    edited = batch.edited(batch.expected)
    found, times = runs_in(edited.feed), searched(edited.feed, len(batch.networks))
    gains = 0
    for k, name in enumerate(batch.networks):
        wanted, asked = batch.expected.get(name, batch.base[name]), batch.asked[name]
        assert said(found.get(name, [])) == said(wanted), f"batch {number}: {asked.edit}"
        assert (times[k] == by_oracle(wanted)).all(), f"batch {number}: {asked.edit}"
        if asked.adds:
            before = by_oracle(batch.base[name])
            assert (times[k] <= before).all(), f"batch {number}: {asked.edit}"
            gains += int((times[k] < before).sum())
    assert gains > 0


@pytest.mark.parametrize("number", range(2))
def test_an_edit_that_changes_no_departure_is_refused_by_its_name(number: int) -> None:
    """Hand-written loops find nothing to change, or a departure that would run backwards."""
    batch = Batch(number, ANY)
    with pytest.raises(ScenarioError) as caught:
        batch.edited(batch.refused)
    named = {problem.split("'")[1] for problem in caught.value.problems}
    assert named == {batch.asked[name].edit.id for name in batch.refused}
