"""A network prepared part by part gives the bytes of the network prepared as a whole."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accessibility.errors import ScaleError
from accessibility.feed import read_feed
from accessibility.legs import Int64, Points, points
from accessibility.scale.answering import answer_block, answer_blocks
from accessibility.scale.locality import spatial_order
from accessibility.scale.parts import Cutting, UnpreparedDay, WalkedNetwork, plan_parts, walked_network
from accessibility.scale.plan import UNPREPARED, BlockQuestion, ScenarioDay, plan_blocks
from accessibility.search.door_to_door import prepare_search, prepare_with_walks
from accessibility.search.joining import JoinedNetwork, join, join_points
from accessibility.search.percentiles import joined_travel_times
from accessibility.search.preparation import prepare
from accessibility.search.spec import SearchSpec
from accessibility.timetable.timetable import Timetable, build_timetable
from accessibility.timetable.trips import HeadwayRuns
from benchmarks.made_feed import DATE
from benchmarks.made_nation import Nation, write_nation
from tests.accessibility.scale.city import RANDOM, SPEC, asked, unprepared_worlds, worlds
from tests.accessibility.scale.test_answering import shards
from tests.support.networks import legs, line, timetable_of
from tests.support.random_networks import N_DESTINATIONS, START_S, _with_joints, case_of


def random_network(seed: int) -> WalkedNetwork:
    """Six stops that trips pass to and fro, change at, walk between and go on from as other trips."""
    case = case_of(seed, 1 + seed % 10)
    timetable, walks = _with_joints(case, seed) if seed % 2 else case
    return WalkedNetwork(timetable, walks.transfers, walks.access, walks.egress, walks.direct)


@pytest.mark.parametrize(
    "change",
    [{}, {"arrive_by": True}, {"step_s": 0}, {"max_rides": 2}, {"board_slack_s": 5}],
    ids=["departures", "deadlines", "every instant", "two rides", "slack"],
)
def test_a_part_of_a_random_network_answers_its_destinations_as_the_whole_does(change: dict[str, object]) -> None:
    spec = replace(RANDOM, **change)  # type: ignore[arg-type]
    trips_left_out = stops_left_out = 0
    for seed in range(40):
        network = random_network(seed)
        whole = joined_travel_times(join([prepare(network.timetable, network.transfers, spec)], *network[2:]), spec)
        cutting = Cutting(network, spec)
        for destination in range(N_DESTINATIONS):
            part = cutting.part(np.array([destination]))
            own = joined_travel_times(part, spec)
            for one, other in zip(own[:2], whole[:2], strict=True):
                assert np.array_equal(one[..., destination], other[..., destination]), (seed, destination)
            trips_left_out += len(network.timetable.trip_id) - len(part.networks[0].timetable.trip_id)
            stops_left_out += len(network.timetable.stops) - len(part.networks[0].timetable.stops)
    assert trips_left_out > 300 and stops_left_out > 50


def test_a_part_answers_draws_of_headways_as_the_whole_does() -> None:
    """Half of the trips may leave some seconds later; a part in which none of them is has fewer draws, all of them equal."""
    spec, left_out = replace(RANDOM, frequency_draws=3), 0
    for seed in range(0, 30, 2):
        network = random_network(seed)
        timetable = network.timetable
        trips = np.arange(0, len(timetable.trip_id), 2, dtype=np.int32)
        late_s = np.random.default_rng(seed).integers(5, 40, (2, len(trips))).astype(np.int32)
        network = network._replace(timetable=replace(timetable, headway_runs=HeadwayRuns(trips, trips, *late_s)))
        networks = prepare_with_walks(network.timetable, network.transfers, spec)
        whole, cutting = joined_travel_times(join(networks, *network[2:]), spec), Cutting(network, spec)
        for destination in range(N_DESTINATIONS):
            part = cutting.part(np.array([destination]))
            own = joined_travel_times(part, spec)
            seconds = (one.seconds_or_unreached[..., destination] for one in (own, whole))
            shares = (one.departures_within[..., destination] / one.n_departures for one in (own, whole))
            for one, other in (seconds, shares):
                assert np.array_equal(one, other), (seed, destination)
            left_out += len(timetable.trip_id) - len(part.networks[0].timetable.trip_id)
    assert left_out > 50


@pytest.mark.parametrize("n_parts", [1, 3, 50])
def test_shards_have_the_names_and_bytes_of_the_network_prepared_at_once(tmp_path: Path, n_parts: int) -> None:
    told: list[tuple[int, int]] = []
    answer_blocks(plan_blocks(tmp_path / "whole", asked(), worlds()))
    plan = plan_parts(tmp_path / "parts", asked(), unprepared_worlds(), n_parts, lambda *some: told.append(some))
    answer_blocks(plan)
    assert shards(tmp_path / "parts") == shards(tmp_path / "whole")
    n = min(n_parts, 3)  # of the three blocks of each day
    assert told == [(number + 1, n) for _ in range(3) for number in range(n)]
    assert [block.scenario_day for block in plan.blocks] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert len(plan.references) == 1 + 3 * n


def test_a_command_goes_on_in_parts_and_prepares_no_part_that_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that prepares the whole answers three blocks and ends; the next one prepares part by part."""
    answer_blocks(plan_blocks(tmp_path / "whole", asked(), worlds()))
    started = plan_blocks(tmp_path / "some", asked(), worlds())
    for number in (0, 2, 8):
        answer_block(str(started.folder), started.identity, number)
    prepared: list[int] = []
    part = Cutting.part

    def counted(cutting: Cutting, destinations: Int64) -> JoinedNetwork:
        prepared.append(int(destinations[0]))
        return part(cutting, destinations)

    monkeypatch.setattr(Cutting, "part", counted)
    plan = plan_parts(tmp_path / "some", asked(), unprepared_worlds(), 3)
    assert prepared == [64, 0, 64, 128, 0, 64]
    assert [number for number, one in enumerate(plan.references[1:]) if one == UNPREPARED] == [0, 2, 8]
    answer_blocks(plan)
    assert shards(tmp_path / "some") == shards(tmp_path / "whole")


def test_parts_refuse_the_folder_of_another_question(tmp_path: Path) -> None:
    answer_blocks(plan_parts(tmp_path, asked(), unprepared_worlds(), 2))
    with pytest.raises(ScaleError, match=r"holds 9 Parquet file\(s\) that are no answers to this question"):
        plan_parts(tmp_path, asked(replace(SPEC, max_rides=2)), unprepared_worlds(), 2)
    with pytest.raises(ScaleError, match="can't name a folder"):
        plan_parts(tmp_path, asked(), [unprepared_worlds()[0]._replace(scenario="../up")], 2)


def test_a_way_that_leaves_the_area_and_comes_back_is_in_its_part() -> None:
    """A tram leaves from stop 0 to 1, far away, where one train comes back to 2, beside 0, and another goes on to 3 and 4."""
    early, late = START_S, START_S + 1500
    timetable = timetable_of(
        5,
        [
            line((0, 0), (1, 1200), start_s=early),
            line((1, 0), (2, 900), start_s=late),
            line((1, 0), (3, 300), (4, 600), start_s=late),
        ],
    )
    same_stop = legs(5, [(stop, stop, 0) for stop in range(5)])
    network = WalkedNetwork(timetable, same_stop, legs(1, [(0, 0, 60)]), legs(1, [(0, 2, 60)]), legs(1, []))
    spec = SearchSpec(window_start_s=early - 60, window_end_s=early - 59, step_s=1, percentiles=(50.0,))
    part = Cutting(network, spec).part(np.array([0]))
    assert part.networks[0].timetable.stops["stop_id"].tolist() == timetable.stops["stop_id"].tolist()[:3]
    assert joined_travel_times(part, spec).seconds_or_unreached.ravel().tolist() == [60 + 1500 + 900 + 60]


NIGHT_S = 24 * 3600


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> tuple[Timetable, Points]:
    """The timetable of a simulated nation of four towns, with its railway, and 150 zones."""
    file = tmp_path_factory.mktemp("nation") / "nation.zip"
    write_nation(file, 0.004)
    lon, lat = Nation(0.004).zones(150)
    return build_timetable(read_feed(file), DATE), points([f"zone {number}" for number in range(150)], lon, lat)


@pytest.mark.parametrize(
    "spec",
    [
        SearchSpec(window_start_s=28_800, window_end_s=29_700, max_duration_s=2700),
        SearchSpec(window_start_s=NIGHT_S - 1800, window_end_s=NIGHT_S + 600, max_duration_s=3600, step_s=300),
        SearchSpec(window_start_s=28_800, window_end_s=29_700, modes=frozenset({"bus", "tram"}), arrive_by=True),
    ],
    ids=["in the morning", "past midnight", "without trains"],
)
def test_the_shards_of_a_nation_do_not_depend_on_parts(
    tmp_path: Path, nation: tuple[Timetable, Points], spec: SearchSpec
) -> None:
    timetable, zones = nation
    question = BlockQuestion(zones.ids, zones.ids, spec, "s", spatial_order(zones))
    joined = join_points(prepare_search(timetable, None, spec), None, zones, zones, spec)
    answer_blocks(plan_blocks(tmp_path / "whole", question, [ScenarioDay("base", DATE, joined)]))
    network = walked_network(timetable, None, zones, zones, spec)
    plan = plan_parts(tmp_path / "parts", question, [UnpreparedDay("base", DATE, network)], 3)
    smaller = [len(plan.joined(block).networks[0].timetable.trip_id) for block in plan.blocks]
    assert max(smaller) < len(joined.networks[0].timetable.trip_id)
    records = answer_blocks(plan)
    assert shards(tmp_path / "parts") == shards(tmp_path / "whole")
    assert sum(record.rows for record in records) > 1000
