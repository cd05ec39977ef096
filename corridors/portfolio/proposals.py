"""Candidates that the tool proposes: headways halved, corridors' lines faster, links that a failing zone misses.

They are ideas to begin with, made by rule from the timetable and the zones, and labelled so wherever they are shown.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
from scipy.spatial import cKDTree

from accessibility import Timetable
from corridors.access.centre_access import Float
from corridors.places.catchments import corridor_areas
from corridors.scenarios.answers import CentreMinutes, people_of
from corridors.scenarios.worlds import Base
from corridors.services.lines import lines_of
from layers import WGS84

FASTER = {"faster_10": 0.9, "faster_20": 0.8}  # way -> factor of run times
LEAST_WITHIN = 0.5  # share of a line's calls within a corridor's main distance, to be one of its lines
LINK_KMH, LINK_EVERY_MIN, LINK_LAYOVER_MIN = 20, 10, 5  # of a missing link
LINK_FROM, LINK_TO = "06:00", "22:00"
_MOST_LINKS = 50  # zones with most people for which one is searched
_WALK_M = 400.0  # from a zone's point to the stop whose times it stands for
_SHORTEST_LINK_M = 500.0


@dataclass(frozen=True)
class Proposal:
    """A candidate as the tool proposes it; its edits as tables of a scenario file."""

    way: str
    id: str
    title: str
    edits: tuple[Mapping[str, Any], ...]
    group: str = ""  # of proposals with one group only one is chosen


def proposals_of(base: Base, minutes: CentreMinutes, ways: tuple[str, ...]) -> list[Proposal]:
    """The proposals of some ways to generate them; `minutes` are those of the base."""
    makers: Mapping[str, Callable[[], Iterator[Proposal]]] = {
        "halve_headways": lambda: _halved(base.network.timetable),
        **{way: (lambda way=way: _faster(base, way)) for way in FASTER},  # type: ignore[misc]
        "missing_links": lambda: _links(base, minutes),
    }
    return [one for way in dict.fromkeys(ways) for one in makers[way]()]


class _Ids:
    """Ids made of words, each once."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def of(self, *words: object) -> str:
        text = "_".join(str(word) for word in words).lower()
        plain = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in text)[:34]
        ident, number = plain, 1
        while ident in self.taken:
            number += 1
            ident = f"{plain}_{number}"
        self.taken.add(ident)
        return ident


def _halved(timetable: Timetable) -> Iterator[Proposal]:
    ids = _Ids()
    for row in lines_of(timetable).table.to_dict("records"):
        ident = ids.of("often", row["line"])
        title = f"Line {row['line']}{_of(row['operator'])} twice as often"
        edit = {"id": ident, "kind": "headway", "basis": "proposed", "line": _line(row), "factor": 0.5}
        yield Proposal("halve_headways", ident, title, (edit,))


def _of(operator: object) -> str:
    return f" ({operator})" if operator else ""


def _line(row: Mapping[Any, Any]) -> dict[str, str]:
    return {"number": str(row["line"])} | ({"operator": str(row["operator"])} if row["operator"] else {})


def _faster(base: Base, way: str) -> Iterator[Proposal]:
    """For each corridor its lines, faster from end to end; a line is one of the corridor that most of its calls are "
    "in."""
    if not len(base.context.corridors):
        return
    lines, ids = lines_of(base.network.timetable), _Ids()
    shares = _shares_within(base, lines.patterns)
    corridor_of = np.where(shares.max(axis=0) >= LEAST_WITHIN, shares.argmax(axis=0), -1)
    less = round(100 * (1 - FASTER[way]))
    for number, (corridor, name) in enumerate(base.context.corridors["name"].items()):
        rows = lines.table[corridor_of == number].to_dict("records")
        if not rows:
            continue
        ident = ids.of(way, corridor)
        edits = tuple(
            {
                "id": f"{ident}.{place}",
                "kind": "run_time",
                "basis": "proposed",
                "line": _line(row),
                "factor": FASTER[way],
            }
            for place, row in enumerate(rows, start=1)
        )
        numbers = ", ".join(str(row["line"]) for row in rows)
        title = f"{name}: lines {numbers} take {less} % less time from stop to stop"
        yield Proposal(way, ident, title, edits, group=f"faster {corridor}")


def _shares_within(base: Base, patterns: np.ndarray) -> Float:
    """(n_corridors, n_lines) share of each line's calls that are within the corridor's main distance."""
    timetable, config, context = base.network.timetable, base.config, base.context
    areas = corridor_areas(config, context.corridors)
    main = areas[areas["buffer_m"] == config.corridors.buffer_m].set_index("corridor_id").geometry
    inside = np.array(
        [_stop_points(timetable, context.zones.crs).within(main[ident]) for ident in context.corridors.index], bool
    )
    calls = timetable.calls()
    line = np.where(patterns.any(axis=0), patterns.argmax(axis=0), -1)[calls.pattern]
    line, stop = line[line >= 0], timetable.position_stop[calls.position][line >= 0]
    total = np.bincount(line, minlength=len(patterns))
    within = [np.bincount(line, weights=one[stop], minlength=len(patterns)) for one in inside]
    shares: Float = np.reshape(within, (len(inside), len(patterns))) / np.maximum(total, 1)
    return shares


def _stop_points(timetable: Timetable, crs: object) -> gpd.GeoSeries:
    stops = timetable.stops
    return gpd.GeoSeries(gpd.points_from_xy(stops["lon"], stops["lat"], crs=WGS84)).to_crs(crs)


def _links(base: Base, minutes: CentreMinutes) -> Iterator[Proposal]:
    """A line from a zone that fails the test to the stop from which people would meet it, for those of most people.

    The stop is the one with the least estimate: half a headway, the ride, and the minutes of the zone beside the stop. The
    estimate only chooses; what a link is worth is searched.
    """
    config, context, ids = base.config, base.context, _Ids()
    people, spots = people_of(context), context.points[["x", "y"]].to_numpy(float)
    stops = _stop_points(base.network.timetable, context.zones.crs)
    served = np.unique(base.network.timetable.position_stop)
    metres, nearest = cKDTree(np.column_stack([stops.x, stops.y])[served]).query(spots)
    stop, beside = served[nearest], metres <= _WALK_M
    fails = np.flatnonzero((minutes.within < config.kpi.centres_at_least) & (people > 0))
    ends = np.flatnonzero((minutes.within >= config.kpi.centres_at_least) & beside)
    if not len(fails) or not len(ends):
        return
    apart = np.hypot(*(spots[fails][:, None, :] - spots[ends][None, :, :]).transpose(2, 0, 1))
    estimate = LINK_EVERY_MIN / 2 + apart / (1000 / 60 * LINK_KMH) + minutes.needed_min[ends]
    estimate[apart < _SHORTEST_LINK_M] = np.inf
    best = estimate.argmin(axis=1)
    helped = estimate[np.arange(len(fails)), best] <= config.kpi.cutoff_min
    order = np.argsort(-people[fails], kind="stable")
    for row in order[helped[order]][:_MOST_LINKS]:
        zone, end = int(fails[row]), int(ends[best[row]])
        yield _link(base, ids, zone, int(stop[zone]) if beside[zone] else None, int(stop[end]))


def _link(base: Base, ids: _Ids, zone: int, start: int | None, end: int) -> Proposal:
    context, stops = base.context, base.network.timetable.stops
    code, name = context.zones.index[zone], context.zones["name"].iloc[zone]
    ident = ids.of("link", code)
    at = [round(float(context.points[axis].iloc[zone]), 6) for axis in ("lat", "lon")]
    new = {"id": ident, "name": f"{name} (new stop)", "at": at}
    edit = {
        "id": ident,
        "kind": "new_line",
        "basis": "proposed",
        "line": {"number": f"Link {code}"},
        "stops": [new if start is None else str(stops["stop_id"].iloc[start]), str(stops["stop_id"].iloc[end])],
        "speed_kmh": LINK_KMH,
        "layover_min": LINK_LAYOVER_MIN,
        "service": [{"from": LINK_FROM, "to": LINK_TO, "every": f"{LINK_EVERY_MIN} min"}],
    }
    title = f"A link from {name} to {stops['name'].iloc[end]}, every {LINK_EVERY_MIN} minutes"
    return Proposal("missing_links", ident, title, (edit,))
