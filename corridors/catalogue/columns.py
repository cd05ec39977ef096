"""Titles and units of the columns of every layer and table, by the column's name and, where it matters, its table.

Columns that are measures have their row in `corridors.catalogue.measures`; the others stand here: names, counts, flags, notes.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from corridors.catalogue.evidence_columns import EVIDENCE_MEANINGS
from corridors.catalogue.measure import Measure
from corridors.catalogue.measures import MEASURES
from corridors.catalogue.observed import OBSERVED_MEANINGS
from corridors.catalogue.periods import HOUR_PREFIX, HOURS_MEANINGS
from corridors.catalogue.scenario_columns import SCENARIO_MEANINGS

# Tables and layers of places, of which measures are means over residents.
_OF_PLACES = frozenset(
    (
        *(
            "region",
            "districts",
            "corridors",
            "corridor_buffers",
            "corridor_street_catchments",
            "pilots",
            "pilot_variants",
        ),
        "distribution",
    )
)
_ROUNDED = frozenset(("count", "jobs", "people", "households"))  # units of whole things, see `layers.with_integers`
DICTIONARY_COLUMNS = ["table", "column", "title", "unit", "source", "vintage"]


class Meaning(NamedTuple):
    """Title and unit of a column."""

    title: str
    unit: str


MEANINGS: Mapping[str, Meaning] = {
    "zone_id": Meaning("Zone code", "text"),
    "id": Meaning("Identifier", "text"),
    "name": Meaning("Name", "text"),
    "district_code": Meaning("District code (GSS)", "text"),
    "district_name": Meaning("District", "text"),
    "near_place": Meaning("Named place nearest to a zone whose own name is a code, within 4 km", "text"),
    "people": Meaning("Residents of the zones counted", "people"),
    "people_within": Meaning("Residents of zones that meet the headline's test", "people"),
    "people_total": Meaning("Residents of all zones", "people"),
    "people_within_cutoff": Meaning(
        "Residents of zones that reach the centre within the cutoff at the median departure", "people"
    ),
    "mean_centres": Meaning("Strategic centres within the cutoff, mean over residents", "count, mean"),
    "kpi_share": Meaning("Share of residents of zones that meet the headline's test", "share 0-1"),
    "share": Meaning("Share", "share 0-1"),
    "imd_rank": Meaning("Index of Multiple Deprivation rank, 1 = most deprived", "rank"),
    "corridor_ids": Meaning("Corridors whose main catchment holds it (proposed by this tool)", "text, ; between"),
    "corridor_id": Meaning("Corridor", "text"),
    "need_pocket_share": Meaning("Share of residents in zones above the region's 80th percentile of need", "share 0-1"),
    "opportunity_pocket_share": Meaning(
        "Share of residents in zones above the region's 80th percentile of opportunity", "share 0-1"
    ),
    "connectivity_pocket_share": Meaning(
        "Share of residents in zones above the region's 80th percentile of connectivity", "share 0-1"
    ),
    "length_km": Meaning("Length along the waypoints", "km"),
    "buffer_m": Meaning("Distance from the line within which zones count, by their points", "m"),
    "radius_m": Meaning("Radius round the point within which zones count, by their points", "m"),
    "zones": Meaning("Zones counted", "count"),
    "decile1_zones": Meaning("Zones in the most deprived national decile", "count"),
    "imd_decile1_zones": Meaning("Zones in the most deprived national decile", "count"),
    "decile1_share": Meaning("Share of zones in the most deprived national decile", "share 0-1"),
    "zones_share": Meaning("Share of the region's zones", "share 0-1"),
    "region_zones": Meaning("Zones of the region", "count"),
    "region_decile1_zones": Meaning("Zones of the region in the most deprived national decile", "count"),
    "decile1_share_of_region": Meaning("Share of the region's zones in the most deprived national decile", "share 0-1"),
    "suppressed": Meaning("Rates withheld: fewer than 10 zones or 100 people", "true/false"),
    "quintile": Meaning("National deprivation quintile, 1 = most deprived fifth", "quintile"),
    "default": Meaning("Belongs to the default set", "true/false"),
    "basis": Meaning("Basis of the location: stated, recalled, computed or proposed", "text"),
    "note": Meaning("Note", "text"),
    "topic": Meaning("Topic", "text"),
    "fact": Meaning("What is said of it", "text"),
    "ha": Meaning("Area", "ha"),
    "ha_basis": Meaning("Basis of the area: stated, recalled or computed", "text"),
    "status_basis": Meaning("Basis of the status: stated or recalled", "text"),
    "claim_basis": Meaning("Basis of the claim: stated or recalled", "text"),
    "lon": Meaning("Longitude, WGS84", "deg"),
    "lat": Meaning("Latitude, WGS84", "deg"),
    "unit": Meaning("What is counted or measured in: zones, output areas, or the unit of the value", "text"),
    "title": Meaning("What is measured, in words", "text"),
    "text": Meaning("The same in words", "text"),
    "status": Meaning("Status: open, permitted, allocated or housing", "text"),
    "claimed_jobs": Meaning("Jobs as claimed by promoters; never added up", "text"),
    "claimed_by": Meaning("Who claims it", "text"),
    "claim_date": Meaning("Date of the claim", "text"),
    "stop_id": Meaning("Stop", "text"),
    "mode": Meaning("Mode", "text"),
    "trips_per_hour": Meaning("Trips an hour in the departure window, timetable", "1/h"),
    "from_stop_id": Meaning("Stop departed from", "text"),
    "to_stop_id": Meaning("Next stop", "text"),
    "from_name": Meaning("Name of the stop departed from", "text"),
    "to_name": Meaning("Name of the next stop", "text"),
    "median_ride_s": Meaning("Median ride, timetable", "s"),
    "routes": Meaning("Routes", "text"),
    "centre_people": Meaning(
        "Residents whose best average journeys to centres use the link; a journey to each centre counts once", "people"
    ),
    "code": Meaning("Kind of problem", "text"),
    "count": Meaning("Records", "count"),
    "sample": Meaning("The first few", "text"),
    "effect": Meaning("What it costs", "text"),
    "trips_touched": Meaning(
        "Trips of the departure window repaired or dropped that call in the corridor's main catchment, or within 800 m of "
        "the centre",
        "count",
    ),
    "trips_in_window": Meaning("Trips of the departure window that call there, dropped ones included", "count"),
    "touched_share": Meaning("Share of those trips that was repaired or dropped", "share 0-1"),
    "first": Meaning("The first such trip, in order of its text", "text"),
    "cause": Meaning("The repair, as in the warnings", "text"),
}
_BY_PREFIX = {
    HOUR_PREFIX: Meaning(
        "Minutes to the last centre needed at the median departure of the hour from {} (HHMM); empty = unreachable",
        "min",
    ),
    "minutes_to_": Meaning("Minutes to {}, door to door at the median departure; empty = unreachable", "min"),
    "reach_share_": Meaning("Share of departures that reach {} within the cutoff", "share 0-1"),
    "p_rank_": Meaning("Share of draws in which the corridor takes rank {}", "share 0-1"),
}
# Columns of tables about the run itself: the headline's definition, inputs, warnings, and the data dictionary.
_DEFINED = ("day", "window", "time", "walking", "boarding", "destination", "origin", "people", "times")
_OF_TABLE: Mapping[tuple[str, str], Meaning] = {
    **{("kpi", aspect): Meaning(f"The headline's definition: {aspect}", "text") for aspect in _DEFINED},
    ("kpi", "centres_at_least"): Meaning("The headline's definition: centres that have to be reached", "count"),
    ("kpi", "cutoff_min"): Meaning("The headline's definition: time limit", "min"),
    ("kpi", "share"): MEANINGS["kpi_share"],
    ("kpi_variants", "share"): MEANINGS["kpi_share"],
    ("kpi_variants", "changes"): Meaning("Which part of the definition differs", "text"),
    ("kpi_variants", "name"): Meaning("In what the definition differs from the headline's", "text"),
    ("warnings", "share"): Meaning("Share of the records of that kind", "share 0-1"),
    ("provenance", "title"): Meaning("What was read", "text"),
    ("provenance", "source"): Meaning("Who made it", "text"),
    ("provenance", "licence"): Meaning("Licence", "text"),
    ("provenance", "vintage"): Meaning("How old it is", "text"),
    ("provenance", "geography"): Meaning("What its rows are", "text"),
    ("provenance", "file"): Meaning("File", "text"),
    ("provenance", "sha256"): Meaning("Fingerprint of the file", "SHA-256"),
    ("provenance", "rows"): Meaning("Rows used", "count"),
    ("base_map", "kind"): Meaning("What it is: road, rail, water, green, built_up or place", "text"),
    ("base_map", "class"): Meaning("Its class: motorway, river, park, town ...", "text"),
    ("base_map", "name"): Meaning("Name, of main roads their number", "text"),
    ("base_map", "rank"): Meaning("Number of the class, the most important first: styles go by it", "rank"),
    **{key: Meaning(*meaning) for key, meaning in SCENARIO_MEANINGS.items()},
    ("timetable_days", "trips"): Meaning("Trips of the day, lines registered twice counted once", "count"),
    ("timetable_days", "in_use"): Meaning("Whether the run's figures are of this day", "true/false"),
    ("timetable_days", "proposed"): Meaning(
        "Whether it is proposed: a working Tuesday to Thursday with a usual number of trips", "true/false"
    ),
    ("data_dictionary", "table"): Meaning("Table, or layer", "text"),
    ("data_dictionary", "column"): Meaning("Column", "text"),
    ("data_dictionary", "title"): Meaning("What the column says", "text"),
    ("data_dictionary", "unit"): Meaning("Its unit", "text"),
    ("data_dictionary", "source"): Meaning("Where its values come from", "text"),
    ("data_dictionary", "vintage"): Meaning("How old they are", "text"),
}


def meaning_of(column: str, measures: Iterable[Measure] = MEASURES, table: str = "") -> Meaning:
    """Title and unit of a column, in `table` where it means something of its own there; the title is the name made readable
    where no row describes the column."""
    if (table, column) in _OF_TABLE:
        return _OF_TABLE[table, column]
    of_measure = _of_measure(column, measures, table)
    if of_measure:
        return of_measure
    if column in MEANINGS:
        return MEANINGS[column]
    found = next((of[column] for of in (EVIDENCE_MEANINGS, HOURS_MEANINGS, OBSERVED_MEANINGS) if column in of), None)
    if found:
        return Meaning(*found)
    for prefix, meaning in _BY_PREFIX.items():
        if column.startswith(prefix):
            return Meaning(meaning.title.format(column.removeprefix(prefix)), meaning.unit)
    return Meaning(re.sub(r"_", " ", column).capitalize(), "share 0-1" if column.endswith("_share") else "")


def _of_measure(column: str, measures: Iterable[Measure], table: str) -> Meaning | None:
    for measure in measures:
        if column == measure.column:
            title, unit = measure.meaning or measure.title, measure.unit
            if table in _OF_PLACES and measure.of_place == "mean" and unit in _ROUNDED:  # not rounded as a count is
                return Meaning(f"{title}, mean over residents", f"{unit}, mean")
            return Meaning(title, unit)
    of_places = next((one for one in measures if column == one.place_column and column not in MEANINGS), None)
    return Meaning(*of_places.of_places) if of_places else None


def with_tables(
    dictionary: pd.DataFrame, tables: Mapping[str, pd.DataFrame], measures: Iterable[Measure] = MEASURES
) -> pd.DataFrame:
    """The dictionary with a row for every column of those `tables` (name -> frame) that it does not hold yet."""
    rows = [
        (
            table,
            str(column),
            *meaning_of(str(column), measures, table),
            "computed by this tool",
            "",
        )
        for table, frame in tables.items()
        if table not in set(dictionary.get("table", ()))
        for column in frame.columns
        if column != "geometry"
    ]
    return pd.concat([dictionary, pd.DataFrame(rows, columns=DICTIONARY_COLUMNS)], ignore_index=True)
