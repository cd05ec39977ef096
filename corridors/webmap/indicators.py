"""What the zones of a web map can be coloured by: titles, groups and notes in plain words, in the order people ask."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from corridors.catalogue.clusters import HIGH, LOW, NEITHER
from corridors.catalogue.cutoff_names import outside_columns, outside_name
from corridors.catalogue.measure import Measure, OnMap
from corridors.catalogue.measures import MAP_GROUPS, MEASURES, MINUTES
from maps import NO_TEST, HeadlineTest, Indicator, MapClass, Scale, scale_for

ZONE_NOTES: Mapping[str, str] = {"explanation": "The journey, and where it loses time"}  # on the zone card only

_QUIET = "#ededed"  # of the zones that a map of categories is not about


class Category(NamedTuple):
    """One value of a column of codes, as the legend words and colours it."""

    code: str
    words: str
    colour: str
    hatched: bool = False  # where another is as dark


_CATEGORIES: Mapping[str, tuple[Category, ...]] = {
    "loses_most_by": (
        Category("walk", "Walking", "#e69f00"),
        Category("first_wait", "Waiting for the first service", "#009e73"),
        Category("ride", "Riding: distance or slow services", "#56b4e9"),
        Category("change", "Changing", "#cc79a7"),
        Category("no_service", "No journey in the time searched", "#8c2d04"),
        Category("", "Nothing: meets the test", _QUIET),
    ),
    "access_cluster": (
        Category(LOW, "Low access, more than chance explains", "#d94801", hatched=True),
        Category(HIGH, "Good access, more than chance explains", "#2171b5"),
        Category(NEITHER, "Neither", _QUIET),
    ),
}


def with_words(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The zones with coded categories in words."""
    worded = {}
    for column, categories in _CATEGORIES.items():
        if column in zones:
            words = {category.code: category.words for category in categories}
            worded[column] = zones[column].fillna("").map(lambda code, words=words: words.get(code, code))
    return zones.assign(**worded)


def indicators_of(
    zones: pd.DataFrame,
    centres: "pd.Series[str]",
    dictionary: pd.DataFrame,
    test: HeadlineTest,
    measures: Sequence[Measure] = MEASURES,
) -> Iterator[Indicator]:
    """Every measure that the zones hold a value of. `centres` is centre id -> name; sources come from `dictionary`."""
    rows = dictionary[dictionary["table"] == "zones"] if "table" in dictionary else dictionary
    origins = {str(row.column): (str(row.source), str(row.vintage)) for row in rows.itertuples()}
    for one, shown in _offered((*measures, *_minutes_to(centres))):
        if one.column in zones and (zones[one.column].notna().any() or shown.kind == "minutes"):
            note = test.worded(shown.note or f"{one.meaning or one.title}.")
            yield Indicator(
                one.column, test.worded(one.title), shown.kind, shown.unit, shown.group,
                *origins.get(one.column, ("", "")), note, shown.in_table, _fixed_scale(one.column, shown, zones),
            )  # fmt: skip


def _offered(measures: Iterable[Measure]) -> Iterator[tuple[Measure, OnMap]]:
    """Those that the map offers, group by group."""
    offered = [(one, one.on_map) for one in measures if one.on_map]
    for group in MAP_GROUPS:
        yield from ((one, shown) for one, shown in offered if shown.group == group)


def _minutes_to(centres: "pd.Series[str]") -> Iterator[Measure]:
    for centre, name in centres.items():
        meaning = f"Minutes to {name}, door to door at the median departure"
        yield Measure(
            f"minutes_to_{centre}", f"Minutes to {name}", "min", meaning, on_map=OnMap(MINUTES, "minutes", "min")
        )


def named_outside(
    zones: gpd.GeoDataFrame, indicators: Sequence[Indicator], cutoff_min: str
) -> tuple[gpd.GeoDataFrame, tuple[Indicator, ...]]:
    """The zones and their indicators with columns as they stand in a map's address: `centres_within_45`."""
    named = (
        replace(one, column=outside_name(one.column, cutoff_min), pair=outside_name(one.pair, cutoff_min))
        for one in indicators
    )
    return outside_columns(zones, cutoff_min), tuple(named)


def _fixed_scale(column: str, shown: OnMap, zones: pd.DataFrame) -> Scale | None:
    """Categories that occur, in their own order and colours, or minutes about a cutoff of their own; every other scale
    follows from the values and the headline's test."""
    if shown.cutoff_min is not None:
        return scale_for(zones[column], shown.kind, test=shown.test_of_colours(NO_TEST))
    occurring = set(zones[column]) if column in _CATEGORIES else set()
    found = [category for category in _CATEGORIES.get(column, ()) if category.words in occurring]
    classes = tuple(
        MapClass(each.words, each.colour, number, number + 1, each.hatched) for number, each in enumerate(found)
    )
    return Scale("category", "", classes, categories=tuple(each.words for each in found)) if found else None
