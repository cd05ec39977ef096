"""Reads routes.txt, trips.txt and agency.txt of a GTFS feed: names, modes, services, wheelchair access, time zones."""

from zoneinfo import ZoneInfo

import pandas as pd

from accessibility.gtfs.archive import Archive
from accessibility.gtfs.ids import IdColumn, first_of_each, with_known_ids
from accessibility.gtfs.stops import small_codes
from accessibility.gtfs.tables import TableSpec, read_text_table
from accessibility.repair_log import RepairLog

ROUTES = TableSpec(
    "routes.txt",
    ("route_id", "route_type"),
    ("agency_id", "route_short_name", "route_long_name"),
    whole_numbers=("route_type",),
)
TRIPS = TableSpec(
    "trips.txt",
    ("route_id", "service_id", "trip_id"),
    ("trip_headsign", "direction_id", "wheelchair_accessible", "block_id"),
    whole_numbers=("direction_id", "wheelchair_accessible"),
)
AGENCIES = TableSpec("agency.txt", (), ("agency_id", "agency_name", "agency_timezone", "agency_noc"), mandatory=False)

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
    """The mode of a basic or extended GTFS route type; "other" for blanks, unknown numbers and other text."""
    if not (route_type.isascii() and route_type.isdigit()):
        return OTHER_MODE
    number = int(route_type)
    return _BASIC_MODES.get(number) or _EXTENDED_MODES.get(number // 100, OTHER_MODE)


def read_routes(archive: Archive, log: RepairLog) -> pd.DataFrame:
    """Routes from routes.txt, sorted by id: route_id, short_name, long_name, mode, agency (its name if known, else its id),
    agency_id, agency_noc (its National Operator Code, in British feeds), timezone (of its agency); "" if not known."""
    texts = first_of_each(read_text_table(archive, ROUTES, log), "route_id", ROUTES.name, log)
    agencies = _read_agencies(archive, log)
    where = IdColumn("agency_id", ROUTES.name, AGENCIES.name)
    texts["agency_id"] = with_known_ids(texts["agency_id"], agencies["agency_id"], where, log)
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
        }
    ).join(_agency_columns(agencies, texts))


def read_trips(archive: Archive, routes: pd.DataFrame, services: pd.Series, log: RepairLog) -> pd.DataFrame:
    """Trips of known routes from trips.txt, sorted by id: trip_id, route_id, service_id, headsign, direction (text),
    wheelchair (int8: 0 unknown, 1 yes, 2 no), block (of trips of one vehicle, "" where not given)."""
    texts = first_of_each(read_text_table(archive, TRIPS, log), "trip_id", TRIPS.name, log)
    for column, ids, table in (
        ("route_id", routes["route_id"], ROUTES.name),
        ("service_id", services, "the calendars"),
    ):
        texts[column] = with_known_ids(texts[column], ids, IdColumn(column, TRIPS.name, table), log)
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
            "wheelchair": small_codes(texts["wheelchair_accessible"], (0, 1, 2), TRIPS.name, log),
            "block": texts["block_id"],
        }
    )


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # KeyError: unknown zone; the others: text that can't be a zone's name
        return False
    return True


def _read_agencies(archive: Archive, log: RepairLog) -> pd.DataFrame:
    """Agencies from agency.txt, one row per id: agency_id, agency_name, agency_noc, agency_timezone ("" if no known zone)."""
    agencies = read_text_table(archive, AGENCIES, log).sort_values(["agency_id", "agency_name"])
    names = agencies["agency_timezone"]
    unknown = ~names.map(lambda name: name == "" or _is_timezone(name)).astype(bool)
    effect = (
        f"{int(unknown.sum()):,} agencies are in a time zone that is not known; their times were taken for those of the "
        "other agencies"
    )
    log.add("timezones_unknown", int(unknown.sum()), len(agencies), names[unknown], effect)
    return agencies.assign(agency_timezone=names.where(~unknown, "")).drop_duplicates("agency_id")


def _agency_columns(agencies: pd.DataFrame, routes: pd.DataFrame) -> pd.DataFrame:
    """Columns agency (its name if known, else its id), agency_id, agency_noc and timezone of each route, as in `routes`.

    If the feed has one agency, routes may have no agency id. Routes without a known agency get the most common time zone.
    """
    name_of, code_of, zone_of = (
        dict(zip(agencies["agency_id"], agencies[column], strict=True))
        for column in ("agency_name", "agency_noc", "agency_timezone")
    )
    only = agencies["agency_id"].iloc[0] if len(agencies) == 1 else ""
    ids = [agency_id or only for agency_id in routes["agency_id"]]
    zones = [zone for zone in zone_of.values() if zone]
    most_common = max(sorted(set(zones)), key=zones.count, default="")
    columns = {
        "agency": [name_of.get(ident) or ident for ident in ids],
        "agency_id": ids,
        "agency_noc": [code_of.get(ident, "") for ident in ids],
        "timezone": [zone_of.get(ident) or most_common for ident in ids],
    }
    return pd.DataFrame(columns, index=routes.index, dtype=object)
