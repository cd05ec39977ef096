"""Checks of finished files: whether one, fetched or placed by hand, is what its source should give."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from accessibility import AccessibilityError
from corridors.bundled import bundled_data
from corridors.fetch.errors import FetchError, TryAgainError
from corridors.fetch.formats import judge_format
from corridors.fetch.publishers.timetables import look_into
from corridors.fetch.region import Region
from corridors.fetch.registry import Source
from layers import LayersError, read_text, read_vector, sample_surface


class Checked(NamedTuple):
    """Rows of a table or layer, trips of a timetable (None: no such thing); a timetable's day and what is odd in it."""

    rows: int | None
    day: str = ""
    notes: tuple[str, ...] = ()


def check_file(source: Source, path: Path, region: Region) -> Checked:
    """Look into a file by its kind. Raises `FetchError` that says what was expected."""
    try:
        if path.suffix == ".zip":
            return Checked(*look_into(source, path, region))
        if path.suffix == ".pbf":
            judge_format(path, "pbf")
            return Checked(None)
        if path.suffix == ".tif":
            _check_heights(path)
            return Checked(None)
        frame = read_vector(path) if path.suffix == ".gpkg" else read_text(path).rows
    except (LayersError, AccessibilityError, TryAgainError) as error:
        raise FetchError(f"{source.file} is not what {source.id} should give: {error}") from error
    _check_table(source, frame)
    return Checked(len(frame))


def _check_table(source: Source, frame: pd.DataFrame) -> None:
    missing = [column for column in source.columns if column not in frame.columns]
    if missing:
        there = ", ".join(map(str, frame.columns))
        raise FetchError(f"{source.file}: no column {', '.join(missing)}; it has {there}")
    if source.rows is not None and len(frame) != source.rows:
        raise FetchError(
            f"{source.file}: {source.rows:,} rows expected, {len(frame):,} arrived; part of them is missing?"
        )
    if source.min_rows is not None and len(frame) < source.min_rows:
        raise FetchError(f"{source.file}: at least {source.min_rows:,} rows expected, {len(frame):,} arrived")
    key = list(source.key or source.columns[:1])
    repeated = frame.loc[frame.duplicated(key), key]
    if len(repeated):
        first = " ".join(map(str, repeated.iloc[0]))
        raise FetchError(f"{source.file}: {len(repeated):,} rows repeat a {' and '.join(key)}, first {first}")


def _check_heights(path: Path) -> None:
    """Heights must be known at the region's centres."""
    centres = pd.read_csv(bundled_data() / "places" / "centres.csv")
    unknown = np.isnan(sample_surface(path, centres["lon"].to_numpy(), centres["lat"].to_numpy()))
    if unknown.any():
        raise FetchError(f"{path.name}: no height at {', '.join(centres['name'][unknown])}")
