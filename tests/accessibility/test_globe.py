"""Straight lines are as long as the ellipsoid says, and depend on their two ends alone."""

import numpy as np
import pyproj
import pytest

from accessibility.globe import positions_in_space_m
from accessibility.legs import Points, Walk, points, straight_line_legs

SHETLAND, SCILLY = (-0.9, 60.75), (-6.3, 49.9)


def random_points(seed: int, n: int, middle: tuple[float, float], spread: float) -> Points:
    rng = np.random.default_rng(seed)
    lon, lat = (centre + rng.uniform(-spread, spread, n) for centre in middle)
    return points([f"{seed}-{number}" for number in range(n)], lon, lat)


def test_places_in_space_are_those_of_the_geocentric_system() -> None:
    here = random_points(1, 500, (0.0, 0.0), 80.0)
    to_space = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    expected = np.column_stack(to_space.transform(here.lon, here.lat, np.zeros(500)))
    assert np.abs(positions_in_space_m(here.lon, here.lat) - expected).max() < 1e-6


@pytest.mark.parametrize(("reach", "most_m"), [(0.02, 1e-4), (0.07, 2e-3), (0.35, 0.2)])
def test_straight_lines_are_shorter_than_the_way_along_the_ellipsoid_by_what_is_promised(
    reach: float, most_m: float
) -> None:
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(-7, 2, 1000), rng.uniform(49, 61, 1000)
    other_lon, other_lat = lon + rng.uniform(-reach, reach, 1000), lat + rng.uniform(-reach, reach, 1000)
    along = pyproj.Geod(ellps="WGS84").inv(lon, lat, other_lon, other_lat)[2]
    straight = np.linalg.norm(positions_in_space_m(lon, lat) - positions_in_space_m(other_lon, other_lat), axis=1)
    assert (along - straight).max() < most_m
    assert (along - straight).min() > -1e-6


def test_a_walk_takes_as_long_whatever_other_points_there_are() -> None:
    """On a map centred on all points it took up to 0.2 % more or less where others lay at the other end of the nation."""
    walk = Walk(max_s=1800)
    for number, middle in enumerate((SHETLAND, SCILLY, (-1.9, 52.5))):
        here, there = random_points(10 + number, 60, middle, 0.02), random_points(20 + number, 60, middle, 0.02)
        far = random_points(30 + number, 5, SCILLY if middle == SHETLAND else SHETLAND, 0.02)
        with_others = Points(*(np.concatenate([a, b]) for a, b in zip(there[:3], far[:3], strict=True)), radius_m=0.0)
        alone, among = straight_line_legs(here, there, walk), straight_line_legs(here, with_others, walk)
        assert len(alone.target) > 1000
        for mine, theirs in zip(alone, among, strict=True):
            assert np.array_equal(mine, theirs)
        metres = pyproj.Geod(ellps="WGS84").inv(
            here.lon[alone.sources()], here.lat[alone.sources()], there.lon[alone.target], there.lat[alone.target]
        )[2]
        assert alone.seconds.tolist() == np.ceil(metres * walk.detour / walk.speed_m_s - 1e-6).tolist()
