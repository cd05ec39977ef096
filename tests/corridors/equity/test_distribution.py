"""Who has access and who has not: small regions whose tables can be filled in by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from corridors.access.hotspots import HIGH, LOW, NEITHER, access_clusters, permutation_p
from corridors.equity.distribution import (
    access_by_deprivation,
    access_gap,
    benefit_word,
    curves_table,
    doubly_disadvantaged,
    doubly_disadvantaged_by_place,
    fifths_by_place,
    group_shares,
    inequality_table,
    outcomes,
)
from corridors.places.places import places_of


def zones() -> pd.DataFrame:
    """Ten zones of 100 people: deciles 1 to 10; Z0 (decile 1) and Z9 (decile 10) are worst placed, Z0 cannot be reached."""
    return pd.DataFrame(
        {
            "population": 100.0,
            "households": 40.0,
            "households_no_car": np.arange(10.0, 0, -1),
            "imd_decile": np.arange(1.0, 11),
            "income_rate": np.linspace(0.4, 0.04, 10),
            "minutes_to_needed": [np.nan, 20, 20, 20, 30, 30, 40, 40, 50, 60],
            "jobs_within_cutoff": [0.0, 100, 100, 100, 80, 80, 60, 60, 40, 20],
            "centres_within_cutoff": [0, 4, 4, 4, 3, 3, 2, 2, 1, 1],
            "meets_kpi": [False, True, True, True, True, True, False, False, False, False],
            "district_code": ["A"] * 5 + ["B"] * 5,
        },
        index=[f"Z{i}" for i in range(10)],
    )


def test_the_doubly_disadvantaged_are_the_slowest_fifth_of_people_in_the_most_deprived_fifth_of_areas() -> None:
    hit = doubly_disadvantaged(zones())
    assert hit.index[hit].tolist() == ["Z0"]  # Z9 is as badly placed and not deprived; Z1 is deprived and well placed


def test_double_disadvantage_is_not_known_where_it_hangs_on_an_unknown_decile() -> None:
    hit = doubly_disadvantaged(zones().assign(imd_decile=[np.nan, np.nan, *range(3, 11)]))
    assert hit.isna().tolist() == [True] + [False] * 9  # Z1 is well placed: its decile would change nothing
    assert not hit.fillna(False).any()


def test_the_cell_of_low_access_and_high_deprivation_has_its_people_and_their_cars() -> None:
    table = access_by_deprivation(zones())
    cell = table[table["doubly_disadvantaged"]].iloc[0]
    assert cell[["zones", "people", "people_share", "no_car_households"]].tolist() == [1, 100, 0.1, 10]
    assert table["people"].sum() == 1000


def test_the_doubly_disadvantaged_of_a_place_are_a_share_of_its_people_and_withheld_where_it_is_small() -> None:
    frame = zones()
    frame["doubly_disadvantaged"] = doubly_disadvantaged(frame)
    members = pd.Series(frame.index, index=["all"] * 10)
    whole = places_of("region", pd.Series({"all": "All"}), members, frame)
    small = places_of("pilot", pd.Series({"p": "P"}), pd.Series(["Z0", "Z1"], index=["p", "p"]), frame)
    table = doubly_disadvantaged_by_place(frame, whole.and_(small))
    assert table["people"].tolist() == [100, 100]
    assert table["people_share"].tolist() == pytest.approx([0.1, np.nan], nan_ok=True)


def test_fifths_of_a_place_add_up_to_it_and_small_ones_give_no_share() -> None:
    frame = pd.concat([zones(), zones().rename(index="Y{}".format)] * 5)  # ten zones of every decile
    frame.index = pd.Index([f"Z{number}" for number in range(len(frame))])
    whole = places_of("region", pd.Series({"all": "All"}), pd.Series(frame.index, index=["all"] * 100), frame)
    half = places_of("corridor", pd.Series({"c": "C"}), pd.Series(frame.index[:45], index=["c"] * 45), frame)
    table = fifths_by_place(frame, whole.and_(half)).set_index(["place_kind", "quintile"])
    assert table.loc["region", "zones"].tolist() == [20] * 5
    assert table.loc["region", "kpi_share"].tolist() == [0.5, 1, 1, 0, 0]  # decile 1 misses, 2 to 6 meet, 7 to 10 miss
    assert table.loc["region", "people_within"].sum() == 100 * frame["meets_kpi"].sum()
    # 45 zones are four of each decile, and one more of deciles 1 to 5: ten, ten, nine, eight and eight.
    assert table.loc["corridor", "zones"].tolist() == [10, 10, 9, 8, 8]
    assert table.loc["corridor", "suppressed"].tolist() == [False, False, True, True, True]
    assert table.loc["corridor", "kpi_share"].tolist() == pytest.approx([0.5, 1, *[np.nan] * 3], nan_ok=True)


def test_the_quintile_ratio_and_the_poverty_line_can_be_worked_out() -> None:
    """Fifth 1 (deciles 1, 2) has 50 jobs on average, fifth 5 has 30; half the median of 60 is 30: Z0 and Z9 are below."""
    table = inequality_table(zones(), outcomes(zones(), 9, 3)).set_index(["measure", "statistic"])["value"]
    assert table["jobs_within_cutoff", "mean"] == 64
    assert table["jobs_within_cutoff", "quintile_ratio"] == pytest.approx(50 / 30)
    assert table["jobs_within_cutoff", "fgt0"] == pytest.approx(0.2)
    assert table["jobs_within_cutoff", "fgt1"] == pytest.approx((1 + 1 / 3) / 10)
    assert table["jobs_within_cutoff", "fgt2"] == pytest.approx((1 + 1 / 9) / 10)
    assert table["centres_within_cutoff", "fgt0"] == pytest.approx(0.5)  # five zones have fewer than three centres
    assert table["centres_within_cutoff", "fgt1"] == pytest.approx((1 + 1 / 3 + 1 / 3 + 2 / 3 + 2 / 3) / 10)
    assert table["meets_kpi", "mean"] == 0.5


def test_the_share_below_three_centres_is_what_the_headline_leaves_out() -> None:
    table = inequality_table(zones(), outcomes(zones(), 9, 3)).set_index(["measure", "statistic"])["value"]
    assert table["centres_within_cutoff", "fgt0"] == pytest.approx(1 - table["meets_kpi", "mean"])


def test_theil_parts_add_up_and_a_test_met_or_not_has_no_palma() -> None:
    table = inequality_table(zones(), outcomes(zones(), 9, 3)).set_index(["measure", "statistic"])["value"]
    parts = table["jobs_within_cutoff"][["theil_between_districts", "theil_within_districts"]]
    assert parts.sum() == pytest.approx(table["jobs_within_cutoff", "theil"])
    assert "palma" not in table["meets_kpi"].index


def test_a_palma_ratio_over_nothing_has_no_value_and_a_note_says_why() -> None:
    few = zones()
    few["jobs_within_cutoff"] = np.where(np.arange(len(few)) == len(few) - 1, 100.0, 0.0)
    table = inequality_table(few, outcomes(few, 9, 3)).set_index(["measure", "statistic"])
    row = table.loc[("jobs_within_cutoff", "palma")]
    assert np.isnan(row["value"]) and row["note"].endswith("these have none, so no number says it")


def test_access_poverty_at_a_higher_line_is_never_lower() -> None:
    table = inequality_table(zones(), outcomes(zones(), 9, 3)).set_index(["measure", "statistic"])["value"]
    for aversion in (0, 1, 2):
        lines = [table["jobs_within_cutoff", f"fgt{aversion}{suffix}"] for suffix in ("_at_40", "", "_at_60")]
        assert lines == sorted(lines)


def test_the_access_gap_is_each_zones_part_of_the_poverty_gap() -> None:
    frame = zones()
    table = inequality_table(frame, outcomes(frame, 9, 3)).set_index(["measure", "statistic"])["value"]
    assert np.average(access_gap(frame), weights=frame["population"]) == pytest.approx(
        table["jobs_within_cutoff", "fgt1"]
    )


def test_curves_run_from_nothing_to_everything() -> None:
    table = curves_table(zones(), outcomes(zones(), 9, 3))
    for _, curve in table.groupby(["measure", "curve"]):
        assert curve["value_share"].iloc[[0, -1]].tolist() == pytest.approx([0, 1])
        assert curve["value_share"].is_monotonic_increasing
    lorenz = table[(table["measure"] == "jobs_within_cutoff") & (table["curve"] == "lorenz")].set_index("people_share")
    assert lorenz.loc[0.2, "value_share"] == pytest.approx(20 / 640)  # the two zones with 0 and 20 jobs


def test_a_groups_share_of_access_is_set_against_its_share_of_people() -> None:
    """The most deprived fifth: 200 of 1,000 people and 100 of 640 jobs' worth of access: 4.4 points below."""
    table = group_shares(zones(), outcomes(zones(), 9, 3)).set_index(["measure", "group"])
    row = table.loc["jobs_within_cutoff", "deprivation fifth 1, most deprived"]
    assert row["people_share"] == pytest.approx(0.2)
    assert row["access_share"] == pytest.approx(100 / 640)
    assert row["difference_points"] == pytest.approx(100 * (100 / 640 - 0.2))
    assert row["word"] == "moderate beneficial"
    cars = table.loc["jobs_within_cutoff", "households without a car"]
    assert cars["people_share"] == pytest.approx(55 / 400)  # of households, not of people
    assert cars["label"].startswith("in the style of TAG")


@pytest.mark.parametrize(
    ("points", "word"),
    [(5.1, "large beneficial"), (5, "moderate beneficial"), (-5, "moderate beneficial"), (-5.1, "slight beneficial")],
)
def test_the_words_change_beyond_five_points(points: float, word: str) -> None:
    assert benefit_word(points) == word


def grid() -> pd.DataFrame:
    return pd.DataFrame({"x": np.repeat(np.arange(12.0), 12) * 1000, "y": np.tile(np.arange(12.0), 12) * 1000})


def test_a_block_of_slow_zones_is_a_cluster_and_noise_elsewhere_is_not() -> None:
    points = grid()
    slow = (points["x"] < 4000) & (points["y"] < 4000)
    minutes = pd.Series(np.random.default_rng(1).normal(30, 2, len(points))).mask(slow, 80.0)
    found = access_clusters(points, minutes, 120)
    assert (found.loc[slow & (points["x"] < 3000) & (points["y"] < 3000), "access_cluster"] == LOW).all()
    assert (found.loc[(points["x"] > 6000) & (points["y"] > 6000), "access_cluster"] != LOW).all()


def test_unreachable_zones_count_as_the_longest_search() -> None:
    points = grid()
    gone = points["x"] > 8000
    minutes = pd.Series(30.0, index=points.index).mask(gone)
    found = access_clusters(points, minutes, 120)
    within = (points["x"] > 9000) & points["y"].between(
        1000, 10000
    )  # at a corner, one of the nearest eight is not gone
    assert (found.loc[within, "access_cluster"] == LOW).all()
    assert HIGH not in set(found.loc[gone, "access_cluster"])


def test_gi_star_is_its_closed_form() -> None:
    """Ord and Getis (1995): (sum over the nine - 9 mean) / (s sqrt((9 n - 81) / (n - 1)))."""
    points, minutes = grid(), pd.Series(np.random.default_rng(2).uniform(10, 60, 144))
    middle = points.index[(points["x"] == 5000) & (points["y"] == 5000)][0]
    near = ((points - points.loc[middle]).abs() <= 1000).all(axis=1)
    expected = (minutes[near].sum() - 9 * minutes.mean()) / (minutes.std(ddof=0) * np.sqrt((9 * 144 - 81) / 143))
    assert access_clusters(points, minutes, 120).loc[middle, "access_cluster_z"] == pytest.approx(expected)


def test_p_is_the_share_of_draws_of_other_zones_that_are_as_rare() -> None:
    """Among 30 zones of which eight are slow, eight slow neighbours are one draw in C(29, 8) where the zone itself is not."""
    values = np.repeat([50.0, 10.0], [8, 22])
    p = permutation_p(values, np.full(30, 8 * 50.0))
    assert p[8:] == pytest.approx(2 / 10_000, rel=0.5)
    usual = permutation_p(values, np.full(30, 2 * 50.0 + 6 * 10.0))
    from_hypergeometric = hypergeom(29, 8, 8)
    expected = 2 * min(from_hypergeometric.sf(1), from_hypergeometric.cdf(2))
    assert usual[8:] == pytest.approx(min(1, expected), abs=0.03)
    rarer = permutation_p(values, np.full(30, 5 * 50.0 + 3 * 10.0))
    assert rarer[8:] == pytest.approx(2 * from_hypergeometric.sf(4), rel=0.15)
    assert rarer[:8] == pytest.approx(2 * hypergeom(29, 7, 8).sf(4), rel=0.3)  # a slow zone has seven slow others


def test_nothing_clusters_where_all_take_as_long_or_zones_are_few() -> None:
    points = grid()
    assert (access_clusters(points, pd.Series(30.0, index=points.index), 120)["access_cluster"] == NEITHER).all()
    few = points.iloc[:10]
    assert (access_clusters(few, pd.Series(range(10), dtype=float), 120)["access_cluster"] == NEITHER).all()
