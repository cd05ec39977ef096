"""Why zones fail: journeys split by cause to the second, the cause found by hand, sentences that follow rules."""

import numpy as np
import pandas as pd
import pytest

from accessibility import SearchSpec
from accessibility.kernels.journey_legs import NOWHERE
from accessibility.search.itinerary import Leg
from corridors.access.causes import (
    CAUSES,
    PART_OF,
    PARTS,
    FastestRides,
    cause_sentence,
    causes_of,
    failing_causes,
    ridden_km,
    seconds_by_part,
    sentences_by_place,
    usual_minutes,
)
from corridors.access.centre_access import measure_access
from corridors.access.journeys import explain_zones, whole_minutes
from corridors.config.run_config import load_config
from corridors.inputs.read import read_context, read_network
from corridors.places.places import places_of
from corridors.scoring.scores import weighted_quantile
from tests.support.feeds import feed_text, timetable_on, trip
from tests.support.small_region import SmallRegion

JOURNEY = (
    Leg("walk", NOWHERE, 0, NOWHERE, 0, 120),
    Leg("wait", 0, 0, NOWHERE, 120, 300),
    Leg("ride", 0, 1, 0, 300, 900),
    Leg("walk", 1, 2, NOWHERE, 900, 960),
    Leg("wait", 2, 2, NOWHERE, 960, 1200),
    Leg("ride", 2, 3, 1, 1200, 1800),
    Leg("walk", 3, NOWHERE, NOWHERE, 1800, 1980),
)


def test_a_journey_is_split_by_cause_and_nothing_is_lost() -> None:
    """2 + 3 min walking at the ends, 3 min for the first bus, 10 + 10 min riding, 1 + 4 min changing."""
    assert seconds_by_part(JOURNEY) == (300, 180, 1200, 300)
    assert sum(seconds_by_part(JOURNEY)) == sum(leg.seconds for leg in JOURNEY)


def test_a_walk_all_the_way_is_walking_and_no_journey_is_nothing() -> None:
    assert seconds_by_part((Leg("walk", NOWHERE, NOWHERE, NOWHERE, 0, 500),)) == (500, 0, 0, 0)
    assert seconds_by_part(()) == (0, 0, 0, 0)


def test_a_journey_that_starts_at_a_stop_has_no_walk_before_its_wait() -> None:
    assert seconds_by_part(JOURNEY[1:3]) == (0, 180, 600, 0)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [([1.4, 1.4, 1.4], [2, 1, 1]), ([0.6, 0.6], [1, 0]), ([5.0, 0.0], [5, 0]), ([2.5, 2.5, 5.0], [3, 2, 5])],
)
def test_whole_minutes_add_up_to_the_rounded_total(parts: list[float], whole: list[int]) -> None:
    assert whole_minutes(parts) == whole
    assert sum(whole) == round(sum(parts))


def test_the_weighted_median_is_the_value_of_the_middle_resident() -> None:
    assert weighted_quantile(np.array([1.0, 2.0, 30.0]), np.array([10.0, 10.0, 100.0]), 0.5) == 30
    assert weighted_quantile(np.array([30.0, 1.0, 2.0]), np.ones(3), 0.5) == 2


def test_what_is_usual_comes_from_zones_that_meet_the_test_and_only_from_enough_of_them() -> None:
    minutes = pd.DataFrame({part: np.arange(12.0) for part in PARTS})
    people = pd.Series(1.0, index=minutes.index)
    meets = np.arange(12) < 11
    assert usual_minutes(minutes, people, meets) == dict.fromkeys(PARTS, 5.0)  # the middle of 0 to 10
    assert usual_minutes(minutes, people, meets & (np.arange(12) < 9)) == dict.fromkeys(PARTS, 0.0)


def test_riding_is_slow_where_the_fastest_service_would_mend_it_and_far_where_not() -> None:
    """Both zones ride 40 minutes, 20 more than usual, and are 15 too late: the fastest ride would take 20 or 30."""
    minutes = pd.DataFrame({"walk": [10.0] * 4, "first_wait": [10.0] * 4, "ride": [40.0] * 4, "change": [0.0] * 4})
    minutes.loc[3] = np.nan
    typical = {"walk": 10.0, "first_wait": 10.0, "ride": 20.0, "change": 0.0}
    slower_min = pd.Series([20.0, 10.0, 20.0, np.nan])
    found = causes_of(minutes, typical, np.array([False, False, True, False]), slower_min, 45)
    assert found == ["slow_service", "distance", "", "no_service"]
    assert set(found) - {"", "no_service"} <= set(CAUSES)


def test_the_fastest_ride_over_a_distance_or_further() -> None:
    """A bus takes five minutes a hop of 1.1 km; a train from A to F takes ten, so nothing over 2.2 km takes longer than that."""
    bus = trip("bus", "A 08:00|B 08:05|C 08:10|D 08:15|E 08:20|F 08:25")
    early = trip("early", "A 03:00|F 03:01", route="R3")  # runs while nobody of the window rides
    timetable = timetable_on(feed_text(bus, trip("train", "A 08:00|F 08:10", route="R2"), early))
    fastest = FastestRides.of(timetable, SearchSpec())
    assert [fastest.seconds([km]) / 60 for km in (1.0, 2.0, 3.0, 5.5)] == [5, 10, 10, 10]
    assert fastest.seconds([1.0, 3.0]) / 60 == 15
    assert fastest.seconds([]) == 0
    assert fastest.seconds([6.5]) == np.inf
    rows = {name: number for number, name in enumerate(timetable.stops["stop_id"])}
    assert ridden_km([(), (Leg("ride", rows["A"], rows["C"], 0, 0, 600),)], timetable) == [
        [],
        pytest.approx([2.2], abs=0.05),
    ]


def test_every_zone_has_an_explanation_that_agrees_with_its_columns(region: SmallRegion) -> None:
    """At 30 minutes zones at the ends of the line miss the test; minutes, excess and cause stand in their sentences."""
    region.replace("config.toml", "[sites]", "[search]\ncutoffs_min = [30]\n[kpi]\ncutoff_min = 30\n[sites]")
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    access = measure_access(config, context, network)
    found = explain_zones(access, network, context.values["population"])
    missed = 0
    for row in found.zones.itertuples():
        parts = {part: getattr(row, f"journey_{part}_min") for part in PARTS}
        assert f"takes {row.journey_min:.1f} min" in row.explanation
        assert row.journey_min == pytest.approx(sum(parts.values()))
        if not row.loses_most_by:
            assert "too long" not in row.explanation
            continue
        missed += 1
        excess = {part: parts[part] - found.typical[part] for part in PARTS}
        part = PART_OF[row.loses_most_by]
        assert excess[part] == max(excess.values())
        assert f"The journey is {row.journey_min - 30:.1f} min too long" in row.explanation
        assert f"most is lost {CAUSES[row.loses_most_by]}, {excess[part]:.0f} min more than usual" in row.explanation
    assert 0 < missed < len(found.zones)


def zones() -> pd.DataFrame:
    causes = ["", "first_wait", "first_wait", *["distance"] * 10, *[""] * 7]
    return pd.DataFrame(
        {
            "population": [1000.0, 600, 20, *[38.0] * 10, *[500.0] * 7],
            "meets_kpi": [cause == "" for cause in causes],
            "loses_most_by": causes,
            "journey_min": [30.0, 50, 60, *[70.0] * 10, *[20.0] * 7],
            "district_code": "D",
            "district_name": "District",
        },
        index=[f"Z{i}" for i in range(20)],
    )


def test_the_most_frequent_cause_is_counted_in_people_and_said() -> None:
    frame = zones()
    everywhere = places_of("corridor", pd.Series({"c": "C"}), pd.Series(frame.index, index=["c"] * 20), frame)
    table = failing_causes(frame, everywhere).set_index("cause")
    assert table["people_out_of_reach"].unique().tolist() == [1000]
    assert table.loc["first_wait", ["people", "share"]].tolist() == [620, 0.62]
    assert table.loc["first_wait", "mean_min"] == pytest.approx((600 * 50 + 20 * 60) / 620)
    assert sentences_by_place(failing_causes(frame, everywhere), "corridor") == {
        "c": "62 % of those out of reach lose most time waiting for the first service."
    }


def test_a_small_place_has_counts_and_no_shares() -> None:
    frame = zones()
    small = places_of("pilot", pd.Series({"p": "P"}), pd.Series(["Z1", "Z3"], index=["p", "p"]), frame)
    table = failing_causes(frame, small)
    assert table["people"].sum() == 638
    assert table["share"].isna().all()
    assert (table["sentence"] == "").all()


def test_a_few_zones_out_of_reach_of_many_have_no_cause_in_common() -> None:
    """Nine zones that fail the test say nothing of a place, though it has twenty."""
    frame = zones().assign(meets_kpi=[number not in range(1, 10) for number in range(20)])
    everywhere = places_of("corridor", pd.Series({"c": "C"}), pd.Series(frame.index, index=["c"] * 20), frame)
    table = failing_causes(frame, everywhere)
    assert table["share"].isna().all() and (table["sentence"] == "").all()
    assert table["people_out_of_reach"].iloc[0] == 600 + 20 + 7 * 38


def test_a_place_where_all_are_within_reach_is_left_out() -> None:
    frame = zones()
    fine = places_of("pilot", pd.Series({"p": "P"}), pd.Series(["Z15", "Z16"], index=["p", "p"]), frame)
    assert failing_causes(frame, fine).empty


def test_having_no_service_is_said_in_its_own_words() -> None:
    assert "no journey to the centre they lack" in cause_sentence(0.5, "no_service")
