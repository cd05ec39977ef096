"""Times between all zones as data of the page: packed without loss, in the classes of minutes to centres."""

import base64
import zlib
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from maps.errors import MapContentError
from maps.styles import minutes_scale
from maps.web.any_zone import (
    UNREACHED_STEPS,
    PackedTimes,
    ReachedPlace,
    ReachedPlaces,
    ZoneToZone,
    encode_zone_to_zone,
    order_of,
    packed_tiles,
    packed_times,
)
from maps.web.content import MapContent
from maps.web.write import draw_map


def times_between(n: int, seed: int = 0) -> np.ndarray:
    """Any times, not the same both ways; some are unreached."""
    drawn = np.random.default_rng(seed).integers(0, UNREACHED_STEPS + 1, (n, n)).astype(np.uint8)
    np.fill_diagonal(drawn, 0)
    return drawn


def unpacked(packed: PackedTimes) -> np.ndarray:
    """The slow obvious twin of the page's script."""
    n = len(packed.order)
    across = np.frombuffer(zlib.decompress(base64.b64decode(packed.data)), np.uint8).reshape(n, n)
    near = across.astype(int).cumsum(axis=1).cumsum(axis=0) % 256
    made = np.zeros((n, n), np.uint8)
    for row, origin in enumerate(packed.order):
        for column, destination in enumerate(packed.order):
            made[origin, destination] = near[row, column]
    return made


@pytest.mark.parametrize("seed", range(3))
def test_what_is_packed_is_unpacked_again(zones: gpd.GeoDataFrame, seed: int) -> None:
    times = times_between(len(zones), seed)
    packed = packed_times(times, zones.geometry)
    assert sorted(packed.order) == list(range(len(zones)))
    assert (unpacked(packed) == times).all()


@pytest.mark.parametrize("side", [1, 7, 36, 50])
def test_tiles_hold_all_times_between_their_zones(zones: gpd.GeoDataFrame, side: int) -> None:
    times = times_between(len(zones))
    order = order_of(zones.geometry)
    found = np.full_like(times, 1)
    for name, text in packed_tiles(times, order, side):
        rows, columns = (order[side * int(part) : side * int(part) + side] for part in name.split("_"))
        across = np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(len(rows), len(columns))
        found[np.ix_(rows, columns)] = across.astype(int).cumsum(axis=1).cumsum(axis=0) % 256
    assert (found == times).all()


def test_smooth_times_take_few_bytes(zones: gpd.GeoDataFrame) -> None:
    middles = zones.centroid
    km = np.array([middles.distance(one) for one in middles]) / 1000
    smooth = np.round(10 * km).astype(np.uint8)
    sizes = [len(packed_times(one, zones.geometry).data) for one in (smooth, times_between(len(zones)))]
    assert sizes[0] < sizes[1] / 2


def test_steps_have_the_classes_of_minutes(zones: gpd.GeoDataFrame) -> None:
    held = ZoneToZone(
        times_between(36), 30, 45.0, places=(ReachedPlaces("Places", (ReachedPlace("Alpha", "minutes"),)),)
    )
    told = encode_zone_to_zone(held, list(range(36)), zones)
    minutes = pd.Series(np.arange(UNREACHED_STEPS) / 2)
    assert told["classOf"][:-1] == minutes_scale(45.0).class_of(minutes).tolist()
    assert told["classOf"][UNREACHED_STEPS] == -1
    assert told["cutoffSteps"] == 90
    (place,) = told["places"][0]["places"]
    assert place["near"] == np.flatnonzero(zones["minutes"] <= 45).tolist()


def test_times_of_other_zones_are_refused(content: MapContent) -> None:
    with pytest.raises(MapContentError, match="times of \\(2, 2\\) for 36 zones"):
        replace(content, zone_to_zone=ZoneToZone(times_between(2), 60, 45.0))


def test_a_map_without_them_holds_no_word_of_them_and_says_why(content: MapContent) -> None:
    page = draw_map(replace(content, left_out="Left out <b>"))
    assert "planner.anyZone" not in page
    assert "zone-times" not in page
    assert '<p id="left-out">Left out &lt;b&gt;</p>' in page
