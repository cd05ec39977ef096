"""Reads a TransXChange document into typed values: stops, links, services, journeys; unreadable records are noted."""

import datetime as dt
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from accessibility.errors import FeedError
from accessibility.transxchange.operating_profiles import Organisation, Profile, read_organisation, read_profile
from accessibility.transxchange.xml import (
    Source,
    UnreadableError,
    clock_s,
    day,
    day_of,
    number,
    records,
    required,
    required_day,
    seconds,
    text,
)

_GONE = ("delete", "archive")  # of the attribute Modification: the record is no longer valid
_WITHDRAWABLE = ("Service", "VehicleJourney")
MAX_LINKS = 1_000  # of one journey: far more than any line has, and few enough to process for every journey


class StopPoint(NamedTuple):
    """A stop of a document: its name and its coordinates, if any."""

    name: str
    lon: float | None
    lat: float | None
    easting: float | None
    northing: float | None


class Link(NamedTuple):
    """A timing link from one stop to the next. In a journey's own links, None stands for the value of the pattern."""

    link_id: str
    from_stop: str
    to_stop: str
    run_s: int | None
    from_wait_s: int | None
    to_wait_s: int | None
    from_activity: str  # pickUp, setDown, pickUpAndSetDown, pass; "" not said
    to_activity: str


class Pattern(NamedTuple):
    """A JourneyPattern: the ids of its sections in order, and its direction, destination and profile."""

    sections: tuple[str, ...]
    inbound: bool
    destination: str
    profile: Profile | None


class Service(NamedTuple):
    """A Service, with its lines and patterns by id."""

    code: str
    lines: dict[str, str]
    start: dt.date
    end: dt.date | None
    operator: str
    mode: str
    title: str
    destination: str
    profile: Profile | None
    patterns: dict[str, Pattern]


class Journey(NamedTuple):
    """A VehicleJourney; values that it does not give are those of the journey with the code `model`, if any."""

    code: str
    service: str
    line: str
    pattern: str
    model: str
    departure_s: int | None
    day_shift: int
    destination: str
    profile: Profile | None
    links: dict[str, Link]
    until_s: int | None  # of a journey with a headway: time of the last departure; else None
    headway_s: int | None
    part: tuple[
        str, str
    ]  # first and last link of a short working; "" where it runs from, or to, the end of its pattern


@dataclass
class Document:
    """All records of one file. `unreadable` names each record left out, with the reason; `withdrawn` those marked as deleted."""

    name: str
    label: str
    revision: int = 0
    changed: dt.date | None = None
    stops: dict[str, StopPoint] = field(default_factory=dict)
    operators: dict[str, str] = field(default_factory=dict)
    sections: dict[str, tuple[Link, ...]] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    journeys: list[Journey] = field(default_factory=list)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    records: int = 0


def read_document(source: Source) -> Document:
    """The `Document` of all records of a file. Raises `FeedError` if it is not TransXChange."""
    document = Document(source.name, source.label)
    walk = records(source)
    root = next(walk)
    _read_root(document, root)
    for element in walk:
        add_record = _ADDERS.get(element.tag)
        if add_record is None:
            continue
        document.records += 1
        if element.tag in _WITHDRAWABLE and not {root.get("Modification"), element.get("Modification")}.isdisjoint(
            _GONE
        ):
            document.withdrawn.append(f"{document.label}: {_named(element)}")
            continue
        try:
            add_record(document, element)
        except UnreadableError as reason:
            document.unreadable.append(f"{document.label}: {_named(element)}: {reason}")
    return document


def _read_root(document: Document, root: ET.Element) -> None:
    revision = root.get("RevisionNumber", "")
    document.revision = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0
    changed = root.get("ModificationDateTime") or root.get("CreationDateTime")
    try:
        document.changed = day_of("ModificationDateTime", changed) if changed else None
    except UnreadableError as reason:
        raise FeedError(f"{document.label}: <TransXChange>: {reason}") from None


def unusable_document(document: Document) -> str:
    """The message that a document has no usable service or journey; "" if it has both."""
    needed = {"Service": document.services, "VehicleJourney": document.journeys}
    missing = [name for name, records_read in needed.items() if not records_read]
    if not missing:
        return ""
    reasons = {"what can't be read": document.unreadable[:3], "marked as deleted": document.withdrawn[:3]}
    said = "; ".join(f"{what}: {'; '.join(names)}" for what, names in reasons.items() if names)
    return f"{document.label}: has no usable <{'> and no usable <'.join(missing)}>; expected at least one" + (
        f" ({said})" if said else ""
    )


def _named(element: ET.Element) -> str:
    inside = ("VehicleJourneyCode", "ServiceCode", "StopPointRef", "AtcoCode")  # elements that hold an id
    name = element.get("id") or next((code for path in inside if (code := text(element, path))), "")
    return f"{element.tag} {name[:80]}".strip()


def _add_stop(document: Document, element: ET.Element) -> None:
    stop_id = text(element, "StopPointRef") or required(element, "AtcoCode")
    location = element.find("Location")
    location = element.find("Place/Location") if location is None else location
    location = ET.Element("Location") if location is None else location
    translation = location.find("Translation")
    degrees = location if translation is None or location.find("Longitude") is not None else translation
    grid = location if translation is None or location.find("Easting") is not None else translation
    document.stops[stop_id] = StopPoint(
        text(element, "CommonName") or text(element, "Descriptor/CommonName"),
        number(degrees, "Longitude"),
        number(degrees, "Latitude"),
        number(grid, "Easting"),
        number(grid, "Northing"),
    )


def _add_operator(document: Document, element: ET.Element) -> None:
    names = ("TradingName", "OperatorShortName", "OperatorNameOnLicence", "OperatorCode")
    document.operators[element.get("id", "")] = next((name for path in names if (name := text(element, path))), "")


def _add_section(document: Document, element: ET.Element) -> None:
    links = tuple(_pattern_link(link) for link in element.iterfind("JourneyPatternTimingLink"))
    document.sections[element.get("id", "")] = links


def _pattern_link(element: ET.Element) -> Link:
    try:
        link = _link(element, element.get("id", ""))
        required(element, "From/StopPointRef")
        required(element, "To/StopPointRef")
        if link.run_s is None:
            raise UnreadableError("it has no RunTime")
    except UnreadableError as reason:
        raise UnreadableError(f"JourneyPatternTimingLink {element.get('id', '')[:80]}: {reason}") from None
    return link


def _link(element: ET.Element, link_id: str) -> Link:
    return Link(
        link_id,
        text(element, "From/StopPointRef"),
        text(element, "To/StopPointRef"),
        seconds(element, "RunTime"),
        seconds(element, "From/WaitTime"),
        seconds(element, "To/WaitTime"),
        text(element, "From/Activity"),
        text(element, "To/Activity"),
    )


def _add_service(document: Document, element: ET.Element) -> None:
    code = required(element, "ServiceCode")
    start = required_day(element, "OperatingPeriod/StartDate")
    ends = [text(element, f"StandardService/{end}") for end in ("Origin", "Destination")]
    document.services[code] = Service(
        code,
        {line.get("id", ""): text(line, "LineName") for line in element.iterfind("Lines/Line")},
        start,
        day(element, "OperatingPeriod/EndDate"),
        text(element, "RegisteredOperatorRef"),
        text(element, "Mode").lower(),
        text(element, "Description") or " - ".join(end for end in ends if end),
        ends[1],
        read_profile(element),
        {pattern.get("id", ""): _pattern(pattern) for pattern in element.iterfind("StandardService/JourneyPattern")},
    )


def _pattern(element: ET.Element) -> Pattern:
    sections = " ".join(refs.text or "" for refs in element.iterfind("JourneyPatternSectionRefs"))
    return Pattern(
        tuple(sections.split()),
        text(element, "Direction").lower().startswith("inbound"),
        text(element, "DestinationDisplay") or text(element, "DynamicDestinationDisplay"),
        read_profile(element),
    )


def _add_journey(document: Document, element: ET.Element) -> None:
    until_s, headway_s = (
        clock_s(element, "Frequency/EndTime"),
        seconds(element, "Frequency/Interval/ScheduledFrequency"),
    )
    if element.find("Frequency") is not None and (until_s is None or not headway_s):
        raise UnreadableError("its Frequency has no EndTime or no Interval/ScheduledFrequency")
    own_links = element.findall("VehicleJourneyTimingLink")
    if len(own_links) > MAX_LINKS:
        raise UnreadableError(f"it has {len(own_links):,} timing links; at most {MAX_LINKS:,} are read")
    document.journeys.append(
        Journey(
            required(element, "VehicleJourneyCode"),
            required(element, "ServiceRef"),
            text(element, "LineRef"),
            text(element, "JourneyPatternRef"),
            text(element, "VehicleJourneyRef"),
            clock_s(element, "DepartureTime"),
            _day_shift(element),
            text(element, "DestinationDisplay"),
            read_profile(element),
            {ref: _link(link, ref) for link in own_links if (ref := text(link, "JourneyPatternTimingLinkRef"))},
            until_s,
            headway_s,
            (_short_working(element, "StartDeadRun"), _short_working(element, "EndDeadRun")),
        )
    )


def _short_working(element: ET.Element, end: str) -> str:
    return text(element, f"{end}/ShortWorking/JourneyPatternTimingLinkRef")


def _day_shift(element: ET.Element) -> int:
    written = text(element, "DepartureDayShift")
    if written not in ("", "0", "1", "+1", "2", "+2"):
        raise UnreadableError(f"DepartureDayShift {written[:40]!r} is not 0, 1 or 2")
    return int(written or 0)


def _add_organisation(document: Document, element: ET.Element) -> None:
    document.organisations[required(element, "OrganisationCode")] = read_organisation(element)


_ADDERS: dict[str, Callable[[Document, ET.Element], None]] = {
    "AnnotatedStopPointRef": _add_stop,
    "StopPoint": _add_stop,
    "Operator": _add_operator,
    "LicensedOperator": _add_operator,
    "JourneyPatternSection": _add_section,
    "Service": _add_service,
    "VehicleJourney": _add_journey,
    "ServicedOrganisation": _add_organisation,
}
