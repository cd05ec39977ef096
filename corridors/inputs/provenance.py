"""Provenance of the files of a run: one row per input, with source, licence, vintage, checksum and number of rows."""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from corridors.config.observed import ObservedSection
from corridors.config.run_config import RunConfig
from corridors.config.sections import BaseMapSection, PerhapsSourcedSection, SourcedSection, TimetableSection
from corridors.errors import InputChangedError
from corridors.results import Provenance
from corridors.runtime.own_files import sha256_of as sha256_of_file
from layers import cleaned

Stamp = tuple[tuple[str, int, int, int, int], ...]  # of each file: name, size, inode, times of its last changes
Stamps = Mapping[Path, Stamp]


def stamps_of(files: Iterable[Path]) -> Stamps:
    """State of each file (or of the files of a folder) before it is read, to tell whether it changed while it was read."""
    return {file: _stamp(file) for file in files}


def _stamp(path: Path) -> Stamp:
    files = sorted(item for item in path.iterdir() if item.is_file()) if path.is_dir() else [path]
    states = [(file.name, file.stat()) for file in files if file.exists()]
    return tuple((name, state.st_size, state.st_ino, state.st_mtime_ns, state.st_ctime_ns) for name, state in states)


def context_provenance(
    config: RunConfig, n_zones: int, rows_of: Mapping[str, int], stamps: Stamps
) -> Iterator[Provenance]:
    """Provenance of the zones with their points and districts, of layers and rasters, and of the planners' places.

    `rows_of` holds the number of rows read of each layer, by id; `stamps` were taken before anything was read. Raises
    `InputChangedError` where a file changed since.
    """
    zones = config.zones
    yield _input("zones", "Zones", zones.file, zones, zones.geography, n_zones, stamps)
    for part, title in ((zones.points, "Points of the zones"), (zones.district, "Districts of the zones")):
        file: Path | None = getattr(part, "file", None)
        if isinstance(part, PerhapsSourcedSection) and file is not None:
            yield _input(f"zones_{file.stem}", title, file, part, zones.geography, _records(file), stamps)
    if (finer := zones.finer) is not None:
        rows = _records(finer.file)
        yield _input("zones_finer", "Points finer than the zones", finer.file, finer, finer.geography, rows, stamps)
    for layer in config.layers:
        yield _input(layer.id, layer.title, layer.file, layer, layer.geography, rows_of.get(layer.id, 0), stamps)
        if layer.lookup:
            lookup, title = layer.lookup, f"Lookup from {layer.geography} to {zones.geography}"
            yield _input(
                f"{layer.id}_lookup", title, lookup.file, layer, layer.geography, _records(lookup.file), stamps
            )
    for raster in config.rasters:
        yield _input(raster.id, raster.title, raster.file, raster, "grid cells", rows_of.get(raster.id, 0), stamps)
    yield from _places(config, stamps)
    for kind in config.destinations:
        yield _input(kind.id, f"Destinations: {kind.title}", kind.file, kind, "points", _records(kind.file), stamps)


def _places(config: RunConfig, stamps: Stamps) -> Iterator[Provenance]:
    corridors, jobs = config.corridors, config.jobs_outside
    inputs = {
        "centres": ("Strategic centres", config.centres, config.centres.file),
        "corridors": ("Corridors: waypoints", corridors, corridors.file),
        "corridors_facts": ("Corridors: what is said of them", corridors, corridors.facts),
        "pilots": ("Town-centre pilots", config.pilots, config.pilots.file if config.pilots else None),
        "sites": ("Employment and opportunity sites", config.sites, config.sites.file if config.sites else None),
        "jobs_outside": ("Jobs beyond the zones", jobs, jobs.file if jobs else None),
    }
    for ident, (title, section, file) in inputs.items():
        if section is not None and file is not None:
            yield _input(ident, title, file, section, "points", _records(file), stamps)


def timetable_provenance(section: TimetableSection, trips: int, stamps: Stamps) -> Iterator[Provenance]:
    """Provenance of the feeds, of which `trips` run on the day, and of the stops' locations; raises as `context_provenance`."""
    for path in section.feeds:
        yield _input(path.stem, f"Timetable {path.stem}", path, section, "stops", trips, stamps)
    locations = section.stop_locations
    if locations is not None:
        yield _input("stop_locations", "Locations of stops", locations, section, "stops", _records(locations), stamps)


def observed_provenance(observed: Sequence[ObservedSection], stamps: Stamps) -> Iterator[Provenance]:
    """Provenance of what ran on past days; raises as `context_provenance`."""
    for one in observed:
        for path in one.files:
            yield _input(f"observed_{path.stem}", f"Observed: {path.stem}", path, one, "stops", _records(path), stamps)


def streets_provenance(config: RunConfig, nodes: int, stamps: Stamps) -> Iterator[Provenance]:
    """Provenance of the streets, which have `nodes` junctions, and of the heights, if given; raises as `context_provenance`."""
    streets = config.streets
    if streets.file:
        yield _input("streets", "Streets", streets.file, streets, "street junctions", nodes, stamps)
    for path in streets.beyond:
        title = f"Streets beyond the region {path.stem}"
        yield _input(path.stem, title, path, streets, "street junctions, with the region's", nodes, stamps)
    if streets.elevation:
        yield _input("elevation", "Heights", streets.elevation, streets, "grid cells", 1, stamps)


def base_map_provenance(section: BaseMapSection, file: Path, rows: int, stamps: Stamps) -> Provenance:
    """Provenance of a base map's layer with so many rows; raises as `context_provenance`."""
    return _input("base_map", "Base map", file, section, "roads, water and names of places", rows, stamps)


def _input(  # noqa: PLR0913, PLR0917  # one for each column of a row
    ident: str, title: str, file: Path, section: SourcedSection | PerhapsSourcedSection, geography: str, rows: int, stamps: Stamps
) -> Provenance:  # fmt: skip
    """The provenance of one file. Raises `InputChangedError` where the file differs from its stamp."""
    source, licence, vintage = section.source, section.licence, section.vintage
    digest = sha256_of(file)
    if _stamp(file) != stamps[file]:
        raise InputChangedError(f"{file} changed while it was read; run again once it is written")
    # File names are not cleaned with the configuration's settings, and may hold control characters.
    name = cleaned(file.name)
    return Provenance(cleaned(ident), cleaned(title), source, licence, vintage, geography, name, digest, rows)


def _records(file: Path) -> int:
    """Number of rows of a CSV table below its header; 1 for other files."""
    if file.suffix.lower() != ".csv":
        return 1
    with file.open(encoding="utf-8", errors="replace", newline="") as stream:
        return max(sum(1 for line in csv.reader(stream) if any(line)) - 1, 0)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex; for a folder, that of its files' names and digests in order of name."""
    if not path.is_dir():
        return sha256_of_file(path)
    digest = hashlib.sha256()
    for file in sorted(item for item in path.iterdir() if item.is_file()):
        digest.update(f"{file.name} {sha256_of_file(file)}\n".encode())
    return digest.hexdigest()
