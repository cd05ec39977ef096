"""Writes the journeys of TransXChange documents as GTFS tables, in memory."""

import csv
import io
from collections.abc import Sequence
from functools import cache

from accessibility.errors import FeedError
from accessibility.gtfs.calendars import WEEKDAYS
from accessibility.gtfs.times import DAY_S, clock_text
from accessibility.transxchange.documents import Document, Journey, Link, Service
from accessibility.transxchange.journeys import InForce, Period, complete_journey, journey_calls, journey_links
from accessibility.transxchange.operating_profiles import (
    Calendar,
    Profile,
    calendar,
    most_specific_profile,
    unknown_organisations,
)
from accessibility.transxchange.stop_locations import Place

# The most calls and single days of all journeys. A region has a few million; a small malicious file could have any number.
MAX_ROWS = 30_000_000
_HEADERS = {
    "agency.txt": ("agency_id", "agency_name", "agency_timezone"),
    "stops.txt": ("stop_id", "stop_name", "stop_lat", "stop_lon"),
    "routes.txt": ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type"),
    "trips.txt": ("route_id", "service_id", "trip_id", "trip_headsign", "direction_id"),
    "stop_times.txt": (
        "trip_id", "stop_sequence", "stop_id", "arrival_time", "departure_time", "pickup_type", "drop_off_type",
    ),
    "calendar.txt": ("service_id", *WEEKDAYS, "start_date", "end_date"),
    "calendar_dates.txt": ("service_id", "date", "exception_type"),
    "frequencies.txt": ("trip_id", "start_time", "end_time", "headway_secs", "exact_times"),
}  # fmt: skip
_ROUTE_TYPES = {
    "": 3, "bus": 3, "coach": 200, "tram": 0, "metro": 1, "underground": 1, "rail": 2, "ferry": 4, "trolleybus": 11,
    "air": 1100,
}  # fmt: skip
_BUS = 3
_TIMEZONE = "Europe/London"
_clock = cache(clock_text)  # millions of calls have only a few thousand different times


class GtfsTables:
    """GTFS tables in progress; with `several` documents, the document's name is added to ids, to keep them apart.

    The lists of names are records with problems, to be counted as repairs.
    """

    def __init__(self, several: bool) -> None:
        self._several = several
        self._streams = {name: io.BytesIO() for name in _HEADERS}
        self._texts = {name: io.TextIOWrapper(stream, "utf-8", newline="") for name, stream in self._streams.items()}
        self._writers = {name: csv.writer(text) for name, text in self._texts.items()}
        for name, header in _HEADERS.items():
            self._writers[name].writerow(header)
        self._written_ids: dict[str, set[str]] = {"routes.txt": set(), "agency.txt": set(), "trips.txt": set()}
        self._services: dict[tuple[str, Profile, Period], tuple[str, bool]] = {}
        self._rows = 0
        self.stop_ids: set[str] = set()
        self.incomplete: list[str] = []
        self.days_ignored: list[str] = []
        self.organisations_unknown: list[str] = []
        self.never_running: list[str] = []
        self.without_profile: list[str] = []
        self.short_workings: list[str] = []
        self.modes_unknown: list[str] = []

    def as_bytes(self) -> dict[str, bytes]:
        """Table name -> the UTF-8 bytes of the table."""
        for text in self._texts.values():
            text.flush()
        return {name: stream.getvalue() for name, stream in self._streams.items()}

    def add_stop(self, stop_id: str, name: str, place: Place | None) -> None:
        """Add one row to stops.txt; its coordinates are blank if `place` is None."""
        lon, lat = place or ("", "")
        self._writers["stops.txt"].writerow((stop_id, name, lat, lon))

    def add_journeys(self, document: Document, current: InForce) -> None:
        """Add every journey of one document that is in force and complete."""
        by_code = {journey.code: journey for journey in document.journeys}
        for journey in document.journeys:
            period = current.periods.get((document.name, journey.service))
            if period is None and journey.service in document.services:
                continue  # superseded: counted by service
            completed = complete_journey(journey, by_code)
            links = journey_links(document, completed)
            if links is None or period is None:
                self.incomplete.append(f"{document.label}: VehicleJourney {journey.code}")
            else:
                self._add_trip(document, completed, links, period)

    def _add_trip(self, document: Document, journey: Journey, links: Sequence[Link], period: Period) -> None:
        service = document.services[journey.service]
        pattern = service.patterns[journey.pattern]
        given_profile = most_specific_profile((journey.profile, pattern.profile, service.profile))
        profile = given_profile or Profile()
        name = f"{document.label}: VehicleJourney {journey.code}"
        service_id, runs = self._service(document, service, profile, period)
        self._note_days(name, document, given_profile, runs)
        if any(journey.part):
            self.short_workings.append(name)
        trip_id = self._free_trip_id(self._id(document, journey.code))
        self._add_calls(document, trip_id, links, journey)
        headsign = journey.destination or pattern.destination or _stop_name(document, links[-1].to_stop)
        route_id = self._route(document, service, journey.line)
        self._writers["trips.txt"].writerow((route_id, service_id, trip_id, headsign, int(pattern.inbound)))

    def _note_days(self, name: str, document: Document, profile: Profile | None, runs: bool) -> None:
        if profile is None:
            self.without_profile.append(name)
            return
        unknown = unknown_organisations(profile, document.organisations)
        if not runs:
            self.never_running.append(name)
        elif unknown:
            self.organisations_unknown.append(f"{name} {unknown[0][:80]}")
        elif profile.ignored:
            self.days_ignored.append(f"{name} {min(profile.ignored)}")

    def _id(self, document: Document, name: str) -> str:
        return f"{document.name}:{name}" if self._several else name

    def _free_trip_id(self, wanted: str) -> str:
        taken = self._written_ids["trips.txt"]
        trip_id, number = wanted, 1
        while trip_id in taken:
            number += 1
            trip_id = f"{wanted}#{number}"
        taken.add(trip_id)
        return trip_id

    def _add_calls(self, document: Document, trip_id: str, links: Sequence[Link], journey: Journey) -> None:
        if journey.departure_s is None:  # never happens: such a journey has no links
            return
        start_s = journey.departure_s + journey.day_shift * DAY_S
        self._count(document, len(links) + 1)
        calls = journey_calls(links, start_s)
        self.stop_ids.update(call.stop_id for call in calls)
        self._writers["stop_times.txt"].writerows(
            (trip_id, number, stop_id, _clock(arrival_s), _clock(departure_s), int(not can_board), int(not can_alight))
            for number, (stop_id, arrival_s, departure_s, can_board, can_alight) in enumerate(calls)
        )
        if journey.headway_s and journey.until_s is not None:
            until_s = journey.until_s + journey.day_shift * DAY_S
            until_s += DAY_S if until_s <= start_s else 0
            self._writers["frequencies.txt"].writerow(
                (trip_id, clock_text(start_s), clock_text(until_s), journey.headway_s, 1)
            )

    def _route(self, document: Document, service: Service, line: str) -> str:
        line = line if line in service.lines else next(iter(service.lines), "")
        route_id = self._id(document, f"{service.code}:{line}")
        if route_id not in self._written_ids["routes.txt"]:
            self._written_ids["routes.txt"].add(route_id)
            if service.mode not in _ROUTE_TYPES:
                self.modes_unknown.append(f"{document.label}: Service {service.code} {service.mode}")
            names = service.lines.get(line, ""), service.title
            agency_id = self._agency(document, service.operator)
            kind = _ROUTE_TYPES.get(service.mode, _BUS)
            self._writers["routes.txt"].writerow((route_id, agency_id, *names, kind))
        return route_id

    def _agency(self, document: Document, operator: str) -> str:
        agency_id = self._id(document, operator)
        if agency_id not in self._written_ids["agency.txt"]:
            self._written_ids["agency.txt"].add(agency_id)
            self._writers["agency.txt"].writerow(
                (agency_id, document.operators.get(operator, "") or operator, _TIMEZONE)
            )
        return agency_id

    def _service(self, document: Document, service: Service, profile: Profile, period: Period) -> tuple[str, bool]:
        """The id of a GTFS service with the days of this profile and period, and whether it runs on any day."""
        base = self._id(document, service.code)
        key = base, profile, period
        if key not in self._services:
            days = calendar(profile, document.organisations, *period)
            service_id = f"{base}:{len(self._services) + 1}"
            self._add_days(document, service_id, days)
            self._services[key] = service_id, days.ever_run
        return self._services[key]

    def _add_days(self, document: Document, service_id: str, days: Calendar) -> None:
        week = [int(number in days.weekdays) for number in range(7)]
        self._writers["calendar.txt"].writerow((service_id, *week, f"{days.start:%Y%m%d}", f"{days.end:%Y%m%d}"))
        for kind, dates in ((1, days.added), (2, days.removed)):
            self._writers["calendar_dates.txt"].writerows((service_id, f"{date:%Y%m%d}", kind) for date in dates)
        self._count(document, len(days.added) + len(days.removed))

    def _count(self, document: Document, rows: int) -> None:
        self._rows += rows
        if self._rows > MAX_ROWS:
            raise FeedError(
                f"{document.label}: its journeys make more than {MAX_ROWS:,} calls at stops and single days; keep only the "
                "files of the services you need"
            )


def _stop_name(document: Document, stop_id: str) -> str:
    stop = document.stops.get(stop_id)
    return stop.name if stop else ""
