"""A finished run, read from its folder."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from corridors.catalogue.cutoff_names import inside_columns
from corridors.catalogue.measures import Destination
from corridors.catalogue.observed import ObservedDays
from corridors.catalogue.periods import OtherHours, Period
from corridors.errors import InputMissingError, RunFolderError
from corridors.results import test_of
from corridors.runtime.own_files import MANIFEST, listed_files
from layers import layers_in, read_vector
from maps import LOOKS, BaseMap


@dataclass(frozen=True)
class FinishedRun:
    """The folder of a run, its manifest, and the GeoPackage of its layers."""

    folder: Path
    manifest: dict[
        str, Any
    ]  # date and caution as text, kpi {share, definition}, inputs [{source, licence, ...}] at least
    package: Path  # the GeoPackage of its layers

    @property
    def name(self) -> str:
        """The folder's name, by which a run is called in comparisons."""
        return self.folder.resolve().name

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """The kinds of destination it asked for; none of a run made before there were any."""
        return tuple(Destination(**one) for one in self.manifest.get("destinations", ()))

    @property
    def other_hours(self) -> OtherHours | None:
        """What it asked at other hours; None where it asked for none."""
        said = self.manifest.get("other_hours")
        if said is None:
            return None
        periods = tuple(Period(**one) for one in said["periods"])
        return OtherHours(periods, said["there_by"], tuple(said["home_after"]))

    @property
    def observed(self) -> ObservedDays | None:
        """Its observed days; None where it had none."""
        said = self.manifest.get("observed")
        return None if said is None else ObservedDays(tuple(said["dates"]), bool(said["synthetic"]))

    @property
    def base_map(self) -> BaseMap | None:
        """What its maps draw under the zones, from its layers; None of a run without, or made before there were any.

        Raises `RunFolderError` for a layer of it without a column that a run writes.
        """
        said = self.manifest.get("base_map")
        layers = [read_vector(self.package, name) for name in _BASE_LAYERS if self.holds(name)]
        if said is None or not layers:
            return None
        frame = pd.concat(layers, ignore_index=True)
        if missing := [column for column in ("kind", "class", "name") if column not in frame]:
            raise RunFolderError(f"{self.package}: its base map lacks the column(s) {', '.join(missing)}: {_AGAIN}")
        known = frame[[key in LOOKS for key in zip(frame["kind"], frame["class"], strict=True)]]
        named = known.assign(name=known["name"].astype(object).where(known["name"].notna(), ""))
        return BaseMap(named[["kind", "class", "name", "geometry"]], str(said["credit"]))

    def holds(self, layer: str) -> bool:
        """Whether the run wrote this layer; a run leaves out empty ones."""
        return layer in layers_in(self.package)

    def layer(self, name: str, index: str) -> gpd.GeoDataFrame:
        """A layer of the run with its column `index` as the index; columns are named as inside the product.

        Raises `RunFolderError` for a layer or a column that a run writes and that is not there.
        """
        if not self.holds(name):
            raise RunFolderError(f"{self.package} has no layer {name}, which every run writes: {_AGAIN}")
        frame = read_vector(self.package, name)
        missing = [column for column in (index, *_COLUMNS.get(name, ())) if column not in frame]
        if missing:
            raise RunFolderError(f"{self.package}: layer {name} lacks the column(s) {', '.join(missing)}: {_AGAIN}")
        return inside_columns(frame).set_index(index)


_AGAIN = "it was changed since the run; run it again into a new folder"
_BASE_LAYERS = ("base_places", "base_lines", "base_areas")
_COLUMNS = {"zones": ("name",), "centres": ("name",)}


def finished_run(folder: Path) -> FinishedRun:
    """The run in `folder`. Raises `InputMissingError` where none has finished, `RunFolderError` where it is damaged."""
    if not (folder / MANIFEST).is_file():
        raise InputMissingError(
            f"{folder} holds no finished run (no {MANIFEST}); run `corridors run --out {folder}` first"
        )
    packages = sorted((folder / "layers").glob("*.gpkg"))
    if not packages:
        raise InputMissingError(
            f"{folder / 'layers'} holds no GeoPackage; run it again, with its layers where --only is used"
        )
    listed = [package for package in packages if f"layers/{package.name}" in listed_files(folder)]
    return FinishedRun(folder, _manifest(folder / MANIFEST), (listed or packages)[0])


def _manifest(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_bytes())
        whole = _is_whole(content) and bool(test_of(content["kpi"]["definition"]))
    except (OSError, ValueError, TypeError, RecursionError):
        whole = False
    if not whole:
        raise RunFolderError(f"{file} is not the whole manifest of a run: it was cut short, or {_AGAIN}")
    return dict(content)


def _is_whole(content: Any) -> bool:
    """Whether the parts of a manifest that are read here are there and of the right type."""
    if not isinstance(content, dict) or not all(isinstance(content.get(key), str) for key in ("date", "caution")):
        return False
    kpi, inputs, kinds = content.get("kpi"), content.get("inputs"), content.get("destinations", [])
    return (
        isinstance(kinds, list)
        and all(isinstance(one, dict) and set(one) == {"id", "title", "cutoff_min"} for one in kinds)
        and isinstance(kpi, dict)
        and isinstance(kpi.get("share"), int | float | None)
        and isinstance(kpi.get("definition"), dict)
        and isinstance(inputs, list)
        and all(
            isinstance(one, dict) and all(isinstance(one.get(key), str) for key in ("source", "licence"))
            for one in inputs
        )
    )
