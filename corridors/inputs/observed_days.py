"""What ran on past days: corrected feeds and tables of delays, matched to the timetables of the same days."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from accessibility import (
    AccessibilityError,
    Feed,
    ObservedTimes,
    Repair,
    ServiceDateError,
    Timetable,
    build_timetable,
    day_to_type,
    line_names,
    match_trips,
    plain_ids,
    read_feed,
    service_days,
    times_of_delays,
    times_of_match,
)
from corridors.catalogue.observed import ObservedDays
from corridors.config.limits import MOST_OBSERVED
from corridors.config.observed import ObservedSection
from corridors.config.run_config import RunConfig
from corridors.errors import ConfigError
from corridors.inputs.delay_tables import delays_of_calls, read_delays
from corridors.inputs.timetables import Box, as_configured
from layers import first_few

Bool = npt.NDArray[np.bool_]
LITTLE_MATCHED = 0.8  # share of trips below which a warning says what it means


@dataclass(frozen=True)
class ObservedDay:
    """One day as it ran."""

    date: dt.date
    files: str  # their names
    synthetic: bool
    times: ObservedTimes

    @property
    def matched_share(self) -> float:
        """Share of the day's trips, of modes that were observed, that were matched, 0-1; NaN where it has none."""
        covered = self.times.covered
        return float(self.times.matched[covered].mean()) if covered.any() else float("nan")


def read_observed(config: RunConfig, feed: Feed, own: Timetable, within: Box | None) -> tuple[ObservedDay, ...]:
    """The observed days in order. `feed` is the timetables as they were read, `own` the timetable of the run's date.

    Raises `ConfigError` for observations that can't be used: of a day that the timetables do not have, without a common line
    or stop, of two entries for one day.
    """
    if not config.observed:
        return ()
    planned = _Planned(config, feed, own)
    found: dict[dt.date, ObservedDay] = {}
    for number, section in enumerate(config.observed):
        where = f"observed[{number}]"
        for day in _days_of(where, section, planned, within):
            if day.date in found:
                raise ConfigError(
                    f"{where}: {day.date} is also the day of {found[day.date].files}; give one source for each day, or several "
                    "feeds of one day in one entry"
                )
            found[day.date] = day
    if len(found) > MOST_OBSERVED:
        raise ConfigError(f"observed: {len(found):,} days; at most {MOST_OBSERVED} can be asked about")
    return tuple(found[date] for date in sorted(found))


def days_in_short(days: tuple[ObservedDay, ...]) -> ObservedDays | None:
    """The observed days, as outputs name them; None where there are none."""
    if not days:
        return None
    return ObservedDays(tuple(day.date.isoformat() for day in days), any(day.synthetic for day in days))


def observed_repairs(days: tuple[ObservedDay, ...]) -> Iterator[Repair]:
    """A warning for each day of which few trips were matched."""
    for day in days:
        missing, total = int((day.times.covered & ~day.times.matched).sum()), int(day.times.covered.sum())
        if day.matched_share < LITTLE_MATCHED:
            names = tuple(map(str, day.times.planned.trip_id[day.times.covered & ~day.times.matched][:5]))
            effect = (
                f"On {day_to_type(day.date)} {missing:,} of {total:,} trips were not matched to an observed one ({day.files}): "
                "figures as observed rest on the others, and differ by what is made of these (run as timetabled, "
                "cancelled, dropped)"
            )
            yield Repair("observed_trips_not_matched", missing, total, names, effect)


@dataclass(frozen=True)
class _Planned:
    """The timetables of the days that were observed."""

    config: RunConfig
    feed: Feed
    own: Timetable

    def on(self, where: str, date: dt.date) -> Timetable:
        """The timetable of a day. Raises `ConfigError` where nothing runs."""
        if date == self.own.date:
            return self.own
        try:
            return build_timetable(as_configured(self.feed, date, self.config.timetable), date, advise=False)
        except ServiceDateError as error:
            raise ConfigError(f"{where}: an observed day is compared with the timetable of that day: {error}") from None


def _days_of(where: str, section: ObservedSection, planned: _Planned, within: Box | None) -> Iterator[ObservedDay]:
    names = ", ".join(file.name for file in section.files)
    if section.delays is None:
        date, observed, feeds = _observed_timetable(where, section, within)
        timetable = planned.on(where, date)
        times = _matched(where, section, (timetable, observed), (planned.feed.names, feeds))
        yield ObservedDay(date, names, section.synthetic, times)
        return
    for date, delays in read_delays(section, planned.own.date).items():
        timetable = planned.on(where, date)
        delay_s, known = delays_of_calls(timetable, planned.feed.names, delays)
        if not known.any():
            lines = line_names(timetable, planned.feed.names)
            raise ConfigError(
                f"{where}: no row of {names} for {date} is of a line, stop and hour of the timetable; the table's lines are "
                f"{first_few(sorted(set(delays['line'])))}, those of the timetable {first_few(sorted(set(lines)))}; stops are "
                "named by stop_id, hours count from midnight of the service day"
            )
        held = timetable.routes["mode"].to_numpy(object)[timetable.pattern_route[timetable.calls().pattern[known]]]
        covered = _covered(timetable, section.modes or list(set(held)))
        yield ObservedDay(date, names, section.synthetic, times_of_delays(timetable, delay_s, known, covered))


def _observed_timetable(
    where: str, section: ObservedSection, within: Box | None
) -> tuple[dt.date, Timetable, tuple[str, ...]]:
    """(day, timetable of what ran, names of its feeds). Raises `ConfigError` for feeds that can't be used."""
    try:
        feed = read_feed(section.feeds, None, within)
        date = section.date or _only_day(where, feed, section.feeds)
        return date, build_timetable(feed, date, advise=False), feed.names
    except AccessibilityError as error:
        raise ConfigError(f"{where}: {error}") from None


def _only_day(where: str, feed: Feed, files: list[Path]) -> dt.date:
    """The one day on which the feed has trips."""
    services = service_days(feed)
    dated = [day for day in (*services.start, *services.end, *services.exception_day) if not np.isnat(day)]
    if not dated:
        raise ConfigError(f"{where}: {files[0].name} has no service with a date, so nothing ran")
    days = np.arange(min(dated), max(dated) + np.timedelta64(1, "D"))
    with_trips = services.service_ids.isin(feed.trips["service_id"])
    run = days[services.running(days)[:, with_trips].any(axis=1)]
    if len(run) != 1:
        span = f" ({run[0]} to {run[-1]})" if len(run) else ""
        raise ConfigError(
            f"{where}: {files[0].name} holds trips of {len(run):,} days{span}; say which one ran so: date = "
            f"{run[0] if len(run) else '2026-03-24'}"
        )
    day: dt.date = run[0].item()
    return day


def _matched(
    where: str,
    section: ObservedSection,
    sides: tuple[Timetable, Timetable],
    feeds: tuple[tuple[str, ...], tuple[str, ...]],
) -> ObservedTimes:
    planned, observed = sides
    stops, lines = (
        [set(name(one, names)) for one, names in zip(sides, feeds, strict=True)] for name in (_stop_names, line_names)
    )
    for word, (ours, theirs) in (("stop_id", stops), ("line", lines)):
        if not ours & theirs:
            raise ConfigError(
                f"{where}: no {word} of the observed feed is one of the timetable: it has {first_few(sorted(theirs))}, the "
                f"timetable {first_few(sorted(ours))}; make the corrected feed from the same timetable"
            )
    covered = _covered(planned, section.modes or list(set(observed.routes["mode"])))
    match = match_trips(planned, observed, feeds)
    if not len(match.trip):
        raise ConfigError(
            f"{where}: none of the {len(observed.trip_id):,} observed trips of {day_to_type(planned.date)} is near a trip of "
            "the same line in the timetable; is the date right, and are its times local ones?"
        )
    return times_of_match(planned, observed, match, covered, feeds)


def _stop_names(timetable: Timetable, feeds: tuple[str, ...]) -> npt.NDArray[np.object_]:
    return plain_ids(timetable.stops["stop_id"], feeds)


def _covered(timetable: Timetable, modes: list[str]) -> Bool:
    """(n_trips,) trips of these modes."""
    of_modes = timetable.routes["mode"].isin(modes).to_numpy(bool)
    covered: Bool = of_modes[timetable.pattern_route[timetable.trip_patterns()]]
    return covered
