"""The results of a run: the value from which maps, reports, layers and tables are made."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields

import geopandas as gpd
import pandas as pd

from corridors.catalogue.measure import Measure
from corridors.catalogue.measures import MEASURES, Destination, destination_measures
from corridors.catalogue.observed import ObservedDays, observed_measures
from corridors.catalogue.periods import OtherHours, hours_measures
from corridors.catalogue.zone_times import ZoneTimes
from corridors.dates import day_words
from corridors.strategy import Strategy
from maps import BaseMap, HeadlineTest

_HOURS = re.compile(r"(\d{1,2}:\d\d)\s*-\s*(\d{1,2}:\d\d)")


@dataclass(frozen=True)
class Region:
    """The region of a run, and what limits the trust in its figures."""

    name: str
    slug: str
    crs: str
    note: str  # which geography the figures are for
    illustrative: bool  # zones, people and layers are drawn by this project, not measured
    synthetic_timetable: bool  # the timetable is not a real one
    walking_basis: str  # "along streets" or "straight line x 1.3"
    nation: str = ""  # whose deprivation index the deciles belong to, where that is known
    strategy: Strategy | None = None  # whose published figure and framework are shown beside the run's figures
    synthetic_observations: bool = False  # days as they ran were made by rule

    @property
    def caution(self) -> str:
        """The caution on every page, map and table; empty for real data with a real timetable."""
        words = []
        if self.illustrative:
            words.append("ILLUSTRATIVE: people, deprivation, skills and jobs are invented")
        if self.synthetic_timetable:
            words.append(
                "SYNTHETIC TIMETABLE: not the services that run; do not plan a journey or judge a place from it"
            )
        if self.synthetic_observations:
            words.append("SYNTHETIC OBSERVATIONS: the days as they ran were made by rule, nobody saw them")
        return ". ".join(words)


SEARCH_END = "search_ends_near_cutoff"  # the code of the warning that the search hides what lies beyond the cutoff


@dataclass(frozen=True)
class RunWarning:
    """A counted problem of the input, and its effect."""

    code: str
    count: int
    share: float  # 0-1 of the records it was counted against
    sample: tuple[str, ...]
    effect: str


@dataclass(frozen=True)
class Provenance:
    """One input: its source, licence, vintage, file, checksum and number of rows."""

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
    """The headline with one part of its definition changed."""

    id: str
    changes: str  # a key of `CHANGES`
    name: str
    share: float  # 0-1 of people
    people_within: float


@dataclass(frozen=True)
class Kpi:
    """The headline: the share of residents who reach enough strategic centres in time, with definition and variants."""

    share: float  # 0-1
    people_within: float
    people_total: float
    # aspect -> words ("window" -> "every departure minute 07:00-09:00"); centres_at_least and cutoff_min are the test
    definition: Mapping[str, str]
    variants: tuple[KpiVariant, ...]
    districts: Mapping[str, float]  # district code -> share

    @property
    def cutoff_min(self) -> str:
        """The cutoff in minutes as the definition writes it, "45" or "42.5"; "" where it gives none."""
        return self.definition.get("cutoff_min", "")

    @property
    def hours(self) -> str:
        """The departure window in words, "between 07:00 and 09:00"; "" where the definition gives none."""
        match = _HOURS.search(self.definition.get("window", ""))
        return f"between {match[1]} and {match[2]}" if match else ""

    @property
    def test(self) -> HeadlineTest:
        """The cutoff and the number of centres of the headline's test, for maps and titles."""
        return test_of(self.definition)


def test_of(definition: Mapping[str, str]) -> HeadlineTest:
    """The test in the headline's definition of this or a finished run; None for the parts that it does not give."""
    cutoff, least = definition.get("cutoff_min"), definition.get("centres_at_least")
    return HeadlineTest(float(cutoff) if cutoff else None, int(least) if least else None)


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The tables of a run, apart from its frames; each is written to tables/<its field>.csv, in this order.

    A table that does not apply to the run is None; one that has no rows is empty. Shares are 0-1. In the comments

    PLACE   is place_kind (region, district, imd_decile, corridor, pilot), place_id, place (its name)
    FACTS   is zones, people, people_within, kpi_share, decile1_zones, decile1_share, near_but_disconnected_people, and
            the mean of every measure that is `in_frames` (`Results.measures`), such as no_car_share, level4_share,
            jobs_within_cutoff, centres_within_cutoff, minutes_to_needed, and those of the run's destinations
    SHOWN   is FACTS, then suppressed: every rate is NaN where the place is too small (`corridors.places.places.is_small`)
    """

    # One row: FACTS.
    region: pd.DataFrame
    # corridor_id, buffer_m, kind (straight), SHOWN; every corridor at every buffer.
    corridor_buffers: pd.DataFrame
    # The same along streets; None without streets.
    corridor_street_catchments: pd.DataFrame | None = None
    # buffer_m, zones, region_zones, zones_share, decile1_zones, region_decile1_zones, decile1_share_of_region; each zone once.
    corridors_together: pd.DataFrame
    # pilot_id, name, radius_m, in_use, unit, parts, catchment, SHOWN; None without pilots.
    pilot_variants: pd.DataFrame | None = None
    # quintile (national fifth of areas, 1 = most deprived), SHOWN without decile 1; centres_within_cutoff is mean_centres.
    distribution: pd.DataFrame
    # id (of the corridor), topic, fact, basis.
    corridor_facts: pd.DataFrame
    # zone_id, centre_id, leg, kind, from_name, to_name, route, mode, departs, arrives, minutes.
    journeys: pd.DataFrame
    # Effects of the feed's repairs: code, PLACE (corridors, centres), trips_touched, trips_in_window, touched_share,
    # first, cause.
    input_effects: pd.DataFrame
    # PLACE, people_out_of_reach, cause, people, share, mean_min, sentence.
    failing_causes: pd.DataFrame
    # place_id (a centre or a site), place, radius_km, zones, people, minutes (mean of these people), usual_minutes (of others
    # at their distances).
    near_but_disconnected: pd.DataFrame
    # access_fifth, deprivation_fifth, zones, people, people_share, no_car_households, doubly_disadvantaged.
    access_by_deprivation: pd.DataFrame
    # PLACE, quintile, zones, people, people_within, kpi_share, suppressed.
    fifths_by_place: pd.DataFrame
    # PLACE, suppressed, zones, people, people_share, no_car_households.
    doubly_disadvantaged: pd.DataFrame
    # measure, title, statistic, value, people, note.
    inequality: pd.DataFrame
    # measure, curve (lorenz, concentration), people_share, value_share.
    inequality_curves: pd.DataFrame
    # measure, group, people, people_share, access_share, difference_points, word, label.
    group_shares: pd.DataFrame
    # variant, changes, variant_name, PLACE, suppressed, people_within, people, share, no_car_within, no_car_households,
    # no_car_share; note. `no_car` is of households without a car.
    kpi_by_place: pd.DataFrame
    # This one and the next four are None where the configuration asks for no other hours.
    # period_id, period (its title), days, date, start, end, people, people_within, share, people_only_at_headline,
    # people_only_then.
    periods: pd.DataFrame | None = None
    # period_id, period, PLACE, suppressed, people, people_within, share.
    periods_by_place: pd.DataFrame | None = None
    # start, end, date, people_within, share: every hour of the curve.
    hours: pd.DataFrame | None = None
    # zone_id, needed_minutes_at_HHMM for every hour of the curve.
    zones_by_hour: pd.DataFrame | None = None
    # there_by, home_after, date, people, people_there, people_home, people_both, share.
    way_back: pd.DataFrame | None = None
    # date, trips, in_use, proposed: the run's day and others as good to ask about; None where these were not looked for.
    timetable_days: pd.DataFrame | None = None
    # This one and the next two are None without observed days; `unmatched` is one of `corridors.catalogue.observed.WAYS`.
    # date, observation, synthetic, trips, trips_matched, trips_matched_share, calls_matched_share, trips_added, median_delay_s,
    # late_delay_s, unmatched, people, people_within_timetabled, people_within_observed, share_timetabled, share_observed,
    # people_only_timetabled, people_only_observed; a row for each day and way.
    observed_days: pd.DataFrame | None = None
    # PLACE, suppressed, unmatched, observed_days, trips_matched_share (of the region), people, share_timetabled,
    # share_observed, share_observed_lowest, share_observed_highest; shares are means over the days.
    observed_by_place: pd.DataFrame | None = None
    # line, operator, mode, trips, trips_matched, trips_matched_share, median_delay_s, late_delay_s; of all days.
    observed_lines: pd.DataFrame | None = None
    # The columns `corridors.catalogue.baseline_columns.CELL_COLUMNS`; the last three are ids: of rows of the next two tables.
    baseline: pd.DataFrame
    # id, aspect, text.
    baseline_definitions: pd.DataFrame
    # id, aspect (an input), text.
    baseline_data: pd.DataFrame
    # This one and the next four are None with fewer than two corridors.
    # measure, varied, corridor_id, name, score, rank, rank_low, rank_median, rank_high, monte_carlo_error,
    # p_rank_1, p_rank_2, ...
    rank_acceptability: pd.DataFrame | None = None
    # measure, corridor_a, corridor_b, p_a_above_b, p_a_above_b_error, p_a_above_b_weights_only,
    # verdict, sentence.
    rank_pairs: pd.DataFrame | None = None
    # choice, level, corridor_id, measure, score, rank.
    rank_choices: pd.DataFrame | None = None
    # choice, measure, title, total_effect, rank_shift, most_influential.
    rank_influence: pd.DataFrame | None = None
    # corridor_a, corridor_b, catchments, of_catchments, least_lead, least_lead_on, sentence.
    dominance: pd.DataFrame | None = None
    # indicator, title, dimension, then a column for each indicator and dimension.
    indicator_correlations: pd.DataFrame

    def items(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """(name, table) of every table that is not None, in the order of the fields."""
        tables = ((one.name, getattr(self, one.name)) for one in fields(self))
        return ((name, table) for name, table in tables if table is not None)

    def changed(self, change: Callable[[pd.DataFrame], pd.DataFrame]) -> "Tables":
        """The tables with `change` applied to each."""
        return Tables(**{name: change(table) for name, table in self.items()})


@dataclass(frozen=True)
class ListedScenarios:
    """The scenarios that a configuration lists, each answered alone, in short. Shares are 0-1; `_base` is before.

    GAINS are the columns people_gaining ... of `corridors.scenario_results.ScenarioTables`.
    """

    # One row each: scenario_id, title, status, as_of, source, note, file, sha256, edits (how many; 0: not modelled), people,
    # people_within_base, people_within, share_base, share, GAINS, timetables, people_within_lowest, people_within_highest
    # (over unknown timetables), people_within_low_run_times, people_within_high_run_times, vehicle_hours_change,
    # vehicle_km_change, vehicles_at_once_base, vehicles_at_once.
    scenarios: pd.DataFrame
    # scenario_id, PLACE, suppressed, GAINS, share_base, share; places where anybody moves.
    scenario_places: pd.DataFrame
    # scenario_id, zone_id, people, change (gains, loses, unchanged), minutes_saved, enters_test, leaves_test; zones that move.
    scenario_zones: pd.DataFrame
    # scenario_id, edit_id, what (a sentence), key, value, basis: every edit, and every number of it.
    scenario_edits: pd.DataFrame
    # RangeIndex; scenario_id, scenario (title), status, number, operator, mode, direction, geometry lines.
    lines: gpd.GeoDataFrame
    # RangeIndex; scenario_id, scenario, stop_id, name, lines, new, geometry points.
    stops: gpd.GeoDataFrame
    provenance: tuple[Provenance, ...]

    def items(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """(name, table) of every table."""
        names = ("scenarios", "scenario_places", "scenario_zones", "scenario_edits")
        return ((name, getattr(self, name)) for name in names)


@dataclass(frozen=True)
class Results:
    """The results of a run. Frames are in the region's working CRS; shares are 0-1; missing is NaN, never 0.

    zones       index zone_id; the columns that `corridors.catalogue.columns` names, geometry polygons
    districts   index district_code; name, SHOWN (see `Tables`), geometry
    centres     index centre id; name, basis, default (bool), people_within_cutoff, geometry points
    corridors   index corridor id; name, length_km, buffer_m (of their figures), SHOWN, imd_decile1_zones, need, opportunity
                and connectivity, each with its _pocket_share (withheld likewise), note, why_out_of_reach, geometry lines
    catchments  RangeIndex; corridor_id, buffer_m, geometry polygons
    pilots      index pilot id; name, radius_m, basis, SHOWN, geometry circles
    sites       index site id; name, ha, status, claimed_jobs, claimed_by, claim_date, basis, note, corridor_ids, geometry
                points
    stops       index stop number; stop_id, name, mode, trips_per_hour, geometry points
    links       RangeIndex; from_stop_id, to_stop_id, from_name, to_name, mode, median_ride_s, trips_per_hour, routes,
                centre_people (people whose best journeys to centres use it), geometry lines
    jobs_outside  index id; jobs, geometry points beyond the zones; without rows where the configuration names none
    tables      one typed field per table
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
    tables: Tables
    dictionary: pd.DataFrame
    warnings: tuple[RunWarning, ...]
    provenance: tuple[Provenance, ...]
    command: str  # what reproduces the run
    date: str  # ISO date of the timetable day
    seed: int = 0  # of every random draw
    settings: Mapping[str, object] = field(default_factory=dict)  # of the configuration, as plain JSON
    ranks: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # corridor id -> rank with its uncertainty
    destinations: tuple[Destination, ...] = ()  # kinds of destinations other than the centres
    other_hours: OtherHours | None = None  # None where the configuration asks for none
    observed: ObservedDays | None = None  # None where the configuration names none
    jobs_outside: gpd.GeoDataFrame = field(default_factory=gpd.GeoDataFrame)
    listed: ListedScenarios | None = None  # None where the configuration lists no scenario, or none was asked for
    zone_times: ZoneTimes | None = None  # None where none were asked for
    base_map: BaseMap | None = None  # in the working CRS; None where neither streets nor a layer give one

    @property
    def title(self) -> str:
        """What the pages of the run are called."""
        about = "Inclusive growth corridors" if len(self.corridors) else "Access to strategic centres"
        return f"{about}: {self.region.name}"

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The catalogue's measures, then those of the run's own destinations, other hours and observed days."""
        own = (*destination_measures(self.destinations), *hours_measures(self.other_hours))
        return (*MEASURES, *own, *observed_measures(self.observed is not None))

    @property
    def day_words(self) -> str:
        """The timetable day in words, "Tuesday 24 March 2026"."""
        return day_words(dt.date.fromisoformat(self.date))
