"""The days that a run's other hours lie on, and the timetable of each."""

import datetime as dt
from collections.abc import Iterator, Mapping

import pandas as pd

from accessibility import (
    Feed,
    Repair,
    ServiceDateError,
    Timetable,
    build_timetable,
    day_to_type,
    good_days,
    trips_of_date,
)
from corridors.catalogue.periods import DAY_KINDS, WEEKDAY
from corridors.config.run_config import RunConfig
from corridors.errors import ConfigError
from corridors.inputs.school_days import unusual_days
from corridors.inputs.timetables import as_configured

_WEEKDAYS = {WEEKDAY: (0, 1, 2, 3, 4), "saturday": (5,), "sunday": (6,)}
_OF_A_DATE = {"few_trips_on_date", "feed_without_service_on_date", "date_outside_feed_info"}  # codes of repairs


def timetables_by_day(config: RunConfig, feed: Feed, own: Timetable) -> dict[str, Timetable]:
    """Kind of day, or ISO date -> the timetable of that day; empty where the configuration asks for no other hours.

    The working day is the run's own date, where that is one. Else, and for the other kinds, the nearest such day counts that
    lies inside every feed's dates and has a usual number of trips. `feed` is as it was read, with its lines registered twice;
    `own` is the timetable of the run's date. Raises `ConfigError` for days on which no trip runs.
    """
    if config.asked_hours is None:
        return {}
    asked = dict.fromkeys([WEEKDAY, *(str(one.days) for one in config.asked_periods)])
    return {days: _timetable_of(days, config, feed, own) for days in asked}


def candidate_days(config: RunConfig, feed: Feed) -> pd.DataFrame:
    """The run's day and the others near it that are as good to ask about, in order: date, trips, in_use, proposed.

    `feed` is as it was read; lines registered twice count once. `proposed` is whether `good_days` has the day.
    """
    date = config.timetable.date
    good = good_days(feed, date, unusual_days(config.region.districts))
    own = next((one for one in good if one.date == date), None) or trips_of_date(feed, date)
    rows = [(one.date.isoformat(), one.trips, one.date == date, one in good) for one in sorted({*good, own})]
    return pd.DataFrame(rows, columns=["date", "trips", "in_use", "proposed"])


def repairs_of_days(days: Mapping[str, Timetable], own: Timetable) -> Iterator[Repair]:
    """What is odd about the other days themselves: few trips, a feed without service. Each day once."""
    others = {timetable.date: timetable for timetable in days.values() if timetable.date != own.date}
    for timetable in others.values():
        yield from (repair for repair in timetable.repairs if repair.code in _OF_A_DATE)


def _timetable_of(days: str, config: RunConfig, feed: Feed, own: Timetable) -> Timetable:
    date = _date_of(days, config, feed)
    if date == own.date:
        return own
    try:
        return build_timetable(as_configured(feed, date, config.timetable), date)
    except ServiceDateError as error:
        raise ConfigError(f"{_named(days, config)}: {error}") from None


def _date_of(days: str, config: RunConfig, feed: Feed) -> dt.date:
    near = config.timetable.date
    if days not in DAY_KINDS:
        return dt.date.fromisoformat(days)
    if days == WEEKDAY and near.weekday() in _WEEKDAYS[WEEKDAY]:
        return near
    found = next(iter(good_days(feed, near, unusual_days(config.region.districts), _WEEKDAYS[days])), None)
    if found is None:
        raise ConfigError(
            f"{_named(days, config)}: no trip of the timetables runs on any {DAY_KINDS[days]} near {day_to_type(near)}; leave "
            "these periods out, or give a timetable that has such days"
        )
    return found.date


def _named(days: str, config: RunConfig) -> str:
    """The periods of a kind of day, as settings: "periods sunday, sunday_evening"."""
    ids = [one.id for one in config.asked_periods if str(one.days) == days]
    return f"period{'s' if len(ids) > 1 else ''} {', '.join(ids)}" if ids else "hours"
