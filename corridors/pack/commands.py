"""`corridors pack`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from corridors.runtime.printing import say

_FOLDERS = "Folder of a finished run; then, in any order, folders of scenarios, portfolios and corridors lines."


def pack(
    folders: Annotated[list[Path], typer.Argument(help=_FOLDERS)],
    out: Annotated[Path, typer.Option("--out", help="Folder for the pack; made where it is missing.")] = Path("pack"),
) -> None:
    """Put the evidence of a finished run, its scenarios and portfolios together for a decision, and leave judgements blank.

    Equality by protected characteristic, distribution, levels of funding, socially necessary services and a worksheet, as
    HTML, Word, PDF and a workbook.
    """
    from corridors.pack.folders import read_folders
    from corridors.pack.written import MANIFEST, NAMES, write_pack
    from corridors.runtime.command_words import as_published
    from corridors.runtime.staging import claimed, require_writable

    require_writable(out)
    found = read_folders(folders)
    inputs = [file for folder in folders for file in sorted(folder.glob("*.json"))]
    with claimed(out, NAMES, inputs, MANIFEST) as claim:
        written = write_pack(found, claim, as_published(sys.argv[1:]))
    if found.run.region.caution:
        say((found.run.region.caution, "bold yellow"))
    for text in found.differing:
        say(text)
    say(f"Written to {written}")
