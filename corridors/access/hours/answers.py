"""What zones reach at other hours: columns by period, minutes by hour, and who gets there and back."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from accessibility import SearchSpec, Timetable, TravelTimes
from corridors.access.centre_access import Access, Bool, Float, place_points
from corridors.access.hours.days import DayJourneys, Window, day_journeys
from corridors.access.hours.way_back import home_again, leave_by_s, there_in_time
from corridors.catalogue.periods import ONLY_THEN, WEEKDAY, OtherHours, back_column
from corridors.config.periods import HoursSection
from corridors.config.periods import other_hours as asked_of
from corridors.config.run_config import RunConfig
from corridors.inputs.read import Context, Network


class Reached(NamedTuple):
    """What zones reach in one window: each (n_zones,)."""

    meets: Bool  # the headline's test
    minutes: Float  # to the last centre needed; NaN = unreachable


class WayBack(NamedTuple):
    """Who gets to the centres and home again: each (n_zones,)."""

    there: Bool  # reaches enough centres in time
    home: Bool  # is home in time from enough centres
    both: Bool  # both, of enough centres


@dataclass(frozen=True)
class HoursFound:
    """What zones reach at other hours; zones as in `Context.zones`, all in the order of the configuration."""

    asked: OtherHours
    dates: Mapping[str, dt.date]  # kind of day, or ISO date -> the day
    periods: Mapping[str, Reached]  # by id
    hours: Mapping[Window, Reached]  # every hour of the curve
    ways_back: Mapping[str, WayBack]  # by the time of leaving for home
    zones: pd.DataFrame  # index zone_id; by period, who meets the test only in the headline's hours, ways back


def answer_hours(
    config: RunConfig, context: Context, network: Network, access: Access, hours: HoursSection
) -> HoursFound:
    """The answers of every period, hour and way back. Each day is searched once, by the headline's search."""
    asked = asked_of(hours, config.asked_periods)
    periods: dict[str, Reached] = {}
    for timetable, kinds in _days(network):
        working_day = WEEKDAY in kinds
        of_day = [one for one in asked.periods if one.days in kinds]
        windows = [one.window_s for one in of_day]
        leaves_s = leave_by_s(access, hours.there_by_s)
        windows += [*hours.curve_hours_s, (leaves_s, leaves_s + 1)] if working_day else []
        journeys = _journeys(context, network, access, timetable, windows)
        periods |= {one.id: _reached(access, journeys.times(one.window_s)) for one in of_day}
        if working_day:
            by_hour = {hour: _reached(access, journeys.times(hour)) for hour in hours.curve_hours_s}
            ways_back = _ways_back(hours, context, network, access, journeys)
    dates = {days: timetable.date for days, timetable in network.days.items()}
    columns = dict(_by_period(asked, periods))
    if asked.periods:
        headline = access.centres_within() >= access.centres_at_least
        columns[ONLY_THEN] = headline & ~_met_at_other_times(asked, periods, dates, network.timetable.date, access.spec)
    columns |= {back_column(home): way.both for home, way in ways_back.items()}
    return HoursFound(asked, dates, periods, by_hour, ways_back, pd.DataFrame(columns, index=context.zones.index))


def _by_period(asked: OtherHours, periods: Mapping[str, Reached]) -> Iterator[tuple[str, Float | Bool]]:
    for period in asked.periods:
        yield period.meets, periods[period.id].meets
        yield period.minutes, periods[period.id].minutes


def _met_at_other_times(
    asked: OtherHours, periods: Mapping[str, Reached], dates: Mapping[str, dt.date], date: dt.date, headline: SearchSpec
) -> Bool:
    """(n_zones,) who meets the test in a period that shares no moment with the headline's hours on its day, `date`."""
    met = np.zeros(len(periods[asked.periods[0].id].meets), bool)
    for period in asked.periods:
        start, end = period.window_s
        shared = start < headline.window_end_s and headline.window_start_s < end
        if not (shared and dates[period.days] == date):
            met |= periods[period.id].meets
    return met


def _days(network: Network) -> Iterator[tuple[Timetable, set[str]]]:
    """Each day once, with the words by which the configuration asks for it."""
    for date in dict.fromkeys(timetable.date for timetable in network.days.values()):
        kinds = {days for days, timetable in network.days.items() if timetable.date == date}
        yield network.days[min(kinds)], kinds


def _journeys(
    context: Context, network: Network, access: Access, timetable: Timetable, windows: list[Window]
) -> DayJourneys:
    spec = replace(access.spec, percentiles=(50.0,), cutoffs_s=())
    ends = access.origins, place_points(context.centres, access.radius_m)
    return day_journeys(timetable, network.streets, ends, spec, windows)


def _reached(access: Access, times: TravelTimes) -> Reached:
    return Reached(access.centres_within(times=times) >= access.centres_at_least, access.needed_minutes(times))


def _ways_back(
    hours: HoursSection, context: Context, network: Network, access: Access, journeys: DayJourneys
) -> dict[str, WayBack]:
    there = there_in_time(access, journeys, hours.there_by_s)
    centres = place_points(context.centres, access.radius_m)
    home = home_again(access, network.days[WEEKDAY], network.streets, journeys, centres, hours.home_after_s)

    def enough(reached: Bool) -> Bool:
        met: Bool = reached[:, access.centre_default].sum(axis=1) >= access.centres_at_least
        return met

    return {
        at: WayBack(enough(there), enough(one), enough(there & one))
        for at, one in zip(hours.home_after, home, strict=True)
    }
