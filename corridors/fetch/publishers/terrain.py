"""OS Terrain 50: the region's tiles, which are zips within a zip, joined to one grid of heights."""

import io
import lzma
import math
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corridors.fetch.errors import FetchError

CELL_M = 50.0
TILE_M = 10_000
MARGIN_M = 5_000.0  # as streets and walks reach a little beyond the zones
_TILE_CELLS = 200
_TILE_HEADER = ["200", "200", "50"]  # columns, rows, metres a cell
_MAX_TILE_BYTES = 5_000_000  # a tile's text is about 250 kB
_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # the National Grid leaves out I
# What the zip library raises for damaged archives, by kind of compression; ValueError is for undecodable names.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    EOFError,
    RuntimeError,
    ValueError,
    OSError,
)


class Heights(NamedTuple):
    """Heights in metres, (rows, columns) from the north, NaN where there is no tile; left and top in National Grid metres."""

    cells: npt.NDArray[np.float32]
    left_m: float
    top_m: float


def read_heights(path: Path, bounds_m: tuple[float, float, float, float]) -> Heights:
    """Heights within `bounds_m` (west, south, east, north on the National Grid) and a margin, from the ASCII grid edition.

    Raises `FetchError` where the archive is damaged or holds no tile of the region.
    """
    west, south = (math.floor((bound - MARGIN_M) / TILE_M) for bound in bounds_m[:2])
    east, north = (math.ceil((bound + MARGIN_M) / TILE_M) for bound in bounds_m[2:])
    cells = np.full(((north - south) * _TILE_CELLS, (east - west) * _TILE_CELLS), np.nan, dtype="float32")
    wanted = {tile_name(column, row): (column, row) for column in range(west, east) for row in range(south, north)}
    n_tiles = 0
    try:
        for name, tile in _tiles(path, wanted):
            column, row = wanted[name]
            top, left = (north - 1 - row) * _TILE_CELLS, (column - west) * _TILE_CELLS
            cells[top : top + _TILE_CELLS, left : left + _TILE_CELLS] = tile
            n_tiles += 1
    except FetchError:
        raise
    except _DAMAGE as error:
        raise FetchError(f"{path.name}: damaged, or packed in a way that can't be read; fetch it again") from error
    if not n_tiles:
        raise FetchError(f"{path.name}: holds none of the region's tiles ({', '.join(sorted(wanted))})")
    return Heights(cells, float(west * TILE_M), float(north * TILE_M))


def tile_name(column: int, row: int) -> str:
    """Name of the 10 km square whose lower left corner is at (10 km x `column`, 10 km x `row`): (40, 28) is "SP08"."""
    square_x, square_y = column // 10, row // 10
    # Two letters: the 500 km square counted from S, then the 100 km square within it, both in rows of five from the north.
    first = (3 - square_y // 5) * 5 + 2 + square_x // 5
    second = (4 - square_y % 5) * 5 + square_x % 5
    return f"{_LETTERS[first]}{_LETTERS[second]}{column % 10}{row % 10}"


def _tiles(path: Path, wanted: Mapping[str, object]) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            match = re.fullmatch(r"(?:.*/)?([a-z]{2}\d\d)_[^/]*\.zip", entry.filename, re.IGNORECASE)
            name = match[1].upper() if match else ""
            if name in wanted and entry.file_size <= _MAX_TILE_BYTES:
                yield name, _grid(archive.read(entry), name)


def _grid(content: bytes, name: str) -> npt.NDArray[np.float32]:
    with zipfile.ZipFile(io.BytesIO(content)) as inner:
        entries = [entry for entry in inner.infolist() if entry.filename.lower().endswith(".asc")]
        if len(entries) != 1 or entries[0].file_size > _MAX_TILE_BYTES:
            raise FetchError(f"tile {name}: expected one .asc grid of at most {_MAX_TILE_BYTES:,} bytes")
        lines = inner.read(entries[0]).decode("ascii", errors="replace").splitlines()
    header = {words[0].lower(): words[1] for words in map(str.split, lines[:6]) if _is_header(words)}
    if [header.get(key) for key in ("ncols", "nrows", "cellsize")] != _TILE_HEADER:
        raise FetchError(f"tile {name}: expected {_TILE_CELLS} x {_TILE_CELLS} cells of {CELL_M:g} m, found {header}")
    try:
        cells = np.array([line.split() for line in lines[len(header) :] if line.strip()], dtype="float32")
        nodata = float(header.get("nodata_value", "-9999"))
    except ValueError as error:
        raise FetchError(f"tile {name}: its heights can't be read ({error})") from error
    if cells.shape != (_TILE_CELLS, _TILE_CELLS):
        raise FetchError(f"tile {name}: cut short, {cells.shape} cells")
    return np.where(cells == nodata, np.nan, cells).astype("float32")


def _is_header(words: list[str]) -> bool:
    return len(words) == 2 and words[0][:1].isalpha()
