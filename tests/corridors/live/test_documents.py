"""Scenario files of the live page: kept at every change, apart from each other, with everything that was tried."""

from pathlib import Path

import pytest

from corridors.errors import ScenarioFileError
from corridors.live.documents import MOST_EDITS, Documents
from corridors.scenarios.files.read import read_scenarios
from tests.corridors.live.conftest import BASE, LINE, MORE


def test_what_was_written_is_there_for_another_server(tmp_path: Path) -> None:
    documents = Documents(tmp_path, BASE)
    document = documents.change(documents.new().ident, "Más <b>buses</b>", "a\nnote", [MORE, LINE])
    documents.log(document, "two edits", 120.0, -33.3)
    again = Documents(tmp_path, BASE).of(document.ident)
    assert (again.title, again.note, list(again.edits)) == ("Más <b>buses</b>", "a\nnote", [MORE, LINE])
    assert again.digest == document.digest
    assert [one["people_within_change"] for one in again.tried] == [120.0]
    (scenario,) = read_scenarios([document.path]).scenarios
    assert [one.what for one in scenario.tried] == ["two edits"]
    assert [one.id for one in scenario.edits] == ["e1", "e2"]


def test_two_tabs_do_not_mix(tmp_path: Path) -> None:
    documents = Documents(tmp_path, BASE)
    one, other = documents.new(), documents.new()
    documents.change(one.ident, "One", "", [MORE])
    documents.change(other.ident, "Other", "", [LINE])
    assert [edit["id"] for edit in documents.of(one.ident).edits] == ["e1"]
    assert [edit["id"] for edit in documents.of(other.ident).edits] == ["e2"]
    assert documents.find(one.digest) is one


def test_what_was_tried_is_logged_once_for_each_answer(tmp_path: Path) -> None:
    documents = Documents(tmp_path, BASE)
    document = documents.change(documents.new().ident, "One", "", [MORE])
    for people in (10.0, 10.0, 20.0):
        documents.log(document, "headway e1", people, 0.0)
    assert [one["people_within_change"] for one in document.tried] == [10.0, 20.0]


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ([{"id": "f", "kind": "replace_feed", "files": ["/etc/passwd"]}], "can't be given on the page"),
        ([{**MORE, "files": ["other.zip"]}], "can't be given on the page"),
        ([MORE] * (MOST_EDITS + 1), "at most 60"),
    ],
    ids=["another feed", "a file", "too many"],
)
def test_what_a_page_may_not_ask_for_is_refused(tmp_path: Path, edits: list[dict[str, object]], words: str) -> None:
    documents = Documents(tmp_path, BASE)
    document = documents.new()
    with pytest.raises(ScenarioFileError, match=words):
        documents.change(document.ident, "", "", edits)
    assert not document.path.exists()


@pytest.mark.parametrize(
    "text", ["no toml [", "[[scenario]]\n", "edit = 3\n", "[scenario]\n[[edit]]\nkind = 'replace_feed'\n"]
)
def test_files_that_are_no_scenario_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ScenarioFileError):
        Documents(tmp_path, BASE).opened(text)


def test_files_of_the_user_stay_as_they_are(tmp_path: Path) -> None:
    mine = tmp_path / "live_aaaaaaaaaaaa.toml"
    mine.write_text("my own words")
    documents = Documents(tmp_path, BASE)
    for _ in range(3):
        documents.change(documents.new().ident, "One", "", [MORE])
    assert mine.read_text() == "my own words"
    with pytest.raises(ScenarioFileError, match="no such scenario"):
        documents.of("aaaaaaaaaaaa")


FOREIGN = """
[scenario]
id = "s9"
title = "A scheme"
status = "funded"
as_of = 2026-01-02
source = "the council"
requires = []
costs = { currency = "GBP", vehicle_hour = 60.0 }

[[edit]]
id = "often"
kind = "headway"
line = { number = "north" }
factor = { value = 0.5, basis = "claimed" }
"""


def test_what_a_file_says_of_itself_is_kept_and_what_it_is_written_for_is_added(tmp_path: Path) -> None:
    documents = Documents(tmp_path, BASE)
    document = documents.opened(FOREIGN)
    documents.change(document.ident, "Another title", "", document.edits)
    (scenario,) = documents.read(document).scenarios
    head = scenario.head
    assert (head.id, head.title, head.status, head.source) == ("s9", "Another title", "funded", "the council")
    assert head.costs is not None
    assert head.base.date == BASE["date"]
    assert scenario.edits[0].numbers[0].basis == "claimed"


def test_an_address_opened_in_another_tab_is_a_copy(tmp_path: Path) -> None:
    documents = Documents(tmp_path, BASE)
    one = documents.change(documents.new().ident, "One", "", [MORE])
    other = documents.copied(one)
    assert (other.digest, other.edits) == (one.digest, one.edits)
    scenarios = read_scenarios([one.path, other.path]).scenarios
    assert scenarios[0].head.id != scenarios[1].head.id
    documents.change(other.ident, "Other", "", [LINE])
    assert [edit["id"] for edit in documents.of(one.ident).edits] == ["e1"]


def test_an_empty_document_leaves_no_file(tmp_path: Path) -> None:
    documents = Documents(tmp_path, BASE)
    document = documents.change(documents.new().ident, "", "", [])
    documents.log(document, "", 0.0, 0.0)
    assert documents.read(document).edits == ()
    assert list(tmp_path.iterdir()) == []
    documents.change(document.ident, "", "", [MORE])
    documents.change(document.ident, "", "", [])  # taken back: the file stays, with its log
    assert document.path.exists()
