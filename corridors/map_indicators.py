"""What the zones of a web map can be coloured by: titles, groups and notes in plain words, in the order people ask."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from corridors.dictionary import meaning_of
from maps.content import Indicator
from maps.styles import Kind, Scale, category_scale

ACCESS, MINUTES, PEOPLE = "Access to centres", "Minutes to each centre", "People and places"
REACH, LEFT_BEHIND, SCORES = "Jobs and land within reach", "Who is left behind, and why", "Scores"
ZONE_NOTES: Mapping[str, str] = {"explanation": "The journey, and where it loses time"}  # on the zone card only

# What a zone loses most by, in words; also the order of the legend. Empty where the test is met.
_CAUSES: Mapping[str, str] = {
    "": "Nothing: meets the test",
    "walk": "Walking",
    "first_wait": "Waiting for the first service",
    "ride": "Riding: distance or slow services",
    "change": "Changing",
    "no_service": "No journey in the time searched",
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
    Offer("centres_within_45", "Strategic centres within 45 minutes", "centres", ACCESS, "centres", in_table=True),
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
    Offer("population", "Residents", "number", PEOPLE, "people", in_table=True),
    Offer("jobs_within_45", "Jobs within 45 minutes", "number", REACH, "jobs"),
    Offer("employment_ha_within_45", "Employment land within 45 minutes", "number", REACH, "ha"),
    Offer("loses_most_by", "What the journey loses most by", "category", LEFT_BEHIND,
          note="Where the journey to the last centre needed takes longest beyond what is usual in zones that meet the test."),
    Offer("need", "Need", "score", SCORES, "0-100"),
    Offer("opportunity", "Opportunity", "score", SCORES, "0-100"),
    Offer("connectivity", "Connectivity", "score", SCORES, "0-100"),
)  # fmt: skip


def with_words(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The zones with coded categories in words."""
    if "loses_most_by" not in zones:
        return zones
    return zones.assign(loses_most_by=zones["loses_most_by"].fillna("").map(lambda code: _CAUSES.get(code, code)))


def indicators_of(zones: pd.DataFrame, centres: "pd.Series[str]", dictionary: pd.DataFrame) -> Iterator[Indicator]:
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
            note = offer.note or f"{meaning_of(offer.column).title}."
            yield Indicator(
                offer.column, offer.title, offer.kind, offer.unit, offer.group, source, vintage, note, offer.in_table,
                _fixed_scale(offer, zones),
            )  # fmt: skip


def _minutes_note(name: str) -> str:
    return f"Minutes to {name}, door to door at the median departure."


def _fixed_scale(offer: Offer, zones: pd.DataFrame) -> Scale | None:
    """Causes in their own order, those that occur; every other scale follows from the values."""
    if offer.column != "loses_most_by":
        return None
    occurring = set(zones[offer.column])
    return category_scale([words for words in _CAUSES.values() if words in occurring])
