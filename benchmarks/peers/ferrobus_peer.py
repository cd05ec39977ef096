"""ferrobus on one case of the table; run by the interpreter it is installed for: `PYTHON ferrobus_peer.py CASE DATA_FOLDER`.

Prints one line of JSON. It has no matrix over a window, and none with fewer destinations than origins: the matrix of all points
is asked for 6 of the 120 departures, and 20 times that is reported. It looks at the 10 nearest stops of a point, and its
walking speed is its own.
"""

import datetime as dt
import json
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import ferrobus  # type: ignore[import-not-found]
import pandas as pd
from measuring import Spent, Stopwatch, peak_mb  # type: ignore[import-not-found]

DEPARTURES = range(13 * 3600, 15 * 3600, 1200)


def main(case: str, data: Path) -> None:
    """Build, then ask for a sample of departures."""
    answer: dict[str, Any] = {
        "peer": f"ferrobus {version('ferrobus')}",
        "note": "20 x six departures, 10 nearest stops",
    }
    folder = data / "porto_alegre"
    with tempfile.TemporaryDirectory() as unpacked:
        feeds = [unzipped(folder / f"poa_{name}.zip", Path(unpacked) / name) for name in ("eptc_filled", "trensurb")]
        watch = Stopwatch()
        model = ferrobus.create_transit_model(str(folder / "poa_osm.pbf"), feeds, dt.date(2019, 5, 13), 1200)
        answer["build"] = watch.spent()
    if case in {"poa_9", "poa_all"}:
        watch = Stopwatch()
        points = list(reached(model, pd.read_csv(folder / "points.csv")))
        for departure in DEPARTURES:
            ferrobus.travel_time_matrix(model, points, departure, 7)
        sample = watch.spent()
        answer["calls"] = [Spent(*(seconds * 120 / len(DEPARTURES) for seconds in sample))]
    answer["peak_mb"] = peak_mb()
    print(json.dumps(answer))


def unzipped(feed: Path, to: Path) -> str:
    """ferrobus reads folders."""
    with zipfile.ZipFile(feed) as archive:
        archive.extractall(to)
    return str(to)


def reached(model: ferrobus.TransitModel, table: pd.DataFrame) -> Iterator[ferrobus.TransitPoint]:
    """Points that ferrobus can place on its streets."""
    for lat, lon in zip(table["lat"], table["lon"], strict=True):
        try:
            yield ferrobus.create_transit_point(lat, lon, model, 1200, 10)
        except ValueError:
            continue


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
