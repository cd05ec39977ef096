"""ONS layers from an ArcGIS server on loopback: names that change, pages, blocks, errors inside 200 answers."""

from collections.abc import Iterator
from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from corridors.fetch.errors import FetchError
from corridors.fetch.http.downloader import Downloader
from corridors.fetch.publishers.arcgis import fetch_rows
from corridors.fetch.registry import ArcGisLayer
from tests.support.publishers import (
    ARCGIS_BASE,
    ARCGIS_HOST,
    FeatureService,
    Publishers,
    Reply,
    feature_server,
    json_reply,
    web_page,
)

BASE = f"https://{ARCGIS_HOST}{ARCGIS_BASE}"
LOOKUP = ArcGisLayer(
    kind="arcgis",
    base=BASE,
    pattern=r"LSOA21_WD(\d\d)_LAD\1_EW_LU(?:_v(\d+))?",
    pinned="LSOA21_WD25_LAD25_EW_LU_v2",
    select="districts",
    key=r"LAD\d\dCD",
    fields={"lsoa21_code": "LSOA21CD", "lad_code": r"LAD\d\dCD"},
)
POINTS = replace(
    LOOKUP, pattern=r"P_V(\d+)", pinned="P_V4", key="LSOA21CD", fields={"code": "LSOA21CD"}, shape="points"
)
SHAPES = replace(POINTS, shape="polygons")


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    with Publishers() as server:
        yield server


@pytest.fixture
def web(publishers: Publishers) -> Iterator[Downloader]:
    session = publishers.session()
    with session.client:
        yield Downloader(session, [ARCGIS_HOST])


def lookup_service(year: int, zones: int = 3, page_cap: int = 1000) -> FeatureService:
    rows = [{"LSOA21CD": f"E01{n:06d}", f"LAD{year}CD": "E08000025", f"LAD{year}NM": "B"} for n in range(zones)]
    return FeatureService(rows, page_cap=page_cap)


def serve(publishers: Publishers, **services: FeatureService) -> None:
    publishers.on_all_of(ARCGIS_HOST, ARCGIS_BASE, feature_server(services))


def test_the_newest_name_wins_and_its_fields_carry_another_year(publishers: Publishers, web: Downloader) -> None:
    serve(
        publishers,
        LSOA21_WD24_LAD24_EW_LU=lookup_service(24),
        LSOA21_WD25_LAD25_EW_LU_v2=lookup_service(25),
        LSOA21_WD26_LAD26_EW_LU=lookup_service(26, zones=4),
        LSOA21_WD26_LAD27_EW_LU=lookup_service(27),
    )
    rows = fetch_rows(LOOKUP, ["E08000025"], web)
    assert rows.service == "LSOA21_WD26_LAD26_EW_LU"
    assert len(rows.frame) == 4
    assert rows.frame.iloc[0].tolist() == ["E01000000", "E08000025"]


def test_versions_are_numbers_and_not_letters(publishers: Publishers, web: Downloader) -> None:
    service = FeatureService([{"LSOA21CD": "a"}], [{"x": 1.0, "y": 2.0}], wkid=4326)
    serve(publishers, P_V9=service, P_V10=service)
    assert fetch_rows(POINTS, ["a"], web).service == "P_V10"


def test_a_newer_service_without_the_fields_is_passed_over(publishers: Publishers, web: Downloader) -> None:
    """The exact-fit lookup and the best-fit lookup share a name: only one of them has the field of changes."""
    ask = replace(
        LOOKUP, fields={"code": "LSOA21CD", "change": "CHGIND"}, key="LSOA21CD", pattern=r"LU_v(\d+)", pinned="LU_v5"
    )
    exact = FeatureService([{"LSOA21CD": "a", "CHGIND": "U"}])
    serve(publishers, LU_v5=exact, LU_v6=FeatureService([{"LSOA21CD": "a"}]))
    assert fetch_rows(ask, ["a"], web).service == "LU_v5"


def test_without_a_list_of_services_the_pinned_name_is_used_and_said(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, LSOA21_WD25_LAD25_EW_LU_v2=lookup_service(25))
    publishers.on(BASE, web_page())
    rows = fetch_rows(LOOKUP, ["E08000025"], web)
    assert rows.service == LOOKUP.pinned
    assert "the pinned name was used" in rows.notes[0]


def test_no_service_with_the_fields_is_an_error_that_names_them(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, LSOA21_WD25_LAD25_EW_LU_v2=FeatureService([{"F_LSOA21CD": "a", "LAD25CD": "b"}]))
    with pytest.raises(FetchError, match=r"LSOA21_WD25_LAD25_EW_LU_v2: expected one field named like LSOA21CD"):
        fetch_rows(LOOKUP, ["E08000025"], web)


@pytest.mark.parametrize("zones", [1, 9, 10, 11, 25, 30])
def test_pages_are_joined_without_loss_or_repeat(publishers: Publishers, web: Downloader, zones: int) -> None:
    serve(publishers, LSOA21_WD25_LAD25_EW_LU_v2=lookup_service(25, zones, page_cap=10))
    codes = fetch_rows(LOOKUP, ["E08000025"], web).frame["lsoa21_code"]
    assert codes.tolist() == [f"E01{n:06d}" for n in range(zones)]


def test_long_lists_of_codes_go_by_post_in_blocks(publishers: Publishers, web: Downloader) -> None:
    codes = [f"E01{n:06d}" for n in range(450)]
    service = FeatureService([{"LSOA21CD": code} for code in codes], [{"x": 0.0, "y": 0.0}] * 450, wkid=4326)
    serve(publishers, P_V4=service)
    assert fetch_rows(POINTS, codes, web).frame["code"].tolist() == codes
    queries = [asked for asked in publishers.asked if asked.path.endswith("/query")]
    assert [asked.form["where"].count("'E01") for asked in queries] == [200, 200, 50]
    assert {asked.method for asked in queries} == {"POST"}


def test_an_error_inside_a_200_answer_is_tried_again(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, LSOA21_WD25_LAD25_EW_LU_v2=lookup_service(25))
    busy = json_reply({"error": {"code": 400, "message": "Invalid query parameters"}})
    query = f"{BASE}/LSOA21_WD25_LAD25_EW_LU_v2/FeatureServer/0/query"
    publishers.on(query, busy, feature_server({"LSOA21_WD25_LAD25_EW_LU_v2": lookup_service(25)}))
    assert len(fetch_rows(LOOKUP, ["E08000025"], web).frame) == 3
    publishers.on(query, busy)
    with pytest.raises(FetchError, match=r"the service reports an error \(400 Invalid query parameters\)"):
        fetch_rows(LOOKUP, ["E08000025"], web)


def test_a_service_that_repeats_its_pages_is_given_up(
    publishers: Publishers, web: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corridors.fetch.publishers.arcgis._MAX_PAGES", 3)
    serve(publishers, LSOA21_WD25_LAD25_EW_LU_v2=lookup_service(25))
    page = {"features": [{"attributes": {"FID": 0, "LSOA21CD": "a"}}], "exceededTransferLimit": True}
    publishers.on(f"{BASE}/LSOA21_WD25_LAD25_EW_LU_v2/FeatureServer/0/query", json_reply(page))
    with pytest.raises(FetchError, match="it repeats itself"):
        fetch_rows(LOOKUP, ["E08000025"], web)


def test_a_page_without_object_ids_is_an_error(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, LSOA21_WD25_LAD25_EW_LU_v2=lookup_service(25))
    page = {"features": [{"attributes": {"LSOA21CD": "a"}}], "exceededTransferLimit": True}
    publishers.on(f"{BASE}/LSOA21_WD25_LAD25_EW_LU_v2/FeatureServer/0/query", json_reply(page))
    with pytest.raises(FetchError, match="a row has no FID"):
        fetch_rows(LOOKUP, ["E08000025"], web)


def test_an_answer_without_features_is_an_error(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, LSOA21_WD25_LAD25_EW_LU_v2=lookup_service(25))
    publishers.on(f"{BASE}/LSOA21_WD25_LAD25_EW_LU_v2/FeatureServer/0/query", Reply(b'{"count": 3}'))
    with pytest.raises(FetchError, match="the answer holds no features"):
        fetch_rows(LOOKUP, ["E08000025"], web)


def test_points_come_in_degrees(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, P_V4=FeatureService([{"LSOA21CD": "a"}], [{"x": -1.9, "y": 52.5}], wkid=4326))
    row = fetch_rows(POINTS, ["a"], web).frame.iloc[0]
    assert (row["lon"], row["lat"]) == (-1.9, 52.5)
    assert publishers.asked[-1].form["outSR"] == "4326"


def test_coordinates_of_another_system_than_asked_for_are_refused(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, P_V4=FeatureService([{"LSOA21CD": "a"}], [{"x": 407000.0, "y": 287000.0}], wkid=27700))
    with pytest.raises(FetchError, match=r"27700.*where 4326 was asked for"):
        fetch_rows(POINTS, ["a"], web)


def test_a_row_without_its_point_is_an_error(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, P_V4=FeatureService([{"LSOA21CD": "a"}], [{}], wkid=4326))
    with pytest.raises(FetchError, match="a row has no point"):
        fetch_rows(POINTS, ["a"], web)


def ring(x: float, y: float, side: float) -> list[list[float]]:
    return [[x, y], [x, y + side], [x + side, y + side], [x + side, y], [x, y]]


def test_rings_become_polygons_with_holes_and_islands(publishers: Publishers, web: Downloader) -> None:
    """A square of 10 m with a hole of 4 m, and an island of 2 m beside it: 100 - 16 + 4 square metres."""
    rings = [ring(0, 0, 10), ring(3, 3, 4)[::-1], ring(20, 0, 2)]
    serve(publishers, P_V4=FeatureService([{"LSOA21CD": "a"}], [{"rings": rings}]))
    frame = fetch_rows(SHAPES, ["a"], web).frame
    assert isinstance(frame, gpd.GeoDataFrame)
    assert frame.crs == "EPSG:27700"
    assert frame.geometry[0].area == 88
    assert not frame.geometry[0].contains(shapely.Point(5, 5))


def test_a_row_without_outline_stays_a_row(publishers: Publishers, web: Downloader) -> None:
    """It is for the reader of zones to refuse it by name."""
    serve(publishers, P_V4=FeatureService([{"LSOA21CD": "a"}], [{}]))
    assert fetch_rows(SHAPES, ["a"], web).frame.geometry[0] is None


GOOD = {"attributes": {"FID": 1, "LSOA21CD": "E01000001"}, "geometry": {"x": 1.0, "y": 2.0}}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"features": [None]}, "some without attributes"),
        ({"features": ["E01000001"]}, "some without attributes"),
        ({"features": [{"attributes": ["E01000001"]}]}, "some without attributes"),
        ({"features": [GOOD], "spatialReference": []}, "answers in coordinates"),
        ({"features": [GOOD], "spatialReference": {"wkid": [4326]}}, "answers in coordinates"),
        ({"features": [{**GOOD, "geometry": "1 2"}], "spatialReference": {"wkid": 4326}}, "a row has no point"),
    ],
)
def test_points_of_another_shape_are_one_clear_error(
    publishers: Publishers, web: Downloader, answer: dict[str, object], words: str
) -> None:
    serve(publishers, P_V4=FeatureService([{"LSOA21CD": "E01000001"}]))
    publishers.on(f"{BASE}/P_V4/FeatureServer/0/query", json_reply(answer))
    with pytest.raises(FetchError, match=words):
        fetch_rows(POINTS, ["E01000001"], web)


@pytest.mark.parametrize(
    "geometry",
    [
        "x",
        {"rings": 5},
        {"rings": [[1, 2, 3, 4]]},
        {"rings": [[["a", 1]] * 4]},
        {"rings": [[[1e400, 0]] * 4 + [[0, 0]]]},
    ],
)
def test_outlines_that_are_none_are_one_clear_error(publishers: Publishers, web: Downloader, geometry: object) -> None:
    serve(publishers, P_V4=FeatureService([{"LSOA21CD": "E01000001"}]))
    answer = {"features": [{**GOOD, "geometry": geometry}], "spatialReference": {"wkid": 27700}}
    publishers.on(f"{BASE}/P_V4/FeatureServer/0/query", json_reply(answer))
    with pytest.raises(FetchError, match=r"a row has an outline (that can't be read|with a corner that is nowhere)"):
        fetch_rows(SHAPES, ["E01000001"], web)


def test_control_characters_and_half_letters_in_names_are_replaced(publishers: Publishers, web: Downloader) -> None:
    serve(publishers, P_V4=FeatureService([{"LSOA21CD": "E01\x1b[2J"}, {"LSOA21CD": "E01\ud800"}]))
    ask = replace(LOOKUP, pattern=POINTS.pattern, pinned="P_V4", key="LSOA21CD", fields={"code": "LSOA21CD"})
    publishers.on(
        f"{BASE}/P_V4/FeatureServer/0/query",
        json_reply(
            {"features": [{"attributes": {"FID": n, "LSOA21CD": c}} for n, c in enumerate(["a\x1b", "b\ud800"])]}
        ),
    )
    assert list(fetch_rows(ask, ["E01"], web).frame["code"]) == ["a\ufffd", "b\ufffd"]
