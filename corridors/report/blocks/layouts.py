"""Layouts of the report's other tables: for each column of Results its heading and the wording of its values.

An empty frame or a column that is not there costs a line ("not computed in this run"), never an error.
"""

from collections.abc import Iterable, Mapping

from corridors.catalogue.measure import Measure
from corridors.catalogue.near import NEAR_MEANS, NEAR_RADII_KM
from corridors.report.blocks.tables import IN_THE_NATION, OF_DEPRIVATION, Column, Layout
from corridors.report.blocks.wording import (
    Wording,
    basis,
    count,
    decimal,
    given,
    km,
    minutes,
    note,
    percent,
    score,
    words,
    yes_no,
)

PEOPLE = Column("people", "Residents", count)
PEOPLE_WITHIN = Column("people_within", "Residents of areas that meet the test", count)
KPI_SHARE = Column("kpi_share", "KPI: % of residents", percent, bar=True, rate=True)
ZONES = Column("zones", "Zones", count)
DECILE1_ZONES = Column("decile1_zones", "Zones in decile 1", count)
DECILE1_SHARE = Column("decile1_share", "% of zones in decile 1", percent, rate=True)
NO_CAR = Column("no_car_share", "% of households without a car", percent, rate=True)
LEVEL4 = Column("level4_share", "% of adults with Level 4+", percent, rate=True)
DISCONNECTED = Column("near_but_disconnected_people", "Residents near but disconnected", count)

DISCONNECTED_NOTE = (
    f"Near but disconnected: residents of areas {NEAR_MEANS}. Areas from which no centre is reached at all are not "
    "among them."
)
DECILE1_NOTE = f"Decile 1: the most deprived tenth of small areas {IN_THE_NATION} on the {OF_DEPRIVATION}."
OURS = "Lines, buffers and membership are proposed by this tool; no official corridor boundaries exist."

_VARIANT_COLUMNS = (
    Column("name", "Definition", words, text=True),
    Column("share", "% of residents", percent, bar=True),
    PEOPLE_WITHIN,
)
CHANGED_QUESTIONS = Layout("Another question: one part of the test changed", _VARIANT_COLUMNS, dense=True)
TECHNICAL_CHOICES = Layout("The same question, one technical choice changed", _VARIANT_COLUMNS, dense=True)

CENTRES = Layout(
    "The strategic centres",
    (
        Column("name", "Centre", words, text=True),
        Column("default", "In the headline", yes_no, text=True),
        Column("people_within_cutoff", "Residents of areas within the cutoff", count),
        Column("basis", "Basis of the location", basis, text=True),
    ),
)

DISTRICTS = Layout(
    "The headline by district",
    (
        Column("name", "District", words, text=True),
        PEOPLE,
        KPI_SHARE,
        PEOPLE_WITHIN,
        DECILE1_SHARE,
        NO_CAR,
        LEVEL4,
    ),
    says_absent_columns=False,
)

CORRIDORS = Layout(
    "The corridors side by side",
    (
        Column("name", "Corridor", words, text=True),
        Column("length_km", "Length, km", decimal),
        ZONES,
        PEOPLE,
        KPI_SHARE,
        Column("imd_decile1_zones", "Zones in decile 1", count),
        DECILE1_SHARE,
        NO_CAR,
        LEVEL4,
        DISCONNECTED,
    ),
    (DECILE1_NOTE, DISCONNECTED_NOTE),
    OURS,
)

CORRIDORS_BRIEF = Layout(
    "The corridors beside the region",
    (
        Column("name", "Corridor", words, text=True),
        PEOPLE,
        KPI_SHARE,
        DECILE1_SHARE,
        NO_CAR,
        DISCONNECTED,
    ),
    says_absent_columns=False,
)

SCORES = Layout(
    "Need, opportunity and connectivity, kept apart",
    (
        Column("name", "Corridor", words, text=True),
        PEOPLE,
        Column("need", "Need, 0-100", score, rate=True),
        Column("need_pocket_share", "% of residents in pockets of high need", percent, rate=True),
        Column("opportunity", "Opportunity, 0-100", score, rate=True),
        Column("opportunity_pocket_share", "% of residents in pockets of high opportunity", percent, rate=True),
        Column("connectivity", "Connectivity, 0-100", score, rate=True),
        Column("connectivity_pocket_share", "% of residents in pockets of high connectivity", percent, rate=True),
    ),
    (
        "A pocket is a zone above the 80th percentile of the region's zones: a mean can hide such zones.",
        "Each is the population-weighted mean of zone scores, scaled between the 5th and 95th percentile of the "
        "region's zones. A high need score means more need; a high connectivity score means better connected. They "
        "are not combined: no official weights are published.",
        "Small differences are not distinguishable: see how firm the order of the corridors is, further on.",
    ),
    OURS,
)

BUFFERS = Layout(
    "The same corridors at every buffer",
    (
        Column("name", "Corridor", words, text=True),
        Column("buffer_m", "Buffer", km),
        ZONES,
        PEOPLE,
        KPI_SHARE,
        DECILE1_ZONES,
        DECILE1_SHARE,
    ),
    (DECILE1_NOTE,),
    OURS,
    dense=True,
)

BUFFERS_OF_ONE = Layout("This corridor at every buffer", BUFFERS.columns[1:], BUFFERS.notes, BUFFERS.source)

TOGETHER = Layout(
    "The corridors taken together, each zone counted once",
    (
        Column("buffer_m", "Buffer", km),
        ZONES,
        Column("zones_share", "% of the region's zones", percent),
        DECILE1_ZONES,
        Column("decile1_share_of_region", "% of the region's decile-1 zones", percent, bar=True),
    ),
    source=OURS,
)

_WORDINGS: Mapping[str, Wording] = {"share 0-1": percent, "jobs": count, "0-100": score}


def corridor_numbers(measures: Iterable[Measure]) -> tuple[Column, ...]:
    """The measures of the report's table of a corridor's indicators, each beside the region's."""
    return tuple(
        Column(
            one.ident,
            one.heading,
            _WORDINGS.get(one.of_places[1], decimal),
            rate=one.of_places[1] in {"share 0-1", "0-100"},
        )
        for one in measures
        if one.heading
    )


FIFTHS_OF_ONE = Layout(
    "Who meets the test, by deprivation of the area (national fifths)",
    (
        Column("group", "National fifth of areas", words, text=True),
        ZONES,
        PEOPLE,
        PEOPLE_WITHIN,
        KPI_SHARE,
        Column("region_share", "KPI of the same fifth in the whole region", percent),
    ),
    dense=True,
)

LEFT_BEHIND = Layout(
    "Areas in the corridor that miss the test, most residents first",
    (
        Column("name", "Area", words, text=True),
        Column("district_name", "District", words, text=True),
        Column("population", "Residents", count),
        Column("centres_within_cutoff", "Centres within the cutoff", count),
        Column("imd_decile", "Deprivation decile (1 = most deprived)", count),
        Column("no_car_share", "% of households without a car", percent),
        Column("near_but_disconnected", "Near but disconnected", yes_no, text=True),
    ),
    (
        "These are areas, not people: not everyone in a deprived area is deprived, and many deprived people "
        "live elsewhere.",
    ),
    says_absent_columns=False,
    dense=True,
)

ZONE_LIST = Layout(
    "Zones, by district and name",
    (
        Column("id", "Code", words, text=True),
        Column("name", "Zone", words, text=True),
        Column("district_name", "District", words, text=True),
        Column("population", "Residents", count),
        Column("centres_within_cutoff", "Centres within the cutoff", count),
        Column("minutes_to_nearest", "Minutes to the nearest centre", decimal),
        Column("meets_kpi", "Meets the test", yes_no, text=True),
        Column("imd_decile", "Deprivation decile", count),
        Column("no_car_share", "% of households without a car", percent),
    ),
    says_absent_columns=False,
    dense=True,
)

NEAR = Layout(
    "Residents near a centre or employment site who take far longer to it than others as far away",
    (
        Column("place", "Place", words, text=True),
        *(Column(f"people_{radius:g}", f"Residents within {radius:g} km", count) for radius in NEAR_RADII_KM),
        Column("minutes", f"Their minutes, mean within {NEAR_RADII_KM[-1]:g} km", decimal),
        Column("usual_minutes", "Median minutes of others as far away", decimal),
    ),
)
SITES = Layout(
    "Employment land and opportunity sites",
    (
        Column("name", "Site", words, text=True),
        Column("ha", "Area, ha", decimal),
        Column("status", "Status", words, text=True),
        Column("claimed_jobs", "Jobs claimed", words, text=True),
        Column("claimed_by", "Claimed by", given, text=True),
        Column("claim_date", "Date of claim", given, text=True),
        Column("basis", "Basis of the location", basis, text=True),
        Column("note", "Note", note, text=True),
    ),
    (
        "Jobs are claims by those who promote the sites, not forecasts of this tool; they are never added across "
        "sites, because claims overlap and jobs move.",
    ),
    dense=True,
)

CORRIDOR_FACTS = Layout(
    "What is said of the corridor",
    (
        Column("topic", "Topic", words, text=True),
        Column("fact", "Fact", words, text=True),
        Column("basis", "Basis", basis, text=True),
    ),
    ("Homes and hectares are claims or ambitions, not commitments.",),
)

PILOTS = Layout(
    "Town-centre pilots",
    (
        Column("name", "Pilot", words, text=True),
        Column("radius_m", "Radius", km),
        ZONES,
        PEOPLE,
        DECILE1_ZONES,
        PEOPLE_WITHIN,
        DISCONNECTED,
        KPI_SHARE,
        Column("basis", "Basis of the location", basis, text=True),
    ),
    (DECILE1_NOTE, "Circles are proposed by this tool."),
    says_absent_columns=False,
)

LINKS = Layout(
    "The links that most best journeys from home to the centres use",
    (
        Column("from_name", "From", words, text=True),
        Column("to_name", "To", words, text=True),
        Column("mode", "Mode", words, text=True),
        Column("routes", "Routes", words, text=True),
        Column("median_ride_s", "Ride, minutes", minutes),
        Column("trips_per_hour", "Trips an hour", decimal),
        Column("centre_people", "Best journeys, one a resident and centre", count),
    ),
    dense=True,
)

DISTRIBUTION = Layout(
    "Access by deprivation of the area, national fifths, most deprived first",
    (
        Column("group", "National fifth of areas", words, text=True),
        ZONES,
        PEOPLE,
        KPI_SHARE,
        PEOPLE_WITHIN,
        Column("mean_centres", "Centres within the cutoff, mean over residents", decimal),
        Column("jobs_within_cutoff", "Jobs within the cutoff, mean over residents", count),
        NO_CAR,
        DISCONNECTED,
    ),
    says_absent_columns=False,
)
