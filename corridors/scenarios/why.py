"""Why zones gain or lose: the journey before and after, leaving at the same moment for the same centre."""

import numpy as np
import pandas as pd

from accessibility import Int32, itineraries, times_at
from corridors.access.centre_access import Access, Float, Int
from corridors.access.journeys import LEG_COLUMNS, legs_table
from corridors.scenarios.answers import Answer, capped
from corridors.scenarios.differences import Comparison

MOST_ZONES = 10
_EVERY_S = 60  # departures that are compared
FIRST_COLUMNS = ("rank", "when", "zone_id", "zone", "people")


def changed_journeys(comparison: Comparison, most: int = MOST_ZONES) -> pd.DataFrame:
    """Legs before and after for the zones with most person-minutes saved or lost (`ScenarioTables.journeys`).

    The centre is that of those needed whose time changes most (`_moved_centres`). Of the window's whole minutes the one is
    shown at which the time changes most nearly as much as the median does, since the medians before and after are of
    different departures.
    """
    base, scenario = comparison.base, comparison.scenario
    moved = np.abs(comparison.moves.saved_min) * comparison.moves.people
    order = [int(row) for row in np.argsort(-moved, kind="stable")[:most] if moved[row] > 0]
    centres, saved_min = _moved_centres(comparison)
    columns = [column for column in LEG_COLUMNS if column != "zone_id"]
    if not order:
        return pd.DataFrame(columns=[*FIRST_COLUMNS, *columns])
    departures = np.arange(
        scenario.access.spec.window_start_s, scenario.access.spec.window_end_s, _EVERY_S, dtype=np.int32
    )
    saved = _seconds(base.access, departures) - _seconds(scenario.access, departures)
    parts = []
    for rank, row in enumerate(order, start=1):
        nearest = int(np.abs(saved[row, centres[row]] - 60 * saved_min[row]).argmin())
        for when, answer in (("before", base), ("after", scenario)):
            legs = _legs(answer, row, centres, int(departures[nearest]))
            parts.append(legs.assign(rank=rank, when=when, people=comparison.moves.people[row]))
    table = pd.concat(parts, ignore_index=True)
    names = base.zones["name"]
    return table.assign(zone=names.reindex(table["zone_id"]).to_numpy())[[*FIRST_COLUMNS, *columns]]


def _moved_centres(comparison: Comparison) -> tuple[Int, Float]:
    """(row of the centre whose median time changes most of those needed, minutes saved to it), each (n_zones,).

    Needed are the nearest centres, as many as the test asks for: after the scenario where a zone gains, before where it
    loses. One of them changes by at least as much as the time to the last one needed.
    """
    counted = np.flatnonzero(comparison.base.access.centre_default)
    before, after = (
        capped(one.access.minutes(one.access.centres)[:, counted], one.access.spec)
        for one in (comparison.base, comparison.scenario)
    )
    gains = comparison.moves.saved_min >= 0
    ordered = np.argsort(np.where(gains[:, None], after, before), axis=1, kind="stable")
    needed = ordered[:, : comparison.base.access.centres_at_least][:, ::-1]  # of equal changes that to the last one
    saved = np.take_along_axis(before - after, needed, axis=1).round(2)
    most = np.where(gains, saved.argmax(axis=1), saved.argmin(axis=1))
    rows = np.arange(len(gains))
    return counted[needed[rows, most]], saved[rows, most]


def _seconds(access: Access, departures: Int32) -> Int:
    """(n_zones, n_centres, n) seconds of each departure; a centre that is not reached takes the longest time searched."""
    longest_s = access.spec.max_duration_s
    return np.minimum(times_at(access.profiles, departures, longest_s), longest_s).astype(np.int64)


def _legs(answer: Answer, row: int, centres: Int, departs_s: int) -> pd.DataFrame:
    """The legs of one journey; one row without a leg where there is no journey."""
    zones = answer.zones.index
    (journey,) = itineraries(answer.access.passes, [(row, int(centres[row]), departs_s)])
    legs = legs_table(answer.access, answer.measured.network.timetable, zones, centres, {row: journey})
    if len(legs):
        return legs
    centre = answer.access.centre_ids[int(centres[row])]
    return pd.DataFrame([{"zone_id": zones[row], "centre_id": centre, "kind": "no journey"}], columns=legs.columns)
