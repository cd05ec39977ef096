"""Rasters of a few cells, whose sums and heights are mental arithmetic."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine

from layers.errors import LayerError
from layers.rasters import RasterSpec, read_raster_layer, sample_surface, surface_grid, write_surface, zonal_sums
from layers.reading.attributes import FieldSpec, LayerSpec, LookupSpec, read_layers
from layers.reading.zones import read_zones
from tests.layers.conftest import WriteZones, square
from tests.layers.tables.test_read import WriteText

WriteRaster = Callable[..., Path]
GRID = Affine(500, 0, 400_000, 0, -500, 301_000)  # 500 m cells; the upper left corner of square(0, 0)


@pytest.fixture
def write_raster(tmp_path: Path) -> WriteRaster:
    def write(
        cells: npt.ArrayLike,
        transform: Affine = GRID,
        crs: str | None = "EPSG:27700",
        nodata: float | None = -1.0,
        name: str = "raster.tif",
    ) -> Path:
        values = np.asarray(cells, dtype="float32")
        path = tmp_path / name
        profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": crs, "transform": transform}
        with rasterio.open(
            path, "w", height=values.shape[0], width=values.shape[1], nodata=nodata, **profile
        ) as raster:
            raster.write(values, 1)
        return path

    return write


def zones_of(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    index = pd.Index([f"z{number}" for number in range(len(shapes))], name="zone_id")
    return gpd.GeoDataFrame(index=index, geometry=list(shapes), crs="EPSG:27700")


def test_whole_cells_are_summed(write_raster: WriteRaster) -> None:
    """Two kilometre squares side by side over a 2 x 4 raster: four cells each."""
    path = write_raster([[1, 2, 10, 20], [3, 4, 30, 40]])
    assert zonal_sums(path, zones_of(square(0, 0), square(1, 0))).values.tolist() == [10, 100]


def test_a_cell_cut_in_half_counts_half(write_raster: WriteRaster) -> None:
    path = write_raster([[8, 8], [8, 8]])
    strip = shapely.box(400_000, 300_000, 400_250, 301_000)  # the western half of the western column
    assert zonal_sums(path, zones_of(strip)).values["z0"] == pytest.approx(8.0)


def test_nodata_and_nan_are_no_people(write_raster: WriteRaster) -> None:
    assert zonal_sums(write_raster([[1, -1], [np.nan, 4]]), zones_of(square(0, 0))).values["z0"] == 5


def test_a_zone_without_any_cell_is_missing_and_counted(write_raster: WriteRaster) -> None:
    path = write_raster([[1, 1, -1, -1], [1, 1, -1, -1]])
    sums = zonal_sums(path, zones_of(square(0, 0), square(1, 0), square(9, 9)))
    assert sums.values["z0"] == 4
    assert sums.values[["z1", "z2"]].isna().all()
    assert [(finding.code, finding.sample) for finding in sums.findings] == [("zones_outside_raster", ("z1", "z2"))]


def test_a_zone_the_raster_ends_in_is_counted_as_too_low(write_raster: WriteRaster) -> None:
    sums = zonal_sums(write_raster([[1, 1], [1, 1]]), zones_of(square(0, 0), square(0, 0, 2000)))
    assert sums.values.tolist() == [4, 4]
    assert [(finding.code, finding.sample) for finding in sums.findings] == [("zones_cut_by_raster", ("z1",))]


def test_people_of_a_grid_are_a_layer_that_others_are_shared_by(
    write_raster: WriteRaster, write_zones: WriteZones, write_csv_text: WriteText
) -> None:
    """30 and 10 people on the grid share 100 jobs as 75 and 25."""
    zones = read_zones(write_zones([square(0, 0), square(1, 0)]), id_column="code", geography="squares")
    grid = write_raster([[30, 0, 5, 5], [0, 0, 0, 0]])
    people = read_raster_layer(RasterSpec("pop", "Residents", grid, "population", "people", "2020", "", ""), zones)
    lookup = LookupSpec(write_csv_text("area,zone\nA,z0\nA,z1\n", "lookup.csv"), "area", "zone")
    table = write_csv_text("id,jobs\nA,100\n", "jobs.csv")
    fields = (FieldSpec("jobs", "jobs", "count", "jobs"),)
    jobs = LayerSpec("j", "Jobs", table, "id", "areas", "2023", "", "", fields, lookup=lookup, share_by="population")
    values = read_layers([jobs], zones, given=[people])
    assert values.frame["population"].tolist() == [30, 10]
    assert values.frame["jobs"].tolist() == [75, 25]
    assert values.provenance[0].resolution == "grid cells"
    again = replace(jobs, fields=(FieldSpec("population", "jobs", "count"),), share_by="")
    with pytest.raises(LayerError, match="field population is given by both pop and j"):
        read_layers([again], zones, given=[people])


def test_zones_in_another_crs_are_placed_on_the_raster(write_raster: WriteRaster) -> None:
    path = write_raster([[1, 2], [3, 4]])
    degrees = zones_of(square(0, 0).buffer(-1)).to_crs("EPSG:4326")
    assert zonal_sums(path, degrees).values["z0"] == pytest.approx(10, rel=0.01)


def test_an_undeclared_nodata_value_is_found_by_its_negative_people(write_raster: WriteRaster) -> None:
    path = write_raster([[1, -9999], [3, 4]], nodata=None)
    with pytest.raises(LayerError, match=r"negative counts in 1 zones \(z0\)"):
        zonal_sums(path, zones_of(square(0, 0)))


@pytest.mark.parametrize(
    "transform",
    [Affine(500, 100, 400_000, 100, -500, 301_000), Affine(500, 0, 400_000, 0, 500, 300_000)],
    ids=["turned", "south up"],
)
def test_an_odd_grid_is_refused(write_raster: WriteRaster, transform: Affine) -> None:
    with pytest.raises(LayerError, match="not a north-up grid"):
        zonal_sums(write_raster([[1, 2], [3, 4]], transform), zones_of(square(0, 0)))


def test_a_raster_without_crs_or_of_another_place_is_refused(write_raster: WriteRaster) -> None:
    with pytest.raises(LayerError, match="no coordinate reference system"):
        zonal_sums(write_raster([[1, 2], [3, 4]], crs=None), zones_of(square(0, 0)))
    with pytest.raises(LayerError, match="does not cover the zones or points"):
        zonal_sums(write_raster([[1, 2], [3, 4]]), zones_of(square(50, 50)))


def test_a_huge_declared_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """A sparse file of a megabyte that claims ten thousand million cells under one zone."""
    path = tmp_path / "huge.tif"
    profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "crs": "EPSG:27700", "tiled": True, "sparse_ok": True}
    grid = Affine(0.01, 0, 400_000, 0, -0.01, 301_000)
    with rasterio.open(path, "w", width=100_000, height=100_000, transform=grid, compress="lzw", **profile):
        pass
    assert path.stat().st_size < 2_000_000
    with pytest.raises(LayerError, match=r"huge\.tif has 100,000 x 100,000 cells under the zones"):
        zonal_sums(path, zones_of(square(0, 0)))


def test_another_format_under_the_name_of_a_tiff_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dem.tif"
    path.write_text("<VRTDataset><VRTRasterBand/></VRTDataset>")
    with pytest.raises(LayerError, match=r"dem\.tif is named \.tif but is not"):
        zonal_sums(path, zones_of(square(0, 0)))


def test_a_raster_cut_short_is_one_clear_error(write_raster: WriteRaster) -> None:
    path = write_raster(np.arange(10_000).reshape(100, 100))
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(LayerError, match=r"raster\.tif"):
        zonal_sums(path, zones_of(square(0, 0)))


@dataclass(frozen=True)
class Stored:
    """How the cells of a raster are written down."""

    dtype: str = "float32"
    nodata: float | None = None
    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""
    crs: str = "EPSG:27700"


def stored(path: Path, bands: list[npt.ArrayLike], how: Stored = Stored(), **options: object) -> Path:
    """A raster whose bands hold these numbers as they are, before scale and offset."""
    cells = np.asarray(bands)
    _, height, width = cells.shape
    with rasterio.open(
        path, "w", driver="GTiff", count=len(cells), height=height, width=width, dtype=how.dtype, nodata=how.nodata,
        crs=how.crs, transform=GRID, **options,
    ) as raster:  # fmt: skip
        raster.write(cells.astype(how.dtype))
        raster.scales, raster.offsets = (how.scale,) * len(cells), (how.offset,) * len(cells)
        raster.units = (how.unit,) * len(cells)
    return path


DECIMETRES = Stored("int16", nodata=-999, scale=0.1, offset=-10)  # 500 stands for 40 m


def test_heights_are_read_with_their_scale_and_offset(tmp_path: Path) -> None:
    """Whole decimetres above -10 m: a stored 500 is 40 m, and the stored nodata is no height of -109.9 m."""
    path = stored(tmp_path / "h.tif", [[[500, 500], [500, -999]]], DECIMETRES)
    lon, lat = degrees_of([400_250, 400_750], [300_750, 300_250])
    heights = sample_surface(path, lon, lat)
    assert heights[0] == pytest.approx(40)
    assert np.isnan(heights[1])


def test_people_are_read_with_their_scale_and_offset(tmp_path: Path) -> None:
    """A stored 1 x 10 + 5 is 15 people; nodata is nobody, whatever the scale."""
    path = stored(tmp_path / "p.tif", [[[1, 2], [3, 255]]], Stored("uint8", nodata=255, scale=10, offset=5))
    assert zonal_sums(path, zones_of(square(0, 0))).values["z0"] == pytest.approx(15 + 25 + 35)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "uint32", "float32", "float64", "int8"])
def test_any_kind_of_number_is_read(tmp_path: Path, dtype: str) -> None:
    path = stored(tmp_path / "p.tif", [[[1, 2], [3, 100]]], Stored(dtype, nodata=100))
    assert zonal_sums(path, zones_of(square(0, 0))).values["z0"] == 6
    lon, lat = degrees_of([400_250], [300_750])
    assert sample_surface(path, lon, lat) == pytest.approx([1])


@pytest.mark.filterwarnings("error:Geometry is in a geographic CRS")
def test_a_grid_in_degrees_is_summed_without_a_warning_from_a_library(tmp_path: Path) -> None:
    path = tmp_path / "d.tif"
    grid = Affine(0.1, 0, -3, 0, -0.1, 53)
    profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": "EPSG:4326", "width": 20, "height": 10}
    with rasterio.open(path, "w", transform=grid, **profile) as raster:
        raster.write(np.ones((10, 20), dtype="float32"), 1)
    kilometre = zonal_sums(path, zones_of(square(0, 0))).values["z0"]
    assert kilometre == pytest.approx(1 / (11.127 * 6.740), rel=0.01)  # of a cell of 11.1 by 6.7 km at 52.6 north


def test_infinite_cells_are_no_people_and_no_height(tmp_path: Path) -> None:
    path = stored(tmp_path / "p.tif", [[[1, np.inf], [-np.inf, 4]]])
    assert zonal_sums(path, zones_of(square(0, 0))).values["z0"] == 5


def test_an_alpha_band_is_a_mask(tmp_path: Path) -> None:
    path = stored(tmp_path / "p.tif", [[[1, 2], [3, 4]], [[255, 0], [255, 255]]], Stored("uint8"), alpha="yes")
    assert zonal_sums(path, zones_of(square(0, 0))).values["z0"] == 8
    lon, lat = degrees_of([400_750], [300_750])
    assert np.isnan(sample_surface(path, lon, lat)).all()


def test_a_mask_in_the_file_is_heeded(tmp_path: Path) -> None:
    path = stored(tmp_path / "p.tif", [[[1, 2], [3, 4]]], Stored("uint8"))
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "r+") as raster:
        raster.write_mask(np.array([[True, True], [False, True]]))
    assert zonal_sums(path, zones_of(square(0, 0))).values["z0"] == 7


@pytest.mark.parametrize("bands", [2, 3, 4])
def test_several_bands_are_one_clear_error(tmp_path: Path, bands: int) -> None:
    """Women and men, or a picture: neither may be taken for all people, or for heights."""
    path = stored(tmp_path / "two.tif", [[[1, 2], [3, 4]]] * bands)
    said = rf"two\.tif has {bands} bands of values where one is expected: save .*gdal_translate -b 1"
    with pytest.raises(LayerError, match=said):
        zonal_sums(path, zones_of(square(0, 0)))
    with pytest.raises(LayerError, match=said):
        sample_surface(path, *degrees_of([400_250], [300_750]))


def test_complex_numbers_are_refused(tmp_path: Path) -> None:
    path = stored(tmp_path / "c.tif", [[[1, 2], [3, 4]]], Stored("complex64"))
    with pytest.raises(LayerError, match=r"c\.tif holds complex64 numbers"):
        zonal_sums(path, zones_of(square(0, 0)))


def test_an_undeclared_nodata_value_is_found_by_its_crowds(tmp_path: Path) -> None:
    path = stored(tmp_path / "p.tif", [[[1, 3.4e38], [3, 4]]])
    with pytest.raises(LayerError, match=r"impossibly large counts in 1 zones \(z0\)"):
        zonal_sums(path, zones_of(square(0, 0)))


@pytest.mark.parametrize("nowhere", [-32768, 32767, -9999])
def test_heights_beyond_any_land_are_not_known(tmp_path: Path, nowhere: int) -> None:
    path = stored(tmp_path / "h.tif", [[[nowhere, 5], [5, 5]]], Stored("int16"))
    heights = sample_surface(path, *degrees_of([400_250, 400_750], [300_750, 300_250]))
    assert np.isnan(heights[0]) and heights[1] == pytest.approx(5)


@pytest.mark.parametrize(
    "how", [Stored(unit="ft"), Stored(unit="US survey foot"), Stored(crs="EPSG:27700+6360")], ids=str
)
def test_heights_in_feet_are_refused(tmp_path: Path, how: Stored) -> None:
    path = stored(tmp_path / "h.tif", [[[5, 5], [5, 5]]], how)
    with pytest.raises(LayerError, match=r"h\.tif holds heights in '.*f.*t'; metres are expected"):
        sample_surface(path, *degrees_of([400_250], [300_750]))


@pytest.mark.parametrize("how", [Stored(unit="m"), Stored(unit="Metre"), Stored(crs="EPSG:27700+5701")])
def test_heights_in_metres_are_read(tmp_path: Path, how: Stored) -> None:
    path = stored(tmp_path / "h.tif", [[[5, 5], [5, 5]]], how)
    assert sample_surface(path, *degrees_of([400_250], [300_750])) == pytest.approx([5])


def test_a_raster_in_no_system_of_the_map_is_refused(tmp_path: Path) -> None:
    path = stored(tmp_path / "g.tif", [[[5, 5], [5, 5]]], Stored(crs="EPSG:4978"))
    with pytest.raises(LayerError, match=r"g\.tif lies in no system of the map"):
        zonal_sums(path, zones_of(square(0, 0)))


def degrees_of(x: list[float], y: list[float]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    points = gpd.GeoSeries.from_xy(x, y, crs="EPSG:27700").to_crs("EPSG:4326")
    return points.x.to_numpy(), points.y.to_numpy()


def test_heights_lie_on_the_plane_between_cell_centres(write_raster: WriteRaster) -> None:
    """Heights rise 10 m a cell eastward and 100 m a cell southward; between centres they are in proportion."""
    path = write_raster([[0, 10, 20], [100, 110, 120], [200, 210, 220]])
    lon, lat = degrees_of([400_250, 400_500, 400_750], [300_750, 300_500, 300_250])
    assert sample_surface(path, lon, lat).tolist() == pytest.approx([0, 55, 110], abs=0.1)


def test_heights_outside_are_missing_and_beside_nodata_the_nearest(write_raster: WriteRaster) -> None:
    path = write_raster([[5, -1], [5, 5]])
    lon, lat = degrees_of([399_000, 400_260, 400_740], [300_750, 300_700, 300_750])
    heights = sample_surface(path, lon, lat)
    assert np.isnan(heights[0])
    assert heights[1] == pytest.approx(5)
    assert np.isnan(heights[2])
    assert sample_surface(path, np.empty(0), np.empty(0)).size == 0


def test_a_surface_takes_the_value_of_the_zone_under_each_cell(tmp_path: Path) -> None:
    zones = zones_of(*(square(column, row) for row in range(60) for column in range(60)))
    minutes = pd.Series(np.arange(3600, dtype="float64"), index=zones.index)
    minutes["z1"] = np.nan  # unreachable
    path = write_surface(
        tmp_path / "minutes.tif",
        surface_grid(zones),
        minutes,
        title="Minutes to Walsall",
        unit="min",
        missing="not reached",
    )
    with rasterio.open(path) as raster:
        cells = raster.read(1)
        assert cells.shape == (600, 600)
        assert raster.crs.to_epsg() == 27700
        assert raster.overviews(1)
        assert raster.descriptions == ("Minutes to Walsall",)
        assert raster.units == ("min",)
        assert raster.nodata == -9999
        codes = "-9999 (nodata) = outside the zones; -1 = in a zone, not reached"
        assert raster.tags()["CODES"] == raster.tags(1)["CODES"] == codes
    assert (cells[590:, :10] == 0).all()  # z0 is the south-western square
    assert (cells[590:, 10:20] == -1).all()
    assert (cells[:10, 590:] == 3599).all()


def test_a_place_that_is_not_reached_is_told_from_land_outside_the_zones(tmp_path: Path) -> None:
    zones = zones_of(square(0, 0), square(2, 0))  # a gap between them, where nobody was asked
    path = write_surface(
        tmp_path / "m.tif", surface_grid(zones), pd.Series({"z0": 12.0}), title="t", unit="min", missing="not reached"
    )
    with rasterio.open(path) as raster:
        cells = raster.read(1, masked=True)
    assert cells[0, ::10].tolist() == [12.0, None, -1.0]


def test_a_surface_is_a_valid_cloud_optimised_geotiff(tmp_path: Path) -> None:
    cogeo = pytest.importorskip("rio_cogeo.cogeo", reason="rio-cogeo is not installed")
    zones = zones_of(square(0, 0, 60_000))
    path = write_surface(
        tmp_path / "minutes.tif", surface_grid(zones), pd.Series({"z0": 1.0}), title="Minutes", unit="min"
    )
    assert cogeo.cog_validate(str(path), strict=True) == (True, [], [])


def test_a_surface_has_the_same_bytes_every_time(tmp_path: Path) -> None:
    zones = zones_of(square(0, 0), square(1, 0))
    minutes = pd.Series({"z0": 12.0, "z1": 44.0})
    one = write_surface(tmp_path / "one.tif", surface_grid(zones), minutes, title="t", unit="min").read_bytes()
    assert write_surface(tmp_path / "two.tif", surface_grid(zones), minutes, title="t", unit="min").read_bytes() == one


def test_a_surface_of_too_many_cells_is_refused() -> None:
    with pytest.raises(LayerError, match=r"use cells larger than 0\.01 m"):
        surface_grid(zones_of(square(0, 0)), 0.01)
