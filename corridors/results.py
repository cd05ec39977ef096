"""What a run found: the one value that maps, reports, layers and tables are drawn from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from corridors.strategy import Strategy
from maps.styles import HeadlineTest

_HOURS = re.compile(r"(\d{1,2}:\d\d)\s*-\s*(\d{1,2}:\d\d)")


@dataclass(frozen=True)
class Region:
    """Which place, and how far its figures may be trusted."""

    name: str
    slug: str
    crs: str
    note: str  # which geography the figures are for
    illustrative: bool  # zones, people and layers are drawn by this project, not measured
    synthetic_timetable: bool  # the timetable is not a real one
    walking_basis: str  # "along streets" or "straight line x 1.3"
    nation: str = ""  # whose deprivation index the deciles are of, where that is known
    strategy: Strategy | None = None  # whose figures and framework stand beside the run's

    @property
    def caution(self) -> str:
        """The words that stand on every page, map and table; empty for real data on a real timetable."""
        words = []
        if self.illustrative:
            words.append("ILLUSTRATIVE: places are real; people, deprivation, skills and jobs are invented")
        if self.synthetic_timetable:
            words.append(
                "SYNTHETIC TIMETABLE: not the services that run; do not plan a journey or judge a place from it"
            )
        return ". ".join(words)


@dataclass(frozen=True)
class RunWarning:
    """A counted problem in the input and what it costs."""

    code: str
    count: int
    share: float  # 0-1 of the records it was counted against
    sample: tuple[str, ...]
    effect: str


@dataclass(frozen=True)
class Provenance:
    """One input: what it is, whose, how old, and the bytes that were read."""

    id: str
    title: str
    source: str
    licence: str
    vintage: str
    geography: str
    file: str  # file name only, never a path of the machine
    sha256: str
    rows: int


@dataclass(frozen=True)
class KpiVariant:
    """The headline under another definition."""

    id: str
    name: str
    share: float  # 0-1 of people
    people_within: float


@dataclass(frozen=True)
class Kpi:
    """Share of residents who can reach enough strategic centres in time, with its definition and variants."""

    share: float  # 0-1
    people_within: float
    people_total: float
    definition: Mapping[str, str]  # aspect -> words ("window" -> "every departure minute 07:00-09:00")
    variants: tuple[KpiVariant, ...]
    districts: Mapping[str, float]  # district code -> share

    @property
    def cutoff_min(self) -> str:
        """The cutoff's minutes as the definition writes them, "45" or "42.5"; empty where it does not say."""
        return self.definition.get("cutoff_min", "")

    @property
    def hours(self) -> str:
        """When people leave, "between 07:00 and 09:00"; empty where the definition does not say."""
        found = _HOURS.search(self.definition.get("window", ""))
        return f"between {found[1]} and {found[2]}" if found else ""

    @property
    def test(self) -> HeadlineTest:
        """The cutoff and the number of centres, as maps and titles take them."""
        return test_of(self.definition)


def test_of(definition: Mapping[str, str]) -> HeadlineTest:
    """The test of a headline's definition, this run's or a finished one's; None for what it does not say."""
    cutoff, least = definition.get("cutoff_min"), definition.get("centres_at_least")
    return HeadlineTest(float(cutoff) if cutoff else None, int(least) if least else None)


@dataclass(frozen=True)
class Results:
    """Everything a run found. Frames are in the region's working CRS; shares are 0-1; missing is NaN, never 0.

    zones       index zone_id; the "Zone columns" of the contract, geometry polygons
    districts   index district_code; name, people, kpi_share, geometry
    centres     index centre id; name, basis, default (bool), people_within_cutoff, geometry points
    corridors   index corridor id; name, length_km, zones, people, kpi_share, need, opportunity, connectivity,
                decile1_share (of zones), imd_decile1_zones, no_car_share, level4_share, jobs_within_cutoff,
                employment_ha_within_cutoff, near_but_disconnected_people, note, geometry lines
    catchments  RangeIndex; corridor_id, buffer_m, geometry polygons
    pilots      index pilot id; name, radius_m, zones, people, suppressed (bool), rates (NaN where suppressed), geometry circles
    sites       index site id; name, ha, status, claimed_jobs, claimed_by, claim_date, basis, note, geometry points
    stops       index stop number; stop_id, name, mode, trips_per_hour, geometry points
    links       RangeIndex; from_stop_id, to_stop_id, from_name, to_name, mode, median_ride_s, trips_per_hour, routes,
                centre_people (people whose best journeys to centres use it), geometry lines
    tables      name -> table, written to tables/<name>.csv
    dictionary  columns: table, column, title, unit, source, vintage
    """

    region: Region
    kpi: Kpi
    zones: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    centres: gpd.GeoDataFrame
    corridors: gpd.GeoDataFrame
    catchments: gpd.GeoDataFrame
    pilots: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame
    links: gpd.GeoDataFrame
    tables: Mapping[str, pd.DataFrame]
    dictionary: pd.DataFrame
    warnings: tuple[RunWarning, ...]
    provenance: tuple[Provenance, ...]
    command: str  # what reproduces the run
    date: str  # ISO date of the timetable day
    seed: int = 0  # of every random draw
    ranks: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # corridor id -> rank with its uncertainty
