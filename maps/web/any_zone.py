"""Travel times between all zones as data of the page: one byte a pair, packed so that a browser unpacks it by itself."""

import base64
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from maps.styles import HeadlineTest, Scale, as_numbers, minutes_scale

UNREACHED_STEPS = 255
TILE = 1024  # zones along a side of a tile: a start needs 2n / 1024 - 1 tiles of some 0.2 MB
_SMALLEST, _QUICK = 9, 6  # of zlib: the second takes a twelfth of the time and 7 % more bytes


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
    order = order_of(zones)
    return PackedTimes(_packed(steps[np.ix_(order, order)], _SMALLEST), order.tolist())


def order_of(zones: gpd.GeoSeries) -> npt.NDArray[np.int64]:
    """The numbers of the zones along a Hilbert curve."""
    order: npt.NDArray[np.int64] = np.argsort(zones.representative_point().hilbert_distance(), kind="stable")
    return order


def packed_tiles(
    steps: npt.NDArray[np.uint8], order: npt.NDArray[np.int64], side: int = TILE
) -> Iterator[tuple[str, str]]:
    """(name, text) of square parts of the times in `order`, each packed by itself as `packed_times` packs the whole.

    "2_0" has the times from the third `side` zones to the first: those from one zone, or to it, stand in a row or column of
    tiles.
    """
    starts = range(0, len(order), side)
    for row, first in enumerate(starts):
        rows = steps[order[first : first + side]]
        for column, left in enumerate(starts):
            yield f"{row}_{column}", _packed(rows[:, order[left : left + side]], _QUICK)


def _packed(near: npt.NDArray[np.uint8], level: int) -> str:
    down = np.diff(near, axis=0, prepend=np.zeros_like(near[:1]))
    across = np.diff(down, axis=1, prepend=np.zeros_like(near[:, :1]))
    return base64.b64encode(zlib.compress(np.ascontiguousarray(across).tobytes(), level)).decode("ascii")


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
