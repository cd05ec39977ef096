"""Two finished runs on one map: the same zones in the same classes, with a line to move between the runs."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.catalogue.measure import Measure
from corridors.catalogue.measures import MEASURES, destination_measures
from corridors.config.values import NOT_STATED
from corridors.errors import ConfigError, OutputError
from corridors.results import test_of
from corridors.runs.finished import FinishedRun, finished_run
from corridors.runtime.own_files import is_sealed, listed_files, require_no_input, with_seal
from corridors.runtime.whole_files import whole_file
from corridors.webmap.indicators import named_outside, with_words
from corridors.webmap.landmarks import base_layers
from corridors.webmap.layer_styles import CORRIDORS_OF_BOTH_RUNS, DISTRICTS, FIGURES, card_fields, map_layers
from corridors.webmap.pairs import Sides, paired_zones
from maps import SECOND_RUN, HeadlineTest, MapContent, draw_map

_LAYERS = {
    "districts": "district_code", "centres": "id", "corridors": "id", "pilots": "id", "sites": "id", "stops": "stop_id",
}  # fmt: skip
_ALWAYS = {"centres"}  # every run writes them, beside its zones


def write_comparison(first: Path, second: Path, out: Path) -> Path:
    """Write the map that compares the runs in two folders to `out`; returns it.

    Raises `InputMissingError` for a folder without a finished run, `ConfigError` for runs without a zone in common,
    `OutputError` where `out` can't be written.
    """
    runs = finished_run(first), finished_run(second)
    _require_free(out, runs)
    page = with_seal(render_comparison(*runs))
    with whole_file(out, make_folder=True) as written:
        written.write_text(page, encoding="utf-8", newline="\n")
    return out


def _require_free(out: Path, runs: Iterable[FinishedRun]) -> None:
    """Raise `OutputError` where `out` is a file of a run, or another that exists and is no comparison map."""
    if out.suffix.lower() != ".html":
        raise OutputError(f"--out {out} must end in .html")
    require_no_input([out], [run.folder / name for run in runs for name in listed_files(run.folder)])
    if out.exists() and not is_sealed(out):
        raise OutputError(
            f"{out} is there already and is no comparison as this tool wrote it; move it away, or choose another --out"
        )


def render_comparison(first: FinishedRun, second: FinishedRun) -> str:
    """The map as one HTML page; zones that only one run has are left out and counted."""
    names = _names(first, second)
    a, b = (with_words(run.layer("zones", "zone_id")) for run in (first, second))
    shared = a.index.intersection(b.index)
    if shared.empty:
        raise ConfigError(
            f"{first.folder} and {second.folder} have no zone in common; compare runs of one region and geography"
        )
    alone = len(a) + len(b) - 2 * len(shared)
    layers = dict(_layers(first, second, names))
    test = _shared_test(first, second)
    sides = Sides(f"Change from {names[0]} to {names[1]}", f"in {names[0]}", f"in {names[1]}")
    paired = paired_zones(
        a.loc[shared], b.loc[shared], layers["centres"]["name"], sides, test, _shared_measures(first, second)
    )
    changes_first = sorted(paired[1], key=lambda one: one.group != sides.group)  # it opens on who gains and who loses
    zones, indicators = named_outside(
        paired[0], changes_first, "" if test.cutoff_min is None else f"{test.cutoff_min:g}"
    )
    ground = first.base_map or second.base_map
    content = MapContent(
        title=f"Two runs compared: {names[0]} and {names[1]}",
        zones=zones,
        indicators=indicators,
        caution=". ".join(dict.fromkeys(run.manifest["caution"] for run in (first, second) if run.manifest["caution"])),
        headline=_headline(first, second, names)
        + (f" {alone:,} zones are in one run only and left out." * bool(alone)),
        date=_dates(first, second, names),
        layers=map_layers({**layers, **base_layers(zones, layers.get("stops", zones.iloc[:0]), ground)}, test),
        parts=DISTRICTS,
        run_table=CORRIDORS_OF_BOTH_RUNS if "corridors" in layers else None,
        attributions=tuple(_attributions(first, second)),
        base_credit=ground.credit if ground else "",
        runs=names,
        test=test,
        codes=not any(run.manifest.get("illustrative") for run in (first, second)),
    )
    return draw_map(content)


def _shared_test(first: FinishedRun, second: FinishedRun) -> HeadlineTest:
    """The test of the headline that both runs share; None for the parts in which they differ."""
    one, other = (test_of(run.manifest["kpi"]["definition"]) for run in (first, second))
    return HeadlineTest(
        one.cutoff_min if one.cutoff_min == other.cutoff_min else None,
        one.at_least if one.at_least == other.at_least else None,
    )


def _layers(first: FinishedRun, second: FinishedRun, names: tuple[str, str]) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """The layers that either run has, each feature once, with the figures of both runs."""
    for name, index in _LAYERS.items():
        layers = [run.layer(name, index) for run in (first, second) if name in _ALWAYS or run.holds(name)]
        if len(layers) == 2:
            figures = [field.column for field in card_fields(name) if field.kind in FIGURES]
            yield name, _beside(layers[0], layers[1], figures, names).assign(**{index: lambda frame: frame.index})
        elif layers:
            yield name, layers[0].assign(in_run=names[0 if first.holds(name) else 1])


def _beside(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, figures: list[str], names: tuple[str, str]
) -> gpd.GeoDataFrame:
    """Features of both runs with the second's figures beside the first's; geometry of the first where it has the feature.

    A feature of one run only says which in `in_run`.
    """
    new = after.index.difference(before.index, sort=False)
    both = pd.concat([before, after.loc[new].to_crs(before.crs)])
    shared = [column for column in figures if column in before and column in after]
    own = {column: before[column].reindex(both.index) for column in shared}
    beside = {f"{column}{SECOND_RUN}": after[column].reindex(both.index) for column in shared}
    only = np.select([~both.index.isin(after.index), both.index.isin(new)], names, "")
    return both.assign(**own, **beside, in_run=only)


def _names(first: FinishedRun, second: FinishedRun) -> tuple[str, str]:
    if first.name != second.name:
        return first.name, second.name
    return f"{first.folder.resolve().parent.name}/{first.name}", f"{second.folder.resolve().parent.name}/{second.name}"


def _shared_measures(first: FinishedRun, second: FinishedRun) -> tuple[Measure, ...]:
    """The catalogue's measures, and those of destinations that both runs ask for in the same way."""
    shared = (one for one in first.destinations if one in second.destinations)
    return (*MEASURES, *destination_measures(shared))


def _headline(first: FinishedRun, second: FinishedRun, names: tuple[str, str]) -> str:
    parts = []
    for run, name in zip((first, second), names, strict=True):
        share = run.manifest["kpi"]["share"]
        parts.append(f"{name}: {'n/a' if share is None else f'{share * 100:.1f} %'}")
    first_definition, second_definition = (run.manifest["kpi"]["definition"] for run in (first, second))
    differing = [
        aspect
        for aspect in dict.fromkeys([*first_definition, *second_definition])
        if first_definition.get(aspect) != second_definition.get(aspect)
    ]
    difference = f" The runs differ in definition: {', '.join(differing)}." if differing else ""
    return f"Residents who meet the headline's test, in all zones of each run: {'; '.join(parts)}.{difference}"


def _dates(first: FinishedRun, second: FinishedRun, names: tuple[str, str]) -> str:
    days = [run.manifest["kpi"]["definition"].get("day", run.manifest["date"]) for run in (first, second)]
    if days[0] == days[1]:
        return f"Timetable times of {days[0]}"
    return f"Timetable times of {days[0]} ({names[0]}) and {days[1]} ({names[1]})"


def _attributions(first: FinishedRun, second: FinishedRun) -> list[str]:
    inputs = [*first.manifest["inputs"], *second.manifest["inputs"]]
    told = (f"{item['source']} ({item['licence']})" for item in inputs if item["source"] != NOT_STATED)
    return list(dict.fromkeys(told))
