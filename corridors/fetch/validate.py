"""Checks that a file, fetched or placed by hand, is what its source should give."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from accessibility import AccessibilityError
from corridors.bundled import bundled_data
from corridors.fetch.errors import FetchError, TryAgainError
from corridors.fetch.formats import check_format
from corridors.fetch.publishers.timetables import check_timetable
from corridors.fetch.region import Region
from corridors.fetch.registry import Source
from layers import LayersError, read_text, read_vector, sample_surface


class FileCheck(NamedTuple):
    """Rows of a table or layer, or trips of a timetable (None for other files); for a timetable its day and notes."""

    rows: int | None
    day: str = ""
    notes: tuple[str, ...] = ()


def check_file(source: Source, path: Path, region: Region) -> FileCheck:
    """Check a file by its kind; returns its rows. Raises `FetchError` that says what was expected."""
    try:
        if path.suffix == ".zip":
            return FileCheck(*check_timetable(source, path, region))
        if path.suffix == ".pbf":
            check_format(path, "pbf")
            return FileCheck(None)
        if path.suffix == ".tif":
            _check_heights(path)
            return FileCheck(None)
        frame = read_vector(path) if path.suffix == ".gpkg" else read_text(path).rows
    except (LayersError, AccessibilityError, TryAgainError) as error:
        raise FetchError(f"{source.file} is not what {source.id} should give: {error}") from error
    _check_table(source, frame)
    return FileCheck(len(frame))


def _check_table(source: Source, frame: pd.DataFrame) -> None:
    missing = [column for column in source.columns if column not in frame.columns]
    if missing:
        present = ", ".join(map(str, frame.columns))
        raise FetchError(f"{source.file}: no column {', '.join(missing)}; it has {present}")
    _check_rows(source, len(frame))
    key = list(source.key or source.columns[:1])
    repeated = frame.loc[frame.duplicated(key), key]
    if len(repeated):
        first = " ".join(map(str, repeated.iloc[0]))
        raise FetchError(f"{source.file}: {len(repeated):,} rows repeat a {' and '.join(key)}, first {first}")


def _check_rows(source: Source, got: int) -> None:
    """Raise `FetchError` where the number of rows is another than the registry's, unless any is accepted."""
    wrong = source.rows is not None and got != source.rows
    few = source.min_rows is not None and got < source.min_rows
    if source.any_rows or not (wrong or few):
        return
    expected = f"{source.rows:,}" if wrong else f"at least {source.min_rows:,}"
    raise FetchError(
        f"{source.file}: {expected} rows expected, {got:,} arrived: a new edition, or is a part of it missing? If the number "
        f"is right, say --accept-rows {source.id}"
    )


def _check_heights(path: Path) -> None:
    """Raise `FetchError` where the height at one of the region's centres is not known."""
    centres = pd.read_csv(bundled_data() / "places" / "centres.csv")
    unknown = np.isnan(sample_surface(path, centres["lon"].to_numpy(), centres["lat"].to_numpy()))
    if unknown.any():
        raise FetchError(f"{path.name}: no height at {', '.join(centres['name'][unknown])}")
