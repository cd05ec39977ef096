"""iduedu on one case of the table; run by the interpreter it is installed for: `PYTHON iduedu_peer.py CASE DATA_FOLDER`.

Prints one line of JSON. A static graph: rides take their mean time and waits half a headway, so one answer
a pair stands for all departures. Points are placed
on their nearest graph node beforehand.
"""

import json
import sys
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geopandas as gpd
import iduedu  # type: ignore[import-not-found]
import pandas as pd
import shapely
from measuring import Spent, Stopwatch, peak_mb  # type: ignore[import-not-found]


def main(case: str, data: Path) -> None:
    """Build the graph of streets and rides, then ask twice."""
    warnings.simplefilter("ignore")
    folder = data / "porto_alegre"
    answer: dict[str, Any] = {"peer": f"iduedu {version('iduedu')}", "note": "static graph, not exact"}
    origins, destinations = points(folder / "points.csv"), points(folder / "dests9.csv")
    watch = Stopwatch()
    graph = city(folder, origins)
    answer["build"] = watch.spent()
    if case in {"poa_9", "poa_all"}:
        crs = graph.nodes_gdf.crs
        here = list(iduedu.nearest_nodes(graph, origins.to_crs(crs)))
        there = list(iduedu.nearest_nodes(graph, destinations.to_crs(crs))) if case == "poa_9" else here
        answer["calls"] = [ask(graph, here, there)]
        if answer["calls"][0].wall_s < 60:
            answer["calls"].append(ask(graph, here, there))
    answer["peak_mb"] = peak_mb()
    print(json.dumps(answer))


def city(folder: Path, origins: gpd.GeoDataFrame) -> iduedu.UrbanGraph:
    """Streets of the extract joined with both feeds between 13:00 and 15:00."""
    iduedu.config.set_osm_source("pbf", path=folder / "poa_osm.pbf")
    around = shapely.box(*origins.total_bounds).buffer(0.005)
    streets = iduedu.get_walk_graph(territory=around, simplify=False, walk_speed=60.0)
    rides = iduedu.get_gtfs_public_transport_graph(
        [str(folder / f"poa_{name}.zip") for name in ("eptc_filled", "trensurb")],
        service_date="2019-05-13",
        start_time="13:00:00",
        end_time="15:00:00",
    )
    return iduedu.join_pt_walk_graph(rides, streets, max_dist=50)


def points(file: Path) -> gpd.GeoDataFrame:
    """A table of points."""
    table = pd.read_csv(file)
    return gpd.GeoDataFrame(table[["id"]], geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326")


def ask(graph: iduedu.UrbanGraph, origins: list[int], destinations: list[int]) -> Spent:
    """What it takes for the matrix between graph nodes."""
    watch = Stopwatch()
    iduedu.od_matrix(graph, origins_nodes=origins, destination_nodes=destinations, weight="time_min")
    return watch.spent()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
