"""`corridors matrix`: travel times between any points, from any feeds, for anyone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from accessibility.feed import read_feed
from accessibility.legs import Points, Walk, points
from accessibility.streets import snap_repairs
from accessibility.timetable import build_timetable
from accessibility.travel_times import UNREACHED, SearchSpec, TravelTimes, travel_times
from corridors.config import window_s
from corridors.errors import ConfigError, OutputError
from corridors.inputs import network_repairs, warnings_of
from corridors.kept_streets import walkable_streets
from corridors.nearness import require_near
from corridors.own_files import require_no_input
from corridors.pipeline import Stage
from corridors.results import RunWarning
from corridors.whole_files import require_table, whole_file
from layers.files import read_vector
from layers.spreadsheets import inert
from layers.tables import read_table, require_columns

_SUFFIXES = (".parquet", ".csv")
_KEY = ("from_id", "to_id")  # the first columns of every matrix


@dataclass(frozen=True)
class MatrixRequest:
    """What was asked on the command line."""

    gtfs: Sequence[Path]
    stop_locations: Path | None
    osm: Path | None
    elevation: Path | None
    origins: Path
    destinations: Path
    date: str
    window: str
    step_s: int
    percentiles: str
    walk_kmh: float
    max_walk_min: float
    max_min: float
    board_slack_s: int
    max_rides: int | None
    detour: float
    radius_m: float

    def inputs(self) -> list[Path]:
        """Every file and folder that is read."""
        optional = filter(None, (self.stop_locations, self.osm, self.elevation))
        return [*self.gtfs, self.origins, self.destinations, *optional]

    def spec(self) -> SearchSpec:
        """The search asked for; raises `ConfigError` or `SearchSpecError` for what can't be meant."""
        try:
            start_s, end_s = window_s(self.window)
        except ValueError as error:
            raise ConfigError(str(error)) from error
        return SearchSpec(
            window_start_s=start_s,
            window_end_s=end_s,
            step_s=self.step_s,
            walk=Walk(self.walk_kmh, round(self.max_walk_min * 60), self.detour),
            board_slack_s=self.board_slack_s,
            max_rides=self.max_rides,
            max_duration_s=round(self.max_min * 60),
            percentiles=_numbers(self.percentiles),
            cutoffs_s=(),
        )

    def service_date(self) -> dt.date:
        """The day asked for."""
        try:
            return dt.date.fromisoformat(self.date)
        except ValueError:
            raise ConfigError(f"--date {self.date!r} is not a date; write YYYY-MM-DD, for example 2026-03-24") from None


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise ConfigError(
            f"--percentiles {text!r} are not numbers; write them with commas, for example 25,50,75"
        ) from None


@dataclass(frozen=True)
class Written:
    """What was written, in a few numbers."""

    rows: int
    reached_share: float
    walking: str
    warnings: tuple[RunWarning, ...]


def write_matrix(request: MatrixRequest, out: Path, stage: Stage) -> Written:
    """Compute the matrix and write it to `out` (.parquet or .csv), one row a pair in the order of the points."""
    if out.suffix not in _SUFFIXES:
        raise ConfigError(f"--out {out} must end in {' or '.join(_SUFFIXES)}")
    if request.elevation and not request.osm:
        raise ConfigError("--elevation only acts on streets: give --osm too")
    require_no_input([out], request.inputs())
    _require_free(out)
    spec, date = request.spec(), request.service_date()
    with stage("reading points"):
        origins, destinations = read_points(request.origins), read_points(request.destinations, request.radius_m)
    with stage("reading timetables"):
        timetable = build_timetable(read_feed(request.gtfs, request.stop_locations), date)
    require_near(timetable, origins.lon, origins.lat, "origins")
    require_near(timetable, destinations.lon, destinations.lat, "destinations")
    with stage("reading streets"):
        streets = walkable_streets(request.osm, request.elevation)
    with stage("travel times"):
        times = travel_times(timetable, streets, origins, destinations, spec)
    with stage("writing"):
        _write(matrix_table(origins, destinations, times), out)
    repairs = network_repairs(timetable, streets)
    if streets:
        repairs += [*snap_repairs(streets, origins, "origins"), *snap_repairs(streets, destinations, "destinations")]
    walking = (
        "walking along streets" if streets else f"walking in straight lines x {request.detour:g}, no streets were given"
    )
    return Written(
        times.seconds[0].size, float((times.departures_within[-1] > 0).mean()), walking, warnings_of(repairs)
    )


def read_points(path: Path, radius_m: float = 0.0) -> Points:
    """Points of a CSV (id, lon, lat in WGS84 degrees) or of a vector layer with an id column and point geometry."""
    if path.suffix.lower() == ".csv":
        table = read_table(path, key="id", numbers=["lon", "lat"]).rows
        return points(table.index, table["lon"], table["lat"], radius_m)
    frame = read_vector(path)
    require_columns(path.name, frame.columns, ["id"])
    if frame.crs is None or not frame.geom_type.eq("Point").all():
        raise ConfigError(f"{path} must hold points with a coordinate reference system")
    spots = frame.geometry.to_crs("EPSG:4326")
    return points(frame["id"].astype(str), spots.x, spots.y, radius_m)


def matrix_table(origins: Points, destinations: Points, times: TravelTimes) -> pa.Table:
    """from_id, to_id, one int32 column of seconds a percentile (null = unreachable), reach_share (0-1)."""
    n, m = len(origins.ids), len(destinations.ids)
    columns: dict[str, pa.Array] = {
        "from_id": _repeated(origins.ids, np.repeat(np.arange(n, dtype=np.int32), m)),
        "to_id": _repeated(destinations.ids, np.tile(np.arange(m, dtype=np.int32), n)),
    }
    for percentile, seconds in zip(times.percentiles, times.seconds, strict=True):
        flat = seconds.ravel()
        columns[f"p{percentile:g}_s"] = pa.array(flat, mask=flat == UNREACHED)
    columns["reach_share"] = pa.array(times.departures_within[-1].ravel() / times.n_departures)
    return pa.table(columns)


def _repeated(ids: np.ndarray, rows: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(rows), pa.array(pd.Series(ids).astype(str).tolist())).cast(
        pa.string()
    )


def _inert_ids(table: pa.Table) -> pa.Table:
    """Ids that a spreadsheet would run as formulas get an apostrophe, as in every table written as text."""
    for place, name in enumerate(("from_id", "to_id")):
        ids = table.column(name).combine_chunks().dictionary_encode()
        safe = pa.array([inert(word) for word in ids.dictionary.to_pylist()], pa.string())
        table = table.set_column(place, name, pa.DictionaryArray.from_arrays(ids.indices, safe).cast(pa.string()))
    return table


def _require_free(out: Path) -> None:
    """Raise `OutputError` for a file that is there and is no matrix: it is not ours to replace."""
    if out.suffix == ".csv":
        require_table(out, _KEY)
    elif out.is_file():
        try:
            ours = pa.parquet.read_schema(out).names[: len(_KEY)] == list(_KEY)
        except (pa.ArrowException, OSError):
            ours = False
        if not ours:
            raise OutputError(
                f"{out} is there already and is no matrix of this tool; move it away, or choose another --out"
            )


def _write(table: pa.Table, out: Path) -> None:
    with whole_file(out) as written:
        if out.suffix == ".csv":
            pa.csv.write_csv(_inert_ids(table), written)
        else:
            pa.parquet.write_table(table, written, compression="zstd")
