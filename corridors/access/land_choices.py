"""Employment land within the cutoff if sites lie elsewhere, and if those of unknown size are larger or smaller."""

from collections.abc import Iterator, Mapping

import numpy as np

from accessibility import join_points, joined_travel_times
from corridors.access.centre_access import Access, Float
from corridors.access.technical_choices import moved_points
from corridors.config.limits import MOST_MOVED_SITES
from corridors.inputs.read import Context, Network
from layers import size_unknown, weighted_hectares, with_assumed_sizes, within_reach

LARGEST = "unknown sizes as the largest known one"
_SIZES: Mapping[str, float | None] = {  # quantiles of the known sizes, that unknown ones are taken to be
    "sites of known size alone": None,
    "unknown sizes as the median of the known ones": 0.5,
    LARGEST: 1.0,
}
_SHIFT_M = 300.0  # how far a site may lie from the point that its row gives
_STATED = "stated"  # the basis of places that somebody published


def site_choices(access: Access, context: Context, network: Network) -> dict[str, Float]:
    """Hectares within the cutoff, weighted by status, (n_zones,), under each choice in words; the run's own first.

    Sites whose place nobody stated are moved together, north, east, south and west.
    """
    return dict(_choices(access, context, network))


def _choices(access: Access, context: Context, network: Network) -> Iterator[tuple[str, Float]]:
    sites, cutoff_min = context.sites, access.kpi_cutoff_s / 60
    for words, quantile in _SIZES.items():
        if quantile is None or size_unknown(sites).any():
            hectares = weighted_hectares(with_assumed_sizes(sites, quantile)).to_numpy()
            yield words, within_reach(access.minutes(access.sites), hectares, cutoff_min)
    unsure = sites["basis"].ne(_STATED).to_numpy() if "basis" in sites else np.ones(len(sites), bool)
    if not unsure.any() or len(sites) > MOST_MOVED_SITES:
        return
    hectares = weighted_hectares(with_assumed_sizes(sites, None)).to_numpy()
    for direction, places in moved_points(sites, _SHIFT_M * unsure, access.radius_m):
        joined = join_points(access.passes.joined.networks, network.streets, access.origins, places, access.spec)
        minutes = access.minutes(joined_travel_times(joined, access.spec))
        yield (
            f"sites of uncertain place {_SHIFT_M:g} m further {direction}",
            within_reach(minutes, hectares, cutoff_min),
        )
