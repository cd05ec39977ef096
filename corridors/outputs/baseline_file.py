"""Files of baselines: dated, sealed with a digest, never overwritten, and refused on reading if they were changed.

Enters: `Results` of a run, or a file or run folder to read. Leaves: JSON text, a sealed file, `BaselineFile`.
"""

import datetime as dt
import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from corridors.catalogue.baseline_columns import CELL_COLUMNS
from corridors.catalogue.cutoff_names import inside_name, outside_table
from corridors.errors import BaselineError, InputMissingError, OutputError
from corridors.results import Results
from corridors.runtime.whole_files import whole_file
from corridors.version import VERSION

KIND = "social baseline"
SCHEMA_VERSION = 1
NAME = "tables/baseline.json"  # in a run's output folder
_SEAL = "seal"
_NUMBERS = ("value", "numerator", "denominator", "known_share", "district_value", "region_value", "england_value")
_SLUG = re.compile(r"[a-z0-9_]{1,40}")  # it names files


@dataclass(frozen=True)
class BaselineFile:
    """A baseline read from a file."""

    name: str
    head: Mapping[str, Any]  # region, geography, service_day, as_of (sealed files only), caution, version
    cells: pd.DataFrame  # CELL_COLUMNS; items named as inside the product, so that two cutoffs meet in one item
    definitions: Mapping[str, Mapping[str, str]]  # id -> aspect -> words
    data: Mapping[str, Mapping[str, str]]  # id -> input -> vintage and content

    @property
    def cutoff_min(self) -> str:
        """The minutes of the headline's cutoff, "45"; empty where no item depends on it."""
        return next((one["cutoff_min"] for one in self.definitions.values() if "cutoff_min" in one), "")


def baseline_text(results: Results) -> str:
    """A run's baseline as JSON: equal runs give equal bytes. Missing is null, never 0."""
    region, tables = results.region, results.tables
    cells, definitions, data = (
        outside_table(table, results.kpi.cutoff_min)
        for table in (tables.baseline, tables.baseline_definitions, tables.baseline_data)
    )
    content = {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        "version": VERSION,
        "region": region.name,
        "slug": region.slug,
        "geography": region.note,
        "illustrative": region.illustrative,
        "synthetic_timetable": region.synthetic_timetable,
        "caution": region.caution,
        "service_day": results.date,
        "definitions": _by_id(definitions),
        "data": _by_id(data),
        "cells": [{column: _plain(value) for column, value in row.items()} for row in _rows(cells)],
    }
    return _dumped(content)


def _rows(cells: pd.DataFrame) -> list[dict[str, Any]]:
    columns = (cells[name].tolist() for name in CELL_COLUMNS)
    return [dict(zip(CELL_COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]


def _by_id(table: pd.DataFrame) -> dict[str, dict[str, str]]:
    return {str(ident): dict(zip(rows["aspect"], rows["text"], strict=True)) for ident, rows in table.groupby("id")}


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _dumped(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def freeze(run: Path, folder: Path, as_of: str | None = None) -> Path:
    """Seal the baseline of the finished run in folder `run` as `folder`/baseline_<region>_<date>.json, read-only.

    `as_of` (YYYY-MM-DD) is the day it speaks of, by default the timetable's. Raises `OutputError` where a baseline of that
    region and day is already there: a baseline is written once.
    """
    content = _loaded(_file_of(run))
    date = _date(as_of or str(content["service_day"]))
    sealed = {**content, "as_of": date}
    sealed[_SEAL] = _seal_of(sealed)
    target = folder / f"baseline_{content['slug']}_{date}.json"
    try:
        with whole_file(target, make_folder=True, keep_existing=True) as written:
            written.write_text(_dumped(sealed), encoding="utf-8", newline="\n")
            written.chmod(0o444)
    except FileExistsError:
        raise OutputError(
            f"{target} is already there, and a baseline is never overwritten: keep it, or give another day with --as-of"
        ) from None
    return target


def read_baseline(path: Path) -> BaselineFile:
    """A sealed baseline file, or the baseline of a finished run's folder.

    Raises `InputMissingError` where there is none, `BaselineError` where it is no baseline or was changed after sealing.
    """
    file = _file_of(path)
    content = _loaded(file)
    parts = {"cells", "definitions", "data"}
    cells = pd.DataFrame(content["cells"], columns=CELL_COLUMNS)
    cells[list(_NUMBERS)] = cells[list(_NUMBERS)].astype("float64")
    cells["item"] = cells["item"].map(inside_name)
    head = {key: value for key, value in content.items() if key not in parts}
    return BaselineFile(path.name, head, cells, content["definitions"], content["data"])


def _file_of(path: Path) -> Path:
    file = path / NAME if path.is_dir() else path
    if not file.is_file():
        raise InputMissingError(
            f"{path} holds no baseline; give a sealed baseline file or the folder of a finished `corridors run`"
        )
    return file


def _loaded(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_bytes())
    except (ValueError, OSError, RecursionError) as error:
        raise BaselineError(f"{file} can't be read as a baseline: it is cut short, or no JSON") from error
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise BaselineError(f"{file} is not a social baseline; `corridors baseline` writes them")
    if content.get("schema_version") != SCHEMA_VERSION:
        raise BaselineError(
            f"{file} has schema version {content.get('schema_version')}; this tool reads {SCHEMA_VERSION}"
        )
    if _SEAL in content and content[_SEAL] != _seal_of(content):
        raise BaselineError(
            f"{file} was changed after it was sealed; a baseline is never edited. Use the original file."
        )
    lacking = [name for name, holds in _parts(content).items() if not holds]
    if lacking:
        raise BaselineError(
            f"{file} is no whole baseline ({', '.join(lacking)} missing or changed); use the original file, or run again"
        )
    return content


def _parts(content: Mapping[str, Any]) -> dict[str, bool]:
    """Each part of a baseline file that is read, and whether it is there and of the right type."""
    texts = {name: isinstance(content.get(name), str) for name in ("region", "service_day")}
    meanings = {name: _is_meanings(content.get(name)) for name in ("definitions", "data")}
    slug, cells = content.get("slug"), content.get("cells")
    return {
        **texts,
        "slug": isinstance(slug, str) and bool(_SLUG.fullmatch(slug)),
        "cells": isinstance(cells, list) and all(map(_is_cell, cells)),
        **meanings,
    }


def _is_meanings(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(aspects, dict) and all(isinstance(text, str) for text in aspects.values())
        for aspects in value.values()
    )


def _is_cell(cell: Any) -> bool:
    return (
        isinstance(cell, dict)
        and set(cell) == set(CELL_COLUMNS)
        and all(isinstance(value, str | int | float | None) for value in cell.values())
        and all(isinstance(cell[name], int | float | None) for name in _NUMBERS)
    )


def _seal_of(content: Mapping[str, Any]) -> str:
    unsealed = {key: value for key, value in content.items() if key != _SEAL}
    return hashlib.sha256(json.dumps(unsealed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _date(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise BaselineError(f"{text!r} is not a day; write YYYY-MM-DD, for example 2026-03-24") from None
