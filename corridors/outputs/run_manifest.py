"""The manifest of a run, run.json: command, inputs, headline, places, warnings and digests of the files."""

import json
import math
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import geopandas as gpd

from corridors.catalogue.cutoff_names import outside_columns
from corridors.results import Results
from corridors.runtime.own_files import FILES, Digests, sealed
from corridors.strategy import Strategy
from corridors.version import VERSION

SCHEMA_VERSION = 1
_PACKAGES = ("geopandas", "numba", "numpy", "pandas", "pyarrow", "rasterio", "shapely")
# A corridor's name in the manifest for a column of its frame.
_PLACE_COLUMNS = (
    *("name", "length_km", "radius_m", "buffer_m", "zones", "people", "people_within", "kpi_share", "suppressed"),
    *("need", "opportunity", "connectivity", "decile1_zones", "decile1_share", "near_but_disconnected_people"),
)


def manifest(results: Results, about: Mapping[str, Any], files: Digests) -> str:
    """The manifest as JSON text; `about` the run itself (started, finished, timings_s) differs between equal runs.

    `files` are those that the run wrote: by them the next run knows what it may replace.
    """
    region, kpi = results.region, results.kpi
    content = {
        "schema_version": SCHEMA_VERSION,
        "region": region.name,
        "geography": region.note,
        "illustrative": region.illustrative,
        "synthetic_timetable": region.synthetic_timetable,
        "caution": region.caution,
        "walking": region.walking_basis,
        "date": results.date,
        **about,
        "versions": {"corridors": VERSION, "python": platform.python_version(), **{p: version(p) for p in _PACKAGES}},
        "command": results.command,
        "seed": results.seed,
        "settings": results.settings,
        "inputs": [
            {
                "id": item.id,
                "title": item.title,
                "file": item.file,
                "sha256": item.sha256,
                "source": item.source,
                "licence": item.licence,
                "vintage": item.vintage,
                "geography": item.geography,
                "rows": item.rows,
            }
            for item in results.provenance
        ],
        "warnings": [
            {"code": w.code, "count": w.count, "share": w.share, "sample": list(w.sample), "effect": w.effect}
            for w in results.warnings
        ],
        # What dropped and repaired trips cost each corridor and centre; empty where none touched one.
        "input_effects": results.tables.input_effects.to_dict("records"),
        "kpi": {
            "share": kpi.share,
            "people_within": kpi.people_within,
            "people_total": kpi.people_total,
            "definition": dict(kpi.definition),
            "variants": [
                {"id": v.id, "changes": v.changes, "name": v.name, "share": v.share, "people_within": v.people_within}
                for v in kpi.variants
            ],
            "districts": dict(kpi.districts),
            "published": _published(region.strategy),
        },
        "destinations": [asdict(one) for one in results.destinations],
        **({} if results.other_hours is None else {"other_hours": asdict(results.other_hours)}),
        **({} if results.observed is None else {"observed": asdict(results.observed)}),
        **({} if results.base_map is None else {"base_map": {"credit": results.base_map.credit}}),
        "corridors": [
            {**row, "status": "proposed by this tool", "rank": results.ranks.get(row["id"])}
            for row in _places(results.corridors, results)
        ],
        "pilots": _places(results.pilots, results),
        "scenarios": results.listed.scenarios.to_dict("records") if results.listed else [],
        FILES: files,
    }
    return json.dumps(sealed(plain_json(content)), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _published(strategy: Strategy | None) -> dict[str, Any] | None:
    """The figure of the strategy that the configuration names, if it names one."""
    if strategy is None:
        return None
    published = strategy.published
    return {"share": published.share, "source": published.source, "note": "another definition and year"}


def _places(frame: gpd.GeoDataFrame, results: Results) -> list[dict[str, Any]]:
    columns = (*_PLACE_COLUMNS, *(one.ident for one in results.measures if one.in_frames))
    figures = outside_columns(frame[[column for column in columns if column in frame]], results.kpi.cutoff_min)
    return [{"id": ident, **row} for ident, row in zip(frame.index, figures.to_dict("records"), strict=True)]


def plain_json(value: Any) -> Any:
    """The value in types of JSON; missing is null, never 0 or NaN."""
    if isinstance(value, Mapping):
        return {str(key): plain_json(item) for key, item in value.items()}
    if isinstance(value, str) or value is None or isinstance(value, bool | int):
        return value
    if hasattr(value, "item"):
        return plain_json(value.item())
    if isinstance(value, float):
        return None if not math.isfinite(value) else value
    if isinstance(value, Iterable):
        return [plain_json(item) for item in value]
    return str(value)
