"""The report read as an opponent reads it: sentences that claim an order, or all, none and only, hold on any figures.

Figures are drawn at random; each claim is worked out again here, by another way, and must stand in the sentence exactly
where it is true.
"""

import ast
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import corridors
from corridors.access.causes import CAUSES, NO_SERVICE, failing_causes
from corridors.catalogue.headline_variants import TECHNICAL_CHOICES
from corridors.places.places import places_of
from corridors.report.sections import robustness, sentences
from corridors.report.sections.corridor_sentences import gap
from corridors.report.sections.rank_sensitivity import sensitivity
from corridors.results import KpiVariant
from corridors.scoring.rank_tables import Lead, _where, pair_sentence
from corridors.scoring.ranks import LIKELY, ROBUST
from tests.corridors import fake_results as fake

DRAWS = range(200)
NAMES = ["Alpha", "Bravo", "Gamma", "Delta"]


def order_rows(rng: np.random.Generator) -> list[dict[str, object]]:
    """Shares of three corridors at two buffers, on a grid so coarse that equals and small differences are frequent."""
    return [
        {"name": name, "buffer_m": buffer_m, "kpi_share": float(rng.integers(0, 8)) * 0.006}
        for name in NAMES[:3]
        for buffer_m in (800.0, 1200.0)
    ]


@pytest.mark.parametrize("seed", DRAWS)
def test_an_order_is_claimed_where_it_holds_at_every_buffer_by_a_point(seed: int) -> None:
    rows = order_rows(np.random.default_rng(seed))
    shares = pd.DataFrame(rows).pivot_table(index="name", columns="buffer_m", values="kpi_share").loc[NAMES[:3]]
    apart = {
        (one, other): abs(lead.sum()) == lead.abs().sum() and (lead.abs() >= 0.01).all()
        for one, other in combinations(NAMES[:3], 2)
        for lead in [(shares.loc[one] - shares.loc[other]).round(9)]
    }
    said = sentences.order(rows, "kpi_share", "access")
    assert ("keep the same order at every buffer" in said) == all(apart.values())
    assert ("no two corridors are distinguishable" in said) == (not any(apart.values()))
    if any(apart.values()) and not all(apart.values()):
        named = set(re.findall(r"“(\w+)” and “(\w+)”", said))
        assert named == {pair for pair, holds in apart.items() if not holds}


@pytest.mark.parametrize("seed", DRAWS)
def test_only_and_most_are_said_of_less_than_their_part_and_less_than_half(seed: int) -> None:
    rng = np.random.default_rng(seed)
    decile1, part = (float(rng.integers(1, 20)) / 20 for _ in range(2))
    said = sentences.together({"buffer_m": 1200, "decile1_share_of_region": decile1, "zones_share": part}, 4)
    assert ("hold only" in said) == (decile1 < 0.5 and decile1 < part)
    assert ("Most of the region's most deprived zones lie outside them" in said) == (decile1 < 0.5)


@pytest.mark.parametrize("seed", DRAWS)
def test_the_ends_are_those_of_all_districts_and_every_is_said_of_equals(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shares = {name: float(rng.integers(0, 3)) / 10 for name in NAMES[: rng.integers(2, 5)]}
    said = sentences.extremes([{"name": name, "kpi_share": share} for name, share in shares.items()])
    assert said.startswith("In every district") == (len(set(shares.values())) == 1)
    if len(set(shares.values())) > 1:
        low, high = said.split(" to ")
        for end, part in ((min(shares.values()), low), (max(shares.values()), high)):
            assert {name for name in shares if name in part} == {name for name, share in shares.items() if share == end}


@pytest.mark.parametrize("seed", DRAWS)
def test_a_word_beside_the_regions_share_says_which_is_larger(seed: int) -> None:
    own, region = (float(share) for share in np.random.default_rng(seed).uniform(0.3, 0.4, 2))
    said = gap({"kpi_share": own, "people": 1000, "near_but_disconnected_people": 0}, region)
    assert ("above the region's" in said) == (own - region >= 0.01)
    assert ("below the region's" in said) == (region - own >= 0.01)
    assert ("close to the region's" in said) == (abs(own - region) < 0.01)


@pytest.mark.parametrize("seed", DRAWS)
def test_deprivation_is_called_well_served_where_it_is_served_better(seed: int) -> None:
    most, least = (float(share) for share in np.random.default_rng(seed).uniform(0.3, 0.36, 2))
    rows = [{"quintile": 1, "people": 9, "kpi_share": most}, {"quintile": 5, "people": 9, "kpi_share": least}]
    assert ("central and well served" in sentences.spread(rows)) == (most - least >= 0.01)


def by_place(rng: np.random.Generator) -> pd.DataFrame:
    """Shares of three corridors under the headline, two technical choices and another question."""
    definitions = [("headline", "", "the headline"), ("walk_10", "walk", "walks"), ("k5", "centres", "five"),
                   ("board_0", "boarding", "no time")]  # fmt: skip
    rows = [
        (ident, changes, name, "corridor", place, place, float(rng.integers(0, 6)) / 10, rng.random() < 0.1)
        for ident, changes, name in definitions
        for place in NAMES[:3]
    ]
    columns = ["variant", "changes", "variant_name", "place_kind", "place_id", "place", "share", "suppressed"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize("seed", DRAWS)
def test_orders_that_technical_choices_reverse_are_named_and_no_others(seed: int) -> None:
    table = by_place(np.random.default_rng(seed))
    shares = {(row.variant, row.place): row.share for row in table.itertuples() if not row.suppressed}
    reversed_pairs = {
        (one, other)
        for one in NAMES[:3]
        for other in NAMES[:3]
        for choice in ("walk_10", "board_0")
        if {("headline", one), ("headline", other), (choice, one), (choice, other)} <= shares.keys()
        if shares["headline", one] > shares["headline", other] and shares[choice, one] < shares[choice, other]
    }
    results = fake.fake_results(tables=fake.tables(kpi_by_place=table))
    said = robustness.orders_reversed(results)
    assert set(re.findall(r"“(\w+)” stands above “(\w+)”", said)) == reversed_pairs
    assert bool(said) == bool(reversed_pairs)


@pytest.mark.parametrize("seed", DRAWS)
def test_ranges_run_from_the_lowest_to_the_highest_of_their_kind(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds = [*TECHNICAL_CHOICES, "centres", "window"]
    variants = tuple(
        KpiVariant(f"v{i}", str(rng.choice(kinds)), "", float(rng.integers(100, 900)) / 1000, 0.0) for i in range(6)
    )
    said = sentences.variants_range(replace(fake.kpi(), variants=variants))
    for of, technical in (("technical choice", True), ("question", False)):
        shares = [one.share for one in variants if (one.changes in TECHNICAL_CHOICES) == technical]
        told = re.search(rf"other {of}s tried the figure runs from ([\d.]+) % to ([\d.]+) %", said)
        assert bool(told) == (len(shares) > 1)
        if told:
            assert [float(told[1]), float(told[2])] == pytest.approx([100 * min(shares), 100 * max(shares)])


@pytest.mark.parametrize("seed", DRAWS)
def test_the_word_of_a_pair_is_that_of_its_whole_error(seed: int) -> None:
    rng = np.random.default_rng(seed)
    beats, error = float(rng.uniform(0.5, 1)), float(rng.uniform(0, 0.03))
    said = pair_sentence("need", ("A", "B"), (beats, error))
    words = {
        "robust" if end >= ROBUST else "likely" if end >= LIKELY else "not distinguishable"
        for end in (beats - error, beats + error)
    }
    assert all(word in said for word in words)
    assert "between" in said or len(words) == 1
    assert ("every draw" in said) == (beats == 1.0)


@pytest.mark.parametrize("seed", DRAWS)
def test_a_lead_claims_no_more_than_its_points_and_its_draws(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 4, 3).astype(float)
    held = rng.uniform(0.5, 1, 3)
    said = Lead(("A", "B"), points, "in every catchment", False, list(held)).sentence
    for dimension, lead in zip(("need", "opportunity"), points, strict=False):
        assert (f"more {dimension}" in said) == (lead > 0)
        assert (f"at least as much {dimension}" in said) == (lead == 0)
    assert ("no firm order there" in said) == bool((held < LIKELY).any())


@pytest.mark.parametrize("seed", range(50))
def test_the_cause_that_is_said_is_the_most_frequent_by_people(seed: int) -> None:
    rng = np.random.default_rng(seed)
    causes = rng.choice([*CAUSES, NO_SERVICE, ""], 40)
    frame = pd.DataFrame(
        {
            "population": rng.integers(1, 100, 40).astype(float),
            "meets_kpi": causes == "",
            "loses_most_by": causes,
            "journey_min": 50.0,
            "district_code": "D",
            "district_name": "D",
        },
        index=[f"Z{i}" for i in range(40)],
    )
    places = places_of("corridor", pd.Series({"c": "C"}), pd.Series(frame.index, index=["c"] * 40), frame)
    table = failing_causes(frame, places).set_index("cause")
    failing = frame[~frame["meets_kpi"]]
    people = failing.groupby("loses_most_by")["population"].sum()
    said = table["sentence"][table["sentence"] != ""]
    assert len(said) == 1
    assert people[said.index[0]] == people.max()
    assert said.iloc[0].startswith(f"{100 * people.max() / people.sum():.0f} %")


def test_near_but_disconnected_says_nobody_of_nobody_alone() -> None:
    def told(people: float) -> str:
        region = pd.DataFrame([{"near_but_disconnected_people": people}])
        return sentences.near_but_disconnected(fake.fake_results(tables=fake.tables(region=region)))

    assert told(0).startswith("No residents live")
    assert told(1200).startswith("1,200 residents live")
    assert "not computed" in told(float("nan"))


@pytest.mark.parametrize("measure", ["need", "combined"])
def test_only_what_was_drawn_is_said_to_be(measure: str) -> None:
    """Weights of the dimensions are drawn for the combined rank alone, and other factors where they have two levels."""
    table = pd.DataFrame([(measure, "catchment", "which zones", 0.4), (measure, "weights", "what they weigh", 0.0)],
                         columns=["measure", "choice", "title", "total_effect"])  # fmt: skip
    ranks = fake.evidence_tables()["rank_acceptability"]
    results = fake.fake_results(tables=fake.tables(rank_influence=table, rank_acceptability=ranks))
    said = str(sensitivity(results).blocks[0])
    assert "which zones" in said
    assert ("what they weigh" in said) == (measure == "combined")


# Functions that write claims with figures in them -> the test that would fail if one were false, or `RULE` for sentences
# that say how something is counted or called: they hold whatever the figures are.
RULE = "says how it is counted"
CLAIMS = {
    "access.causes.cause_sentence": "test_the_cause_that_is_said_is_the_most_frequent_by_people",
    "access.centre_access.centre_warnings": "test_a_centre_that_no_zone_reaches_is_said_with_its_name",
    "access.journeys.sentence": "test_every_zone_has_an_explanation_that_agrees_with_its_columns",
    "access.journeys._no_journey": "test_a_zone_that_reaches_nothing_names_no_centre_and_is_counted_apart",
    "access.kpi._published": RULE,
    "access.kpi.definition": RULE,
    "access.kpi.window_words": RULE,
    "access.technical_choices._of_shift": RULE,
    "access.technical_choices._of_walking": RULE,
    "access.variants._at_once": RULE,
    "access.unreached.jobs_warnings": "test_jobs_that_nobody_gives_are_counted",
    "access.unreached.outside_jobs_warnings": "test_jobs_beyond_the_last_street_are_counted",
    "access.unreached.unreached_warnings": "test_a_zone_that_reaches_nothing_names_no_centre_and_is_counted_apart",
    "access.variants._of_residents": RULE,
    "report.places.place_pages._limits": RULE,
    "report.places.place_pages._schemes": "test_schemes_that_move_somebody_are_told_and_the_others_named",
    "report.places.place_pages.place_of": RULE,
    "report.sections.background.days": "test_days_as_good_to_ask_about_are_listed_with_their_trips",
    "report.sections.corridor_sentences.place": RULE,
    "report.sections.corridor_sentences.need": "test_need_gives_counts_and_compares_with_the_region",
    "report.sections.corridors._left_behind": "test_areas_left_behind_miss_the_test_and_lie_in_the_corridor",
    "report.sections.corridors._no_site": "test_a_corridor_without_a_listed_site_says_of_which_list",
    "report.sections.equity._groups": RULE,
    "report.sections.framework_facts.doubly_disadvantaged": "test_suppressed_rates_of_tables_stay_out",
    "report.sections.framework_facts.jobs_by_deprivation": "test_a_ratio_near_one_is_no_difference",
    "report.sections.framework_facts.said": RULE,
    "report.sections.framework_facts.stated": RULE,
    "report.sections.framework_pages.framework": RULE,
    "report.sections.overview.corridors_compared": "test_a_note_of_every_corridor_is_said_once_and_one_of_its_own_on_its_page",
    "report.sections.rank_sensitivity._measure": RULE,
    "report.sections.rank_sensitivity.sensitivity": "test_without_ranks_no_order_is_claimed",
    "report.sections.robustness.orders_reversed": "test_orders_that_technical_choices_reverse_are_named_and_no_others",
    "report.sections.robustness.sizes_unknown": RULE,
    "report.sections.sentences.at_once": "test_the_joint_test_stands_beside_the_headline",
    "report.sections.sentences.beside_the_edge": "test_minutes_beyond_the_edge_that_nobody_searched_are_not_said_to_be_none",
    "report.sections.sentences.extremes": "test_the_ends_are_those_of_all_districts_and_every_is_said_of_equals",
    "report.sections.sentences.near_but_disconnected": "test_near_but_disconnected_says_nobody_of_nobody_alone",
    "report.sections.sentences.order": "test_an_order_is_claimed_where_it_holds_at_every_buffer_by_a_point",
    "report.sections.sentences.published": RULE,
    "report.sections.sentences.spread": "test_deprivation_is_called_well_served_where_it_is_served_better",
    "report.sections.sentences.together": "test_only_and_most_are_said_of_less_than_their_part_and_less_than_half",
    "report.sections.sentences.variants_range": RULE,
    "report.sections.social_baseline._gaps": "test_sources_gaps_and_weak_figures_are_in_the_notes",
    "scoring.rank_tables._unclear": "test_a_lead_claims_no_more_than_its_points_and_its_draws",
    "scoring.rank_tables._where": "test_a_lead_is_in_every_catchment_where_it_holds_in_all",
    "scoring.rank_tables.pair_sentence": "test_the_word_of_a_pair_is_that_of_its_whole_error",
    "scoring.scores._problems_of": RULE,
}


def test_a_lead_is_in_every_catchment_where_it_holds_in_all() -> None:
    names = ["1 km", "2 km"]
    assert _where(np.array([True, True]), names) == "in every catchment"
    assert _where(np.array([False, True]), names) == "in some catchments only (2 km)"


def claims() -> set[str]:
    """Functions with a sentence that has figures in it and says all, no, none, only, every, most, always, never or nobody."""
    root = Path(corridors.__file__).parent
    claim = re.compile(r"\b(all|no|none|only|every|most|nobody|always|never)\b", re.IGNORECASE)
    found = set()
    for room in ("access", "scoring", "report/sections", "report/places"):
        for file in sorted((root / room).glob("*.py")):
            for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                texts = [one for one in ast.walk(function) if isinstance(one, ast.JoinedStr)]
                words = ["".join(str(getattr(part, "value", "")) for part in text.values if isinstance(part, ast.Constant))
                         for text in texts]  # fmt: skip
                if isinstance(function, ast.FunctionDef) and any(
                    " " in one.strip() and claim.search(one) for one in words
                ):
                    found.add(f"{room.replace('/', '.')}.{file.stem}.{function.name}")
    return found


def test_every_claim_has_a_test_that_would_fail_if_it_were_false() -> None:
    """Whoever writes a sentence with "all", "no", "only" or "every" adds it here with its test, or says that it is a rule."""
    assert claims() == set(CLAIMS)
    tests = Path(__file__).parents[2]
    names = {
        name for file in tests.rglob("test_*.py") for name in re.findall(r"def (test_\w+)", file.read_text("utf-8"))
    }
    assert {test for test in CLAIMS.values() if test != RULE} <= names
