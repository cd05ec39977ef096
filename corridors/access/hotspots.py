"""Clusters of zones with low or high access: Getis-Ord Gi* from PySAL's `esda`, corrected for many tests."""

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.catalogue.clusters import HIGH, LOW, NEITHER

NEIGHBOURS = 8  # the nearest zones: about as many as touch a zone on a map, and islands have them too
FALSE_SHARE = 0.05  # of the clusters shown, at most about this share would be chance (Benjamini and Hochberg 1995)
_ENOUGH_ZONES = 30  # for the normal approximation


def access_clusters(points: pd.DataFrame, minutes: pd.Series, longest_min: float) -> pd.DataFrame:
    """Columns access_cluster (words) and access_cluster_z of every zone, from minutes to the centre that decides the headline.

    Positive z: this zone and its neighbours take longer than the region does. Unreachable (NaN) counts as `longest_min`
    minutes, which makes these zones alike. z is compared with the normal distribution, two-sided, and the threshold on p is
    that of the false discovery rate over all zones. Neighbouring tests share zones, so the map shows where to look and proves
    nothing; another number of neighbours or other zones move the clusters' edges. Index as `points` (x, y in metres). Without
    enough zones, or where all take equally long, no zone is significant.
    """
    clipped_min = minutes.fillna(longest_min).clip(upper=longest_min).to_numpy(float)
    if len(clipped_min) < _ENOUGH_ZONES or np.ptp(clipped_min) == 0:
        return pd.DataFrame({"access_cluster": NEITHER, "access_cluster_z": np.nan}, index=points.index)
    # Imported here because the import takes a second, and most commands do not need it.
    import esda
    from libpysal.graph import Graph

    zone_points = gpd.GeoSeries.from_xy(points["x"], points["y"], index=points.index)
    neighbours = Graph.build_knn(zone_points, k=NEIGHBOURS).assign_self_weight(1)
    # Without permutations: z has a closed form (Ord and Getis 1995), and the same input gives the same map.
    statistic = esda.G_Local(clipped_min, neighbours, transform="B", star=None, permutations=0)
    p = 2 * statistic.p_norm
    significant = p <= esda.fdr(p, FALSE_SHARE)
    words = np.where(significant, np.where(statistic.Zs > 0, LOW, HIGH), NEITHER)
    return pd.DataFrame({"access_cluster": words, "access_cluster_z": statistic.Zs}, index=points.index)
