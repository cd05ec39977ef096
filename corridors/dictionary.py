"""The data dictionary: every column of every layer and table in words, with unit, source and vintage."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from corridors.config import RunConfig
from corridors.evidence_meanings import EVIDENCE_MEANINGS
from corridors.inputs import Context

DICTIONARY_COLUMNS = ["table", "column", "title", "unit", "source", "vintage"]


class Meaning(NamedTuple):
    """What a column says."""

    title: str
    unit: str


MEANINGS: Mapping[str, Meaning] = {
    "zone_id": Meaning("Zone code", "text"),
    "id": Meaning("Identifier", "text"),
    "name": Meaning("Name", "text"),
    "district_code": Meaning("District code (GSS)", "text"),
    "district_name": Meaning("District", "text"),
    "population": Meaning("Residents", "people"),
    "people": Meaning("Residents of the zones counted", "people"),
    "people_within": Meaning("Residents of zones that meet the headline's test", "people"),
    "people_total": Meaning("Residents of all zones", "people"),
    "people_within_45": Meaning(
        "Residents of zones that reach the centre within the cutoff at the median departure", "people"
    ),
    "centres_within_45": Meaning(
        "Strategic centres of the headline's set within the cutoff at the median departure", "count"
    ),
    "mean_centres": Meaning("Strategic centres within the cutoff, mean over residents", "count"),
    "meets_kpi": Meaning("Reaches enough strategic centres within the cutoff", "true/false"),
    "kpi_share": Meaning("Share of residents of zones that meet the headline's test", "share 0-1"),
    "share": Meaning("Share", "share 0-1"),
    "minutes_to_nearest": Meaning(
        "Minutes to the nearest centre of the headline's set, median departure; empty = unreachable", "min"
    ),
    "reliability": Meaning(
        "Share of departures that reach the last centre needed for the headline within the cutoff", "share 0-1"
    ),
    "imd_decile": Meaning("Index of Multiple Deprivation decile, 1 = most deprived", "decile"),
    "income_rate": Meaning("Income-deprived people", "share 0-1"),
    "employment_rate": Meaning("Employment-deprived people of working age", "share 0-1"),
    "level4_share": Meaning("Residents with Level 4+ (NVQ4+) qualifications", "share 0-1"),
    "no_car_share": Meaning("Households without a car", "share 0-1"),
    "jobs_within_45": Meaning("Jobs within the cutoff at the median departure", "jobs"),
    "employment_ha_within_45": Meaning(
        "Employment land of sites within the cutoff, weighted by status (open 1, permitted 0.7, allocated 0.4)", "ha"
    ),
    "near_but_disconnected": Meaning(
        "Within 3 km of a centre or employment site that is beyond the cutoff", "true/false"
    ),
    "near_but_disconnected_people": Meaning("Residents of zones near but disconnected", "people"),
    "corridor_ids": Meaning("Corridors whose main catchment holds it (proposed by this tool)", "text, ; between"),
    "corridor_id": Meaning("Corridor", "text"),
    "need": Meaning("Need, 5th-95th percentile of the region's zones = 0-100", "0-100"),
    "opportunity": Meaning("Opportunity, 5th-95th percentile of the region's zones = 0-100", "0-100"),
    "connectivity": Meaning("Connectivity, 5th-95th percentile of the region's zones = 0-100", "0-100"),
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
    "jobs": Meaning("Jobs", "jobs"),
    "brownfield_ha": Meaning("Brownfield land: a register led by dwellings, not employment land", "ha"),
}
_BY_PREFIX = {
    "minutes_to_": Meaning("Minutes to {}, door to door at the median departure; empty = unreachable", "min"),
    "reach_share_": Meaning("Share of departures that reach {} within the cutoff", "share 0-1"),
    "p_rank_": Meaning("Share of draws in which the corridor takes rank {}", "share 0-1"),
}


def meaning_of(column: str) -> Meaning:
    """What a column says; its own name made readable where nobody wrote it down."""
    if column in MEANINGS:
        return MEANINGS[column]
    if column in EVIDENCE_MEANINGS:
        return Meaning(*EVIDENCE_MEANINGS[column])
    for prefix, meaning in _BY_PREFIX.items():
        if column.startswith(prefix):
            return Meaning(meaning.title.format(column.removeprefix(prefix)), meaning.unit)
    return Meaning(re.sub(r"_", " ", column).capitalize(), "share 0-1" if column.endswith("_share") else "")


def data_dictionary(config: RunConfig, context: Context, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a column of `tables` (name -> frame, index included by its name), with the source of layer fields."""
    fields = {field.field: field for field in context.fields}
    timetable = config.timetable
    computed = f"computed by this tool; timetable: {timetable.source}"

    def rows() -> Iterator[tuple[str, str, str, str, str, str]]:
        for table, frame in tables.items():
            for column in [*(name for name in frame.index.names if name), *frame.columns]:
                if column == "geometry":
                    continue
                title, unit = meaning_of(str(column))
                field = fields.get(str(column))
                source, vintage = (field.source, field.vintage) if field else (computed, timetable.vintage)
                if field:
                    title = f"{title} ({field.resolution}; {field.method})"
                yield table, str(column), title, unit, source, vintage

    return pd.DataFrame(rows(), columns=DICTIONARY_COLUMNS)
