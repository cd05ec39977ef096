"""The output folder of a scenario: report, note, scenario.json, tables and layers, written whole or not at all."""

import json
import platform
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from accessibility import Feed, write_gtfs
from corridors.catalogue.cutoff_names import outside_table
from corridors.catalogue.place_kinds import REGION
from corridors.errors import OutputError
from corridors.outputs.run_manifest import plain_json
from corridors.report import (
    PAGES,
    PAPERS,
    WORD,
    report_pages,
    report_papers,
    view_scenario,
    view_scenario_note,
)
from corridors.results import Kpi
from corridors.runtime.own_files import FILES, SCENARIO_MANIFEST, digests_in, sealed
from corridors.runtime.staging import Claim, writing_to
from corridors.scenario_results import RANGE_WORDS, ScenarioResults
from corridors.scenarios.shown.layers import notes_of_zones, write_layers
from corridors.version import VERSION
from corridors.webmap.scenario_map import render_scenario_map
from layers import with_integers, write_csv

MAP = "map.html"
_IN_MANIFEST = {
    "kpi": "variants",
    "by_place": "places",
}  # table -> its name in scenario.json, where `kpi` is the headline
NAMES = (SCENARIO_MANIFEST, *PAGES, WORD, *PAPERS, MAP, "layers", "tables")  # all that is written into a folder
SCHEMA_VERSION = 2  # 2: `kpi` is the headline, and its table is `variants`


def write_scenario(
    results: ScenarioResults, claim: Claim, times: Callable[[], Mapping[str, Any]], *, papers: bool = True
) -> Path:
    """Write everything into a folder that is claimed already, and return the path of scenario.json.

    `papers`: the report for Word too, and PDFs. Raises `OutputError` where the folder can't be written.
    """
    stage = claim.stage
    with writing_to(claim.folder):
        report, note = view_scenario(results), view_scenario_note(results)
        (stage / "tables").mkdir()
        for name, table in written_tables(results):
            write_csv(stage / "tables" / f"{name}.csv", table)
        write_layers(results, stage / "layers")
        (stage / MAP).write_text(render_scenario_map(results), encoding="utf-8")
        pages = {**report_pages(report, note), **(report_papers(report, note) if papers else {})}
        for name, content in pages.items():
            (stage / name).write_bytes(content)
        text = _manifest(results, times(), digests_in(stage, NAMES))
        (stage / SCENARIO_MANIFEST).write_text(text, encoding="utf-8")
    claim.put_in_place()
    return claim.folder / SCENARIO_MANIFEST


def _manifest(results: ScenarioResults, times: Mapping[str, Any], files: Mapping[str, str]) -> str:
    content = plain_json(_content(results, times, files))
    return json.dumps(sealed(content), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def written_tables(results: ScenarioResults) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every table by its name as it is written: named for readers outside, with the region's caution, zones among them."""
    zones = pd.DataFrame(results.zones.drop(columns="geometry")).rename_axis("zone_id").reset_index()
    caution, notes = results.region.caution, notes_of_zones(results)
    for name, table in (*results.tables.items(), ("zones", zones), ("data_dictionary", results.dictionary)):
        whole = with_integers(table, notes) if name == "zones" else table
        named = outside_table(whole, results.base.cutoff_min)
        yield name, named.assign(caution=caution) if caution else named


def require_new(path: Path | None, option: str = "--export-gtfs") -> None:
    """Raise `OutputError` for a file of an option that is there already: nobody's file is replaced."""
    if path is not None and path.exists():
        raise OutputError(f"{option}: {path} is there already; choose another name")


def export_gtfs(feed: Feed, path: Path) -> None:
    """Write the edited feed as GTFS. Raises `OutputError` where it can't be written, or a file is there."""
    require_new(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_gtfs(feed, path)
    except OSError as error:
        raise OutputError(f"--export-gtfs: {path} can't be written: {error.strerror or error}") from error


def _content(results: ScenarioResults, times: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    region = results.region
    named = ((name, outside_table(table, results.base.cutoff_min)) for name, table in results.tables.items())
    tables = {_IN_MANIFEST.get(name, name): table for name, table in named if name != "journeys"}
    tables["attribution"] = tables["attribution"].assign(edit=tables["attribution"]["edit_id"])
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
        "kpi": _kpi(results),
        **{name: table.to_dict("records") for name, table in tables.items()},
        "inputs": [vars(item) for item in results.provenance],
        "digests": {item.id: item.sha256 for item in results.provenance},
        "warnings": [{**vars(one), "sample": list(one.sample)} for one in results.warnings],
        FILES: dict(files),
    }


def _kpi(results: ScenarioResults) -> dict[str, Any]:
    """The headline before and after, who enters and leaves the test, and the range over unknown timetables, in residents."""
    by_place, spread = results.tables.by_place, results.spread
    region = by_place[by_place["place_kind"] == REGION].iloc[0]
    return {
        "base": _headline(results.base),
        "scenario": _headline(results.scenario),
        "entering": float(region["people_entering"]),
        "leaving": float(region["people_leaving"]),
        "range": {
            "low": spread["people_within_lowest"],
            "high": spread["people_within_highest"],
            "timetables": spread["timetables"],
        },
    }


def _headline(kpi: Kpi) -> dict[str, float]:
    return {"share": kpi.share, "people_within": kpi.people_within, "people_total": kpi.people_total}
