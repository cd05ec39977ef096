"""The minutes at other hours as figures of the map with a slider: hour by hour of the working day, and by period."""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd

from corridors.catalogue.measures import HOURS
from corridors.catalogue.periods import OtherHours, hour_column
from corridors.results import Results
from maps import Indicator, Series, Step

BY_HOUR, BY_PERIOD = "minutes_by_hour", "minutes_by_period"
_TITLE = "minutes to the last centre needed"
_NOTE = (
    "The headline's test at other times: blue meets it. Minutes at the median departure to the centre that decides it, the last "
    "of those it asks for. The slider chooses {}."
)


class HoursOnMap(NamedTuple):
    """What the map has of other hours."""

    zones: gpd.GeoDataFrame
    indicators: tuple[Indicator, ...]
    series: tuple[Series, ...]


def with_hours(zones: gpd.GeoDataFrame, results: Results) -> HoursOnMap:
    """The zones with the minutes of every hour, and the indicators with their times; none where none were asked for."""
    asked, by_hour = results.other_hours, results.tables.zones_by_hour
    if asked is None or by_hour is None:
        return HoursOnMap(zones, (), ())
    held = zones.join(by_hour.set_index("zone_id"))
    series = (_of_hours(results), *_of_periods(results, asked))
    own = {one.indicator: held[one.steps[one.start].column] for one in series}
    notes = {BY_HOUR: "the hour in which people leave", BY_PERIOD: "the period"}
    indicators = tuple(
        Indicator(one.indicator, one.title, "minutes", "min", HOURS, note=_NOTE.format(notes[one.indicator]))
        for one in series
    )
    return HoursOnMap(held.assign(**own), indicators, series)


def _of_hours(results: Results) -> Series:
    rows = _records(results.tables.hours)
    steps = tuple(
        Step(
            row["start"].replace(":", ""),
            *_named(f"leaving {row['start']} to {row['end']}", row["share"]),
            hour_column(row["start"]),
        )
        for row in rows
    )
    first = results.kpi.hours.removeprefix("between ")[:2]  # the hour in which the headline's window begins
    own = next((number for number, row in enumerate(rows) if first and row["start"][:2] == first), 0)
    return Series(BY_HOUR, f"By hour: {_TITLE}", "Hour of the working day", steps, own)


def _of_periods(results: Results, asked: OtherHours) -> Iterator[Series]:
    shares = {row["period_id"]: row["share"] for row in _records(results.tables.periods)}
    steps = tuple(
        Step(one.id, *_named(f"{one.title} ({one.when})", shares[one.id]), one.minutes) for one in asked.periods
    )
    if steps:
        yield Series(BY_PERIOD, f"By period: {_TITLE}", "Period", steps)


def _named(time: str, share: float) -> tuple[str, str]:
    """The name of a step, and the words beside the slider."""
    found = "" if math.isnan(share) else f": {100 * share:.1f} % of residents meet the test"
    return time, f"{time[:1].upper()}{time[1:]}{found}"


def _records(table: pd.DataFrame | None) -> list[dict[str, Any]]:
    return (
        [] if table is None else [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    )
