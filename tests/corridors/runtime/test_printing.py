"""What is printed: other people's text is shown, and never moves the cursor, colours a line or breaks a table."""

from pathlib import Path

import pytest

from corridors.runtime.printing import complain, remark, say, show_table, shown
from tests.support.cli import corridors

HOSTILE = "a\x1b[2Jb\x9bc[/red]\ud800\uffff\rd"
HARMLESS = "a\ufffd[2Jb\ufffdc[/red]\ufffd\ufffd\ufffdd"


def test_only_line_ends_and_tabs_move_the_cursor() -> None:
    assert shown(HOSTILE) == HARMLESS
    assert shown("one\r\ntwo\n\tthree") == "one\ntwo\n\tthree"
    assert shown("".join(map(chr, range(0x110000)))).count("\ufffd") == 29 + 33 + 2048 + 2 + 1 + 1


@pytest.mark.parametrize("tell", [say, remark, complain])
def test_every_way_of_printing_shows_text_as_it_is(tell: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(tell)
    tell(HOSTILE)
    said = capsys.readouterr()
    assert said.out + said.err == f"{HARMLESS}\n"


def test_cells_and_titles_of_tables_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    show_table(f"title {HOSTILE}", ("[bold]", "n"), [(HOSTILE, "[/x]"), ("\\[", ":warning:")], right=True)
    said = capsys.readouterr().out
    assert f"title {HARMLESS}" in said and HARMLESS in said
    assert all(text in said for text in ("[bold]", "[/x]", "\\[", ":warning:"))


def test_a_folder_with_brackets_is_named_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = corridors("sources", "--dir", "[/x]")
    assert ran.code == 0 and "looked for in [/x]" in ran.out
    monkeypatch.setenv("CORRIDORS_CACHE", str(tmp_path / "[/x]"))
    for command in ("info", "clear"):
        ran = corridors("cache", command)
        assert ran.code == 0 and "[/x]" in ran.out.replace("\n", "")


@pytest.mark.parametrize("name", ["a\x1b[2J.toml", "b\x9b31m.toml", "[/red].toml"])
def test_a_path_in_an_error_is_shown_and_not_obeyed(name: str) -> None:
    ran = corridors("check", name)
    assert ran.code == 2
    assert f"there is no configuration at {shown(name)}" in ran.err
