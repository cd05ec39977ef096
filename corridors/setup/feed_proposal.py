"""What timetables say of a region: a usual day near today, and places with most departures as centres to begin with."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from accessibility import Feed, Timetable, build_timetable, day_to_type, good_days, read_feed, without_overlaps
from corridors.errors import ConfigError
from corridors.inputs.school_days import unusual_days
from corridors.inputs.timetables import box_round
from corridors.setup.zones_proposal import ZonesProposal
from layers import WGS84

_ROUND_M = 300.0  # stops this near are one place
_APART_M = 1500.0  # between places that are proposed
_MOST = 6


@dataclass(frozen=True)
class FeedProposal:
    """A day, how many trips it has, and centres: id, name, lat, lon, departures (of the day)."""

    date: dt.date
    day: str  # in words
    trips: int
    centres: pd.DataFrame


def propose_from_feeds(paths: Sequence[Path], zones: ZonesProposal, near: dt.date) -> FeedProposal:
    """The usual working day nearest to `near`, and the places of the zones with most departures on it.

    Raises `FeedError` for timetables of no use, `ConfigError` where nothing runs or no departure lies in the zones.
    """
    outlines = zones.degrees
    points = outlines.representative_point()
    feed = read_feed(list(paths), None, box_round(pd.DataFrame({"lon": points.x, "lat": points.y})))
    good = next(iter(good_days(feed, near, unusual_days(zones.districts))), None)
    if good is None:
        raise ConfigError(f"no trip of {', '.join(path.name for path in paths)} ever runs near the zones")
    centres = _centres(_timetable(feed, good.date), outlines, zones.crs)
    if centres.empty:
        raise ConfigError(
            f"no stop with a departure on {day_to_type(good.date)} lies in the zones; are zones and timetable of one region?"
        )
    return FeedProposal(good.date, day_to_type(good.date), good.trips, centres)


def _timetable(feed: Feed, date: dt.date) -> Timetable:
    return build_timetable(without_overlaps(feed, date), date)


def _centres(timetable: Timetable, outlines: gpd.GeoSeries, crs: str) -> pd.DataFrame:
    """Places with most departures within `_ROUND_M`, no two nearer than `_APART_M`, each where its busiest stop is."""
    _, _, position = timetable.calls()
    leaving = timetable.position_can_board[position]
    departures = np.bincount(timetable.position_stop[position[leaving]], minlength=len(timetable.stops))
    places = gpd.GeoSeries.from_xy(timetable.stops["lon"], timetable.stops["lat"], crs=WGS84)
    inside = np.zeros(len(places), bool)
    inside[outlines.sindex.query(places, predicate="intersects")[0]] = True
    rows = np.flatnonzero(inside & (departures > 0))
    xy = places.iloc[rows].to_crs(crs).get_coordinates().to_numpy()
    own = departures[rows]
    round_it = np.array(
        [own[near].sum() for near in cKDTree(xy).query_ball_point(xy, _ROUND_M)] if len(xy) else [], np.int64
    )
    chosen: list[int] = []
    for row in np.lexsort((-own, -round_it)):
        if len(chosen) < _MOST and all(np.hypot(*(xy[row] - xy[other])) >= _APART_M for other in chosen):
            chosen.append(int(row))
    stops = timetable.stops.iloc[rows[chosen]]
    frame = pd.DataFrame({"name": stops["name"], "lat": stops["lat"].round(6), "lon": stops["lon"].round(6)})
    frame["departures"] = round_it[chosen]
    return frame.assign(id=_idents(frame["name"].astype(str))).reset_index(drop=True)


def _idents(names: pd.Series) -> list[str]:
    """Short ids made from names, each different."""
    plain = [plain_id(name)[:30] or "centre" for name in names]
    return [one if plain.count(one) == 1 else f"{one}_{number}" for number, one in enumerate(plain, start=1)]


def plain_id(text: str) -> str:
    """The text as part of names of files: a-z, 0-9 and _."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:40]
