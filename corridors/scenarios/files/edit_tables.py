"""The tables `[[edit]]` of a scenario file, one model a kind, and the edits of the engine that they mean."""

from abc import abstractmethod
from typing import Annotated, Literal

from pydantic import Field

from accessibility import (
    AddStop,
    AddTrips,
    ChangeTime,
    Divert,
    Dwell,
    Edit,
    Extend,
    Headway,
    NewLine,
    OpenStation,
    RunTime,
    SkipStop,
    ThroughRun,
    Truncate,
    Withdraw,
)
from corridors.config.values import Text
from corridors.scenarios.files.values import (
    Basis,
    Duration,
    LayoverMin,
    LineName,
    LineTable,
    Moment,
    Number,
    Seconds,
    ServiceTable,
    Stop,
    Table,
    number,
)

Stops = Annotated[list[Stop], Field(min_length=1)]


class EditTable(Table):
    """What every edit has: an id, a kind, and where its numbers come from."""

    id: Text
    kind: str
    basis: Basis | None = None
    source: str = ""
    note: str = ""

    @abstractmethod
    def edit(self, ident: str) -> Edit:
        """The edit of the engine, called `ident`."""


class _Line(EditTable):
    line: LineTable


class _Hops(Table):
    speed_kmh: Number | None = None
    run_s: tuple[int, ...] = ()
    dwell_s: Seconds = 0


class NewLineTable(EditTable, _Hops):
    """A line where there was none."""

    line: LineName
    stops: Stops
    mode: str = "bus"
    both_ways: bool = True
    service: tuple[ServiceTable, ...] = ()
    departures: tuple[Moment, ...] = ()
    departures_back: tuple[Moment, ...] = ()
    layover_min: LayoverMin = 0
    days: tuple[str, ...] = ()
    wheelchair: int = 0

    def edit(self, ident: str) -> NewLine:
        """The edit of the engine."""
        return NewLine(
            ident,
            self.line.number,
            tuple(stop.place() for stop in self.stops),
            operator=self.line.operator,
            mode=self.mode,
            service=tuple(one.period() for one in self.service),
            departures=self.departures,
            departures_back=self.departures_back,
            both_ways=self.both_ways,
            speed_kmh=number(self.speed_kmh),
            run_s=self.run_s,
            dwell_s=self.dwell_s,
            layover_s=round(60 * self.layover_min),
            wheelchair=self.wheelchair,
            days=self.days,
        )


class ExtendTable(_Line, _Hops):
    """Trips that end or start at a stop go on."""

    at: Stop
    stops: Stops

    def edit(self, ident: str) -> Extend:
        """The edit of the engine."""
        stops = tuple(stop.place() for stop in self.stops)
        hops = (number(self.speed_kmh), self.run_s, self.dwell_s)
        return Extend(ident, self.line.selection(), self.at.place(), stops, *hops)


class TruncateTable(_Line):
    """Trips run only a part."""

    at: Stop
    keep: Literal["before", "after"]

    def edit(self, ident: str) -> Truncate:
        """The edit of the engine."""
        return Truncate(ident, self.line.selection(), self.at.place(), self.keep)


class DivertTable(_Line, _Hops):
    """Trips run another way between two stops."""

    between: tuple[Stop, Stop]
    via: tuple[Stop, ...] = ()
    anchor: Stop | None = None

    def edit(self, ident: str) -> Divert:
        """The edit of the engine."""
        start, end = self.between
        via = tuple(stop.place() for stop in self.via)
        hops = (number(self.speed_kmh), self.run_s, self.dwell_s)
        anchor = self.anchor.place() if self.anchor else None
        return Divert(ident, self.line.selection(), (start.place(), end.place()), via, *hops, anchor)


class RunTimeTable(_Line):
    """Trips run faster or slower."""

    between: tuple[Stop, Stop] | None = None
    factor: Number | None = None
    saved_s: Number | None = None
    anchor: Stop | None = None
    released: Literal["idle", "headway"] = "idle"
    layover_min: LayoverMin = 0

    def edit(self, ident: str) -> RunTime:
        """The edit of the engine."""
        between = (self.between[0].place(), self.between[1].place()) if self.between else None
        return RunTime(
            ident,
            self.line.selection(),
            between,
            number(self.factor),
            number(self.saved_s),
            self.anchor.place() if self.anchor else None,
            self.released,
            round(60 * self.layover_min),
        )


class DwellTable(_Line):
    """Trips stay longer or shorter at stops."""

    dwell_s: Seconds
    at: tuple[Stop, ...] = ()
    anchor: Stop | None = None

    def edit(self, ident: str) -> Dwell:
        """The edit of the engine."""
        at = tuple(stop.place() for stop in self.at)
        return Dwell(ident, self.line.selection(), self.dwell_s, at, self.anchor.place() if self.anchor else None)


class HeadwayTable(_Line):
    """A line runs more or less often: `factor` scales its headways, `every` replaces its departures."""

    every_s: Annotated[Duration | None, Field(alias="every")] = None
    factor: float | None = None
    layover_min: LayoverMin = 0

    def edit(self, ident: str) -> Headway:
        """The edit of the engine."""
        return Headway(ident, self.line.selection(), self.every_s, self.factor, round(60 * self.layover_min))


class AddTripsTable(_Line):
    """More trips of a line."""

    departures: tuple[Moment, ...] = ()
    service: tuple[ServiceTable, ...] = ()
    layover_min: LayoverMin = 0

    def edit(self, ident: str) -> AddTrips:
        """The edit of the engine."""
        service = tuple(one.period() for one in self.service)
        return AddTrips(ident, self.line.selection(), self.departures, service, round(60 * self.layover_min))


class ChangeTimeTable(_Line):
    """Trips run later or earlier."""

    later_s: Annotated[Duration, Field(alias="later")]

    def edit(self, ident: str) -> ChangeTime:
        """The edit of the engine."""
        return ChangeTime(ident, self.line.selection(), self.later_s)


class WithdrawTable(_Line):
    """Trips do not run."""

    def edit(self, ident: str) -> Withdraw:
        """The edit of the engine."""
        return Withdraw(ident, self.line.selection())


class SkipStopTable(_Line):
    """Trips do not call at stops."""

    stops: Stops
    saves_s: Seconds = 0

    def edit(self, ident: str) -> SkipStop:
        """The edit of the engine."""
        return SkipStop(ident, self.line.selection(), tuple(stop.place() for stop in self.stops), self.saves_s)


class _Inserted(Table):
    stop: Stop
    between: tuple[Stop, Stop]
    adds_s: Seconds = 0
    dwell_s: Seconds = 0


class AddStopTable(_Line, _Inserted):
    """Trips call at one more stop."""

    def edit(self, ident: str) -> AddStop:
        """The edit of the engine."""
        between = (self.between[0].place(), self.between[1].place())
        return AddStop(ident, self.line.selection(), self.stop.place(), between, self.adds_s, self.dwell_s)


class OpenStationTable(EditTable, _Inserted):
    """Trips of several lines call at a new stop."""

    lines: Annotated[list[LineTable], Field(min_length=1)]

    def edit(self, ident: str) -> OpenStation:
        """The edit of the engine."""
        lines = tuple(line.selection() for line in self.lines)
        between = (self.between[0].place(), self.between[1].place())
        return OpenStation(ident, lines, self.stop.place(), between, self.adds_s, self.dwell_s)


class ThroughRunTable(EditTable):
    """Trips of one line go on as trips of another."""

    first: LineTable
    second: LineTable
    at: Stop
    second_at: Stop | None = None
    max_wait_s: Annotated[Duration, Field(alias="max_wait")] = 900

    def edit(self, ident: str) -> ThroughRun:
        """The edit of the engine."""
        second_at = self.second_at.place() if self.second_at else None
        lines = (self.first.selection(), self.second.selection())
        return ThroughRun(ident, *lines, self.at.place(), second_at, self.max_wait_s)
