"""cafein on one case of the table; run by the interpreter it is installed for: `PYTHON cafein_peer.py CASE DATA_FOLDER`.

Prints one line of JSON. Its trip-to-trip transfers are computed beforehand and kept, as its documentation advises.
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import cafein  # type: ignore[import-not-found]
import geopandas as gpd
import pandas as pd
from measuring import Spent, Stopwatch, peak_mb  # type: ignore[import-not-found]


def main(case: str, data: Path) -> None:
    """Build, prepare, ask twice (once where a call takes longer than a minute); the last call counts."""
    warnings.simplefilter("ignore")
    answer: dict[str, Any] = {"peer": f"cafein {cafein.__version__}"}
    watch = Stopwatch()
    network = west_midlands(data) if case == "wm_read" else porto_alegre(data)
    answer["build"] = watch.spent()
    if case in {"poa_9", "poa_all"}:
        watch = Stopwatch()
        network.compute_tbtr_transfers("2019-05-13")
        answer["prepare"] = watch.spent()
        origins = points(data, "points.csv")
        destinations = points(data, "dests9.csv") if case == "poa_9" else origins
        answer["calls"] = [ask(network, origins, destinations)]
        if answer["calls"][0].wall_s < 60:
            answer["calls"].append(ask(network, origins, destinations))
    answer["peak_mb"] = peak_mb()
    print(json.dumps(answer))


def porto_alegre(data: Path) -> cafein.TransportNetwork:
    """Streets and both feeds, without the distances that travel times don't need."""
    feeds = [str(data / "porto_alegre" / f"poa_{name}.zip") for name in ("eptc_filled", "trensurb")]
    osm = str(data / "porto_alegre" / "poa_osm.pbf")
    return cafein.TransportNetwork.from_gtfs(feeds, osm_pbf=osm, trip_distances=False, street_modes=())


def west_midlands(data: Path) -> cafein.TransportNetwork:
    """The three feeds, without streets."""
    folder = data / "west_midlands" / "timetable" / "synthetic"
    names = ("bus_synthetic_gtfs", "rail_synthetic_gtfs", "metro_gtfs")
    return cafein.TransportNetwork.from_gtfs([str(folder / f"{name}.zip") for name in names], trip_distances=False)


def points(data: Path, name: str) -> gpd.GeoDataFrame:
    """A table of points as cafein takes it."""
    table = pd.read_csv(data / "porto_alegre" / name)
    return gpd.GeoDataFrame(table[["id"]], geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326")


def ask(network: cafein.TransportNetwork, origins: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame) -> Spent:
    """What it takes for the median over 120 departures."""
    watch = Stopwatch()
    network.travel_time_matrix(
        origins,
        departure="2019-05-13 13:00",
        destinations=destinations,
        departure_time_window=120,
        percentiles=[50],
        router="tbtr",
        max_walking_time=20,
    )
    return watch.spent()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
