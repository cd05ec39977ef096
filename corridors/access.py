"""Access of every zone: travel times to centres, sites and opportunities, and the headline under its definitions."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.legs import Points, points
from accessibility.prepared import PreparedNetwork, prepare
from accessibility.travel_times import UNREACHED, SearchSpec, TravelTimes, transfer_legs, travel_times
from corridors.config import RunConfig, clock_s
from corridors.inputs import Context, Network
from layers.employment import weighted_hectares, within_reach

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

FASTEST = 0.001  # a percentile so low that its nearest rank is the fastest departure
NEAR_M = 3000.0  # "near" in near but disconnected: a straight line anybody would call close
OPPORTUNITY_SQUARE_M = 1000.0
# The variants of the headline look at this much of the morning; see corridors.kpi.
EARLIEST_S, LATEST_S = clock_s("06:30"), clock_s("10:00")


@dataclass(frozen=True)
class Access:
    """Travel times of every zone, in the order of the zones."""

    spec: SearchSpec
    prepared: PreparedNetwork
    origins: Points
    centre_ids: tuple[str, ...]
    centre_default: Bool  # (n_centres,) in the headline's set
    centres: TravelTimes  # to centres
    sites: TravelTimes  # to sites
    radius_m: float  # a centre or site counts as reached within it
    kpi_cutoff_s: int
    centres_at_least: int

    def minutes(self, times: TravelTimes) -> Float:
        """(n_zones, n_destinations) median minutes, NaN = unreachable."""
        seconds = times.percentile_s(50.0)
        return np.where(seconds == UNREACHED, np.nan, seconds / 60)

    def centres_within(self, percentile: float, cutoff_s: int, counted: Bool | None = None) -> npt.NDArray[np.int64]:
        """(n_zones,) number of centres (of the headline's set, or of `counted`) reached within a cutoff."""
        reached = self.centres.percentile_s(percentile) <= cutoff_s
        within: npt.NDArray[np.int64] = reached[:, self.centre_default if counted is None else counted].sum(axis=1)
        return within


def measure_access(config: RunConfig, context: Context, network: Network) -> Access:
    """One search from every zone to all centres and sites, on a network prepared for the headline and its variants."""
    spec = config.search.spec(config.streets.detour)
    spec = replace(spec, percentiles=(FASTEST, *spec.percentiles))
    span = replace(
        spec,
        window_start_s=min(spec.window_start_s, EARLIEST_S),
        window_end_s=max(spec.window_end_s, LATEST_S),
    )
    prepared = prepare(
        network.timetable,
        transfer_legs(network.timetable, network.streets, spec.walk),
        (span.window_start_s, span.window_end_s + spec.max_duration_s),
        spec.board_slack_s,
        spec.modes,
    )
    origins = points(context.points.index, context.points["lon"], context.points["lat"])

    def times(places: gpd.GeoDataFrame) -> TravelTimes:
        there = points(places.index, places["lon"], places["lat"], config.centres.radius_m)
        return travel_times(network.timetable, network.streets, origins, there, spec, prepared)

    return Access(
        spec=spec,
        prepared=prepared,
        origins=origins,
        centre_ids=tuple(context.centres.index),
        centre_default=context.centres["default"].to_numpy(bool),
        centres=times(context.centres),
        sites=times(context.sites),
        radius_m=config.centres.radius_m,
        kpi_cutoff_s=round(config.kpi.cutoff_min * 60),
        centres_at_least=config.kpi.centres_at_least,
    )


def zone_access(access: Access, context: Context, network: Network) -> pd.DataFrame:
    """What the zones table says of access: centres, minutes, reliability, the headline's test, opportunities.

    Index zone_id. `reliability` is the share of departures that reach the `centres_at_least`-th most reliable centre of
    the headline's set within the cutoff.
    """
    minutes, shares = access.minutes(access.centres), access.centres.share_within(access.kpi_cutoff_s)
    columns: dict[str, Float | Bool | npt.NDArray[np.int64]] = {}
    within = access.centres_within(50.0, access.kpi_cutoff_s)
    columns["centres_within_45"] = within
    columns["meets_kpi"] = within >= access.centres_at_least
    for i, centre in enumerate(access.centre_ids):
        columns[f"minutes_to_{centre}"] = minutes[:, i]
    for i, centre in enumerate(access.centre_ids):
        columns[f"reach_share_{centre}"] = shares[:, i]
    default = np.where(np.isnan(minutes), np.inf, minutes)[:, access.centre_default]
    nearest = default.min(axis=1, initial=np.inf)
    columns["minutes_to_nearest"] = np.where(np.isinf(nearest), np.nan, nearest)
    by_reliability = np.sort(shares[:, access.centre_default], axis=1)[:, ::-1]
    k = access.centres_at_least
    columns["reliability"] = by_reliability[:, k - 1] if by_reliability.shape[1] >= k else np.zeros(len(within))
    columns["employment_ha_within_45"] = within_reach(
        access.minutes(access.sites), weighted_hectares(context.sites).to_numpy(), access.kpi_cutoff_s / 60
    )
    columns["near_but_disconnected"] = _near_but_disconnected(access, context)
    frame = pd.DataFrame(columns, index=context.zones.index)
    if "jobs" in context.values:
        frame["jobs_within_45"] = _jobs_within(access, context, network)
    return frame


def _near_but_disconnected(access: Access, context: Context) -> Bool:
    """(n_zones,) whether a centre of the headline's set or an employment site is near, yet beyond the cutoff."""
    employment = context.sites["status"].ne("housing").to_numpy(bool)
    centres = context.centres[access.centre_default]
    places = np.concatenate([_xy(centres), _xy(context.sites[employment])])
    seconds = np.concatenate(
        [
            access.centres.percentile_s(50.0)[:, access.centre_default],
            access.sites.percentile_s(50.0)[:, employment],
        ],
        axis=1,
    )
    zones = context.points[["x", "y"]].to_numpy()
    distance_m = np.hypot(zones[:, None, 0] - places[None, :, 0], zones[:, None, 1] - places[None, :, 1])
    disconnected: Bool = ((distance_m <= NEAR_M) & (seconds > access.kpi_cutoff_s)).any(axis=1)
    return disconnected


def _xy(places: gpd.GeoDataFrame) -> Float:
    return np.column_stack([places.geometry.x, places.geometry.y])


def _jobs_within(access: Access, context: Context, network: Network) -> Float:
    """(n_zones,) jobs within the cutoff at the median departure.

    Jobs of zones are gathered to the job-weighted middle of each 1 km square: finer than the areas jobs are published for.
    """
    jobs = context.values["jobs"].fillna(0.0)
    here = context.points[jobs > 0].assign(jobs=jobs[jobs > 0])
    square = np.floor(here[["x", "y"]] / OPPORTUNITY_SQUARE_M).astype(int)
    weighted = here[["lon", "lat"]].mul(here["jobs"], axis=0).assign(jobs=here["jobs"])
    squares = weighted.groupby([square["x"], square["y"]]).sum()
    ids = [f"{x}/{y}" for x, y in squares.index]
    there = points(ids, squares["lon"] / squares["jobs"], squares["lat"] / squares["jobs"])
    spec = replace(access.spec, percentiles=(50.0,), cutoffs_s=(), max_duration_s=access.kpi_cutoff_s)
    times = travel_times(network.timetable, network.streets, access.origins, there, spec, access.prepared)
    return within_reach(access.minutes(times), squares["jobs"].to_numpy(), access.kpi_cutoff_s / 60)
