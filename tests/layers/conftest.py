"""Fixtures of the layer tests: the shared West Midlands data, and small grids of squares written to files."""

from collections.abc import Callable, Sequence
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "west_midlands"

WriteZones = Callable[..., Path]


@pytest.fixture(scope="session")
def west_midlands() -> Path:
    """The folder of real layers; tests that ask for it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the shared West Midlands layers (../shared/data/west_midlands) are not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def places() -> Path:
    """The project's own centres, corridors, pilots and sites."""
    return ROOT / "data" / "places"


def square(column: int, row: int, side_m: float = 1000.0) -> shapely.Polygon:
    """A square of a grid whose corner is at 400000, 300000 of the British National Grid (near Walsall)."""
    west, south = 400_000 + column * side_m, 300_000 + row * side_m
    return shapely.box(west, south, west + side_m, south + side_m)


@pytest.fixture
def write_zones(tmp_path: Path) -> WriteZones:
    """Writes shapes and ids as a polygon file; the suffix of `name` is the format."""

    def write(
        shapes: Sequence[shapely.Geometry | None],
        ids: Sequence[object] | None = None,
        crs: str | None = "EPSG:27700",
        name: str = "zones.gpkg",
    ) -> Path:
        names = [f"z{number}" for number in range(len(shapes))] if ids is None else list(ids)
        frame = gpd.GeoDataFrame({"code": names}, geometry=list(shapes), crs=crs)
        path = tmp_path / name
        if path.suffix == ".parquet":
            frame.to_parquet(path)
        else:
            frame.to_file(path)
        return path

    return write


@pytest.fixture
def write_csv_text(tmp_path: Path) -> Callable[..., Path]:
    """Writes text (or bytes) as a file in the test's folder."""

    def write(content: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write
