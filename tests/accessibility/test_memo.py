"""Recent walks are found again only where everything they were made from is the same."""

import numpy as np

from accessibility.legs import Walk, points
from accessibility.memo import Recent
from accessibility.search.links.walks import walking_legs

HERE = points(["a", "b"], [-1.90, -1.91], [52.48, 52.48])


def test_the_same_walk_is_not_walked_twice() -> None:
    assert walking_legs(None, HERE, HERE, Walk()) is walking_legs(None, HERE, HERE, Walk())


def test_another_place_radius_or_way_of_walking_is_walked_anew() -> None:
    walked = walking_legs(None, HERE, HERE, Walk())
    moved = points(["a", "b"], [-1.90, -1.92], [52.48, 52.48])
    assert walking_legs(None, HERE, moved, Walk()).seconds.tolist() != walked.seconds.tolist()
    assert walking_legs(None, HERE, HERE._replace(radius_m=200.0), Walk()).seconds.sum() < walked.seconds.sum()
    assert walking_legs(None, HERE, HERE, Walk(speed_kmh=4.0)).seconds.sum() > walked.seconds.sum()


def test_what_a_result_is_made_from_is_told_apart_by_identity_not_by_looks() -> None:
    recent: Recent[int] = Recent(4)
    one, other = np.zeros(1), np.zeros(1)
    assert recent.get("key", (one,), lambda: 1) == 1
    assert recent.get("key", (other,), lambda: 2) == 2
    assert recent.get("key", (one,), lambda: 3) == 1


def test_only_the_last_few_are_kept() -> None:
    recent: Recent[int] = Recent(2)
    for number in range(3):
        recent.get(number, (), lambda number=number: number)
    assert recent.get(0, (), lambda: 10) == 10
    assert recent.get(2, (), lambda: 20) == 2
