"""A finished run in Python: its tables as frames and its layers as GeoDataFrames, each read when it is asked for."""

import html
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import geopandas as gpd
import pandas as pd

from corridors.errors import InputMissingError
from corridors.runs.finished import FinishedRun, finished_run
from layers import layers_in, read_vector

Frame = TypeVar("Frame", bound=pd.DataFrame)
_INDEX = (
    "zone_id",
    "district_code",
    "id",
    "stop_id",
)  # columns by which a layer's rows are known, the first that it has
_CODES = "_id"  # the end of the names of columns of codes, which are text even where all of them are digits


class Frames(Mapping[str, Frame], Generic[Frame]):
    """Name -> frame, each read once, when it is first asked for. An unknown name raises `InputMissingError`."""

    def __init__(self, names: list[str], read: Callable[[str], Frame], kind: str) -> None:
        self._names, self._read, self._kind = names, read, kind
        self._known: dict[str, Frame] = {}

    def __getitem__(self, name: str) -> Frame:
        if name not in self._names:
            raise InputMissingError(f"the run has no {self._kind} {name!r}; it has {', '.join(self._names)}")
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"<{self._kind}s: {', '.join(self._names)}>"


class LoadedRun:
    """A finished run, read from its folder: what it says of itself, its tables and its layers.

    tables    name -> DataFrame, columns named as in tables/NAME.csv; codes are text
    layers    name -> GeoDataFrame, in the region's CRS, indexed by their ids
    manifest  what run.json holds: kpi, date, inputs, settings and more
    """

    def __init__(self, run: FinishedRun) -> None:
        self._run = run
        names = sorted(file.stem for file in (run.folder / "tables").glob("*.csv"))
        self.tables: Frames[pd.DataFrame] = Frames(names, self._table, "table")
        self.layers: Frames[gpd.GeoDataFrame] = Frames(layers_in(run.package), self._layer, "layer")

    @property
    def folder(self) -> Path:
        """The run's folder."""
        return self._run.folder

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What run.json holds."""
        return self._run.manifest

    @property
    def share(self) -> float:
        """The headline: the share of residents who reach enough centres in time, 0-1."""
        return float(self.manifest["kpi"]["share"])

    def _table(self, name: str) -> pd.DataFrame:
        file = self.folder / "tables" / f"{name}.csv"
        columns = pd.read_csv(file, nrows=0).columns
        codes = {column: "str" for column in columns if column in _INDEX or str(column).endswith(_CODES)}
        return pd.read_csv(file, dtype=codes)

    def _layer(self, name: str) -> gpd.GeoDataFrame:
        frame = read_vector(self._run.package, name)
        index = next((column for column in _INDEX if column in frame.columns), None)
        return frame if index is None else frame.set_index(index)

    def __repr__(self) -> str:
        return (
            f"<run {self._run.name!r} of {self.manifest['date']}: {len(self.tables)} tables, {len(self.layers)} layers>"
        )

    def _repr_html_(self) -> str:
        rows = (
            ("headline", f"{self.share:.1%} of residents"),
            ("timetable day", str(self.manifest["date"])),
            ("caution", str(self.manifest["caution"]) or "none"),
            ("layers", ", ".join(self.layers)),
            ("tables", ", ".join(self.tables)),
        )
        cells = "".join(f"<tr><th>{key}</th><td>{html.escape(value)}</td></tr>" for key, value in rows)
        return f"<table><caption>{html.escape(self._run.name)}</caption>{cells}</table>"


def load(folder: Path | str) -> LoadedRun:
    """The finished run in a folder, for notebooks and scripts.

    Raises `InputMissingError` where no run has finished there, `RunFolderError` where it is damaged.
    """
    return LoadedRun(finished_run(Path(folder)))
