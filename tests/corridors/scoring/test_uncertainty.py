"""Everything that could have been chosen otherwise: small score spaces whose answers can be worked out."""

import numpy as np
import pandas as pd
import pytest

from corridors.scoring.rank_tables import RankEvidence, RankRequest, pair_sentence, rank_evidence
from corridors.scoring.ranks import monte_carlo_error, verdict
from corridors.scoring.scores import INDICATORS, corridor_scores, dimension_scores
from corridors.scoring.uncertainty import (
    FACTORS,
    MEASURES,
    Alternatives,
    ChosenValues,
    Draws,
    ScoreSpace,
    draw,
    evaluate,
    one_at_a_time,
    score_space,
    total_effects,
)

THIRDS = np.full(3, 1 / 3)
NAMES = {"a": "Alpha", "b": "Bravo"}


def zones(n: int = 60, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    columns = {one.column: rng.uniform(0, 1, n) for one in INDICATORS}
    return pd.DataFrame({**columns, "population": rng.integers(500, 2000, n)}, index=[f"Z{i}" for i in range(n)])


def members(**ids: list[str]) -> pd.Series:
    return pd.Series([zone for group in ids.values() for zone in group], index=[k for k, g in ids.items() for _ in g])


def space_of(frame: pd.DataFrame, gap: bool = True, **catchments: pd.Series) -> ScoreSpace:
    """A space with the catchments given, and two sets of centres by two windows, all but the first made up."""
    columns = {name: frame[name].to_numpy(float) for name in ("centres_within_cutoff", "reliability")}
    order = np.random.default_rng(1)
    chosen = {
        name: ChosenValues(
            ("centre_set", "window"),
            np.stack([[own, order.permutation(own)], [order.permutation(own), order.permutation(own)]]),
        )
        for name, own in columns.items()
    }
    levels = {"centre_set": ("nine", "eight"), "window": ("seven", "six")}
    return score_space(frame, ["a", "b"], INDICATORS, Alternatives(catchments, levels, chosen), THIRDS, gap)


def only(space: ScoreSpace, **levels: int) -> Draws:
    picks = {choice: np.array([levels.get(choice, 0)]) for choice in space.levels}
    return Draws(picks, np.ones((1, space.people.shape[-1])), space.mix[None, :])


FRAME = zones()
NARROW = members(a=["Z1", "Z2", "Z3"], b=["Z3", "Z4"])
WIDE = members(a=["Z1", "Z2", "Z3", "Z9"], b=["Z3", "Z4", "Z5"])


def test_the_first_levels_give_the_runs_own_scores() -> None:
    space = space_of(FRAME, narrow=NARROW, wide=WIDE)
    scores, people = dimension_scores(FRAME), FRAME["population"]
    own = evaluate(space, only(space))[0]
    for row, ids in zip(own, (["Z1", "Z2", "Z3"], ["Z3", "Z4"]), strict=True):
        expected = corridor_scores(scores, people, ids)
        assert row[:3] == pytest.approx([expected["need"], expected["opportunity"], expected["connectivity"]])
        gap = [expected["need"], expected["opportunity"], 100 - expected["connectivity"]]
        assert row[3] == pytest.approx(np.mean(gap))


def test_another_catchment_scores_its_own_zones() -> None:
    space = space_of(FRAME, narrow=NARROW, wide=WIDE)
    wide = evaluate(space, only(space, catchment=1))[0]
    expected = corridor_scores(dimension_scores(FRAME), FRAME["population"], ["Z3", "Z4", "Z5"])
    assert wide[1, 0] == pytest.approx(expected["need"])


def test_leaving_an_indicator_out_scores_the_rest() -> None:
    space = space_of(FRAME, narrow=NARROW)
    number = space.levels["left_out"].index("income_rate")
    fewer = dimension_scores(FRAME, [one for one in INDICATORS if one.column != "income_rate"])
    expected = corridor_scores(fewer, FRAME["population"], ["Z3", "Z4"])
    assert evaluate(space, only(space, left_out=number))[0, 1, 0] == pytest.approx(expected["need"])


def test_centres_and_hours_touch_connectivity_alone() -> None:
    space = space_of(FRAME, narrow=NARROW)
    own, other = evaluate(space, only(space))[0], evaluate(space, only(space, centre_set=1, window=1))[0]
    assert other[:, :2] == pytest.approx(own[:, :2])
    assert (other[:, 2] != own[:, 2]).all()


def test_another_edition_touches_need_alone_and_is_a_factor_of_its_ranks() -> None:
    """In the other edition the zones' incomes are dealt out anew: need is that of zones with these incomes."""
    own = FRAME["income_rate"].to_numpy(float)
    other = np.random.default_rng(8).permutation(own)
    chosen = {"income_rate": ChosenValues(("deprivation",), np.stack([own, other]))}
    levels = {"deprivation": ("2025", "2019")}
    space = score_space(FRAME, ["a", "b"], INDICATORS, Alternatives({"narrow": NARROW}, levels, chosen), THIRDS)
    first, second = (evaluate(space, only(space, deprivation=number))[0] for number in (0, 1))
    expected = corridor_scores(dimension_scores(FRAME.assign(income_rate=other)), FRAME["population"], ["Z3", "Z4"])
    assert second[1, 0] == pytest.approx(expected["need"])
    assert second[:, 1:3] == pytest.approx(first[:, 1:3])
    effects = total_effects(space, 500, np.random.default_rng(1))
    assert "deprivation" in effects.index and "window" not in effects.index  # it has one level only
    number = space.levels["left_out"].index("income_rate")
    left_out = [evaluate(space, only(space, deprivation=edition, left_out=number))[0] for edition in (0, 1)]
    assert left_out[0] == pytest.approx(left_out[1])


def test_connectivity_may_count_as_a_level_instead_of_a_gap() -> None:
    gap, level = space_of(FRAME, narrow=NARROW), space_of(FRAME, gap=False, narrow=NARROW)
    a, b = evaluate(gap, only(gap))[0, 0], evaluate(level, only(level))[0, 0]
    assert a[3] == pytest.approx((a[0] + a[1] + 100 - a[2]) / 3)
    assert b[3] == pytest.approx(b[:3].mean())


def test_adding_a_corridor_moves_no_other_corridors_score() -> None:
    alone = score_space(FRAME, ["a"], INDICATORS, Alternatives({"narrow": NARROW[NARROW.index == "a"]}, {}, {}), THIRDS)
    both = score_space(FRAME, ["a", "b"], INDICATORS, Alternatives({"narrow": NARROW}, {}, {}), THIRDS)
    assert evaluate(alone, only(alone))[0, 0] == pytest.approx(evaluate(both, only(both))[0, 0])


def test_the_order_of_zones_changes_nothing() -> None:
    shuffled = FRAME.sample(frac=1, random_state=5)
    one = score_space(FRAME, ["a", "b"], INDICATORS, Alternatives({"narrow": NARROW}, {}, {}), THIRDS)
    other = score_space(shuffled, ["a", "b"], INDICATORS, Alternatives({"narrow": NARROW}, {}, {}), THIRDS)
    assert evaluate(one, only(one)) == pytest.approx(evaluate(other, only(other)))


def test_a_corridor_without_scored_zones_has_no_score_and_comes_last() -> None:
    frame = FRAME.copy()
    frame.loc[["Z3", "Z4"], "income_rate"] = np.nan
    space = space_of(frame, narrow=NARROW)
    assert np.isnan(evaluate(space, only(space))[0, 1, 0])
    ranks = one_at_a_time(space).query("measure == 'need' and corridor_id == 'b'")
    assert (ranks["rank"] == 2).mean() > 0.5


def test_draws_vary_only_what_they_are_told_to() -> None:
    space = space_of(FRAME, narrow=NARROW, wide=WIDE)
    drawn = draw(space, 500, np.random.default_rng(1), {"catchment"})
    assert set(drawn.picks["catchment"]) == {0, 1}
    assert not drawn.picks["normalisation"].any()
    assert (drawn.zones == 1).all()
    assert drawn.weights == pytest.approx(np.tile(THIRDS, (500, 1)))


def test_a_choice_that_alone_decides_has_the_whole_effect() -> None:
    """Corridor a is the neediest zone in one catchment and the least needy in the other: only the catchment matters."""
    need = FRAME["income_rate"].to_numpy()
    frame = FRAME.assign(employment_rate=need, no_car_share=need, level4_share=1 - need)
    order = frame["income_rate"].sort_values().index
    low, middle, high = order[5], order[30], order[-5]
    space = space_of(frame, one=members(a=[low], b=[middle]), other=members(a=[high], b=[middle]))
    effects = total_effects(space, 400, np.random.default_rng(2))["need"]
    assert effects["catchment"] == pytest.approx(1, abs=0.1)
    assert effects.drop("catchment").to_numpy() == pytest.approx(np.zeros(7))


def test_evidence_says_nothing_of_a_combined_rank_unless_asked() -> None:
    space = space_of(FRAME, narrow=NARROW, wide=WIDE)
    apart = rank_evidence(space, NAMES, RankRequest(2000, 1, False, {}))
    assert apart.ranks == {}
    assert set(apart.acceptability["measure"]) == {"need", "opportunity", "connectivity"}
    together = rank_evidence(space, NAMES, RankRequest(2000, 1, True, {"need_led": np.array([0.5, 0.25, 0.25])}))
    assert set(together.ranks) == {"a", "b"}
    assert sum(one["p_rank_1"] for one in together.ranks.values()) == pytest.approx(1)
    varied = together.acceptability.query("measure == 'combined'")["varied"]
    assert {"everything", "weights only", "weights near need_led"} <= set(varied)


def test_the_verdict_on_a_pair_is_never_that_of_weights_alone() -> None:
    space = space_of(FRAME, narrow=NARROW, wide=WIDE)
    pairs = rank_evidence(space, NAMES, RankRequest(2000, 1, True, {})).pairs
    row = pairs[pairs["measure"] == "combined"].iloc[0]
    expected = draw(space, 2000, np.random.default_rng(9), list(FACTORS))
    values = evaluate(space, expected)[..., MEASURES.index("combined")]
    a, b = [space.corridor_ids.index(row[column]) for column in ("corridor_a", "corridor_b")]
    assert row["p_a_above_b"] == pytest.approx((values[:, a] > values[:, b]).mean(), abs=0.04)
    assert "weights alone" in row["sentence"]


def test_the_same_seed_gives_the_same_tables() -> None:
    space = space_of(FRAME, narrow=NARROW, wide=WIDE)
    one, other = (rank_evidence(space, NAMES, RankRequest(1000, 7, True, {})) for _ in range(2))
    for name in ("acceptability", "pairs", "choices", "influence", "dominance"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert one.ranks == other.ranks


def test_one_corridor_has_no_rank() -> None:
    space = score_space(FRAME, ["a"], INDICATORS, Alternatives({"narrow": NARROW[NARROW.index == "a"]}, {}, {}), THIRDS)
    assert rank_evidence(space, NAMES, RankRequest(1000, 1, True, {})) == RankEvidence()


@pytest.mark.parametrize(
    ("beats", "error", "said"),
    [
        (0.97, 0.003, "On need, Alpha ranks above Bravo in 97 % of draws (± 0.3 points): robust."),
        (0.7, 0.009, "On need, Alpha ranks above Bravo in 70 % of draws (± 0.9 points): likely."),
        (0.997, 0.0011, "On need, Alpha ranks above Bravo in over 99 % of draws (± 0.2 points): robust."),
        (1.0, 0.0002, "On need, Alpha ranks above Bravo in every draw (± 0.1 points): robust."),
        (0.6611, 0.005, "On need, Alpha ranks above Bravo in 66 % of draws (± 0.5 points): between likely and not "
         "distinguishable."),
        (0.58, 0.01, "On need, Alpha and Bravo are not distinguishable: the first ranks above in 58 % of draws (± 1.0 "
         "points)."),
    ],
)  # fmt: skip
def test_a_pair_is_put_in_one_plain_sentence(beats: float, error: float, said: str) -> None:
    assert pair_sentence("need", ("Alpha", "Bravo"), (beats, error)) == said


def test_no_word_for_a_pair_hangs_on_the_seed() -> None:
    """Forty seeds: whatever a share comes out as, its word is that of the true share, or is between that and another."""
    rng, draws, truth = np.random.default_rng(1), 2000, 0.668
    for _ in range(40):
        share = rng.binomial(draws, truth) / draws
        assert "likely" in verdict(share, monte_carlo_error(share, draws))
    assert {verdict(round(one, 3)) for one in rng.binomial(draws, truth, 200) / draws} == {
        "likely",
        "not distinguishable",
    }


def test_the_monte_carlo_error_covers_what_other_seeds_give() -> None:
    rng, draws = np.random.default_rng(2), 1000
    for truth in (0.02, 0.5, 0.9):
        shares = rng.binomial(draws, truth, 2000) / draws
        within = [abs(share - truth) <= monte_carlo_error(share, draws) for share in shares]
        assert 0.92 < np.mean(within) < 0.98
    assert 0 < monte_carlo_error(1.0, draws) < 0.005
