"""The folder of a pack: the document as HTML, Word and PDF, the workbook, and a manifest."""

import json
import platform
from pathlib import Path

from corridors.outputs.run_manifest import plain_json
from corridors.pack.folders import PackFolders
from corridors.pack.page import pack_page
from corridors.pack.workbook import pack_sheets, readme
from corridors.report import render_html, render_papers
from corridors.runtime.own_files import FILES, digests_in, sealed
from corridors.runtime.staging import Claim, writing_to
from corridors.version import VERSION
from layers import write_workbook

MANIFEST, PAGE, WORD, PDF, WORKBOOK = "pack.json", "pack.html", "pack.docx", "pack.pdf", "pack.xlsx"
NAMES = (MANIFEST, PAGE, WORD, PDF, WORKBOOK)
SCHEMA_VERSION = 1


def write_pack(folders: PackFolders, claim: Claim, command: str) -> Path:
    """Write everything into a folder that is claimed already, whole or not at all; returns the path of the page.

    Raises `OutputError` where the folder can't be written.
    """
    report = pack_page(folders)
    with writing_to(claim.folder):
        (claim.stage / PAGE).write_text(render_html(report), encoding="utf-8")
        for name, paper in render_papers({WORD: report}, {PDF: report}).items():
            (claim.stage / name).write_bytes(paper)
        write_workbook(claim.stage / WORKBOOK, pack_sheets(folders), report.title, readme(folders))
        content = {
            "schema_version": SCHEMA_VERSION,
            "title": report.title,
            "caution": report.caution,
            "date": report.date.isoformat(),
            "versions": {"corridors": VERSION, "python": platform.python_version()},
            "command": command,
            "made_from": [
                {"folder": folders.name, "kind": "run", "command": folders.run.command},
                *(
                    {"folder": one.name, "kind": one.kind, "command": one.manifest.get("command", "")}
                    for one in folders.others
                ),
            ],
            "differing_inputs": folders.differing,
            "inputs": [vars(item) for item in folders.provenance],
            FILES: dict(digests_in(claim.stage, claim.names)),
        }
        text = json.dumps(sealed(plain_json(content)), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        (claim.stage / claim.manifest).write_text(text, encoding="utf-8")
    claim.put_in_place()
    return claim.folder / PAGE
