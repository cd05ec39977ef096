"""Lines registered twice in a run: left out or kept as the configuration says, and the headline told both ways."""

import datetime as dt
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest

from accessibility.timetable.service_dates import USUAL_SHARE, WEEKS_ROUND
from corridors.access.centre_access import measure_access
from corridors.access.variants import Variant, headline_variants
from corridors.bundled import bundled_data
from corridors.catalogue.headline_variants import HEADLINE, REGISTRATIONS, TECHNICAL_CHOICES
from corridors.config.run_config import load_config
from corridors.inputs.read import Network, read_context, read_network, read_network_and_feed
from corridors.inputs.timetables import missing_modes
from corridors.report import view_report
from corridors.report.blocks.wording import in_words
from tests.corridors import fake_results as fake
from tests.corridors.report.report_text import texts_of
from tests.support.feeds import TUESDAY, FeedText, feed_text, route, service, stop, trip
from tests.support.small_region import (
    SmallRegion,
    feed_registered_twice,
    good_feed,
    good_zones,
)


def register_twice(region: SmallRegion) -> int:
    """Both directions a second time; how many trips that is."""
    text, n = feed_registered_twice()
    region.feed(text)
    return n


def variants(region: SmallRegion) -> tuple[Network, dict[str, Variant]]:
    """The network and the variants at a cutoff of 29 minutes."""
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    found = headline_variants(measure_access(config, context, network), context, network)
    return network, {one.id: one for one in found}


@pytest.mark.parametrize("setting", ["repair", "keep"])
def test_the_headline_is_told_both_ways(region: SmallRegion, setting: str) -> None:
    """From stop A to F: 31 minutes at the median; with departures 2 and 10 minutes after each other the wait is shorter.

    Waits are even over gaps of 2 and 8 minutes: 3.75 in place of 5 at the median, so 29.75 minutes in all.
    """
    n = register_twice(region)
    region.replace("config.toml", "synthetic", f'overlapping_registrations = "{setting}"\nsynthetic')
    region.replace("config.toml", "[sites]", "[search]\ncutoffs_min = [30.5]\n[kpi]\ncutoff_min = 30.5\n[sites]")
    network, found = variants(region)
    ours, other = found[HEADLINE], found[REGISTRATIONS]
    assert other.changes in TECHNICAL_CHOICES and other.connectivity is None
    once, twice = (ours, other) if setting == "repair" else (other, ours)
    assert (bool(once.meets[0]), bool(twice.meets[0])) == (False, True)
    assert other.name == "overlapping registrations: " + (
        "both run" if setting == "repair" else "only the larger one runs"
    )
    code = "overlapping_registrations" + ("" if setting == "repair" else "_kept")
    told = {one.code: one for one in network.warnings}[code]
    assert (told.count, told.sample) == (n, ("north (The Agency)", "south (The Agency)"))


def test_without_overlaps_there_is_no_other_way(region: SmallRegion) -> None:
    network, found = variants(region)
    assert network.other_timetables == ()
    assert REGISTRATIONS not in found


# Calls by arrangement.


@pytest.mark.parametrize(("setting", "meets"), [("open", True), ("ask_driver", False), ("closed", False)])
def test_the_headline_is_told_with_and_without_calls_by_arrangement(
    region: SmallRegion, setting: str, meets: bool
) -> None:
    """Passengers book before they get off at F, and ask the driver at C; from A both centres lie within 32 minutes."""
    text = good_feed()
    kinds = {"F": 2, "C": 3}
    rows = [{**row, "drop_off_type": kinds.get(str(row["stop_id"]), 0)} for row in text.tables["stop_times.txt"]]
    region.feed(text.setting("stop_times.txt", *rows))
    if setting != "open":
        region.replace("config.toml", "synthetic", f'calls_by_arrangement = "{setting}"\nsynthetic')
    region.replace(
        "config.toml", "[sites]", "[search]\ncutoffs_min = [32]\n[kpi]\ncutoff_min = 32\ncentres_at_least = 3\n[sites]"
    )
    network, found = variants(region)
    others = [one for one in ("open", "ask_driver", "closed") if one != setting]
    assert [one.id for one in found.values() if one.changes == "arrangement"] == [f"arranged_{one}" for one in others]
    every = {setting: found[HEADLINE], **{one: found[f"arranged_{one}"] for one in others}}
    assert [bool(every[one].meets[0]) for one in ("open", "ask_driver", "closed")] == [True, False, False]
    assert bool(found[HEADLINE].meets[0]) == meets
    told = {one.code: one for one in network.warnings}["arranged_calls"]
    assert told.share == 1.0 and "arranged_boarding_allowed" not in {one.code for one in network.warnings}


# Other days.


def test_days_as_good_to_ask_about_are_listed_with_their_trips(
    region: SmallRegion,
) -> None:
    """60 trips a day, and two thirds of the days many more that repeat them; a Saturday is none of the days proposed."""
    register_twice(region)
    days = {TUESDAY + dt.timedelta(days=n) for n in range(-28, 29)}
    midweek = sorted(day for day in days if day.weekday() in {1, 2, 3})
    for asked, proposed in ((TUESDAY, True), (TUESDAY - dt.timedelta(days=1), False)):
        config = load_config(region.config)
        section = config.timetable.model_copy(update={"date": asked})
        network, _ = read_network_and_feed(config.model_copy(update={"timetable": section}), other_days=True)
        table = network.candidate_days
        assert table is not None
        of_asked = [one.isoformat() for one in sorted({asked, *midweek}) if abs((one - asked).days) <= 28]
        assert table["date"].tolist() == of_asked
        assert set(table["trips"]) == {60}
        own = table[table["in_use"]]
        assert own[["date", "proposed"]].values.tolist() == [[asked.isoformat(), proposed]]
        assert table.loc[~table["in_use"], "proposed"].all()


def test_the_report_lists_the_days() -> None:
    days = [("2026-03-24", 1234, True, False), ("2026-03-25", 1300, False, True)]
    table = pd.DataFrame(days, columns=["date", "trips", "in_use", "proposed"])
    words = " ".join(texts_of(view_report(fake.fake_results(tables=fake.tables(timetable_days=table)))))
    rule = f"within {in_words(WEEKS_ROUND)} weeks", f"at least {100 * USUAL_SHARE:.0f} % of the usual trips"
    for said in (*rule, "is not one of the days proposed", "1 other day could", "Wednesday 25 March 2026", "1,300"):
        assert said in words
    assert "one of the days proposed" not in " ".join(texts_of(view_report(fake.fake_results())))


# Feeds larger than the region.

EAST = [stop("X", 52.4, 1.0), stop("Y", 52.4, 1.1)]  # some 200 km away


def larger_feed() -> FeedText:
    """The line, a train that leaves it for the east, and one that only runs there."""
    text = good_feed()
    text = text.setting("stops.txt", *text.tables["stops.txt"], *EAST)
    away = [trip("OUT", "A 08:00 | X 10:00", route="R"), trip("FAR", "X 08:00 | Y 08:20", route="R")]
    text = text.adding("routes.txt", route("R", 2)).adding("calendar.txt", service("WK", "1111100"))
    text = text.setting("calendar.txt", *{str(row["service_id"]): row for row in text.tables["calendar.txt"]}.values())
    text = text.adding("trips.txt", *(one.row for one in away))
    text = text.adding("stop_times.txt", *(call for one in away for call in one.calls))
    frequency = {"trip_id": "FAR", "start_time": "09:00:00", "end_time": "10:00:00", "headway_secs": 600}
    return text.adding("frequencies.txt", frequency)


def test_trips_that_never_come_near_are_not_read_and_those_that_do_are_read_whole(region: SmallRegion) -> None:
    region.feed(larger_feed())
    config = load_config(region.config)
    whole, clipped = read_network(config), read_network(config, read_context(config).surroundings)
    assert {one.code: one.count for one in clipped.warnings} == {"trips_beyond_region": 1}
    assert set(whole.timetable.trip_id) - set(clipped.timetable.trip_id) == {
        f"FAR@09:{minute:02d}:00" for minute in range(0, 60, 10)
    }
    assert {"A", "X"} <= set(clipped.timetable.stops["stop_id"])


def test_a_feed_of_another_place_is_read_so_that_its_distance_can_be_told(region: SmallRegion) -> None:
    region.feed(feed_text(trip("FAR", "X 08:00 | Y 08:20"), stops=EAST))
    config = load_config(region.config)
    context = read_context(config)
    assert list(read_network(config, context.surroundings).timetable.trip_id) == ["FAR"]


# Modes that are not there.


def test_stations_without_a_train_are_told_with_their_number_but_not_of_invented_regions(region: SmallRegion) -> None:
    """Around Birmingham, on land that is real: the line has buses only."""
    bigger = good_zones()
    bigger["geometry"] = bigger.buffer(2_000)
    invented, context = load_config(region.config), bigger
    timetable = read_network(invented).timetable
    assert missing_modes(invented, timetable, context) == ()
    region.replace("config.toml", "illustrative = true", "illustrative = false")
    config = load_config(region.config)
    rail, *others = missing_modes(config, timetable, context)
    assert rail.code == "no_rail_in_timetable" and rail.count == len(stations_inside(context)) > 1
    assert rail.effect.endswith("Add a feed that holds them to timetable.feeds")
    where = context.to_crs("EPSG:4326").union_all().representative_point()
    heading = "ATCOCode,StopType,CommonName,Longitude,Latitude,Status"
    rows = [f"9100{i},{'RSE' if i == 0 else 'RLY'},Halt {i},{where.x},{where.y},active" for i in range(rail.count + 2)]
    (region.folder / "naptan.csv").write_text(
        "\n".join([heading, *rows, f"9100X,RLY,Shut,{where.x},{where.y},inactive"])
    )
    naptan = config.model_copy(
        update={"timetable": config.timetable.model_copy(update={"stop_locations": region.folder / "naptan.csv"})}
    )
    assert missing_modes(naptan, timetable, context)[0].count == rail.count + 1
    with_rail = replace(timetable, routes=timetable.routes.assign(mode="rail"))
    assert missing_modes(config, with_rail, context) == tuple(others)


def stations_inside(zones: gpd.GeoDataFrame) -> set[str]:
    """Names of the stations of `data/places` that lie in a zone."""
    stations = pd.read_csv(bundled_data() / "places" / "stations.csv")
    spots = gpd.points_from_xy(stations["lon"], stations["lat"], crs="EPSG:4326").to_crs(zones.crs)
    return {name for name, spot in zip(stations["name"], spots, strict=True) if zones.contains(spot).any()}
