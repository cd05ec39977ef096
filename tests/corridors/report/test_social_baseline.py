"""The social baseline's tables: value, denominator, comparisons and source in each row; what is missing in words."""

import pytest

from corridors.report.blocks.view import Absent, Paragraph, Table
from corridors.report.sections.overview import pilots
from corridors.report.sections.social_baseline import baseline_of, regional_baseline, side_by_side
from corridors.results import Results
from tests.corridors import fake_results as fake
from tests.corridors.fake_baseline import baseline

GAMMA = {"id": "gamma", "name": "Gamma"}


@pytest.fixture(scope="module")
def results() -> Results:
    return fake.fake_results(tables=fake.tables(baseline=baseline()))


@pytest.fixture(scope="module")
def gamma(results: Results) -> Table:
    (drawn,) = baseline_of(results, GAMMA)
    assert isinstance(drawn, Table)
    return drawn


def cells(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_a_row_has_value_denominator_district_region_england_and_source(gamma: Table) -> None:
    titles = [heading.title for heading in gamma.headings]
    assert titles == ["Measure", "This corridor", "Of how many", "West", "Whole region", "England", "Source"]
    assert cells(gamma)[:3] == [
        ["Residents", "45,000", "–", "–", "–", "–", "a"],
        ["Households without a car", "40.0 %", "20,000 households", "25.0 %", "27.5 %", "–", "a"],
        ["Level 4+", "20.0 %", "30,000 residents 16 and over", "–", "–", "33.9 %", "a"],
    ]


def test_zero_is_a_value_with_its_unit(gamma: Table) -> None:
    assert cells(gamma)[3] == [
        "Employment land within the cutoff, ha", "0", "45,000 residents", "–", "6.9", "–", "b",
    ]  # fmt: skip


def test_sources_gaps_and_weak_figures_are_in_the_notes(gamma: Table) -> None:
    notes = " ".join(gamma.notes)
    assert "a: Ministry of Tests, Census, 2021, LSOA 2021; b: Ministry of Tests, Index, 2025, LSOA 2021." in notes
    assert "Missing, because no layer of this run gives it: Crime: domain score" in notes
    assert "Known for part of the residents only: Level 4+ (70.0 %)." in notes


def test_a_withheld_rate_says_so_and_a_run_without_a_baseline_too(results: Results) -> None:
    (bravo,) = baseline_of(results, {"id": "bravo", "name": "Bravo"})
    assert isinstance(bravo, Table) and cells(bravo)[1][1] == "suppressed"
    (nothing,) = baseline_of(fake.fake_results(), GAMMA)
    assert isinstance(nothing, Absent) and "not computed in this run" in nothing.text


def test_side_by_side_has_a_column_for_every_place_and_only_rows_with_a_value(results: Results) -> None:
    drawn = side_by_side(results, "corridor", [("bravo", "Bravo"), ("gamma", "Gamma")], "Compared")
    assert isinstance(drawn, Table)
    assert [heading.title for heading in drawn.headings] == ["Measure", "Bravo", "Gamma", "Whole region", "England"]
    assert cells(drawn)[1] == ["Households without a car", "suppressed", "40.0 %", "27.5 %", "–"]
    assert "Crime" not in {row[0][:5] for row in cells(drawn)}


def test_the_region_says_what_a_baseline_is_and_pilots_have_their_counts(results: Results) -> None:
    section = regional_baseline(results, [GAMMA])
    assert isinstance(section.blocks[0], Paragraph) and "no target is implied" in section.blocks[0].text
    compared = pilots(results).blocks[-1]
    assert isinstance(compared, Table) and cells(compared) == [["Residents", "3,100", "–", "96,000", "–"]]
