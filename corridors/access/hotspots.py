"""Where low access clusters: Getis-Ord Gi* of every zone, from PySAL's `esda`, after a correction for many tests."""

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.catalogue.clusters import HIGH, LOW, NEITHER

NEIGHBOURS = 8  # a zone and its eight nearest: about the zones that touch one on a map, without islands
FALSE_SHARE = 0.05  # of the clusters shown, at most about this share would be chance (Benjamini and Hochberg 1995)
_ENOUGH_ZONES = 30  # the normal approximation needs some


def access_clusters(points: pd.DataFrame, minutes: pd.Series, longest_min: float) -> pd.DataFrame:
    """access_cluster (words) and access_cluster_z of every zone, from minutes to the centre that decides the headline.

    Positive z: this zone and its neighbours take longer than the region does. Unreachable counts as `longest_min`, which
    makes these zones alike. z is compared with the normal distribution, two-sided, and the threshold on p is that of the
    false discovery rate over all zones. Neighbouring tests share zones, so it is a map of where to look and not a proof;
    another number of neighbours or other zones give other edges. Index as `points` (x, y in metres).
    """
    taken = minutes.fillna(longest_min).clip(upper=longest_min).to_numpy(float)
    if len(taken) < _ENOUGH_ZONES or np.ptp(taken) == 0:
        return pd.DataFrame({"access_cluster": NEITHER, "access_cluster_z": np.nan}, index=points.index)
    # Imported here: it takes a second, and most commands do without.
    import esda
    from libpysal.graph import Graph

    spots = gpd.GeoSeries.from_xy(points["x"], points["y"], index=points.index)
    neighbours = Graph.build_knn(spots, k=NEIGHBOURS).assign_self_weight(1)
    # Without permutations: z has a closed form (Ord and Getis 1995), and the same input gives the same map.
    found = esda.G_Local(taken, neighbours, transform="B", star=None, permutations=0)
    p = 2 * found.p_norm
    significant = p <= esda.fdr(p, FALSE_SHARE)
    words = np.where(significant, np.where(found.Zs > 0, LOW, HIGH), NEITHER)
    return pd.DataFrame({"access_cluster": words, "access_cluster_z": found.Zs}, index=points.index)
