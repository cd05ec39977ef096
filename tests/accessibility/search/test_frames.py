"""Travel times as analysts take them: frames with ids and NaN, a short summary, curves, points out of a GeoDataFrame."""

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import shapely

from accessibility import SearchSpec, SearchSpecError, TravelTimes, Walk, points, travel_times
from accessibility.errors import PointsError
from tests.support.feeds import feed_text, timetable_on, trip

mpl.use("Agg")
SPEC = SearchSpec(8 * 3600, 8 * 3600 + 1200, walk=Walk(max_s=0), percentiles=(50.0, 100.0), cutoffs_s=())
TIMETABLE = timetable_on(feed_text(*(trip(f"t{n}", f"A 08:{n}5 | B 08:{n + 1}5") for n in range(2))))


def searched(spec: SearchSpec = SPEC) -> TravelTimes:
    """From A and C (where nothing calls) to A and B. Buses leave at 08:05 and 08:15 and take ten minutes."""
    stops = TIMETABLE.stops.set_index("stop_id")
    origins = points(["home", "away"], [stops.lon["A"], stops.lon["A"] + 1], [stops.lat["A"]] * 2)
    return travel_times(
        TIMETABLE, None, origins, points(["A", "B"], stops.lon[["A", "B"]], stops.lat[["A", "B"]]), spec
    )


def test_a_long_frame_has_ids_minutes_and_nan() -> None:
    """Of 20 departures, those at 08:00 to 08:05 take 15 to 10 min, 08:06 to 08:15 take 19 to 10, the last four fail."""
    frame = searched().to_frame()
    assert list(frame.columns) == ["from_id", "to_id", "p50_min", "p100_min", "reach_share"]
    assert frame[["from_id", "to_id"]].to_numpy().tolist() == [
        ["home", "A"],
        ["home", "B"],
        ["away", "A"],
        ["away", "B"],
    ]
    took = sorted([*range(10, 16), *range(10, 20), *[np.inf] * 4])
    assert frame["p50_min"].tolist()[:2] == [0, took[9]]
    assert frame["p50_min"].isna().tolist() == [False, False, True, True]
    assert frame["p100_min"].isna().tolist() == [False, True, True, True]
    assert frame["reach_share"].tolist() == [1, 0.8, 0, 0]
    assert np.nanmax(frame[["p50_min", "p100_min"]]) < 20


def test_a_wide_frame_is_the_long_one_unstacked() -> None:
    times = searched()
    long = times.to_frame(50).pivot(index="from_id", columns="to_id", values="p50_min")
    pd.testing.assert_frame_equal(times.to_frame(wide=True).sort_index(), long, check_column_type=False)


def test_names_of_the_r5_family_are_given_on_demand() -> None:
    assert list(searched().to_frame(50, r5_names=True)) == ["from_id", "to_id", "travel_time_p50", "reach_share"]


def test_a_percentile_that_was_not_searched_is_named() -> None:
    with pytest.raises(SearchSpecError, match="percentile 75 was not searched"):
        searched().to_frame(75)


def test_without_ids_points_are_numbered() -> None:
    times = searched()._replace(origin_ids=None, destination_ids=None)
    assert times.to_frame(wide=True).index.tolist() == [0, 1]


def test_a_summary_is_short_and_says_what_was_found() -> None:
    times = searched()
    assert repr(times) == (
        "<travel times of 2 origins and 2 destinations over 20 departures: percentile 50, 50.0% of pairs reached, "
        "7 min at the median of them>"
    )
    page = times._repr_html_()
    assert "home" in page
    assert "not reached" in page
    assert str(2**30) not in page + repr(times)


def test_a_curve_ends_at_the_share_that_arrives() -> None:
    axes = searched().plot()
    ends = {str(line.get_label()): line.get_xydata()[-1].tolist() for line in axes.get_lines()}
    assert ends == {"A": [0.0, 50.0], "B": [14.0, 50.0]}
    many = searched()._replace(
        seconds_or_unreached=np.zeros((2, 1, 11), np.int32), departures_within=np.zeros((1, 1, 11), np.int32),
        origin_ids=None, destination_ids=None,
    )  # fmt: skip
    with pytest.raises(SearchSpecError, match="11 destinations are too many"):
        many.plot()


def test_points_come_out_of_a_geodataframe_in_any_system() -> None:
    frame = gpd.GeoDataFrame(
        {"id": ["a", "b"]}, geometry=gpd.points_from_xy([-1.9, -1.8], [52.5, 52.6]), crs="EPSG:4326"
    )
    for given in (frame, frame.to_crs("EPSG:27700"), frame.set_index("id"), frame.to_crs("EPSG:27700").set_index("id")):
        taken = points(given, radius_m=400)
        assert (taken.ids.tolist(), taken.radius_m) == (["a", "b"], 400)
        np.testing.assert_allclose([taken.lon, taken.lat], [[-1.9, -1.8], [52.5, 52.6]], atol=1e-7)


def test_a_polygon_is_represented_by_a_point_inside() -> None:
    horseshoe = shapely.Polygon([(0, 0), (9, 0), (9, 9), (8, 9), (8, 1), (1, 1), (1, 9), (0, 9)])
    taken = points(gpd.GeoDataFrame(geometry=[horseshoe], index=["u"], crs="EPSG:4326"))
    assert horseshoe.contains(shapely.Point(taken.lon[0], taken.lat[0]))


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)]), "has no CRS"),
        (gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (1, 1)])], crs="EPSG:4326"), "neither points nor polygons"),
        (gpd.GeoDataFrame(geometry=[shapely.Point()], crs="EPSG:4326"), "neither points nor polygons, first '0'"),
        (["a"], "or a GeoDataFrame"),
    ],
)  # fmt: skip
def test_what_gives_no_points_is_named(frame: object, said: str) -> None:
    with pytest.raises(PointsError, match=said):
        points(frame)  # type: ignore[arg-type]
