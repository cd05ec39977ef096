"""Streets of neighbouring counties: ways that come near the region stay whole, others are left out and counted."""

from pathlib import Path

import geopandas as gpd
import osmium
import pytest
import shapely

from accessibility import read_streets
from corridors.fetch.publishers.streets_near import write_streets_near


def test_ways_that_come_within_ten_kilometres_stay_whole(tmp_path: Path) -> None:
    """The region is a square of a kilometre; a path goes from 9 km to 12 km east of it, another begins 11 km east."""
    zones = gpd.GeoDataFrame({"lsoa21_code": ["Z"]}, geometry=[shapely.box(4e5, 3e5, 4.01e5, 3.01e5)], crs="EPSG:27700")
    east = [9_000, 12_000, 11_000, 11_500, 500, 600]
    spots = gpd.GeoSeries([shapely.Point(4.01e5 + metres, 3.005e5) for metres in east], crs=zones.crs).to_crs(4326)
    with osmium.SimpleWriter(str(tmp_path / "county.osm.pbf")) as writer:
        for node, spot in enumerate(spots, start=1):
            writer.add_node(osmium.osm.mutable.Node(id=node, location=(spot.x, spot.y)))
        for way, kind in enumerate(("path", "path", "motorway")):
            nodes = [1 + 2 * way, 2 + 2 * way]
            writer.add_way(osmium.osm.mutable.Way(id=1 + way, nodes=nodes, tags={"highway": kind}))
    near = write_streets_near(tmp_path / "county.osm.pbf", tmp_path / "near.osm.pbf", zones)
    assert near.ways == 1
    assert near.notes == ("of 2 walkable ways 1 lie more than 10 km away; left out",)
    streets = read_streets(tmp_path / "near.osm.pbf")
    assert sorted(streets.node_lon) == pytest.approx(sorted(spots.x[:2]), abs=1e-6)
    assert streets.segment_m.tolist() == pytest.approx([3_000], rel=0.001)
