"""Whole reports made from the live page, in a process of their own."""

import time
from pathlib import Path
from typing import Any

import pytest

from corridors.errors import ScenarioFileError
from corridors.live.documents import Documents
from corridors.live.reports import Reports
from tests.corridors.live.conftest import MORE

PATIENCE_S = 300


def finished(reports: Reports, job: str) -> dict[str, Any]:
    end = time.monotonic() + PATIENCE_S
    while not (told := reports.state(job))["done"]:
        assert time.monotonic() < end
        time.sleep(0.2)
    return told


def test_a_report_is_made_of_the_document_and_a_second_one_waits(config: Path, tmp_path: Path) -> None:
    documents, reports = Documents(tmp_path, {}), Reports(config)
    document = documents.change(documents.new().ident, "More", "", [MORE])
    job = reports.start(document)["job"]
    with pytest.raises(ScenarioFileError, match="made already"):
        reports.start(document)
    told = finished(reports, job)
    assert told["problem"] == ""
    assert "applying the edits" in told["steps"]
    assert (tmp_path / told["folder"] / "scenario.json").is_file()
    page = reports.page(job)
    assert page is not None
    assert "More" in page.read_text(encoding="utf-8")


def test_a_report_that_fails_says_why(tmp_path: Path) -> None:
    documents, reports = Documents(tmp_path, {}), Reports(tmp_path / "missing.toml")
    document = documents.change(documents.new().ident, "More", "", [MORE])
    job = reports.start(document)["job"]
    told = finished(reports, job)
    assert "missing.toml" in told["problem"]
    assert told["folder"] == ""
    assert reports.page(job) is None
    with pytest.raises(ScenarioFileError, match="no such report"):
        reports.state("another")
