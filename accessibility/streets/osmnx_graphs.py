"""Converts osmnx graphs, from memory, GraphML or a place name, to street networks.

osmnx is imported inside functions, because its import takes a second and a `.pbf` does not need it.
"""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np

from accessibility.errors import StreetsError
from accessibility.legs import Float, Int64
from accessibility.streets.network import Segments, StreetNetwork, segment_lengths, street_network
from accessibility.streets.tags import Passage, passage

_DEGREES = "epsg:4326"

Node = tuple[object, ...]


def streets_from_graph(graph: "nx.MultiDiGraph[Any]") -> StreetNetwork:
    """The walkable streets of an osmnx graph: nodes with `x`, `y` in WGS84 degrees, edges with `length` in metres.

    Every edge is open in both directions, whatever its direction for cars, unless its tags close it (see `tags.passage`;
    of a list of values, one that closes the edge counts). Edges without tags are open. Edges with a `geometry` follow it,
    scaled to `length`. Raises `StreetsError` for a projected graph, nodes without coordinates, or no walkable edge.
    """
    _check_graph(graph)
    rows: dict[Node, int] = {}
    lon_lat: list[tuple[float, float]] = []
    pieces: list[tuple[int, int, int, bool, bool, bool]] = []  # node, node, edge, forward, backward, local
    lengths: list[float] = []
    for u, v, edge in graph.edges(data=True):
        allowed = _edge_passage(edge)
        if not (allowed.forward or allowed.backward):
            continue
        shape = _edge_shape(graph, u, v, edge)
        keys = [(u,), *((*sorted((str(u), str(v))), x, y) for x, y in shape[1:-1]), (v,)]
        for key, position in zip(keys, shape, strict=True):
            if rows.setdefault(key, len(rows)) == len(lon_lat):
                lon_lat.append(position)
        line = [rows[key] for key in keys]
        pieces += [(a, b, len(lengths), *allowed) for a, b in pairwise(line)]
        lengths.append(float(edge.get("length", np.nan)))
    positions = np.array(lon_lat, dtype=float).reshape(-1, 2)
    table = np.array(pieces, dtype=np.int64).reshape(-1, 6)
    metres = _piece_lengths(positions, table, np.array(lengths))
    forward, backward, local = table[:, 3:].astype(bool).T
    segments = Segments(table[:, 0], table[:, 1], forward, backward, metres, local)
    return street_network(positions[:, 0], positions[:, 1], segments, ())


def read_graphml(path: Path) -> StreetNetwork:
    """The walkable streets of a GraphML file saved by osmnx. Raises `StreetsError` for any other file."""
    import osmnx

    try:
        graph = osmnx.load_graphml(path)
    except (ParseError, KeyError, ValueError, nx.NetworkXError) as error:
        raise StreetsError(
            "not a GraphML file saved by osmnx; save one with osmnx.save_graphml(graph, path)"
        ) from error
    return streets_from_graph(graph)


def streets_from_place(place: str) -> StreetNetwork:
    """The walkable streets of a named place, downloaded through osmnx (with its "walk" filter: no cycleways).

    Needs the internet. Raises `StreetsError` if the place is unknown or can't be downloaded.
    """
    import osmnx

    try:
        graph = osmnx.graph_from_place(place, network_type="walk", simplify=False, retain_all=True)
    except OSError as error:
        raise StreetsError(
            f"streets of {place!r} can't be downloaded: no connection to OpenStreetMap's servers; "
            "download an extract where there is one and give its path to read_streets"
        ) from error
    except (ValueError, TypeError) as error:
        raise StreetsError(
            f"OpenStreetMap knows no area {place!r} with streets ({error}); try a fuller name, e.g. 'York, England'"
        ) from error
    return streets_from_graph(graph)


def _check_graph(graph: "nx.MultiDiGraph[Any]") -> None:
    crs = str(graph.graph.get("crs", _DEGREES)).lower()
    if crs != _DEGREES:
        raise StreetsError(
            f"street graph is in {crs}, expected WGS84 degrees ({_DEGREES}): "
            "give the graph as downloaded, or osmnx.project_graph(graph, to_latlong=True)"
        )
    unplaced = [node for node, attributes in graph.nodes(data=True) if "x" not in attributes or "y" not in attributes]
    if unplaced:
        raise StreetsError(
            f"{len(unplaced):,} nodes of the street graph have no x and y, first {unplaced[0]!r}; expected an osmnx graph"
        )


# Of several values of one tag, those that count before others.
_CLOSING = {"no", "private", "agricultural", "forestry", "use_sidepath", "motorway", "construction"}


def _edge_passage(edge: dict[str, Any]) -> Passage:
    """The directions in which the edge may be walked, relative to the edge's direction in the graph."""
    allowed = passage(_tag_of(edge)) if "highway" in edge else Passage(True, True)
    return Passage(allowed.backward, allowed.forward, allowed.local) if edge.get("reversed") else allowed


def _tag_of(edge: dict[str, Any]) -> Callable[[str], str | None]:
    """A function from key to value of an edge's tags; of several values (from several ways) one that closes it counts."""

    def tag(key: str) -> str | None:
        value = edge.get(key)
        values = [str(item) for item in value] if isinstance(value, list) else [value]
        closing = [item for item in values if item in _CLOSING]
        chosen: str | None = (closing or values)[0]
        return chosen

    return tag


def _edge_shape(graph: "nx.MultiDiGraph[Any]", u: object, v: object, edge: dict[str, Any]) -> list[tuple[float, float]]:
    """Longitudes and latitudes along the edge, from `u` to `v`."""
    ends = [(float(graph.nodes[node]["x"]), float(graph.nodes[node]["y"])) for node in (u, v)]
    if "geometry" not in edge:
        return ends
    return [ends[0], *((float(x), float(y)) for x, y in list(edge["geometry"].coords)[1:-1]), ends[1]]


def _piece_lengths(positions: Float, table: Int64, lengths: Float) -> Float:
    """(n_pieces,) metres of each piece, scaled so that the pieces of an edge add up to its stated length."""
    measured = segment_lengths(positions[:, 0], positions[:, 1], table[:, 0], table[:, 1])
    edge_m = np.bincount(table[:, 2], weights=measured, minlength=len(lengths))
    scale = np.divide(lengths, edge_m, out=np.ones(len(lengths)), where=(edge_m > 0) & np.isfinite(lengths))
    scaled: Float = measured * scale[table[:, 2]]
    return scaled
