"""What judges the figures is drawn where a run holds it: ranks with their uncertainty, causes, groups, curves."""

import datetime as dt

import pandas as pd
import pytest

from corridors.report import view_report
from corridors.report.blocks.view import Bullets, Figure, Report, Section, Table
from corridors.report.blocks.wording import index_number, signed
from corridors.report.figures.plots import corridor_definition_figures, corridor_travel_time, definition_figures
from corridors.report.sections import background
from corridors.report.sections.equity import neither_sentence
from tests.corridors import fake_results as fake
from tests.corridors.report.report_text import texts_of


@pytest.fixture(scope="module")
def report() -> Report:
    return view_report(fake.with_evidence())


def chapter(report: Report, ident: str) -> Section:
    return next(section for section in report.sections if section.id == ident)


def part(section: Section, ident: str) -> Section:
    return next(inner for inner in section.sections if inner.id == ident)


def first(section: Section, kind: type) -> object:
    return next(block for block in section.blocks if isinstance(block, kind))


def table_of(section: Section) -> Table:
    found = first(section, Table)
    assert isinstance(found, Table)
    return found


def test_ranks_are_those_with_everything_varied(report: Report) -> None:
    need = part(chapter(report, "sensitivity"), "sensitivity-need")
    drawn = first(need, Figure)
    assert isinstance(drawn, Figure)
    assert "Bravo: first 90.0 %, second 10.0 %" in drawn.picture.alt
    assert first(need, Bullets) == Bullets(("On need, Bravo ranks above Gamma in 90 % of draws: robust.",))


def test_what_the_ranks_hang_on_is_drawn_by_measure_and_told_in_one_table(report: Report) -> None:
    need = part(chapter(report, "sensitivity"), "sensitivity-need")
    drawn = [block for block in need.blocks if isinstance(block, Figure)][1]
    assert "which zones belong to a corridor 48.0 %" in drawn.picture.alt and "which hours" not in drawn.picture.alt
    assert "Below 0.5 %, or no part of this measure: which hours count as the peak." in drawn.caption
    told = table_of(part(chapter(report, "sensitivity"), "sensitivity-influence"))
    assert [heading.title for heading in told.headings][1:] == ["Need: part of the spread", "places moved"]
    assert [cell.text for cell in told.rows[0].cells] == ["which zones belong to a corridor", "48.0 %", "0.8"]


def test_a_corridor_tells_who_meets_the_test_by_deprivation_beside_the_same_fifth_of_the_region(report: Report) -> None:
    alpha = next(section for section in report.sections if section.title == fake.HOSTILE_CORRIDOR)
    told = table_of(part(alpha, f"{alpha.id}-areas"))
    assert [[cell.text for cell in row.cells] for row in told.rows] == [
        ["1, most deprived", "20", "30,000", "12,000", "40.0 %", "50.0 %"],
        ["5, least deprived", "3", "900", "450", "suppressed", "25.0 %"],
    ]


def test_a_corridor_shows_how_far_each_choice_moves_its_own_share_unless_it_is_withheld() -> None:
    rows = [
        ("headline", "", "the headline", 0.5),
        ("within_40", "cutoff", "40 minutes", 0.4),
        ("published", "everything", "the strategy's", 0.41),
    ]
    place = {"place_kind": "corridor", "place_id": "bravo", "people_within": 10.0, "suppressed": False}
    table = pd.DataFrame(
        [dict(zip(("variant", "changes", "variant_name", "share"), row, strict=True)) | place for row in rows]
    )
    run = fake.fake_results(tables=fake.tables(kpi_by_place=table))
    (drawn,) = corridor_definition_figures(run, {"id": "bravo", "name": "Bravo"})
    assert "Time limit: 40 minutes 50.0 % (40.0 % to 50.0 %)" in drawn.picture.alt
    assert "strategy" not in drawn.picture.alt
    withheld = fake.fake_results(tables=fake.tables(kpi_by_place=table.assign(suppressed=True)))
    assert corridor_definition_figures(withheld, {"id": "bravo", "name": "Bravo"}) == ()


def test_a_corridors_curve_has_its_deprived_areas_where_there_are_enough_of_them() -> None:
    run = fake.fake_results()
    every = run.zones["population"] > 0
    (drawn,) = corridor_travel_time(run, "Bravo", every)
    assert "its areas in the most deprived fifth" in drawn.picture.alt
    few = run.zones["imd_decile"] == 1
    (drawn,) = corridor_travel_time(run, "Bravo", few & (few.cumsum() < 10))
    assert "most deprived fifth" not in drawn.picture.alt


def test_without_ranks_no_order_is_claimed() -> None:
    text = " ".join(texts_of(view_report(fake.fake_results())))
    assert "Ranks of the corridors under what is uncertain: not computed in this run." in text
    assert "no order of corridors is claimed" in text


def test_causes_are_in_words_and_drawn_by_place(report: Report) -> None:
    failing = chapter(report, "failing")
    drawn = first(failing, Figure)
    assert isinstance(drawn, Figure) and "Testshire: walking 25.0 %, slow services 75.0 %" in drawn.picture.alt
    assert [cell.text for cell in table_of(failing).rows[0].cells] == ["Testshire", "400", "25.0 %", "75.0 %"]
    assert "First wait; Riding far; Changing; No journey found" in table_of(failing).notes[-1]


def test_a_corridor_says_why_and_tells_the_journeys_of_its_largest_areas(report: Report) -> None:
    areas = part(chapter(report, "corridor-1"), "corridor-1-areas")
    text = " ".join(texts_of(Report("", "", report.date, "", (), (areas,))))
    assert "66 % of those out of reach lose most time riding." in text
    assert text.count("Old Town takes 59 min") == 5


def effects_chapter(effects: pd.DataFrame) -> str:
    run = fake.fake_results(tables=fake.tables(input_effects=effects))
    return " ".join(texts_of(Report("", "", dt.date(2026, 3, 24), "", (), (background.warnings(run),))))


def test_what_dropped_trips_cost_is_a_table_or_none() -> None:
    columns = ["place_kind", "place_id", "place", "trips_touched", "trips_in_window", "touched_share", "first", "cause"]
    row = ["corridor", "gamma", "Gamma", 3, 120, 0.025, "T1", "3 trips dropped"]
    told = effects_chapter(pd.DataFrame([row], columns=columns))
    assert "3 trips dropped Gamma corridor 3 120 2.5 % T1" in told
    assert "none calls at a place of this report" in effects_chapter(pd.DataFrame(columns=columns))


def test_households_without_a_car_are_shown_for_the_headline_and_suppressed_where_too_few(report: Report) -> None:
    rows = table_of(part(chapter(report, "distribution"), "no-car")).rows
    assert [[cell.text for cell in row.cells][2:] for row in rows] == [
        ["50.0 %", "10,000", "25.0 %"],
        ["suppressed", "10,000", "suppressed"],
    ]


def test_a_group_below_its_share_has_a_minus_sign(report: Report) -> None:
    row = table_of(part(chapter(report, "distribution"), "groups")).rows[0]
    assert [cell.text for cell in row.cells][4:] == ["\u22126.0", "slight beneficial"]


def test_inequality_shows_the_measures_it_can_name(report: Report) -> None:
    inequality = part(chapter(report, "distribution"), "inequality")
    assert [[cell.text for cell in row.cells] for row in table_of(inequality).rows] == [
        ["Jobs", "Gini coefficient", "0.43", "0 = equal"]
    ]
    drawn = first(inequality, Figure)
    assert isinstance(drawn, Figure) and "Lorenz: from least access goes from 0 to 1" in drawn.picture.alt


def test_double_disadvantage_is_told_with_people_and_households() -> None:
    rows = [{"place_kind": "region", "people": 5_000, "people_share": 0.052, "no_car_households": 700}]
    assert "5,000 residents live in such areas, 5.2 % of the region's, with 700 households" in neither_sentence(rows)
    assert "residents live" not in neither_sentence([{"place_kind": "district"}])


def test_each_choice_of_the_definition_has_its_extremes_beside_the_headline() -> None:
    (drawn,) = definition_figures(fake.fake_results())
    assert "Time limit: within 40 minutes to within 50 minutes 52.3 % (40.0 % to 61.0 %)" in drawn.picture.alt
    assert "Centres to reach: five centres 52.3 % (0.0 % to 52.3 %)" in drawn.picture.alt


@pytest.mark.parametrize(("value", "said"), [(1.25, "+1.2"), (-6, "\u22126.0"), (0.0, "0"), (None, "n/a")])
def test_a_difference_carries_its_sign(value: float | None, said: str) -> None:
    assert signed(value) == said


def test_an_index_has_two_decimals() -> None:
    assert [index_number(value) for value in (0.4294, -0.281, None)] == ["0.43", "\u22120.28", "n/a"]
