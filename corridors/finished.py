"""A finished run, read back from its folder."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd

from corridors.cutoff_names import inside_columns
from corridors.errors import InputMissingError
from corridors.publish import MANIFEST
from layers.files import read_vector


@dataclass(frozen=True)
class FinishedRun:
    """Where a run lies and what its manifest says."""

    folder: Path
    manifest: dict[str, Any]
    package: Path  # the GeoPackage of its layers

    @property
    def name(self) -> str:
        """The folder's own name: how people tell their runs apart."""
        return self.folder.resolve().name

    def holds(self, layer: str) -> bool:
        """Whether the run wrote this layer; empty ones are not."""
        return layer in set(gpd.list_layers(self.package)["name"])

    def layer(self, name: str, index: str) -> gpd.GeoDataFrame:
        """A layer of the run with its column `index` as the index; columns are named as inside the product."""
        return inside_columns(read_vector(self.package, name)).set_index(index)


def finished_run(folder: Path) -> FinishedRun:
    """The run in `folder`. Raises `InputMissingError` where none has finished."""
    if not (folder / MANIFEST).is_file():
        raise InputMissingError(
            f"{folder} holds no finished run (no {MANIFEST}); run `corridors run --out {folder}` first"
        )
    packages = sorted((folder / "layers").glob("*.gpkg"))
    if not packages:
        raise InputMissingError(f"{folder / 'layers'} holds no GeoPackage; run it again")
    return FinishedRun(folder, json.loads((folder / MANIFEST).read_text(encoding="utf-8")), packages[0])
