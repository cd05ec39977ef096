"""An output folder with a page, tables and a manifest, written whole or not at all: `corridors lines`, `diff`, `portfolio`."""

import json
import platform
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from corridors.outputs.run_manifest import plain_json
from corridors.report.blocks.view import Report
from corridors.report.render.html import render_html
from corridors.results import Provenance
from corridors.runtime.own_files import FILES, digests_in, sealed
from corridors.runtime.staging import Claim, writing_to
from corridors.version import VERSION
from layers import write_csv

PAGE, TABLES = "report.html", "tables"
SCHEMA_VERSION = 1


def write_folder(
    claim: Claim,
    page: Report,
    tables: Iterable[tuple[str, pd.DataFrame]],
    *,
    facts: Mapping[str, Any],
    inputs: Iterable[Provenance],
    times: Callable[[], Mapping[str, Any]],
) -> Path:
    """Write everything into a folder that is claimed already, and return the path of the page.

    The manifest has the claim's name, and lists the files of all names that were claimed. Every table has the page's caution
    as a column where there is one. Raises `OutputError` where it can't be written.
    """
    with writing_to(claim.folder):
        (claim.stage / TABLES).mkdir()
        for name, table in tables:
            cautioned = table.assign(caution=page.caution) if page.caution else table
            write_csv(claim.stage / TABLES / f"{name}.csv", cautioned)
        (claim.stage / PAGE).write_text(render_html(page), encoding="utf-8")
        content = {
            "schema_version": SCHEMA_VERSION,
            "title": page.title,
            "caution": page.caution,
            "date": page.date.isoformat(),
            **times(),
            "versions": {"corridors": VERSION, "python": platform.python_version()},
            **facts,
            "inputs": [vars(item) for item in inputs],
            FILES: dict(digests_in(claim.stage, claim.names)),
        }
        text = json.dumps(sealed(plain_json(content)), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        (claim.stage / claim.manifest).write_text(text, encoding="utf-8")
    claim.put_in_place()
    return claim.folder / PAGE
