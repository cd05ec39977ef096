"""Walkable streets of a file, kept in the cache as arrays: reading an extract takes 0.13 s a megabyte, arrays 2.5 % of that.

Timetables, travel times and results are not kept: three feeds of a region of 2.9 million residents are read in 1.5 s and
searched in 5, and the cached arrays would be larger than the feeds.
"""

import json
from collections.abc import Sequence
from dataclasses import fields
from inspect import getfile
from pathlib import Path

import numpy as np

from accessibility import AccessibilityError, Repair, StreetNetwork, points, read_streets, with_slope
from corridors.runtime.cache import cached_folder, digest_of_files
from corridors.version import VERSION
from layers import sample_surface

_ARRAYS, _REPAIRS = "streets.npz", "repairs.json"


def walkable_streets(file: Path | None, elevation: Path | None, beyond: Sequence[Path] = ()) -> StreetNetwork | None:
    """The walkable streets of a file and those `beyond`, with slopes where `elevation` is given; None where `file` is None."""
    if file is None:
        return None
    files = [file, *beyond]
    try:
        key = digest_of_files([*files, *filter(None, [elevation]), *_code()], VERSION)
        return _loaded(cached_folder("streets", key, lambda folder: _save(_read(files, elevation), folder)))
    except AccessibilityError:
        raise
    except (OSError, ValueError, KeyError):  # the cache can't be used, and the run can do without
        return _read(files, elevation)


def _read(files: Sequence[Path], elevation: Path | None) -> StreetNetwork:
    network = read_streets(*files)
    if elevation is None:
        return network
    return with_slope(network, sample_surface(elevation, network.node_lon, network.node_lat))


def _code() -> list[Path]:
    """The source files on which the arrays depend: the folder of `read_streets`, and the module of `points`."""
    return [*sorted(Path(getfile(read_streets)).parent.glob("*.py")), Path(getfile(points))]


def _array_names() -> tuple[str, ...]:
    return tuple(field.name for field in fields(StreetNetwork) if field.name != "repairs")


def _save(network: StreetNetwork, folder: Path) -> None:
    np.savez(folder / _ARRAYS, **{name: getattr(network, name) for name in _array_names()})
    (folder / _REPAIRS).write_text(json.dumps(network.repairs), encoding="utf-8")


def _loaded(folder: Path) -> StreetNetwork:
    with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
        values = {name: arrays[name] for name in _array_names()}
    repairs = [
        Repair(code, count, total, tuple(sample_), effect)
        for code, count, total, sample_, effect, _ in json.loads((folder / _REPAIRS).read_text(encoding="utf-8"))
    ]
    return StreetNetwork(**values, repairs=tuple(repairs))
