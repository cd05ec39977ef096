"""Values between geographies, with answers that are mental arithmetic."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import GeographyError, LayerError
from layers.reading.areal_transfer import area_lookup, check_changes, nesting_lookup, point_lookup, transfer
from tests.layers.conftest import square

# One parent M splits into a (300 people) and b (100); parents p and q merge into c.
PAIRS = pd.DataFrame({"parent": ["M", "M", "p", "q"], "zone": ["a", "b", "c", "c"]})
PEOPLE = pd.Series({"a": 300.0, "b": 100.0, "c": 500.0})
ZONES = pd.Index(["a", "b", "c"], name="zone_id")


def test_jobs_are_shared_by_people_and_summed_where_areas_merge() -> None:
    jobs = pd.Series({"M": 80.0, "p": 10.0, "q": 5.0}, name="jobs")
    moved = transfer(jobs, nesting_lookup(PAIRS, PEOPLE), ZONES, kind="count", geography="MSOA 2021")
    assert moved.values.to_dict() == {"a": 60, "b": 20, "c": 15}
    assert moved.resolution == "MSOA 2021"
    assert moved.findings == ()


def test_without_people_a_count_is_shared_equally() -> None:
    jobs = pd.Series({"M": 80.0, "p": 10.0, "q": 5.0}, name="jobs")
    moved = transfer(jobs, nesting_lookup(PAIRS), ZONES, kind="count", geography="MSOA 2021")
    assert moved.values.to_dict() == {"a": 40, "b": 40, "c": 15}


def test_a_zone_without_people_gets_a_known_zero_of_a_shared_count() -> None:
    jobs = pd.Series({"M": 80.0, "p": 10.0, "q": 5.0}, name="jobs")
    people = pd.Series({"a": 0.0, "b": 100.0, "c": 500.0})
    moved = transfer(jobs, nesting_lookup(PAIRS, people), ZONES, kind="count", geography="MSOA 2021")
    assert moved.values.to_dict() == {"a": 0, "b": 80, "c": 15}


def test_a_rate_is_inherited_by_parts_and_averaged_by_people_where_areas_merge() -> None:
    rate = pd.Series({"M": 0.3, "p": 0.2, "q": 0.6}, name="level4_share")
    people = pd.Series({"M": 400.0, "p": 300.0, "q": 100.0})
    moved = transfer(rate, nesting_lookup(PAIRS), ZONES, kind="rate", geography="LSOA 2011", base=people)
    assert moved.values.to_dict() == pytest.approx({"a": 0.3, "b": 0.3, "c": 0.3})  # (300 x 0.2 + 100 x 0.6) / 400


def test_an_average_without_people_as_weights_says_so() -> None:
    rate = pd.Series({"M": 0.3, "p": 0.2, "q": 0.6}, name="level4_share")
    moved = transfer(rate, nesting_lookup(PAIRS), ZONES, kind="rate", geography="LSOA 2011")
    assert moved.values["c"] == pytest.approx(0.4)
    assert [(finding.code, finding.sample) for finding in moved.findings] == [("averaged_without_people", ("c",))]


@pytest.mark.parametrize(
    ("p", "q", "merged"),
    [(2, 2, 2.0), (1, 3, np.nan)],
    ids=["parts that agree keep their decile", "a decile is never averaged"],
)
def test_deciles_pass_to_parts_and_merge_only_in_agreement(p: int, q: int, merged: float) -> None:
    deciles = pd.Series({"M": 1.0, "p": p, "q": q}, name="imd_decile")
    moved = transfer(deciles, nesting_lookup(PAIRS), ZONES, kind="decile", geography="LSOA 2011")
    assert moved.values.to_dict() == pytest.approx({"a": 1, "b": 1, "c": merged}, nan_ok=True)


def test_a_merged_decile_follows_a_clear_majority_of_people() -> None:
    deciles = pd.Series({"M": 1.0, "p": 4.0, "q": 9.0}, name="imd_decile")
    people = pd.Series({"M": 1.0, "p": 700.0, "q": 300.0})
    moved = transfer(deciles, nesting_lookup(PAIRS), ZONES, kind="decile", geography="LSOA 2011", base=people)
    assert moved.values["c"] == 4


def test_a_zone_half_of_whose_sources_are_withheld_is_missing_not_undercounted() -> None:
    jobs = pd.Series({"M": 80.0, "p": 10.0, "q": np.nan}, name="jobs")
    moved = transfer(jobs, nesting_lookup(PAIRS), ZONES, kind="count", geography="MSOA 2021")
    assert np.isnan(moved.values["c"])
    assert [(finding.code, finding.sample) for finding in moved.findings] == [
        ("targets_without_value", ("c",)),
        ("amount_not_placed", ("p",)),
    ]


def test_what_falls_outside_the_zones_is_a_loss_and_other_regions_are_not() -> None:
    """M sends a quarter of its 80 jobs to a zone we do not have; X is a parent far away."""
    pairs = pd.DataFrame({"parent": ["M", "M", "X"], "zone": ["a", "outside", "elsewhere"], "share": [0.75, 0.25, 1.0]})
    jobs = pd.Series({"M": 80.0, "X": 1000.0}, name="jobs")
    moved = transfer(jobs, nesting_lookup(pairs), pd.Index(["a"]), kind="count", geography="MSOA 2021")
    assert moved.values["a"] == 60
    loss = moved.findings[0]
    assert (loss.code, loss.count, loss.sample) == ("amount_not_placed", 1, ("M",))
    assert "20 of 80 (25.0%)" in loss.effect


def test_what_falls_in_a_zone_left_without_a_value_is_a_loss_too() -> None:
    """Zone b takes a tenth of M's 50 jobs and most of what N withheld: it is missing, and the five jobs are counted."""
    pairs = pd.DataFrame({"parent": ["M", "M", "N"], "zone": ["a", "b", "b"], "share": [0.9, 0.1, 1.0]})
    jobs = pd.Series({"M": 50.0, "N": np.nan}, name="jobs")
    moved = transfer(jobs, nesting_lookup(pairs), pd.Index(["a", "b"]), kind="count", geography="MSOA 2021")
    assert moved.values.to_dict() == pytest.approx({"a": 45.0, "b": np.nan}, nan_ok=True)
    effects = {finding.code: finding.effect for finding in moved.findings}
    assert "5 of 50 (10.0%)" in effects["amount_not_placed"]


def test_a_sliver_of_an_area_without_a_value_is_left_out_and_counted() -> None:
    pairs = pd.DataFrame({"parent": ["M", "N"], "zone": ["a", "a"], "share": [1.0, 0.1]})
    rate = pd.Series({"M": 0.4, "N": np.nan}, name="level4_share")
    people = pd.Series({"M": 900.0, "N": 900.0})
    moved = transfer(rate, nesting_lookup(pairs), pd.Index(["a"]), kind="rate", geography="MSOA 2011", base=people)
    assert moved.values["a"] == pytest.approx(0.4)
    assert [finding.code for finding in moved.findings] == ["targets_partly_covered"]


def test_a_lookup_of_another_geography_is_refused() -> None:
    jobs = pd.Series({"M": 80.0}, name="jobs")
    with pytest.raises(GeographyError, match="reaches none of the zones"):
        transfer(jobs, nesting_lookup(PAIRS), pd.Index(["zz"]), kind="count", geography="MSOA 2021")
    with pytest.raises(GeographyError, match="no row of the table is of this region: it has codes"):
        transfer(jobs.rename({"M": "other"}), nesting_lookup(PAIRS), ZONES, kind="count", geography="MSOA 2021")


def test_weights_that_would_multiply_a_count_are_refused() -> None:
    pairs = PAIRS.assign(share=[0.8, 0.8, 1.0, 1.0])
    with pytest.raises(LayerError, match=r"sum to at most 1 a source \(M\)"):
        nesting_lookup(pairs)


@pytest.mark.parametrize("share", [-0.1, np.nan])
def test_weights_that_are_no_shares_are_named(share: float) -> None:
    pairs = PAIRS.assign(share=[0.5, 0.5, share, 1.0])
    with pytest.raises(LayerError, match=r"sum to at most 1 a source \(p(: blank or below 0)?\)"):
        nesting_lookup(pairs)


def test_overlap_shares_follow_area() -> None:
    """A 2 km square over four 1 km zones, one of which is missing."""
    source = gpd.GeoDataFrame(index=["S"], geometry=[square(0, 0, 2000)], crs="EPSG:27700")
    zones = gpd.GeoDataFrame(
        index=["a", "b", "c"], geometry=[square(0, 0), square(1, 0), square(0, 1)], crs="EPSG:27700"
    )
    lookup = area_lookup(source, zones)
    assert lookup["weight"].tolist() == [0.25, 0.25, 0.25]
    moved = transfer(pd.Series({"S": 100.0}, name="ha"), lookup, zones.index, kind="count", geography="grid")
    assert moved.values.sum() == 75
    assert "25 of 100 (25.0%)" in moved.findings[0].effect


def test_slivers_of_outlines_drawn_differently_are_no_overlap() -> None:
    wide = square(0, 0).buffer(0.4, join_style="mitre")  # 0.4 m too wide all round
    source = gpd.GeoDataFrame(index=["S"], geometry=[wide], crs="EPSG:27700")
    zones = gpd.GeoDataFrame(index=["a", "b"], geometry=[square(0, 0), square(1, 0)], crs="EPSG:27700")
    assert area_lookup(source, zones)["target_id"].tolist() == ["a"]


def test_people_at_points_decide_the_shares() -> None:
    zones = gpd.GeoDataFrame(index=["a", "b"], geometry=[square(0, 0), square(1, 0)], crs="EPSG:27700")
    points = pd.DataFrame(
        {
            "source_id": ["S", "S", "S"],
            "x": [400_500, 401_500, 409_000],
            "y": [300_500, 300_500, 300_500],
            "weight": [60, 30, 10],
        }
    )
    assert point_lookup(points, zones).set_index("target_id")["weight"].to_dict() == {"a": 0.6, "b": 0.3}


def test_change_codes_must_agree_with_their_pairs() -> None:
    check_changes(PAIRS, pd.Series(["S", "S", "M", "M"]))
    with pytest.raises(GeographyError, match=r"change codes contradict the pairs of 2 areas \(p, q\)"):
        check_changes(PAIRS, pd.Series(["S", "S", "U", "U"]))
    assert check_changes(PAIRS, pd.Series(["S", "S", "X", "X"]))[0].code == "irregular_changes"


@settings(deadline=None)
@given(
    counts=st.lists(st.integers(0, 10_000), min_size=1, max_size=6),
    parts=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(0, 50)), min_size=1, max_size=25),
)
def test_sharing_and_summing_keep_the_total(counts: list[int], parts: list[tuple[int, int, int]]) -> None:
    """Whatever the nesting and the people, nothing is created and nothing is lost inside the zones."""
    pairs = pd.DataFrame({(source % len(counts), zone) for source, zone, _ in parts}, columns=["source", "zone"])
    people = pd.Series({zone: float(weight) for _, zone, weight in parts})
    values = pd.Series(counts, dtype="float64", name="jobs")
    targets = pd.Index(sorted(pairs["zone"].unique()))
    moved = transfer(values, nesting_lookup(pairs, people), targets, kind="count", geography="any")
    assert moved.values.sum() == pytest.approx(values[pairs["source"].unique()].sum())
    assert moved.findings == ()
