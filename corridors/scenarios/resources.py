"""What a scenario takes: vehicles, vehicle-hours, vehicle-km, and money where the user gives unit costs."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from accessibility import Effect, Timetable, clock_text
from corridors.scenario_results import ALL, DAY, PERIOD
from corridors.scenarios.files.read import CostTable, ScenarioEdit, ScenarioSet
from corridors.scenarios.worlds import Base, World

COLUMNS = (
    *(
        "edit_id",
        "kind",
        "what",
        "period_from",
        "period_to",
        "headway_min",
        "round_trip_min",
        "layover_min",
        "vehicles",
    ),
    *("departures_changed", "departures_added", "departures_withdrawn"),
    *("vehicle_hours_base", "vehicle_hours", "vehicle_hours_change"),
    *("vehicle_km_base", "vehicle_km", "vehicle_km_change"),
    *("vehicles_at_once_base", "vehicles_at_once", "vehicles_at_once_change", "cost_a_day_change", "currency"),
)


def resources_table(base: Base, world: World, chosen: ScenarioSet) -> pd.DataFrame:
    """What each edit takes in each period and on the day, then all of them (`ScenarioTables.resources`).

    Distances are straight lines from stop to stop, shorter than the road. Vehicles at once are those under way without
    layovers; the vehicles of a headway service, (there and back + layover) / headway rounded up, stand by period. The row of
    all edits counts the vehicles of the whole timetable, because the most of two edits may be at different times.
    """
    rows = edit_resources(chosen, world.edited.effects)
    days = [row for row in rows if row["what"] == DAY]
    if days:
        rows.append(_of_all(base.network.timetable, world.network.timetable, pd.DataFrame(days)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def edit_resources(chosen: ScenarioSet, effects: Sequence[Effect]) -> list[dict[str, object]]:
    """What each edit takes: a row for each period of a headway service, then one for the day (columns as `COLUMNS`)."""
    costs = {edit.id: one.head.costs for one in chosen.scenarios for edit in one.edits}
    rows: list[dict[str, object]] = []
    for edit, effect in zip(chosen.edits, effects, strict=True):
        rows += _of_edit(edit, effect, costs[edit.id])
    return rows


def _of_edit(edit: ScenarioEdit, effect: Effect, costs: CostTable | None) -> Iterator[dict[str, object]]:
    for need in effect.needs:
        yield {
            "edit_id": edit.id,
            "kind": edit.kind,
            "what": PERIOD,
            "period_from": clock_text(need.from_s),
            "period_to": clock_text(need.to_s),
            "headway_min": need.headway_s / 60,
            "round_trip_min": need.round_trip_s / 60,
            "layover_min": need.layover_s / 60,
            "vehicles": need.vehicles,
        }
    hours = (effect.vehicle_minutes_before / 60, effect.vehicle_minutes_after / 60)
    km, most = (
        (effect.vehicle_km_before, effect.vehicle_km_after),
        (effect.peak_vehicles_before, effect.peak_vehicles_after),
    )
    yield {
        "edit_id": edit.id,
        "kind": edit.kind,
        "what": DAY,
        "departures_changed": effect.trips_changed,
        "departures_added": effect.trips_added,
        "departures_withdrawn": effect.trips_withdrawn,
        **_triple("vehicle_hours", *hours),
        **_triple("vehicle_km", *km),
        **_triple("vehicles_at_once", *most),
        **_money(costs, hours[1] - hours[0], km[1] - km[0], most[1] - most[0]),
    }


def _triple(name: str, before: float, after: float) -> dict[str, object]:
    return {f"{name}_base": before, name: after, f"{name}_change": after - before}


def _money(costs: CostTable | None, hours: float, km: float, vehicles: float) -> dict[str, object]:
    if costs is None:
        return {}
    total = costs.vehicle_hour * hours + costs.vehicle_km * km + costs.peak_vehicle * vehicles
    return {"cost_a_day_change": total, "currency": costs.currency}


def _of_all(before: Timetable, after: Timetable, days: pd.DataFrame) -> dict[str, object]:
    sums = {
        name: days[name].sum()
        for name in COLUMNS[9:]
        if name in days and not name.startswith(("vehicles", "cost", "cur"))
    }
    currencies = set(days["currency"].dropna()) if "currency" in days else set()
    costs = {}
    if len(currencies) == 1 and days["currency"].notna().all():
        costs = {"cost_a_day_change": days["cost_a_day_change"].sum(), "currency": currencies.pop()}
    most = _triple("vehicles_at_once", most_under_way(before), most_under_way(after))
    return {"edit_id": ALL, "kind": "", "what": DAY, **sums, **most, **costs}


def most_under_way(timetable: Timetable) -> int:
    """The most trips of a timetable that are under way at one moment; one that ends as another begins may be one vehicle."""
    trip = timetable.calls().trip
    if not len(trip):
        return 0
    first = np.flatnonzero(np.diff(trip, prepend=-1))
    last = np.append(first[1:], len(trip)) - 1
    starts, ends = timetable.departure_s[first].astype(np.int64), timetable.arrival_s[last].astype(np.int64)
    ends = np.maximum(ends, starts + 1)
    moments, steps = np.concatenate([ends, starts]), np.repeat([-1, 1], len(starts))
    order = np.lexsort((steps, moments))
    return int(np.cumsum(steps[order]).max())
