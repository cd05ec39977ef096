"""Reads the coordinates of stops, by ATCO code, from a CSV such as NaPTAN's."""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pyproj

from accessibility.errors import FeedError, FeedFileNotFoundError

# The names of the same column in NaPTAN, in this project's fetched table and in GTFS.
_ID = ("atcocode", "atco_code", "stop_id")
_LON, _LAT = ("longitude", "lon", "stop_lon"), ("latitude", "lat", "stop_lat")
_EASTING, _NORTHING = ("easting",), ("northing",)
Place = tuple[float, float]  # lon, lat


def read_stop_locations(path: Path, wanted: Iterable[str]) -> dict[str, Place]:
    """Longitude and latitude, by stop id, of the wanted stops that have coordinates in the table.

    The table has degrees, or easting and northing (EPSG:27700). Raises `FeedFileNotFoundError` if it does not exist,
    `FeedError` if it can't be read or lacks a column.
    """
    ids = set(wanted)
    places: dict[str, Place] = {}
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            reader = csv.DictReader(file)
            columns = _columns(path, reader.fieldnames or ())
            for row in reader:
                stop_id = (row[columns["id"]] or "").strip()
                place = _place(row, columns) if stop_id in ids else None
                if place is not None:
                    places.setdefault(stop_id, place)
    except FileNotFoundError:
        raise FeedFileNotFoundError(f"{path}: no such file; expected a CSV of stops such as NaPTAN's") from None
    except (OSError, csv.Error) as error:
        raise FeedError(f"{path}: can't be read as a CSV of stops ({error})") from error
    return places


def _columns(path: Path, header: Iterable[str]) -> dict[str, str]:
    """Use of a column ("id", "lon", "lat", "easting", "northing") -> its name in this table."""
    written = {name.strip().lower(): name for name in header if name}
    wanted = {"id": _ID, "lon": _LON, "lat": _LAT, "easting": _EASTING, "northing": _NORTHING}
    columns = {
        use: next(written[name] for name in names if name in written)
        for use, names in wanted.items()
        if any(name in written for name in names)
    }
    if "id" not in columns or not ({"lon", "lat"} <= set(columns) or {"easting", "northing"} <= set(columns)):
        raise FeedError(
            f"{path}: not a table of stops: expected the columns ATCOCode and Longitude, Latitude (or Easting, "
            f"Northing), as in NaPTAN; found {', '.join(list(written)[:12]) or 'none'}"
        )
    return columns


def _place(row: Mapping[str, str | None], columns: Mapping[str, str]) -> Place | None:
    lon, lat, easting, northing = (
        _number(row.get(columns.get(use, ""))) for use in ("lon", "lat", "easting", "northing")
    )
    return place_of(lon, lat, easting, northing)


def place_of(lon: float | None, lat: float | None, easting: float | None, northing: float | None) -> Place | None:
    """Longitude and latitude, converted from the British grid if only grid coordinates are given; None without both."""
    if lon is not None and lat is not None:
        return lon, lat
    if easting is None or northing is None or not (np.isfinite(easting) and np.isfinite(northing)):
        return None
    degrees = _to_degrees().transform(easting, northing)
    return float(degrees[0]), float(degrees[1])


def _number(written: str | None) -> float | None:
    try:
        return float(written or "")
    except ValueError:
        return None


@cache
def _to_degrees() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
