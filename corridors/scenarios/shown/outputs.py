"""The output folder of a scenario: scenario.json, tables and layers, written whole or not at all."""

import json
import platform
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from accessibility import Feed, write_gtfs
from corridors.catalogue.cutoff_names import outside_columns, outside_name, outside_table
from corridors.errors import OutputError
from corridors.outputs.run_manifest import plain_json
from corridors.results import Kpi
from corridors.runtime.own_files import FILES, SCENARIO_MANIFEST, digests_in, sealed
from corridors.runtime.staging import Claim, writing_to
from corridors.scenario_results import RANGE_WORDS, ScenarioResults
from corridors.version import VERSION
from layers import ColumnNote, LayerMetadata, NamedLayer, with_integers, write_csv, write_geopackage

NAMES = (SCENARIO_MANIFEST, "layers", "tables")  # all that a scenario writes into its folder
SCHEMA_VERSION = 1
_ABSTRACT = (
    "What residents of each zone reach before and after the scenario, and the change. Timetable times, not observed."
)


def write_scenario(results: ScenarioResults, claim: Claim, times: Callable[[], Mapping[str, Any]]) -> Path:
    """Write everything into a folder that is claimed already, and return the path of scenario.json.

    Raises `OutputError` where the folder can't be written.
    """
    stage = claim.stage
    with writing_to(claim.folder):
        (stage / "tables").mkdir()
        for name, table in written_tables(results):
            write_csv(stage / "tables" / f"{name}.csv", table)
        (stage / "layers").mkdir()
        write_geopackage(stage / "layers" / "scenario.gpkg", list(_layers(results)))
        content = plain_json(_content(results, times(), digests_in(stage, NAMES)))
        text = json.dumps(sealed(content), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        (stage / SCENARIO_MANIFEST).write_text(text, encoding="utf-8")
    claim.put_in_place()
    return claim.folder / SCENARIO_MANIFEST


def written_tables(results: ScenarioResults) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every table by its name as it is written: named for readers outside, with the region's caution, zones among them."""
    zones = pd.DataFrame(results.zones.drop(columns="geometry")).rename_axis("zone_id").reset_index()
    caution, notes = results.region.caution, _notes(results)
    for name, table in (*results.tables.items(), ("zones", zones), ("data_dictionary", results.dictionary)):
        whole = with_integers(table, notes) if name == "zones" else table
        named = outside_table(whole, results.base.cutoff_min)
        yield name, named.assign(caution=caution) if caution else named


def require_new(path: Path | None) -> None:
    """Raise `OutputError` for a file of --export-gtfs that is there already: nobody's file is replaced."""
    if path is not None and path.exists():
        raise OutputError(f"--export-gtfs: {path} is there already; choose another name")


def _notes(results: ScenarioResults) -> dict[str, ColumnNote]:
    """Notes of the zones' columns, which are named as in the code."""
    rows = results.dictionary.itertuples(index=False, name=None)
    return {str(column): ColumnNote(str(title), str(unit)) for column, title, unit in rows}


def export_gtfs(feed: Feed, path: Path) -> None:
    """Write the edited feed as GTFS. Raises `OutputError` where it can't be written, or a file is there."""
    require_new(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_gtfs(feed, path)
    except OSError as error:
        raise OutputError(f"--export-gtfs: {path} can't be written: {error.strerror or error}") from error


def _layers(results: ScenarioResults) -> Iterator[NamedLayer]:
    frames = {"scenario_zones": results.zones.reset_index(names="zone_id"), "new_lines": results.lines}
    titles = {"scenario_zones": "Zones before and after", "new_lines": "Lines that the scenario makes"}
    for name, frame in frames.items():
        if not len(frame):
            continue
        caution = results.region.caution
        noted = frame.assign(caution=caution) if caution else frame
        title = f"{titles[name]}: {results.title}"
        minutes = results.base.cutoff_min
        named = gpd.GeoDataFrame(outside_columns(noted, minutes))
        notes = {outside_name(column, minutes): note for column, note in _notes(results).items()}
        yield NamedLayer(
            name, named, title, notes=notes if name == "scenario_zones" else {}, metadata=_metadata(results, title)
        )


def _metadata(results: ScenarioResults, title: str) -> LayerMetadata:
    lineage = [
        f"{item.title} ({item.vintage}): {item.source}. {item.file}, SHA-256 {item.sha256[:12]}"
        for item in results.provenance
    ]
    return LayerMetadata(
        title=title,
        abstract=f"{_ABSTRACT} {results.region.name}: {results.region.note}.",
        lineage=(f"Computed by corridors {VERSION} from:", *lineage),
        licences=tuple(dict.fromkeys(f"{one.source}: {one.licence}" for one in results.provenance)),
        keywords=("accessibility", "public transport", "scenario", results.region.name),
        vintage=results.date,
        caution=results.region.caution,
    )


def _content(results: ScenarioResults, times: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    region = results.region
    tables = {name: table for name, table in results.tables.items() if name not in {"journeys", "by_place"}}
    return {
        "schema_version": SCHEMA_VERSION,
        "region": region.name,
        "geography": region.note,
        "caution": region.caution,
        "date": results.date,
        **times,
        "versions": {"corridors": VERSION, "python": platform.python_version()},
        "command": results.command,
        "seed": results.seed,
        "scenarios": [vars(one) for one in results.scenarios],
        "differences_from_the_inputs_it_was_written_for": list(results.differences),
        "definition": dict(results.base.definition),
        "base": _headline(results.base),
        "scenario": _headline(results.scenario),
        "range": {"name": RANGE_WORDS, **results.spread},
        **{name: table.to_dict("records") for name, table in tables.items()},
        "inputs": [vars(item) for item in results.provenance],
        "warnings": [{**vars(one), "sample": list(one.sample)} for one in results.warnings],
        FILES: dict(files),
    }


def _headline(kpi: Kpi) -> dict[str, float]:
    return {"share": kpi.share, "people_within": kpi.people_within, "people_total": kpi.people_total}
