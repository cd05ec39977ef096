"""The files that a configuration names, and those of them that are not there."""

import os
from collections.abc import Iterator
from pathlib import Path

from corridors.config.problem_words import path_hint
from corridors.config.run_config import RunConfig
from corridors.config.sections import DistrictColumn
from corridors.errors import InputMissingError
from layers import check_path


def require_files(config: RunConfig) -> None:
    """Raise `InputMissingError` where files of the configuration are missing; the message lists all of them."""
    missing = [f"  {key}: {path}{path_hint(path)}" for key, path in absent_files(config)]
    if missing:
        todo = "Put them there, or mend the paths in the configuration; `corridors sources` lists where real data is."
        raise InputMissingError("\n".join([f"{len(missing)} input file(s) are not there:", *missing, todo]))


def absent_files(config: RunConfig) -> list[tuple[str, Path]]:
    """(setting, path) of every missing file of the configuration. Raises LayerError for paths that can't be used."""
    for _, path in named_files(config):
        check_path(path)
    return [(key, path) for key, path in named_files(config) if not os.path.exists(path)]  # noqa: PTH110  # never raises


def named_files(config: RunConfig) -> Iterator[tuple[str, Path]]:
    """(setting, path) of every file that the configuration names."""
    yield from ((f"timetable.feeds[{i}]", path) for i, path in enumerate(config.timetable.feeds))
    yield from ((f"streets.beyond[{i}]", path) for i, path in enumerate(config.streets.beyond))
    yield "zones.file", config.zones.file
    if not isinstance(config.zones.district, DistrictColumn):
        yield "zones.district.file", config.zones.district.file
    for layer in config.layers:
        yield f"layers.{layer.id}.file", layer.file
        if layer.lookup:
            yield f"layers.{layer.id}.lookup.file", layer.lookup.file
    yield from ((f"rasters.{raster.id}.file", raster.file) for raster in config.rasters)
    yield from ((f"destinations.{kind.id}.file", kind.file) for kind in config.destinations)
    optional: dict[str, Path | None] = {
        "timetable.stop_locations": config.timetable.stop_locations,
        "streets.file": config.streets.file,
        "streets.elevation": config.streets.elevation,
        "base_map.file": config.base_map.file,
        "zones.points.file": config.zones.points.file if config.zones.points else None,
        "zones.finer.file": config.zones.finer.file if config.zones.finer else None,
        "centres.file": config.centres.file,
        "corridors.file": config.corridors.file,
        "corridors.facts": config.corridors.facts,
        "pilots.file": config.pilots.file if config.pilots else None,
        "sites.file": config.sites.file if config.sites else None,
        "jobs_outside.file": config.jobs_outside.file if config.jobs_outside else None,
    }
    yield from ((key, path) for key, path in optional.items() if path is not None)
    yield from ((f"scenarios[{i}]", path) for i, path in enumerate(config.scenarios))
    yield from ((f"observed[{i}]", path) for i, one in enumerate(config.observed) for path in one.files)
