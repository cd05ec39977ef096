"""Scores: normalisation by hand, nothing counted twice, and nothing that moves when it should not."""

import numpy as np
import pandas as pd
import pytest

from corridors.errors import ScoringError
from corridors.scoring.scores import (
    INDICATORS,
    Indicator,
    chosen_indicators,
    combined_scores,
    corridor_scores,
    dimension_scores,
    indicator_correlations,
    normalised,
    ranks_of,
)

MORE = Indicator("x", "need", "x")
LESS = Indicator("x", "need", "x", higher_is_more=False)


def region(n: int = 101, seed: int = 0) -> pd.DataFrame:
    """Zones with every usual indicator."""
    rng = np.random.default_rng(seed)
    columns = {one.column: rng.uniform(0, 1, n) for one in INDICATORS}
    return pd.DataFrame({**columns, "population": rng.integers(500, 2000, n)}, index=[f"Z{i}" for i in range(n)])


def test_robust_min_max_runs_from_the_5th_to_the_95th_percentile_and_clips() -> None:
    scores = normalised(pd.Series(range(101)), MORE)
    assert scores[[0, 5, 50, 95, 100]].tolist() == pytest.approx([0, 0, 50, 100, 100])
    assert normalised(pd.Series(range(101)), LESS)[[5, 50, 95]].tolist() == pytest.approx([100, 50, 0])


def test_a_z_score_of_one_is_60() -> None:
    assert normalised(pd.Series([0.0, 2.0]), MORE, "z-score").tolist() == [40, 60]  # mean 1, deviation 1


def test_ranks_are_mid_ranks_in_per_cent_and_ties_share() -> None:
    assert normalised(pd.Series([3.0, 1.0, 3.0, 9.0]), MORE, "rank").tolist() == [50, 12.5, 50, 87.5]


@pytest.mark.parametrize("method", ["robust min-max", "z-score", "rank"])
def test_missing_stays_missing_and_equal_zones_score_50(method: str) -> None:
    assert normalised(pd.Series([7.0, np.nan, 7.0]), MORE, method).tolist() == pytest.approx(
        [50, np.nan, 50], nan_ok=True
    )


def test_counts_are_scored_on_a_logarithmic_scale() -> None:
    jobs = Indicator("jobs_within_cutoff", "opportunity", "jobs", logarithmic=True)
    scores = normalised(pd.Series([0.0] * 10 + [99.0] + [9_999.0] * 10), jobs)
    assert scores[10] == pytest.approx(50)  # log(100) is half of log(10,000)


def test_a_geometric_mean_lets_no_dimension_make_up_for_another() -> None:
    both = np.array([[25.0, 100.0], [60.0, 60.0]])
    assert combined_scores(both, "arithmetic").tolist() == pytest.approx([62.5, 60])
    assert combined_scores(both, "geometric").tolist() == pytest.approx([50, 60])  # sqrt(25 * 100)
    assert combined_scores(np.array([0.0, 100.0]), "geometric") == pytest.approx(10)  # 0 counts as 1


def test_weights_weigh() -> None:
    assert combined_scores(np.array([80.0, 20.0]), "arithmetic", np.array([0.75, 0.25])) == pytest.approx(65)


def test_scores_do_not_depend_on_the_order_of_zones() -> None:
    zones = region()
    shuffled = dimension_scores(zones.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(shuffled.loc[zones.index], dimension_scores(zones))


def test_adding_a_corridor_moves_no_score() -> None:
    zones = region()
    scores, people = dimension_scores(zones), zones["population"]
    alone = corridor_scores(scores, people, ["Z1", "Z2"])
    corridor_scores(scores, people, ["Z50", "Z60"])
    assert corridor_scores(scores, people, ["Z1", "Z2"]) == alone


def test_a_zone_that_lacks_an_indicator_has_no_score() -> None:
    zones = region()
    zones.loc["Z3", "income_rate"] = np.nan
    scores = dimension_scores(zones)
    assert np.isnan(scores.loc["Z3", "need"])
    assert scores["need"].isna().sum() == 1
    assert scores["opportunity"].notna().all()


def test_a_corridors_score_is_weighted_by_people_and_its_pockets_are_counted() -> None:
    scores = pd.DataFrame({"need": [0.0, 100.0, *[50.0] * 8]}, index=list("abcdefghij")).assign(
        opportunity=50.0, connectivity=50.0
    )
    people = pd.Series(1.0, index=scores.index).replace({}).mask(scores.index == "b", 3.0)
    found = corridor_scores(scores, people, ["a", "b"])
    assert found["need"] == 75  # (1 * 0 + 3 * 100) / 4
    assert found["need_pocket_share"] == 0.75  # b alone is above the 80th percentile


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["imd_score", "income_rate"], "made of its domains"),
        (["employment_rate", "unemployment_share"], "out of work"),
        (["education_score", "level4_share"], "education domain"),
        (["income_rate", "income_rate"], "named twice"),
        (["imd_decile"], "never averaged"),
        (["income_rank"], "never averaged"),
        (["barriers_score"], "distances"),
        (["jobs_within_cutoff"], "belongs to opportunity"),
        (["happiness"], "not an indicator"),
    ],
)
def test_what_counts_something_twice_or_averages_ranks_is_refused(columns: list[str], said: str) -> None:
    with pytest.raises(ScoringError, match=said):
        chosen_indicators({"need": columns})


def test_every_refusal_is_reported_at_once() -> None:
    with pytest.raises(ScoringError, match=r"2 problem\(s\)") as error:
        chosen_indicators({"need": ["imd_score", "income_rate", "happiness"]})
    assert "happiness" in str(error.value)


def test_the_shortfall_of_jobs_may_not_stand_beside_the_jobs() -> None:
    with pytest.raises(ScoringError, match="same jobs"):
        chosen_indicators({"need": ["access_gap"], "opportunity": ["jobs_within_cutoff"]})


def test_dimensions_that_are_not_named_keep_their_usual_indicators() -> None:
    chosen = chosen_indicators({"need": ["imd_score"]})
    assert [one.column for one in chosen] == ["imd_score", *(i.column for i in INDICATORS if i.dimension != "need")]


def test_an_indicators_correlation_with_itself_is_one_and_with_its_opposite_minus_one() -> None:
    zones = region()
    zones["employment_rate"] = zones["income_rate"] ** 2  # same order
    zones["level4_share"] = 1 - zones["income_rate"]
    table = indicator_correlations(zones.join(dimension_scores(zones)), INDICATORS).set_index("indicator")
    none = indicator_correlations(zones.join(dimension_scores(zones, ())), ())
    assert none.empty and list(none)[:3] == ["indicator", "title", "dimension"]  # a configuration may leave none
    assert table.loc["income_rate", "employment_rate"] == pytest.approx(1)
    assert table.loc["income_rate", "level4_share"] == pytest.approx(-1)
    assert {"need", "opportunity", "connectivity"} <= set(table.columns)


def test_equal_values_share_the_better_rank_and_missing_ones_come_last() -> None:
    assert ranks_of(np.array([5.0, 9.0, 5.0, np.nan])).tolist() == [2, 1, 2, 4]
