"""The page of switches: every combination is what a search of it gives, and a browser shows it without a network."""

import base64
import json
import re
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from corridors.errors import ScenarioFileError
from corridors.scenarios.answers import centre_minutes, headline_spec
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.shown.toggles import toggle_page
from corridors.scenarios.versions import minutes_of, small_base
from corridors.scenarios.worlds import Base
from tests.maps.browser import PHONE, Chromium, violations, visit, wait_until
from tests.support.scenario_text import write_scenario

EDITS = """
[[edit]]
id = "often"
kind = "headway"
line = { number = "north" }
factor = 0.5

[[edit]]
id = "gone"
kind = "withdraw"
line = { number = "south", from = "07:30", to = "08:10" }

[[edit]]
id = "<b>slower"
kind = "run_time"
line = { number = "north" }
factor = 1.2
"""
ON = "(n) => document.documentElement.dataset.combination === String(n)"


@pytest.fixture(scope="module")
def page(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toggles")
    chosen = read_scenarios([write_scenario(folder / "s.toml", EDITS)])
    file = folder / "page.html"
    file.write_text(toggle_page(base, chosen, lambda _: nullcontext()), encoding="utf-8")
    return file


def test_each_combination_is_that_of_its_edits(base: Base, page: Path, file: Path) -> None:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text(), re.DOTALL)
    assert found
    data = json.loads(found[1])
    minutes = np.frombuffer(base64.b64decode(data["minutes"]), "<u2").reshape(8, -1) / 10
    meets = np.unpackbits(
        np.frombuffer(base64.b64decode(data["meets"]), np.uint8).reshape(8, -1), axis=1, bitorder="little"
    )
    chosen = read_scenarios([write_scenario(file, EDITS)])
    small = small_base(base, chosen)
    longest = headline_spec(base.config).max_duration_s / 60
    for number in range(8):
        some = [edit for k, edit in enumerate(chosen.edits) if number >> k & 1]
        (expected,) = minutes_of(small, [small.draft(some)])
        reached = expected.needed_min < longest
        assert np.allclose(minutes[number][reached], expected.needed_min[reached], atol=0.051)
        meets_test = expected.within >= base.config.kpi.centres_at_least
        assert np.array_equal(meets[number][: len(meets_test)].astype(bool), meets_test)
    assert np.array_equal(minutes[0], np.round(10 * centre_minutes(base.config, base.searched.times).needed_min) / 10)
    assert len({minutes[n].tobytes() for n in range(8)}) == 8


def test_switches_work_by_keyboard_and_the_address_keeps_them(page: Path, browser: Chromium) -> None:
    with visit(browser, page, **PHONE) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        before = seen.text("#legend")
        seen.page.focus("#switch-1")
        seen.page.keyboard.press("Space")
        wait_until(seen.page, ON, 2)
        assert seen.text("#legend") != before
        assert "of residents meet the test" in seen.text("#headline")
        assert seen.page.evaluate("location.hash") == "#on=010"
        seen.page.click("#all")
        wait_until(seen.page, ON, 7)
        seen.page.fill("#zone", seen.page.evaluate("document.querySelector('#zones option').value"))
        seen.page.keyboard.press("Tab")
        assert "without any change" in seen.text("#card")
        assert "north" in seen.text("#switches")
        assert violations(seen.page) == []
    with visit(browser, page, "#on=101") as seen:
        wait_until(seen.page, ON, 5)


@pytest.mark.parametrize("number", [0, 7])
def test_no_edit_and_too_many_are_refused(base: Base, file: Path, number: int) -> None:
    edit = '[[edit]]\nid = "e{}"\nkind = "headway"\nline = {{ number = "north" }}\nfactor = 0.5\n'
    chosen = read_scenarios([write_scenario(file, "".join(edit.format(n) for n in range(number)))])
    with pytest.raises(ScenarioFileError, match="takes 1 to 6"):
        toggle_page(base, chosen, lambda _: nullcontext())
