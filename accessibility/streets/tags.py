"""What the tags of OpenStreetMap say of people on foot: where they may walk, in which direction, and where they are stopped."""

from collections.abc import Callable
from typing import NamedTuple

_PATHS = {
    "footway",
    "path",
    "pedestrian",
    "steps",
    "corridor",
    "elevator",
    "platform",
    "bridleway",
    "cycleway",
    "track",
}
_STREETS = {"living_street", "residential", "unclassified", "road", "service"}
_ROADS = {"tertiary", "tertiary_link", "secondary", "secondary_link", "primary", "primary_link"}
_OPEN_CLASSES = _PATHS | _STREETS | _ROADS
_CLASSES_NEEDING_FOOT = {"motorway", "motorway_link", "trunk", "trunk_link", "busway", "bus_guideway"}
# Ways without `highway` that count only if `foot` allows walking: most of those without `foot` are not public.
_STRUCTURES_NEEDING_FOOT = {
    "waterway": {"lock_gate", "sluice_gate", "weir", "dam"},
    "man_made": {"pier", "breakwater", "groyne", "quay", "dyke"},
}
_FOOT_ALLOWED = {"yes", "designated", "permissive", "official"}
_ACCESS_FORBIDDEN = {"no", "military", "emergency", "restricted"}  # unless `foot` says otherwise
_FOOT_FORBIDDEN = {"no", "use_sidepath"}
# Of `foot` or `access`: who lives, works or calls there may walk there. Tracks for farms and woods alone are no public paths.
_TO_A_DOOR = {"private", "destination", "customers", "permit", "delivery", "agricultural", "forestry"}
_CLOSED_BARRIERS = {
    "wall",
    "fence",
    "hedge",
    "city_wall",
    "retaining_wall",
}  # on a node of a way, unless `foot` allows walking
_SIDEWALK = {"both", "left", "right", "yes"}

# Keys of which a way has at least one if `passage` lets anybody walk on it, or `is_ferry` takes people along.
KEYS = ("highway", "railway", "public_transport", "route", *_STRUCTURES_NEEDING_FOOT)

Tag = Callable[[str], str | None]


class Passage(NamedTuple):
    """The directions in which a way may be walked: as it is drawn, and against it; `local` only to or from a door on it."""

    forward: bool
    backward: bool
    local: bool = False


def passage(tag: Tag) -> Passage:
    """The directions in which pedestrians may use a way; `tag` is a function from a tag's key to its value or None.

    - Open: footways, paths, pedestrian streets, steps, corridors, lifts, platforms (`highway`, `railway` or
      `public_transport`), bridleways, cycleways, tracks and all streets up to `primary`. People walk along the outline
      of areas, and across them (`squares`).
    - Open only if `foot` allows it: motorways, trunk roads, busways and `motorroad=yes`. A trunk road is also open if it
      has a sidewalk (`sidewalk` or `sidewalk:left/right/both`; the value "separate" means a way of its own).
    - Open without `highway`, but only if `foot` allows it: lock and sluice gates, weirs and dams (`waterway`); piers,
      breakwaters, groynes, quays and dykes (`man_made`).
    - Always closed: `highway=construction`, `proposed`, `raceway` and all other classes.
    - `foot=no|use_sidepath` closes a way. `access=no|military|emergency|restricted` closes it unless `foot` says
      otherwise.
    - Local are ways with `private`, `destination`, `customers`, `permit`, `delivery`, `agricultural` or `forestry` as their
      `foot`, or as their `access` where `foot` does not allow walking: they lead to the doors on them, and nobody walks
      through. `foot=private` opens none of the classes that need `foot`.
    - Open in one direction: `oneway:foot`, `foot:forward=no`, `foot:backward=no`, and `conveying=forward|backward`
      (escalators). `oneway` is for vehicles and is ignored.

    - Ferries (`route=ferry`) are closed, whatever else they are: the map does not say when they sail.

    Not modelled: conditional opening (`foot:conditional` and `access:conditional`, which are counted). `blocked` says which
    barriers on nodes nobody walks through.
    """
    if not _open_on_foot(tag) or tag("route") == "ferry":
        return Passage(False, False)
    return _directions(tag)._replace(local=_local(tag))


def is_ferry(tag: Tag) -> bool:
    """Whether a way is a ferry on which people on foot are not forbidden."""
    foot = tag("foot")
    if tag("route") != "ferry" or foot in _FOOT_FORBIDDEN:
        return False
    return foot in _FOOT_ALLOWED or tag("access") not in _ACCESS_FORBIDDEN


def blocked(tag: Tag) -> bool:
    """Whether nobody walks through a node; `tag` is a function from a tag's key to its value or None.

    Those are barriers with `foot=no`, and unless `foot` allows walking: with `locked=yes`, `access=no` and the like, and walls,
    fences and hedges. Private gates stay open: people who live behind them have the key.
    """
    barrier, foot = tag("barrier"), tag("foot")
    if barrier is None or foot in _FOOT_ALLOWED:
        return False
    return foot == "no" or tag("locked") == "yes" or tag("access") in _ACCESS_FORBIDDEN or barrier in _CLOSED_BARRIERS


def _open_on_foot(tag: Tag) -> bool:
    highway, foot = tag("highway"), tag("foot")
    if highway is None and "platform" in {tag("railway"), tag("public_transport")}:
        highway = "platform"
    if highway is None and any(tag(key) in kinds for key, kinds in _STRUCTURES_NEEDING_FOOT.items()):
        return foot in _FOOT_ALLOWED or foot in _TO_A_DOOR
    if foot in _FOOT_FORBIDDEN or (highway not in _OPEN_CLASSES and highway not in _CLASSES_NEEDING_FOOT):
        return False
    if foot in _FOOT_ALLOWED or (foot in _TO_A_DOOR and foot != "private"):
        return True
    if (tag("access") in _ACCESS_FORBIDDEN and foot != "private") or tag("motorroad") == "yes":
        return False
    return highway in _OPEN_CLASSES or (highway in {"trunk", "trunk_link"} and _has_sidewalk(tag))


def _local(tag: Tag) -> bool:
    foot = tag("foot")
    return foot in _TO_A_DOOR or (foot not in _FOOT_ALLOWED and tag("access") in _TO_A_DOOR)


def _has_sidewalk(tag: Tag) -> bool:
    keys = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
    return any(tag(key) in _SIDEWALK for key in keys)


def _directions(tag: Tag) -> Passage:
    oneway, conveying = tag("oneway:foot"), tag("conveying")
    backward = not (tag("foot:backward") == "no" or oneway in {"yes", "1"} or conveying == "forward")
    forward = not (tag("foot:forward") == "no" or oneway == "-1" or conveying == "backward")
    return Passage(forward, backward)
