"""The part of a timetable that people can use: the modes they may ride and, in a wheelchair, what the feed says is accessible."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from accessibility.compressed_rows import offsets_of
from accessibility.repairs import Repair, sample
from accessibility.search.spec import Wheelchair
from accessibility.timetable.timetable import Timetable
from accessibility.timetable.trips import HeadwayRuns

Bool = npt.NDArray[np.bool_]

UNKNOWN, ACCESSIBLE = 0, 1  # as in Timetable.stops["wheelchair"] and Timetable.trip_wheelchair; 2 = not accessible


def usable_timetable(timetable: Timetable, modes: frozenset[str] | None, wheelchair: Wheelchair) -> Timetable:
    """The timetable with the trips of `modes` (None = all), and boarding and alighting only where `wheelchair` lets people.

    "required" keeps what is said to be accessible, "required_or_unknown" also what nothing is said of; the truth lies
    between the two. A trip that can't be used is dropped; at a stop that can't, it still passes. Stops, patterns and
    routes keep their numbers.
    """
    if modes is not None:
        ridden = timetable.routes["mode"].isin(modes).to_numpy()[timetable.pattern_route]
        timetable = _only_trips(timetable, ridden[timetable.trip_patterns()])
    if wheelchair is None:
        return timetable
    allowed = [ACCESSIBLE] if wheelchair == "required" else [ACCESSIBLE, UNKNOWN]
    usable = np.isin(timetable.stops["wheelchair"].to_numpy(), allowed)[timetable.position_stop]
    return replace(
        _only_trips(timetable, np.isin(timetable.trip_wheelchair, allowed)),
        position_can_board=timetable.position_can_board & usable,
        position_can_alight=timetable.position_can_alight & usable,
    )


def service_repairs(timetable: Timetable, modes: frozenset[str] | None, wheelchair: Wheelchair) -> list[Repair]:
    """What the timetable lacks for people who ride only `modes` or need `wheelchair`: one entry for each that matters."""
    return [*_unserved_modes(timetable, modes or frozenset()), *_not_said(timetable, wheelchair)]


def _unserved_modes(timetable: Timetable, modes: frozenset[str]) -> Iterator[Repair]:
    run = set(timetable.routes["mode"].to_numpy()[timetable.pattern_route])
    lacking = sorted(modes - run)
    if lacking:
        effect = f"no trip of the day is by {' or '.join(lacking)}; those that run are by {', '.join(sorted(run))}"
        yield Repair("modes_without_trips", len(lacking), len(modes), sample(lacking), effect)


def _not_said(timetable: Timetable, wheelchair: Wheelchair) -> Iterator[Repair]:
    unknown = timetable.stops["wheelchair"].to_numpy() == UNKNOWN
    trips = int((timetable.trip_wheelchair == UNKNOWN).sum())
    n = trips + int(unknown.sum())
    if wheelchair is not None and n:
        counted = (
            "they are taken as not accessible"
            if wheelchair == "required"
            else 'they are taken as accessible, so that the true figure lies between this one and that of "required"'
        )
        effect = (
            f"the feed does not say of {trips:,} of {len(timetable.trip_id):,} trips and {int(unknown.sum()):,} of "
            f"{len(unknown):,} stops whether a wheelchair can use them: {counted}"
        )
        ids = timetable.stops["stop_id"].to_numpy()[unknown] if unknown.any() else ()
        yield Repair("wheelchair_not_said", n, len(timetable.trip_id) + len(unknown), sample(ids), effect)


def _only_trips(timetable: Timetable, kept: Bool) -> Timetable:
    """These trips only; patterns stay, though some may be left with no trip."""
    lengths = np.diff(timetable.pattern_position_offset)
    n_kept = np.bincount(timetable.trip_patterns()[kept], minlength=len(lengths))
    events = kept[timetable.calls().trip]
    number, by_headway = np.cumsum(kept) - 1, timetable.headway_runs
    still = HeadwayRuns(*(column[kept[by_headway.trip]] for column in by_headway))
    return replace(
        timetable,
        pattern_trip_offset=offsets_of(n_kept).astype(np.int32),
        pattern_event_offset=offsets_of(n_kept * lengths),
        arrival_s=timetable.arrival_s[events],
        departure_s=timetable.departure_s[events],
        trip_id=timetable.trip_id[kept],
        trip_wheelchair=timetable.trip_wheelchair[kept],
        headway_runs=still._replace(trip=number[still.trip].astype(np.int32)),
    )
