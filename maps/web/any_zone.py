"""Travel times between all zones as data of the page: one byte a pair, packed so that a browser unpacks it by itself."""

import base64
import zlib
from dataclasses import dataclass
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from maps.styles import HeadlineTest, Scale, as_numbers, minutes_scale

UNREACHED_STEPS = 255


class Reached(NamedTuple):
    """A figure of zones (a column of an indicator) that is told of the start."""

    title: str  # "Residents"
    column: str
    summed: bool  # over the zones within the cutoff, either way; otherwise the start's own value, told from it only


class ReachedPlace(NamedTuple):
    """A place whose minutes from every zone are a column of an indicator."""

    name: str
    column: str


class ReachedPlaces(NamedTuple):
    """Places of one kind, of which those within the cutoff of the start are told with their minutes."""

    title: str  # "Strategic centres"
    places: tuple[ReachedPlace, ...]


@dataclass(frozen=True, eq=False)
class ZoneToZone:
    """Times from every zone (row) to every zone (column), and what is told of the zone from which people start.

    `steps` is (n_zones, n_zones) uint8 in the order of the zones: steps of `step_s` seconds, rounded up; `UNREACHED_STEPS` = 255.
    """

    steps: npt.NDArray[np.uint8]
    step_s: int
    cutoff_min: float
    note: str = ""  # one plain sentence under the legend
    figures: tuple[Reached, ...] = ()
    places: tuple[ReachedPlaces, ...] = ()


class PackedTimes(NamedTuple):
    """The times packed: `data` holds zlib's bytes in base64, of zones in an `order` that brings neighbours together."""

    data: str
    order: list[int]


def packed_times(steps: npt.NDArray[np.uint8], zones: gpd.GeoSeries) -> PackedTimes:
    """The times as differences of differences of neighbouring zones, which take the fewest bytes.

    In rows and columns of the `order` (along a Hilbert curve), each value less the one above it, and then less that one's
    left neighbour, modulo 256.
    """
    order = np.argsort(zones.representative_point().hilbert_distance(), kind="stable")
    near = steps[np.ix_(order, order)]
    down = np.diff(near, axis=0, prepend=np.zeros_like(near[:1]))
    across = np.diff(down, axis=1, prepend=np.zeros_like(near[:, :1]))
    data = zlib.compress(np.ascontiguousarray(across).tobytes(), 9)
    return PackedTimes(base64.b64encode(data).decode("ascii"), order.tolist())


def encode_zone_to_zone(held: ZoneToZone, order: list[int], zones: pd.DataFrame) -> dict[str, Any]:
    """What the page needs beside the packed times; the classes are those of minutes to centres."""
    scale = minutes_scale(held.cutoff_min)
    test = HeadlineTest(held.cutoff_min)
    return {
        "stepMin": held.step_s / 60,
        "unreached": UNREACHED_STEPS,
        "cutoffSteps": int(held.cutoff_min * 60 // held.step_s),
        "limit": test.limit_words,
        "classOf": _classes_of_steps(scale, held.step_s),
        "classes": [
            {"label": item.label, "colour": item.colour, "count": 0, "hatched": item.hatched} for item in scale.classes
        ],
        "missing": {"label": scale.missing.label, "colour": scale.missing.colour, "count": 0, "hatched": False}
        | {"pattern": scale.missing_means},
        "note": held.note,
        "order": order,
        "figures": [one._asdict() for one in held.figures],
        "places": [
            {
                "title": kind.title,
                "places": [_place(one, zones, held.cutoff_min) for one in kind.places if one.column in zones],
            }
            for kind in held.places
        ],
    }


def _place(place: ReachedPlace, zones: pd.DataFrame, cutoff_min: float) -> dict[str, Any]:
    """The place, with the numbers of the zones from which it is within the cutoff: the page's minutes are rounded."""
    near = np.round(as_numbers(zones[place.column]) * 60) <= round(cutoff_min * 60)
    return {**place._asdict(), "near": np.flatnonzero(near).tolist()}


def _classes_of_steps(scale: Scale, step_s: int) -> list[int]:
    """The class of each number of steps; -1 for unreached."""
    minutes = pd.Series(np.arange(256) * step_s / 60)
    minutes[UNREACHED_STEPS] = np.nan
    return [int(number) for number in scale.class_of(minutes)]
