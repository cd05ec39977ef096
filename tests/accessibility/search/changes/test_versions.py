"""Versions of a timetable searched together: each as if its timetable were built, prepared and searched by itself."""

import random
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from accessibility.errors import SearchSpecError, ServiceDateError
from accessibility.feed import Feed
from accessibility.legs import Points
from accessibility.scenarios.applying import apply
from accessibility.scenarios.edits import Edit, Headway, Withdraw
from accessibility.scenarios.reduced import only_routes, routes_named
from accessibility.scenarios.selection import Selection
from accessibility.search.changes.touched import origins_touched
from accessibility.search.changes.versions import prepare_versions, times_of_versions
from accessibility.search.door_to_door import prepare_search, travel_times
from accessibility.search.joining import join_points
from accessibility.search.percentiles import joined_travel_times
from accessibility.search.spec import SearchSpec, TravelTimes
from accessibility.timetable.timetable import Timetable, build_timetable
from accessibility.timetable.versions import Versions, versions_of
from tests.accessibility.scenarios.random_edits import ANY
from tests.accessibility.scenarios.test_against_oracle import DOORS, SPEC, TUESDAY, Batch, spots
from tests.support.feeds import feed_of, trip

PHASES = 2  # sets of offsets of each batch
SEARCHES = (
    SPEC,
    replace(SPEC, step_s=0, percentiles=(25.0, 50.0), cutoffs_s=(900,)),
    replace(SPEC, arrive_by=True, window_start_s=SPEC.window_start_s + 1200, window_end_s=SPEC.window_end_s + 1200),
    replace(SPEC, max_rides=1),
)


def built(feed: Feed) -> Timetable | None:
    try:
        return build_timetable(feed, TUESDAY)
    except ServiceDateError:
        return None


class Drawn:
    """A batch of networks with random edits, and versions of it: some of the edits, at offsets of their own."""

    def __init__(self, number: int) -> None:
        self.batch, self.rng = Batch(number, ANY), random.Random(number)
        self.feed = self.batch.feed
        self.versions = [[edit for edit, _ in self.chosen(1.0)]]
        self.phases: list[dict[str, int]] = [self.offsets(self.chosen(1.0))]
        for _ in range(PHASES):
            some = self.chosen(self.rng.choice((0.3, 1.0)))
            self.versions.append([edit for edit, _ in some])
            self.phases.append(self.offsets(some))

    def chosen(self, share: float) -> list[tuple[Edit, dict[str, int]]]:
        asked = [self.batch.asked[name] for name in self.batch.expected]
        return [(one.edit, one.phases) for one in asked if self.rng.random() <= share]

    def offsets(self, some: Iterable[tuple[Edit, dict[str, int]]]) -> dict[str, int]:
        """Each offset as drawn for the batch, or less."""
        return {name: self.rng.randint(0, most) for _, phases in some for name, most in phases.items()}

    def feeds(self, base: Feed) -> list[Feed]:
        pairs = zip(self.versions, self.phases, strict=True)
        return [apply(base, edits, date=TUESDAY, phases=phases).feed for edits, phases in pairs]


def searched(versions: Versions, points: Points, spec: SearchSpec) -> list[TravelTimes]:
    prepared = prepare_versions(versions, None, spec)
    return times_of_versions(prepared, join_points([prepared.network], None, points, points, spec), spec)


@pytest.mark.parametrize("number", range(len(SEARCHES)))
def test_every_version_has_the_times_of_a_whole_rebuild(number: int) -> None:
    drawn, spec = Drawn(number), SEARCHES[number]
    feed, n = drawn.feed, len(drawn.batch.networks)
    points = spots(DOORS, n, 0.0003)
    routes = routes_named(feed, [edit for edits in drawn.versions for edit in edits])
    assert len(routes) < len(feed.routes)
    small = [built(one) for one in drawn.feeds(only_routes(feed, routes))]
    versions = versions_of(build_timetable(feed, TUESDAY), routes, small, feed)
    found = searched(versions, points, spec)
    changed = 0
    for times, whole in zip(found, [feed, *drawn.feeds(feed)], strict=True):
        expected = travel_times(build_timetable(whole, TUESDAY), None, points, points, spec)
        assert np.array_equal(times.seconds_or_unreached, expected.seconds_or_unreached)
        assert np.array_equal(times.departures_within, expected.departures_within)
        changed += int((times.seconds_or_unreached != found[0].seconds_or_unreached).sum())
    assert changed > 0


@pytest.mark.parametrize("from_base", [False, True], ids=["afresh", "from the base"])
def test_people_stay_aboard_in_every_version_as_in_a_whole_rebuild(from_base: bool) -> None:
    """Bus 1 becomes bus 2 at B as it arrives; a version has no bus 2, and one has another bus 3 beside them."""
    feed = feed_of(
        trip("T1", "A 07:05 | B 07:10", route="1", block_id="X"),
        trip("T2", "B 07:10 | C 07:15", route="2", block_id="X"),
        trip("T3", "C 07:20 | A 07:30", route="3"),
    )
    stops = feed.stops.iloc[[0, 2]]
    points = Points(*(stops[name].to_numpy() for name in ("stop_id", "lon", "lat")))
    edits: list[list[Edit]] = [
        [Withdraw("w", Selection("2"))],
        [Headway("h", Selection("3", from_s=25_000, to_s=30_000), every_s=600)],
    ]
    routes = routes_named(feed, [edit for version in edits for edit in version])
    small = [built(apply(only_routes(feed, routes), version, date=TUESDAY).feed) for version in edits]
    spec = replace(SPEC, board_slack_s=60)
    base = build_timetable(feed, TUESDAY)
    (alone,) = prepare_search(base, None, spec)
    prepared = prepare_versions(versions_of(base, routes, small, feed), None, spec, alone if from_base else None)
    assert (prepared.row is not None) == from_base
    found = times_of_versions(prepared, join_points([prepared.network], None, points, points, spec), spec)
    wholes = [feed, *(apply(feed, version, date=TUESDAY).feed for version in edits)]
    for times, whole in zip(found, wholes, strict=True):
        expected = travel_times(build_timetable(whole, TUESDAY), None, points, points, spec)
        assert np.array_equal(times.departures_within, expected.departures_within)
    # Of the departures at 07:00, 07:04, 07:08, ... the first two catch the only bus from A.
    assert [int(times.departures_within[-1, 0, 1]) for times in found] == [2, 0, 2]


@pytest.mark.parametrize("number", range(len(SEARCHES)))
def test_origins_that_a_change_does_not_touch_keep_every_answer(number: int) -> None:
    drawn, spec = Drawn(number + 10), SEARCHES[number]
    points = spots(DOORS, len(drawn.batch.networks), 0.0003)
    kept = changed = 0
    joined = [
        join_points(prepare_search(build_timetable(feed, TUESDAY), None, spec), None, points, points, spec)
        for feed in (drawn.feed, *drawn.feeds(drawn.feed))
    ]
    before = joined_travel_times(joined[0], spec)
    for after in joined[1:]:
        touched = origins_touched(joined[0], after, spec)
        times = joined_travel_times(after, spec)
        other = (times.seconds_or_unreached != before.seconds_or_unreached).any(axis=(0, 2))
        other |= (times.departures_within != before.departures_within).any(axis=(0, 2))
        assert not (other & ~touched).any()
        kept, changed = kept + int((~touched).sum()), changed + int(other.sum())
        rows = np.flatnonzero(touched)
        assert np.array_equal(
            joined_travel_times(after.of_origins(rows), spec).seconds_or_unreached, times.seconds_or_unreached[:, rows]
        )
    assert kept > 0 < changed
    assert not origins_touched(joined[0], joined[0], spec).any()


def test_a_version_without_a_trip_of_the_routes_that_change_has_the_others() -> None:
    drawn = Drawn(0)
    feed, points = drawn.feed, spots(DOORS, len(drawn.batch.networks), 0.0003)
    gone = frozenset(feed.routes["route_id"][::2])
    versions = versions_of(build_timetable(feed, TUESDAY), gone, [None], feed)
    _, without = searched(versions, points, SPEC)
    left = only_routes(feed, frozenset(feed.routes["route_id"]) - gone)
    expected = travel_times(build_timetable(left, TUESDAY), None, points, points, SPEC)
    assert np.array_equal(without.seconds_or_unreached, expected.seconds_or_unreached)


def test_drawn_headways_are_refused() -> None:
    drawn = Drawn(0)
    versions = versions_of(build_timetable(drawn.feed, TUESDAY), (), [], drawn.feed)
    with pytest.raises(SearchSpecError, match="leave out frequency_draws"):
        prepare_versions(versions, None, SearchSpec(frequency_draws=2))
