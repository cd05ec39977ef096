"""The framework's evidence: sentences by rules, silent where a figure is missing, withheld or weak; judgements blank."""

from typing import Any

import pandas as pd
import pytest

from corridors.report.blocks.view import Table
from corridors.report.sections import framework_facts as fact
from corridors.report.sections.framework_pages import NO_EVIDENCE, framework
from corridors.report.sections.overview import corridor_records, region_record
from corridors.results import Results
from tests.corridors import fake_results as fake
from tests.corridors.fake_baseline import baseline

NO_CAR = fact.share("no_car_share", "have no car")


def run_with(**tables: pd.DataFrame) -> Results:
    return fake.fake_results(tables=fake.tables(**tables))


def gamma(**changes: Any) -> fact.Evidence:
    return fact.evidence_of(run_with(baseline=baseline(**changes)), "corridor", "gamma", {"id": "gamma"})


def sheets(results: Results) -> list[Table]:
    (section,) = framework(results, region_record(results), corridor_records(results))
    return [block for block in section.blocks if isinstance(block, Table)]


def test_a_share_has_its_denominator_and_stands_beside_the_region() -> None:
    assert NO_CAR(gamma()) == "40.0 % of 20,000 households have no car, above the region's 27.5 %."
    assert NO_CAR(gamma(region_value=0.405)).endswith("close to the region's 40.5 %.")
    assert NO_CAR(gamma(england_value=0.235)).endswith("the region's 27.5 %; England 23.5 %.")


def test_the_region_is_not_compared_with_itself() -> None:
    region = fact.evidence_of(run_with(baseline=baseline()), "region", "region", {})
    assert NO_CAR(region) == "27.5 % of 40,000 households have no car."


@pytest.mark.parametrize(
    "weak",
    [
        {"status": "missing"},
        {"status": "suppressed"},
        {"value": float("nan")},
        {"known_share": 0.79},
    ],
)
def test_a_missing_withheld_or_weak_figure_says_nothing(weak: dict[str, Any]) -> None:
    rows = baseline()
    own = (rows["place_id"] == "gamma") & (rows["item"] == "no_car_share")
    for name, value in weak.items():
        rows.loc[own, name] = value
    assert NO_CAR(fact.evidence_of(run_with(baseline=rows), "corridor", "gamma", {"id": "gamma"})) == ""


def test_no_value_at_all_is_no_evidence_and_never_a_zero() -> None:
    drawn = sheets(fake.bare_results())
    assert {row.cells[1].text for row in drawn[0].rows} == {NO_EVIDENCE}
    assert all(row.cells[1].missing for row in drawn[0].rows)


def test_nobody_out_of_reach_is_told_apart_from_not_knowing() -> None:
    nobody, unknown = ({"near_but_disconnected_people": value} for value in (0, None))
    said = [fact.near_but_disconnected(fact.Evidence("corridor", own)) for own in (nobody, unknown)]
    assert said == ["No residents live in areas near a centre or site but disconnected.", ""]


@pytest.mark.parametrize(("ratio", "said"), [(2.81, "2.8 times as many"), (1.05, "about as many"), (0.5, "0.5 times")])
def test_a_ratio_near_one_is_no_difference(ratio: float, said: str) -> None:
    table = pd.DataFrame([["jobs_within_cutoff", "quintile_ratio", ratio]], columns=["measure", "statistic", "value"])
    text = fact.jobs_by_deprivation(fact.evidence_of(run_with(inequality=table), "region", "region", {}))
    assert said in text and "not of who gets the jobs" in text


def test_claims_are_marked_as_claims() -> None:
    alpha = fact.evidence_of(fake.fake_results(), "corridor", "alpha", {})
    assert fact.stated("homes")(alpha) == "Claimed in public sources, no commitment: about 5,160 homes."
    assert fact.stated("land")(alpha) == ""
    assert fact.sites(alpha) == "Listed sites inside: Works (17.8 ha, up to 2,700 jobs claimed)."


def test_suppressed_rates_of_tables_stay_out() -> None:
    row = {"variant": "headline", "no_car_share": 0.5, "no_car_households": 10, "suppressed": True}
    place = fact.Evidence("corridor", {}, headline=row)
    assert fact.without_a_car(place) == "" and fact.doubly_disadvantaged(place) == ""
    shown = fact.Evidence("corridor", {}, headline=row | {"suppressed": False})
    assert fact.without_a_car(shown).startswith("50.0 % of 10 households without a car")


def test_every_heading_is_there_and_no_judgement_is_made() -> None:
    drawn = sheets(run_with(baseline=baseline()))
    assert [len(one.rows) for one in drawn] == [8, 7, 7, 7, 7]
    assert all(cell.blank and not cell.text for one in drawn for row in one.rows for cell in row.cells[2:])
    priorities = {row.cells[0].text: row.cells[1].text for row in drawn[-1].rows}
    assert "40.0 % of 20,000 households have no car" in priorities["Accessibility (connectivity and mobility)"]
