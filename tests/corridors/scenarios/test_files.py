"""Scenario files: what they mean, and what is said of bad ones."""

from pathlib import Path

import pytest

from accessibility import Headway, NewLine, Period, Place, Range, RunTime, Selection
from corridors.errors import ConfigError, InputMissingError, ScenarioFileError
from corridors.scenarios.files.read import NumberBasis, read_scenarios
from tests.support.scenario_text import scenario_text, write_scenario

WHOLE = """
[[edit]]
id = "metro"
kind = "new_line"
mode = "tram"
line = { number = "Line 2", operator = "WMM" }
stops = ["A", { id = "N", name = "New", at = [52.41, -1.9] }]
speed_kmh = { low = 24, central = 27, high = 30, basis = "proposed" }
dwell_s = { value = 30, basis = "claimed" }
layover_min = 5
service = [{ from = "06:00", to = "19:00", every = "6 min" }]
[[edit]]
id = "sprint"
kind = "run_time"
line = { number = "51", direction = 0, from = "07:00", expect_trips = 9 }
between = ["A", "B"]
factor = 0.8
anchor = "B"
released = "headway"
[[edit]]
id = "often"
kind = "headway"
line.number = "7"
every = "1 h 30 min"
"""


def test_a_file_means_the_edits_of_the_engine(file: Path) -> None:
    chosen = read_scenarios([write_scenario(file, WHOLE)])
    metro, sprint, often = chosen.edits
    stops = (Place("A"), Place("N", "New", (52.41, -1.9)))
    assert metro.edit == NewLine(
        "metro", "Line 2", stops, "WMM", "tram", (Period(21600, 68400, 360),), speed_kmh=Range(24, 27, 30), dwell_s=30,
        layover_s=300,
    )  # fmt: skip
    line = Selection("51", direction="0", from_s=25200, expect_trips=9)
    assert sprint.edit == RunTime("sprint", line, (Place("A"), Place("B")), 0.8, None, Place("B"), "headway")
    assert often.edit == Headway("often", Selection("7"), 5400)
    assert metro.numbers == (
        NumberBasis("speed_kmh", "low 24, central 27, high 30", "proposed"),
        NumberBasis("dwell_s", "30", "claimed"),
    )
    assert [one.line for one in chosen.edits] == [9, 19, 27]


def problems_of(*files: Path) -> list[str]:
    with pytest.raises(ScenarioFileError) as error:
        read_scenarios(files)
    return [line.strip() for line in str(error.value).splitlines()[1:]]


def test_every_problem_is_told_at_once_with_its_line(file: Path) -> None:
    edits = (
        WHOLE.replace("dwell_s =", "dwel_s =")
        .replace('"19:00"', '"19:60"')
        .replace('"headway"\nline', '"headwy"\nline')
    )
    assert problems_of(write_scenario(file, edits, more='tittle = "x"')) == [
        "s.toml, line 7: unknown key 'tittle'; is 'title' meant?",
        "s.toml, line 16: edit 'metro': unknown key 'dwel_s'; is 'dwell_s' meant?",
        "s.toml, line 18: edit 'metro': service.0.to: '19:60' is not a time of day; write \"06:00\"",
        "s.toml, line 29: edit 'often': unknown kind 'headwy'; is 'headway' meant?",
    ]


HEADWAY = '[[edit]]\nid = "e"\nkind = "headway"\nline.number = "5"\n'


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ('[[edit]]\nkind = "withdraw"\nline.number = "5"\n', "line 8: edit number 1: id: missing"),
        ('[[edit]]\nid = "e"\n', "line 8: edit 'e': it has no kind"),
        ('[[edit]]\nid = "e"\nkind = "withdraw"\n', "line 8: edit 'e': line: missing"),
        (HEADWAY + "every = 6\n", "line 12: edit 'e': every: 6 is not a duration"),
        (HEADWAY + 'every = "six minutes"\n', "'six minutes' is not a duration"),
        (HEADWAY + "factor = nan\n", "line 12: edit 'e': factor: must be a finite number"),
        (HEADWAY + "factor = 0.5\nbasis = 'guess'\n", "line 13: edit 'e': basis: must be one of"),
        (HEADWAY + "factor = { value = 0.5, basis = 'guess' }\n", "basis of factor must be one of stated"),
        (HEADWAY + "factor = 0.5\n" + HEADWAY + "factor = 0.5\n", "line 14: edit 'e': the edit in line 9 has this id"),
        ("[edit]\nid = 'e'\n", "edits are tables [[edit]], with two brackets"),
        ("[edits]\nid = 'e'\n", "unknown key 'edits'; is 'edit' meant?"),
        ('[[edit]]\nid = "e"\nkind = "replace_feed"\nfiles = ["no.zip"]\n', "line 8: edit 'e': "),
        (
            '[[edit]]\nid = "e"\nkind = "truncate"\nline.number = "5"\nat = "A"\nkeep = "none"\n',
            "line 13: edit 'e': keep",
        ),
        ("[[edit]]\n" * 1001, "it has 1,001 edits; at most 1,000 are taken"),
    ],
)
def test_a_bad_edit_is_told_by_its_line(file: Path, edits: str, words: str) -> None:
    assert any(words in problem for problem in problems_of(write_scenario(file, edits)))


def test_a_file_that_is_no_scenario_is_told_so(file: Path) -> None:
    file.write_text("id = 'a'\n", encoding="utf-8")
    assert problems_of(file) == [
        "s.toml, line 1: unknown key 'id'; it belongs below [scenario]",
        "s.toml, line 1: there is no table [scenario] with id, title, status, as_of, source",
    ]
    file.write_text("[scenario\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"is not valid TOML.*line 1"):
        read_scenarios([file])
    with pytest.raises(InputMissingError, match="there is no scenario at"):
        read_scenarios([file.with_name("no.toml")])


def test_digests_are_sixty_four_hexadecimal_digits(file: Path) -> None:
    more = 'base = { feeds = { "bus.zip" = "sha256:12" } }'
    assert problems_of(write_scenario(file, more=more))[0].startswith("s.toml, line 7: base.feeds.bus.zip: must be")


def test_scenarios_are_combined_in_order_and_their_edits_get_their_names(tmp_path: Path) -> None:
    first = write_scenario(tmp_path / "a.toml", HEADWAY + "factor = 0.5\n", "one")
    second = write_scenario(tmp_path / "b.toml", HEADWAY + "factor = 0.5\n", "two", 'requires = ["one"]')
    chosen = read_scenarios([first, second])
    assert chosen.id == "one+two"
    assert [edit.id for edit in chosen.edits] == ["one.e", "two.e"]
    assert [edit.id for edit in read_scenarios([first]).edits] == ["e"]


def test_sets_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    first = write_scenario(tmp_path / "a.toml", ident="one", more='conflicts = ["two"]')
    second = write_scenario(tmp_path / "b.toml", ident="two", more='requires = ["three", "late"]')
    late = write_scenario(tmp_path / "c.toml", ident="late")
    assert problems_of(first, second, late) == [
        "a.toml: it can't be combined with the scenario 'two', which is given too",
        "b.toml: it requires the scenario 'three'; give its file before this one",
        "b.toml: it requires the scenario 'late', which stands later; give its file first",
    ]
    again = tmp_path / "again.toml"
    again.write_text(scenario_text(ident="late"), encoding="utf-8")
    assert problems_of(late, again) == ["again.toml: another file has the id 'late' too; give each its own"]
