"""What the live page tells is what the command line tells of the saved file."""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from accessibility import join_points, joined_travel_times, read_feed
from corridors.access.centre_access import place_points
from corridors.errors import ScenarioFileError
from corridors.inputs.base_map import BaseMapRead
from corridors.live.answers import Answers
from corridors.live.documents import Documents
from corridors.live.journeys import journeys_of, minutes_from, minutes_to
from corridors.live.region import LiveRegion
from corridors.scenarios.answers import Worth, headline_spec
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.run import run_scenarios
from corridors.scenarios.versions import SmallBase, worths_of
from corridors.scenarios.worlds import Draft
from maps import BaseMap
from tests.corridors.live.conftest import LINE, MORE
from tests.corridors.live.sequences import main
from tests.support.small_region import MINUTES_A_TO_F

Live = tuple[Documents, Answers]


def test_random_sequences_of_edits_are_answered_as_a_search_from_nothing(tmp_path: Path) -> None:
    compared, changed = main(25, 7, tmp_path)
    assert compared == 25
    assert changed > 5


@pytest.mark.parametrize("edits", [[MORE], [MORE, LINE]], ids=["known times", "unknown times"])
def test_figures_are_those_of_scenario_run(live: Live, edits: list[dict[str, object]]) -> None:
    documents, answers = live
    document = documents.change(documents.new().ident, "Both", "", edits)
    told = answers.at_once(document)
    if told["phases"]:
        told = answers.over_timetables(document)
    results, _ = run_scenarios(answers.region.base, read_scenarios([document.path]), lambda _: nullcontext())
    headline = results.tables.kpi.iloc[0]
    assert told["people_within_base"] == headline["people_within_base"]
    assert told["people_within"] == headline["people_within"]
    places = results.tables.by_place.set_index(["place_kind", "place"])
    for row in told["places"]:
        expected = places.loc[row["kind"], row["name"]]
        assert [row[f"people_{what}"] for what in ("gaining", "losing", "entering", "leaving")] == [
            expected[f"people_{what}"] for what in ("gaining", "losing", "entering", "leaving")
        ]
    groups = results.tables.groups.set_index("group")["people_gaining"]
    assert {row["name"]: row["people_gaining"] for row in told["groups"]} == groups.to_dict()
    hours = results.tables.resources.set_index("edit_id")["vehicle_hours_change"].dropna()
    for edit in told["edits"]:
        assert edit["resources"][-1]["vehicle_hours_change"] == pytest.approx(hours[edit["id"]])


def test_a_journey_before_and_after_leaves_at_the_same_moment(live: Live) -> None:
    documents, answers = live
    document = documents.change(documents.new().ident, "More", "", [MORE])
    answers.at_once(document)
    told = journeys_of(answers.last(document), "ZA0")
    assert told["before"]["median_min"] == MINUTES_A_TO_F
    assert told["after"]["median_min"] == MINUTES_A_TO_F - 2.5  # half of the headway that is saved
    for one in (told["before"], told["after"]):
        assert [leg["line"] for leg in one["legs"] if leg["kind"] == "ride"] == ["north"]
    first = [one["legs"][0]["departs"] for one in (told["before"], told["after"])]
    assert first[0] == first[1]
    with pytest.raises(ScenarioFileError, match="no such zone"):
        journeys_of(answers.last(document), "nowhere")


def test_minutes_to_a_place_are_those_of_a_search_to_it(live: Live) -> None:
    documents, answers = live
    document = documents.change(documents.new().ident, "More", "", [LINE])
    answers.at_once(document)
    answer, base = answers.last(document), answers.region.base
    centre = base.context.centres.iloc[[0]]
    told = minutes_to(answer, float(centre["lat"].iloc[0]), float(centre["lon"].iloc[0]))
    spec = headline_spec(base.config)
    origins, place = place_points(base.context.points), place_points(centre)
    for network, name in zip(answer.networks, ("before", "after"), strict=True):
        joined = join_points([network], None, origins, place, spec)
        expected = joined_travel_times(joined, spec).percentile_s(50.0)[:, 0] / 60
        assert np.allclose(np.array(told[name], float), expected, atol=0.01, equal_nan=True)
    with pytest.raises(ScenarioFileError, match="latitude and a longitude"):
        minutes_to(answer, "52", None)


def test_minutes_from_a_place_are_those_of_a_search_from_it(live: Live) -> None:
    documents, answers = live
    document = documents.change(documents.new().ident, "More", "", [LINE, MORE])
    answers.at_once(document)
    answer, base = answers.last(document), answers.region.base
    spec, zones = headline_spec(base.config), place_points(base.context.points)
    for row in (0, 5):
        place = base.context.points.iloc[[row]]
        told = minutes_from(answer, float(place["lat"].iloc[0]), float(place["lon"].iloc[0]))
        for network, name in zip(answer.networks, ("before", "after"), strict=True):
            joined = join_points([network], None, place_points(place), zones, spec)
            expected = joined_travel_times(joined, spec).percentile_s(50.0)[0] / 60
            assert np.allclose(np.array(told[name], float), expected, atol=0.01, equal_nan=True)
    assert told["before"] != told["after"]


def test_a_range_that_nobody_wants_any_more_ends(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    documents, answers = live
    document = documents.change(documents.new().ident, "First", "", [LINE])
    searched = []

    def changed_meanwhile(small: SmallBase, drafts: list[Draft]) -> list[Worth]:
        searched.append(len(drafts))
        documents.change(document.ident, "Second", "", [MORE])
        return worths_of(small, drafts)

    monkeypatch.setattr("corridors.live.answers.worths_of", changed_meanwhile)
    with pytest.raises(ScenarioFileError, match="changed meanwhile"):
        answers.over_timetables(document)
    assert len(searched) == 1


def test_faulty_edits_are_told_and_the_last_answer_stays(live: Live) -> None:
    documents, answers = live
    document = documents.change(documents.new().ident, "Wrong", "", [{**MORE, "line": {"number": "99"}}])
    with pytest.raises(ScenarioFileError, match="99"):
        answers.at_once(document)


def test_the_timetable_to_take_along_is_the_whole_edited_one(live: Live, tmp_path: Path) -> None:
    from accessibility import write_gtfs

    documents, answers = live
    document = documents.change(documents.new().ident, "More", "", [MORE])
    answers.at_once(document)
    write_gtfs(answers.last(document).whole_feed(), tmp_path / "edited.zip")
    before, after = len(answers.region.base.feed.trips), len(read_feed([tmp_path / "edited.zip"]).trips)
    assert after > before


def test_zones_whose_names_are_codes_are_known_by_the_place_near_them(region: LiveRegion) -> None:
    context = region.base.context
    at = gpd.points_from_xy(context.points["x"][:1], context.points["y"][:1], crs=context.zones.crs)
    place = gpd.GeoDataFrame({"kind": "place", "class": "suburb", "name": ["Ham"]}, geometry=at)
    coded = replace(context, zones=context.zones.assign(name=[f"{n:03d}A" for n in range(len(context.zones))]))
    told = replace(region, base=replace(region.base, context=coded), ground=BaseMapRead(BaseMap(place, "made"))).told
    assert told["zones"]["names"][0] == "000A (near Ham)"
