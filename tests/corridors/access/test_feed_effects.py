"""What dropped and repaired trips cost corridors and centres, counted by hand on the small region."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from tests.support.cli import corridors
from tests.support.feeds import FeedText, Trip, feed_text
from tests.support.small_region import SmallRegion, good_trips

pytestmark = pytest.mark.usefixtures("no_pictures")

# Between 07:00 and 09:00 the corridor sees 14 trips each way (those of 06:40 to 08:50 leave one of its stops), a centre 12.
CORRIDOR_TRIPS, CENTRE_TRIPS = 28, 24


def with_call(trips: list[Trip], trip_id: str, place: int, **changes: object) -> FeedText:
    """The feed with one call of one trip changed."""
    changed = [
        Trip(one.row, tuple({**call, **(changes if i == place else {})} for i, call in enumerate(one.calls)))
        if one.row["trip_id"] == trip_id
        else one
        for one in trips
    ]
    return feed_text(*changed)


def effects_of(region: SmallRegion, out: Path) -> pd.DataFrame:
    """The table of effects of a run, by kind of repair and place."""
    ran = corridors("run", region.config, "--out", out)
    assert ran.code == 0, ran.err
    return pd.read_csv(out / "tables" / "input_effects.csv").set_index(["code", "place_id"])


def test_a_dropped_trip_is_counted_in_every_place_it_would_have_called_at(region: SmallRegion, tmp_path: Path) -> None:
    region.feed(with_call(good_trips(), "N07:30", 4, arrival_time="06:00:00", departure_time="06:00:00"))
    effects = effects_of(region, tmp_path / "out")
    row = effects.loc[("times_run_backwards", "line")]
    assert (row["trips_touched"], row["trips_in_window"], row["first"]) == (1, CORRIDOR_TRIPS, "N07:30")
    assert row["touched_share"] == pytest.approx(1 / 28)
    centres = effects.loc["times_run_backwards"].loc[["A", "C", "F"]]
    assert centres["trips_touched"].tolist() == [1, 1, 1]
    assert centres["trips_in_window"].tolist() == [CENTRE_TRIPS] * 3


def test_the_cost_stands_in_the_manifest_the_warnings_table_and_the_report(region: SmallRegion, tmp_path: Path) -> None:
    region.feed(with_call(good_trips(), "N07:30", 4, arrival_time="06:00:00", departure_time="06:00:00"))
    effects_of(region, tmp_path / "out")
    words = "Line 1 of 28 trips (3.6 %), first N07:30"
    manifest = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    (warning,) = manifest["warnings"]
    assert warning["code"] == "times_run_backwards" and words in warning["effect"]
    line = next(row for row in manifest["input_effects"] if row["place_kind"] == "corridor")
    assert (line["place"], line["trips_touched"], line["trips_in_window"]) == ("Line", 1, CORRIDOR_TRIPS)
    assert "Centre A 1 of 24 trips (4.2 %)" in warning["effect"]
    assert words in pd.read_csv(tmp_path / "out" / "tables" / "warnings.csv")["effect"][0]
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    plain = re.sub(r"<[^>]+>", "", report)
    assert words in plain and "of 28 trips that call here in the departure window, 1 (3.6 %)" in plain


def test_a_trip_dropped_outside_the_window_costs_no_place_anything(region: SmallRegion, tmp_path: Path) -> None:
    region.feed(with_call(good_trips(), "N10:30", 0, arrival_time="", departure_time=""))
    assert effects_of(region, tmp_path / "out").empty
    (warning,) = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["warnings"]
    assert "In the departure window none of them calls at a corridor or centre." in warning["effect"]


def test_a_repaired_trip_that_runs_counts_where_it_calls(region: SmallRegion, tmp_path: Path) -> None:
    """The 07:30 lacks its time at C: it is filled in, and the trip runs on past all three centres."""
    region.feed(with_call(good_trips(), "N07:30", 2, arrival_time="", departure_time=""))
    effects = effects_of(region, tmp_path / "out").loc["blank_times_interpolated"]
    assert effects["trips_touched"].to_dict() == {"line": 1, "A": 1, "C": 1, "F": 1}
    assert effects.loc["line", "trips_in_window"] == CORRIDOR_TRIPS


def test_trips_of_a_service_without_days_are_counted_as_lost(region: SmallRegion, tmp_path: Path) -> None:
    odd = [
        Trip({**one.row, "service_id": "NEVER"}, one.calls) if one.row["trip_id"] in {"N07:30", "S08:00"} else one
        for one in good_trips()
    ]
    text = feed_text(*odd)
    region.feed(
        text.setting("calendar.txt", *(row for row in text.tables["calendar.txt"] if row["service_id"] == "WK"))
    )
    row = effects_of(region, tmp_path / "out").loc[("trips_of_unknown_service", "line")]
    assert (row["trips_touched"], row["trips_in_window"]) == (2, CORRIDOR_TRIPS)


def test_calls_of_a_trip_that_is_not_in_the_table_of_trips_are_counted_as_lost(
    region: SmallRegion, tmp_path: Path
) -> None:
    text = feed_text(*good_trips())
    kept = [row for row in text.tables["trips.txt"] if row["trip_id"] != "N07:30"]
    region.feed(text.setting("trips.txt", *kept))
    row = effects_of(region, tmp_path / "out").loc[("stop_times_of_unknown_trips", "C")]
    assert (row["trips_touched"], row["trips_in_window"], row["first"]) == (1, CENTRE_TRIPS, "N07:30")


def test_trips_of_two_feeds_are_named_as_they_are_in_the_timetable(region: SmallRegion, tmp_path: Path) -> None:
    with_call(good_trips(), "N07:30", 2, arrival_time="", departure_time="").zip(region.path("feed.zip"))
    other = [Trip({**one.row, "route_id": "other"}, one.calls) for one in good_trips()[:1]]
    feed_text(*other).zip(region.path("more.zip"))
    region.replace("config.toml", '"feed.zip"', '"feed.zip", "more.zip"')
    row = effects_of(region, tmp_path / "out").loc[("blank_times_interpolated", "A")]
    assert row["first"] == "feed:N07:30"
