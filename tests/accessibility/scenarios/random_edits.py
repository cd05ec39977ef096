"""Random edits of random networks, each with the departures that hand-written loops make of it."""

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from accessibility.scenarios.edits import (
    AddStop,
    AddTrips,
    ChangeTime,
    Divert,
    Dwell,
    Edit,
    Extend,
    Headway,
    NewLine,
    Period,
    RunTime,
    SkipStop,
    ThroughRun,
    Truncate,
    Withdraw,
)
from accessibility.scenarios.places import Place
from accessibility.scenarios.selection import Selection
from tests.accessibility.scenarios.plain import (
    N_STOPS,
    SEVEN,
    Every,
    Plain,
    Run,
    along,
    by_headway,
    calling,
    edited,
    faster,
    half_up,
    longer,
    more_often,
    moved,
    network_of,
    runs_of,
    staying,
    stop_id,
    without,
)
from tests.support.oracle import Call


class Asked(NamedTuple):
    """An edit, the offsets it is applied with, and the departures expected; None where it concerns no trip."""

    edit: Edit
    expected: list[Run] | None
    phases: dict[str, int]
    adds: bool = False  # whether nobody may be later than before


Kind = Callable[[random.Random, list[Plain]], Asked]


class Draw:
    """A random line of a network, and the departures chosen of it."""

    def __init__(self, rng: random.Random, trips: list[Plain], *, times: bool = True, one_way: bool = False) -> None:
        self.rng, self.trips, self.network = rng, trips, network_of(trips[0].number)
        self.id = f"e{self.network}"
        self.runs = runs_of(trips)
        self.number = rng.choice(sorted({trip.number for trip in trips}))
        directions = sorted({trip.direction for trip in trips if trip.number == self.number})
        self.direction = rng.choice(directions if one_way else [None, *directions])
        self.from_s = rng.choice([None, None, SEVEN + 300]) if times else None
        self.to_s = rng.choice([None, None, SEVEN + 900]) if times else None

    def at(self, stop: int) -> Place:
        return Place(stop_id(self.network, stop))

    def places(self, stops: Sequence[int]) -> tuple[Place, ...]:
        return tuple(map(self.at, stops))

    @property
    def line(self) -> Selection:
        return Selection(self.number, "The Agency", self.direction, None, self.from_s, self.to_s)

    def of_line(self, trip: Plain | Run) -> bool:
        return trip.number == self.number and self.direction in {None, trip.direction}

    def chosen(self, run: Run) -> bool:
        late = self.from_s is None or run.start_s >= self.from_s
        return self.of_line(run) and late and (self.to_s is None or run.start_s < self.to_s)

    def served(self, count: int) -> list[int]:
        """Stops of one of the line's trips, in its order."""
        trip = self.rng.choice([trip for trip in self.trips if self.of_line(trip)])
        picked = sorted(self.rng.sample(range(len(trip.calls)), count))
        return [trip.calls[i].stop for i in picked]

    def hops(self, count: int) -> tuple[int, ...]:
        return tuple(self.rng.choice((60, 120, 240)) for _ in range(count))

    def elsewhere(self, used: set[int], count: int) -> list[int]:
        return self.rng.sample(sorted(set(range(N_STOPS)) - used), count)


def whole(runs: list[Run] | None) -> list[Run] | None:
    """The departures; None if one has fewer than two calls left."""
    return None if runs is None or any(len(run.calls) < 2 for run in runs) else runs


def withdraw(rng: random.Random, trips: list[Plain]) -> Asked:
    draw = Draw(rng, trips)
    left = [run for run in draw.runs if not draw.chosen(run)]
    return Asked(Withdraw(draw.id, draw.line), left if len(left) < len(draw.runs) else None, {})


def change_time(rng: random.Random, trips: list[Plain]) -> Asked:
    draw, by_s = Draw(rng, trips), rng.choice((-300, -45, 45, 600))
    change: Callable[[Run], Run] = lambda run: run._replace(calls=moved(run.calls, by_s))  # noqa: E731
    return Asked(ChangeTime(draw.id, draw.line, by_s), edited(draw.runs, draw.chosen, change), {})


def run_time(rng: random.Random, trips: list[Plain]) -> Asked:
    draw = Draw(rng, trips)
    between = rng.choice([None, tuple(draw.served(2))])
    factor = rng.choice(("0.5", "0.8", "0.83", "1.3"))
    anchor = rng.choice([None, draw.served(1)[0]])
    edit = RunTime(
        draw.id,
        draw.line,
        between=(draw.at(between[0]), draw.at(between[1])) if between else None,
        factor=float(factor),
        anchor=None if anchor is None else draw.at(anchor),
    )
    expected = edited(draw.runs, draw.chosen, lambda run: faster(run, between, Fraction(factor), anchor))
    return Asked(edit, expected, {})


def dwell(rng: random.Random, trips: list[Plain]) -> Asked:
    draw, seconds = Draw(rng, trips), rng.choice((0, 20, 75))
    stops = rng.choice([[], draw.served(2)])
    edit = Dwell(draw.id, draw.line, seconds, draw.places(stops))
    return Asked(edit, edited(draw.runs, draw.chosen, lambda run: staying(run, stops, seconds)), {})


def truncate(rng: random.Random, trips: list[Plain]) -> Asked:
    draw, keep = Draw(rng, trips), rng.choice(("before", "after"))
    stop = draw.served(1)[0]

    def cut(run: Run) -> Run | None:
        if stop not in run.stops:
            return None
        i = run.stops.index(stop)
        return run._replace(calls=run.calls[: i + 1] if keep == "before" else run.calls[i:])

    return Asked(Truncate(draw.id, draw.line, draw.at(stop), keep), whole(edited(draw.runs, draw.chosen, cut)), {})


def skip_stop(rng: random.Random, trips: list[Plain]) -> Asked:
    draw, saves_s = Draw(rng, trips), rng.choice((0, 0, 30))
    stops = draw.served(1)
    expected = edited(draw.runs, draw.chosen, lambda run: without(run, stops, saves_s))
    return Asked(SkipStop(draw.id, draw.line, draw.places(stops), saves_s), whole(expected), {})


def add_stop(rng: random.Random, trips: list[Plain]) -> Asked:
    draw, adds_s, seconds = Draw(rng, trips), rng.choice((0, 30)), rng.choice((0, 25))
    between = tuple(draw.served(2))
    new = draw.elsewhere(set(between), 1)[0]
    edit = AddStop(draw.id, draw.line, draw.at(new), (draw.at(between[0]), draw.at(between[1])), adds_s, seconds)
    expected = edited(draw.runs, draw.chosen, lambda run: calling(run, new, (between[0], between[1]), adds_s, seconds))
    return Asked(edit, expected, {})


def extend(rng: random.Random, trips: list[Plain]) -> Asked:
    draw, seconds = Draw(rng, trips), rng.choice((0, 25))
    end = rng.choice([trip for trip in trips if draw.of_line(trip)]).calls[rng.choice((0, -1))].stop
    stops = draw.elsewhere({end}, rng.randint(1, 2))
    hops = draw.hops(len(stops))
    edit = Extend(draw.id, draw.line, draw.at(end), draw.places(stops), run_s=hops, dwell_s=seconds)
    return Asked(edit, edited(draw.runs, draw.chosen, lambda run: longer(run, end, stops, hops, seconds)), {}, True)


def divert(rng: random.Random, trips: list[Plain]) -> Asked:
    draw, seconds = Draw(rng, trips), rng.choice((0, 25))
    between = tuple(draw.served(2))
    via = draw.elsewhere(set(between), rng.randint(0, 2))
    hops = draw.hops(len(via) + 1)
    edit = Divert(
        draw.id, draw.line, (draw.at(between[0]), draw.at(between[1])), draw.places(via), run_s=hops, dwell_s=seconds
    )
    expected = edited(draw.runs, draw.chosen, lambda run: along(run, (between[0], between[1]), via, hops, seconds))
    return Asked(edit, expected, {})


def scaled(rng: random.Random, trips: list[Plain]) -> Asked:
    draw = Draw(rng, trips, times=False)
    ratio = rng.choice((Fraction(1, 2), Fraction(1, 4), Fraction(2), Fraction(3, 2)))
    return Asked(
        Headway(draw.id, draw.line, factor=float(ratio)), more_often(trips, draw.of_line, ratio), {}, ratio < 1
    )


def replaced(rng: random.Random, trips: list[Plain]) -> Asked:
    draw = Draw(rng, trips, one_way=True)
    every_s = rng.choice((120, 300, 420))
    phases = {f"{draw.id}:{draw.direction}": rng.randrange(every_s)}
    gone = [run for run in draw.runs if draw.chosen(run)]
    edit = Headway(draw.id, draw.line, every_s=every_s)
    if not gone or len({run.stops for run in gone}) > 1:
        return Asked(edit, None, phases)
    from_s = min(run.start_s for run in gone) if draw.from_s is None else draw.from_s
    last_s = max(max(run.start_s for run in gone) + 1, min(run.start_s for run in gone) + every_s)
    to_s = last_s if draw.to_s is None else draw.to_s
    if to_s - from_s < every_s:
        return Asked(edit, None, phases)
    of = {trip.id: trip.calls for trip in trips}
    ids = sorted(
        {run.id for run in gone}, key=lambda i: (of[i][-1].arrival_s - of[i][0].departure_s, of[i][0].departure_s, i)
    )
    middling = ids[(len(ids) - 1) // 2]
    like = next(run for run in gone if run.id == middling)
    every = Every(from_s + phases[f"{draw.id}:{draw.direction}"], to_s, every_s, False)
    new = by_headway(draw.number, str(draw.direction), like.calls, every)
    return Asked(edit, [run for run in draw.runs if not draw.chosen(run)] + new, phases)


def add_trips(rng: random.Random, trips: list[Plain]) -> Asked:
    draw = Draw(rng, trips, times=False, one_way=True)
    starts = tuple(sorted(rng.sample(range(SEVEN, SEVEN + 1800, 30), 2)))
    new = []
    for start in starts:
        near = min((run for run in draw.runs if draw.chosen(run)), key=lambda run: (abs(run.start_s - start), run.id))
        new.append(near._replace(calls=moved(near.calls, start - near.start_s)))
    return Asked(AddTrips(draw.id, draw.line, starts), draw.runs + new, {}, True)


def new_line(rng: random.Random, trips: list[Plain]) -> Asked:
    draw = Draw(rng, trips)
    number = f"{draw.network}.9"
    stops = rng.sample(range(N_STOPS), rng.randint(2, 4))
    hops = tuple(rng.choice((60, 90, 120)) for _ in stops[1:])
    seconds, both = rng.choice((0, 20)), rng.random() < 0.5
    exact = rng.random() < 0.3
    starts = tuple(range(SEVEN, SEVEN + 1800, 450)) if exact else ()
    periods = () if exact else (Period(SEVEN - 600, SEVEN + 600, 240), Period(SEVEN + 600, SEVEN + 1800, 480))
    phases = {f"{draw.id}:{d}": rng.randrange(480) for d in "01"}
    edit = NewLine(
        draw.id,
        number,
        draw.places(stops),
        service=periods,
        departures=starts,
        both_ways=both,
        run_s=hops,
        dwell_s=seconds,
    )
    new: list[Run] = []
    for direction in "01" if both else "0":
        way, times = (stops, hops) if direction == "0" else (stops[::-1], hops[::-1])
        clock, calls = 0, [Call(way[0], 0, 0, True, True)]
        for i, (stop, hop) in enumerate(zip(way[1:], times, strict=True)):
            stay = seconds if i < len(hops) - 1 else 0
            calls.append(Call(stop, clock + hop, clock + hop + stay, True, True))
            clock += hop + stay
        if exact:
            new += [Run(number, direction, moved(calls, start)) for start in starts]
        for period in periods:
            offset = half_up(
                Fraction(phases[f"{draw.id}:{direction}"] * period.every_s, 480) - Fraction(1, 2) + Fraction(1, 1000)
            )
            every = Every(period.from_s + offset, period.to_s, period.every_s, False)
            new += by_headway(number, direction, calls, every)
    return Asked(edit, runs_of(trips) + new, phases, True)


def through_run(rng: random.Random, trips: list[Plain]) -> Asked:
    """Trips of the first line that end where those of the second start; often there are none."""
    draw = Draw(rng, trips)
    first, second = (rng.choice(trips).number for _ in range(2))
    stop = rng.choice(trips).calls[-1].stop
    edit = ThroughRun(draw.id, Selection(first), Selection(second), draw.at(stop), max_wait_s=900)
    arriving = [trip for trip in trips if trip.number == first and trip.calls[-1].stop == stop]
    leaving = [trip for trip in trips if trip.number == second and trip.calls[0].stop == stop]
    pairs = []
    for trip in sorted(arriving, key=lambda trip: (trip.calls[-1].arrival_s, trip.id)):
        ready = trip.calls[-1].arrival_s
        onward = [o for o in leaving if ready <= o.calls[0].departure_s <= ready + 900 and o.id != trip.id]
        if onward:
            best = min(onward, key=lambda o: (o.calls[0].departure_s, o.id))
            leaving.remove(best)
            pairs.append((trip, best))
    joined = {trip.id for pair in pairs for trip in pair}
    if not pairs or any(trip.every for pair in pairs for trip in pair):
        return Asked(edit, None, {})
    new = [
        Run(
            a.number,
            a.direction,
            (*a.calls[:-1], a.calls[-1]._replace(departure_s=b.calls[0].departure_s), *b.calls[1:]),
        )
        for a, b in pairs
    ]
    return Asked(edit, runs_of([trip for trip in trips if trip.id not in joined]) + new, {})


ANY = (
    withdraw, change_time, run_time, dwell, truncate, skip_stop, add_stop, extend, divert, scaled, replaced, add_trips,
    new_line, through_run,
)  # fmt: skip
