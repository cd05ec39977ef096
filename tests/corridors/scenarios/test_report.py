"""The report of a scenario and its note for a board: what the tables hold, in words that read right for little too."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from pypdf import PdfReader

from corridors.report import render_docx, render_pdf, report_pages, view_scenario, view_scenario_note
from corridors.report.blocks.view import Figure, Report, Section, Table
from corridors.report.scenarios.board_note import MOST_WORDS, PAGES
from corridors.report.scenarios.edits import number_words
from corridors.report.scenarios.headline import phase_words
from corridors.scenario_results import ScenarioResults
from tests.corridors.report.report_text import texts_of
from tests.corridors.scenarios.conftest import Answered
from tests.corridors.scenarios.test_answers import EXPRESS, FASTER, NORTH_OFTEN, WITHDRAWN

NO_EFFECT = '\n[[edit]]\nid = "none"\nkind = "interchange"\nplaces = ["A", "B"]\nminutes = 100\n'
HOMES = (
    '\n[[edit]]\nid = "homes"\nkind = "land_use"\nuse = "homes"\nat = [52.42, -1.9]\ncount = 50\npeople_per_home = 2\n'
)
SLOW = EXPRESS.replace("run_s = [600]", "speed_kmh = { low = 15, central = 33, high = 40, basis = 'claimed' }")
COSTS = 'costs = { currency = "GBP", vehicle_hour = 40, vehicle_km = 0, peak_vehicle = 0 }'
EVERY = {
    "no edit": "",
    "no effect": NO_EFFECT,
    "one phase": NORTH_OFTEN,
    "losers only": WITHDRAWN,
    "given departures": EXPRESS,
    "several edits": EXPRESS + NORTH_OFTEN + FASTER,
    "run times": SLOW,
    "homes": HOMES + WITHDRAWN,
}
# The map of differences; the strip of what is unknown where there are several timetables; two charts of several edits' parts.
PICTURES = {
    "no edit": 0,
    "no effect": 1,
    "one phase": 2,
    "losers only": 1,
    "given departures": 1,
    "several edits": 4,
    "run times": 1,
    "homes": 3,
}


LINGERS = '\n[[edit]]\nid = "lingers"\nkind = "dwell"\nline.number = "north"\ndwell_s = 240\n'


def sections(parts: tuple[Section, ...]) -> Iterator[Section]:
    for part in parts:
        yield part
        yield from sections(part.sections)


def text(report: Report) -> str:
    return "\n".join(texts_of(report))


def table_of(report: Report, caption: str) -> list[list[str]]:
    """The texts of the rows of the table whose caption begins so."""
    blocks = (block for part in sections(report.sections) for block in part.blocks)
    found = next(block for block in blocks if isinstance(block, Table) and block.caption.startswith(caption))
    return [[cell.text for cell in row.cells] for row in found.rows]


@pytest.mark.parametrize("name", EVERY)
def test_every_scenario_has_a_report_a_note_and_both_as_pages(answered: Answered, name: str) -> None:
    results = answered(EVERY[name])
    report, note = view_scenario(results), view_scenario_note(results)
    for page in report_pages(report, note).values():
        assert b"<script" not in page
    assert render_docx(report).startswith(b"PK")
    words = text(report)
    assert re.findall(r"\bnan\b|None\b|n/a|not computed| \.|[{}]|-0\b", words) == []
    captions = [one.caption for part in sections(report.sections) for one in part.blocks if isinstance(one, Table)]
    assert len(captions) == len(set(captions))
    figures = [one for part in sections(report.sections) for one in part.blocks if isinstance(one, Figure)]
    assert all(one.picture.alt and one.caption for one in figures)
    assert len(figures) == PICTURES[name]


def test_the_answer_says_before_after_and_who_moves_both_ways(answered: Answered) -> None:
    words = text(view_scenario(answered(WITHDRAWN)))
    assert "83.3 % → 25.0 %" in words
    assert "0 / 700" in words
    assert "0 / 800" in words
    assert "change −700" in words
    assert "Nobody lives in areas that enter the test and 700 residents live in areas that leave it." in words
    assert "800 residents live in areas that lose a minute or more, and for 400 it takes as long as before" in words
    assert "Most who lose:" in text(view_scenario_note(answered(WITHDRAWN)))
    assert "so no money is counted" in words


@pytest.mark.parametrize("name", ["one phase", "losers only", "several edits", "homes"])
def test_figures_on_the_page_are_those_of_the_tables(answered: Answered, name: str) -> None:
    results = answered(EVERY[name])
    report, tables = view_scenario(results), results.tables
    rows = {row[0]: row[1:] for row in table_of(report, "The headline and each")}
    for row in tables.kpi.itertuples():
        shown = rows["Headline" if row.variant == "headline" else row.variant_name]
        assert shown[:2] == [f"{row.people_within_base:,.0f}", f"{row.people_within:,.0f}"]
    places = tables.by_place.set_index("place_id")
    for name_of, gaining, losing, *_ in ([row[0], *row[2:4]] for row in table_of(report, "Districts: who")):
        of = places[
            places["place"].eq(name_of) | (places["place_kind"].eq("region") & (name_of == "Whole region"))
        ].iloc[0]
        assert (gaining, losing) == (f"{of.people_gaining:,.0f}", f"{of.people_losing:,.0f}")
    groups = {row[0]: row for row in table_of(report, "Groups: ")}
    assert set(groups) == set(tables.groups["group"])
    for row in tables.groups.itertuples():
        assert groups[row.group][3:7] == [
            f"{value:,.0f}"
            for value in (row.people_gaining, row.people_losing, row.people_entering, row.people_leaving)
        ]


def test_what_is_unknown_is_told_apart(answered: Answered) -> None:
    words = text(view_scenario(answered(NORTH_OFTEN)))
    assert "Range over unknown timetables: " in words
    assert "over 5 timetables tried" in words
    assert "often, period 1: 03:00" in words
    assert "no confidence interval" in words
    assert "gives no run time as a range" in words
    given = text(view_scenario(answered(SLOW)))
    assert "there is one timetable, and no range over others" in given
    assert "With the shortest run times of its file 1,200 residents meet the test" in given
    assert "Speed from stop to stop, km/h\nlow 15, central 33, high 40\nclaimed by its promoters" in given


def test_each_edit_has_its_part_and_pairs_theirs(answered: Answered) -> None:
    results = answered(EVERY["several edits"])
    report = view_scenario(results)
    shown = {row[0]: row[3] for row in table_of(report, "What each edit does to the number")}
    parts = results.tables.attribution.query("measure == 'people_within'").set_index("edit_id")["shapley"]
    assert shown == {edit: f"{part:+,.0f}".replace("-", "−") if part else "0" for edit, part in parts.items()}
    assert "the parts add up to the whole" in text(report)
    assert "the whole difference is its own" in text(view_scenario(answered(WITHDRAWN)))


def test_a_scenario_without_edits_says_that_nothing_is_modelled(answered: Answered) -> None:
    report = view_scenario(answered(""))
    assert [part.id for part in report.sections] == [
        "answer",
        "changes",
        "sources",
        "warnings",
        "dictionary",
        "command",
    ]
    assert "This scenario has no edit: nothing is modelled" in text(report)
    assert "nothing is modelled" in text(view_scenario_note(answered("")))


def test_a_scenario_that_moves_nobody_says_so_in_every_part(answered: Answered) -> None:
    words = text(view_scenario(answered(NO_EFFECT)))
    assert "Nobody gains or loses a minute to the last centre needed, and nobody enters or leaves the test" in words
    assert "No place has anybody who gains" in words
    assert "No area changes, so no journey is compared." in words
    assert "No measure of access changes for anybody." in words


def cut_down(results: ScenarioResults) -> ScenarioResults:
    """The results as of one zone, without groups, deprivation, corridors and districts."""
    tables = results.tables
    region = tables.by_place[tables.by_place["place_kind"] == "region"]
    places = {
        name: frame.iloc[:0] if name in {"corridors", "pilots", "districts"} else frame
        for name, frame in results.places.items()
    }
    return replace(
        results,
        zones=results.zones.iloc[:1],
        places=places,
        tables=replace(tables, groups=tables.groups.iloc[:0], by_place=region),
    )


def test_one_zone_without_deprivation_groups_and_places_still_makes_pages(answered: Answered) -> None:
    results = cut_down(answered(EXPRESS))
    report, note = view_scenario(results), view_scenario_note(results)
    assert "the configuration gives neither deprivation nor people by group" in text(report)
    assert "Districts" not in text(report)
    assert len(report_pages(report, note)) == 2


def test_money_and_homes_are_told(answered: Answered) -> None:
    words = text(view_scenario(answered(WITHDRAWN, COSTS)))
    assert "−500 GBP" in words
    assert "by the unit costs of the scenario file" in words
    assert "The homes that the scenario builds hold 100 residents, of whom" in text(
        view_scenario(answered(HOMES + WITHDRAWN))
    )


def test_the_note_has_one_page_and_few_words(answered: Answered) -> None:
    for edits in (NORTH_OFTEN, EVERY["several edits"], SLOW):
        note = view_scenario_note(answered(edits))
        assert len(text(note).split()) <= MOST_WORDS


def test_the_longest_note_is_printed_on_one_page(answered: Answered) -> None:
    paper = render_pdf(view_scenario_note(answered(EVERY["several edits"])))
    assert len(PdfReader(io.BytesIO(paper)).pages) == PAGES


def test_other_inputs_that_were_accepted_are_named(answered: Answered) -> None:
    results = replace(answered(WITHDRAWN), differences=("s.toml: the feed 'feed.zip' is another one",))
    assert "s.toml: the feed 'feed.zip' is another one." in text(view_scenario(results))


@pytest.mark.parametrize(
    ("key", "kind", "words"),
    [
        ("speed_kmh", "new_line", "Speed from stop to stop, km/h"),
        ("service.1.every", "add_trips", "Headway, period 2"),
        ("factor", "run_time", "Ride time, times that of now"),
        ("factor", "headway", "Headway, times that of now"),
        ("run_s.0", "new_line", "Time from stop to stop, seconds, entry 1"),
        ("odd_key", "new_line", "Odd key"),
    ],
)
def test_keys_of_numbers_are_words(key: str, kind: str, words: str) -> None:
    assert number_words(key, kind) == words


def test_phases_are_words() -> None:
    assert phase_words("a:0 07:43; b:1 02:52") == "a, period 1: 07:43; b, period 2: 02:52"
    assert phase_words(pd.Series(["often:0 00:00"]).iloc[0]) == "often, period 1: 00:00"


def test_losers_of_departures_that_move_are_told_of_missed_changes_and_no_others(answered: Answered) -> None:
    lingers = answered(LINGERS)
    losing = lingers.tables.by_place.query("place_kind == 'region'")["people_losing"].sum()
    assert losing > 0
    assert f"{losing:,.0f} residents lose a minute or more. Vehicles that run at other speeds or times" in text(
        view_scenario(lingers)
    )
    for edits in (WITHDRAWN, EXPRESS + FASTER):  # losers without such an edit; such an edit without losers
        assert "may miss them" not in text(view_scenario(answered(edits)))


def test_shares_change_by_points_and_the_disconnected_gain_from_yes_to_no(answered: Answered) -> None:
    results = answered(WITHDRAWN)
    known = results.tables.gainers_losers.set_index("measure")
    known.loc["near_but_disconnected", "people_gaining"] = 100.0
    report = view_scenario(replace(results, tables=replace(results.tables, gainers_losers=known.reset_index())))
    rows = {row[0]: row for row in table_of(report, "Who gains and who loses by each measure")}
    reach = rows["Departures that reach Centre F within 45 minutes"]
    lost = f"{100 * known.loc['reach_share_F', 'mean_loss']:.1f} points"
    assert (reach[1], reach[5]) == ("1 point", lost)
    assert rows["Near but disconnected"][1] == "from yes to no"
    one_left = pd.concat([known[known["people_losing"] > 0], known[known["people_losing"] == 0].tail(1)]).reset_index()
    alone = view_scenario(replace(results, tables=replace(results.tables, gainers_losers=one_left)))
    assert "1 further measure changes for nobody." in text(alone)


def test_a_zone_whose_name_is_a_code_is_known_by_the_place_near_it(answered: Answered) -> None:
    results = answered(NORTH_OFTEN)
    plain = results.places["zones"].drop(columns="near_place", errors="ignore")
    known = plain.assign(near_place=[f"Ham {zone}" for zone in plain.index])
    moved = results.tables.journeys.iloc[0]
    shown = [text(view_scenario(replace(results, places={**results.places, "zones": one}))) for one in (plain, known)]
    assert f"\n{moved['zone']} (" in shown[0] and "(near" not in shown[0]
    assert f"\n{moved['zone']} (near Ham {moved['zone_id']}) (" in shown[1]
