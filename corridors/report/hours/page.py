"""The report's page on other hours: the headline through the day, by period and place, and the way home after work."""

import datetime as dt
from collections.abc import Iterator, Sequence

import pandas as pd

from corridors.catalogue.periods import DAY_KINDS, ONLY_THEN, OtherHours
from corridors.dates import day_words
from corridors.report.blocks.tables import Column, Record, records, table
from corridors.report.blocks.view import Block, Paragraph, Section
from corridors.report.blocks.wording import count, listed, number_of, percent, plural
from corridors.report.figures.plots import hours_figures
from corridors.report.hours import layouts
from corridors.results import Results

_SHOWN_PERIODS = 8  # of a table that has one column for each
_KINDS = {"corridor": "corridors", "pilot": "pilots", "district": "districts"}


def other_hours(results: Results) -> tuple[Section, ...]:
    """The section on other hours; none where the configuration asks for none."""
    asked, hours = results.other_hours, records(results.tables.hours)
    if asked is None or not hours:
        return ()
    blocks: tuple[Block, ...] = (
        Paragraph(_intro(results)),
        Paragraph(_extremes(hours)),
        *hours_figures(results),
        table(hours, layouts.HOURS),
    )
    parts = (*_by_period(results, asked), _way_back(results, asked))
    return (Section("hours", "At other hours", blocks, parts, starts_page=True),)


def _intro(results: Results) -> str:
    hours = f" {results.kpi.hours}" if results.kpi.hours else " in its own window"
    return (
        f"The headline is about people who leave{hours} on {results.day_words}. Here the same test is asked at other times; "
        f"each answer is that of a run of these hours and this day alone. {' '.join(_days(results))}"
    )


def _days(results: Results) -> Iterator[str]:
    """Which day stands for each kind of day that is not the headline's own."""
    rows = {str(row["days"]): str(row["date"]) for row in records(results.tables.periods)}
    for days, date in rows.items():
        if days in DAY_KINDS and date != results.date:
            yield f"The {DAY_KINDS[days]} asked about is {_day(date)}, the nearest usual one of the timetables."


def _extremes(hours: Sequence[Record]) -> str:
    known = [row for row in hours if number_of(row["share"]) is not None]
    if not known:
        return "Nobody lives in the zones, so no share is given."
    most, least = (find(known, key=lambda row: float(row["share"])) for find in (max, min))
    if most["share"] == least["share"]:
        return f"On {_day(hours[0]['date'])} the share is {percent(most['share'])} in every hour asked about."
    return (
        f"On {_day(hours[0]['date'])} most residents meet the test who leave between {most['start']} and {most['end']} "
        f"({percent(most['share'])}), fewest between {least['start']} and {least['end']} ({percent(least['share'])})."
    )


def _by_period(results: Results, asked: OtherHours) -> Iterator[Section]:
    rows = records(results.tables.periods)
    if not rows:
        return
    named = [{**row, "day": _day(row["date"]), "hours": f"{row['start']} to {row['end']}"} for row in rows]
    places = [one for kind in _KINDS for one in _of_places(results, asked, kind)]
    yield Section("periods", "By period", (Paragraph(_only_then(results)), table(named, layouts.PERIODS), *places))


def _only_then(results: Results) -> str:
    zones = results.zones
    people = zones["population"].fillna(0.0) if "population" in zones else pd.Series(dtype=float)
    only = float(people[zones[ONLY_THEN].astype(bool)].sum()) if ONLY_THEN in zones and len(people) else 0.0
    if not only:
        return "Whoever meets the test in the headline's hours also meets it in at least one period at other times."
    return (
        f"{count(only)} residents ({percent(only / float(people.sum()))}) live in areas that meet the test in the headline's "
        "hours and in no period at other times: what they would travel for at those times is out of reach by this test."
    )


def _of_places(results: Results, asked: OtherHours, kind: str) -> Iterator[Block]:
    """A table of the places of a kind, one column for each of the first periods."""
    found = results.tables.periods_by_place
    rows = [] if found is None else records(found[found["place_kind"] == kind])
    if not rows:
        return
    by_place: dict[str, dict[str, object]] = {}
    for row in rows:
        place = by_place.setdefault(str(row["place_id"]), {"place": row["place"], "suppressed": row["suppressed"]})
        place[str(row["period_id"])] = row["share"]
    shown = asked.periods[:_SHOWN_PERIODS]
    columns = tuple(Column(one.id, one.title, percent, rate=True) for one in shown)
    cut = len(asked.periods) > len(shown)
    yield table(list(by_place.values()), layouts.by_place(_KINDS[kind], columns, cut=cut))


def _way_back(results: Results, asked: OtherHours) -> Section:
    rows = records(results.tables.way_back)
    least = results.kpi.test.at_least
    enough = plural(least, "centre", "centres") if least is not None else "enough centres"
    there = number_of(rows[0]["people_there"]) if rows else None
    homes = [f"{count(row['people_both'])} are home in time after {row['home_after']}" for row in rows]
    text = (
        f"People who work have to get home again. {count(there)} residents can be in {enough} by {asked.there_by} within "
        f"{results.kpi.test.limit_words}. Of them {listed(homes)}. A centre counts where one can be there in time, and home "
        f"again within {results.kpi.test.limit_words} at the median departure of the hour after that time."
    )
    return Section("way_back", "There and back", (Paragraph(text), table(rows, layouts.WAY_BACK)))


def _day(date: object) -> str:
    return day_words(dt.date.fromisoformat(str(date)))
