"""What a run measures, of the base or of a scenario: the headline with its variants, and every measure of the zones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from accessibility import Points, PreparedNetwork, SearchSpec, TravelTimes
from corridors.access.centre_access import Access, Float, Int, KnownJobs, measure_access, place_points
from corridors.access.disconnected import Nearness, nearness
from corridors.access.journeys import explain_zones
from corridors.access.kpi import headline
from corridors.access.variants import Variant, headline_variants
from corridors.analysis.assemble import MeasuredRun, measure_places
from corridors.config.run_config import RunConfig
from corridors.inputs.read import Context, Network
from corridors.pipeline import Stage, zone_columns
from corridors.results import Kpi


@dataclass(frozen=True)
class Answer:
    """The answers to a run's questions. Zones as in the context."""

    kpi: Kpi
    variants: Sequence[Variant]  # the headline, then the changed questions
    access: Access
    measured: MeasuredRun
    columns: tuple[str, ...]  # of access, in the zones
    near: Nearness

    @property
    def zones(self) -> gpd.GeoDataFrame:
        """The zones with all columns of a run."""
        return self.measured.zones

    @property
    def people(self) -> Float:
        """Residents, (n_zones,)."""
        return people_of(self.measured.context)

    @property
    def centres(self) -> "CentreMinutes":
        """What decides the headline of each zone."""
        within = self.access.centres_within()
        return CentreMinutes(within, capped(self.access.needed_minutes(), self.access.spec))


@dataclass(frozen=True)
class CentreMinutes:
    """What decides the headline, at the median departure."""

    within: Int  # (n_zones,) centres of the headline's set within the cutoff
    needed_min: Float  # (n_zones,) minutes to the last centre needed; the longest time searched where it is not reached


def people_of(context: Context) -> Float:
    """Residents, (n_zones,); unknown counts as none."""
    return context.values["population"].fillna(0.0).to_numpy(float)


def capped(minutes: Float, spec: SearchSpec) -> Float:
    """Minutes with the longest time searched in place of NaN, which is less than the truth."""
    known: Float = np.where(np.isnan(minutes), spec.max_duration_s / 60, minutes)
    return known


def full_answer(  # noqa: PLR0913  # keyword-only
    config: RunConfig,
    context: Context,
    network: Network,
    stage: Stage,
    of: str,
    *,
    networks: Sequence[PreparedNetwork] | None = None,
    known_jobs: Callable[[Access], KnownJobs | None] = lambda _: None,
    beside: Answer | None = None,
) -> Answer:
    """Everything that a scenario is compared by. Technical choices are not varied; `of` names the stages.

    `networks` is the network prepared (`centre_access.prepared`), where it is already. `known_jobs` gives the jobs that need
    no search, once access to centres is known. `beside` is the answer that this one is compared with: near but disconnected is
    who takes far longer than was usual there, and reached a centre.
    """
    with stage(f"{of}: travel times to centres and sites"):
        access = replace(measure_access(config, context, network, networks), vary_technique=False)
    with stage(f"{of}: the headline and its variants"):
        variants = headline_variants(access, context, network)
        kpi = headline(config, context, access, variants)
    with stage(f"{of}: jobs and land within reach"):
        near = nearness(access, context)
        near = near.measured_by(beside.near) if beside else near
        zones = zone_columns(config, context, network, access, near, known_jobs(access))
    with stage(f"{of}: why zones fail the headline"):
        explanations = explain_zones(access, network, context.values["population"].fillna(0.0)).zones
    with stage(f"{of}: corridors and pilots"):
        measured = measure_places(config, context, network, access, zones.join(explanations), variants)
    return Answer(kpi, variants, access, measured, tuple(zones.columns), near)


def headline_spec(config: RunConfig) -> SearchSpec:
    """The search that decides the headline, and nothing else: the median of the headline's window."""
    return replace(config.search.spec(config.streets.detour), percentiles=(50.0,), cutoffs_s=())


def headline_centres(config: RunConfig, context: Context) -> Points:
    """The centres of the headline's set."""
    default = context.centres["default"].to_numpy(bool)
    return place_points(context.centres[default], config.centres.radius_m)


def centre_minutes(config: RunConfig, times: TravelTimes) -> CentreMinutes:
    """What decides the headline, from times to the centres of its set (`headline_spec`)."""
    seconds = times.percentile_s(50.0)
    within: Int = (seconds <= round(config.kpi.cutoff_min * 60)).sum(axis=1)
    k = config.kpi.centres_at_least
    ordered = np.sort(seconds / 60, axis=1)  # NaN sorts last
    needed = ordered[:, k - 1] if ordered.shape[1] >= k else np.full(len(ordered), np.nan)
    return CentreMinutes(within, capped(needed, headline_spec(config)))


@dataclass(frozen=True)
class Worth:
    """The two figures by which edits and timetables are compared."""

    people_within: float  # who meet the headline's test
    gap: float  # person-minutes beyond the cutoff to the last centre needed

    def less(self, other: "Worth") -> "Worth":
        """What this has more than the other."""
        return Worth(self.people_within - other.people_within, self.gap - other.gap)


def worth_of(config: RunConfig, people: Float, centres: CentreMinutes) -> Worth:
    """The figures of zones with `people` in each."""
    meets = centres.within >= config.kpi.centres_at_least
    beyond = np.maximum(centres.needed_min - config.kpi.cutoff_min, 0.0)
    return Worth(float(people @ meets), float(people @ beyond))


def by_zone(frame: pd.DataFrame, column: str) -> Float:
    """A column of the zones as numbers, NaN = not known."""
    return np.asarray(frame[column].astype(float), np.float64)
