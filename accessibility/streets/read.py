"""Reads a street file into a `StreetNetwork`, and gathers the public names of this folder."""

from pathlib import Path

from accessibility.errors import StreetsError, StreetsFileNotFoundError
from accessibility.streets.legs import street_legs
from accessibility.streets.network import MIN_COMPONENT_NODES, StreetNetwork, with_slope
from accessibility.streets.osm import OSM_FORMATS, passage, read_osm
from accessibility.streets.osmnx_graphs import read_graphml, streets_from_graph, streets_from_place
from accessibility.streets.snapping import MAX_SNAP_M, snap_repairs

__all__ = [
    "MAX_SNAP_M",
    "MIN_COMPONENT_NODES",
    "StreetNetwork",
    "passage",
    "read_streets",
    "snap_repairs",
    "street_legs",
    "streets_from_graph",
    "streets_from_place",
    "with_slope",
]

_READERS = {**dict.fromkeys(OSM_FORMATS, read_osm), ".graphml": read_graphml}


def read_streets(path: Path) -> StreetNetwork:
    """The walkable streets of an OSM file (`osm.OSM_FORMATS`: `.osm.pbf`, `.osm.gz` ...) or a `.graphml` file of osmnx.

    The ending of the file's name may be in capitals. `osm.passage` defines which ways are walkable. Raises
    `StreetsFileNotFoundError` if there is no such file, `StreetsError` if it can't be read or has no walkable street.
    """
    path = Path(path)
    if not path.is_file():
        raise StreetsFileNotFoundError(
            f"{path}: no such street file; expected an .osm.pbf extract or an osmnx .graphml"
        )
    ending = next((ending for ending in _READERS if path.name.lower().endswith(ending)), "")
    if not ending:
        raise StreetsError(f"{path}: street files end in {', '.join(_READERS)}, not {path.suffix or 'nothing'!r}")
    try:
        return _READERS[ending](path)
    except StreetsError as error:
        raise StreetsError(f"{path}: {error}") from error
