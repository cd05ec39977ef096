"""Walkable streets of a file, kept as arrays: reading an extract takes 0.13 s a megabyte, its arrays a fortieth of that.

Timetables, travel times and results are not kept: the three West Midlands feeds are read in 1.5 s and searched in 5, and
what would be kept is larger than what it is made from.
"""

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np

import accessibility
from accessibility.errors import AccessibilityError
from accessibility.repairs import Repair
from accessibility.streets import StreetNetwork, read_streets, with_slope
from corridors.cache import digest_of_files, kept
from corridors.version import VERSION
from layers.rasters import sample

_ARRAYS, _REPAIRS = "streets.npz", "repairs.json"


def walkable_streets(file: Path | None, elevation: Path | None) -> StreetNetwork | None:
    """The streets of a file, sloped where heights are given; None where there is no file."""
    if file is None:
        return None
    try:
        key = digest_of_files([*filter(None, (file, elevation)), *_code()], VERSION)
        return _loaded(kept("streets", key, lambda folder: _save(_read(file, elevation), folder)))
    except AccessibilityError:
        raise
    except (OSError, ValueError, KeyError):  # nothing can be kept, or what is kept is not ours: no reason not to run
        return _read(file, elevation)


def _read(file: Path, elevation: Path | None) -> StreetNetwork:
    streets = read_streets(file)
    if elevation is None:
        return streets
    return with_slope(streets, sample(elevation, streets.node_lon, streets.node_lat))


def _code() -> Iterator[Path]:
    """What turns a file into streets."""
    home = Path(accessibility.__file__).parent
    return (home / f"{name}.py" for name in ("osm", "osmnx_graphs", "street_network", "streets", "legs"))


def _array_names() -> tuple[str, ...]:
    return tuple(field.name for field in fields(StreetNetwork) if field.name != "repairs")


def _save(streets: StreetNetwork, folder: Path) -> None:
    np.savez(folder / _ARRAYS, **{name: getattr(streets, name) for name in _array_names()})
    (folder / _REPAIRS).write_text(json.dumps(streets.repairs), encoding="utf-8")


def _loaded(folder: Path) -> StreetNetwork:
    with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
        values = {name: arrays[name] for name in _array_names()}
    repairs = [
        Repair(code, count, total, tuple(sample_), effect)
        for code, count, total, sample_, effect, _ in json.loads((folder / _REPAIRS).read_text(encoding="utf-8"))
    ]
    return StreetNetwork(**values, repairs=tuple(repairs))
