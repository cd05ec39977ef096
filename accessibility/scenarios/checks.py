"""What is wrong with an edit by itself, whatever the feed: numbers out of range, nothing given, or too much."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

from accessibility.gtfs.calendars import WEEKDAYS
from accessibility.gtfs.routes import MODES
from accessibility.gtfs.times import clock_text
from accessibility.scenarios.change import FASTEST_KMH
from accessibility.scenarios.edits import (
    AddStop,
    AddTrips,
    ChangeTime,
    Divert,
    Edit,
    Extend,
    Headway,
    Interchange,
    LandUse,
    NewLine,
    Number,
    OpenStation,
    Period,
    Position,
    Range,
    RunTime,
    SkipStop,
    StreetClose,
    StreetLink,
    ThroughRun,
)
from accessibility.scenarios.selection import Selection

MOST_EDITS = 1_000  # of one scenario: nobody reads more
_LAST_S = 30 * 3600  # no trip leaves later in its service day
_MOST_DWELL_S = 3600

Fault = tuple[bool, str]  # whether it is one, and what is said of it


def faults(edit: Edit) -> list[str]:
    """The faults of one edit, a sentence each."""
    rules = [*_id_rules(edit.id), *_line_rules(edit), *_hop_rules(edit), *_kind_rules(edit)]
    return [text for broken, text in rules if broken]


def faults_together(edits: Sequence[Edit]) -> list[str]:
    """The faults of the edits as a list: too many, or ids that repeat."""
    if len(edits) > MOST_EDITS:
        return [
            f"the scenario has {len(edits):,} edits; at most {MOST_EDITS:,} are taken: make several scenarios of it"
        ]
    counts = Counter(edit.id for edit in edits)
    return [f"edit {id!r}: {n} edits have this id; give each its own" for id, n in counts.items() if n > 1]


def _id_rules(name: str) -> Iterator[Fault]:
    yield not name.strip(), "it has no id"
    yield (
        any(letter in name for letter in "/:,\n"),
        "its id has a slash, a colon, a comma or a line end; leave them out",
    )


def _line_rules(edit: Edit) -> Iterator[Fault]:
    for selection in _selections(edit):
        both = selection.from_s is not None and selection.to_s is not None
        yield (
            both and (selection.from_s or 0) >= (selection.to_s or 0),
            f"the times of {selection} end before they begin",
        )
        yield not selection.number.strip(), "it names no line; give its number"


def _selections(edit: Edit) -> list[Selection]:
    if isinstance(edit, OpenStation):
        return list(edit.lines)
    if isinstance(edit, ThroughRun):
        return [edit.first, edit.second]
    line = getattr(edit, "line", None)
    return [line] if isinstance(line, Selection) else []


def _hop_rules(edit: Edit) -> Iterator[Fault]:
    """Faults of new hops and dwells."""
    if isinstance(edit, NewLine | Extend | Divert):
        yield edit.speed_kmh is not None and bool(edit.run_s), "it has a speed and run_s; give one of them"
        yield edit.speed_kmh is None and not edit.run_s, "give a speed (speed_kmh) or the seconds of each hop (run_s)"
        yield from _range_rules("speed_kmh", edit.speed_kmh, 0, FASTEST_KMH)
        yield any(run_s <= 0 for run_s in edit.run_s), "a hop of run_s takes no time; each must be above 0"
    dwell_s = getattr(edit, "dwell_s", 0)
    yield not 0 <= dwell_s <= _MOST_DWELL_S, f"dwell_s is {dwell_s}; it must be from 0 to {_MOST_DWELL_S}"
    layover_s = getattr(edit, "layover_s", 0)
    yield layover_s < 0, "layover_s is below 0"


def _range_rules(name: str, value: Number | None, above: float, most: float) -> Iterator[Fault]:
    values = (value.low, value.central, value.high) if isinstance(value, Range) else () if value is None else (value,)
    yield list(values) != sorted(values), f"{name} is not in order: low, central, high"
    for one in values:
        yield not above < one <= most, f"{name} is {one:g}; it must be above {above:g} and at most {most:g}"


def _kind_rules(edit: Edit) -> Iterator[Fault]:  # noqa: C901, PLR0912  # one branch a kind
    match edit:
        case NewLine():
            yield from _new_line_rules(edit)
        case AddTrips():
            yield from _departure_rules(edit.departures, edit.service)
        case Headway():
            yield (edit.every_s is None) == (edit.factor is None), "give either every_s or factor"
            yield (
                edit.every_s is not None and edit.every_s < 1,
                f"every_s is {edit.every_s}; a headway is 1 second or more",
            )
            yield edit.factor is not None and not 0.05 <= edit.factor <= 20, "factor must be from 0.05 to 20"
        case RunTime():
            yield (edit.factor is None) == (edit.saved_s is None), "give either factor or saved_s"
            yield from _range_rules("factor", edit.factor, 0, 20)
            yield from _range_rules("saved_s", edit.saved_s, -86_400, 86_400)
        case Extend():
            yield not edit.stops, "it names no stop to run to"
        case SkipStop():
            yield not edit.stops, "it names no stop to skip"
            yield edit.saves_s < 0, "saves_s is below 0"
        case AddStop() | OpenStation():
            yield edit.adds_s < 0, "adds_s is below 0; change the run time by an edit of its own"
            yield isinstance(edit, OpenStation) and not edit.lines, "it names no line that calls there"
        case ChangeTime():
            yield not edit.later_s, "it shifts by 0 seconds"
        case ThroughRun():
            yield edit.max_wait_s < 0, "max_wait_s is below 0"
        case Interchange():
            yield not edit.places, "it names no place"
            yield not 0 <= edit.seconds <= 7200, f"{edit.seconds} seconds to change; it must be from 0 to 7,200"
        case StreetLink() | StreetClose():
            yield from _street_rules(edit)
        case LandUse():
            yield not edit.count, "it puts 0 there"
            yield from _place_rules(edit.at)
        case _:
            return


def _new_line_rules(edit: NewLine) -> Iterator[Fault]:
    yield not edit.number.strip(), "the new line has no number"
    yield len(edit.stops) < 2, f"the line never moves: it has {len(edit.stops)} stops, and needs two or more"
    yield edit.mode not in MODES, f"unknown mode {edit.mode!r}; expected one of {', '.join(MODES)}"
    unknown = sorted(set(edit.days) - set(WEEKDAYS))
    yield bool(unknown), f"unknown days {', '.join(unknown)}; expected some of {', '.join(WEEKDAYS)}"
    yield edit.wheelchair not in {0, 1, 2}, "wheelchair must be 0 (unknown), 1 (yes) or 2 (no)"
    yield bool(edit.departures_back) and not edit.both_ways, "it has departures_back and does not run both ways"
    yield from _departure_rules(edit.departures, edit.service)


def _departure_rules(departures: Sequence[int], service: Sequence[Period]) -> Iterator[Fault]:
    yield bool(departures) == bool(service), "give either departures or service: exact times and headways are two kinds"
    yield len(set(departures)) < len(departures), "a departure is named twice"
    for start_s in departures:
        yield not 0 <= start_s <= _LAST_S, f"a departure at {start_s} s; it must be from 0 to {_LAST_S} (30:00)"
    for period in service:
        yield from _period_rules(period)
    ordered = sorted(service, key=lambda period: period.from_s)
    for one, following in itertools.pairwise(ordered):
        yield (
            following.from_s < one.to_s,
            f"the services from {clock_text(one.from_s)} and from {clock_text(following.from_s)} overlap; end one where "
            "the other begins",
        )


def _period_rules(period: Period) -> Iterator[Fault]:
    yield (period.every_s is None) == (period.vehicles is None), "a service has either a headway or vehicles"
    for name in ("every_s", "vehicles"):
        value = getattr(period, name)
        yield value is not None and value < 1, f"{name} of a service is {value}; it must be 1 or more"
    yield not 0 <= period.from_s < period.to_s, "a service ends before it begins"
    yield period.to_s > _LAST_S, "a service ends after 30:00"


def _street_rules(edit: StreetLink | StreetClose) -> Iterator[Fault]:
    yield from _place_rules(edit.start)
    yield from _place_rules(edit.end)
    if isinstance(edit, StreetLink):
        yield edit.metres is not None and edit.metres <= 0, "metres must be above 0"
        yield edit.start == edit.end, "the way leads nowhere: both ends are the same place"
    else:
        yield not 0 < edit.radius_m <= 1000, "radius_m must be above 0 and at most 1,000"


def _place_rules(place: Position) -> Iterator[Fault]:
    lat, lon = place
    yield not (abs(lat) <= 90 and abs(lon) <= 180), f"{lat}, {lon} is not a latitude and a longitude in degrees"
