"""Reads a street file into a `StreetNetwork`, and gathers the public names of this folder."""

from pathlib import Path

from accessibility.errors import StreetsError, StreetsFileNotFoundError
from accessibility.streets.base_map import BaseFeatures, read_base_map
from accessibility.streets.legs import street_legs
from accessibility.streets.network import MIN_COMPONENT_NODES, StreetNetwork, with_slope
from accessibility.streets.osm import clip_osm, read_osm
from accessibility.streets.osm_ways import OSM_FORMATS
from accessibility.streets.osmnx_graphs import read_graphml, streets_from_graph, streets_from_place
from accessibility.streets.snapping import MAX_SNAP_M, snap_repairs
from accessibility.streets.tags import passage

__all__ = [
    "MAX_SNAP_M",
    "MIN_COMPONENT_NODES",
    "OSM_FORMATS",
    "BaseFeatures",
    "StreetNetwork",
    "clip_osm",
    "passage",
    "read_base_map",
    "read_streets",
    "snap_repairs",
    "street_legs",
    "streets_from_graph",
    "streets_from_place",
    "with_slope",
]

_GRAPH = ".graphml"
_ENDINGS = (*OSM_FORMATS, _GRAPH)


def read_streets(path: Path, *beyond: Path) -> StreetNetwork:
    """The walkable streets of an OSM file (`osm_ways.OSM_FORMATS`: `.osm.pbf`, `.osm.gz` ...) or a `.graphml` file of osmnx.

    OSM files of neighbouring areas can stand `beyond` it: a way that several of them have counts once. The ending of a
    file's name may be in capitals. `tags.passage` defines which ways are walkable. Raises `StreetsFileNotFoundError` if
    there is no such file, `StreetsError` if one can't be read or they have no walkable street.
    """
    paths = [Path(one) for one in (path, *beyond)]
    for one in paths:
        if not one.is_file():
            raise StreetsFileNotFoundError(
                f"{one}: no such street file; expected an .osm.pbf extract or an osmnx .graphml"
            )
        if not one.name.lower().endswith(_ENDINGS):
            raise StreetsError(f"{one}: street files end in {', '.join(_ENDINGS)}, not {one.suffix or 'nothing'!r}")
        if beyond and one.name.lower().endswith(_GRAPH):
            raise StreetsError(f"{one}: a {_GRAPH} file can't be joined to others; give OpenStreetMap files")
    try:
        return read_graphml(paths[0]) if paths[0].name.lower().endswith(_GRAPH) else read_osm(*paths)
    except StreetsError as error:
        raise StreetsError(f"{', '.join(str(one) for one in paths)}: {error}") from error
