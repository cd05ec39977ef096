"""Which ways other engines let people walk on: their rules for OSM tags, so that what differs is the engine alone.

Ours (`accessibility.streets.tags.passage`) closes `access=no` unless `foot` opens it, and keeps private ways for those whose door
is on them. cafein 0.29 reads no
`access` at all. R5 7.5 closes roads by it, but not footways, paths and steps, which have their own permission.
"""

from pathlib import Path

from accessibility.streets.osm import read_osm
from accessibility.streets.osm_ways import Rule
from accessibility.streets.read import StreetNetwork
from accessibility.streets.tags import Passage, Tag

_CAFEIN_CLOSED = {"abandoned", "construction", "motor", "motorway", "motorway_link", "proposed", "raceway"}
_R5_PATHS = {"pedestrian", "path", "bridleway", "cycleway", "footway", "steps", "platform", "corridor"}
_R5_ROADS = {
    *("trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link"),
    *("unclassified", "residential", "living_street", "road", "service", "track"),
}
_R5_OPEN = {"yes", "true", "1", "official", "designated", "permissive", "unknown"}
_R5_CLOSED = {
    "no",
    "false",
    "0",
    "dismount",
    "license",
    "use_sidepath",
    "destination",
    "private",
    "customers",
    "delivery",
}


def cafein_passage(tag: Tag) -> Passage:
    """cafein 0.29 (`streets.py`): every highway but motorways and unbuilt ones; areas, `foot=no`, private services out."""
    highway = tag("highway")
    closed = highway in _CAFEIN_CLOSED or tag("area") == "yes" or tag("foot") == "no" or tag("service") == "private"
    return _both(highway is not None and not closed)


def r5_passage(tag: Tag) -> Passage:
    """R5 7.5 (`TraversalPermissionLabeler`, United States variant): `foot` first, then the class, then `access`."""
    highway = tag("highway")
    if highway is None and "platform" in {tag("railway"), tag("public_transport")}:
        highway = "platform"
    if highway not in _R5_PATHS | _R5_ROADS:
        return _both(False)
    if tag("sidewalk") in {"both", "left", "right"} or tag("foot") in _R5_OPEN:
        return _both(True)
    if tag("foot") in _R5_CLOSED:
        return _both(False)
    return _both(highway in _R5_PATHS or tag("access") not in _R5_CLOSED)


def read_streets_by(rule: Rule, path: Path) -> StreetNetwork:
    """The streets of an OSM extract under a rule of one's own."""
    return read_osm(path, rule=rule)


def _both(open_on_foot: bool) -> Passage:
    return Passage(open_on_foot, open_on_foot)
