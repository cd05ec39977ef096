"""Newport, Tuesday 2023-06-13: `corridors matrix` along its streets gives three journeys found by reading the timetable.

The traveller walks at most 5 minutes a leg at 4.8 km/h. From the start in Quebec Close four stops are that near, and the only
buses that call there between 08:00 and 09:30 and go on anywhere else are two of route 1 towards Friars Walk:

    trip VJd8a10ace...  Quebec Close 08:48:29 - St Woolos Cathedral 08:58:00 - Friars Walk 11 09:07:00
    trip VJ54b40010...  Quebec Close 09:24:03 - St Woolos Cathedral 09:35:12 - Friars Walk 11 09:40:00

(one of route 1 outward calls at 09:31 and ends at the far end of the route after 09:40). Walks, along the streets and rounded up:
start - Quebec Close 42 s; St Woolos Cathedral - church end 85 s; Dickens Drive - Gaer end 139 s.
"""

import datetime as dt
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from accessibility.legs import Points, Walk, points
from accessibility.streets.read import StreetNetwork, read_streets, street_legs
from benchmarks.shared import NEWPORT
from corridors.cli import app

FEED = NEWPORT / "newport-20230613_gtfs.zip"
OSM = NEWPORT / "newport-2023-06-13.osm.pbf"
START = (-3.0302, 51.5800)
ENDS = {"church": (-2.9990, 51.5830), "gaer": (-3.0225, 51.5722)}
QUEBEC_CLOSE, VANCOUVER_DRIVE = "5310AWB30343", "5310AWB30345"
CATHEDRAL, FRIARS_WALK, DICKENS_DRIVE = "5310AWB31088", "5310AWB32207", "5310AWB30412"
FIRST, SECOND, TO_GAER = "VJd8a10ace", "VJ54b40010", "VJ1ebd608d"

pytestmark = pytest.mark.skipif(
    not NEWPORT.is_dir(), reason="the shared Newport data (../shared/data/newport) is not on this machine"
)


def clock(text: str) -> int:
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return 3600 * hours + 60 * minutes + seconds


@pytest.fixture(scope="module")
def calls() -> pd.DataFrame:
    """Every call of a trip that runs on the day, as the feed's text has it: trip, route, stop, seconds, sequence."""
    with zipfile.ZipFile(FEED) as feed:
        tables = {
            name: pd.read_csv(feed.open(f"{name}.txt"), dtype=str)
            for name in ("calendar", "trips", "stop_times", "routes")
        }
    day = dt.date(2023, 6, 13)
    calendar = tables["calendar"]
    running = calendar[(calendar[day.strftime("%A").lower()] == "1") & (calendar["start_date"] <= "20230613")]
    trips = tables["trips"][tables["trips"]["service_id"].isin(running["service_id"])].merge(tables["routes"])
    rows = tables["stop_times"].merge(trips[["trip_id", "route_short_name"]])
    seconds = rows["departure_time"].map(clock)
    return rows.assign(trip=rows["trip_id"].str[:10], s=seconds, order=rows["stop_sequence"].astype(int))


@pytest.fixture(scope="module")
def streets() -> StreetNetwork:
    return read_streets(OSM)


def matrix(folder: Path, end: str, window: str) -> list[int]:
    """The seconds that the command line writes for one journey: p25, p50, p75."""
    for name, (lon, lat) in {"start": START, "end": ENDS[end]}.items():
        (folder / f"{name}.csv").write_text(f"id,lon,lat\n{name},{lon},{lat}\n")
    options = {
        "gtfs": FEED,
        "osm": OSM,
        "origins": folder / "start.csv",
        "destinations": folder / "end.csv",
        "date": "2023-06-13",
        "window": window,
        "max-walk-min": 5,
        "out": folder / "times.parquet",
    }
    done = CliRunner().invoke(
        app, ["matrix", *(word for key, value in options.items() for word in (f"--{key}", str(value)))]
    )
    assert done.exit_code == 0, done.output
    row = pq.read_table(folder / "times.parquet").to_pylist()[0]
    return [row["p25_s"], row["p50_s"], row["p75_s"]]


def at(calls: pd.DataFrame, trip: str, stop: str) -> int:
    """When a trip calls at a stop (arrival and departure are the same at all of these)."""
    return int(calls.loc[(calls["trip"] == trip) & (calls["stop_id"] == stop), "s"].iloc[0])


def test_the_timetable_says_what_the_journeys_are_built_on(calls: pd.DataFrame) -> None:
    assert at(calls, FIRST, QUEBEC_CLOSE) == clock("08:48:29")
    assert at(calls, FIRST, CATHEDRAL) == clock("08:58:00")
    assert at(calls, FIRST, FRIARS_WALK) == clock("09:07:00")
    assert at(calls, SECOND, QUEBEC_CLOSE) == clock("09:24:03")
    assert at(calls, SECOND, CATHEDRAL) == clock("09:35:12")
    assert at(calls, TO_GAER, FRIARS_WALK) == clock("09:50:00")
    assert at(calls, TO_GAER, DICKENS_DRIVE) == clock("10:08:11")
    morning = calls[(calls["s"] >= clock("08:00:00")) & (calls["s"] < clock("09:30:00"))]
    near = morning[morning["stop_id"].isin([QUEBEC_CLOSE, "5310AWB30342", VANCOUVER_DRIVE, "5310AWB30344"])]
    assert set(near["trip"]) == {FIRST, SECOND}
    gaer = calls[calls["stop_id"].isin([DICKENS_DRIVE, "5310AWB30411", "5310AWB30413", "5310AWB30414", "5310AWB30415"])]
    between = gaer[(gaer["s"] >= clock("08:58:00")) & (gaer["s"] < clock("10:08:11"))]
    # The 2A at Wells Close and Lamb Close shortly after 09:05 left Friars Walk at 08:50 and the Handpost at 08:56:03.
    assert set(between["route_short_name"]) == {"2A", "2C"}


def test_walks_are_along_the_streets(streets: StreetNetwork) -> None:
    def walk_s(start: tuple[float, float], end: tuple[float, float]) -> int:
        return int(street_legs(streets, _place(start), _place(end), Walk(max_s=300)).seconds[0])

    assert walk_s(START, (-3.030485, 51.580391)) == 42
    assert walk_s((-2.999993, 51.583176), ENDS["church"]) == 85
    assert walk_s((-3.022308, 51.572922), ENDS["gaer"]) == 139


def _place(at: tuple[float, float]) -> Points:
    return points(["here"], [at[0]], [at[1]])


def test_one_ride(tmp_path: Path) -> None:
    # Leave 08:40:00, at Quebec Close 08:40:42, bus 08:48:29, off 08:58:00, 85 s on foot: there 08:59:25.
    assert matrix(tmp_path, "church", "08:40-08:41") == [19 * 60 + 25] * 3


def test_a_change_with_a_long_wait(tmp_path: Path) -> None:
    # Leave 08:40:00, bus 08:48:29 to Friars Walk, 09:07:00; the 2C from there 09:50:00 is the next bus into the Gaer
    # (the 2A of 08:50 leaves the Handpost at 08:56:03, across the road from where this bus stops at 08:56:00).
    # Off at Dickens Drive 10:08:11, 139 s on foot: there 10:10:30.
    assert matrix(tmp_path, "gaer", "08:40-08:41") == [90 * 60 + 30] * 3


def test_quartiles_over_an_hour_of_departures(tmp_path: Path) -> None:
    # Departures 08:00 .. 08:47 (at the stop 42 s later) catch the 08:48:29 and are there 08:59:25: 59:25 .. 12:25.
    # Departures 08:48 .. 08:59 catch the 09:24:03 and are there 09:36:37: 48:37 .. 37:37.
    # In order: 12:25 .. 37:25 of the first bus (26), then by turns 37:37 (27th), 38:25 (28th), 38:37, 39:25 (30th), ...
    # The 15th is 12:25 + 14 min; the 30th 39:25; the 45th is the tenth of the second bus, 37:37 + 9 min.
    assert matrix(tmp_path, "church", "08:00-09:00") == [26 * 60 + 25, 39 * 60 + 25, 46 * 60 + 37]
