"""The demonstration region's base map: straight roads and railways between the places of its lines, and its towns' names."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import pandas as pd
import shapely

from corridors.demo.lines import DemoLine, DemoStop, metres_between
from layers import WGS84

Row = tuple[str, str, str, shapely.Geometry]  # kind, class, name and shape

# Buses an hour, one way in the morning peak, from which a road is of a class.
_ROAD_CLASSES = ((12.0, "primary"), (5.0, "secondary"), (0.0, "tertiary"))
_DETOUR = (
    1.2  # where shorter roads or rails lead to the same place with less than this detour, none is drawn beside them
)
_CITY = " city centre"
_PERIOD = "am_peak"


def demo_base_map(lines: Iterable[DemoLine], data: Path) -> gpd.GeoDataFrame:
    """Roads (by how many buses use them), rail, trams and names of towns; WGS84, columns kind, class, name, geometry.

    They are made from lines and the text files in `data`, and are straight: no real road is among them. Roads have a number
    where the files know on which road a line runs. The files hold no water, parks or built-up land, so none is drawn.
    """
    every = list(lines)
    buses = [line for line in every if line.mode == "bus"]
    rows = [*_roads(buses, _numbered(buses, data / "demo" / "roads.csv")), *_rails(every), *_names(data)]
    facts = pd.DataFrame([row[:3] for row in rows], columns=["kind", "class", "name"])
    return gpd.GeoDataFrame(facts, geometry=[row[3] for row in rows], crs=WGS84)


def _numbered(lines: Iterable[DemoLine], file: Path) -> Mapping[frozenset[DemoStop], str]:
    """The hop of a line, either way -> the number of the road that it runs on."""
    number_of = dict(pd.read_csv(file)[["line_id", "number"]].itertuples(index=False, name=None))
    known = [(line, number_of[line.line_id]) for line in lines if line.line_id in number_of]
    return {frozenset(hop): number for line, number in known for hop in pairwise(line.stops)}


def _roads(lines: list[DemoLine], number_of: Mapping[frozenset[DemoStop], str]) -> Iterator[Row]:
    for start, end, facts in _hops(lines, lambda line: 60 / line.headway_min.get(_PERIOD, 1e9)).edges(data=True):
        class_ = next(class_ for least, class_ in _ROAD_CLASSES if facts["hourly"] >= least)
        yield "road", class_, number_of.get(frozenset((start, end)), ""), _straight(start, end)


def _rails(lines: list[DemoLine]) -> Iterator[Row]:
    for mode, class_ in (("rail", "rail"), ("metro", "light_rail")):
        for start, end in _hops([line for line in lines if line.mode == mode], lambda _: 0.0).edges():
            yield "rail", class_, "", _straight(start, end)


def _names(data: Path) -> Iterator[Row]:
    centres = set(pd.read_csv(data / "places" / "centres.csv")["name"])
    for name, lon, lat in pd.read_csv(data / "demo" / "towns.csv")[["name", "lon", "lat"]].itertuples(index=False):
        class_ = "city" if name.endswith(_CITY) else "town" if name in centres else "suburb"
        yield "place", class_, name, shapely.Point(lon, lat)


def _hops(lines: Iterable[DemoLine], hourly_of: Callable[[DemoLine], float]) -> "nx.Graph[DemoStop]":
    """The hops of lines from stop to stop, with metres and `hourly_of` summed over lines, but those that others lead round."""
    graph: nx.Graph[DemoStop] = nx.Graph()
    for line in lines:
        for hop, metres in zip(pairwise(line.stops), metres_between(line.stops), strict=True):
            known = graph.get_edge_data(*hop, default={"hourly": 0.0})["hourly"]
            graph.add_edge(*hop, metres=float(metres), hourly=known + hourly_of(line))
    for start, end, facts in sorted(graph.edges(data=True), key=lambda hop: -float(hop[2]["metres"])):
        graph.remove_edge(start, end)
        within = _DETOUR * float(facts["metres"])
        if end not in nx.single_source_dijkstra_path_length(graph, start, cutoff=within, weight="metres"):
            graph.add_edge(start, end, **facts)
    return graph


def _straight(start: DemoStop, end: DemoStop) -> shapely.Geometry:
    return shapely.LineString([(start.lon, start.lat), (end.lon, end.lat)])
