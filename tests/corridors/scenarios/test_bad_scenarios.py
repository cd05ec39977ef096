"""Scenarios that can't be meant, in files: each ends in one clear message before anything is searched.

The engine's own list, with more kinds, is `tests/accessibility/scenarios/test_bad_edits.py`.
"""

import re
from pathlib import Path

import pytest

from corridors.errors import ScenarioFileError
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.worlds import Base, require_same_base, world_of
from tests.support.scenario_text import write_scenario

NORTH = 'line.number = "north"'


def edit(kind: str, *lines: str, ident: str = "e") -> str:
    return "\n".join(["[[edit]]", f'id = "{ident}"', f'kind = "{kind}"', *lines, ""])


def line(*lines: str, stops: str = '["A", "F"]') -> str:
    """A new line that runs all day, but for what `lines` say."""
    service = 'service = [{ from = "06:00", to = "11:00", every = "10 min" }]'
    own = [service] if not any(one.startswith(("service", "departures")) for one in lines) else []
    speed = ["speed_kmh = 30"] if not any(one.startswith(("speed", "run_s")) for one in lines) else []
    return edit("new_line", 'line.number = "N1"', f"stops = {stops}", *own, *speed, *lines)


OTHER_FEED = 'base = { feeds = { "feed.zip" = "sha256:' + "0" * 64 + '" } }'
LOOP = line("departures = ['07:00']", stops='["A", "B", "C", "A"]')
# What is wrong -> (edits, more of the head, what the message says)
BAD: dict[str, tuple[str, str, str]] = {
    "unknown line": (edit("withdraw", 'line.number = "norht"'), "", r"no line 'norht'; near it: .*'north'"),
    "ambiguous line": (
        line('line.operator = "Other"').replace("N1", "north") + edit("withdraw", NORTH, ident="f"),
        "",
        r"several operators have a line 'north': .*name the operator",
    ),
    "unknown operator": (edit("withdraw", NORTH, 'line.operator = "nobody"'), "", r"no line 'north' of 'nobody'"),
    "every line withdrawn": (
        edit("withdraw", NORTH) + edit("withdraw", 'line.number = "south"', ident="f"),
        "",
        r"after the edits no trip at all runs on 2026-03-24.*leave at least one line",
    ),
    "no trip in the window": (
        edit("withdraw", NORTH, 'line.from = "23:00"'),
        "",
        r"leaves its first stop in the times given",
    ),
    "another number of trips": (
        edit("withdraw", NORTH, "line.expect_trips = 7"),
        "",
        r"30 departures .* and 7 were expected",
    ),
    "stop in the sea": (line(stops='["A", { id = "sea", at = [53.9, -4.5] }]'), "", r"lies \d+ km from every stop"),
    "latitude and longitude exchanged": (
        line(stops='["A", { id = "x", at = [-1.9, 52.4] }]'),
        "",
        r"km from every stop",
    ),
    "stop not served": (
        line() + edit("skip_stop", 'line.number = "N1"', 'stops = ["C"]', ident="f"),
        "",
        r"calls at 'C'",
    ),
    "unknown stop": (line(stops='["A", "Q"]'), "", r"the feed has no stop 'Q'"),
    "same stop twice without visit": (
        LOOP + edit("skip_stop", 'line.number = "N1"', 'stops = ["A"]', ident="f"),
        "",
        r"calls at 'A' 2 times; say which",
    ),
    "negative hop": (
        edit("skip_stop", NORTH, 'stops = ["B"]', "saves_s = 1200"),
        "",
        r"hop from 'A' to 'C' .* would take -",
    ),
    "more saved than there is": (
        edit("run_time", NORTH, 'between = ["A", "B"]', "saved_s = 600"),
        "",
        r"takes 300 s from 'A' to 'B'",
    ),
    "headway 0": (edit("headway", NORTH, 'every = "0 min"'), "", r"edit 'e': every.*"),
    "headway longer than its period": (
        line('service = [{ from = "06:00", to = "06:05", every = "10 min" }]'),
        "",
        r"shorter than its headway",
    ),
    "overlapping services": (
        line(
            'service = [{ from = "06:00", to = "08:00", every = "10 min" }, { from = "07:00", to = "09:00", every = "10 min" }]'
        ),
        "",
        r"overlap",
    ),
    "edit of an edit in the wrong order": (
        edit("withdraw", 'line.number = "N1"', ident="first") + line(),
        "",
        r"'e', which stands later, makes it: put that one first",
    ),
    "other feed than the base's": (edit("withdraw", NORTH), OTHER_FEED, r"the feed 'feed.zip' is another one"),
    "other date than the base's": (
        edit("withdraw", NORTH),
        "base = { date = 2020-01-06 }",
        r"it was written for 2020-01-06",
    ),
    "unknown key": (edit("withdraw", NORTH, "lien = 1"), "", r"unknown key 'lien'; is 'line' meant"),
    "unknown kind": (edit("withdrow", NORTH), "", r"unknown kind 'withdrow'; is 'withdraw' meant"),
    "conflicting edits": (
        edit("withdraw", NORTH) + edit("headway", NORTH, "factor = 0.5", ident="f"),
        "",
        r"edit 'f': no trip of line 'north' runs on",
    ),
    "a line that never moves": (line(stops='["A", "A"]'), "", r"the line never moves"),
    "a run time faster than light": (line("run_s = [1]"), "", r"in 1 s, at over 300"),
    "two kinds of departures": (
        line('departures = ["07:00"]', 'service = [{ from = "06:00", to = "08:00", every = "10 min" }]'),
        "",
        r"exact times and headways are two kinds",
    ),
    "a line that is there": (
        edit(
            "new_line",
            NORTH,
            'line.operator = "The Agency"',
            'stops = ["A", "F"]',
            "run_s = [600]",
            'departures = ["07:00"]',
        ),
        "",
        r"has a line 'north' already",
    ),
    "an edit that changes nothing": (edit("run_time", NORTH, "factor = 1.0"), "", r"changes nothing"),
    "land use outside the region": (
        edit("land_use", 'use = "jobs"', "at = [50.0, -1.9]", "count = 5"),
        "",
        r"lies in no zone of the region",
    ),
    "duplicate ids": (edit("withdraw", NORTH) * 2, "", r"edit 'e': the edit in line 9 has this id"),
    "a file of 10,000 edits": (
        "".join(edit("withdraw", NORTH, ident=f"e{n}") for n in range(10_000)),
        "",
        r"it has 10,000 edits; at most 1,000 are taken",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_scenario_ends_in_one_clear_message(base: Base, file: Path, case: str) -> None:
    edits, more, words = BAD[case]
    with pytest.raises(ScenarioFileError) as error:
        chosen = read_scenarios([write_scenario(file, edits, more=more)])
        require_same_base(base, chosen)
        world_of(base, chosen)
    text = str(error.value)
    assert re.search(words, text), text
    assert "1 problem(s):" in text or len(text.splitlines()) <= 2, text


def test_the_kinds_of_bad_scenarios_are_at_least_twenty_five() -> None:
    assert len(BAD) >= 25
