"""The summary of a scenario on the terminal, in plain words."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from corridors.catalogue.headline_variants import HEADLINE
from corridors.catalogue.place_kinds import REGION
from corridors.runtime.printing import say, show_table
from corridors.scenario_results import ALL, PERIOD, RANGE_WORDS, ScenarioResults

_WORST_FIRST = 8  # corridors and pilots shown


def print_scenario(results: ScenarioResults, written: Path) -> None:
    """Print headline, gains and losses, resources, ranges and the edits' parts to standard output."""
    if results.region.caution:
        say((results.region.caution, "bold yellow"))
    for one in results.scenarios:
        say((one.title, "bold"), f" ({one.status}; {one.as_of}; {one.source})")
    for line in summary_lines(results):
        say(line)
    _show_places(results)
    _show_attribution(results)
    say("No demand, crowding or fares; run times are assumptions; nothing is cut to pay for it.")
    say(f"Written to {written.parent}")


def summary_lines(results: ScenarioResults) -> Iterator[str]:
    """The figures as sentences."""
    tables, test = results.tables, results.base.test
    kpi = tables.kpi[tables.kpi["variant"] == HEADLINE].iloc[0]
    least = results.base.definition["centres_at_least"]
    yield (
        f"{kpi['share_base']:.1%} of residents reach {least} or more centres within {test.limit_words} before, "
        f"{kpi['share']:.1%} after: {_signed(kpi['people_within_change'])} people."
    )
    region = tables.by_place[tables.by_place["place_kind"] == REGION].iloc[0]
    yield (
        f"{region['people_entering']:,.0f} people enter the test and {region['people_leaving']:,.0f} leave it."
        + _added(region)
    )
    yield (
        f"A minute or more to the last centre needed: {region['people_gaining']:,.0f} people gain, "
        f"{region['people_losing']:,.0f} lose, {region['people_unchanged']:,.0f} have no change."
    )
    tried = results.spread
    if tried["timetables"] > 1:
        yield (
            f"{RANGE_WORDS[:1].upper()}{RANGE_WORDS[1:]}: {tried['people_within_lowest']:,.0f} to "
            f"{tried['people_within_highest']:,.0f} people meet the test, over {tried['timetables']} timetables; the figures are "
            "of the middle one."
        )
    if len(tables.range_run_times):
        parts = (f"{row.run_times} {row.people_within:,.0f}" for row in tables.range_run_times.itertuples())
        yield f"People who meet the test by run times: {', '.join(parts)}."
    yield from _resources(tables.resources)


def _added(region: pd.Series) -> str:
    if not region["people_added"]:
        return ""
    return (
        f" Homes for {region['people_added']:,.0f} more people, of whom {region['people_added_within']:,.0f} meet it."
    )


def _resources(table: pd.DataFrame) -> Iterator[str]:
    for row in _records(table[table["what"] == PERIOD]):
        often = f"every {row['headway_min']:g} min"
        yield f"{row['edit_id']}: {row['vehicles']:,.0f} vehicles from {row['period_from'][:5]} {often}."
    for row in _records(table[table["edit_id"] == ALL]):
        hours, km = _signed(row["vehicle_hours_change"]), _signed(row["vehicle_km_change"])
        yield (
            f"Vehicles a day: {hours} hours, {km} km in straight lines; most under way at once "
            f"{row['vehicles_at_once_base']:,.0f} before, {row['vehicles_at_once']:,.0f} after."
        )
        if not pd.isna(row["cost_a_day_change"]):
            yield f"Cost a day by the unit costs given: {_signed(row['cost_a_day_change'])} {row['currency']}."


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows with any values, by column."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _show_places(results: ScenarioResults) -> None:
    table = results.tables.by_place
    places = table[table["place_kind"].isin(["district", "corridor", "pilot"])]
    moved = places[(places["people_gaining"] + places["people_losing"]) > 0]
    ordered = moved.sort_values("people_gaining", ascending=False, kind="stable").head(_WORST_FIRST)
    if len(ordered):
        rows = [
            (
                f"{row['place']} ({row['place_kind']})",
                *(f"{row[f'people_{what}']:,.0f}" for what in ("gaining", "losing", "entering", "leaving")),
                _shares(row["kpi_share_base"], row["kpi_share"]),
            )
            for row in _records(ordered)
        ]
        show_table(
            "Places with most people who gain; corridors overlap, so never add them up",
            ("place", "gain", "lose", "enter", "leave", "share before, after"),
            rows,
            right=True,
        )


def _shares(before: float, after: float) -> str:
    return "few zones" if math.isnan(before) else f"{before:.1%}, {after:.1%}"


def _show_attribution(results: ScenarioResults) -> None:
    table = results.tables.attribution
    of_people = table[table["measure"] == "people_within"]
    if len(of_people) < 2:
        return
    gap = table[table["measure"] == "gap"].set_index("edit_id")["shapley"].to_dict()
    rows = [
        (
            row["edit_id"],
            *(_signed(row[name]) for name in ("alone", "last", "shapley")),
            _signed(gap[row["edit_id"]]) if gap else "not searched",
        )
        for row in _records(of_people)
    ]
    show_table(
        "Which edit did it: people who meet the test, and person-minutes beyond the cutoff",
        ("edit", "alone", "last", "its part", "its part of the person-minutes"),
        rows,
        right=True,
    )


def _signed(value: float) -> str:
    return f"{value:+,.0f}" if round(value) else "0"
