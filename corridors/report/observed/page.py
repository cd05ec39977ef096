"""The report's page on observed days: what the headline was as trips ran, beside what the timetables say of the same days."""

import datetime as dt
from collections.abc import Iterator, Sequence

import pandas as pd

from corridors.catalogue.observed import AS_TIMETABLED, WAYS, days_column
from corridors.dates import day_words
from corridors.report.blocks.tables import Record, records, table
from corridors.report.blocks.view import Block, Bullets, Paragraph, Section
from corridors.report.blocks.wording import count, number_of, percent, plural, signed_points
from corridors.report.figures.plots import observed_figures
from corridors.report.observed import layouts
from corridors.results import Results

_KINDS = {"corridor": "corridors", "pilot": "pilots", "district": "districts"}
_MOST_LINES = 20
LIMITS = (
    "Whoever is counted knows when vehicles really come, as with an app that is always right. Somebody who plans by the "
    "timetable and misses a connection takes longer than this says.",
    "Between two calls that were seen, a trip is taken to keep the pace of the timetable; before the first and after the last "
    "it is as late as there.",
    "Trips without a common id are matched by line, stops and the nearest times. On a frequent line that is later than half its "
    "headway, a trip may be taken for its neighbour: delays by line are then too small, while who meets the test is "
    "hardly affected.",
    "A few days are no sample of a year. Roadworks, weather and strikes of these days are in the figures.",
)


def on_observed_days(results: Results) -> tuple[Section, ...]:
    """The section on observed days; none where the configuration names none."""
    days = records(results.tables.observed_days)
    if results.observed is None or not days:
        return ()
    usual = [row for row in days if row["unmatched"] == AS_TIMETABLED]
    blocks: tuple[Block, ...] = (
        Paragraph(_intro(usual)),
        Paragraph(_in_short(usual)),
        Paragraph(_zones(results)),
        *observed_figures(results),
        table([{**row, "day": _day(row["date"])} for row in usual], layouts.DAYS),
        table(list(_by_way(days)), layouts.WAYS_OF_UNMATCHED),
    )
    parts = (
        Section("observed_places", "Places as observed", tuple(_places(results))),
        Section("observed_lines", "How well lines were matched", (_lines(results),)),
        Section("observed_limits", "What these figures can't say", (Bullets(LIMITS),)),
    )
    return (Section("observed", "As observed", blocks, parts, starts_page=True),)


def _intro(usual: Sequence[Record]) -> str:
    files = list(dict.fromkeys(str(row["observation"]) for row in usual))
    named = ", ".join(files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")
    made = [bool(row["synthetic"]) for row in usual]
    by_rule = (
        " They were made by rule, not observed."
        if all(made)
        else " Some were made by rule, not observed."
        if any(made)
        else ""
    )
    return (
        f"The headline rests on a timetable. Here the same test is asked of {plural(len(usual), 'day', 'days')} as trips ran "
        f"({named}), each beside the timetable of the same day.{by_rule} A trip is matched where an observed trip of its line "
        "was found for it; other modes than those observed run as timetabled."
    )


def _in_short(usual: Sequence[Record]) -> str:
    timetabled, observed = (_mean(usual, name) for name in ("share_timetabled", "share_observed"))
    if timetabled is None or observed is None:
        return "Nobody lives in the zones, so no share is given."
    trips, matched = (sum(int(row[name]) for row in usual) for name in ("trips", "trips_matched"))
    coverage = (
        f"{percent(matched / trips)} of the {count(trips)} trips in the headline's hours were matched"
        if trips
        else "no trip runs in the headline's hours"
    )
    if len(usual) == 1:
        return (
            f"On {_day(usual[0]['date'])}, {percent(timetabled)} of residents meet the test by the timetable and "
            f"{percent(observed)} as observed, {signed_points(observed - timetabled)} percentage points; {coverage}."
        )
    worst, best = (find(usual, key=lambda row: float(row["share_observed"])) for find in (min, max))
    return (
        f"As a mean over the days, {percent(timetabled)} of residents meet the test by the timetable and {percent(observed)} as "
        f"observed, {signed_points(observed - timetabled)} percentage points; {coverage}. The lowest day was "
        f"{_day(worst['date'])} ({percent(worst['share_observed'])}), the highest {_day(best['date'])} "
        f"({percent(best['share_observed'])})."
    )


def _zones(results: Results) -> str:
    zones, column = results.zones, days_column(AS_TIMETABLED)
    if column not in zones or "population" not in zones:
        return "How often each area meets the test is not computed in this run."
    people, share = zones["population"].fillna(0.0), zones[column]
    always, never = float(people[share == 1].sum()), float(people[share == 0].sum())
    planned = zones[days_column(AS_TIMETABLED, timetabled=True)] == 1
    losing = float(people[planned & (share < 1)].sum())
    return (
        f"{count(always)} residents live in areas that met the test on every observed day, {count(never)} in areas that met "
        f"it on none, {count(float(people.sum()) - always - never)} in areas that met it on some. {count(losing)} live in "
        "areas that meet it by the timetable on every one of these days, and did not on at least one."
    )


def _by_way(days: Sequence[Record]) -> Iterator[Record]:
    for way, words in WAYS.items():
        rows = [row for row in days if row["unmatched"] == way]
        timetabled, observed = (_mean(rows, name) for name in ("share_timetabled", "share_observed"))
        trips, matched = (sum(int(row[name]) for row in rows) for name in ("trips", "trips_matched"))
        yield {
            "way": words,
            "trips_matched_share": matched / trips if trips else None,
            "share_timetabled": timetabled,
            "share_observed": observed,
            "difference": None if timetabled is None or observed is None else observed - timetabled,
        }


def _places(results: Results) -> Iterator[Block]:
    found = results.tables.observed_by_place
    if found is None:
        return
    usual = found[found["unmatched"] == AS_TIMETABLED]
    for kind, noun in _KINDS.items():
        rows = records(usual[usual["place_kind"] == kind])
        if rows:
            yield table(rows, layouts.by_place(noun))


def _lines(results: Results) -> Block:
    lines = results.tables.observed_lines
    most = (
        pd.DataFrame()
        if lines is None
        else lines.sort_values("trips", ascending=False, kind="stable").head(_MOST_LINES)
    )
    return table(records(most), layouts.LINES)


def _mean(rows: Sequence[Record], name: str) -> float | None:
    known = [number for row in rows if (number := number_of(row[name])) is not None]
    return sum(known) / len(known) if known else None


def _day(date: object) -> str:
    return day_words(dt.date.fromisoformat(str(date)))
