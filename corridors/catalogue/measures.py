"""All measures of zones and places, one row each: names, the figure given for places, where the measure is shown.

The data dictionary, the web map, GIS styles, scores, the baseline, the report's table of indicators, the manifest and the
comparison of runs read these rows: a new measure costs one row here, the function that makes its column, and a test.
"the cutoff" in a title becomes the run's own minutes where it is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from corridors.catalogue.measure import Change, England, Measure, OnMap, Scored
from corridors.catalogue.near import NEAR_MEANS

# Groups of the map's list, in its order.
ACCESS, MINUTES, DESTINATIONS, PEOPLE = (
    "Access to centres",
    "Minutes to each centre",
    "Other destinations",
    "People and places",
)
REACH, LEFT_BEHIND, SCORES = "Jobs and land within reach", "Who is left behind, and why", "Scores"
HOURS, OBSERVED = "At other hours", "On observed days"
MAP_GROUPS = (ACCESS, MINUTES, HOURS, OBSERVED, DESTINATIONS, PEOPLE, REACH, LEFT_BEHIND, SCORES)

BY_TIMETABLE = "access"  # the domain of the baseline that depends on the timetable and on the headline's definition
DOMAINS = (
    *("people", "ethnicity", "health", "households", "work", "skills", "deprivation"),
    *(BY_TIMETABLE, "environment"),
)


def _share(column: str, domain: str, title: str, field: str, base: str) -> Measure:
    return Measure(column, title, "share 0-1", of_place="share", field=field, base=base, domain=domain)


def _rate(column: str, domain: str, title: str, base: str) -> Measure:
    return Measure(column, title, "share 0-1", of_place="rate", base=base, domain=domain)


_IOD_2025 = "mean over England's 33,755 LSOAs, each counted once; MHCLG, Indices of Deprivation 2025, File 7"
_CENSUS_2021 = "ONS Census 2021, residents aged 16 and over, England"
_SCORE_NOTES = {
    "need": "How much the people of the zone lack: 100 stands for the twentieth of the region's zones with the most.",
    "opportunity": "How much is within reach of the zone: 100 stands for the twentieth of the region's zones with the most.",
    "connectivity": "How well the zone reaches the centres: 100 stands for the best twentieth of the region's zones.",
}
_HOUSEHOLDS, _ADULTS, _EVERYBODY = "households", "population_16plus", "population"

_OF_ACCESS = (
    Measure(
        "centres_within_cutoff", "Strategic centres within the cutoff", "count",
        meaning="Strategic centres of the headline's set within the cutoff at the median departure",
        of_place="mean", base=_EVERYBODY, in_frames=True, domain=BY_TIMETABLE,
        on_map=OnMap(ACCESS, "reached", "centres", in_table=True), gis_style=True, scored=Scored("connectivity"),
        change=Change("Change in centres within the cutoff", "centres", 1),
    ),
    Measure(
        "meets_kpi", "Meets the headline's test", "true/false",
        meaning="Reaches enough strategic centres within the cutoff",
        of_place="rate", base=_EVERYBODY, place_column="kpi_share",
        place_title="Residents who meet the headline's test", heading="Residents who meet the KPI, % of residents",
        domain=BY_TIMETABLE, on_map=OnMap(ACCESS, "flag", in_table=True), gis_style=True,
    ),
    Measure(
        "minutes_to_nearest", "Minutes to the nearest centre", "min",
        meaning="Minutes to the nearest centre of the headline's set, median departure; empty = unreachable",
        on_map=OnMap(ACCESS, "minutes", "min", in_table=True), gis_style=True,
    ),
    Measure(
        "minutes_to_needed", "Minutes to the last centre needed", "min",
        meaning="Minutes to the centre that decides the headline (the last one needed), median departure; empty = unreachable; "
        "of a place the mean of residents who reach it",
        of_place="mean", base=_EVERYBODY, in_frames=True,
        on_map=OnMap(
            ACCESS, "minutes", "min",
            note="Minutes at the median departure to the centre that decides the headline: the last of those it asks for.",
        ),
        gis_style=True, change=Change("Minutes saved to the last centre needed", "min", -1),
    ),
    Measure(
        "minutes_beyond_cutoff", "Minutes too many to the last centre needed", "min",
        meaning="Minutes by which the last centre needed is beyond the cutoff, median departure; 0 = within it. A zone that does "
        "not reach it counts with the longest time searched, so with less than the truth",
        of_place="mean", base=_EVERYBODY, in_frames=True, domain=BY_TIMETABLE,
        heading="Minutes too many to the last centre needed, mean over residents",
        on_map=OnMap(ACCESS, "number", "min"), gis_style=True,
        scored=Scored("connectivity", higher_is_more=False, usual=False),
        change=Change("Minutes too many that are saved", "min", -1),
    ),
    Measure(
        "reliability", "Departures that reach enough centres within the cutoff", "share 0-1",
        meaning="Share of departures from which as many centres as the headline asks for are reached within the cutoff at once",
        of_place="mean", base=_EVERYBODY, domain=BY_TIMETABLE, scored=Scored("connectivity"),
    ),
    Measure(
        "near_but_disconnected", "Near but disconnected", "true/false",
        meaning=NEAR_MEANS.capitalize(),
        on_map=OnMap(ACCESS, "flag"),
    ),
    Measure(
        "near_but_disconnected_people", "Residents near but disconnected", "people",
        meaning="Residents of zones near but disconnected",
        of_place="count", domain=BY_TIMETABLE, inputs=("population", "sites"),
    ),
    Measure(
        "jobs_within_cutoff", "Jobs within the cutoff", "jobs", meaning="Jobs within the cutoff at the median departure",
        of_place="mean", base=_EVERYBODY, in_frames=True, heading="Jobs reachable within the cutoff, mean over residents",
        domain=BY_TIMETABLE, inputs=("jobs", "jobs_outside"), on_map=OnMap(REACH, "number", "jobs"), gis_style=True,
        scored=Scored("opportunity", logarithmic=True), change=Change("Change in jobs within the cutoff", "jobs", 1),
    ),
    Measure(
        "employment_ha_within_cutoff", "Employment land within the cutoff, weighted by status", "ha",
        meaning="Employment land of the sites of known size within the cutoff, weighted by status (open 1, permitted 0.7, "
        "allocated 0.4)",
        of_place="mean", base=_EVERYBODY, in_frames=True,
        heading="Employment land reachable within the cutoff, sites of known size, weighted by status, ha",
        domain=BY_TIMETABLE, inputs=("sites",), on_map=OnMap(REACH, "number", "ha"), scored=Scored("opportunity"),
    ),
    Measure(
        "unknown_sites_within_cutoff", "Employment sites of unknown size within the cutoff", "sites",
        meaning="Employment sites within the cutoff of which no size is given: the hectares within the cutoff are at least "
        "those stated",
        of_place="mean", base=_EVERYBODY, in_frames=True,
        heading="Employment sites of unknown size within the cutoff, mean over residents",
    ),
)  # fmt: skip
_OF_PEOPLE = (
    Measure(
        "imd_decile", "Deprivation (1 = most deprived)", "decile",
        meaning="Index of Multiple Deprivation decile, 1 = most deprived",
        on_map=OnMap(PEOPLE, "decile", "decile", in_table=True), gis_style=True,
    ),
    Measure(
        "decile1", "Zones in the most deprived national decile", "share 0-1",
        of_place="share", base="decile_known", place_column="decile1_share", heading="Zones in decile 1, % of zones",
        domain="deprivation", england=England(0.1, "2025", "a national decile holds a tenth of England's areas"),
    ),
    Measure(
        "income_rate", "Income-deprived people", "share 0-1", of_place="rate", base=_EVERYBODY, in_frames=True,
        heading="Income-deprived residents, % of residents", domain="deprivation", england=England(0.229, "2025", _IOD_2025),
        on_map=OnMap(
            PEOPLE, "share", "of people",
            note="Residents in families on low income or income-related benefits, as the deprivation index counts them.",
        ), scored=Scored("need"),
    ),
    Measure(
        "employment_rate", "Employment-deprived people of working age", "share 0-1", of_place="rate", base="working_age",
        in_frames=True, heading="Employment-deprived residents, % of working age", domain="deprivation",
        england=England(0.134, "2025", _IOD_2025),
        scored=Scored("need"),
    ),
    Measure(
        "level4_share", "Residents with Level 4+ qualifications", "share 0-1",
        meaning="Residents with Level 4+ (NVQ4+) qualifications",
        of_place="rate", base=_ADULTS, in_frames=True, heading="Adults with Level 4+ qualifications, % of adults",
        domain="skills", england=England(0.339, "2021", _CENSUS_2021), on_map=OnMap(
            PEOPLE, "share", "of residents",
            note="Residents with a degree, a higher diploma or another qualification of Level 4 or above (NVQ4+).",
        ),
        scored=Scored("need", higher_is_more=False),
    ),
    Measure(
        "no_car_share", "Households without a car", "share 0-1", of_place="share", field="households_no_car",
        base=_HOUSEHOLDS, in_frames=True, heading="Households without a car, % of households", domain="households",
        on_map=OnMap(
            PEOPLE, "share", "of households", in_table=True, note="Households that have neither a car nor a van.",
        ), gis_style=True, scored=Scored("need"),
    ),
    Measure(
        "population", "Residents", "people", of_place="count", domain="people",
        on_map=OnMap(PEOPLE, "number", "residents", in_table=True, note="The people who live in the zone."),
    ),
    _share("age_0_14_share", "people", "Residents under 15", "age_0_14", _EVERYBODY),
    _share("working_age_share", "people", "Residents of working age", "working_age", _EVERYBODY),
    _share("age_65plus_share", "people", "Residents 65 and over", "age_65plus", _EVERYBODY),
    *(
        _share(f"ethnicity_{one}_share", "ethnicity", title, f"ethnicity_{one}", "ethnicity_total")
        for one, title in (
            ("asian", "Asian residents"),
            ("black", "Black residents"),
            ("mixed", "Residents of mixed ethnicity"),
            ("other", "Residents of other ethnicity"),
            ("white", "White residents"),
        )
    ),
    _rate("disability_share", "health", "Disabled residents", _EVERYBODY),
    _share("longterm_sick_share", "health", "Long-term sick or disabled, of 16 and over", "longterm_sick", _ADULTS),
    Measure("households", "Households", "households", of_place="count", domain="households"),
    _share("active_share", "work", "Economically active, of 16 and over", "economically_active", _ADULTS),
    Measure(
        "unemployment_share", "Unemployed among the economically active", "share 0-1", of_place="share",
        field="unemployed", base="economically_active", domain="work", scored=Scored("need", usual=False),
    ),
    Measure("jobs", "Jobs in the place", "jobs", meaning="Jobs", of_place="count", domain="work"),
    Measure(
        "no_quals_share", "Residents without qualifications", "share 0-1", of_place="rate", base=_ADULTS,
        domain="skills", scored=Scored("need", usual=False),
    ),
    _rate("level1_share", "skills", "Level 1 as highest", _ADULTS),
    _rate("level2_share", "skills", "Level 2 as highest", _ADULTS),
    _rate("apprenticeship_share", "skills", "Apprenticeship as highest", _ADULTS),
    _rate("level3_share", "skills", "Level 3 as highest", _ADULTS),
    *(
        Measure(
            f"{one}_score", f"{title}: domain score, higher = more deprived", "score", of_place="mean", base=_EVERYBODY,
            domain="deprivation", scored=Scored("need", usual=False) if scored else None,
        )
        for one, title, scored in (
            ("education", "Education, skills and training", True),
            ("health", "Health and disability", True),
            ("crime", "Crime", True),
            ("environment", "Living environment", False),
        )
    ),
    Measure(
        "imd_score", "Index of Multiple Deprivation score, higher = more deprived", "score",
        scored=Scored("need", usual=False),
    ),
    Measure(
        "brownfield_ha", "Brownfield land on registers, led by dwellings", "ha",
        meaning="Brownfield land: a register led by dwellings, not employment land", of_place="count",
        domain="environment",
    ),
)  # fmt: skip
_OF_THE_LEFT_BEHIND = (
    Measure(
        "doubly_disadvantaged", "Doubly disadvantaged", "true/false",
        meaning="In the worst-placed fifth of the region's residents and in national deprivation deciles 1-2",
        on_map=OnMap(
            LEFT_BEHIND, "flag",
            note="In the worst-placed fifth of residents by minutes to the last centre needed, and in the most deprived "
            "national fifth of areas.",
        ),
        gis_style=True,
    ),
    Measure(
        "access_cluster", "Clusters of low and good access", "text",
        meaning="Cluster of low or high access: Getis-Ord Gi*, 9,999 permutations, false discovery rate 5 %",
        on_map=OnMap(
            LEFT_BEHIND, "category",
            note="Getis-Ord Gi* of minutes to the last centre needed, each zone with its nearest neighbours, 9,999 "
            "permutations, false discovery rate 5 %. It says where to look and proves nothing: neighbouring tests share zones.",
        ),
    ),
    Measure(
        "loses_most_by", "What the journey loses most by", "walk, first_wait, distance, slow_service, change or no_service",
        meaning="Where the test is failed: the part that takes longest beyond what is usual where it is met",
        on_map=OnMap(
            LEFT_BEHIND, "category",
            note="Where the journey to the last centre needed takes longest beyond what is usual in zones that meet the test.",
        ),
    ),
    Measure(
        "access_gap", "Shortfall of reachable jobs below the stated line", "share 0-1",
        meaning="Shortfall of reachable jobs below half the regional median, as a share of it",
        scored=Scored("need", usual=False),
    ),
    *(
        Measure(
            dimension, dimension.capitalize(), "0-100",
            meaning=f"{dimension.capitalize()}, 5th-95th percentile of the region's zones = 0-100",
            heading=f"{dimension.capitalize()}, 0-100",
            on_map=OnMap(SCORES, "score", "0-100", note=f"{_SCORE_NOTES[dimension]} What it counts stands in the report."),
        )
        for dimension in ("need", "opportunity", "connectivity")
    ),
)  # fmt: skip

MEASURES: tuple[Measure, ...] = (*_OF_ACCESS, *_OF_PEOPLE, *_OF_THE_LEFT_BEHIND)
# Columns that a run computes itself, so that no layer may give them.
MADE_BY_THE_RUN = frozenset(one.column for one in (*_OF_ACCESS, *_OF_THE_LEFT_BEHIND))


@dataclass(frozen=True)
class Destination:
    """A kind of place that people travel to other than the strategic centres, such as hospitals."""

    id: str
    title: str  # one of them, in words: "hospital"
    cutoff_min: float


def destination_measures(destinations: Iterable[Destination]) -> tuple[Measure, ...]:
    """Two measures for each kind of destination: minutes to the nearest one, and whether it lies within its cutoff."""
    return tuple(measure for kind in destinations for measure in _of_destination(kind))


def _of_destination(kind: Destination) -> tuple[Measure, Measure]:
    limit = f"{kind.cutoff_min:g} minute{'' if kind.cutoff_min == 1 else 's'}"
    nearest = f"the nearest {kind.title}"
    minutes = Measure(
        f"minutes_to_{kind.id}", f"Minutes to {nearest}", "min",
        meaning=f"Minutes to {nearest}, door to door at the median departure; empty = unreachable",
        of_place="mean", base=_EVERYBODY, in_frames=True,
        heading=f"Minutes to {nearest}, mean over residents who reach one", domain=BY_TIMETABLE, inputs=(kind.id,),
        on_map=OnMap(DESTINATIONS, "minutes", "min", cutoff_min=kind.cutoff_min), gis_style=True,
        change=Change(f"Minutes saved to {nearest}", "min", -1),
    )  # fmt: skip
    reaches = Measure(
        f"reaches_{kind.id}", f"Within {limit} of {nearest}", "true/false",
        meaning=f"Within {limit} of {nearest}, door to door at the median departure",
        of_place="rate", base=_EVERYBODY, place_column=f"{kind.id}_share",
        place_title=f"Residents within {limit} of {nearest}", in_frames=True,
        heading=f"Residents within {limit} of {nearest}, % of residents", domain=BY_TIMETABLE, inputs=(kind.id,),
        on_map=OnMap(DESTINATIONS, "flag"),
    )  # fmt: skip
    return minutes, reaches


# Destinations that every social baseline has an item for; without a file of them the item is reported as missing.
WANTED_DESTINATIONS = (
    ("hospital", "hospital"), ("college", "college"), ("training", "training place"), ("greenspace", "greenspace"),
)  # fmt: skip


def baseline_measures(measures: Iterable[Measure], cutoff_min: float) -> tuple[Measure, ...]:
    """The measures of a social baseline, by domain, with those of wanted destinations that the run has no file for."""
    given = tuple(one for one in measures if one.domain)
    named = {one.ident for one in given}
    absent = (Destination(ident, title, cutoff_min) for ident, title in WANTED_DESTINATIONS)
    wanted = tuple(one for one in destination_measures(absent) if one.ident not in named)
    return tuple(sorted((*given, *wanted), key=lambda one: DOMAINS.index(one.domain)))
