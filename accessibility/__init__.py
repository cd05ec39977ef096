"""Exact door-to-door travel times by public transport, from timetables and streets."""

from accessibility.feed import Feed, read_feed
from accessibility.legs import Points, Walk, points
from accessibility.network import link_table, to_networkx
from accessibility.streets import StreetNetwork, read_streets
from accessibility.timetable import Timetable, build_timetable
from accessibility.travel_times import UNREACHED, SearchSpec, TravelTimes, prepare_search, travel_times

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
