"""Exact door-to-door travel times by public transport, from timetables and streets."""

from accessibility.feed import Feed, read_feed
from accessibility.graph.stop_graph import link_table, to_networkx
from accessibility.legs import Points, Walk, points
from accessibility.search.door_to_door import prepare_search, travel_times
from accessibility.search.spec import UNREACHED, SearchSpec, TravelTimes
from accessibility.streets.read import StreetNetwork, read_streets
from accessibility.timetable.timetable import Timetable, build_timetable

__all__ = [
    "UNREACHED",
    "Feed",
    "Points",
    "SearchSpec",
    "StreetNetwork",
    "Timetable",
    "TravelTimes",
    "Walk",
    "build_timetable",
    "link_table",
    "points",
    "prepare_search",
    "read_feed",
    "read_streets",
    "to_networkx",
    "travel_times",
]
