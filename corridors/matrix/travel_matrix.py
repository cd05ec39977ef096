"""`corridors matrix`: travel times between any two sets of points, for any feeds, written to one file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from accessibility import (
    UNREACHED,
    Points,
    TravelTimes,
    build_timetable,
    points,
    read_feed,
    service_repairs,
    snap_repairs,
    without_overlaps,
)
from corridors.errors import ConfigError, OutputError
from corridors.inputs.proximity import require_near
from corridors.inputs.read import warnings_of
from corridors.inputs.streets_cache import walkable_streets
from corridors.inputs.timetables import network_repairs
from corridors.matrix.by_blocks import (
    Answering,
    Asked,
    is_dataset,
    remove_shards_beside,
    require_dataset_room,
    times_of,
    write_dataset,
)
from corridors.matrix.request import MatrixRequest
from corridors.pipeline import Stage
from corridors.results import RunWarning
from corridors.runtime.own_files import require_no_input
from corridors.runtime.whole_files import require_room, require_table, whole_file
from layers import (
    code_texts,
    counting_cleaned,
    degree_problems,
    formula_safe,
    in_degrees,
    key_problems,
    raise_together,
    read_table,
    read_vector,
    require_columns,
    single_points,
)

SUFFIXES = (".parquet", ".csv")
_PART_ROWS, _PART_LETTERS = 1_000_000, 200_000_000  # most rows and letters of ids held at once
_KEY = ("from_id", "to_id")  # the first columns of every matrix


@dataclass(frozen=True)
class MatrixSummary:
    """Summary of a written matrix, for the terminal."""

    rows: int
    reached_share: float
    moment: str  # "departure" or "deadline": what the window holds
    walking: str
    warnings: tuple[RunWarning, ...]


def write_matrix(
    request: MatrixRequest,
    out: Path,
    stage: Stage,
    answering: Answering = Answering(),  # noqa: B008  # it is a value
) -> MatrixSummary:
    """Compute the matrix and write it to `out` (.parquet or .csv), one row per pair in the order of the points.

    Where `out` has no suffix it is a folder, written block by block, with the pairs that are reached only.

    Raises `ConfigError` for options that can't be used, `PlacesApartError` for points far from every stop, and `OutputError`
    where `out` can't be written or replaced.
    """
    answering.check()
    if request.elevation and not request.osm:
        raise ConfigError("--elevation only acts on streets: give --osm too")
    require_no_input([out], request.inputs())
    require_target(out)
    spec, date = request.spec(), request.service_date()
    with stage("reading points"), counting_cleaned() as odd_letters:
        origins = read_points(request.origins, 0.0, request.origins_layer, "--origins")
        destinations = read_points(request.destinations, request.radius_m, request.destinations_layer, "--destinations")
    with stage("reading timetables"):
        feed = without_overlaps(read_feed(request.gtfs, request.stop_locations), date)
        timetable = build_timetable(feed, date)
    require_near(timetable, origins.lon, origins.lat, "origins")
    require_near(timetable, destinations.lon, destinations.lat, "destinations")
    with stage("reading streets"):
        streets = walkable_streets(request.osm, request.elevation)
    asked = Asked(timetable, streets, origins, destinations, spec)
    reached_share = write_answers(asked, out, stage, answering)
    repairs = [*network_repairs(timetable, streets), *service_repairs(timetable, spec.modes, spec.wheelchair)]
    if streets:
        repairs += [*snap_repairs(streets, origins, "origins"), *snap_repairs(streets, destinations, "destinations")]
    walking = (
        "walking along streets" if streets else f"walking in straight lines x {request.detour:g}, no streets were given"
    )
    return MatrixSummary(
        asked.n_pairs,
        reached_share,
        "deadline" if spec.arrive_by else "departure",
        walking,
        warnings_of([*odd_letters, *repairs]),
    )


def require_target(out: Path) -> None:
    """Raise `ConfigError` for a suffix of another kind of file, `OutputError` where `out` can't be written or replaced."""
    if is_dataset(out):
        require_dataset_room(out)
        return
    if out.suffix.lower() not in SUFFIXES:
        raise ConfigError(f"--out {out} must end in {' or '.join(SUFFIXES)}, or be a folder: a name without a suffix")
    require_room(out)
    require_free(out)


def write_answers(asked: Asked, out: Path, stage: Stage, answering: Answering) -> float:
    """Search and write, to a folder or a table; returns the share of pairs that are reached at all."""
    if is_dataset(out):
        with stage("travel times"):
            return write_dataset(asked, out, answering) / asked.n_pairs
    with stage("travel times"):
        times = times_of(asked, out, answering)
    with stage("writing"):
        write_table(asked.origins, asked.destinations, times, out)
    remove_shards_beside(out)
    return float((times.departures_within[-1] > 0).mean())


def read_points(path: Path, radius_m: float = 0.0, layer: str | None = None, option: str = "") -> Points:
    """Points of a CSV (id, lon, lat in WGS84 degrees) or of a vector layer with an id column and point geometry.

    Messages call the file by `option`, and its layer by `option` with "-layer". Raises LayerError for rows without a place,
    coordinates that are not degrees, blank and repeated ids, and `ConfigError` for a file without points.
    """
    positions = _csv_points(path) if path.suffix.lower() == ".csv" else _layer_points(path, layer, option)
    raise_together(path.name, degree_problems(positions["lon"], positions["lat"]))
    if positions.empty:
        raise ConfigError(f"{path} has no points; at least one row of id, lon, lat is expected")
    return points(positions.index, positions["lon"], positions["lat"], radius_m)


def _csv_points(path: Path) -> pd.DataFrame:
    return read_table(path, key="id", numbers=["lon", "lat"]).rows


def _layer_points(path: Path, layer: str | None, option: str) -> pd.DataFrame:
    frame = read_vector(path, layer, f"{option}-layer" if option else "")
    require_columns(path.name, frame.columns, ["id"])
    ids = pd.Index(code_texts(frame["id"], path.name), name="id")
    raise_together(path.name, key_problems(ids.to_series(), "id"))
    placed = in_degrees(single_points(frame.geometry.set_axis(ids), path.name), path.name)
    return pd.DataFrame({"lon": placed.x, "lat": placed.y})


def matrix_table(
    origins: Points, destinations: Points, times: TravelTimes, first: int = 0, last: int | None = None
) -> pa.Table:
    """The matrix as a table: from_id, to_id, int32 seconds for each percentile (null = unreachable), reach_share (0-1).

    One row per pair, for the origins from number `first` up to `last` (excluded; None for all).
    """
    part = slice(first, last)
    n, m = len(origins.ids[part]), len(destinations.ids)
    columns: dict[str, pa.Array] = {
        "from_id": _texts(origins.ids[part], np.repeat(np.arange(n, dtype=np.int32), m)),
        "to_id": _texts(destinations.ids, np.tile(np.arange(m, dtype=np.int32), n)),
    }
    for percentile, seconds in zip(times.percentiles, times.seconds_or_unreached, strict=True):
        flat = seconds[part].ravel()
        columns[f"p{percentile:g}_s"] = pa.array(flat, mask=flat == UNREACHED)
    columns["reach_share"] = pa.array(times.departures_within[-1][part].ravel() / times.n_departures)
    return pa.table(columns)


def _texts(ids: np.ndarray, rows: np.ndarray) -> pa.Array:
    return pa.array([str(ident) for ident in ids], pa.string()).take(pa.array(rows))


def matrix_parts(origins: Points, destinations: Points, times: TravelTimes) -> Iterator[pa.Table]:
    """The matrix in parts, each of whole origins, so that it does not have to fit in memory."""
    letters = sum(max((len(str(ident)) for ident in places.ids), default=1) for places in (origins, destinations))
    rows = min(_PART_ROWS, _PART_LETTERS // letters)
    step = max(1, rows // max(1, len(destinations.ids)))
    for first in range(0, len(origins.ids), step):
        yield matrix_table(origins, destinations, times, first, first + step)


def write_table(origins: Points, destinations: Points, times: TravelTimes, out: Path) -> None:
    """Write the matrix part by part, as Parquet or CSV by the suffix of `out`."""
    as_text = out.suffix.lower() == ".csv"
    if as_text:  # ids that a spreadsheet would run as formulas get an apostrophe, as in every table written as text
        origins, destinations = _inert(origins), _inert(destinations)
    schema = matrix_table(origins, destinations, times, 0, 0).schema
    with whole_file(out) as partial:
        writing = (
            pa.csv.CSVWriter(partial, schema)
            if as_text
            else pa.parquet.ParquetWriter(partial, schema, compression="zstd")
        )
        with writing as writer:
            for part in matrix_parts(origins, destinations, times):
                writer.write_table(part)


def _inert(places: Points) -> Points:
    return places._replace(ids=np.array([formula_safe(str(ident)) for ident in places.ids], dtype=object))


def require_free(out: Path) -> None:
    """Raise `OutputError` where `out` is a file that is not a matrix of this tool."""
    if out.suffix.lower() == ".csv":
        require_table(out, _KEY)
    elif out.is_file():
        try:
            is_matrix = pa.parquet.read_schema(out).names[: len(_KEY)] == list(_KEY)
        except (pa.ArrowException, OSError):
            is_matrix = False
        if not is_matrix:
            raise OutputError(
                f"{out} is there already and is no matrix of this tool; move it away, or choose another --out"
            )
