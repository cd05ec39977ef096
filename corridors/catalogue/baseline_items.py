"""What a social baseline describes: one row an item, with what it counts and among whom."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["count", "share", "rate", "mean"]
ACCESS = "access"  # items of this domain depend on the timetable and on the headline's definition


CELL_COLUMNS = [
    *("place_kind", "place_id", "place", "domain", "item", "title", "unit", "value", "numerator", "denominator"),
    *("known_share", "status", "reason", "source", "vintage", "geography"),
    *("district", "district_value", "region_value", "england_value", "england_source"),
    *("item_definition", "place_definition", "data"),
]


@dataclass(frozen=True)
class England:
    """A value of England to compare with: only where the layer is of the same source and year."""

    value: float
    vintage: str  # a layer of another vintage is not compared
    source: str


@dataclass(frozen=True)
class Item:
    """One line of a baseline.

    count  sum of `field` over the place's people
    share  sum of `field` over sum of `base`
    rate   mean of `field` (a rate of zones) weighted by `base`
    mean   mean of `field` weighted by `base`, in `unit`
    """

    id: str
    domain: str
    title: str
    kind: Kind
    field: str
    base: str = ""
    unit: str = "share 0-1"
    england: England | None = None
    inputs: tuple[str, ...] = ()  # fields and files it is computed from beside `field` and `base`


def _count(ident: str, domain: str, title: str, unit: str = "people", inputs: tuple[str, ...] = ()) -> Item:
    return Item(ident, domain, title, "count", ident, unit=unit, inputs=inputs)


def _share(ident: str, domain: str, title: str, field: str, base: str) -> Item:
    return Item(ident, domain, title, "share", field, base)


def _rate(ident: str, domain: str, title: str, base: str = "population", england: England | None = None) -> Item:
    return Item(ident, domain, title, "rate", ident, base, england=england)


def _mean(ident: str, domain: str, title: str, unit: str, inputs: tuple[str, ...] = ()) -> Item:
    return Item(ident, domain, title, "mean", ident, "population", unit, inputs=inputs)


_CENSUS_2021 = "ONS Census 2021, residents aged 16 and over, England"

ITEMS: tuple[Item, ...] = (
    _count("population", "people", "Residents"),
    _share("age_0_14_share", "people", "Residents under 15", "age_0_14", "population"),
    _share("working_age_share", "people", "Residents of working age", "working_age", "population"),
    _share("age_65plus_share", "people", "Residents 65 and over", "age_65plus", "population"),
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
    _rate("disability_share", "health", "Disabled residents"),
    _share(
        "longterm_sick_share",
        "health",
        "Long-term sick or disabled, of 16 and over",
        "longterm_sick",
        "population_16plus",
    ),
    _count("households", "households", "Households", "households"),
    _share("no_car_share", "households", "Households without a car", "households_no_car", "households"),
    _share("active_share", "work", "Economically active, of 16 and over", "economically_active", "population_16plus"),
    _share("unemployment_share", "work", "Unemployed, of the economically active", "unemployed", "economically_active"),
    _count("jobs", "work", "Jobs in the place", "jobs"),
    _rate("no_quals_share", "skills", "No qualifications", "population_16plus"),
    _rate("level1_share", "skills", "Level 1 as highest", "population_16plus"),
    _rate("level2_share", "skills", "Level 2 as highest", "population_16plus"),
    _rate("apprenticeship_share", "skills", "Apprenticeship as highest", "population_16plus"),
    _rate("level3_share", "skills", "Level 3 as highest", "population_16plus"),
    _rate("level4_share", "skills", "Level 4+", "population_16plus", England(0.339, "2021", _CENSUS_2021)),
    Item(
        "decile1_share", "deprivation", "Zones in the most deprived national decile", "share", "decile1", "decile_known"
    ),
    _rate("income_rate", "deprivation", "Income-deprived people"),
    _rate("employment_rate", "deprivation", "Employment-deprived people of working age"),
    *(
        _mean(f"{one}_score", "deprivation", f"{title}: domain score, higher = more deprived", "score")
        for one, title in (
            ("education", "Education, skills and training"),
            ("health", "Health and disability"),
            ("crime", "Crime"),
            ("environment", "Living environment"),
        )
    ),
    _share("kpi_share", ACCESS, "Residents who meet the headline's test", "meets_kpi_people", "population"),
    _mean("centres_within_cutoff", ACCESS, "Strategic centres within the cutoff", "count"),
    _mean("reliability", ACCESS, "Departures that make the headline's test", "share 0-1"),
    _count("near_but_disconnected_people", ACCESS, "Residents near but disconnected", inputs=("population", "sites")),
    _mean("jobs_within_cutoff", ACCESS, "Jobs within the cutoff", "jobs", ("jobs",)),
    _mean(
        "employment_ha_within_cutoff", ACCESS, "Employment land within the cutoff, weighted by status", "ha", ("sites",)
    ),
    _mean("training_within_cutoff", ACCESS, "Training places within the cutoff", "count"),
    _mean("minutes_to_hospital", ACCESS, "Minutes to the nearest hospital, median departure", "min"),
    _mean("greenspace_ha", "environment", "Greenspace within walking distance", "ha"),
    _count("brownfield_ha", "environment", "Brownfield land on registers, led by dwellings", "ha"),
)
