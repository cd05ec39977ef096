"""The evidence pack: opened again in a word processor's and a spreadsheet's library; judgements blank; bad folders told."""

import json
import shutil
from pathlib import Path

import docx
import numpy as np
import pandas as pd
import pytest

from corridors.errors import ConfigError, InputMissingError, RunFolderError
from corridors.pack.characteristics import COLUMNS, NOT_GIVEN, equality_table
from corridors.pack.folders import read_folders
from corridors.pack.workbook import BLANK
from corridors.runs.read_back import results_of
from tests.corridors import fake_results as fake
from tests.corridors.portfolio.conftest import write_portfolio
from tests.support.cli import corridors, no_pictures
from tests.support.scenario_text import write_scenario
from tests.support.small_region import write_small_region

KINDS = ("run", "portfolio", "lines", "scenario")
EDIT = '[[edit]]\nid = "north"\nkind = "headway"\nline.number = "north"\nfactor = 0.5\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small region with a run, a portfolio, its lines withdrawn, a scenario, and the pack of them."""
    region = write_small_region(tmp_path_factory.mktemp("pack") / "region")
    portfolio = write_portfolio(region.folder)
    scenario = write_scenario(region.path("one.toml"), EDIT)
    folder, config = region.folder, region.config
    with no_pictures():
        done("run", config, "--out", folder / "run", "-q")
        done("portfolio", portfolio, config, "--out", folder / "portfolio", "-q")
        done("lines", config, "--out", folder / "lines", "-q")
        done("scenario", "run", scenario, config, "--out", folder / "scenario", "-q")
    done("pack", *(folder / kind for kind in KINDS), "--out", folder / "pack")
    return folder


def done(*words: object) -> None:
    """Run a command that has to end well."""
    ran = corridors(*words)
    assert ran.code == 0, ran.err


def test_a_word_processor_finds_every_chapter_with_blank_judgements(made: Path) -> None:
    document = docx.Document(str(made / "pack" / "pack.docx"))
    headings = [one.text for one in document.paragraphs if (one.style.name or "").startswith("Heading")]  # type: ignore[union-attr]
    for title in (
        "Decision worksheet", "Equality evidence", "Accessibility and its distribution", "What would change it",
        "Bus connectivity by level of funding", "Socially necessary services", "Data and provenance", "Limits",
    ):  # fmt: skip
        assert any(title in heading for heading in headings), title
    tables = {table.rows[0].cells[-1].text: table for table in document.tables if table.rows}
    for title in ("Judgement (for people)", "Chosen? (for people)", "Socially necessary? (for people)"):
        assert {row.cells[-1].text.strip() for row in tables[title].rows[1:]} == {"(to be filled in)"}, title
    gains = next(one for one in document.tables if "Mean gain" in [cell.text for cell in one.rows[0].cells])
    mean = {row.cells[0].text: row.cells[4].text for row in gains.rows[1:]}
    assert mean["Departures that reach enough centres within 45 minutes"].endswith(" points")
    assert mean["Minutes to the last centre needed"].endswith(" min") and mean["Meets the headline's test"] == "–"
    words = "\n".join(one.text for one in document.paragraphs)
    assert "in the style of TAG unit A4.2, not an appraisal" in words
    assert "ILLUSTRATIVE" in words
    assert "best found, with no guarantee" in words or "all sets within the budgets were searched" in words


def test_a_spreadsheet_holds_the_same_figures_and_blank_columns(made: Path) -> None:
    book = pd.ExcelFile(made / "pack" / "pack.xlsx", engine="calamine")
    names = book.sheet_names
    assert names[:4] == ["README", "Data dictionary", "worksheet", "equality"] and names[-1] == "sources"
    assert {"portfolio budgets", "lines lines", "scenario kpi"} <= set(names)
    equality = pd.read_excel(book, sheet_name="equality")
    everyone = equality[equality["group"] == "All residents"].iloc[0]
    manifest = json.loads((made / "run" / "run.json").read_text(encoding="utf-8"))
    assert everyone["people"] == manifest["kpi"]["people_total"]
    assert everyone["people_within"] == manifest["kpi"]["people_within"]
    for sheet in ("equality", "worksheet", "portfolio budgets", "lines lines"):
        assert pd.read_excel(book, sheet_name=sheet)[BLANK].isna().all()
    budgets = pd.read_csv(made / "portfolio" / "tables" / "budgets.csv")
    shown = pd.read_excel(book, sheet_name="portfolio budgets")
    assert np.allclose(shown["people"], budgets["people"])
    dictionary = pd.read_excel(book, sheet_name="Data dictionary")
    assert dictionary["title"].notna().all() and set(dictionary["sheet"]) == set(names[2:])


def test_the_manifest_says_what_the_pack_was_made_from_and_packs_are_the_same_bytes(made: Path) -> None:
    said = json.loads((made / "pack" / "pack.json").read_text(encoding="utf-8"))
    assert [one["kind"] for one in said["made_from"]] == list(KINDS)
    assert {"pack.html", "pack.docx", "pack.xlsx"} <= set(said["files"])
    again = corridors("pack", made / "scenario", made / "run", "--out", made / "again")
    assert again.code == 0, again.err
    once = corridors("pack", made / "run", made / "scenario", "--out", made / "once")
    assert once.code == 0
    for name in ("pack.html", "pack.docx", "pack.xlsx"):
        assert (made / "again" / name).read_bytes() == (made / "once" / name).read_bytes()


def test_folders_that_make_no_pack_are_told(made: Path, tmp_path: Path) -> None:
    with pytest.raises(InputMissingError, match="holds nothing finished; give the folder of one of corridors run"):
        read_folders([tmp_path])
    with pytest.raises(ConfigError, match="made from the folder of one finished run, and 0 were given"):
        read_folders([made / "lines"])
    other = tmp_path / "other"
    shutil.copytree(made / "run", other)
    with pytest.raises(ConfigError, match="one finished run, and 2 were given"):
        read_folders([made / "run", other])
    assert read_folders([made / "run", made / "run"]).others == ()  # the same folder named twice is one


@pytest.mark.parametrize("kind", ["portfolio", "lines", "scenario"])
def test_a_folder_that_was_changed_is_refused(made: Path, tmp_path: Path, kind: str) -> None:
    changed = tmp_path / kind
    shutil.copytree(made / kind, changed)
    table = next(iter(sorted((changed / "tables").glob("*.csv"))))
    table.write_text(table.read_text(encoding="utf-8").replace("0", "9"), encoding="utf-8")
    with pytest.raises(RunFolderError, match=rf"{table.name} is not as the manifest lists it"):
        read_folders([made / "run", changed])
    (manifest,) = changed.glob("*.json")
    manifest.write_text("{}", encoding="utf-8")
    with pytest.raises(RunFolderError, match="is no whole manifest"):
        read_folders([made / "run", changed])


def test_folders_of_other_inputs_are_refused(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from corridors.pack import folders as module

    real = module._answered
    monkeypatch.setattr(module, "_answered", lambda *given: _elsewhere(real(*given)))
    with pytest.raises(ConfigError, match="lines was made from none of the inputs of"):
        read_folders([made / "run", made / "lines"])


def _elsewhere(one: object) -> object:
    from dataclasses import replace

    inputs = [{**item, "sha256": "0" * 64} for item in one.manifest["inputs"]]  # type: ignore[attr-defined]
    return replace(one, manifest={**one.manifest, "inputs": inputs})  # type: ignore[attr-defined,type-var]


def test_shares_of_groups_are_those_counted_by_hand() -> None:
    run = fake.fake_results()
    n = len(run.zones)
    zones = run.zones.assign(
        population=100.0, meets_kpi=[True, *[False] * (n - 1)], age_65plus=[30.0, *[10.0] * (n - 1)], disability_share=0.2,
        sex_female=[60.0, *[50.0] * (n - 1)],
    )  # fmt: skip
    table = equality_table(type(run)(**{**vars(run), "zones": zones})).set_index("group")
    assert list(equality_table(run).columns) == COLUMNS
    old = table.loc["Residents 65 and over"]
    assert old["people"] == 30 + 10 * (n - 1) and old["share"] == 30 / old["people"]
    assert old["difference"] == pytest.approx(old["share"] - 1 / n)
    assert table.loc["Disabled residents", "people"] == pytest.approx(20 * n)
    assert table.loc["Disabled residents", "difference"] == pytest.approx(0)
    assert table.loc["Female", "characteristic"] == "Sex"
    missing = table.loc[[NOT_GIVEN], "characteristic"]
    assert {"Gender reassignment", "Religion or belief", "Sexual orientation"} <= set(missing)


def test_who_of_a_small_group_meets_the_test_is_withheld() -> None:
    run = fake.fake_results()
    n = len(run.zones)
    few, enough = [99.0, *[0.0] * (n - 1)], [100.0, *[0.0] * (n - 1)]
    zones = run.zones.assign(population=1000.0, meets_kpi=True, religion_few=few, religion_enough=enough)
    table = equality_table(type(run)(**{**vars(run), "zones": zones})).set_index("group")
    assert table.loc["Few", "suppressed"] and table.loc["Few", "people"] == 99
    assert table.loc["Few", ["people_within", "share", "difference"]].isna().all()
    assert not table.loc["Enough", "suppressed"] and table.loc["Enough", "share"] == 1.0


def test_the_pack_of_a_run_alone_says_what_was_not_given(made: Path) -> None:
    alone = corridors("pack", made / "run", "--out", made / "alone")
    assert alone.code == 0 and results_of(made / "run").title
    page = (made / "alone" / "pack.html").read_text(encoding="utf-8")
    for words in ("No portfolio was given", "No withdrawals were given"):
        assert words in page
    assert "What would change it" not in page
