"""TransXChange documents written inside a test: `document(links("A 5 B 7 C"), journey("J1", "08:00:00"))` is a whole one.

Stops lie on a line, 1.1 km apart, in order of their names; the service S is bus line 1 of one operator, valid in 2025.
"""

from dataclasses import dataclass
from pathlib import Path

NAMESPACE = "http://www.transxchange.org.uk/"
FIRST_LAT, LON, STEP_DEG = 52.40, -1.90, 0.01
WEEKDAYS = "<RegularDayType><DaysOfWeek><MondayToFriday/></DaysOfWeek></RegularDayType>"


@dataclass(frozen=True)
class Section:
    """A JourneyPatternSection and the stops it names."""

    xml: str
    stops: tuple[str, ...]


def links(words: str, section: str = "JPS1", **extras: str) -> Section:
    """`links("A 5 B 7 C")`: from A to B in 5 minutes, on to C in 7. `extras` go into an end of a link by its number:
    `from_2="<WaitTime>PT1M</WaitTime>"` into the From of the second."""
    parts = words.split()
    stops, minutes = parts[::2], parts[1::2]
    made = "".join(
        f'<JourneyPatternTimingLink id="{section}-{n}">'
        f"<From>{extras.get(f'from_{n}', '')}<StopPointRef>{stops[n - 1]}</StopPointRef></From>"
        f"<To>{extras.get(f'to_{n}', '')}<StopPointRef>{stops[n]}</StopPointRef></To>"
        f"<RunTime>PT{minute}M</RunTime></JourneyPatternTimingLink>"
        for n, minute in enumerate(minutes, start=1)
    )
    return Section(f'<JourneyPatternSection id="{section}">{made}</JourneyPatternSection>', tuple(stops))


def journey(code: str, departs: str, profile: str = WEEKDAYS, more: str = "", pattern: str = "JP1") -> str:
    """A VehicleJourney; `more` are further elements of it."""
    return (
        f"<VehicleJourney><OperatingProfile>{profile}</OperatingProfile><VehicleJourneyCode>{code}</VehicleJourneyCode>"
        f"<ServiceRef>S</ServiceRef><LineRef>L1</LineRef><JourneyPatternRef>{pattern}</JourneyPatternRef>"
        f"<DepartureTime>{departs}</DepartureTime>{more}</VehicleJourney>"
    )


def stop_points(stops: tuple[str, ...], *, placed: bool = True) -> str:
    """An AnnotatedStopPointRef for each stop, with its location or without."""
    return "".join(
        f"<AnnotatedStopPointRef><StopPointRef>{stop}</StopPointRef><CommonName>Stop {stop}</CommonName>"
        + (f"<Location>{_place(number)}</Location>" if placed else "")
        + "</AnnotatedStopPointRef>"
        for number, stop in enumerate(stops)
    )


def _place(number: int) -> str:
    return f"<Longitude>{LON}</Longitude><Latitude>{FIRST_LAT + number * STEP_DEG:.6f}</Latitude>"


def document(
    sections: Section | tuple[Section, ...],
    *journeys: str,
    stops: str | None = None,
    service: str = "",
    mode: str = "bus",
    head: str = "",
    **period_and_root: str,
) -> str:
    """A whole document. `service` are further elements of the Service; `start`, `end`, `revision`, `line` and `namespace`
    stand in for what they are otherwise; `head` is put before the root."""
    own = {"start": "2025-01-01", "end": "2025-12-31", "revision": "1", "line": "1", "namespace": NAMESPACE}
    own |= period_and_root
    several = sections if isinstance(sections, tuple) else (sections,)
    named = tuple(sorted({stop for section in several for stop in section.stops}))
    refs = " ".join(section.xml.split('"')[1] for section in several)
    return f"""<?xml version="1.0" encoding="utf-8"?>{head}
<TransXChange xmlns="{own["namespace"]}" SchemaVersion="2.4" RevisionNumber="{own["revision"]}"
  CreationDateTime="2025-01-01T00:00:00" ModificationDateTime="2025-01-01T00:00:00">
<StopPoints>{stop_points(named) if stops is None else stops}</StopPoints>
<JourneyPatternSections>{"".join(section.xml for section in several)}</JourneyPatternSections>
<Operators><Operator id="O1"><OperatorShortName>The Operator</OperatorShortName></Operator></Operators>
<Services><Service><ServiceCode>S</ServiceCode><Lines><Line id="L1"><LineName>{own["line"]}</LineName></Line></Lines>
<OperatingPeriod><StartDate>{own["start"]}</StartDate><EndDate>{own["end"]}</EndDate></OperatingPeriod>
{service}<RegisteredOperatorRef>O1</RegisteredOperatorRef><Mode>{mode}</Mode><Description>There and back</Description>
<StandardService><Origin>Here</Origin><Destination>There</Destination><JourneyPattern id="JP1">
<Direction>outbound</Direction><JourneyPatternSectionRefs>{refs}</JourneyPatternSectionRefs></JourneyPattern>
</StandardService></Service></Services>
<VehicleJourneys>{"".join(journeys)}</VehicleJourneys></TransXChange>"""


def written(path: Path, text: str) -> Path:
    """The document in a file."""
    path.write_text(text, encoding="utf-8")
    return path
