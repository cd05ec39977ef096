"""The map of a scenario, in a real browser: what is gained and lost, before and after in the same classes, and the new line."""

from functools import partial

import pytest

from corridors.webmap.scenario_map import AFTER, BEFORE, render_scenario_map
from tests.corridors.scenarios.conftest import Answered
from tests.corridors.scenarios.test_answers import EXPRESS, WITHDRAWN
from tests.corridors.webmap.test_build import payload_of
from tests.maps.browser import Chromium, Open, click_zone, violations, visit

NO_EFFECT = '\n[[edit]]\nid = "none"\nkind = "interchange"\nplaces = ["A", "B"]\nminutes = 100\n'


@pytest.fixture(scope="module")
def open_scenario(browser: Chromium, answered: Answered, tmp_path_factory: pytest.TempPathFactory) -> Open:
    file = tmp_path_factory.mktemp("map") / "map.html"
    file.write_text(render_scenario_map(answered(EXPRESS + WITHDRAWN)), encoding="utf-8")
    return partial(visit, browser, file)


@pytest.mark.browser
def test_the_first_view_tells_gain_loss_and_no_change_apart_by_pattern_too(open_scenario: Open) -> None:
    with open_scenario() as seen:
        labels = [text.split(" ")[0] for text in seen.texts(".legend .class")]
        assert labels == ["Loss", "Loss", "No", "Gain", "Gain"]
        hatched = seen.page.eval_on_selector_all(
            ".legend .swatch", "found => found.map((one) => one.style.backgroundImage !== '')"
        )
        assert hatched == [True, True, False, False, False]
        assert seen.page.locator("#swipe").is_hidden()
        assert not violations(seen.page)


@pytest.mark.browser
def test_a_measure_of_the_base_is_swiped_against_the_scenario_from_the_keyboard(open_scenario: Open) -> None:
    with open_scenario("#by=centres_within_45&swipe=50") as seen:
        page = seen.page
        assert seen.texts(".pane-title") == [BEFORE, AFTER]
        page.focus("#swipe")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        assert page.get_attribute("#swipe", "aria-valuetext") == "1 % first map, 99 % second"
        assert f"Centres within 45 minutes ({AFTER})" in " ".join(seen.texts("thead th")).replace(
            "Strategic centres", "Centres"
        )


@pytest.mark.browser
def test_the_card_says_before_and_after_and_the_line_is_drawn(open_scenario: Open, answered: Answered) -> None:
    zone = answered(EXPRESS + WITHDRAWN).zones.loc["ZA0"]
    before, after = zone["minutes_to_needed_base"], zone["minutes_to_needed"]
    assert after > before + 1
    with open_scenario("#by=minutes_saved&over=none") as seen:
        click_zone(seen.page, "ZA0")
        shown = dict(zip(seen.texts("#card dt"), seen.texts("#card dd"), strict=True))
        assert shown["Minutes to the last centre needed"] == f"{before:.1f} min → {after:.1f} min"
        assert shown["Minutes saved and lost"] == f"{before - after:.0f} min"
        assert {"The journey before", "The journey after"} <= set(seen.texts("#card h3"))
    with open_scenario("#feature=scenario_lines:X1") as seen:
        assert seen.text("#card h2") == "X1"
        assert "Line of a scenario" in seen.text("#card .under")


def test_base_and_scenario_have_the_same_classes_and_stops_and_lines_are_layers(answered: Answered) -> None:
    payload = payload_of(render_scenario_map(answered(EXPRESS + WITHDRAWN)))
    found = {indicator["column"]: indicator for indicator in payload["indicators"]}
    pairs = [one for one in found.values() if one["pair"]]
    assert len(pairs) > 5
    for one in pairs:
        other = found[one["pair"]]
        assert [item["label"] for item in one["classes"]] == [item["label"] for item in other["classes"]]
    layers = {layer["id"]: layer for layer in payload["layers"]}
    assert len(layers["scenario_lines"]["shapes"]) == 2
    assert len(layers["scenario_stops"]["shapes"]) == 2
    assert layers["corridors"]["shown"] is False
    lost = {item["label"].split(":")[0]: item["count"] for item in found["change_meets_kpi"]["classes"]}
    zones = answered(EXPRESS + WITHDRAWN).zones
    assert (lost["Gained"], lost["Lost"]) == (zones["enters_test"].sum(), zones["leaves_test"].sum())


def test_a_scenario_that_changes_nothing_has_one_class_of_zones(answered: Answered) -> None:
    payload = payload_of(render_scenario_map(answered(NO_EFFECT)))
    first = payload["indicators"][0]
    assert {item["label"]: item["count"] for item in first["classes"]}["No change"] == len(payload["zones"]["ids"])
    assert "scenario_lines" not in {layer["id"] for layer in payload["layers"]}
