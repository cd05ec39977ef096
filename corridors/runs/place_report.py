"""`corridors report`: the report of one corridor or pilot of a finished run, as HTML, PDF and Word, with its figures as files."""

import json
import platform
import re
from collections.abc import Mapping
from pathlib import Path

from corridors.outputs.run_manifest import plain_json
from corridors.report import place_figures, render_html, render_papers, view_place
from corridors.report.blocks.view import Figure
from corridors.runs.read_back import results_of
from corridors.runtime.own_files import FILES, digests_in, listed_files, sealed
from corridors.runtime.staging import Claim, claimed, writing_to
from corridors.version import VERSION

MANIFEST, PAGE, WORD, PDF, FIGURES = "place.json", "report.html", "report.docx", "report.pdf", "figures"
NAMES = (MANIFEST, PAGE, WORD, PDF, FIGURES)
PRINT_DPI = 300
SCHEMA_VERSION = 1


def write_place_report(folder: Path, kind: str, ident: str, to: Path | None) -> Path:
    """Write the report of a place (`kind` is corridor or pilot) of the run in `folder`; returns the path of its page.

    Raises `ConfigError` for an id that the run does not have, and the errors of `results_of` and `claimed`.
    """
    results = results_of(folder)
    report, figures = view_place(results, kind, ident), place_figures(results, kind, ident)
    target = to or Path(f"report_{re.sub(r'[^A-Za-z0-9_-]', '_', ident)}")
    inputs = [folder / name for name in listed_files(folder)]
    with claimed(target, NAMES, inputs, MANIFEST) as claim, writing_to(target):
        (claim.stage / PAGE).write_text(render_html(report), encoding="utf-8")
        for name, paper in render_papers({WORD: report}, {PDF: report}).items():
            (claim.stage / name).write_bytes(paper)
        _write_figures(figures, claim.stage / FIGURES)
        facts = {
            "title": report.title,
            "kind": kind,
            "id": ident,
            "caution": report.caution,
            "run": folder.resolve().name,
        }
        _write_manifest(claim, {**facts, "date": results.date, "inputs": [vars(one) for one in results.provenance]})
        claim.put_in_place()
    return target / PAGE


def _write_figures(figures: Mapping[str, Figure], folder: Path) -> None:
    folder.mkdir()
    for name, figure in figures.items():
        (folder / f"{name}.png").write_bytes(figure.picture.png(PRINT_DPI))
        (folder / f"{name}.svg").write_bytes(figure.picture.svg)


def _write_manifest(claim: Claim, facts: Mapping[str, object]) -> None:
    versions = {"corridors": VERSION, "python": platform.python_version()}
    content = {
        "schema_version": SCHEMA_VERSION,
        **facts,
        "versions": versions,
        FILES: dict(digests_in(claim.stage, NAMES)),
    }
    text = json.dumps(sealed(plain_json(content)), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    (claim.stage / MANIFEST).write_text(text, encoding="utf-8")
