"""The documentation tells the truth: links lead somewhere, the tutorial runs, the interface page is that of the code."""

import re
from pathlib import Path

import pytest

from tests.support.api_page import PAGE, page
from tests.support.cli import no_pictures
from tests.support.notebook import Cell, cells, run_cells

ROOT = Path(__file__).parents[1]
FILES = sorted(
    file
    for file in ROOT.rglob("*.md")
    if not {".venv", "build", "out", "node_modules"} & set(file.relative_to(ROOT).parts)
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(file: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (file.parent / link).exists()]
    assert missing == []


def test_every_room_says_what_it_is_for() -> None:
    rooms = {
        folder.parent
        for package in ("accessibility", "layers", "maps", "corridors")
        for folder in (ROOT / package).rglob("__init__.py")
        if folder.parent.parent != ROOT
    }
    for room in sorted(rooms):
        text = (room / "README.md").read_text(encoding="utf-8")
        assert text.startswith(f"# {room.relative_to(ROOT).as_posix()}\n")
        assert all(word in text for word in ("**Enters**", "**Leaves**", "**May import**"))
        assert text.count("\n") <= 12


def test_the_interface_page_is_that_of_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/api.md is out of date: python -m tests.support.api_page"


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\]\((\d{4}-[a-z-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {file.name for file in folder.glob("0*.md")}


def test_every_block_of_the_tutorial_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other in one folder, as somebody would who copies them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("corridors.report.render_pdf", lambda _: b"")
    monkeypatch.setattr("corridors.access.variants.searched_choices", lambda *_: ())
    monkeypatch.setattr("corridors.scenarios.shown.listed.listed_scenarios", lambda *_: None)
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    known: dict[str, object] = {}
    with no_pictures():  # the pictures, PDFs, scenarios and technical choices of the demonstration are `demo_run`'s
        for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
            exec(compile(block, "docs/tutorial.md", "exec"), known)
    assert "Minutes to the nearest centre" in (tmp_path / "nearest.html").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "report.html").is_file()


def test_every_cell_of_the_notebook_gives_what_stands_in_it(demo_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its words; tables as HTML and the figure differ with the versions of libraries."""
    monkeypatch.chdir(demo_run.parent)
    stored = [cell["outputs"] for cell in cells() if cell["cell_type"] == "code"]
    assert [list(map(_words, outputs)) for outputs in run_cells()] == [list(map(_words, outputs)) for outputs in stored]


def _words(output: Cell) -> str:
    return str(output.get("text") or output["data"].get("text/plain", sorted(output["data"])))


def test_the_method_names_modules_that_exist() -> None:
    text = (ROOT / "corridors" / "METHOD.md").read_text(encoding="utf-8")
    named = [name for names in re.findall(r"^#.*\[([a-z_/, ]+)\]$", text, re.MULTILINE) for name in names.split(", ")]
    assert named
    for name in named:
        home = ROOT if name.startswith("accessibility") else ROOT / "corridors"
        assert (home / name).is_dir() or (home / f"{name}.py").is_file(), name
