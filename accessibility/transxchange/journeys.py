"""Completes TransXChange journeys: values from other journeys, timing links, calls, and the valid revision of a service."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from accessibility.transxchange.documents import MAX_LINKS, Document, Journey, Link, Service

_MAX_MODELS = 10  # length of a chain of journeys that refer to each other
_NO_BOARDING, _NO_ALIGHTING = ("setDown", "pass"), ("pickUp", "pass")
# How far into the future an open-ended service runs. Traveline files end in 2099, but no timetable is known so far ahead.
HORIZON = dt.timedelta(days=5 * 365)


class Call(NamedTuple):
    """One call of a journey; times are seconds after midnight of its day."""

    stop_id: str
    arrival_s: int
    departure_s: int
    can_board: bool
    can_alight: bool


class Period(NamedTuple):
    """The first and last day on which a service is valid."""

    start: dt.date
    end: dt.date


@dataclass(frozen=True)
class InForce:
    """The period of each valid service, the services cut short or left out because of a newer revision, and those of which
    files of one revision begin on different days and are valid at once.
    """

    periods: Mapping[tuple[str, str], Period]  # (document name, service code)
    superseded: Sequence[str]
    together: Sequence[str]


def services_in_force(documents: Sequence[Document]) -> InForce:
    """The period in which each service of the documents is valid.

    If several files describe the same line of the same service, the one with the higher RevisionNumber counts from its
    first day on. Files of the same revision all count: a service may be divided among files by days, directions or seasons.
    """
    versions = defaultdict(list)
    for document in documents:
        for service in document.services.values():
            versions[service.code].append((document, service, _period(document, service)))
    periods: dict[tuple[str, str], Period] = {}
    superseded: list[str] = []
    together: list[str] = []
    for same_code in versions.values():
        for document, service, period in same_code:
            rivals = [
                (rival.revision, other.start)
                for rival, rival_service, other in same_code
                if not set(rival_service.lines.values()).isdisjoint(service.lines.values())
                and other.start <= period.end
                and period.start <= other.end
            ]
            newer = [start for revision, start in rivals if revision > document.revision]
            end = min([period.end, *(start - dt.timedelta(days=1) for start in newer)])
            if newer:
                superseded.append(f"{document.label}: Service {service.code} revision {document.revision}")
            if period.start <= end:
                periods[document.name, service.code] = Period(period.start, end)
                if any(revision == document.revision and start != period.start for revision, start in rivals):
                    together.append(f"{document.label}: Service {service.code} from {period.start}")
    return InForce(periods, superseded, together)


def _period(document: Document, service: Service) -> Period:
    horizon = max(service.start, document.changed or service.start) + HORIZON
    return Period(service.start, horizon if service.end is None else min(service.end, horizon))


def complete_journey(journey: Journey, by_code: Mapping[str, Journey]) -> Journey:
    """The journey with its missing values taken from the journey it refers to, which may refer to another one."""
    completed = journey
    for _ in range(_MAX_MODELS):
        model = by_code.get(completed.model)
        if model is None:
            break
        own_time = completed.departure_s is not None
        completed = completed._replace(
            line=completed.line or model.line,
            pattern=completed.pattern or model.pattern,
            model=model.model,
            departure_s=completed.departure_s if own_time else model.departure_s,
            day_shift=completed.day_shift if own_time else model.day_shift,
            destination=completed.destination or model.destination,
            profile=completed.profile or model.profile,
            links={**model.links, **completed.links},
            until_s=completed.until_s if completed.headway_s else model.until_s,
            headway_s=completed.headway_s or model.headway_s,
            part=(completed.part[0] or model.part[0], completed.part[1] or model.part[1]),
        )
    return completed


def journey_links(document: Document, journey: Journey) -> tuple[Link, ...] | None:
    """The timing links of a complete journey, with its own times; for a short working, from its first to its last link.

    None if the service, pattern or a section is unknown, if it has no departure, if there is a gap between links, or if
    there are more than `MAX_LINKS` links.
    """
    service = document.services.get(journey.service)
    pattern = service.patterns.get(journey.pattern) if service else None
    if pattern is None or journey.departure_s is None or len(pattern.sections) > MAX_LINKS:
        return None
    links: list[Link] = []
    for name in pattern.sections:
        section = document.sections.get(name)
        if section is None or len(links) + len(section) > MAX_LINKS:
            return None
        links += section
    if any(before.to_stop != after.from_stop for before, after in pairwise(links)):
        return None
    served = _served_part(links, journey.part)
    return tuple(_with_own_values(link, journey.links.get(link.link_id)) for link in served) or None


def _served_part(links: Sequence[Link], part: tuple[str, str]) -> Sequence[Link]:
    """The links from the first to the last of `part` (inclusive); none if one of these does not exist."""
    ids = [link.link_id for link in links]
    first, last = part
    if (first and first not in ids) or (last and last not in ids):
        return ()
    return links[ids.index(first) if first else 0 : ids.index(last) + 1 if last else len(links)]


def _with_own_values(link: Link, own: Link | None) -> Link:
    """A pattern's link with the values that the journey's own link gives."""
    if own is None:
        return link
    return link._replace(
        run_s=link.run_s if own.run_s is None else own.run_s,
        from_wait_s=link.from_wait_s if own.from_wait_s is None else own.from_wait_s,
        to_wait_s=link.to_wait_s if own.to_wait_s is None else own.to_wait_s,
        from_activity=own.from_activity or link.from_activity,
        to_activity=own.to_activity or link.to_activity,
    )


def journey_calls(links: Sequence[Link], departure_s: int) -> list[Call]:
    """The calls of a journey over `links` that leaves the first stop at `departure_s` (seconds after midnight).

    The wait at a stop is the sum of the waits given by the arriving and the leaving link. The activity of the leaving
    link decides about boarding and that of the arriving link about alighting; if one gives none, the other's counts.
    """
    first = links[0]
    calls = [Call(first.from_stop, departure_s, departure_s, first.from_activity not in _NO_BOARDING, False)]
    time_s = departure_s
    for link, following in zip(links, (*links[1:], None), strict=True):
        time_s += link.run_s or 0
        arrival_s = time_s
        time_s += (link.to_wait_s or 0) + ((following.from_wait_s or 0) if following else 0)
        leaving = following.from_activity if following else ""
        can_board = following is not None and (leaving or link.to_activity) not in _NO_BOARDING
        can_alight = (link.to_activity or leaving) not in _NO_ALIGHTING
        calls.append(Call(link.to_stop, arrival_s, time_s, can_board, can_alight))
    return calls
