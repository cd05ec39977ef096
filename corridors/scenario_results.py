"""The answers of a scenario: the value from which its tables, layers, report and map are made."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import geopandas as gpd
import pandas as pd

from corridors.catalogue.measure import Measure
from corridors.catalogue.measures import MEASURES, Destination, destination_measures
from corridors.dates import day_words
from corridors.results import Kpi, Provenance, Region, RunWarning
from maps import BaseMap

# The name of the spread over timetables. Phases are unknown and not random, so it is no confidence interval.
RANGE_WORDS = "range over unknown timetables"
LEAST_MIN = 1.0  # a smaller change of minutes is a matter of the timetable's last seconds
_FEWER = ("minutes_", "near_but")  # columns of which less is a gain begin with one of these
DAY, PERIOD, ALL = "day", "period", "all edits"  # what a row of `ScenarioTables.resources` is about


def less_is_a_gain(column: str) -> bool:
    """Whether residents gain where a column of zones goes down, or from yes to no."""
    return column.startswith(_FEWER)


@dataclass(frozen=True)
class ScenarioHead:
    """What a scenario file says of itself."""

    id: str
    title: str
    status: str  # what public sources said; never what the tool believes
    as_of: str
    source: str
    note: str
    file: str  # file name only
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ScenarioTables:
    """The tables of a scenario; each is written to tables/<its field>.csv. Shares are 0-1; `_base` is before, no suffix after.

    Gains and losses are of minutes to the last centre needed, at the median departure: a minute or more. People are
    those of the base; residents of homes that the scenario builds stand apart (`people_added`).
    """

    # variant, changes, variant_name, people_base, people, people_within_base, people_within, people_within_change,
    # share_base, share, share_change; the headline first.
    kpi: pd.DataFrame
    # place_kind, place_id, place, suppressed, the columns of `GAINS`, then of every figure of places x_base, x, x_change.
    # A mean of those who reach something has no x_change where others reach it after than before.
    by_place: pd.DataFrame
    # measure, title, unit, least_change, people_gaining, people_losing, people_unchanged, mean_gain, mean_loss, mean_base,
    # mean, mean_change.
    gainers_losers: pd.DataFrame
    # group, people, base_people, people_share, the columns of `GAINS`, gain_share, difference_points, word, label.
    groups: pd.DataFrame
    # edit_id, kind, what (day, period), period_from, period_to, headway_min, round_trip_min, layover_min, vehicles, departures
    # changed, added and withdrawn; vehicle_hours, vehicle_km and vehicles_at_once before, after and changed; costs where given.
    resources: pd.DataFrame
    # timetable (number), shown, phases, people_within, share, people_within_change, gap, gap_change.
    range_timetables: pd.DataFrame
    # run_times (low, central, high), then as in range_timetables.
    range_run_times: pd.DataFrame
    # edit_id, measure (people_within, gap), alone, last, shapley, shapley_error.
    attribution: pd.DataFrame
    # edit_a, edit_b, measure, interaction.
    interactions: pd.DataFrame
    # rank, when (before, after), zone_id, zone, people, then the columns of a run's journeys.
    journeys: pd.DataFrame
    # edit_id, scenario, kind, what (a sentence), file, line, basis, source, note.
    edits: pd.DataFrame
    # edit_id, key, value, basis.
    numbers: pd.DataFrame

    def items(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """(name, table) of every table, in the order of the fields."""
        return ((one.name, getattr(self, one.name)) for one in fields(self))


@dataclass(frozen=True)
class ScenarioResults:
    """The answers of scenarios applied as one, compared with the base. Frames are in the region's working CRS.

    zones  index zone_id; name, district_code, district_name, people, people_added, change (gains, loses, unchanged,
           nobody), minutes_saved (to the last centre needed; one not reached counts with the longest time), enters_test,
           leaves_test, then of every measure x_base, x and x_change, explanation_base, explanation, geometry
    dictionary  column, title, unit of the measures in `zones`
    places  name -> frame of `Results` of the base: zones, districts, centres, corridors, catchments, pilots, sites
    lines  RangeIndex; edit_id, number, operator, mode, direction, geometry lines: straight from stop to stop, of new lines
    stops  RangeIndex; stop_id, name, lines (numbers of the new lines that call), new (bool), geometry points: the stops of
           new lines, and every other stop that the base does not have
    """

    region: Region
    scenarios: tuple[ScenarioHead, ...]
    base: Kpi
    scenario: Kpi
    zones: gpd.GeoDataFrame
    lines: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame
    places: Mapping[str, gpd.GeoDataFrame]
    dictionary: pd.DataFrame
    tables: ScenarioTables
    warnings: tuple[RunWarning, ...]
    provenance: tuple[Provenance, ...]
    differences: tuple[str, ...]  # from the inputs that the scenarios were written for, accepted by --rebase
    command: str
    date: str  # ISO date of the timetable day
    seed: int
    destinations: tuple[Destination, ...] = ()  # kinds of destinations other than the centres
    base_map: BaseMap | None = None  # what maps draw of roads, rail, water and green, as in the base's own run

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The catalogue's measures, then those of the run's own destinations."""
        return (*MEASURES, *destination_measures(self.destinations))

    @property
    def minutes_saved(self) -> "pd.Series[float]":
        """Minutes saved to the last centre needed by zone, below 0 where lost; 0 where less than a minute changes."""
        moved = self.zones["change"].isin(["gains", "loses"])
        saved: pd.Series[float] = self.zones["minutes_saved"].where(moved, 0.0)
        return saved

    @property
    def title(self) -> str:
        """The titles of the scenarios."""
        return " and ".join(one.title for one in self.scenarios)

    @property
    def day_words(self) -> str:
        """The timetable day in words, "Tuesday 24 March 2026"."""
        return day_words(dt.date.fromisoformat(self.date))

    @property
    def spread(self) -> dict[str, float]:
        """Timetables tried, and the lowest, middle and highest of the people who meet the test under them."""
        people = self.tables.range_timetables["people_within"].astype(float)
        return {
            "timetables": len(people),
            "people_within_lowest": float(people.min()),
            "people_within_median": float(people.median()),
            "people_within_highest": float(people.max()),
        }
