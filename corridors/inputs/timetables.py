"""What a run makes of its feeds before the day's timetable is built: lines registered twice, calls by arrangement."""

import datetime
import math
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from accessibility import (
    Feed,
    Repair,
    StreetNetwork,
    Timetable,
    arranged_trips,
    build_timetable,
    snap_repairs,
    stop_points,
    with_arranged_calls,
    with_overlaps_told,
    without_overlaps,
)
from corridors.bundled import bundled_data
from corridors.catalogue.headline_variants import ARRANGEMENTS, REGISTRATIONS
from corridors.config.run_config import RunConfig
from corridors.config.sections import TimetableSection
from corridors.results import RunWarning
from layers import WGS84

Box = tuple[float, float, float, float]  # west, south, east, north in WGS84 degrees
MARGIN_KM = 25.0  # a journey that goes further, changes there and comes back takes longer than any that counts
_KM_A_DEGREE = 111.0
# Columns of NaPTAN, and of the table that `corridors fetch` makes of it.
_NAPTAN = {
    "stoptype": "kind", "stop_type": "kind", "commonname": "name", "name": "name", "status": "status",
    "longitude": "lon", "lon": "lon", "latitude": "lat", "lat": "lat",
}  # fmt: skip


def box_round(*places: pd.DataFrame) -> Box:
    """The box round all places (lon and lat, or x and y, in degrees) and `MARGIN_KM` more."""
    coordinates = pd.concat(
        [one[["lon", "lat"] if "lon" in one else ["x", "y"]].set_axis(["x", "y"], axis=1) for one in places]
    )
    (west, south), (east, north) = coordinates.min(), coordinates.max()
    lat_margin = MARGIN_KM / _KM_A_DEGREE
    lon_margin = lat_margin / max(math.cos(math.radians(max(abs(south), abs(north)))), 0.01)
    return west - lon_margin, south - lat_margin, east + lon_margin, north + lat_margin


class OtherTimetable(NamedTuple):
    """The day's timetable under another choice about its feeds than the configuration's."""

    id: str  # of the variant of the headline
    changes: str  # a key of `TECHNICAL_CHOICES`
    name: str
    timetable: Timetable


def as_configured(feed: Feed, date: datetime.date, section: TimetableSection) -> Feed:
    """The feed with calls by arrangement, and lines registered twice for `date`, as the configuration wants them."""
    own = with_arranged_calls(feed, date, section.calls_by_arrangement)
    return (
        without_overlaps(own, date) if section.overlapping_registrations == "repair" else with_overlaps_told(own, date)
    )


def feed_of_day(section: TimetableSection, feed: Feed) -> tuple[Feed, tuple[OtherTimetable, ...]]:
    """The feed for the configuration's date as it wants it, and the day's timetables under every other choice."""
    arranged = with_arranged_calls(feed, section.date, section.calls_by_arrangement)
    repaired = without_overlaps(arranged, section.date)
    if repaired is arranged:
        return arranged, tuple(_of_arrangement(section, feed))
    kept = with_overlaps_told(arranged, section.date)
    own, other = (repaired, kept) if section.overlapping_registrations == "repair" else (kept, repaired)
    name = "overlapping registrations: " + ("both run" if other is kept else "only the larger one runs")
    registrations = OtherTimetable(REGISTRATIONS, "registrations", name, build_timetable(other, section.date))
    return own, (registrations, *_of_arrangement(section, feed))


def _of_arrangement(section: TimetableSection, feed: Feed) -> Iterator[OtherTimetable]:
    trips, own = arranged_trips(feed, section.date), section.calls_by_arrangement
    if own not in trips.choices():  # all are of one kind, of which this choice closes all or none
        own = "closed" if trips.booked.any() else "open"
    for choice in trips.choices():
        if choice != own:
            changed = section.model_copy(update={"calls_by_arrangement": choice})
            other = build_timetable(as_configured(feed, section.date, changed), section.date)
            yield OtherTimetable(
                f"arranged_{choice}", "arrangement", f"calls by arrangement: {ARRANGEMENTS[choice]}", other
            )


def missing_modes(config: RunConfig, timetable: Timetable, zones: gpd.GeoDataFrame) -> tuple[RunWarning, ...]:
    """A warning for rail, and one for trams, where the day's timetable has none and stations lie in the zones.

    Stations are those of `data/mode_stations.toml`, or those of the configuration's table of stops (NaPTAN) where it has more;
    of an invented region nothing is said.
    """
    if config.region.illustrative:
        return ()
    held = set(timetable.routes["mode"])
    absent = [one for one in _stations() if not held & set(one.modes)]
    found = ((one, _names_of(one, config.timetable.stop_locations, zones)) for one in absent)
    return tuple(_missing(one, names, config.region.slug) for one, names in found if names)


class _Stations(NamedTuple):
    """A table of stations, and the modes of which one should call there: a row of `data/mode_stations.toml`."""

    file: str
    modes: list[str]
    called: str
    naptan: list[str]
    region: str = ""
    advice: str = ""


def _stations() -> list[_Stations]:
    rows = tomllib.loads((bundled_data() / "mode_stations.toml").read_text(encoding="utf-8"))["stations"]
    return [_Stations(**row) for row in rows]


def _names_of(stations: _Stations, stops: Path | None, zones: gpd.GeoDataFrame) -> list[str]:
    """Names of the stations in the zones. Two tables spell names differently, so the one with more is taken, not both."""
    table = pd.read_csv(bundled_data() / stations.file)
    bundled = table[table["stage"] == "open"] if "stage" in table else table
    tables = [bundled, *([] if stops is None else [_of_naptan(stops, stations.naptan)])]
    return max((_names_inside(one, zones) for one in tables), key=len)


def _of_naptan(file: Path, kinds: Sequence[str]) -> pd.DataFrame:
    """Name, lon and lat of the active stops of some `StopType` in a table as NaPTAN's; none where it lacks these columns."""
    table = pd.read_csv(
        file, dtype=str, usecols=lambda name: name.lower() in _NAPTAN, encoding="utf-8-sig", on_bad_lines="skip"
    )
    table = table.rename(columns=lambda name: _NAPTAN[name.lower()]).reindex(columns=sorted(set(_NAPTAN.values())))
    table = table[table["kind"].isin(kinds) & table["status"].fillna("active").isin(["active", "act"])]
    lon, lat = (pd.to_numeric(table[name], errors="coerce") for name in ("lon", "lat"))
    return table.assign(lon=lon, lat=lat).dropna(subset=["name", "lon", "lat"])


def _names_inside(table: pd.DataFrame, zones: gpd.GeoDataFrame) -> list[str]:
    places = gpd.GeoSeries.from_xy(table["lon"], table["lat"], crs=WGS84).to_crs(zones.crs)
    inside = np.unique(zones.sindex.query(places, predicate="within")[0])
    return sorted(set(table["name"].iloc[inside]))


def _missing(stations: _Stations, names: list[str], region: str) -> RunWarning:
    """The warning; its advice is that of the region whose sources are known."""
    known = stations.advice and region == stations.region
    advice = stations.advice if known else "Add a feed that holds them to timetable.feeds"
    n = f"{len(names):,} {stations.called} station{'s' if len(names) > 1 else ''} lie" + ("" if len(names) > 1 else "s")
    effect = (
        f"The timetables hold no {stations.called} service, while {n} in the region's zones: every figure is without "
        f"them, and too low near them. {advice}"
    )
    return RunWarning(f"no_{stations.called}_in_timetable", len(names), 1.0, tuple(names[:5]), effect)


def network_repairs(timetable: Timetable, streets: StreetNetwork | None) -> list[Repair]:
    """The repairs of the timetable and the streets, and the stops that are far from any street."""
    if streets is None:
        return [*timetable.repairs]
    return [*timetable.repairs, *streets.repairs, *snap_repairs(streets, stop_points(timetable))]
