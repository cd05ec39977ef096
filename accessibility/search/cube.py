"""Writes the departure x origin x destination cube of durations to a folder of Parquet files; a run can be resumed.

The input is a joined network (`joining.join_points`). The output is one file per block of destinations, with one row per
pair and one column per departure. At most a few hundred megabytes are in memory at a time, whatever the size of the cube.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from accessibility.errors import CubeError
from accessibility.gtfs.times import clock_text
from accessibility.kernels.simd import LANES
from accessibility.legs import Points
from accessibility.search.duration_parts import Part, durations
from accessibility.search.joining import JoinedNetwork
from accessibility.search.spec import UNREACHED, SearchSpec

_IDENTITY = "_cube.json"  # readers of a Parquet folder ignore names that begin with an underscore


def write_cube(
    joined: JoinedNetwork, origins: Points, destinations: Points, spec: SearchSpec, folder: Path
) -> list[Path]:
    """Write all durations of a search to `folder`; returns the files, in order of their destinations.

    Columns: from_id, to_id, then one per departure (or deadline), named by its clock time such as `08:15:00`; int32
    seconds, null if longer than the longest duration. With draws of headways the names are `08:15:00#0`, `#1`, ... Read
    the cube with `pandas.read_parquet(folder)`. Existing files are not written again: a file appears only when it is
    complete. Raises `CubeError` if the folder has the cube of another search, or if `spec.step_s` is 0.
    """
    if spec.step_s == 0:
        raise CubeError(
            "a cube needs a step between departures of at least 1 second; every instant has no end of columns"
        )
    folder.mkdir(parents=True, exist_ok=True)
    _check_folder(folder, _identity(joined, origins, destinations, spec))
    files = []
    for column in range(0, joined.n_destinations, LANES):
        file = folder / f"to_{column:06d}.parquet"
        if not file.exists():
            _write_block(file, joined, column, origins, destinations, spec)
        files.append(file)
    return files


def _write_block(
    file: Path, joined: JoinedNetwork, column: int, origins: Points, destinations: Points, spec: SearchSpec
) -> None:
    schema = _schema(len(joined.networks), spec)
    unfinished = file.with_name(f"_{file.name}.{os.getpid()}")
    try:
        with pq.ParquetWriter(unfinished, schema) as writer:
            for part in durations(joined, column, spec):
                writer.write_table(_table(part, origins, destinations, schema))
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _schema(n_networks: int, spec: SearchSpec) -> pa.Schema:
    clocks = [clock_text(second) for second in range(spec.window_start_s, spec.window_end_s, spec.step_s)]
    draws = [""] if n_networks == 1 else [f"#{draw}" for draw in range(n_networks)]
    columns = [(clock + draw, pa.int32()) for draw in draws for clock in clocks]
    return pa.schema([("from_id", pa.string()), ("to_id", pa.string()), *columns])


def _table(part: Part, origins: Points, destinations: Points, schema: pa.Schema) -> pa.Table:
    n, rows, _ = part.seconds.shape
    from_id = origins.ids[part.first_origin : part.first_origin + n].astype(str)
    to_id = destinations.ids[part.column : part.column + LANES].astype(str)
    by_row = part.seconds[:, :, : len(to_id)]
    columns = [pa.array(np.repeat(from_id, len(to_id))), pa.array(np.tile(to_id, n))]
    for row in range(rows):
        seconds = by_row[:, row].ravel()
        columns.append(pa.array(seconds, mask=seconds == UNREACHED))
    return pa.table(columns, schema=schema)


def _check_folder(folder: Path, identity: str) -> None:
    """Write the identity of the search into the folder, or check that it is the same: a folder is for one search."""
    file = folder / _IDENTITY
    if not file.exists():
        if any(folder.glob("*.parquet")):
            raise CubeError(f"{folder}: holds Parquet files that are no cube of this program; name an empty folder")
        file.write_text(json.dumps({"search": identity}) + "\n", encoding="utf-8")
    elif json.loads(file.read_text(encoding="utf-8")) != {"search": identity}:
        raise CubeError(
            f"{folder}: holds the cube of another search (points, timetable or options differ); name another"
        )


def _identity(joined: JoinedNetwork, origins: Points, destinations: Points, spec: SearchSpec) -> str:
    """A hash of all data that the cube depends on."""
    window = spec.window_start_s, spec.window_end_s, spec.step_s, spec.arrive_by
    digest = hashlib.sha256(repr((window, spec.board_slack_s, spec.max_rides, spec.max_duration_s)).encode())
    for places in (origins, destinations):
        digest.update("\0".join(map(str, places.ids)).encode() + b"\0\0")
    for array in _arrays(joined):
        digest.update(f"{array.dtype}{array.shape}".encode() + np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _arrays(joined: JoinedNetwork) -> Iterator[np.ndarray]:
    yield from joined.egress
    yield from joined.direct
    for prepared, candidates in zip(joined.networks, joined.candidates, strict=True):
        for table in (prepared.connections, prepared.boardings, prepared.transfers, candidates):
            yield from table
