"""The output folder of a run: report, map, tables, layers and manifest, written from `Results`."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from corridors.catalogue.cutoff_names import outside_name
from corridors.config.question import OutputsSection
from corridors.errors import OutputError
from corridors.outputs.baseline_file import NAME as BASELINE
from corridors.outputs.baseline_file import baseline_text
from corridors.outputs.csv_tables import write_tables
from corridors.outputs.layers import DRAWN_FROM_TOP, HIDDEN_AT_FIRST, published_layers
from corridors.outputs.run_manifest import manifest
from corridors.report import PAGES, PAPERS, WORD, report_pages, report_papers, view_board_note, view_report
from corridors.results import Results
from corridors.runtime.own_files import MANIFEST, digests_in
from corridors.runtime.staging import Claim, claimed, writing_to
from corridors.webmap.build import render_map_files
from layers import first_few, surface_grid, write_geopackage, write_layer, write_qgis_project, write_surface

NAMES = (MANIFEST, *PAGES, WORD, *PAPERS, "layers", "maps", "tables")  # all that a run writes into its folder
PARTS = ("report", "papers", "map", "layers", "tables")  # what can be asked for alone; papers are PDFs and Word
_USUAL = OutputsSection()


def parts_named(words: str) -> tuple[str, ...]:
    """The parts in a list with commas, "map,tables"; all of them where nothing is named.

    Raises `OutputError` for any other word.
    """
    asked = tuple(dict.fromkeys(word for word in (word.strip().lower() for word in words.split(",")) if word))
    if wrong := [word for word in asked if word not in PARTS]:
        raise OutputError(f"--only: {first_few(wrong)} is no part of a run; the parts are {', '.join(PARTS)}")
    return asked or PARTS


def require_all_parts(parts: Collection[str]) -> None:
    """Raise `OutputError` where parts are asked for alone of a run over a nation, which writes files of its own."""
    if len(parts) < len(PARTS):
        raise OutputError("--only: a run over a nation writes its own tables, layer and page; leave --only out")


def publish(
    results: Results,
    folder: Path,
    about: Callable[[], Mapping[str, Any]] = dict,
    outputs: OutputsSection = _USUAL,
) -> Path:
    """Write everything into `folder`, as `outputs` asks; returns the path of the report.

    `about` gives what run.json says of the run itself: when it took place, how long each step took, and where its
    configuration lies; nothing by default.

    Raises `OutputError` where the folder can't be written, or holds files that no earlier run wrote.
    """
    with claimed(folder, NAMES) as claim:
        return write_results(results, claim, about, outputs)


def write_results(
    results: Results,
    claim: Claim,
    about: Callable[[], Mapping[str, Any]],
    outputs: OutputsSection = _USUAL,
    parts: Collection[str] = PARTS,
) -> Path:
    """Write these parts into a folder that is claimed already, as `outputs` asks; returns the path of the report.

    All is written beside it first and moved into place at the end, so a failure leaves an earlier run untouched. `about`
    is asked once everything but the manifest is written. Raises `OutputError` where the folder can't be written.
    """
    stage = claim.stage
    with writing_to(claim.folder):
        wants_papers = "papers" in parts and (outputs.papers or len(parts) < len(PARTS))  # named, they are wanted
        pages = (view_report(results), view_board_note(results)) if wants_papers or "report" in parts else None
        if "layers" in parts:
            _write_layers(results, stage / "layers", outputs.surface_cell_m)
        if "tables" in parts:
            write_tables(results, stage / "tables")
            (stage / BASELINE).write_text(baseline_text(results), encoding="utf-8")
        if "map" in parts:
            _write_map(results, stage / "maps", outputs)
        if pages and "report" in parts:
            _write(report_pages(*pages), stage)
        if pages and wants_papers:
            _write(report_papers(*pages), stage)
        text = manifest(results, about(), digests_in(stage, NAMES))
        (stage / MANIFEST).write_text(text, encoding="utf-8")
    claim.put_in_place()
    return claim.folder / "report.html"


def _write(contents: Mapping[str, bytes], folder: Path) -> None:
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def _write_map(results: Results, folder: Path, outputs: OutputsSection) -> None:
    folder.mkdir()
    web_map = render_map_files(results, outputs.tiles.tiles if outputs.tiles else None)
    for name, text in {"index.html": web_map.page, **web_map.beside}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _write_layers(results: Results, folder: Path, cell_m: float) -> None:
    folder.mkdir()
    caution = f". {results.region.caution}" if results.region.caution else ""
    package = f"{results.region.slug}.gpkg"
    layers = published_layers(results)
    write_geopackage(folder / package, list(layers.values()))
    drawn = sorted(layers.values(), key=lambda layer: DRAWN_FROM_TOP.index(layer.name))
    title = f"{results.region.name}{caution}"
    write_qgis_project(folder / f"{results.region.slug}.qgs", package, drawn, title, HIDDEN_AT_FIRST)
    zones = layers["zones"]
    write_layer(folder / "zones.parquet", zones.frame, "zones", zones.notes)
    grid = surface_grid(results.zones, cell_m)
    for column, title, name in _surfaces(results):
        write_surface(
            folder / f"{name}.tif",
            grid,
            results.zones[column],
            title=f"{title}{caution}",
            unit=_unit(column),
            missing="not reached in the time searched" if _unit(column) == "min" else "no value",
        )


def _surfaces(results: Results) -> Iterator[tuple[str, str, str]]:
    for centre, name in results.centres["name"].items():
        plain = re.sub(r"[^A-Za-z0-9_]", "_", str(centre))
        yield f"minutes_to_{centre}", f"Minutes to {name}, median departure", f"minutes_to_{plain}"
    column, kpi = "centres_within_cutoff", results.kpi
    title = f"Strategic centres within {kpi.test.limit_words}, median departure"
    yield column, title, outside_name(column, kpi.cutoff_min)


def _unit(column: str) -> str:
    return "min" if column.startswith("minutes_to_") else "count"
