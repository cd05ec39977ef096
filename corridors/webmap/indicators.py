"""What the zones of a web map can be coloured by: titles, groups and notes in plain words, in the order people ask."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from corridors.catalogue.clusters import HIGH, LOW, NEITHER
from corridors.catalogue.columns import meaning_of
from corridors.catalogue.cutoff_names import outside_columns, outside_name
from maps.styles import HeadlineTest, Kind, MapClass, Scale
from maps.web.content import Indicator

ACCESS, MINUTES, PEOPLE = "Access to centres", "Minutes to each centre", "People and places"
REACH, LEFT_BEHIND, SCORES = "Jobs and land within reach", "Who is left behind, and why", "Scores"
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


class Offer(NamedTuple):
    """One indicator as the map offers it, where the zones have its column. `note` replaces the data dictionary's."""

    column: str
    title: str
    kind: Kind
    group: str
    unit: str = ""
    in_table: bool = False
    note: str = ""


_BEFORE_MINUTES = (
    Offer("centres_within_cutoff", "Centres within the cutoff", "centres", ACCESS, "centres", in_table=True),
    Offer("meets_kpi", "Meets the headline's test", "flag", ACCESS, in_table=True),
    Offer("minutes_to_nearest", "Minutes to the nearest centre", "minutes", ACCESS, "min", in_table=True),
    Offer(
        "minutes_to_needed", "Minutes to the last centre needed", "minutes", ACCESS, "min",
        note="Minutes at the median departure to the centre that decides the headline: the last of those it asks for.",
    ),
    Offer("near_but_disconnected", "Near but disconnected", "flag", ACCESS),
)  # fmt: skip
_AFTER_MINUTES = (
    Offer("imd_decile", "Deprivation (1 = most deprived)", "decile", PEOPLE, "decile", in_table=True),
    Offer("level4_share", "Level 4+ qualifications", "share", PEOPLE, "of residents"),
    Offer("no_car_share", "Households without a car", "share", PEOPLE, "of households", in_table=True),
    Offer("income_rate", "Income deprivation", "share", PEOPLE, "of people"),
    Offer("population", "Residents", "number", PEOPLE, "residents", in_table=True),
    Offer("jobs_within_cutoff", "Jobs within the cutoff", "number", REACH, "jobs"),
    Offer("employment_ha_within_cutoff", "Employment land within the cutoff", "number", REACH, "ha"),
    Offer("doubly_disadvantaged", "Doubly disadvantaged", "flag", LEFT_BEHIND,
          note="In the worst-placed fifth of residents by minutes to the last centre needed, and in the most deprived national "
          "fifth of areas."),
    Offer("access_cluster", "Clusters of low and good access", "category", LEFT_BEHIND,
          note="Getis-Ord Gi* of minutes to the last centre needed, each zone with its nearest neighbours, false discovery "
          "rate 5 %. It says where to look and proves nothing: neighbouring tests share zones."),
    Offer("loses_most_by", "What the journey loses most by", "category", LEFT_BEHIND,
          note="Where the journey to the last centre needed takes longest beyond what is usual in zones that meet the test."),
    Offer("need", "Need", "score", SCORES, "0-100"),
    Offer("opportunity", "Opportunity", "score", SCORES, "0-100"),
    Offer("connectivity", "Connectivity", "score", SCORES, "0-100"),
)  # fmt: skip


def with_words(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The zones with coded categories in words."""
    worded = {}
    for column, categories in _CATEGORIES.items():
        if column in zones:
            words = {category.code: category.words for category in categories}
            worded[column] = zones[column].fillna("").map(lambda code, words=words: words.get(code, code))
    return zones.assign(**worded)


def indicators_of(
    zones: pd.DataFrame, centres: "pd.Series[str]", dictionary: pd.DataFrame, test: HeadlineTest
) -> Iterator[Indicator]:
    """Every indicator that the zones hold a value of. `centres` is centre id -> name; sources come from `dictionary`."""
    minutes = [
        Offer(f"minutes_to_{centre}", f"Minutes to {name}", "minutes", MINUTES, "min", note=_minutes_note(str(name)))
        for centre, name in centres.items()
    ]
    rows = dictionary[dictionary["table"] == "zones"] if "table" in dictionary else dictionary
    origins = {str(row.column): (str(row.source), str(row.vintage)) for row in rows.itertuples()}
    for offer in (*_BEFORE_MINUTES, *minutes, *_AFTER_MINUTES):
        if offer.column in zones and (zones[offer.column].notna().any() or offer.kind == "minutes"):
            source, vintage = origins.get(offer.column, ("", ""))
            note = test.worded(offer.note or f"{meaning_of(offer.column).title}.")
            title = test.worded(offer.title)
            yield Indicator(
                offer.column, title, offer.kind, offer.unit, offer.group, source, vintage, note, offer.in_table,
                _fixed_scale(offer, zones),
            )  # fmt: skip


def named_outside(
    zones: gpd.GeoDataFrame, indicators: Sequence[Indicator], cutoff_min: str
) -> tuple[gpd.GeoDataFrame, tuple[Indicator, ...]]:
    """The zones and their indicators with columns as they stand in a map's address: `centres_within_45`."""
    named = (
        replace(one, column=outside_name(one.column, cutoff_min), pair=outside_name(one.pair, cutoff_min))
        for one in indicators
    )
    return outside_columns(zones, cutoff_min), tuple(named)


def _minutes_note(name: str) -> str:
    return f"Minutes to {name}, door to door at the median departure."


def _fixed_scale(offer: Offer, zones: pd.DataFrame) -> Scale | None:
    """Categories that occur, in their own order and colours; every other scale follows from the values."""
    occurring = set(zones[offer.column]) if offer.column in _CATEGORIES else set()
    found = [category for category in _CATEGORIES.get(offer.column, ()) if category.words in occurring]
    classes = tuple(
        MapClass(each.words, each.colour, number, number + 1, each.hatched) for number, each in enumerate(found)
    )
    return Scale("category", "", classes, categories=tuple(each.words for each in found)) if found else None
