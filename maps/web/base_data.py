"""Encoding of a base map for the page's data: one text for all shapes of a class, a few letters for each corner."""

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from maps.base_map import LOOKS, WATER_EDGE, road_numbers
from maps.web.geometry import UNITS_PER_DEGREE, WEB_CRS

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"  # none of them is escaped in JSON
STEP = 3  # page units to a step: 3.3 m north, 2 m east at 52 degrees north, below the tolerance of simplified lines
NUMBER_CELL_DEG = 0.01  # spots for a road's number are about a kilometre apart
# Kind -> its words in the list of layers.
KINDS = {"road": "roads", "rail": "rail", "water": "water", "green": "green space", "built_up": "built-up land"}

Int = npt.NDArray[np.int64]


def encode_base(features: gpd.GeoDataFrame, origin: tuple[int, int]) -> dict[str, Any]:
    """The classes of a base map (see `maps.base_map.BaseMap.frame`) in drawing order, and the keys of their kinds.

    `parts` are corners in steps of `step` page units: for each line or ring the number of its corners, then the way from
    each corner to the next, the first from the last one before, or from `origin`. Numbers are written from their lowest five
    bits up, six bits to a letter of `LETTERS`, of which the highest says that more follow; negative ones as 2n - 1 of n.
    """
    placed = features.to_crs(WEB_CRS)
    classes = [_encode_class(placed, kind, class_, origin) for kind, class_ in _in_drawing_order()]
    kinds = [kind for kind in KINDS if (features["kind"] == kind).any()]
    return {
        "step": STEP,
        "classes": [one for one in classes if one["parts"]],
        "kinds": [{"label": KINDS[kind].capitalize(), **_key_of(kind)} for kind in kinds],
        "numbers": list(_encode_numbers(placed, origin)) if "name" in placed else [],
    }


def _encode_numbers(placed: gpd.GeoDataFrame, origin: tuple[int, int]) -> Iterator[dict[str, Any]]:
    """The numbers of roads, the most important first, with spots in page units: [x, y, dx, dy, ...] from the origin."""
    for road in road_numbers(placed, NUMBER_CELL_DEG):
        units = np.rint(road.spots * UNITS_PER_DEGREE).astype(np.int64) - np.array(origin)
        yield {
            "words": road.number,
            "dark": road.class_ == "motorway",
            "fromZoom": LOOKS["road", road.class_].number_zoom,
            "spots": np.diff(units, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel().tolist(),
        }


def kinds_in_words(features: gpd.GeoDataFrame) -> str:
    """What a base map draws, "Roads, rail and water"."""
    words = [word for kind, word in KINDS.items() if (features["kind"] == kind).any()]
    return (f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)).capitalize()


def _in_drawing_order() -> Iterator[tuple[str, str]]:
    """Areas, then lines, each with the most important last."""
    for shape, kinds in (("area", ("built_up", "green", "water")), ("line", ("water", "road", "rail"))):
        for kind in kinds:
            own = [key for key, look in LOOKS.items() if key[0] == kind and look.shape == shape]
            yield from reversed(own)


def _key_of(kind: str) -> dict[str, Any]:
    look = next(look for (of, _), look in LOOKS.items() if of == kind)
    return {"colour": look.colour, "area": look.shape == "area", "width": look.width_px}


def _encode_class(placed: gpd.GeoDataFrame, kind: str, class_: str, origin: tuple[int, int]) -> dict[str, Any]:
    own = placed.geometry.to_numpy()[((placed["kind"] == kind) & (placed["class"] == class_)).to_numpy()]
    look = LOOKS[kind, class_]
    return {
        "kind": kind,
        "area": look.shape == "area",
        "under": kind == "built_up",
        "colour": look.colour,
        "edge": WATER_EDGE if kind == "water" else look.colour,
        "width": look.width_px,
        "fromZoom": look.from_zoom,
        "dashes": list(look.dashes),
        "parts": packed_parts(own, origin),
    }


def packed_parts(shapes: npt.NDArray[np.object_], origin: tuple[int, int]) -> str:
    """All lines, and rings of polygons (holes run the other way round), as the text that `encode_base` describes."""
    parts = shapely.get_parts(shapes)
    areas = shapely.get_dimensions(parts) == 2
    lines = np.concatenate([parts[~areas], shapely.get_rings(shapely.orient_polygons(parts[areas]))])
    corners, line = shapely.get_coordinates(lines, return_index=True)
    steps = np.rint((corners * UNITS_PER_DEGREE - np.array(origin)) / STEP).astype(np.int64)
    moved = np.ones(len(steps), bool)
    moved[1:] = (np.diff(steps, axis=0) != 0).any(axis=1) | (np.diff(line) != 0)
    counts = np.bincount(line[moved], minlength=len(lines))
    drawn = counts[line] > 1
    steps, line = steps[moved & drawn], line[moved & drawn]
    if not len(steps):
        return ""
    ways = np.diff(steps, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel()
    first = np.flatnonzero(np.diff(line, prepend=-1))
    return _text_of(np.insert(np.where(ways < 0, -2 * ways - 1, 2 * ways), 2 * first, 2 * counts[line[first]]))


def _text_of(numbers: Int) -> str:
    """Whole numbers from 0 on, each in as many letters as it needs."""
    digits, rest = [], numbers
    while rest.any():
        digits.append(rest & 31)
        rest = rest >> 5
    table = np.stack(digits or [numbers], axis=1)
    used = np.maximum(1, len(digits) - np.argmax((table != 0)[:, ::-1], axis=1))
    used[~(table != 0).any(axis=1)] = 1
    place = np.arange(table.shape[1])
    written = place < used[:, None]
    return "".join(np.array(list(LETTERS))[(table + 32 * (place < used[:, None] - 1))[written]])
