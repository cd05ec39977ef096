"""Streets for walking: read them, tilt them, and walk along them.

Enters: an `.osm.pbf` or `.graphml` file, an osmnx graph or a place name. Leaves: a `StreetNetwork`, and walking legs.
"""

from pathlib import Path

from accessibility.errors import StreetsError, StreetsFileNotFoundError
from accessibility.osm import passage, read_pbf
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


def read_streets(path: Path) -> StreetNetwork:
    """The walkable streets of an `.osm.pbf` (or `.pbf`, `.osm`) extract or of a `.graphml` file saved by osmnx.

    See `osm.passage` for what counts as walkable. Raises `StreetsFileNotFoundError` or `StreetsError`.
    """
    path = Path(path)
    if not path.is_file():
        raise StreetsFileNotFoundError(
            f"{path}: no such street file; expected an .osm.pbf extract or an osmnx .graphml"
        )
    if path.suffix == ".graphml":
        return read_graphml(path)
    if path.suffix in {".pbf", ".osm"}:
        return read_pbf(path)
    raise StreetsError(
        f"{path}: street files end in .osm.pbf, .pbf, .osm or .graphml, not {path.suffix or 'nothing'!r}"
    )
