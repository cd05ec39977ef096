"""`corridors scenario check`: what edits match in the small region, and inputs other than the scenario's."""

import hashlib
from pathlib import Path

import pytest

from corridors.errors import ScenarioFileError
from corridors.scenarios.files.read import ScenarioSet, read_scenarios
from corridors.scenarios.matching import described, matchings
from corridors.scenarios.worlds import Base, base_problems, require_same_base, world_of
from tests.support.cli import corridors
from tests.support.scenario_text import write_scenario
from tests.support.small_region import SmallRegion

OFTEN = """
[[edit]]
id = "often"
kind = "headway"
line = { number = "north", from = "06:30", to = "09:30" }
every = "5 min"
"""
LATER = """
[[edit]]
id = "later"
kind = "change_time"
line = { number = "south", from = "08:00", to = "08:05" }
later = "2 min"
"""


def lines_of_check(base: Base, chosen: ScenarioSet) -> list[str]:
    return [line for one in matchings(base, chosen, world_of(base, chosen)) for line in described(one)]


def test_a_halved_headway_doubles_departures_and_vehicles(base: Base, file: Path) -> None:
    lines = lines_of_check(base, read_scenarios([write_scenario(file, OFTEN)]))
    # Three hours, every 10 and every 5 min, 25 min each; 25 min under way: 3 at once, then 5.
    assert "  departures: 0 changed, 36 added, 18 withdrawn; calls: 216 added, 108 removed" in lines
    assert any("450 before, 900 after; most vehicles at once: 3 before, 5 after" in line for line in lines)
    assert any("every 5 min: 5 vehicles" in line for line in lines)
    assert (
        "  example after:  06:30:00 Stop A to 06:55:00 Stop F, 6 stops, 25.0 min, every 5 min, when within them not known"
        in lines
    )


def test_the_example_is_one_trip_before_and_after(base: Base, file: Path) -> None:
    lines = lines_of_check(base, read_scenarios([write_scenario(file, LATER)]))
    assert "  example before: 08:00:00 Stop F to 08:25:00 Stop A, 6 stops, 25.0 min" in lines
    assert "  example after:  08:02:00 Stop F to 08:27:00 Stop A, 6 stops, 25.0 min" in lines


def test_edits_that_match_nothing_are_told_with_their_lines_all_at_once(base: Base, file: Path) -> None:
    edits = OFTEN.replace("north", "nort") + LATER.replace("08:00", "04:00").replace("08:05", "04:05")
    with pytest.raises(ScenarioFileError) as error:
        world_of(base, read_scenarios([write_scenario(file, edits)]))
    first, *rest = str(error.value).splitlines()
    assert first == "2 problem(s):"
    assert "s.toml, line 9: edit 'often': the feed has no line 'nort'; near it: 'north'" in rest[0]
    assert "s.toml, line 15: edit 'later': no trip of line 'south' leaves its first stop in the times given" in rest[1]


def test_another_feed_or_date_is_refused(base: Base, small: SmallRegion, file: Path) -> None:
    digest = hashlib.sha256(small.path("feed.zip").read_bytes()).hexdigest()
    good = f'base = {{ date = 2026-03-24, feeds = {{ "feed.zip" = "sha256:{digest}" }} }}'
    require_same_base(base, read_scenarios([write_scenario(file, more=good)]))
    bad = good.replace("03-24", "03-25").replace(digest, "0" * 64)
    chosen = read_scenarios([write_scenario(file, more=bad)])
    assert base_problems(base, chosen) == [
        "s.toml: it was written for 2026-03-25; the run's timetable is of 2026-03-24",
        f"s.toml: the feed 'feed.zip' is another one: SHA-256 {digest[:12]}..., not 000000000000...",
    ]
    other = good.replace("feed.zip", "bus.zip")
    assert base_problems(base, read_scenarios([write_scenario(file, more=other)])) == [
        "s.toml: it was written for a feed 'bus.zip'; the run reads feed.zip",
        "s.toml: it was written without the feed 'feed.zip'",
    ]
    with pytest.raises(ScenarioFileError, match="add --rebase"):
        require_same_base(base, chosen)


def test_the_command_ends_with_two_where_there_is_a_problem(small: SmallRegion, file: Path) -> None:
    write_scenario(file, OFTEN, more="base = { date = 2026-03-25 }")
    words = ["scenario", "check", str(file), str(small.config)]
    refused, rebased = corridors(*words), corridors(*words, "--rebase")
    assert refused.code == 2
    assert "error: s.toml: it was written for 2026-03-25" in refused.err
    assert rebased.code == 0
    assert "1 edit(s), 1 headway service(s)" in rebased.out


def test_a_scenario_without_edits_is_said_to_model_nothing(small: SmallRegion, file: Path) -> None:
    write_scenario(file)
    assert corridors("scenario", "check", file, small.config).out == "no edit: nothing is modelled\n"
