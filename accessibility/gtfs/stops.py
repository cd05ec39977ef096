"""Reads stops.txt of a GTFS feed: coordinates, wheelchair access and the station of each stop."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.gtfs.archive import Archive
from accessibility.gtfs.ids import IdColumn, first_of_each, with_known_ids
from accessibility.gtfs.tables import TableSpec, read_text_table
from accessibility.repair_log import RepairLog

Float = npt.NDArray[np.float64]

STOPS = TableSpec(
    "stops.txt",
    ("stop_id", "stop_lat", "stop_lon"),
    ("stop_name", "location_type", "parent_station", "wheelchair_boarding"),
    whole_numbers=("location_type", "wheelchair_boarding"),
)
STOP_AREAS = TableSpec("stop_areas.txt", (), ("area_id", "stop_id"), mandatory=False)
_PARENTS = IdColumn("parent_station", STOPS.name, STOPS.name)
_STOP, _STATION, _ENTRANCE, _BOARDING_AREA = 0, 1, 2, 4
_MOST_LEVELS = 2  # from a boarding area over its platform to its station
# Latitude and longitude count as exchanged if the exchange moves a stop from far away to the rest of its feed.
_ELSEWHERE_DEG, _HERE_DEG = 20.0, 10.0


def read_stops(archive: Archive, log: RepairLog) -> pd.DataFrame:
    """Stops from stops.txt, sorted by id: stop_id, name, lon, lat (NaN if unusable), location_type (int8),
    wheelchair (int8: 0 unknown, 1 yes, 2 no; a stop with 0 gets its station's), station (parent id or "").

    A stop without usable coordinates lies where its station does.
    """
    texts = first_of_each(read_text_table(archive, STOPS, log), "stop_id", STOPS.name, log)
    lon, lat = _with_exchanged_back(_degrees(texts["stop_lon"]), _degrees(texts["stop_lat"]), texts["stop_id"], log)
    placed = _on_earth(lon, lat)
    stops = pd.DataFrame(
        {
            "stop_id": texts["stop_id"],
            "name": texts["stop_name"],
            "lon": np.where(placed, lon, np.nan),
            "lat": np.where(placed, lat, np.nan),
            "location_type": small_codes(texts["location_type"], (0, 1, 2, 3, 4), STOPS.name, log),
            "wheelchair": small_codes(texts["wheelchair_boarding"], (0, 1, 2), STOPS.name, log),
            "station": with_known_ids(texts["parent_station"], texts["stop_id"], _PARENTS, log),
        }
    )
    stops = _placed_by_station(stops, log)
    _note_unplaced(stops, log)
    return _with_stations(stops, log)


def small_codes(texts: pd.Series, allowed: tuple[int, ...], table: str, log: RepairLog) -> npt.NDArray[np.int8]:
    """(n,) int8 codes of a column of one-digit GTFS codes; blanks become 0, other values not `allowed` too, counted."""
    number = {"": 0, **{str(code): code for code in allowed}}
    codes = np.array([number.get(text, -1) for text in texts.tolist()], dtype=np.int8)
    odd = codes < 0
    effect = (
        f"{int(odd.sum()):,} values of {texts.name} in {table} are none of {', '.join(map(str, allowed))}; they were taken "
        "as 0"
    )
    log.add(f"{texts.name}_unknown", int(odd.sum()), len(texts), texts[odd], effect)
    return np.maximum(codes, 0)


def _degrees(texts: pd.Series) -> Float:
    return np.asarray(pd.to_numeric(texts, errors="coerce"), dtype=np.float64)


def _on_earth(lon: Float, lat: Float) -> npt.NDArray[np.bool_]:
    """(n,) whether coordinates are possible; 0, 0 is not: software writes it for missing coordinates."""
    possible: npt.NDArray[np.bool_] = (np.abs(lon) <= 180) & (np.abs(lat) <= 90) & ~((lon == 0) & (lat == 0))
    return possible


def _with_exchanged_back(lon: Float, lat: Float, stop_ids: pd.Series, log: RepairLog) -> tuple[Float, Float]:
    """Longitudes and latitudes, exchanged for single stops whose two were in each other's place.

    This does not find a whole feed with exchanged coordinates; there, no stop is near any zone.
    """
    placed = _on_earth(lon, lat)
    if not placed.any():
        return lon, lat
    middle_lon, middle_lat = np.median(lon[placed]), np.median(lat[placed])
    away = np.maximum(np.abs(lon - middle_lon), np.abs(lat - middle_lat))
    away_if_exchanged = np.maximum(np.abs(lat - middle_lon), np.abs(lon - middle_lat))
    exchanged = (away > _ELSEWHERE_DEG) & (away_if_exchanged < _HERE_DEG)
    count = int(exchanged.sum())
    effect = f"{count:,} stops had latitude and longitude in each other's place; they were put right"
    log.add("coordinates_exchanged", count, len(lon), stop_ids[exchanged], effect)
    return np.where(exchanged, lat, lon), np.where(exchanged, lon, lat)


def _placed_by_station(stops: pd.DataFrame, log: RepairLog) -> pd.DataFrame:
    """The stops; those without coordinates have those of their parent, or of its parent."""
    parent = pd.Index(stops["stop_id"]).get_indexer(stops["station"])
    takes = (parent >= 0) & stops["location_type"].isin([_STOP, _BOARDING_AREA]).to_numpy()
    lon, lat = stops["lon"].to_numpy(), stops["lat"].to_numpy()
    for _ in range(_MOST_LEVELS):
        lacking = takes & np.isnan(lon)
        lon, lat = np.where(lacking, lon[parent], lon), np.where(lacking, lat[parent], lat)
    placed = stops["lon"].isna().to_numpy() & ~np.isnan(lon)
    count = int(placed.sum())
    effect = f"{count:,} stops without usable coordinates were placed where their station lies"
    log.add("stops_placed_by_station", count, len(stops), stops["stop_id"][placed], effect)
    return stops.assign(lon=lon, lat=lat)


def _note_unplaced(stops: pd.DataFrame, log: RepairLog) -> None:
    # Generic nodes and boarding areas (types 3 and 4) need no coordinates.
    unplaced = stops["lon"].isna() & (stops["location_type"] <= _ENTRANCE)
    log.add(
        "stops_without_place",
        int(unplaced.sum()),
        len(stops),
        stops["stop_id"][unplaced],
        f"{int(unplaced.sum()):,} stops with no usable coordinates (blank, 0,0 or out of range) were left out",
    )


def _with_stations(stops: pd.DataFrame, log: RepairLog) -> pd.DataFrame:
    row = pd.Index(stops["stop_id"]).get_indexer(stops["station"])
    named = (stops["station"] != "").to_numpy()
    lost = named & (row < 0)
    log.add(
        "unknown_parent_station",
        int(lost.sum()),
        int(named.sum()),
        stops["station"][lost],
        f"{int(lost.sum()):,} stops name a parent station that is not in stops.txt; they stand alone",
    )
    wheelchair = stops["wheelchair"].to_numpy()
    inherits = (row >= 0) & (wheelchair == 0) & (stops["location_type"] == _STOP).to_numpy()
    return stops.assign(
        station=stops["station"].where(~lost, ""), wheelchair=np.where(inherits, wheelchair[row], wheelchair)
    )


def note_stop_areas(archive: Archive, log: RepairLog) -> None:
    """Count the areas of stop_areas.txt: only fares name them, and fares are not modelled."""
    areas = read_text_table(archive, STOP_AREAS, log)
    n = areas["area_id"].nunique()
    effect = f"{n:,} areas of stops, which only fares name, were not used: no fare is part of a travel time"
    log.add("stop_areas_not_used", n, n, areas["area_id"], effect)


def note_stations_used(stops: pd.DataFrame, calls: npt.NDArray[np.int64], log: RepairLog) -> None:
    """Count stations, entrances and other places at which trips call as at stops; `calls` is (n_stops,) calls per stop."""
    used = (calls > 0) & (stops["location_type"] != _STOP).to_numpy()
    log.add(
        "station_used_as_stop",
        int(used.sum()),
        int((calls > 0).sum()),
        stops["stop_id"][used],
        f"{int(used.sum()):,} stations or entrances are called at as stops, {int(calls[used].sum()):,} times; "
        "they were kept as stops at their own coordinates",
    )
