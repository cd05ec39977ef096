"""Reading of what a pack is made from: the folder of a finished run, and those of scenarios, portfolios and lines."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from corridors.errors import ConfigError, InputMissingError, RunFolderError
from corridors.results import Provenance, Results
from corridors.runs.read_back import results_of
from corridors.runtime.own_files import MANIFEST, SCENARIO_MANIFEST, listed_files, sha256_of
from layers import formula_plain

SCENARIO, PORTFOLIO, LINES = "scenario", "portfolio", "lines"
_KINDS: Mapping[str, str] = {SCENARIO_MANIFEST: SCENARIO, "portfolio.json": PORTFOLIO, "services.json": LINES}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    SCENARIO: ("kpi", "groups", "gainers_losers"),
    PORTFOLIO: ("budgets", "frontier", "candidates"),
    LINES: ("lines", "groups"),
}
_COMMANDS = "corridors run, corridors scenario run, corridors portfolio or corridors lines"
_AGAIN = "it was changed since, or made by an earlier version; make it again into a new folder"


@dataclass(frozen=True)
class Answered:
    """The folder of a scenario, a portfolio or of lines."""

    kind: str  # SCENARIO, PORTFOLIO or LINES
    name: str  # of the folder
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]  # name -> table, as it was before it was written

    @property
    def title(self) -> str:
        """What it is called."""
        heads = self.manifest.get("scenarios", ())
        return " and ".join(str(one["title"]) for one in heads) if heads else str(self.manifest.get("title", self.name))


@dataclass(frozen=True)
class PackFolders:
    """What a pack is made from."""

    name: str  # of the run's folder
    run: Results
    others: tuple[Answered, ...]
    differing: tuple[str, ...] = ()  # sentences on inputs that an other folder read in another version than the run

    @property
    def provenance(self) -> tuple[Provenance, ...]:
        """The inputs of the run, then those that other folders read besides, such as files of scenarios; each once."""
        others = (Provenance(**item) for one in self.others for item in one.manifest.get("inputs", ()))
        found = {(one.id, one.sha256): one for one in (*self.run.provenance, *others)}
        return tuple(found.values())

    def of_kind(self, kind: str) -> tuple[Answered, ...]:
        """The folders of one kind, in the order given."""
        return tuple(one for one in self.others if one.kind == kind)


def read_folders(folders: Sequence[Path]) -> PackFolders:
    """The folders, in any order: one of a run, any number of others.

    Raises `InputMissingError` for a folder that holds nothing finished, `ConfigError` where there is not one run or where
    folders are of different regions, `RunFolderError` where one was changed since.
    """
    runs, others = [], []
    for folder in dict.fromkeys(folders):
        found = [name for name in (MANIFEST, *_KINDS) if (folder / name).is_file()]
        if len(found) != 1:
            holds = f"holds {', '.join(found)}" if found else "holds nothing finished"
            raise InputMissingError(f"{folder} {holds}; give the folder of one of {_COMMANDS}")
        if found[0] == MANIFEST:
            runs.append(folder)
        else:
            others.append(_answered(folder, found[0]))
    if len(runs) != 1:
        named = f" ({', '.join(map(str, runs))})" if runs else ""
        raise ConfigError(
            f"a pack is made from the folder of one finished run, and {len(runs)} were given{named}; others may be of "
            "scenarios, portfolios and lines"
        )
    _require_unchanged(runs[0], MANIFEST, ("tables/zones.csv",))
    run = results_of(runs[0])
    differing = tuple(text for one in others for text in _differing(run, runs[0], one))
    return PackFolders(runs[0].resolve().name, run, tuple(others), differing)


def _answered(folder: Path, manifest: str) -> Answered:
    kind = _KINDS[manifest]
    names = [name for name in _NEEDED[kind] if not (folder / "tables" / f"{name}.csv").is_file()]
    if names and manifest == "services.json":
        raise ConfigError(
            f"{folder} compares two timetables (corridors diff), of which a pack says nothing; leave it out"
        )
    files = sorted((folder / "tables").glob("*.csv"))
    _require_unchanged(folder, manifest, tuple(f"tables/{file.name}" for file in files))
    if names:
        raise RunFolderError(f"{folder} lacks tables/{names[0]}.csv: {_AGAIN}")
    content = json.loads((folder / manifest).read_bytes())
    return Answered(kind, folder.resolve().name, content, {file.stem: _table(file) for file in files})


def _require_unchanged(folder: Path, manifest: str, wanted: tuple[str, ...]) -> None:
    """Raise `RunFolderError` for a damaged manifest, and for files that are not as it lists them."""
    listed = listed_files(folder, manifest)
    if not listed:
        raise RunFolderError(f"{folder / manifest} is no whole manifest: {_AGAIN}")
    odd = [name for name in wanted if not (folder / name).is_file() or sha256_of(folder / name) != listed.get(name)]
    if odd:
        raise RunFolderError(f"{folder}: {odd[0]} is not as the manifest lists it: {_AGAIN}")


def _table(file: Path) -> pd.DataFrame:
    columns = pd.read_csv(file, nrows=0).columns
    texts = {name: "str" for name in columns if name in {"line", "line_a", "line_b"} or str(name).endswith("_id")}
    table = pd.read_csv(file, dtype=texts)
    plain = table.drop(columns="caution", errors="ignore")
    return plain.map(lambda value: formula_plain(value) if isinstance(value, str) else value)


def _differing(run: Results, folder: Path, other: Answered) -> list[str]:
    """Sentences on inputs of both that differ. Raises `ConfigError` where they share none."""
    own = {one.file: one.sha256 for one in run.provenance}
    theirs = {str(one["file"]): str(one["sha256"]) for one in other.manifest.get("inputs", ())}
    if not set(own.values()) & set(theirs.values()):
        raise ConfigError(
            f"{other.name} was made from none of the inputs of {folder}: they are of different regions or data; give folders "
            "that were made from one configuration"
        )
    names = sorted(name for name in set(own) & set(theirs) if own[name] != theirs[name])
    return [f"{other.name} read another version of {', '.join(names)} than the run."] if names else []
