"""Other hours: the same answers as runs of those hours alone, to the byte; and a line on which they can be worked out."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from accessibility import build_timetable, travel_times
from corridors.access.centre_access import Access, measure_access, place_points, zone_access
from corridors.access.hours.answers import HoursFound, answer_hours
from corridors.access.hours.days import day_journeys, spans_of
from corridors.catalogue.periods import ONLY_THEN
from corridors.config.run_config import RunConfig, load_config
from corridors.errors import ConfigError
from corridors.inputs.read import Context, Network, read_context, read_network
from tests.accessibility.scenarios.plain import TUESDAY
from tests.accessibility.scenarios.test_against_oracle import DOORS, SPEC, spots
from tests.accessibility.search.changes.test_extension import ladders
from tests.accessibility.search.changes.test_versions import Drawn
from tests.support.feeds import trip
from tests.support.small_region import STOPS, SmallRegion, calls
from tests.support.week_region import PERIODS, ask_for, week_feed

HOUR_S = 3600
WAYS_BACK = '\n[hours]\nthere_by = "09:00"\nhome_after = ["17:30", "22:00"]\ncurve = "05:00-24:00"\n'


class Asked(NamedTuple):
    config: RunConfig
    context: Context
    network: Network
    access: Access

    def hours(self) -> HoursFound:
        assert self.config.asked_hours
        return answer_hours(self.config, self.context, self.network, self.access, self.config.asked_hours)


def asked(config: RunConfig) -> Asked:
    context, network = read_context(config), read_network(config)
    return Asked(config, context, network, measure_access(config, context, network))


@pytest.fixture
def week(region: SmallRegion) -> Asked:
    ask_for(region, WAYS_BACK + PERIODS)
    return asked(load_config(region.config))


def alone(config: RunConfig) -> Iterator[tuple[str, RunConfig]]:
    """Each period with the configuration of a run whose headline is that period."""
    for period, date in zip(config.asked_periods, week_dates(config), strict=True):
        window = f"{period.start}-{period.end}"
        changed = {
            "periods": [],
            "hours": None,
            "search": config.search.model_copy(update={"window": window}),
            "timetable": config.timetable.model_copy(update={"date": date}),
        }
        yield period.id, config.model_copy(update=changed)


def week_dates(config: RunConfig) -> Iterator[object]:
    dates = {days: timetable.date for days, timetable in read_network(config).days.items()}
    return (dates[str(one.days)] for one in config.asked_periods)


@pytest.mark.parametrize("step_s", [0, 60])
def test_each_periods_columns_are_those_of_a_run_of_it_alone(region: SmallRegion, step_s: int) -> None:
    ask_for(region, PERIODS + f"\n[search]\nstep_s = {step_s}\n[kpi]\ncentres_at_least = 2\n")
    found = asked(load_config(region.config))
    zones = found.hours().zones
    answers = set()
    for ident, config in alone(found.config):
        of_run = asked(config)
        columns = zone_access(of_run.access, of_run.context, of_run.network)
        for ours, theirs in ((f"meets_kpi_{ident}", "meets_kpi"), (f"needed_minutes_{ident}", "minutes_to_needed")):
            assert zones[ours].to_numpy().tobytes() == columns[theirs].to_numpy().tobytes(), (ident, theirs)
        answers.add(zones[f"needed_minutes_{ident}"].to_numpy().tobytes())
    assert len(answers) >= 4  # the periods differ


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("on_streets", [True, False], ids=["streets", "straight lines"])
def test_any_windows_of_a_day_are_those_of_searches_of_their_own(number: int, on_streets: bool) -> None:
    drawn, rng = Drawn(500 + number), random.Random(number)
    points = spots(DOORS, len(drawn.batch.networks), 0.0003)
    streets = ladders(len(drawn.batch.networks)) if on_streets else None
    timetable = build_timetable(drawn.feed, TUESDAY)
    spec = replace(SPEC, step_s=rng.choice((0, 30)), max_rides=rng.choice((None, 2)))
    starts = [SPEC.window_start_s + rng.randrange(-1200, 2400) for _ in range(4)]
    windows = [(start, start + rng.randrange(60, 1500)) for start in starts]
    windows += [(0, 7200), (100_000, 103_000)]  # more than a day apart: in spans of their own
    journeys = day_journeys(timetable, streets, (points, points), spec, windows)
    assert len(journeys.parts) == 2
    reached = 0
    for window in windows:
        own = replace(spec, window_start_s=window[0], window_end_s=window[1])
        expected, found = travel_times(timetable, streets, points, points, own), journeys.times(window)
        assert np.array_equal(found.seconds_or_unreached, expected.seconds_or_unreached)
        assert np.array_equal(found.departures_within, expected.departures_within)
        reached += int((expected.departures_within[-1] > 0).sum())
    assert reached > len(points.ids) * len(windows)


def test_spans_hold_every_window_and_last_a_day_at_most() -> None:
    hours = [(22, 29), (5, 24), (28, 30), (46, 60)]
    spans = spans_of((start * HOUR_S, end * HOUR_S) for start, end in hours)
    assert [(start // HOUR_S, end // HOUR_S) for start, end in spans] == [(5, 29), (28, 30), (46, 60)]
    assert list(spans_of([])) == []


def test_hours_of_the_curve_are_those_of_runs_of_that_hour_alone(week: Asked) -> None:
    found = week.hours()
    assert [start // HOUR_S for start, _ in found.hours] == list(range(5, 24))
    for (start_s, _), reached in list(found.hours.items())[::6]:
        window = f"{start_s // HOUR_S:02d}:00-{start_s // HOUR_S + 1:02d}:00"
        search = week.config.search.model_copy(update={"window": window})
        one = asked(week.config.model_copy(update={"search": search, "periods": [], "hours": None}))
        assert reached.minutes.tobytes() == one.access.needed_minutes().tobytes()
        assert list(reached.meets) == list(one.access.centres_within() >= one.access.centres_at_least)


def test_a_job_that_ends_at_ten_leaves_people_in_town(week: Asked) -> None:
    """From stop A to F it is 25 minutes and 10 to wait at most at 17:30; after 22:00 the next bus leaves at 23:00."""
    found, zones = week.hours(), week.hours().zones
    assert zones.loc["ZA0", "there_and_back_1730"]
    assert not zones.loc["ZA0", "there_and_back_2200"]
    assert found.ways_back["22:00"].there[week.context.zones.index.get_loc("ZA0")]
    assert not zones["there_and_back_2200"].any()


def test_the_way_home_is_the_ordinary_search_from_the_centres(week: Asked) -> None:
    """The oracle searches from the centres' points; with a radius, leaving can only be sooner."""
    config, context, network, access = week
    points = place_points(context.centres)
    spec = replace(access.spec, window_start_s=63_000, window_end_s=66_600, percentiles=(50.0,), cutoffs_s=())
    back = travel_times(network.days["weekday"], network.streets, points, access.origins, spec).percentile_s(50.0).T
    home = back[:, access.centre_default] <= access.kpi_cutoff_s
    without_radius = config.centres.model_copy(update={"radius_m": 0.0})
    plain = asked(config.model_copy(update={"centres": without_radius}))
    assert list(plain.hours().ways_back["17:30"].home) == list(home.sum(axis=1) >= access.centres_at_least)
    assert (week.hours().ways_back["17:30"].home >= plain.hours().ways_back["17:30"].home).all()
    assert context.zones.index.equals(plain.context.zones.index)


@pytest.mark.parametrize("number", range(6))
def test_one_more_service_takes_the_test_from_nobody_at_any_hour(region: SmallRegion, number: int) -> None:
    rng = random.Random(number)
    first, last = sorted(rng.sample(range(len(STOPS)), 2))
    stops = STOPS[first : last + 1][:: rng.choice((1, -1))]
    more = [
        trip(f"more {n}", calls(stops, rng.randrange(4 * 60, 25 * 60)), route="more", service=rng.choice(("WK", "SAT")))
        for n in range(12)
    ]
    ask_for(region, WAYS_BACK + PERIODS)
    before = asked(load_config(region.config)).hours()
    region.feed(week_feed(more))
    after = asked(load_config(region.config)).hours()
    pairs = [(before.periods[ident], after.periods[ident]) for ident in before.periods]
    pairs += [(before.hours[hour], after.hours[hour]) for hour in before.hours]
    for old, new in pairs:
        assert (old.meets <= new.meets).all()
        assert (np.nan_to_num(new.minutes, nan=np.inf) <= np.nan_to_num(old.minutes, nan=np.inf)).all()
    for at, old_way in before.ways_back.items():
        for old_met, new_met in zip(old_way, after.ways_back[at], strict=True):
            assert (old_met <= new_met).all()


def test_who_meets_the_test_only_in_the_headlines_hours_meets_it_in_no_other_period(week: Asked) -> None:
    zones = week.hours().zones
    headline = week.access.centres_within() >= week.access.centres_at_least
    others = zones[[f"meets_kpi_{ident}" for ident in ("early", "evening", "night", "saturday", "one_saturday")]]
    assert list(zones[ONLY_THEN]) == list(headline & ~others.any(axis=1))
    assert zones["meets_kpi_peak"].to_numpy().tobytes() == headline.tobytes()


def test_the_nearest_saturday_stands_for_saturdays_and_no_sunday_runs(region: SmallRegion) -> None:
    ask_for(region, PERIODS)
    config = load_config(region.config)
    days = read_network(config).days
    assert {name: timetable.date.isoformat() for name, timetable in days.items()} == {
        "weekday": "2026-03-24",
        "saturday": "2026-03-21",
        "2026-04-18": "2026-04-18",
    }
    region.replace("config.toml", 'days = "saturday"', 'days = "sunday"')
    with pytest.raises(ConfigError, match="period saturday: no trip of the timetables runs on any Sunday near"):
        read_network(load_config(region.config))
    region.replace("config.toml", "2026-04-18", "2026-04-19")
    region.replace("config.toml", 'days = "sunday"', 'days = "saturday"')
    with pytest.raises(ConfigError, match="period one_saturday: no trip runs on Sunday 2026-04-19"):
        read_network(load_config(region.config))
