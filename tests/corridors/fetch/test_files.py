"""Publishers' files and what becomes of them: GOV.UK attachments, deprivation, stops, brownfield land, holidays, heights."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from corridors.fetch.errors import FetchError
from corridors.fetch.http.downloader import Downloader
from corridors.fetch.publishers.brownfield import brownfield_table
from corridors.fetch.publishers.deprivation import deprivation_table
from corridors.fetch.publishers.govuk import resolve_attachment
from corridors.fetch.publishers.holidays import holidays_table
from corridors.fetch.publishers.stops import stops_table
from corridors.fetch.publishers.terrain import read_heights, tile_name
from corridors.fetch.registry import GovUkAttachment
from layers.rasters import sample_surface, write_heights
from tests.support.publishers import Publishers, Reply, gov_uk_page, json_reply, web_page

MEDIA = "https://assets.publishing.service.gov.uk/media"
ASK = GovUkAttachment(
    "govuk", "https://www.gov.uk/government/statistics/indices-2025", r"File_7_.*\.csv", f"{MEDIA}/1/File_7_old.csv"
)
CONTENT_API = "https://www.gov.uk/api/content/government/statistics/indices-2025"


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    with Publishers() as server:
        yield server


@pytest.fixture
def web(publishers: Publishers) -> Iterator[Downloader]:
    session = publishers.session()
    with session.client:
        yield Downloader(session, ["www.gov.uk"], attempts=2)


def test_the_page_says_where_its_file_is_now(publishers: Publishers, web: Downloader) -> None:
    page = gov_uk_page(f"{MEDIA}/68ff/File_1.xlsx", f"{MEDIA}/691d/File_7_IoD2025.csv", f"{MEDIA}/68ff/File_8.csv")
    publishers.on(CONTENT_API, page)
    assert resolve_attachment(ASK, web) == (f"{MEDIA}/691d/File_7_IoD2025.csv", "")


def test_of_two_versions_the_one_uploaded_last_wins(publishers: Publishers, web: Downloader) -> None:
    old, new = f"{MEDIA}/68ff5daa/File_7_x.csv", f"{MEDIA}/691ded56/File_7_x.csv"
    publishers.on(CONTENT_API, gov_uk_page(new, old))
    assert resolve_attachment(ASK, web) == (new, "")


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (web_page(), "could not be had"),
        (Reply(b"", 503), "could not be had"),
        (gov_uk_page(f"{MEDIA}/1/File_8.csv"), r"lists no file named like File_7_"),
        (json_reply({"details": None}), "lists no file"),
        (json_reply({"details": {"attachments": [None, {"url": 7}]}}), "lists no file"),
        (gov_uk_page("https://[", "https://[::1]/File_7_x.csv\ud800", "https://[x]/File_7_x.csv"), "lists no file"),
    ],
)
def test_where_the_page_does_not_say_the_pinned_address_is_used_and_said(
    publishers: Publishers, web: Downloader, reply: Reply, words: str
) -> None:
    publishers.on(CONTENT_API, reply)
    address, remark = resolve_attachment(ASK, web)
    assert address == ASK.pinned
    assert "the pinned address was used" in remark
    assert words.replace("\\", "") in remark


INDICES = (
    "﻿LSOA code (2021),LSOA name (2021),Index of Multiple Deprivation (IMD) Score,"
    '"Index of Multiple Deprivation (IMD) Rank\n(where 1 is most deprived)",'
    "Index of Multiple Deprivation (IMD)  Decile (where 1 is most deprived 10% of LSOAs),Income Score (rate),"
    'Employment Score (rate),"Education, Skills and Training Score"\n'
    "E01000001,A,40.5,100,1,0.31,0.22,55.1\nE01000002,B,4.5,30000,10,0.01,0.02,5.1\n"
)


def test_indices_are_found_under_headers_with_line_breaks_and_double_blanks(tmp_path: Path) -> None:
    (tmp_path / "f7.csv").write_text(INDICES, encoding="utf-8")
    table = deprivation_table(tmp_path / "f7.csv", "lsoa21_code", "2021")
    assert table.iloc[0].tolist() == ["E01000001", "40.5", "100", "1", "0.31", "0.22", "55.1"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("Income Score (rate)", "Income"), ("LSOA name (2021)", "Income Score (again)"), ("(2021)", "(2031)")],
)
def test_a_header_that_is_missing_or_doubled_is_named(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "f7.csv").write_text(INDICES.replace(old, new), encoding="utf-8")
    with pytest.raises(
        FetchError, match=r"f7\.csv: expected one column beginning with each of these: .*\((0|2) times\)"
    ):
        deprivation_table(tmp_path / "f7.csv", "lsoa21_code", "2021")


def test_stops_in_use_are_placed_by_their_grid_reference(tmp_path: Path) -> None:
    """As in the real file, longitude and latitude are empty; (406,689, 286,822) is Birmingham."""
    header = "ATCOCode,CommonName,LocalityName,StopType,Easting,Northing,Longitude,Latitude,Status\n"
    rows = [
        "043000A,High Street,City,BCT,406689,286822,,,active",
        "043000B,Old Street,City,BCT,406689,286822,,,inactive",
        "043000C,Nowhere,City,BCT,,,,,active",
    ]
    (tmp_path / "n.csv").write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
    stops = stops_table(tmp_path / "n.csv")
    assert stops.table["atco_code"].tolist() == ["043000A"]
    assert stops.table.loc[0, "lon"] == pytest.approx(-1.9029, abs=0.001)
    assert stops.table.loc[0, "lat"] == pytest.approx(52.4793, abs=0.001)
    assert stops.notes == ("1 stops out of use and 1 without a place left out",)


def square_zones() -> gpd.GeoDataFrame:
    """Two squares of 0.1 degrees beside each other, in degrees so that points are easy to place."""
    shapes = [shapely.box(-2.0, 52.4, -1.9, 52.5), shapely.box(-1.9, 52.4, -1.8, 52.5)]
    return gpd.GeoDataFrame({"lsoa21_code": ["a", "b"]}, geometry=shapes, crs="EPSG:4326").to_crs("EPSG:27700")


def test_brownfield_hectares_are_summed_where_their_points_lie(tmp_path: Path) -> None:
    rows = [
        "1,POINT(-1.95 52.45),1.5,",
        "2,POINT (-1.96 52.46),2.25,",
        '3,"POINT(-1.95 52.45)",9,2020-01-01',  # ended
        "4,,4,",  # without a point
        "5,POINT(-1.85 52.45),15000,",  # square metres
        "6,POINT(-1.85 52.45),0,",
        "7,POINT(0.1 51.5),3,",  # London
        "8,POINT(1.2.3 .),3,",
    ]
    (tmp_path / "b.csv").write_text("reference,point,hectares,end-date\n" + "\n".join(rows) + "\n", encoding="utf-8")
    land = brownfield_table(tmp_path / "b.csv", square_zones())
    assert land.table.to_dict("records") == [
        {"lsoa21_code": "a", "brownfield_ha": 3.75, "brownfield_sites": 2},
        {"lsoa21_code": "b", "brownfield_ha": 0.0, "brownfield_sites": 0},
    ]
    assert land.notes == ("of 8 entries of England 1 ended, 2 had no point, 2 no credible size; left out",)


def test_bank_holidays_are_those_of_england_and_wales(tmp_path: Path) -> None:
    days = [{"title": "New Year’s Day", "date": "2027-01-01"}, {"title": "Boxing Day", "date": "2026-12-28"}]
    listed = {"england-and-wales": {"events": days}, "scotland": {"events": [{"title": "x", "date": "2027-01-04"}]}}
    (tmp_path / "h.json").write_text(json.dumps(listed), encoding="utf-8")
    assert holidays_table(tmp_path / "h.json")["date"].tolist() == ["2026-12-28", "2027-01-01"]
    days = [{"title": "Half \ud800 a \x1b[2Jletter", "date": "2026-12-28"}]
    (tmp_path / "h.json").write_text(json.dumps({"england-and-wales": {"events": days}}), encoding="utf-8")
    assert holidays_table(tmp_path / "h.json")["title"].tolist() == ["Half \ufffd a \ufffd[2Jletter"]
    (tmp_path / "h.json").write_text('{"england": {}}', encoding="utf-8")
    with pytest.raises(FetchError, match=r"h\.json: expected england-and-wales"):
        holidays_table(tmp_path / "h.json")


@pytest.mark.parametrize(
    ("column", "row", "name"),
    [(40, 28, "SP08"), (39, 30, "SJ90"), (43, 29, "SP39"), (46, 120, "HP60"), (53, 18, "TQ38"), (0, 0, "SV00")],
)
def test_tiles_are_named_as_on_the_map(column: int, row: int, name: str) -> None:
    assert tile_name(column, row) == name


def tile_zip(height: object, cells: int = 200, rows: int | None = None) -> bytes:
    """An inner zip as Terrain 50 has it: one grid of one height, with the first cell (the north-west one) 999."""
    header = f"ncols {cells}\nnrows {cells}\nxllcorner 0\nyllcorner 0\ncellsize 50\n"
    lines = [" ".join([str(height)] * cells)] * (cells if rows is None else rows)
    lines[0] = "999" + lines[0].removeprefix(str(height))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("SP08.asc", header + "\n".join(lines) + "\n")
        archive.writestr("SP08.prj", "British National Grid")
    return out.getvalue()


def terrain_zip(path: Path, **tiles: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in tiles.items():
            archive.writestr(f"data/{name[:2]}/{name}_OST50GRID_20250529.zip", content)
        archive.writestr("readme.txt", "heights")
    return path


WITHIN_SP08 = (405_000.0, 285_000.0, 405_000.0, 285_000.0)  # with its margin just the tile SP08


def test_tiles_are_joined_in_their_places_and_read_back_as_heights(tmp_path: Path) -> None:
    """SP08 at 100 m and SP18 east of it at 200 m: between the two points the height doubles."""
    path = terrain_zip(tmp_path / "t.zip", sp08=tile_zip(100), sp18=tile_zip(200), tq38=b"not looked at")
    heights = read_heights(path, (405_000.0, 285_000.0, 415_000.0, 285_000.0))
    assert heights.cells.shape == (200, 400)
    assert (heights.left_m, heights.top_m) == (400_000.0, 290_000.0)
    assert heights.cells[0, 0] == heights.cells[0, 200] == 999  # the north-west cell of each tile
    tif = write_heights(tmp_path / "h.tif", heights.cells, left_m=400_000, top_m=290_000, cell_m=50, crs="EPSG:27700")
    lon, lat = np.array([-1.926, -1.779]), np.array([52.463, 52.463])  # about (405, 285) km and (415, 285) km
    assert sample_surface(tif, lon, lat).tolist() == [100, 200]


def test_where_there_is_no_tile_the_height_is_not_known(tmp_path: Path) -> None:
    heights = read_heights(
        terrain_zip(tmp_path / "t.zip", sp08=tile_zip(100)), (405_000.0, 285_000.0, 415_000.0, 285_000.0)
    )
    assert np.isnan(heights.cells[:, 200:]).all()
    assert not np.isnan(heights.cells[:, :200]).any()


@pytest.mark.parametrize(
    ("tiles", "words"),
    [
        ({"tq38": tile_zip(1)}, r"holds none of the region's tiles \(SP08\)"),
        ({"sp08": tile_zip(1, cells=20)}, "tile SP08: expected 200 x 200 cells of 50 m"),
        ({"sp08": tile_zip(1, rows=7)}, r"tile SP08: cut short, \(7, 200\) cells"),
        ({"sp08": tile_zip("high")}, "tile SP08: its heights can't be read"),
        ({"sp08": b"PK not a zip"}, "damaged"),
        ({"sp08": b""}, "damaged"),
    ],
)
def test_odd_tiles_are_one_clear_error(tmp_path: Path, tiles: dict[str, bytes], words: str) -> None:
    with pytest.raises(FetchError, match=words):
        read_heights(terrain_zip(tmp_path / "t.zip", **tiles), WITHIN_SP08)


def test_an_archive_with_a_name_that_is_no_text_is_one_clear_error(tmp_path: Path) -> None:
    path = terrain_zip(tmp_path / "t.zip", sp08=tile_zip(1))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("é.txt", "")
    path.write_bytes(path.read_bytes().replace("é.txt".encode(), b"\xff\xfe.txt"))
    with pytest.raises(FetchError, match=r"t\.zip: damaged.*fetch it again"):
        read_heights(path, WITHIN_SP08)
