"""Access of every zone to other destinations, such as hospitals: minutes to the quickest place of each kind."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from accessibility import (
    JoinedNetwork,
    LegTable,
    PreparedNetwork,
    SearchSpec,
    join,
    join_points,
    joined_travel_times,
    legs_from_triples,
)
from corridors.access.centre_access import Access, place_points
from corridors.config.run_config import RunConfig
from corridors.inputs.read import Context, Network
from corridors.results import RunWarning
from layers import SAMPLE_SIZE


def destination_access(config: RunConfig, access: Access, context: Context, network: Network) -> pd.DataFrame:
    """For each kind, `minutes_to_<id>` (median departure, NaN = unreachable) and `reaches_<id>` (bool); index zone_id.

    All places of a kind are one destination of the search, so the quickest of them counts at each departure.
    """
    if not config.destinations:
        return pd.DataFrame(index=context.zones.index)
    spec = replace(access.spec, percentiles=(50.0,), cutoffs_s=())
    joined = joined_kinds(config, context, network, access.passes.joined.networks, spec)
    columns = dict(_columns(config, access.minutes(joined_travel_times(joined, spec))))
    return pd.DataFrame(columns, index=context.zones.index)


def joined_kinds(
    config: RunConfig, context: Context, network: Network, networks: Sequence[PreparedNetwork], spec: SearchSpec
) -> JoinedNetwork:
    """The zones joined to each kind of destination, of which there must be one: all places of a kind are one destination."""
    origins = place_points(context.points)
    joined = [
        join_points(
            networks, network.streets, origins, place_points(context.destinations[kind.id], kind.radius_m), spec
        )
        for kind in config.destinations
    ]
    egress, direct = (
        _shortest_by_kind([one.egress for one in joined]),
        _shortest_by_kind([one.direct for one in joined]),
    )
    return join(networks, joined[0].access, egress, direct)


def _shortest_by_kind(walks: Iterable[LegTable]) -> LegTable:
    """Walks of each kind of destination: the shortest from any place of the kind to each point."""
    tables = list(walks)
    kinds = np.repeat(np.arange(len(tables)), [len(table.target) for table in tables])
    targets, seconds = (np.concatenate([getattr(table, part) for table in tables]) for part in ("target", "seconds"))
    return legs_from_triples(len(tables), kinds, targets, seconds)


def _columns(config: RunConfig, minutes: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    for kind, to_nearest in zip(config.kinds_of_destination, minutes.T, strict=True):
        yield f"minutes_to_{kind.id}", to_nearest
        yield f"reaches_{kind.id}", np.round(to_nearest * 60) <= round(kind.cutoff_min * 60)


def destination_warnings(zones: pd.DataFrame, destinations: Mapping[str, gpd.GeoDataFrame]) -> tuple[RunWarning, ...]:
    """A warning that names the kinds of which no zone reaches any place; none where there are no such kinds."""
    unreached = tuple(kind for kind in destinations if zones[f"minutes_to_{kind}"].isna().all())
    if not unreached:
        return ()
    effect = (
        "No zone reaches any of these destinations at the median departure. Are their coordinates right, and is there a "
        "service?"
    )
    return (
        RunWarning(
            "destinations_no_zone_reaches",
            len(unreached),
            len(unreached) / len(destinations),
            unreached[:SAMPLE_SIZE],
            effect,
        ),
    )
