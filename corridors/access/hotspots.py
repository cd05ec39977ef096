"""Clusters of zones with low or high access: Getis-Ord Gi* (PySAL's `esda`), its rarity among permutations of the zones."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from corridors.catalogue.clusters import HIGH, LOW, NEITHER

NEIGHBOURS = 8  # the nearest zones: about as many as touch a zone on a map, and islands have them too
PERMUTATIONS = 9999
FALSE_SHARE = 0.05  # of the clusters shown, at most about this share would be chance (Benjamini and Hochberg 1995)
_ENOUGH_ZONES = 30  # for neighbours that are drawn from among the others
_SEED = 1
_ROUNDING = 1e-6  # minutes: sums of the same values in another order are equal

Float = npt.NDArray[np.float64]


def access_clusters(points: pd.DataFrame, minutes: pd.Series, longest_min: float) -> pd.DataFrame:
    """Columns access_cluster (words) and access_cluster_z of every zone, from minutes to the centre that decides the headline.

    Positive z: this zone and its neighbours take longer than the region does. Unreachable (NaN) counts as `longest_min`
    minutes, which makes these zones alike. The threshold on p is that of the false discovery rate over all zones.
    Neighbouring tests share zones, so the map shows where to look and proves nothing; another number of neighbours or other
    zones move the clusters' edges. Index as `points` (x, y in metres). Without enough zones, or where all take equally long,
    no zone is significant.
    """
    clipped_min = minutes.fillna(longest_min).clip(upper=longest_min).to_numpy(float)
    if len(clipped_min) < _ENOUGH_ZONES or np.ptp(clipped_min) == 0:
        return pd.DataFrame({"access_cluster": NEITHER, "access_cluster_z": np.nan}, index=points.index)
    # Imported here because the import takes a second, and most commands do not need it.
    import esda
    from libpysal.graph import Graph

    zone_points = gpd.GeoSeries.from_xy(points["x"], points["y"], index=points.index)
    neighbours = Graph.build_knn(zone_points, k=NEIGHBOURS)
    # z has a closed form (Ord and Getis 1995). It is no test here: minutes are skewed, and nine zones are few.
    z = esda.G_Local(clipped_min, neighbours.assign_self_weight(1), transform="B", star=None, permutations=0).Zs
    p = permutation_p(clipped_min, neighbours.sparse @ clipped_min)
    significant = p <= esda.fdr(p, FALSE_SHARE)
    words = np.where(significant, np.where(z > 0, LOW, HIGH), NEITHER)
    return pd.DataFrame({"access_cluster": words, "access_cluster_z": z}, index=points.index)


def permutation_p(values: Float, neighbours_sum: Float) -> Float:
    """(n_zones,) two-sided p of each zone's sum over its `NEIGHBOURS`, were they any of the other zones.

    Conditional permutations (Anselin 1995): the zone keeps its value, and its neighbours are drawn from the others. All zones
    share the draws; a zone leaves out those that hold itself, and what is left is drawn from the others evenly. p counts what
    is observed among the draws, so that it is never 0 (North et al. 2002).
    """
    rng = np.random.default_rng(_SEED)
    drawn = rng.integers(0, len(values), (PERMUTATIONS, NEIGHBOURS))
    while (again := (np.diff(np.sort(drawn, axis=1), axis=1) == 0).any(axis=1)).any():
        drawn[again] = rng.integers(0, len(values), (int(again.sum()), NEIGHBOURS))
    sums = values[drawn].sum(axis=1)
    zone, own_sums = drawn.ravel(), np.repeat(sums, NEIGHBOURS)
    held = np.bincount(zone, minlength=len(values))

    def p_one_sided(sign: int) -> Float:
        ordered = np.sort(sign * sums)
        at_least = len(sums) - np.searchsorted(ordered, sign * neighbours_sum - _ROUNDING)
        of_itself = np.bincount(zone, sign * own_sums >= sign * neighbours_sum[zone] - _ROUNDING, len(values))
        return np.asarray((1 + at_least - of_itself) / (1 + len(sums) - held), float)

    return np.asarray(np.minimum(1, 2 * np.minimum(p_one_sided(1), p_one_sided(-1))), float)
