"""Results written to a folder: the only place where a run touches the disk."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from corridors.baseline_file import NAME as BASELINE
from corridors.baseline_file import baseline_text
from corridors.config import OutputsSection
from corridors.manifest import manifest
from corridors.paper import printing
from corridors.report import PAPERS, WORD, paper_pages, render_docx, report_pages, view_board_note, view_report
from corridors.results import Results
from corridors.staging import staged
from corridors.styles_qml import qml_of
from corridors.web_map import render_map
from layers.export import NamedLayer, write_csv, write_geopackage, write_layer
from layers.rasters import write_surface

LAYERS: Mapping[str, str] = {
    "zones": "Zones",
    "districts": "Districts",
    "centres": "Strategic centres",
    "corridors": "Corridors (proposed by this tool)",
    "corridor_catchments": "Corridor catchments (proposed by this tool)",
    "pilots": "Town-centre pilots",
    "sites": "Employment and opportunity sites",
    "stops": "Stops with service",
    "network_links": "Public transport links",
}
_FRAMES = {"corridor_catchments": "catchments", "network_links": "links"}  # layer name -> field of Results
MANIFEST = "run.json"
_USUAL = OutputsSection()


def layer_frame(results: Results, layer: str) -> gpd.GeoDataFrame:
    """The frame of a published layer."""
    frame: gpd.GeoDataFrame = getattr(results, _FRAMES.get(layer, layer))
    return frame


def publish(
    results: Results, folder: Path, times: Callable[[], Mapping[str, Any]], outputs: OutputsSection = _USUAL
) -> Path:
    """Write everything into `folder`, as `outputs` asks; returns the path of the report.

    All is written beside it first and moved into place at the end, so a failure leaves an earlier run untouched. `times`
    is asked once everything but the manifest is written. Raises `OutputError` where the folder can't be written.
    """
    tiles = outputs.tiles.tiles if outputs.tiles else None
    with staged(folder, last=MANIFEST, optional=(WORD, *PAPERS)) as stage:
        report, note = view_report(results), view_board_note(results)
        papers = paper_pages(report, note) if outputs.papers else {}
        with printing({stage / name: page for name, page in papers.items()}):
            _write_layers(results, stage / "layers", outputs.surface_cell_m)
            _write_tables(results, stage / "tables")
            (stage / "maps").mkdir()
            (stage / "maps" / "index.html").write_text(render_map(results, tiles), encoding="utf-8")
            for name, page in report_pages(report, note).items():
                (stage / name).write_bytes(page)
            if outputs.papers:
                (stage / WORD).write_bytes(render_docx(report))
        (stage / MANIFEST).write_text(manifest(results, times()), encoding="utf-8")
    return folder / "report.html"


def _write_layers(results: Results, folder: Path, cell_m: float) -> None:
    folder.mkdir()
    caution = f". {results.region.caution}" if results.region.caution else ""
    named = [
        NamedLayer(layer, _with_caution(layer_frame(results, layer), results), f"{title}{caution}", qml_of(layer))
        for layer, title in LAYERS.items()
        if len(layer_frame(results, layer))
    ]
    write_geopackage(folder / f"{results.region.slug}.gpkg", named)
    write_layer(folder / "zones.parquet", _with_caution(results.zones, results), "zones")
    for column, title, name in _surfaces(results):
        write_surface(
            folder / f"{name}.tif",
            results.zones,
            results.zones[column],
            title=f"{title}{caution}",
            unit=_unit(column),
            cell_m=cell_m,
        )


def _with_caution(frame: gpd.GeoDataFrame, results: Results) -> gpd.GeoDataFrame:
    """The frame with the run's caution as a column, so that the words travel with every copy of the layer."""
    return frame.assign(caution=results.region.caution) if results.region.caution else frame


def _surfaces(results: Results) -> Iterator[tuple[str, str, str]]:
    for centre, name in results.centres["name"].items():
        plain = re.sub(r"[^A-Za-z0-9_]", "_", str(centre))
        yield f"minutes_to_{centre}", f"Minutes to {name}, median departure", f"minutes_to_{plain}"
    yield "centres_within_45", "Strategic centres within 45 minutes, median departure", "centres_within_45"


def _unit(column: str) -> str:
    return "min" if column.startswith("minutes_to_") else "count"


def _write_tables(results: Results, folder: Path) -> None:
    folder.mkdir()
    if "baseline" in results.tables:
        (folder.parent / BASELINE).write_text(baseline_text(results), encoding="utf-8")
    for name, table in _tables(results):
        shown = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
        if results.region.caution:
            shown = shown.assign(caution=results.region.caution)
        write_csv(folder / f"{name}.csv", shown)


def _tables(results: Results) -> Iterator[tuple[str, pd.DataFrame]]:
    kpi = results.kpi
    headline = {
        "share": kpi.share,
        "people_within": kpi.people_within,
        "people_total": kpi.people_total,
        **kpi.definition,
    }
    yield "kpi", pd.DataFrame([headline])
    yield "kpi_variants", pd.DataFrame([vars(variant) for variant in kpi.variants])
    for name in ("zones", "districts", "corridors", "pilots", "sites", "centres"):
        yield name, getattr(results, name).rename_axis(getattr(results, name).index.name or "id").reset_index()
    yield "link_load", results.links
    yield from results.tables.items()
    yield (
        "warnings",
        pd.DataFrame(
            [{**vars(warning), "sample": "; ".join(warning.sample)} for warning in results.warnings],
            columns=["code", "count", "share", "sample", "effect"],
        ),
    )
    yield "provenance", pd.DataFrame([vars(item) for item in results.provenance])
    yield "data_dictionary", results.dictionary
