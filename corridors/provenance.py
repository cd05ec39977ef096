"""Where every file of a run comes from: one line an input, with licence, age, fingerprint and length."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from corridors.config import PerhapsSourcedSection, RunConfig, SourcedSection, TimetableSection
from corridors.results import Provenance
from layers.text import cleaned

_CHUNK_BYTES = 1 << 20


def context_provenance(config: RunConfig, n_zones: int, rows_of: Mapping[str, int]) -> Iterator[Provenance]:
    """Zones with their companions, layers, and the places planners name.

    `rows_of` gives the rows that were read of each layer, by its id.
    """
    zones = config.zones
    yield _input("zones", "Zones", zones.file, zones, zones.geography, n_zones)
    for part, title in ((zones.points, "Points of the zones"), (zones.district, "Districts of the zones")):
        file: Path | None = getattr(part, "file", None)
        if isinstance(part, PerhapsSourcedSection) and file is not None:
            yield _input(f"zones_{file.stem}", title, file, part, zones.geography, _records(file))
    for layer in config.layers:
        yield _input(layer.id, layer.title, layer.file, layer, layer.geography, rows_of.get(layer.id, 0))
        if layer.lookup:
            lookup, title = layer.lookup, f"Lookup from {layer.geography} to {zones.geography}"
            yield _input(f"{layer.id}_lookup", title, lookup.file, layer, layer.geography, _records(lookup.file))
    for raster in config.rasters:
        yield _input(raster.id, raster.title, raster.file, raster, "grid cells", rows_of.get(raster.id, 0))
    yield from _places(config)


def _places(config: RunConfig) -> Iterator[Provenance]:
    corridors = config.corridors
    named = {
        "centres": ("Strategic centres", config.centres, config.centres.file),
        "corridors": ("Corridors: waypoints", corridors, corridors.file),
        "corridors_facts": ("Corridors: what is said of them", corridors, corridors.facts),
        "pilots": ("Town-centre pilots", config.pilots, config.pilots.file if config.pilots else None),
        "sites": ("Employment and opportunity sites", config.sites, config.sites.file if config.sites else None),
    }
    for ident, (title, section, file) in named.items():
        if section is not None and file is not None:
            yield _input(ident, title, file, section, "points", _records(file))


def timetable_provenance(section: TimetableSection, trips: int) -> Iterator[Provenance]:
    """The feeds; `trips` of all of them run on the day."""
    for path in section.feeds:
        yield _input(path.stem, f"Timetable {path.stem}", path, section, "stops", trips)
    locations = section.stop_locations
    if locations is not None:
        yield _input("stop_locations", "Locations of stops", locations, section, "stops", _records(locations))


def streets_provenance(config: RunConfig, nodes: int) -> Iterator[Provenance]:
    """The streets and the heights under them, where a run has any; the streets have `nodes` junctions."""
    streets = config.streets
    if streets.file:
        yield _input("streets", "Streets", streets.file, streets, "street junctions", nodes)
    if streets.elevation:
        yield _input("elevation", "Heights", streets.elevation, streets, "grid cells", 1)


def _input(
    ident: str, title: str, file: Path, section: SourcedSection | PerhapsSourcedSection, geography: str, rows: int
) -> Provenance:
    source, licence, vintage = section.source, section.licence, section.vintage
    # The names of files are no setting of the configuration, and may hold what no document can.
    name, sha256 = cleaned(file.name), sha256_of(file)
    return Provenance(cleaned(ident), cleaned(title), source, licence, vintage, geography, name, sha256, rows)


def _records(file: Path) -> int:
    """Lines of a table below its header; 1 for a file that is no table."""
    if file.suffix.lower() != ".csv":
        return 1
    with file.open(encoding="utf-8", errors="replace", newline="") as stream:
        return max(sum(1 for line in csv.reader(stream) if any(line)) - 1, 0)


def sha256_of(path: Path) -> str:
    """Hex digest of a file's bytes; of a folder, of its files' names and digests in order of name."""
    digest = hashlib.sha256()
    if path.is_dir():
        for file in sorted(item for item in path.iterdir() if item.is_file()):
            digest.update(f"{file.name} {sha256_of(file)}\n".encode())
        return digest.hexdigest()
    with path.open("rb") as stream:
        while block := stream.read(_CHUNK_BYTES):
            digest.update(block)
    return digest.hexdigest()
