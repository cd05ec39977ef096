"""The results of a finished run, made again from its folder, give the report that the run wrote, word for word."""

import html
import json
import re
import shutil
from pathlib import Path

import pytest

from corridors.errors import RunFolderError
from corridors.report import render_html, view_report
from corridors.runs.read_back import results_of
from tests.support.cli import no_pictures


def words(page: str) -> list[str]:
    plain = re.sub(r"<(style|svg)\b.*?</\1>|<img[^>]*>", "", page, flags=re.DOTALL)
    return [html.unescape(" ".join(text.split())) for text in re.findall(r">([^<]+)<", plain) if text.strip()]


def test_the_report_of_a_run_read_back_is_the_one_it_wrote(demo_run: Path) -> None:
    with no_pictures():
        again = words(render_html(view_report(results_of(demo_run))))
    written = words((demo_run / "report.html").read_text(encoding="utf-8"))
    assert again == written


def test_a_manifest_that_lacks_settings_is_refused_in_a_sentence(demo_run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "older"
    shutil.copytree(demo_run, folder, ignore=shutil.ignore_patterns("maps", "*.pdf", "*.docx", "*.tif", "*.html"))
    manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    del manifest["settings"]
    (folder / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(RunFolderError, match="made by an earlier version; run it again"):
        results_of(folder)
