"""Made feeds in which lines are registered twice, beside lines that only look so; drawn from a seed, with the truth.

Every line runs both ways between two terminals of its own, ten stops apart. `Made.twice` says, for each line registered twice,
the trips of both registrations of each direction that run on `TUESDAY`; of everything else nothing is to be left out.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.support.feeds import FeedText, Row, Trip, clock, csv_text, route, service, stop, trip

DAYS = {"MF": "1111100", "MT": "1111000", "FR": "0000100", "MF_B": "1111100", "MF_C": "1111100"}
FIRST_MIN, LAST_MIN = 6 * 60, 22 * 60
N_STOPS, HOP_MIN = 10, 3


@dataclass
class Made:
    """The parts of a feed as they are made."""

    trips: list[Trip] = field(default_factory=list)
    stops: list[Row] = field(default_factory=list)
    # of each line and direction registered twice: trip ids of each registration that run on a Tuesday
    twice: list[tuple[set[str], set[str]]] = field(default_factory=list)

    def text(self) -> FeedText:
        """The feed."""
        routes = sorted({str(one.row["route_id"]) for one in self.trips})
        return FeedText(
            {
                "agency.txt": ({"agency_id": "AG", "agency_name": "Buses", "agency_timezone": "Europe/London"},),
                "stops.txt": tuple(self.stops),
                "routes.txt": tuple(
                    {**route(one, agency_id="AG"), "route_short_name": one.split("+")[0]} for one in routes
                ),
                "trips.txt": tuple(one.row for one in self.trips),
                "stop_times.txt": tuple(call for one in self.trips for call in one.calls),
                "calendar.txt": (
                    *(service(name, days) for name, days in DAYS.items()),
                    service("SUMMER", "1111100", "20260301", "20260930"),
                    service("SCHOOL", "0000000"),
                    service("SCHOOL_2", "0000000"),
                ),
                "calendar_dates.txt": tuple(
                    {"service_id": name, "date": f"202603{day:02d}", "exception_type": 1}
                    for name in ("SCHOOL", "SCHOOL_2")
                    for day in (23, 24, 25, 26, 27)
                ),
            }
        )

    def add(self, line: str, way: str, starts: Iterator[int] | list[int], of: str, stand: str = "") -> set[str]:
        """Trips of a line in a service, leaving at these minutes; `stand` is where else than at the first stop they begin."""
        ids = set()
        for start in starts:
            stops = [f"{line.split('+', maxsplit=1)[0]}-{i}" for i in range(N_STOPS)]
            stops = stops if way == "out" else [f"{one}o" for one in stops[::-1]]
            stops[0] += stand
            ident = f"{line}-{way}-{of}-{len(self.trips)}"
            calls = " | ".join(f"{one} {clock(60 * (start + HOP_MIN * i))}" for i, one in enumerate(stops))
            self.trips.append(trip(ident, calls, route=line, service=of, direction_id="01"[way == "back"]))
            ids.add(ident)
        return ids


def made_feed(seed: int, lines: int = 6) -> Made:
    """`lines` lines of each kind: registered twice (three kinds), dense, with school extras, with summer extras."""
    draw, made = random.Random(seed), Made()
    kinds: tuple[tuple[str, Callable[[random.Random, Made, str, str], None]], ...] = (
        ("twin", _twins), ("split", _split_twins), ("stand", _twins_elsewhere),
        ("dense", _dense), ("school", _school), ("summer", _summer),
    )  # fmt: skip
    for kind, make in kinds:
        for number in range(lines):
            line = f"{kind}{number}"
            _stops(made, line, 51.0 + draw.random() * 3, -3.0 + draw.random() * 2)
            for way in ("out", "back"):
                make(draw, made, line, way)
    return made


def _stops(made: Made, line: str, lat: float, lon: float) -> None:
    for i in range(N_STOPS):
        made.stops += [stop(f"{line}-{i}", lat + i * 0.005, lon), stop(f"{line}-{i}o", lat + i * 0.005, lon + 0.0004)]
    made.stops.append(stop(f"{line}-0B", lat, lon + 0.0015))  # a stand 100 m along
    made.stops.append(stop(f"{line}-{N_STOPS - 1}oB", lat + (N_STOPS - 1) * 0.005, lon + 0.0015))


def _day(draw: random.Random, headway: int) -> list[int]:
    return list(range(FIRST_MIN + draw.randrange(headway), LAST_MIN - draw.randrange(60), headway))


def _changed(draw: random.Random, starts: list[int]) -> list[int]:
    """The same departures a minute or three away, a few of them gone and a few new."""
    kept = [start + draw.choice((-3, -2, -1, -1, 0, 1, 1, 2, 3)) for start in starts if draw.random() > 0.04]
    return sorted({*kept, *(draw.randrange(FIRST_MIN, LAST_MIN) for _ in range(draw.randrange(3)))})


def _twins(draw: random.Random, made: Made, line: str, way: str) -> None:
    starts = _day(draw, draw.choice((6, 8, 10, 12, 15, 20, 30)))
    first = made.add(line, way, starts, "MF")
    made.add(f"{line}+2", way, _changed(draw, starts), "FR")
    made.twice.append((first, made.add(f"{line}+2", way, _changed(draw, starts), "MT")))


def _split_twins(draw: random.Random, made: Made, line: str, way: str) -> None:
    """The first registration has its peak trips in a service of their own, which school days are."""
    starts = _day(draw, draw.choice((8, 10, 12, 15, 20)))
    peak = {start for start in starts if 450 <= start < 540}
    first = made.add(line, way, [one for one in starts if one not in peak], "MF") | made.add(
        line, way, sorted(peak), "SCHOOL"
    )
    made.twice.append((first, made.add(line, way, _changed(draw, starts), "MT")))


def _twins_elsewhere(draw: random.Random, made: Made, line: str, way: str) -> None:
    """The second registration leaves from another stand of the terminal, with extras for schools in both."""
    starts = _day(draw, draw.choice((10, 12, 15, 20, 30)))
    extras = sorted(draw.sample(range(480, 540), 3))
    first = made.add(line, way, starts, "MF") | made.add(line, way, extras, "SCHOOL")
    second = made.add(line, way, _changed(draw, starts), "MT", stand="B")
    made.twice.append((first, second | made.add(line, way, extras, "SCHOOL_2", stand="B")))


def _dense(draw: random.Random, made: Made, line: str, way: str) -> None:
    """A service of 5 to 8 minutes whose trips belong to two or three calendars in turn, each a minute off now and then."""
    services = ("MF", "MF_B", "MF_C")[: draw.choice((2, 2, 3))]
    for number, start in enumerate(_day(draw, draw.choice((5, 6, 7, 8)))):
        made.add(line, way, [start + draw.choice((-1, 0, 0, 0, 1))], services[number % len(services)])


def _school(draw: random.Random, made: Made, line: str, way: str) -> None:
    """One to four extras at school times, on a line of any headway, also a sparse one."""
    made.add(line, way, _day(draw, draw.choice((8, 10, 15, 20, 30, 60, 120))), "MF")
    peak = [*range(450, 540), *range(880, 960)]
    made.add(line, way, sorted(draw.sample(peak, draw.randrange(1, 5))), "SCHOOL")


def _summer(draw: random.Random, made: Made, line: str, way: str) -> None:
    """Extras between 09:30 and 17:30, as often as the line's own trips or less often, halfway or anywhere between them."""
    headway = draw.choice((10, 12, 15, 20, 30))
    starts = _day(draw, headway)
    made.add(line, way, starts, "MF")
    every = headway * draw.choice((2, 2, 3, 4))
    made.add(line, way, list(range(570 + draw.randrange(every), 1050, every)), "SUMMER")


def as_texts(made: Made) -> dict[str, str]:
    """File name -> text of the feed."""
    return {name: csv_text(rows) for name, rows in made.text().tables.items()}
