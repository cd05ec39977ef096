"""Converts TransXChange 2.1 to 2.5 (an .xml file or a zip of them) to the tables of a GTFS feed.

We have our own converter because those on PyPI (November 2026) give wrong results without a warning. transx2gtfs 0.6.0
(MIT, maintained) ignores DepartureDayShift, so that trips past midnight run a day early; merges journeys of two files
that use the same ids, as exporters do; lets a holiday's name override a date; drops a whole file for one bad record; and
downloads from two publishers unless files are prepared for it. transit-parser 0.2.0 runs every journey every day and
puts every stop without a location at 0, 0; pytxc 0.1.6 only reads and needs shapely 1. The XML parser of the standard
library is safe here, because documents with a document type are refused.

Converted: stops, lines, operators, journey patterns and their sections, run and wait times (also a journey's own),
activities (pick up, set down, pass), journeys that refer to other journeys, day shifts, headways, weekdays, bank holidays
(by rule, England and Wales), days of schools and works if the file gives them, dates, and short workings. Only the most
specific operating profile of a journey counts. Of several revisions of a service, the higher counts from its first day.
Ignored but counted: weeks of the month, schools without days, flexible services, records marked as deleted or archived.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from accessibility.errors import FeedError
from accessibility.gtfs.archive import Archive
from accessibility.repair_log import RepairLog
from accessibility.repairs import Repair
from accessibility.transxchange.documents import Document, StopPoint, read_document, unusable_document
from accessibility.transxchange.gtfs_writer import GtfsTables
from accessibility.transxchange.journeys import InForce, services_in_force
from accessibility.transxchange.stop_locations import Place, place_of, read_stop_locations
from accessibility.transxchange.xml import sources


def convert_transxchange(path: Path, stop_locations: Path | None = None) -> Archive:
    """An `Archive` of GTFS tables and repairs from a TransXChange file, or a zip of them.

    Stops without a location get that of `stop_locations` (see `read_stop_locations`). Raises `FeedError`, with the
    problems of all documents, if a document can't be read, no journey can be used, or no stop has a location.
    """
    documents, problems = [], []
    for source in sources(path):
        try:
            documents.append(read_document(source))
        except FeedError as error:
            problems.append(str(error))
    unusable = [problem for document in documents if (problem := unusable_document(document))]
    if problems or len(unusable) == len(documents):
        raise FeedError("\n".join([*problems, *(unusable if len(unusable) == len(documents) else [])]))
    tables, current = GtfsTables(len(documents) > 1), services_in_force(documents)
    for document in documents:
        tables.add_journeys(document, current)
    if not tables.stop_ids:
        raise FeedError(_no_journeys_message(path, documents, tables))
    _add_stops(tables, path, documents, stop_locations)
    return Archive(path, {}, tables.as_bytes(), _repairs(path, documents, current, tables))


def _add_stops(tables: GtfsTables, path: Path, documents: Sequence[Document], stop_locations: Path | None) -> None:
    """Add a row for every stop called at, with coordinates from the documents, or else from `stop_locations`."""
    stops = _stops_of_all(documents)
    places = {stop_id: place for stop_id in tables.stop_ids if (place := _own_place(stops.get(stop_id)))}
    unplaced = tables.stop_ids - places.keys()
    if unplaced and stop_locations is not None:
        places |= read_stop_locations(stop_locations, unplaced)
    if not places:
        raise FeedError(_no_places_message(path, sorted(tables.stop_ids), stop_locations))
    for stop_id in sorted(tables.stop_ids):
        stop = stops.get(stop_id)
        tables.add_stop(stop_id, stop.name if stop else "", places.get(stop_id))


def _stops_of_all(documents: Iterable[Document]) -> Mapping[str, StopPoint]:
    """The stops of all documents by id, from the first document with coordinates of the stop, or else the first with it."""
    stops: dict[str, StopPoint] = {}
    for document in documents:
        for stop_id, stop in document.stops.items():
            if stop_id not in stops or (_own_place(stops[stop_id]) is None and _own_place(stop)):
                stops[stop_id] = stop
    return stops


def _own_place(stop: StopPoint | None) -> Place | None:
    return None if stop is None else place_of(stop.lon, stop.lat, stop.easting, stop.northing)


def _no_journeys_message(path: Path, documents: Sequence[Document], tables: GtfsTables) -> str:
    unreadable = [record for document in documents for record in document.unreadable]
    reasons = [*unreadable[:3], *(f"{name}: incomplete" for name in tables.incomplete[:3])]
    return f"{path}: no journey of it can be used; expected at least one ({'; '.join(reasons)})"


def _no_places_message(path: Path, stop_ids: Sequence[str], stop_locations: Path | None) -> str:
    if stop_locations is None:
        remedy = "give a table of stops too (stop_locations), such as NaPTAN's CSV"
    else:
        remedy = f"{stop_locations} has none of them either; give the table of stops of that area"
    return f"{path}: none of its {len(stop_ids):,} stops (the first is {stop_ids[0]}) says where it is; {remedy}"


def _repairs(path: Path, documents: Sequence[Document], current: InForce, tables: GtfsTables) -> tuple[Repair, ...]:
    log = RepairLog(path.stem)
    for code, (names, total, effect) in _kinds_of_repair(documents, current, tables).items():
        log.add(code, len(names), total, names, f"{len(names):,} {effect}")
    return log.repairs()


def _kinds_of_repair(
    documents: Sequence[Document], current: InForce, tables: GtfsTables
) -> Mapping[str, tuple[Sequence[str], int, str]]:
    """Code -> (names of what was repaired or left out, out of how many, what that means)."""
    journeys = sum(len(document.journeys) for document in documents)
    services = sum(len(document.services) for document in documents)
    return {
        **_of_records(documents, current, services, journeys),
        **_of_journeys(tables, journeys),
        "txc_modes_unknown": (tables.modes_unknown, services, "services have an unknown mode and were taken for buses"),
    }


def _of_records(
    documents: Sequence[Document], current: InForce, services: int, journeys: int
) -> Mapping[str, tuple[Sequence[str], int, str]]:
    """What of `_kinds_of_repair` is of files, services and records."""
    unreadable = [record for document in documents for record in document.unreadable]
    return {
        "txc_records_unreadable": (
            unreadable,
            sum(document.records for document in documents),
            "records that can't be read were left out, and the journeys that need them",
        ),
        "txc_records_withdrawn": (
            [record for document in documents for record in document.withdrawn],
            services + journeys + sum(len(document.withdrawn) for document in documents),
            "services and journeys are marked as deleted or archived (Modification); they were left out",
        ),
        "txc_services_superseded": (
            current.superseded,
            services,
            "services end, or are left out, where a file of a higher revision takes over the same line",
        ),
        "txc_services_together": (
            current.together,
            services,
            "services stand in files of one revision whose periods begin on different days and overlap; all of them run, so "
            "that a line may run twice on these days (trips that repeat exactly run once)",
        ),
        "txc_files_without_journeys": (
            [document.label for document in documents if unusable_document(document)],
            len(documents),
            "files have no service or no journey, such as one withdrawn; the others were read",
        ),
    }


def _of_journeys(tables: GtfsTables, journeys: int) -> Mapping[str, tuple[Sequence[str], int, str]]:
    """What of `_kinds_of_repair` is of journeys."""
    return {
        "txc_journeys_incomplete": (
            tables.incomplete,
            journeys,
            "journeys were left out: their service, pattern or a section is unknown or broken, or they have no departure",
        ),
        "txc_days_ignored": (
            tables.days_ignored,
            journeys,
            "journeys run only in some weeks of the month, or are said to run or rest on a holiday of unknown name; that was "
            "not looked at",
        ),
        "txc_organisations_unknown": (
            tables.organisations_unknown,
            journeys,
            "journeys depend on the days of a school or works of which the file gives none; they run whether it is open or not",
        ),
        "txc_journeys_never_run": (
            tables.never_running,
            journeys,
            "journeys run on no day: all that is said of their days rules them out, or gives no day within their period",
        ),
        "txc_days_unsaid": (
            tables.without_profile,
            journeys,
            "journeys have no operating profile, nor has their service; they were taken to run every day",
        ),
        "txc_short_workings": (
            tables.short_workings,
            journeys,
            "journeys serve only a part of their stops (ShortWorking); they were taken to leave the first of these at their "
            "departure time",
        ),
    }
