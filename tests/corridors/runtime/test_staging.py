"""An output folder that is filled all or not at all: kills between any two moves, several writers, files of others."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from corridors.errors import OutputError
from corridors.runtime import interrupts
from corridors.runtime.own_files import digests_in, is_sealed, listed_files, sealed, with_seal
from corridors.runtime.staging import Claim, claimed
from tests.survival.kill_harness import digests

NAMES = ("run.json", "report.html", "report.pdf", "layers", "tables")
FIRST = {
    "report.html": "one",
    "report.pdf": "one",
    "layers/a.gpkg": "one",
    "layers/b.gpkg": "one",
    "tables/k.csv": "one",
}
SECOND = {"report.html": "two", "layers/a.gpkg": "two", "layers/c.gpkg": "two", "tables/k.csv": "two"}


class Killed(BaseException):
    """What no handler sees."""


def fill(claim: Claim, files: dict[str, str]) -> None:
    for name, text in files.items():
        (claim.stage / name).parent.mkdir(exist_ok=True)
        (claim.stage / name).write_text(text, encoding="utf-8")
    content = sealed({"files": digests_in(claim.stage, NAMES), "started": "now"})
    (claim.stage / "run.json").write_text(json.dumps(content), encoding="utf-8")


def write(folder: Path, files: dict[str, str]) -> None:
    with claimed(folder, NAMES) as claim:
        fill(claim, files)
        claim.put_in_place()


def texts(folder: Path) -> dict[str, str]:
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_text(encoding="utf-8") for name, path in found.items() if name != "run.json"}


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Path]:
    write(tmp_path / "out", FIRST)
    assert texts(tmp_path / "out") == FIRST
    yield tmp_path / "out"


@pytest.mark.parametrize("moves", range(11))
def test_a_run_killed_between_any_two_moves_is_brought_to_its_end_by_the_next_that_begins(
    out: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    """Nine moves put the second run in place; the next command then fails, and yet one run's files stand, whole."""
    left, move = [moves], Path.replace

    def until_killed(path: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return move(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", until_killed)
        patch.setattr(interrupts, "remove", lambda _folder: None)  # a kill leaves the hidden folder behind
        if moves < 9:
            with pytest.raises(Killed):
                write(out, SECOND)
        else:
            write(out, SECOND)
    assert list(out.glob(".partial-*"))
    with pytest.raises(ValueError, match="no good"), claimed(out, NAMES):
        raise ValueError("no good")
    assert texts(out) == SECOND
    assert set(listed_files(out)) == {*SECOND, "run.json"}
    assert not list(out.glob(".*"))


def test_what_came_after_the_kill_is_not_replaced_by_bringing_it_to_its_end(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(OSError, match="stop"):
        patch.setattr(interrupts, "remove", lambda _folder: None)
        patch.setattr(Path, "replace", _stop)
        write(out, SECOND)
    (out / "report.html").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"1 file\(s\).*report\.html"):
        write(out, SECOND)
    assert (out / "report.html").read_text(encoding="utf-8") == "mine"


def _stop(_path: Path, _target: Path) -> None:
    raise OSError("stop")


def test_two_writers_at_once_are_refused_as_the_second_begins(out: Path) -> None:
    with claimed(out, NAMES) as claim:
        with pytest.raises(OutputError, match="another run is writing"), claimed(out, NAMES):
            pass
        fill(claim, SECOND)
        claim.put_in_place()
    assert texts(out) == SECOND


def test_a_file_that_comes_into_the_way_during_the_work_is_refused_and_stays(out: Path) -> None:
    before = digests(out)
    with pytest.raises(OutputError, match=r"layers/mine\.gpkg"), claimed(out, NAMES) as claim:
        fill(claim, SECOND)
        (out / "layers" / "mine.gpkg").write_text("mine", encoding="utf-8")
        claim.put_in_place()
    (out / "layers" / "mine.gpkg").unlink()
    assert digests(out) == before and not list(out.glob(".*"))


def test_a_page_of_ours_is_known_by_its_end_until_it_is_changed(out: Path) -> None:
    page = out / "layers" / "compare.html"
    page.write_text(with_seal("<html>é</html>"), encoding="utf-8")
    assert is_sealed(page)
    write(out, SECOND)
    assert not page.exists()
    page.write_text(with_seal("<html>é</html>").replace("é", "e"), encoding="utf-8")
    with pytest.raises(OutputError, match=r"layers/compare\.html"):
        write(out, SECOND)


def test_a_hard_link_to_a_result_keeps_what_it_held(out: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.html").hardlink_to(out / "report.html")
    write(out, SECOND)
    assert (tmp_path / "kept.html").read_text(encoding="utf-8") == "one"


def test_folders_made_for_a_run_that_failed_are_taken_away(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no good"), claimed(tmp_path / "a" / "b", NAMES):
        raise ValueError("no good")
    assert not (tmp_path / "a").exists() and tmp_path.exists()
