"""Travel times of every zone to centres and sites, and the columns of the zones table that follow from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility import (
    BackwardPasses,
    Int32,
    Points,
    PreparedNetwork,
    Profiles,
    SearchSpec,
    TravelTimes,
    backward_passes,
    fastest_times,
    join_points,
    joined_travel_times,
    journey_profiles,
    points,
    prepare_search,
    shares_reaching,
    window_times,
)
from corridors.config.question import LONGER_S
from corridors.config.run_config import RunConfig
from corridors.dates import time_words
from corridors.inputs.read import Context, Network
from corridors.results import RunWarning
from layers import SAMPLE_SIZE, size_unknown, weighted_hectares, within_reach

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
Int = npt.NDArray[np.int64]

OPPORTUNITY_SQUARE_M = 1000.0
# The variants of the headline's window: half an hour earlier, and an hour longer.
EARLIER_S = 1800
DAY_S = 86_400  # the longest window of one search
LEAST_BEYOND_S = 60  # a search that ends sooner after the cutoff says nothing of what lies beyond it


class TimesInWindow(NamedTuple):
    """Times to centres in one window."""

    spec: SearchSpec
    times: TravelTimes


@dataclass(frozen=True)
class Access:
    """Travel times of every zone to centres and sites; zones as in `Context.zones`, centres as in `centre_ids`."""

    spec: SearchSpec
    origins: Points
    centre_ids: tuple[str, ...]
    centre_names: tuple[str, ...]
    centre_default: Bool  # (n_centres,) in the headline's set
    passes: BackwardPasses  # the search to centres, over every window
    profiles: Profiles  # journeys to centres, over every window
    windows: Mapping[str, TimesInWindow]  # window as text -> times to centres; the headline's first
    sites: TravelTimes
    radius_m: float  # a centre or site counts as reached within it
    kpi_cutoff_s: int
    centres_at_least: int
    vary_technique: bool  # whether the headline is also searched under other technical choices
    left_out: tuple[str, ...]  # centres of the headline's set that variants leave out, one in each variant

    @property
    def centres(self) -> TravelTimes:
        """Times to centres in the headline's window."""
        return next(iter(self.windows.values())).times

    @property
    def unwaited(self) -> TravelTimes:
        """Times to centres in the headline's window, the first wait not counted: it may pass the longest time searched."""
        spec = self.spec
        longest_s = min(spec.max_duration_s + spec.window_end_s - spec.window_start_s, 86_400)
        return window_times(self.profiles, replace(spec, max_duration_s=longest_s), first_wait=False)

    @property
    def fastest_s(self) -> Int32:
        """Seconds of the fastest departure of the headline's window, (n_zones, n_centres); UNREACHED where there is none."""
        return fastest_times(self.profiles, self.spec)

    def minutes(self, times: TravelTimes) -> Float:
        """Median minutes of `times`, (n_zones, n_destinations); NaN = unreachable."""
        return times.percentile_s(50.0) / 60

    def centres_within(
        self,
        percentile: float = 50.0,
        cutoff_s: int | None = None,
        counted: Bool | None = None,
        times: TravelTimes | None = None,
    ) -> Int:
        """Number of centres within a cutoff, (n_zones,); percentile, cutoff, centres and window are the headline's by default."""
        reached = (self.centres if times is None else times).percentile_s(percentile) <= (cutoff_s or self.kpi_cutoff_s)
        within: Int = reached[:, self.centre_default if counted is None else counted].sum(axis=1)
        return within

    def reliability(
        self, counted: Bool | None = None, window: SearchSpec | None = None, profiles: Profiles | None = None
    ) -> Float:
        """Share of departures from which `centres_at_least` centres are reached within the cutoff at once, (n_points,).

        Centres, window and journeys are the headline's by default, and the points then the zones' own.
        """
        centres, k = self.centre_default if counted is None else counted, self.centres_at_least
        kept = self.profiles if profiles is None else profiles
        if centres.sum() < k:
            return np.zeros(len(kept.n_journeys))
        share: Float = shares_reaching(kept, window or self.spec, self.kpi_cutoff_s, centres)[:, k]
        return share

    def reaches_none(self) -> Bool:
        """Whether no departure reaches a centre of the headline's set within the longest time searched, (n_zones,)."""
        reached = self.centres.departures_within[-1][:, self.centre_default] > 0
        return ~np.asarray(reached.any(axis=1))

    def needed_minutes(self, times: TravelTimes | None = None) -> Float:
        """Median minutes to the `centres_at_least`-th nearest centre of the headline's set, (n_zones,); NaN = unreachable.

        `times` are those to centres in the headline's window by default.
        """
        minutes = self.minutes(self.centres if times is None else times)
        ordered = np.sort(minutes[:, self.centre_default], axis=1)  # NaN sorts last
        k = self.centres_at_least
        return ordered[:, k - 1] if ordered.shape[1] >= k else np.full(len(ordered), np.nan)


def searched_beyond(longest_s: float, cutoff_s: float) -> bool:
    """Whether a search goes on beyond the cutoff, so that minutes beyond it mean something."""
    return longest_s >= cutoff_s + LEAST_BEYOND_S


def window_variants(spec: SearchSpec) -> dict[str, SearchSpec]:
    """Window as text -> search: the headline's window, then half an hour earlier, then an hour longer.

    One search covers them all and spans at most a day, so variants that would make it longer are left out.
    """
    start_s, end_s = spec.window_start_s, spec.window_end_s
    spans = [(start_s, end_s)]
    for first, last in ((max(0, start_s - EARLIER_S), end_s - EARLIER_S), (start_s, end_s + LONGER_S)):
        begin, end = min(first, *(one for one, _ in spans)), max(last, *(one for _, one in spans))
        if last > first and end - begin <= DAY_S:
            spans.append((first, last))
    return {
        f"{time_words(first)}-{time_words(last)}": replace(spec, window_start_s=first, window_end_s=last)
        for first, last in spans
    }


def searched_span(spec: SearchSpec, windows: Sequence[SearchSpec], cutoff_s: int) -> SearchSpec:
    """The search that covers every window, and also the departure at `latest_start_s` unless it would span more than a day."""
    first, last = min(one.window_start_s for one in windows), max(one.window_end_s for one in windows)
    in_time = latest_start_s(spec, cutoff_s)
    first = min(first, in_time) if last - in_time <= DAY_S else first
    return replace(spec, window_start_s=first, window_end_s=last)


def latest_start_s(spec: SearchSpec, cutoff_s: int) -> int:
    """Seconds after midnight of the last departure that can take `cutoff_s` and still arrive by the window's end."""
    return max(0, spec.window_end_s - cutoff_s)


def _span(config: RunConfig) -> SearchSpec:
    """The search to centres over every window."""
    spec = config.search.spec(config.streets.detour)
    return searched_span(spec, list(window_variants(spec).values()), round(config.kpi.cutoff_min * 60))


def prepared(config: RunConfig, network: Network) -> list[PreparedNetwork]:
    """The network prepared for every search of a run."""
    return prepare_search(network.timetable, network.streets, _span(config))


def measure_access(
    config: RunConfig, context: Context, network: Network, networks: Sequence[PreparedNetwork] | None = None
) -> Access:
    """Travel times from every zone to all centres and to all sites, over the windows; `networks` is what `prepared` gives."""
    spec, span = config.search.spec(config.streets.detour), _span(config)
    windows, cutoff_s = window_variants(spec), round(config.kpi.cutoff_min * 60)
    networks = prepared(config, network) if networks is None else networks
    origins = place_points(context.points)
    radius_m = config.centres.radius_m
    centres, sites = (
        join_points(networks, network.streets, origins, place_points(places, radius_m), spec)
        for places in (context.centres, context.sites)
    )
    passes = backward_passes(centres, span)
    kept = journey_profiles(passes)
    return Access(
        spec=spec,
        origins=origins,
        centre_ids=tuple(context.centres.index),
        centre_names=tuple(context.centres["name"]),
        centre_default=context.centres["default"].to_numpy(bool),
        passes=passes,
        profiles=kept,
        windows={name: TimesInWindow(one, window_times(kept, one)) for name, one in windows.items()},
        sites=joined_travel_times(sites, spec),
        radius_m=radius_m,
        kpi_cutoff_s=cutoff_s,
        centres_at_least=config.kpi.centres_at_least,
        vary_technique=config.kpi.technical_choices,
        left_out=tuple(dict.fromkeys(config.kpi.without)),
    )


def centre_warnings(access: Access) -> tuple[RunWarning, ...]:
    """A warning that names the centres that no zone reaches at the median departure; none where there are no such centres."""
    unreached = np.isnan(access.minutes(access.centres)).all(axis=0)
    if not unreached.any():
        return ()
    names = tuple(
        f"{access.centre_ids[number]} ({access.centre_names[number]})" for number in np.flatnonzero(unreached)
    )
    effect = (
        f"No zone reaches these centres within {access.spec.max_duration_s / 60:g} minutes at the median departure: they "
        "count in no figure. Are their coordinates right, and is there a service?"
    )
    return (RunWarning("centres_no_zone_reaches", len(names), float(unreached.mean()), names[:SAMPLE_SIZE], effect),)


def place_points(places: pd.DataFrame, radius_m: float = 0.0) -> Points:
    """The places (columns `lon`, `lat` in degrees; index id) as points of the search, reached within `radius_m` metres."""
    return points(places.index, places["lon"], places["lat"], radius_m)


class KnownJobs(NamedTuple):
    """Jobs within reach before a change of the timetable, with the same jobs and walks."""

    jobs: Float  # (n_zones,)
    touched: Bool  # (n_zones,) the zones that are searched again


def zone_access(
    access: Access, context: Context, network: Network, known_jobs: KnownJobs | None = None
) -> pd.DataFrame:
    """Columns of access of the zones: centres, minutes, reliability, the headline's test, opportunities; index zone_id."""
    minutes, shares = access.minutes(access.centres), access.centres.share_within(access.kpi_cutoff_s)
    columns: dict[str, Float | Bool | Int] = {}
    within = access.centres_within()
    columns["centres_within_cutoff"] = within
    columns["meets_kpi"] = within >= access.centres_at_least
    for i, centre in enumerate(access.centre_ids):
        columns[f"minutes_to_{centre}"] = minutes[:, i]
    for i, centre in enumerate(access.centre_ids):
        columns[f"reach_share_{centre}"] = shares[:, i]
    default = np.where(np.isnan(minutes), np.inf, minutes)[:, access.centre_default]
    nearest = default.min(axis=1, initial=np.inf)
    columns["minutes_to_nearest"] = np.where(np.isinf(nearest), np.nan, nearest)
    needed_min = access.needed_minutes()
    columns["minutes_to_needed"] = needed_min
    reached_by_min = np.where(np.isnan(needed_min), access.spec.max_duration_s / 60, needed_min)
    beyond_min = np.maximum(reached_by_min - access.kpi_cutoff_s / 60, 0.0)
    known = searched_beyond(access.spec.max_duration_s, access.kpi_cutoff_s)
    columns["minutes_beyond_cutoff"] = beyond_min if known else np.full(len(within), np.nan)
    columns["reliability"] = access.reliability()
    site_minutes, cutoff_min = access.minutes(access.sites), access.kpi_cutoff_s / 60
    for column, amounts in (
        ("employment_ha_within_cutoff", weighted_hectares(context.sites)),
        ("unknown_sites_within_cutoff", size_unknown(context.sites)),
    ):
        columns[column] = within_reach(site_minutes, amounts.to_numpy(float), cutoff_min)
    frame = pd.DataFrame(columns, index=context.zones.index)
    if "jobs" in context.values:
        frame["jobs_within_cutoff"] = _jobs_within(access, context, network, known_jobs)
    return frame


def jobs_spec(access: Access) -> SearchSpec:
    """The search that decides which jobs are within the cutoff."""
    return replace(access.spec, percentiles=(50.0,), cutoffs_s=(), max_duration_s=access.kpi_cutoff_s)


def _jobs_within(access: Access, context: Context, network: Network, known: KnownJobs | None) -> Float:
    """Jobs within the cutoff at the median departure, (n_zones,)."""
    if known is None:
        return _jobs_searched(access, context, network, np.ones(len(context.zones), bool))
    if not known.touched.any():
        return known.jobs
    return np.where(known.touched, _jobs_searched(access, context, network, known.touched), known.jobs)


def _jobs_searched(access: Access, context: Context, network: Network, asked: Bool) -> Float:
    """The jobs of the zones that are `asked`, (n_zones,); those of the others are not said.

    All zones keep their rows in the sum: that of a row elsewhere in a matrix can differ in the last digit.
    """
    squares, spec, networks = _squares_of_jobs(context), jobs_spec(access), access.passes.joined.networks
    joined = join_points(networks, network.streets, access.origins, place_points(squares), spec)
    minutes, rows = np.full((joined.n_origins, joined.n_destinations), np.nan), np.flatnonzero(asked)
    minutes[rows] = access.minutes(joined_travel_times(joined if asked.all() else joined.of_origins(rows), spec))
    return within_reach(minutes, squares["jobs"].to_numpy(), access.kpi_cutoff_s / 60)


def _squares_of_jobs(context: Context) -> pd.DataFrame:
    """The jobs of the zones and those beyond them at the job-weighted mean point of each 1 km square: lon, lat, jobs.

    The squares are finer than the areas jobs are published for.
    """
    columns = ["lon", "lat", "x", "y", "jobs"]
    own = context.points.assign(jobs=context.values["jobs"])
    every = pd.concat([own[columns], context.jobs_outside[columns]])
    with_jobs = every[every["jobs"] > 0]
    square = np.floor(with_jobs[["x", "y"]] / OPPORTUNITY_SQUARE_M).astype(int)
    weighted = with_jobs[["lon", "lat"]].mul(with_jobs["jobs"], axis=0).assign(jobs=with_jobs["jobs"])
    squares = weighted.groupby([square["x"], square["y"]]).sum()
    ids = [f"{x}/{y}" for x, y in squares.index]
    middles = {name: squares[name] / squares["jobs"] for name in ("lon", "lat")}
    return pd.DataFrame({**middles, "jobs": squares["jobs"]}).set_axis(ids)
