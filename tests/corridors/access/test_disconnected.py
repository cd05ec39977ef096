"""Near but disconnected: twenty zones round one place, whose usual times can be read off."""

import numpy as np
import pandas as pd
import pytest

from corridors.access.disconnected import Nearness
from corridors.catalogue.near import NEAR_RADII_KM


def zones(minutes: list[float], distance_km: list[float], people: list[float] | None = None) -> Nearness:
    n = len(minutes)
    return Nearness(
        zone_ids=pd.Index([f"Z{i}" for i in range(n)]),
        people=np.array(people or [100.0] * n),
        place_ids=["A"],
        names=["Centre A"],
        distance_km=np.array(distance_km)[:, None],
        minutes=np.array(minutes)[:, None],
        reaches_none=np.zeros(n, bool),
    )


def test_half_as_long_again_as_others_as_far_away_is_disconnected() -> None:
    """Twelve zones take 20 minutes over 2.5 km, two take 30 and 29.9; further away 60 minutes are usual."""
    near = zones([20.0] * 12 + [30.0, 29.9] + [60.0] * 12, [2.5] * 14 + [4.5] * 12)
    assert near.usual_minutes[:, 0].tolist() == [20.0] * 14 + [60.0] * 12
    assert near.zones().tolist() == [False] * 12 + [True, False] + [False] * 12
    table = near.by_place().set_index("radius_km")
    assert table["people"].to_dict() == dict.fromkeys(NEAR_RADII_KM, 100.0)
    assert table.loc[3.0, ["minutes", "usual_minutes"]].tolist() == [30.0, 20.0]


def test_a_wider_radius_finds_no_fewer() -> None:
    rng = np.random.default_rng(4)
    near = zones(list(rng.uniform(5, 90, 300)), list(rng.uniform(0, 10, 300)))
    narrow, middle, wide = (near.disconnected(radius) for radius in NEAR_RADII_KM)
    assert not (narrow & ~middle).any() and not (middle & ~wide).any() and wide.any()
    assert not near.disconnected(8.0)[near.distance_km > 8.0].any()


def test_usual_is_what_people_take_and_not_zones() -> None:
    """Ten empty-handed zones take an hour, one with everybody takes ten minutes: the usual is ten."""
    near = zones([60.0] * 10 + [10.0], [1.5] * 11, [1.0] * 10 + [1000.0])
    assert near.usual_minutes[0, 0] == 10.0


def test_too_few_zones_have_no_usual_time_and_nobody_is_disconnected() -> None:
    near = zones([20.0] * 8 + [90.0], [2.5] * 9)
    assert np.isnan(near.usual_minutes).all()
    assert not near.zones().any()


def test_zones_that_reach_nothing_count_neither_as_usual_nor_as_disconnected() -> None:
    near = zones([20.0] * 12 + [120.0], [2.5] * 13)
    apart = Nearness(**{**vars(near), "reaches_none": np.array([False] * 12 + [True])})
    assert near.zones().iloc[-1] and not apart.zones().iloc[-1]
    assert apart.usual_minutes[0, 0] == pytest.approx(20.0)


def test_after_a_change_the_usual_time_of_before_counts_and_who_reached_something_then() -> None:
    """All take twice as long, and the slow zone reaches nothing more: twelve are newly disconnected, and one as before."""
    before = zones([20.0] * 12 + [30.0], [2.5] * 13)
    after = Nearness(
        **{**vars(zones([40.0] * 12 + [120.0], [2.5] * 13)), "reaches_none": np.array([False] * 12 + [True])}
    )
    assert not after.zones().any()
    assert after.measured_by(before).zones().all()
    assert before.measured_by(before).zones().tolist() == before.zones().tolist()
