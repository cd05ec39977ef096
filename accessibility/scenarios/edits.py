"""The kinds of edits, each a value: what a scenario changes of the timetable, the streets or the land.

Times and durations are whole seconds, clock times after midnight of the service day; places are (latitude, longitude) in
WGS84 degrees; speeds are km/h along the straight lines between stops. Edits hold what a file says, checked or not:
`checks.faults` says what is wrong with one by itself, `apply` what is wrong with it on a feed.
"""

from dataclasses import dataclass
from typing import Literal

from accessibility.feed import Feed
from accessibility.scenarios.places import Place
from accessibility.scenarios.selection import Selection

Position = tuple[float, float]  # latitude, longitude
RunTimes = Literal["low", "central", "high"]


@dataclass(frozen=True)
class Range:
    """A number that is not known, from `low` to `high`."""

    low: float
    central: float
    high: float


Number = float | Range


@dataclass(frozen=True)
class Period:
    """Departures from the first stop every `every_s`, or as often as `vehicles` allow, from `from_s` to before `to_s`."""

    from_s: int
    to_s: int
    every_s: int | None = None
    vehicles: int | None = None


@dataclass(frozen=True)
class NewLine:
    """A line where there was none, along `stops`, and back along them in turn if it runs `both_ways`.

    Its hops take `run_s` (one for each), or are run at `speed_kmh`; it stays `dwell_s` at every stop but the ends. It has
    headways (`service`: when it runs within them is unknown) or exact `departures` from the first stop, with
    `departures_back` from the last one (the same, if none are given). `layover_s` is of a round trip. It runs on
    `days` ("monday", ...); by default Monday to Friday if the date is one of them, else on the date's weekday.
    """

    id: str
    number: str
    stops: tuple[Place, ...]
    operator: str = ""
    mode: str = "bus"
    service: tuple[Period, ...] = ()
    departures: tuple[int, ...] = ()
    departures_back: tuple[int, ...] = ()
    both_ways: bool = True
    speed_kmh: Number | None = None
    run_s: tuple[int, ...] = ()
    dwell_s: int = 0
    layover_s: int = 0
    wheelchair: int = 0  # 0 unknown, 1 accessible, 2 not
    days: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extend:
    """Trips that end at `at` go on along `stops`; trips that start there start at the last of `stops` and come along them.

    Times at the stops that a trip has now do not change. Hops as in `NewLine`, from `at` outward.
    """

    id: str
    line: Selection
    at: Place
    stops: tuple[Place, ...]
    speed_kmh: Number | None = None
    run_s: tuple[int, ...] = ()
    dwell_s: int = 0


@dataclass(frozen=True)
class Truncate:
    """Trips that pass `at` only run the part `keep` it: they end there ("before") or start there ("after")."""

    id: str
    line: Selection
    at: Place
    keep: Literal["before", "after"]


@dataclass(frozen=True)
class Divert:
    """Between two stops, trips run along the stops `via` instead of those they call at now (against them, in turn).

    `run_s` has one hop more than `via` has stops. Calls before the part keep their times, those after it shift; with
    `anchor`, that stop keeps its time.
    """

    id: str
    line: Selection
    between: tuple[Place, Place]
    via: tuple[Place, ...]
    speed_kmh: Number | None = None
    run_s: tuple[int, ...] = ()
    dwell_s: int = 0
    anchor: Place | None = None


@dataclass(frozen=True)
class RunTime:
    """Hops between two stops, or all hops, take `factor` of their time, or `saved_s` less together; dwells stay.

    The stop `anchor` keeps its time (default: the trip's first). The vehicles freed are `released`: they stay "idle", or
    the same number runs more often ("headway"); `layover_s` is of a one-way trip.
    """

    id: str
    line: Selection
    between: tuple[Place, Place] | None = None
    factor: Number | None = None
    saved_s: Number | None = None
    anchor: Place | None = None
    released: Literal["idle", "headway"] = "idle"
    layover_s: int = 0


@dataclass(frozen=True)
class Dwell:
    """Trips stay `dwell_s` at the stops `at` (all but their first and last, if none is named); what follows shifts."""

    id: str
    line: Selection
    dwell_s: int
    at: tuple[Place, ...] = ()
    anchor: Place | None = None


@dataclass(frozen=True)
class Headway:
    """Headways times `factor`, or departures `every_s` instead of the ones there are; each direction by itself.

    `factor` keeps the kind: of exact departures, those at each multiple of it stay, and new ones stand in between, in
    proportion; a line known by its headway gets another. `every_s` replaces all selected departures by a headway service,
    from the selection's `from_s` to `to_s` (or from its first to its last departure), when within it being unknown.
    """

    id: str
    line: Selection
    every_s: int | None = None
    factor: float | None = None
    layover_s: int = 0


@dataclass(frozen=True)
class AddTrips:
    """More trips of a line: at exact `departures` from the first stop, or by headways, on the days of those like them.

    Each runs as the selected trip that leaves nearest to it in time.
    """

    id: str
    line: Selection
    departures: tuple[int, ...] = ()
    service: tuple[Period, ...] = ()
    layover_s: int = 0


@dataclass(frozen=True)
class ChangeTime:
    """Trips run `later_s` later (earlier, if below 0)."""

    id: str
    line: Selection
    later_s: int


@dataclass(frozen=True)
class Withdraw:
    """Trips do not run."""

    id: str
    line: Selection


@dataclass(frozen=True)
class SkipStop:
    """Trips do not call at `stops`; each saves `saves_s`, by which later calls are earlier."""

    id: str
    line: Selection
    stops: tuple[Place, ...]
    saves_s: int = 0


@dataclass(frozen=True)
class AddStop:
    """Trips that call at two neighbouring stops, in either order, call at `stop` between them.

    The hop takes `adds_s` longer, shared between the two hops by their straight lines; the call takes `dwell_s`.
    """

    id: str
    line: Selection
    stop: Place
    between: tuple[Place, Place]
    adds_s: int = 0
    dwell_s: int = 0


@dataclass(frozen=True)
class OpenStation:
    """Trips of several lines call at one new stop between two neighbouring ones, as in `AddStop`."""

    id: str
    lines: tuple[Selection, ...]
    stop: Place
    between: tuple[Place, Place]
    adds_s: int = 0
    dwell_s: int = 0


@dataclass(frozen=True)
class ThroughRun:
    """Trips of `first` that end at `at` go on as the next trip of `second` from there, within `max_wait_s`: one vehicle.

    `second_at` is where the second line starts, if that is another stop. Each trip is joined once; both run on the same days.
    """

    id: str
    first: Selection
    second: Selection
    at: Place
    second_at: Place | None = None
    max_wait_s: int = 900


@dataclass(frozen=True)
class Interchange:
    """Changing between any two of the places takes `seconds`, walk included; at one place, changing within it."""

    id: str
    places: tuple[Place, ...]
    seconds: int


@dataclass(frozen=True)
class StreetLink:
    """A new way for walking, in a straight line unless `metres` are given."""

    id: str
    start: Position
    end: Position
    metres: float | None = None
    both_ways: bool = True


@dataclass(frozen=True)
class StreetClose:
    """No walking on any street within `radius_m` of the straight line from `start` to `end`."""

    id: str
    start: Position
    end: Position
    radius_m: float = 10.0


@dataclass(frozen=True)
class LandUse:
    """Homes, jobs or a place of another kind ("college") at a point: `count` more, or fewer below 0."""

    id: str
    kind: str
    at: Position
    count: float
    name: str = ""


@dataclass(frozen=True)
class ReplaceFeed:
    """Another timetable instead of the one there is; later edits are of the new one."""

    id: str
    feed: Feed


Edit = (
    NewLine | Extend | Truncate | Divert | RunTime | Dwell | Headway | AddTrips | ChangeTime | Withdraw | SkipStop | AddStop
    | OpenStation | ThroughRun | Interchange | StreetLink | StreetClose | LandUse | ReplaceFeed
)  # fmt: skip


def central(value: Number, run_times: RunTimes) -> float:
    """The number to calculate with: that of a range named by `run_times`."""
    return float(getattr(value, run_times)) if isinstance(value, Range) else float(value)


def speed_of(value: Number, run_times: RunTimes) -> float:
    """The speed in km/h to calculate with: the low run times are those of the high speed."""
    turned: dict[RunTimes, RunTimes] = {"low": "high", "central": "central", "high": "low"}
    return central(value, turned[run_times])
