"""Ranks under uncertainty: closed forms, and the worked example of the scoring notes on the real layers."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from corridors.scoring.rank_tables import Lead
from corridors.scoring.ranks import dominates, rank_acceptability, rank_uncertainty, verdict, weight_draws
from layers.reading.places import catchments, members, read_corridors
from tests.support.shared_data import PLACES, WEST_MIDLANDS, needs_west_midlands

DRAWS = 20_000
CORRIDORS = ["icknield_smethwick", "wolverhampton_walsall", "sandwell_dudley", "perry_barr_a34"]


def test_the_share_of_weights_that_put_one_first_is_the_length_of_its_interval() -> None:
    """One scores w, the other (1 - w) / 2: the first is ahead for w > 1/3, which is two thirds of all w."""
    found = rank_acceptability(np.array([[1.0, 0.0], [0.0, 0.5]]), DRAWS, seed=1)
    assert found.acceptability[0, 0] == pytest.approx(2 / 3, abs=0.01)
    assert found.beats[0, 1] == pytest.approx(2 / 3, abs=0.01)
    assert found.beats[0, 1] + found.beats[1, 0] == pytest.approx(1)


def test_what_is_dominated_never_ranks_above() -> None:
    found = rank_acceptability(np.array([[2.0, 3.0, 1.0], [1.0, 3.0, 0.0]]), DRAWS, seed=1)
    assert found.acceptability.tolist() == [[1, 0], [0, 1]]
    assert dominates(np.array([[2.0, 3.0, 1.0], [1.0, 3.0, 0.0]])).tolist() == [[False, True], [False, False]]


def test_equals_do_not_dominate_each_other_and_beat_each_other_half_the_time() -> None:
    same = np.array([[1.0, 2.0], [1.0, 2.0]])
    assert not dominates(same).any()
    assert rank_acceptability(same, DRAWS, seed=1).beats[0, 1] == 0.5


def test_every_alternative_takes_exactly_one_rank_in_every_draw() -> None:
    values = np.random.default_rng(0).uniform(size=(500, 5))
    found = rank_uncertainty(values)
    assert found.acceptability.sum(axis=0) == pytest.approx(np.ones(5))
    assert found.acceptability.sum(axis=1) == pytest.approx(np.ones(5))
    assert (found.low <= found.median).all() and (found.median <= found.high).all()


def test_weights_sum_to_one_and_stay_near_a_preset_when_asked() -> None:
    rng = np.random.default_rng(1)
    flat, near = weight_draws(3, DRAWS, rng), weight_draws(3, DRAWS, rng, np.array([0.5, 0.25, 0.25]))
    assert flat.sum(axis=1) == pytest.approx(np.ones(DRAWS))
    assert flat.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.01)
    assert near.mean(axis=0) == pytest.approx([0.5, 0.25, 0.25], abs=0.01)
    assert near[:, 0].std() == pytest.approx(np.sqrt(0.5 * 0.5 / 21), abs=0.005)  # Dirichlet(10, 5, 5)


@pytest.mark.parametrize(
    ("beats", "word"),
    [(1.0, "robust"), (0.9, "robust"), (0.1, "robust"), (0.899, "likely"), (0.66, "likely"), (0.34, "likely"),
     (0.659, "not distinguishable"), (0.5, "not distinguishable"), (float("nan"), "not known")],
)  # fmt: skip
def test_words_follow_the_probability(beats: float, word: str) -> None:
    assert verdict(beats) == word


@pytest.fixture(scope="module")
def need_by_buffer() -> dict[float, pd.DataFrame]:
    """Buffer -> corridor x income and employment decile-1 shares, mean adult skills, LSOAs, those in employment decile 1."""
    zones = gpd.read_file(WEST_MIDLANDS / "zones" / "lsoa11_wm.gpkg").to_crs("EPSG:27700").set_index("lsoa11_code")
    spots = zones.representative_point()
    points = pd.DataFrame({"x": spots.x, "y": spots.y}).rename_axis("zone_id")
    deciles = pd.read_csv(WEST_MIDLANDS / "deprivation" / "imd2019_england_lsoa11.csv", index_col=0)
    skills = pd.read_csv(WEST_MIDLANDS / "deprivation" / "imd2019_indicators_lsoa11.csv", index_col=0)
    pairs = members(points, catchments(read_corridors(PLACES / "corridors.csv")))
    pairs["income"] = pairs["zone_id"].map(deciles["Income_decile"]).eq(1)
    pairs["employment"] = pairs["zone_id"].map(deciles["Employment_decile"]).eq(1)
    pairs["skills"] = pairs["zone_id"].map(skills["adult_skills_and_english_language_proficiency_indicator"])
    grouped = pairs.groupby(["buffer_m", "corridor_id"])
    table = grouped[["income", "employment", "skills"]].mean()
    table = table.assign(lsoas=grouped.size(), employment_lsoas=grouped["employment"].sum())
    return {buffer_m: table.loc[buffer_m].loc[CORRIDORS] for buffer_m in (800.0, 1200.0, 2000.0)}


@needs_west_midlands
@pytest.mark.parametrize(
    ("buffer_m", "first", "second", "last"),
    [
        (800.0, {"wolverhampton_walsall": 0.90}, {}, {}),
        (1200.0, {"wolverhampton_walsall": 1.00}, {"sandwell_dudley": 0.82}, {}),
        (2000.0, {"wolverhampton_walsall": 0.90}, {}, {"icknield_smethwick": 0.37, "perry_barr_a34": 0.49}),
    ],
)
def test_the_worked_example_of_the_scoring_notes(
    need_by_buffer: dict[float, pd.DataFrame],
    buffer_m: float,
    first: dict[str, float],
    second: dict[str, float],
    last: dict[str, float],
) -> None:
    criteria = need_by_buffer[buffer_m][["income", "employment", "skills"]]
    scaled = (criteria - criteria.min()) / (criteria.max() - criteria.min())
    found = rank_acceptability(scaled.to_numpy(), DRAWS, seed=1)
    for rank, expected in ((0, first), (1, second), (3, last)):
        for corridor, share in expected.items():
            assert found.acceptability[CORRIDORS.index(corridor), rank] == pytest.approx(share, abs=0.01)


@needs_west_midlands
def test_the_leaders_margin_on_employment_is_under_one_lsoa(need_by_buffer: dict[float, pd.DataFrame]) -> None:
    table = need_by_buffer[1200.0]
    leader, other = table.loc["wolverhampton_walsall"], table.loc["sandwell_dudley"]
    assert (leader["employment_lsoas"], leader["lsoas"]) == (23, 63)
    assert (other["employment_lsoas"], other["lsoas"]) == (21, 58)
    assert (leader["employment"] - other["employment"]) * leader["lsoas"] < 1


def test_a_lead_says_its_direction_its_smallest_part_and_where_it_is_no_firm_order() -> None:
    """Connectivity 75 against 80 is a gap wider by 5; P(first above) of 0.3 on the level is no order."""
    said = Lead(("A", "B"), np.array([12.0, 3.0, 5.0]), "in every catchment", True, [0.95, 0.7, 0.61]).sentence
    assert said.startswith(
        "A has more need, more opportunity and a wider gap in connectivity than B in every catchment"
    )
    assert (
        "a lower connectivity score is a wider gap" in said
        and "the smallest lead is 3.0 points, on opportunity" in said
    )
    assert said.endswith("it holds in 61 % of draws on the gap in connectivity: no firm order there.")
    level = Lead(("A", "B"), np.array([12.0, 0.0, 5.0]), "in 1.2 km only", False, [0.95, 0.9, 0.9]).sentence
    assert (
        "at least as much opportunity and a higher connectivity than B in 1.2 km only; the smallest lead is 0 points"
        in level
    )
    assert "gap" not in level and "draws" not in level
