"""Jobs of neighbouring districts: those near the region stay, the others are left out and counted."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.fetch.publishers.outside_jobs import jobs_near


def test_jobs_are_kept_within_ten_kilometres_of_the_region() -> None:
    """The region is a square of a kilometre; points lie 9.9 km and 10.1 km east of it, and one has no point."""
    zones = gpd.GeoDataFrame({"lsoa21_code": ["Z"]}, geometry=[shapely.box(4e5, 3e5, 4.01e5, 3.01e5)], crs="EPSG:27700")
    at = gpd.GeoSeries([shapely.Point(4.01e5 + 9_900, 3.005e5), shapely.Point(4.01e5 + 10_100, 3.005e5)], crs=zones.crs)
    degrees = at.to_crs("EPSG:4326")
    points = pd.DataFrame({"lsoa21_code": ["near", "far"], "lon": degrees.x.map(repr), "lat": degrees.y.map(repr)})
    jobs = pd.DataFrame({"lsoa21_code": ["far", "near", "nowhere"], "jobs": [5.0, np.nan, 7.0]})
    made = jobs_near(jobs, points, zones)
    assert made.table["lsoa21_code"].tolist() == ["near"]
    assert made.table["jobs"].isna().all()  # withheld stays withheld: the run counts it
    assert made.notes == (
        "of 3 areas of neighbouring districts 1 have no point and 1 lie more than 10 km from the region; left out",
    )
