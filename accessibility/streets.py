"""Streets for walking: read them, tilt them, and walk along them.

Enters: an OSM or `.graphml` file, an osmnx graph or a place name. Leaves: a `StreetNetwork`, and walking legs.
"""

from pathlib import Path

from accessibility.errors import StreetsError, StreetsFileNotFoundError
from accessibility.osm import OSM_FORMATS, passage, read_osm
from accessibility.osmnx_graphs import read_graphml, streets_from_graph, streets_from_place
from accessibility.snapping import MAX_SNAP_M, snap_repairs
from accessibility.street_legs import street_legs
from accessibility.street_network import MIN_COMPONENT_NODES, StreetNetwork, with_slope

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
    """The walkable streets of an OSM file (`osm.OSM_FORMATS`: `.osm.pbf`, `.osm.gz` ...) or a `.graphml` of osmnx.

    The ending may be in capitals. See `osm.passage` for what counts as walkable. Raises `StreetsFileNotFoundError` or
    `StreetsError`.
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
