"""Observed days: no delay is the timetable's answer, a known delay the known one; made vehicle positions come to the report."""

import datetime as dt
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from corridors.access.centre_access import measure_access
from corridors.access.observed.answers import ObservedFound, answer_observed
from corridors.catalogue.observed import AS_TIMETABLED, CANCELLED, DROPPED, WAYS
from corridors.config.run_config import load_config
from corridors.inputs.read import read_context, read_network_and_feed
from corridors.runs.read_back import results_of
from tests.support.cli import corridors
from tests.support.feeds import FeedText, Trip, clock, feed_text, service, trip
from tests.support.small_region import (
    FIRST_MIN,
    HEADWAY_MIN,
    HOP_MIN,
    LAST_MIN,
    STOPS,
    SmallRegion,
    calls,
    good_feed,
    position,
)
from tests.support.vehicle_positions import Plan, corrected_feed, positions_of

WEDNESDAY, THURSDAY = dt.date(2026, 3, 25), dt.date(2026, 3, 26)
STARTS = range(FIRST_MIN, LAST_MIN, HEADWAY_MIN)
PLACES = {stop: position(stop) for stop in STOPS}


class Answered(NamedTuple):
    found: ObservedFound
    zones: list[str]
    headline: np.ndarray

    def met(self, day: dt.date, way: str) -> tuple[set[str], set[str]]:
        """Zones whose people are at a stop itself and meet the test: by the timetable, as observed."""
        both = self.found.meets[day, way]
        timetabled, observed = (
            {zone for zone, one in zip(self.zones, side, strict=True) if one and zone.endswith("0")} for side in both
        )
        return timetabled, observed


def observe(region: SmallRegion, *entries: str) -> None:
    """Name observed days in the region's configuration."""
    text = region.config.read_text(encoding="utf-8")
    region.config.write_text(f"observed = [{', '.join(entries)}]\n{text}", encoding="utf-8")


def answered(region: SmallRegion) -> Answered:
    config = load_config(region.config)
    context = read_context(config)
    network, _ = read_network_and_feed(config, other_days=True)
    access = measure_access(config, context, network)
    headline = access.centres_within() >= access.centres_at_least
    return Answered(answer_observed(context, network, access), list(context.zones.index), headline)


def later(hop_min: int, date: dt.date, leave_out: int = 0) -> FeedText:
    """What ran on a day: northward buses take `hop_min` more minutes a hop, and the first ones of both ways were not seen."""
    day = date.strftime("%Y%m%d")
    north = [
        trip(
            f"N{clock(60 * start)}",
            " | ".join(f"{stop} {clock(60 * (start + (HOP_MIN + hop_min) * i))}" for i, stop in enumerate(STOPS)),
            route="north",
            service="RAN",
        )
        for start in STARTS
    ]
    south = [trip(f"S{clock(60 * s)}", calls(STOPS[::-1], s), route="south", service="RAN") for s in STARTS]
    seen: list[Trip] = [*north[leave_out:], *south[leave_out:]]
    return feed_text(*seen, calendar=(service("RAN", "1111111", day, day),))


@pytest.mark.parametrize("by_table", [True, False], ids=["delays", "feed"])
def test_no_delay_is_the_answer_of_the_timetable_to_the_byte(region: SmallRegion, by_table: bool) -> None:
    good_feed().zip(region.path("ran.zip"))
    region.table("none.csv", [{"line": ln, "stop": s, "hour": h, "delay_s": 0} for ln in ("north", "south") for s in STOPS
                              for h in range(5, 13)])  # fmt: skip
    observe(region, '"none.csv"' if by_table else '{ feeds = ["ran.zip"], date = 2026-03-24 }')
    found = answered(region)
    (day,) = found.found.days
    assert day.matched_share == 1.0
    for way in WAYS:
        timetabled, observed = found.found.meets[day.date, way]
        assert timetabled.tobytes() == observed.tobytes() == found.headline.tobytes()


def test_a_known_delay_takes_the_test_from_whom_it_takes_too_long(region: SmallRegion) -> None:
    """From A to F it is 25 min, 1 to board and 5 to wait at the median; 2 min more a hop make 41 minutes, 3 more make 46."""
    later(2, WEDNESDAY).zip(region.path("wednesday.zip"))
    later(3, THURSDAY).zip(region.path("thursday.zip"))
    observe(region, '"thursday.zip"', '"wednesday.zip"')
    found = answered(region)
    assert [day.date for day in found.found.days] == [WEDNESDAY, THURSDAY]
    for way in WAYS:
        timetabled, observed = found.met(WEDNESDAY, way)
        assert timetabled == observed and "ZA0" in observed
        timetabled, observed = found.met(THURSDAY, way)
        assert timetabled - observed == {"ZA0"} and observed < timetabled
    zones = found.found.zones
    assert zones.loc["ZA0", "observed_days_share"] == 0.5
    assert zones.loc["ZA0", "timetabled_days_share"] == 1.0
    assert zones.loc["ZC0", "observed_days_share"] == 1.0


def test_trips_that_were_not_seen_run_are_cancelled_or_are_left_out(region: SmallRegion) -> None:
    """Nothing was seen before 08:30: cancelled, nobody is there at the median departure of 07:00 to 09:00."""
    unseen = (8 * 60 + 30 - FIRST_MIN) // HEADWAY_MIN
    later(0, WEDNESDAY, leave_out=unseen).zip(region.path("late.zip"))
    observe(region, '"late.zip"')
    found = answered(region)
    assert found.met(WEDNESDAY, AS_TIMETABLED)[0] == found.met(WEDNESDAY, AS_TIMETABLED)[1] != set()
    assert found.met(WEDNESDAY, CANCELLED)[0] == found.met(WEDNESDAY, AS_TIMETABLED)[0]
    assert found.met(WEDNESDAY, CANCELLED)[1] < found.met(WEDNESDAY, CANCELLED)[0]
    assert found.met(WEDNESDAY, DROPPED)[0] == found.met(WEDNESDAY, DROPPED)[1] == found.met(WEDNESDAY, CANCELLED)[1]
    coverage = found.found.coverage[WEDNESDAY]
    in_hours = [s for s in STARTS if s < 9 * 60 + 45 and s + 5 * HOP_MIN >= 7 * 60]
    assert coverage.trips.sum() == 2 * len(in_hours)
    assert coverage.matched.sum() == 2 * len([s for s in in_hours if s >= 8 * 60 + 30])


def test_delays_by_line_stop_and_hour_are_those_of_the_same_day_as_a_feed(region: SmallRegion) -> None:
    rows = [
        {"when": THURSDAY.isoformat(), "LineRef": " North ", "stop": stop, "hour": hour, "late": 180 * i}
        for i, stop in enumerate(STOPS)
        for hour in range(5, 13)
    ]
    pd.DataFrame(rows).to_parquet(region.path("delays.parquet"))
    later(3, WEDNESDAY).zip(region.path("wednesday.zip"))
    columns = '{ line = "LineRef", delay_s = "late", date = "when" }'
    observe(region, f'{{ delays = "delays.parquet", columns = {columns} }}', '"wednesday.zip"')
    found = answered(region)
    assert found.met(THURSDAY, AS_TIMETABLED) == found.met(WEDNESDAY, AS_TIMETABLED)
    assert found.met(THURSDAY, CANCELLED)[1] < found.met(THURSDAY, AS_TIMETABLED)[1]  # the way south has no row


# -- from made vehicle positions to the report ---------------------------------------------------------------------------


def plans() -> list[Plan]:
    ways = {"north": STOPS, "south": STOPS[::-1]}
    return [
        Plan(f"{line} {start}", line, tuple((stop, 60 * (start + HOP_MIN * i)) for i, stop in enumerate(stops)))
        for line, stops in ways.items()
        for start in STARTS
    ]


def made_day(date: dt.date, more_a_hop_s: int) -> FeedText:
    """A SYNTHETIC day: vehicles report their places, and a corrected feed is made from the reports."""

    def late_s(plan: Plan, stop: str) -> int:
        return 60 + more_a_hop_s * STOPS.index(stop) if plan.line == "north" else 0

    return corrected_feed(positions_of(plans(), PLACES, late_s), PLACES, date)


@pytest.mark.usefixtures("no_pictures")
def test_made_vehicle_positions_of_two_days_come_to_the_report(region: SmallRegion) -> None:
    made_day(WEDNESDAY, 0).zip(region.path("wednesday.zip"))
    made_day(THURSDAY, 180).zip(region.path("thursday.zip"))
    source = 'synthetic = true, source = "vehicle positions made for a test"'
    observe(region, *(f'{{ feeds = ["{name}.zip"], {source} }}' for name in ("wednesday", "thursday")))
    assert corridors("check", region.config).code == 0
    out = region.folder / "out"
    ran = corridors("run", region.config, "--out", out)
    assert ran.code == 0, ran.err
    assert "SYNTHETIC OBSERVATIONS" in ran.out
    _require_known_answer(out)
    page = (out / "report.html").read_text(encoding="utf-8")
    for words in ("As observed", "Wednesday 25 March 2026", "hours were matched", "SYNTHETIC OBSERVATIONS"):
        assert words in page
    again = results_of(out)
    assert again.observed and again.observed.synthetic
    assert again.observed.dates == (WEDNESDAY.isoformat(), THURSDAY.isoformat())
    assert again.region.synthetic_observations


def _require_known_answer(out: Path) -> None:
    """On Thursday F is 46 min from A, and with 16 min on foot to the stop 55 from ZB1 and 47 from ZC1; each has 100 people."""
    days = pd.read_csv(out / "tables" / "observed_days.csv").set_index(["date", "unmatched"])
    assert (days["trips_matched_share"] == 1).all() and (days["synthetic"]).all()
    wednesday, thursday = (days.loc[(date.isoformat(), AS_TIMETABLED)] for date in (WEDNESDAY, THURSDAY))
    assert wednesday["people_within_observed"] == wednesday["people_within_timetabled"] == 1000
    assert thursday["people_within_observed"] == 700 and thursday["people_only_timetabled"] == 300
    assert wednesday["late_delay_s"] == 60 < thursday["late_delay_s"] <= 60 + 5 * 180
    zones = gpd.read_file(out / "layers" / "line.gpkg", layer="zones").set_index("zone_id")
    assert zones.loc["ZA0", "observed_days_share"] == 0.5
    lines = pd.read_csv(out / "tables" / "observed_lines.csv").set_index("line")
    assert lines.loc["south", "median_delay_s"] == 0 and lines.loc["north", "median_delay_s"] > 60
    places = pd.read_csv(out / "tables" / "observed_by_place.csv").set_index(["place_kind", "unmatched"])
    whole = places.loc[("region", AS_TIMETABLED)]
    assert np.allclose(
        whole[["share_observed", "share_observed_lowest", "share_observed_highest"]],
        [850 / 1200, 700 / 1200, 1000 / 1200],
    )
    assert "stands in the section “As observed”" in (out / "report.html").read_text(encoding="utf-8")
    dictionary = pd.read_csv(out / "tables" / "data_dictionary.csv").set_index(["table", "column"])
    tables = ["observed_days", "observed_by_place", "observed_lines"]
    assert dictionary.loc[tables, "unit"].notna().all()


def test_positions_give_back_the_times_at_which_vehicles_left() -> None:
    feed = made_day(WEDNESDAY, 90)
    rows = [row for row in feed.tables["stop_times.txt"] if row["trip_id"] == f"seen bus of north {FIRST_MIN}"]
    expected = [60 * (FIRST_MIN + 1 + HOP_MIN * i) + 90 * i for i in range(len(STOPS))]
    assert [(row["stop_id"], row["arrival_time"]) for row in rows] == [
        (stop, clock(time)) for stop, time in zip(STOPS, expected, strict=True)
    ]
