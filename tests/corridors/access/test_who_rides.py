"""A run for people who ride only some modes or need accessible service: what it searches, counts, shows and says."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from corridors.config.run_config import load_config
from corridors.errors import ConfigError
from corridors.pipeline import run
from corridors.results import Results
from tests.support.cli import corridors
from tests.support.feeds import feed_text, route
from tests.support.small_region import SmallRegion, good_trips

pytestmark = pytest.mark.usefixtures("no_pictures")


def results(region: SmallRegion, search: str = "") -> Results:
    """A run with these lines in [search]; buses go south, trains north."""
    plain = region.config.read_text(encoding="utf-8")
    region.feed(feed_text(*good_trips(), routes=[route("north", 2), route("south", 3)]))
    region.replace("config.toml", "[outputs]", f"[search]\n{search}\n[outputs]")
    found = run(load_config(region.config))
    region.config.write_text(plain, encoding="utf-8")
    return found


def test_without_trains_nobody_goes_north_and_the_definition_says_so(region: SmallRegion) -> None:
    every, buses = results(region), results(region, 'modes = ["bus"]')
    zones, before = buses.zones, every.zones
    assert before.loc["ZA0", "minutes_to_F"] > 0 and np.isnan(zones.loc["ZA0", "minutes_to_F"])
    assert zones.loc["ZF0", "minutes_to_A"] == before.loc["ZF0", "minutes_to_A"]
    assert buses.kpi.people_within <= every.kpi.people_within
    assert buses.kpi.definition["modes"] == "only bus, or on foot" and "modes" not in every.kpi.definition
    assert set(every.links["mode"]) == {"bus", "rail"} and set(buses.links["mode"]) == {"bus"}
    assert (
        set(buses.stops["mode"]) == {"bus"}
        and buses.stops["trips_per_hour"].max() < every.stops["trips_per_hour"].max()
    )


def test_a_wheelchair_reaches_no_more_than_others_and_silence_of_the_feed_is_told(region: SmallRegion) -> None:
    every, sure, perhaps = (
        results(region, need) for need in ("", 'wheelchair = "required"', 'wheelchair = "required_or_unknown"')
    )
    assert sure.kpi.people_within <= perhaps.kpi.people_within == every.kpi.people_within
    assert sure.zones["minutes_to_F"].notna().sum() < every.zones["minutes_to_F"].notna().sum()
    assert "only at stops, and on trips, that the feed says are accessible" in sure.kpi.definition["wheelchair"]
    assert "of which it says nothing" in perhaps.kpi.definition["wheelchair"]
    effects = {one.code: one.effect for one in sure.warnings}
    assert (
        "6 of 6 stops whether a wheelchair can use them: they are taken as not accessible"
        in effects["wheelchair_not_said"]
    )
    assert sure.stops.empty and sure.links["centre_people"].sum() == 0


def test_limits_on_rides_and_on_walks_between_them_are_in_the_definition(region: SmallRegion) -> None:
    definition = results(region, "max_rides = 2\nmax_change_walk_min = 5").kpi.definition
    assert definition["rides"] == "at most 2 in a journey"
    assert definition["changing"] == "walks of at most 5 min between rides"


def test_the_report_of_such_a_run_says_who_it_is_about(region: SmallRegion, tmp_path: Path) -> None:
    region.replace(
        "config.toml", "[outputs]", '[search]\nmodes = ["bus"]\nwheelchair = "required_or_unknown"\n[outputs]'
    )
    ran = corridors("run", region.config, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "only bus, or on foot" in html and "walks are not checked for steps" in html
    kpi = pd.read_csv(tmp_path / "out" / "tables" / "kpi.csv")
    assert kpi["modes"].tolist() == ["only bus, or on foot"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('modes = ["zeppelin"]', "search.modes: unknown modes: zeppelin; expected some of"),
        ("modes = []", "search.modes"),
        ('wheelchair = "maybe"', "search.wheelchair"),
        ("max_change_walk_min = -1", "search.max_change_walk_min"),
        ("arrive_by = true", "search.arrive_by: unknown key"),
        ("frequency_draws = 5", "search.frequency_draws: unknown key"),
        ("step_s = -1", "search.step_s: must be at least 0"),
    ],
)
def test_what_a_run_cannot_be_asked_is_refused_by_name(region: SmallRegion, line: str, expected: str) -> None:
    region.replace("config.toml", "[outputs]", f"[search]\n{line}\n[outputs]")
    with pytest.raises(ConfigError, match=expected):
        load_config(region.config)
