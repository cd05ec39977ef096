"""The results of a finished run, made again from its folder: what its report was made from, but for the lines of scenarios."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from corridors.catalogue.cutoff_names import inside_columns, inside_name
from corridors.config.sections import RegionSection
from corridors.errors import RunFolderError
from corridors.results import (
    Kpi,
    KpiVariant,
    ListedScenarios,
    Provenance,
    Region,
    Results,
    RunWarning,
    Tables,
)
from corridors.runs.finished import FinishedRun, finished_run
from corridors.runs.loaded import LoadedRun
from layers import formula_plain

_LAYERS = {
    "catchments": "corridor_catchments",
    "links": "network_links",
}  # field of Results -> layer, where they differ
_FRAMES = ("zones", "districts", "centres", "corridors", "catchments", "pilots", "sites", "stops", "links")
_SCENARIOS = ("scenarios", "scenario_places", "scenario_zones", "scenario_edits")
_CAUTION = "caution"  # a column that every output has, and no frame


def results_of(folder: Path) -> Results:
    """The results of the run in a folder.

    Raises `InputMissingError` where no run has finished there, `RunFolderError` where it is damaged or was made by a version
    that kept less.
    """
    run = finished_run(folder)
    try:
        return _results(run, LoadedRun(run))
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, RunFolderError):
            raise
        raise RunFolderError(
            f"{folder} does not hold all that its report was made from: it was changed, or made by an earlier version; run it "
            "again into a new folder"
        ) from error


def _results(run: FinishedRun, loaded: LoadedRun) -> Results:
    said, region = run.manifest, _region(run.manifest)
    tables = {name: _table(loaded, name) for name in loaded.tables}
    dictionary = tables["data_dictionary"]
    return Results(
        region=region,
        kpi=_kpi(said["kpi"]),
        **{name: _frame(loaded, name, region.crs) for name in _FRAMES},
        tables=_tables(tables),
        dictionary=dictionary.assign(column=dictionary["column"].map(inside_name)),
        warnings=tuple(RunWarning(**{**one, "sample": tuple(one["sample"])}) for one in said["warnings"]),
        provenance=tuple(Provenance(**one) for one in said["inputs"]),
        command=said["command"],
        date=said["date"],
        seed=said["seed"],
        settings=said["settings"],
        ranks={one["id"]: one["rank"] for one in said["corridors"] if one["rank"]},
        destinations=run.destinations,
        other_hours=run.other_hours,
        observed=run.observed,
        listed=_listed(loaded, tables, region.crs),
        base_map=run.base_map,
    )


def _region(said: Mapping[str, Any]) -> Region:
    section = RegionSection.model_validate(said["settings"]["region"])
    return Region(
        name=section.name,
        slug=section.slug,
        crs=section.crs,
        note=said["geography"],
        illustrative=said["illustrative"],
        synthetic_timetable=said["synthetic_timetable"],
        synthetic_observations=bool(said.get("observed", {}).get("synthetic", False)),
        walking_basis=said["walking"],
        nation=section.nation_name,
        strategy=section.strategy_facts,
    )


def _kpi(said: Mapping[str, Any]) -> Kpi:
    return Kpi(
        share=float(said["share"]),
        people_within=float(said["people_within"]),
        people_total=float(said["people_total"]),
        definition=said["definition"],
        variants=tuple(_variant(one) for one in said["variants"]),
        districts=said["districts"],
    )


def _variant(said: Mapping[str, Any]) -> KpiVariant:
    numbers = {key: float("nan") if said[key] is None else float(said[key]) for key in ("share", "people_within")}
    return KpiVariant(said["id"], said["changes"], said["name"], **numbers)


def _frame(loaded: LoadedRun, name: str, crs: str) -> gpd.GeoDataFrame:
    """A layer as a frame of `Results`; without rows where the run has left it out, because it had none."""
    layer = _LAYERS.get(name, name)
    if layer not in loaded.layers:
        return gpd.GeoDataFrame({"name": pd.Series(dtype=object)}, geometry=[], crs=crs)
    frame: gpd.GeoDataFrame = _with_texts(inside_columns(loaded.layers[layer]))
    return frame


def _table(loaded: LoadedRun, name: str) -> pd.DataFrame:
    """A table as it was before it was written: texts that name columns, and those that a spreadsheet would run, too."""
    table: pd.DataFrame = _with_texts(inside_columns(loaded.tables[name]))
    return table.map(lambda value: formula_plain(inside_name(value)) if isinstance(value, str) else value)


def _with_texts(frame: Any) -> Any:
    """The frame without the column of the caution, and with "" for texts that are not given, which files hold as nothing."""
    plain = frame.drop(columns=_CAUTION, errors="ignore")
    texts = [column for column in plain.columns if pd.api.types.is_string_dtype(plain[column])]
    return plain.assign(**{column: plain[column].astype(object).where(plain[column].notna(), "") for column in texts})


def _tables(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """The tables; one that has no columns was not written."""
    found: dict[str, Any] = {
        one.name: tables.get(one.name, pd.DataFrame() if one.default is MISSING else None) for one in fields(Tables)
    }
    return Tables(**found)


def _listed(loaded: LoadedRun, tables: Mapping[str, pd.DataFrame], crs: str) -> ListedScenarios | None:
    if "scenarios" not in tables:
        return None
    nothing = gpd.GeoDataFrame(
        {name: pd.Series(dtype=object) for name in ("scenario_id", "number", "operator", "new")}, geometry=[], crs=crs
    )
    drawn = {
        name: _with_texts(loaded.layers[layer]) if layer in loaded.layers else nothing
        for name, layer in (("lines", "scenario_lines"), ("stops", "scenario_stops"))
    }
    return ListedScenarios(**dict(_of_scenarios(tables)), **drawn, provenance=())


def _of_scenarios(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, pd.DataFrame]]:
    for name in _SCENARIOS:
        yield name, tables.get(name, pd.DataFrame())
