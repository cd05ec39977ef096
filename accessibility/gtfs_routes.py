"""The routes and trips of a feed: names, modes, services and wheelchair spaces."""

from zoneinfo import ZoneInfo

import pandas as pd

from accessibility.gtfs_archive import Archive
from accessibility.gtfs_stops import small_codes
from accessibility.gtfs_tables import TableSpec, first_of_each, read_text_table
from accessibility.repair_log import RepairLog

ROUTES = TableSpec("routes.txt", ("route_id", "route_type"), ("agency_id", "route_short_name", "route_long_name"))
TRIPS = TableSpec(
    "trips.txt", ("route_id", "service_id", "trip_id"), ("trip_headsign", "direction_id", "wheelchair_accessible")
)
AGENCIES = TableSpec("agency.txt", (), ("agency_id", "agency_name", "agency_timezone"), mandatory=False)

_BASIC_MODES = {
    0: "tram", 1: "metro", 2: "rail", 3: "bus", 4: "ferry", 5: "tram", 6: "aerial", 7: "funicular",
    11: "bus", 12: "rail",
}  # fmt: skip
# Extended route types by the hundred (developers.google.com/transit/gtfs/reference/extended-route-types).
_EXTENDED_MODES = {
    1: "rail", 2: "coach", 3: "rail", 4: "metro", 5: "metro", 6: "metro", 7: "bus", 8: "bus", 9: "tram", 10: "ferry",
    11: "air", 12: "ferry", 13: "aerial", 14: "funicular", 15: "taxi",
}  # fmt: skip
OTHER_MODE = "other"
MODES = (*sorted({*_BASIC_MODES.values(), *_EXTENDED_MODES.values()}), OTHER_MODE)


def mode_of(route_type: str) -> str:
    """The mode of a basic or extended GTFS route type; "other" for blanks, unknown numbers and what isn't a number."""
    if not (route_type.isascii() and route_type.isdigit()):
        return OTHER_MODE
    number = int(route_type)
    return _BASIC_MODES.get(number) or _EXTENDED_MODES.get(number // 100, OTHER_MODE)


def read_routes(archive: Archive, log: RepairLog) -> pd.DataFrame:
    """routes.txt by id: route_id, short_name, long_name, mode, agency (its name where known, else its id)."""
    texts = first_of_each(read_text_table(archive, ROUTES, log), "route_id", ROUTES.name, log)
    modes = texts["route_type"].map(mode_of)
    unknown = modes == OTHER_MODE
    log.add(
        "unknown_route_type",
        int(unknown.sum()),
        len(texts),
        texts["route_id"][unknown],
        f"{int(unknown.sum()):,} routes have a route_type that GTFS does not know; their mode is 'other'",
    )
    return pd.DataFrame(
        {
            "route_id": texts["route_id"],
            "short_name": texts["route_short_name"],
            "long_name": texts["route_long_name"],
            "mode": modes.astype(object),
            "agency": _agency_names(archive, texts["agency_id"], log),
        }
    )


def read_trips(archive: Archive, routes: pd.DataFrame, log: RepairLog) -> pd.DataFrame:
    """trips.txt by id, those on a known route: trip_id, route_id, service_id, headsign, direction (text),
    wheelchair (int8: 0 unknown, 1 yes, 2 no)."""
    texts = first_of_each(read_text_table(archive, TRIPS, log), "trip_id", TRIPS.name, log)
    known = texts["route_id"].isin(routes["route_id"])
    log.add_trips(
        "trips_of_unknown_route",
        int((~known).sum()),
        len(texts),
        texts["trip_id"][~known],
        f"{int((~known).sum()):,} trips of routes that are not in routes.txt were dropped",
    )
    texts = texts[known].reset_index(drop=True)
    return pd.DataFrame(
        {
            "trip_id": texts["trip_id"],
            "route_id": texts["route_id"],
            "service_id": texts["service_id"],
            "headsign": texts["trip_headsign"],
            "direction": texts["direction_id"],
            "wheelchair": small_codes(texts["wheelchair_accessible"], (0, 1, 2)),
        }
    )


def read_timezone(archive: Archive, log: RepairLog) -> str:
    """The time zone of the feed's agencies, "" where they name none or none that is known; the first of several."""
    agencies = read_text_table(archive, AGENCIES, RepairLog())  # `read_routes` counts what is wrong with its text
    names = sorted({name for name in agencies["agency_timezone"] if name})
    known = [name for name in names if _is_timezone(name)]
    if len(names) > 1 or names != known:
        taken = known[0] if known else "none"
        effect = (
            f"{AGENCIES.name} names {len(names):,} time zones, {len(known):,} of them known; {taken} was taken for all"
        )
        log.add("timezones_unclear", len(names), len(names), names, effect)
    return known[0] if known else ""


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not known, or not even a name
        return False
    return True


def _agency_names(archive: Archive, agency_ids: pd.Series, log: RepairLog) -> pd.Series:
    agencies = read_text_table(archive, AGENCIES, log).sort_values(["agency_id", "agency_name"])
    agencies = agencies.drop_duplicates("agency_id")
    names = dict(zip(agencies["agency_id"], agencies["agency_name"], strict=True))
    only = next(iter(names.values())) if len(names) == 1 else ""  # with one agency, routes may leave the id out
    return pd.Series([names.get(agency_id) or agency_id or only for agency_id in agency_ids], dtype=object)
