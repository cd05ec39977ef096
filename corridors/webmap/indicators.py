"""The indicators of the web map, by which its zones can be coloured: titles, groups and notes, in the map's order."""

import re
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

_OF_OTHER_AREAS = re.compile(r"(?:\(|; )([^;()]+); ([^;()]+)\)$")  # "(Ward 2022; value of the parent area)"
_QUIET = "#ededed"  # for zones that need no attention


class Category(NamedTuple):
    """One value of a column of codes, with its words and colour in the legend."""

    code: str
    words: str
    colour: str
    hatched: bool = False  # where another category is equally dark


_CATEGORIES: Mapping[str, tuple[Category, ...]] = {
    "loses_most_by": (
        Category("walk", "Walking", "#e69f00"),
        Category("first_wait", "Waiting for the first service", "#009e73"),
        Category("slow_service", "Riding on slow services", "#56b4e9"),
        Category("distance", "Riding far", "#0072b2"),
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
    """The zones with words in place of codes in columns of categories."""
    texts = {}
    for column, categories in _CATEGORIES.items():
        if column in zones:
            words = {category.code: category.words for category in categories}
            texts[column] = zones[column].fillna("").map(lambda code, words=words: words.get(code, code))
    return zones.assign(**texts)


def indicators_of(
    zones: pd.DataFrame,
    centres: "pd.Series[str]",
    dictionary: pd.DataFrame,
    test: HeadlineTest,
    measures: Sequence[Measure] = MEASURES,
) -> Iterator[Indicator]:
    """Indicators of the measures that the zones hold values of. `centres` is centre id -> name; sources are from `dictionary`."""
    rows = dictionary[dictionary["table"] == "zones"] if "table" in dictionary else dictionary
    origins = {str(row.column): (str(row.source), str(row.vintage)) for row in rows.itertuples()}
    coarser = {str(row.column): _coarser(str(row.title)) for row in rows.itertuples()}
    for one, shown in _shown_by_group((*measures, *_minutes_to(centres))):
        if one.column in zones and (zones[one.column].notna().any() or shown.kind == "minutes"):
            source, vintage = origins.get(one.column, ("", ""))
            edition = f" Edition: {vintage}." if shown.kind == "decile" and vintage else ""
            note = test.worded(shown.note or f"{one.meaning or one.title}.{edition}") + coarser.get(one.column, "")
            yield Indicator(
                one.column, test.worded(one.title), shown.kind, shown.unit, shown.group, source, vintage, note,
                shown.in_table, _fixed_scale(one.column, shown, zones),
            )  # fmt: skip


def _coarser(title: str) -> str:
    """A sentence on figures that are published for other areas than the zones, from a title of the data dictionary."""
    found = _OF_OTHER_AREAS.search(title)
    return "" if found is None or found[2] == "by id" else f" Published for {found[1]}; {found[2]}."


def _shown_by_group(measures: Iterable[Measure]) -> Iterator[tuple[Measure, OnMap]]:
    """The measures that the map shows, group by group."""
    on_map = [(one, one.on_map) for one in measures if one.on_map]
    for group in MAP_GROUPS:
        yield from ((one, shown) for one, shown in on_map if shown.group == group)


def _minutes_to(centres: "pd.Series[str]") -> Iterator[Measure]:
    for centre, name in centres.items():
        meaning = f"Minutes to {name}, door to door at the median departure"
        yield Measure(
            f"minutes_to_{centre}", f"Minutes to {name}", "min", meaning, on_map=OnMap(MINUTES, "minutes", "min")
        )


def named_outside(
    zones: gpd.GeoDataFrame, indicators: Sequence[Indicator], cutoff_min: str
) -> tuple[gpd.GeoDataFrame, tuple[Indicator, ...]]:
    """The zones and indicators with their columns named as in outputs and in the map's address: `centres_within_45`."""
    renamed = (
        replace(one, column=outside_name(one.column, cutoff_min), pair=outside_name(one.pair, cutoff_min))
        for one in indicators
    )
    return outside_columns(zones, cutoff_min), tuple(renamed)


def _fixed_scale(column: str, shown: OnMap, zones: pd.DataFrame) -> Scale | None:
    """The scale of a column of categories (those that occur), or of a measure with its own cutoff; None for other columns,
    whose scales follow from their values and the headline's test."""
    if shown.cutoff_min is not None:
        return scale_for(zones[column], shown.kind, test=shown.test_of_colours(NO_TEST))
    occurring = set(zones[column]) if column in _CATEGORIES else set()
    shown_ones = [category for category in _CATEGORIES.get(column, ()) if category.words in occurring]
    classes = tuple(
        MapClass(category.words, category.colour, number, number + 1, category.hatched)
        for number, category in enumerate(shown_ones)
    )
    words = tuple(category.words for category in shown_ones)
    return Scale("category", "", classes, categories=words) if shown_ones else None
