"""The demonstration region: worked examples of its parts, then the whole of it as built."""

import datetime as dt
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from accessibility.feed import read_feed
from accessibility.timetable.timetable import build_timetable
from corridors.bundled import bundled_data
from corridors.config.run_config import load_config
from corridors.demo.base_map import demo_base_map
from corridors.demo.build import build_demo_region
from corridors.demo.cached import demo_config
from corridors.demo.feed import Period, departures
from corridors.demo.lines import DemoLine, DemoStop, MetroStage, demo_lines, metres_between, text_id
from corridors.demo.people import shared_out
from corridors.demo.zones import hexagons

TABLES = ("people", "households", "deprivation", "qualifications", "employment", "points")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_demo_region(tmp_path_factory.mktemp("demo")).parent


@pytest.fixture(scope="module")
def feed(region: Path) -> dict[str, pd.DataFrame]:
    with zipfile.ZipFile(region / "demo_gtfs.zip") as archive:
        return {
            Path(name).stem: pd.read_csv(archive.open(name), dtype={"route_short_name": str})
            for name in archive.namelist()
        }


@pytest.fixture(scope="module")
def zones(region: Path) -> gpd.GeoDataFrame:
    frame = gpd.read_file(region / "zones.gpkg")
    for name in TABLES:
        frame = frame.merge(pd.read_csv(region / f"{name}.csv"), on="zone_id", validate="one_to_one")
    return frame


def seconds(clock: pd.Series) -> pd.Series:
    """Seconds after midnight of GTFS clock texts; each text is parsed once."""
    code, texts = clock.factorize()
    parts = [tuple(map(int, text.split(":"))) for text in texts]
    return pd.Series(np.array([3600 * h + 60 * m + s for h, m, s in parts])[code], index=clock.index)


# Worked examples


def test_a_headway_spaces_departures_across_the_change_of_period() -> None:
    day = [Period("weekday", "early", 300, 330), Period("weekday", "am_peak", 330, 360)]
    # 05:02 and 05:22 every 20; the peak starts at 05:30, but ten minutes after 05:22 is 05:32.
    assert departures(day, {"early": 20, "am_peak": 10}, offset_min=2) == [
        ("early", 302),
        ("early", 322),
        ("am_peak", 332),
        ("am_peak", 342),
        ("am_peak", 352),
    ]


def test_a_period_without_a_headway_has_no_departures() -> None:
    day = [Period("sunday", "early", 300, 360), Period("sunday", "day", 360, 400)]
    assert departures(day, {"day": 30}, offset_min=40) == [("day", 370)]


def test_a_total_is_shared_out_whole_by_largest_remainder() -> None:
    # Exact shares 3.33, 3.33, 3.33: one is left over and the first wins the tie.
    assert shared_out(10, np.array([1.0, 1.0, 1.0])).tolist() == [4, 3, 3]
    # Exact shares 1.4, 2.8, 2.8: two left over go to the two largest remainders.
    assert shared_out(7, np.array([1.0, 2.0, 2.0])).tolist() == [1, 3, 3]


def test_names_become_plain_ids() -> None:
    assert text_id("Sandwell & Dudley") == "sandwell_and_dudley"
    assert text_id("St George's") == "st_georges"


def test_hexagons_cover_the_bounds_without_overlap() -> None:
    cells = hexagons(np.array([0.0, 0.0, 3000.0, 2000.0]), width_m=1000.0)
    assert shapely.area(cells) == pytest.approx(np.sqrt(3) / 2 * 1000**2, rel=1e-4)
    together = shapely.union_all(cells)
    assert together.covers(shapely.box(0, 0, 3000, 2000))
    assert together.area == pytest.approx(shapely.area(cells).sum(), rel=1e-6)


@pytest.fixture
def two_towns(tmp_path: Path) -> Path:
    """Ashby and Barton 1,600 m apart, a line each way between them at 12 km/h, and no trains or trams."""
    for folder in ("demo", "places"):
        (tmp_path / folder).mkdir()
    headways = "early_min,am_peak_min,day_min,pm_peak_min,evening_min,offset_min"
    tables = {
        "demo/towns.csv": "name,lat,lon\nAshby,52.5,-1.99\nBarton,52.5,-1.966433\n",
        "demo/speeds.csv": "speed_class,early_kmh,am_peak_kmh,day_kmh,pm_peak_kmh,evening_kmh,stop_spacing_m\n"
        "city,12,12,12,12,12,400\nexpress,24,24,24,24,24,0\n",
        "demo/bus_lines.csv": f"id,short_name,speed_class,{headways},places\n"
        "one,1,city,20,10,10,10,,0,Ashby > Barton\n"
        "two,2,city,20,10,10,10,30,0,Barton > Ashby\n"
        "fast,X1,express,20,10,10,10,30,0,Ashby > Barton\n",
        "demo/rail_services.csv": f"id,name,{headways},calls\n",
        "demo/metro_services.csv": f"id,line,name,stage,{headways},minutes_end_to_end,not_calling_at\n",
        "demo/more_stations.csv": "id,name,lat,lon\n",
        "places/stations.csv": "id,name,lat,lon\n",
        "places/metro_stops.csv": "line,order,name,lat,lon,stage\n",
    }
    for name, text in tables.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_buses_stop_every_400_m_at_stops_that_both_directions_and_all_lines_share(two_towns: Path) -> None:
    one, two, _ = demo_lines(two_towns)
    assert [stop.name for stop in one.stops] == [
        "Ashby",
        "Ashby towards Barton 1",
        "Ashby towards Barton 2",
        "Ashby towards Barton 3",
        "Barton",
    ]
    assert two.stops == one.stops[::-1]
    assert metres_between(one.stops) == pytest.approx(400, abs=2)


def test_running_time_is_distance_by_speed_and_express_lines_stop_in_towns_only(two_towns: Path) -> None:
    one, _, fast = demo_lines(two_towns)
    assert one.hop_s["day"].tolist() == [120, 120, 120, 120]  # 400 m at 12 km/h
    assert fast.hop_s["day"].tolist() == [240]  # 1,600 m at 24 km/h
    assert "evening" not in one.headway_min


# The whole region


def test_two_builds_are_the_same_bytes(region: Path) -> None:
    """The second is the one that is kept for runs."""
    kept = demo_config().parent
    assert {path.name for path in kept.iterdir()} - {path.name for path in region.iterdir()} == {"digests.json"}
    assert [p.name for p in sorted(region.iterdir()) if p.read_bytes() != (kept / p.name).read_bytes()] == []


def test_the_configuration_is_valid_and_every_file_it_names_is_there(region: Path) -> None:
    config = load_config(region / "config.toml")
    assert config.region.illustrative
    assert config.timetable.synthetic
    assert config.timetable.date == dt.date(2026, 3, 24)
    assert config.zones.points is not None
    assert config.pilots is not None
    assert config.sites is not None
    files = [*config.timetable.feeds, config.zones.file, config.zones.points.file]
    files += [config.centres.file, config.corridors.file, config.pilots.file, config.sites.file]
    files += [layer.file for layer in config.layers]
    assert [path for path in files if not path.is_file()] == []


def test_there_are_about_a_thousand_zones_of_one_piece_each(zones: gpd.GeoDataFrame) -> None:
    assert 900 <= len(zones) <= 1100
    assert zones.crs.to_epsg() == 27700
    assert set(zones.geom_type) == {"Polygon"}
    assert zones["zone_id"].tolist() == [f"DEMO{number:04d}" for number in range(1, len(zones) + 1)]
    assert zones["name"].is_unique


def test_zones_tile_the_seven_districts_and_about_901_km2(zones: gpd.GeoDataFrame) -> None:
    assert zones["district_code"].nunique() == 7
    assert zones.area.sum() / 1e6 == pytest.approx(901, rel=0.10)
    assert zones.union_all().area == pytest.approx(zones.area.sum(), rel=1e-5)


def test_people_sum_exactly_to_the_district_totals(zones: gpd.GeoDataFrame) -> None:
    districts = pd.read_csv(bundled_data() / "demo" / "districts.csv").set_index("code")["population"]
    assert zones.groupby("district_code")["population"].sum().to_dict() == districts.to_dict()
    assert zones["population"].sum() == 2_919_662
    assert (zones["population"] > 0).all()


def test_parts_of_the_people_never_exceed_the_whole(zones: gpd.GeoDataFrame) -> None:
    assert (zones["population_16plus"] + zones["age_0_14"] <= zones["population"]).all()
    assert (zones["working_age"] + zones["age_65plus"] == zones["population_16plus"]).all()
    assert (zones["economically_active"] <= zones["population_16plus"]).all()
    assert (zones["unemployed"] <= zones["economically_active"]).all()
    assert (zones["households_no_car"] <= zones["households"]).all()
    assert (zones["households"] <= zones["population"]).all()
    assert (zones["level4_share"] + zones["no_quals_share"] < 1).all()


def test_the_region_has_its_known_totals(zones: gpd.GeoDataFrame) -> None:
    people = zones["population"]
    assert people[zones["imd_decile"] == 1].sum() / people.sum() == pytest.approx(0.26, abs=0.02)
    assert zones["households_no_car"].sum() / zones["households"].sum() == pytest.approx(0.275, abs=1e-4)
    assert zones["jobs"].sum() == 1_300_000
    assert set(zones["imd_decile"]) == set(range(1, 11))


def test_the_region_has_its_known_shape(zones: gpd.GeoDataFrame) -> None:
    town = zones.set_index(zones["name"].str.replace(r" \d+$", "", regex=True))
    deprived, comfortable = (
        ["Aston", "Alum Rock", "Chelmsley Wood"],
        ["Mere Green", "Dorridge", "Pedmore", "Styvechale"],
    )
    assert (town.loc[deprived, "imd_decile"] <= 2).all()
    assert (town.loc[comfortable, "imd_decile"] >= 7).all()
    assert town.loc[deprived, "level4_share"].max() < town.loc[comfortable, "level4_share"].min()
    assert town["jobs"].idxmax() == "Birmingham city centre"
    assert (zones["population"] / zones.area).idxmax() in zones.index[zones["district_code"] == "E08000025"]


def test_where_people_live_is_inside_their_own_zone_or_close_to_it(zones: gpd.GeoDataFrame) -> None:
    points = gpd.GeoSeries(gpd.points_from_xy(zones["lon"], zones["lat"]), crs="EPSG:4326").to_crs(zones.crs)
    assert zones.geometry.distance(points).max() < 50


def test_lines_are_many_and_of_three_modes(feed: dict[str, pd.DataFrame]) -> None:
    lines = feed["routes"]["route_type"].value_counts()
    assert lines[3] >= 60
    assert lines[2] >= 10
    assert lines[0] == 2  # two patterns of Metro Line 1
    known = {"51", "X51", "74", "79", "80", "82", "87", "529", "11", "16", "28", "X8", "X10", "997", "936", "937"}
    assert known <= set(feed["routes"]["route_short_name"])


def test_every_key_of_the_feed_resolves_and_none_repeats(feed: dict[str, pd.DataFrame]) -> None:
    for table, key in {"stops": "stop_id", "routes": "route_id", "trips": "trip_id", "calendar": "service_id"}.items():
        assert feed[table][key].is_unique
    assert set(feed["trips"]["route_id"]) == set(feed["routes"]["route_id"])
    assert set(feed["trips"]["service_id"]) == {"weekday", "saturday", "sunday"} == set(feed["calendar"]["service_id"])
    assert set(feed["stop_times"]["trip_id"]) == set(feed["trips"]["trip_id"])
    assert set(feed["stop_times"]["stop_id"]) == set(feed["stops"]["stop_id"])
    assert set(feed["routes"]["agency_id"]) == set(feed["agency"]["agency_id"])


def test_times_increase_along_every_trip(feed: dict[str, pd.DataFrame]) -> None:
    times = feed["stop_times"]
    passed = seconds(times["departure_time"]).diff()
    assert (passed[times["stop_sequence"] > 1] > 0).all()
    assert (times["trip_id"].ne(times["trip_id"].shift()) == (times["stop_sequence"] == 1)).all()


def test_service_runs_from_five_until_past_midnight(feed: dict[str, pd.DataFrame]) -> None:
    times = feed["stop_times"].merge(feed["trips"], on="trip_id").query("service_id == 'weekday'")
    starts = seconds(times.loc[times["stop_sequence"] == 1, "departure_time"])
    assert starts.min() == 5 * 3600
    assert 23 * 3600 < starts.max() < 23.5 * 3600
    assert 24 * 3600 < seconds(times["arrival_time"]).max() < 26 * 3600


def test_typical_trains_and_trams_take_the_times_known_of_them(feed: dict[str, pd.DataFrame]) -> None:
    times = feed["stop_times"].assign(at=lambda table: seconds(table["departure_time"]))
    times = times.merge(feed["trips"], on="trip_id").query("service_id == 'weekday' and direction_id == 0")

    def minutes(route: str, start: str, end: str) -> float:
        trips = times[times["route_id"] == route].pivot(index="trip_id", columns="stop_id", values="at")
        return float((trips[end] - trips[start]).median()) / 60

    assert 18 <= minutes("r03", "rail_wolverhampton", "rail_new_street") <= 25
    assert 22 <= minutes("r05", "rail_walsall", "rail_new_street") <= 28
    assert 20 <= minutes("r11", "rail_coventry", "rail_new_street") <= 30
    assert 12 <= minutes("r12", "rail_moor_street", "rail_solihull") <= 17
    assert minutes("r04", "rail_wolverhampton", "rail_walsall") == 16
    assert minutes("m1a", "metro_wolverhampton_station", "metro_edgbaston_village") == 55


def test_trams_leave_every_six_minutes_in_the_morning_peak(feed: dict[str, pd.DataFrame]) -> None:
    times = feed["stop_times"].query("stop_id == 'metro_the_royal'").merge(feed["trips"], on="trip_id")
    inbound = times.query("service_id == 'weekday' and direction_id == 0 and route_id.str.startswith('m1')")
    at = np.sort(seconds(inbound["departure_time"]))
    gaps_min = np.diff(at[(at > 7 * 3600) & (at < 9 * 3600)]) / 60
    assert gaps_min.mean() == pytest.approx(6, abs=0.3)
    assert gaps_min.max() <= 8


def test_the_engine_reads_the_feed_without_a_repair(region: Path) -> None:
    timetable = build_timetable(read_feed(region / "demo_gtfs.zip"), dt.date(2026, 3, 24))
    assert timetable.repairs == ()
    assert set(timetable.routes["mode"]) >= {"bus", "rail"}


def test_line_2_does_not_run_in_the_base_region() -> None:
    assert all(line.short_name != "Metro 2" for line in demo_lines(bundled_data()))


@pytest.mark.parametrize(("stage", "last"), [("S1", "Flood Street"), ("S2", "Merry Hill"), ("S3", "Brierley Hill")])
def test_line_2_runs_as_far_as_its_stage(stage: MetroStage, last: str) -> None:
    (added,) = (line for line in demo_lines(bundled_data(), stage) if line.short_name == "Metro 2")
    assert added.stops[0].name == "Wednesbury Great Western St tram stop"
    assert added.stops[-1].name == f"{last} tram stop"
    kmh = metres_between(added.stops).sum() / added.hop_s["am_peak"].sum() * 3.6
    assert kmh == pytest.approx(27, abs=1)


def test_the_base_map_joins_stops_of_the_lines_and_draws_no_way_twice(
    region: Path, feed: dict[str, pd.DataFrame]
) -> None:
    drawn = gpd.read_file(region / "base_map.gpkg")
    assert set(zip(drawn["kind"], drawn["class"], strict=True)) == {
        ("road", "primary"), ("road", "secondary"), ("road", "tertiary"), ("rail", "rail"), ("rail", "light_rail"),
        ("place", "city"), ("place", "town"), ("place", "suburb"),
    }  # fmt: skip
    stops = {tuple(spot) for spot in feed["stops"][["stop_lon", "stop_lat"]].round(6).to_numpy()}
    lines = drawn[drawn.geometry.geom_type == "LineString"]
    ends = lines.geometry.map(lambda line: frozenset((round(x, 6), round(y, 6)) for x, y in line.coords))
    assert all(end <= stops for end in ends)
    assert ends.groupby(lines["kind"]).apply(lambda own: own.is_unique).all()
    numbers = drawn.loc[drawn["kind"] == "road", "name"].fillna("")
    assert set(numbers) == {"", "A34"}
    along = {tuple(spot) for spot in shapely.get_coordinates(drawn.geometry[numbers.index[numbers == "A34"]]).round(6)}
    (line,) = (line for line in demo_lines(bundled_data()) if line.line_id == "b51")
    assert len(along & {(round(stop.lon, 6), round(stop.lat, 6)) for stop in line.stops}) > 0.8 * len(line.stops)
    assert set(pd.read_csv(bundled_data() / "demo" / "towns.csv")["name"]) == set(
        drawn.loc[drawn["kind"] == "place", "name"]
    )


def test_a_fast_train_past_a_station_adds_no_railway() -> None:
    def line(ident: str, *stops: DemoStop) -> DemoLine:
        hops = {"am_peak": np.full(len(stops) - 1, 60)}
        return DemoLine(ident, ident, ident, "rail", stops, hops, {"am_peak": 10}, 0)

    a, b, c = (DemoStop(name, name, 52.5, lon) for name, lon in (("A", -1.9), ("B", -1.8), ("C", -1.7)))
    d = DemoStop("D", "D", 52.6, -1.7)
    drawn = demo_base_map([line("slow", a, b, c, d), line("fast", a, c), line("across", a, d)], bundled_data())
    rails = {frozenset(shape.coords) for shape in drawn.loc[drawn["kind"] == "rail"].geometry}
    hops = [(a, b), (b, c), (c, d)]
    # A to D through B and C is 1.4 times the straight way, so that way is drawn too; A to C through B is no detour at all.
    assert rails == {frozenset((one.lon, one.lat) for one in hop) for hop in (*hops, (a, d))}
