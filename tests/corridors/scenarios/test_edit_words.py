"""Edits are said in words that a planner can check: what runs, from where to where, when, and which numbers are not known."""

from pathlib import Path

import pytest

from corridors.scenarios.files.kinds import KINDS
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.shown.edit_words import edits_table, numbers_table
from corridors.scenarios.worlds import Base
from tests.support.scenario_text import write_scenario

NORTH = 'line.number = "north"'
EDITS = {
    "new_line": (
        'mode = "tram"\nline = { number = "T1", operator = "Trams" }\n'
        'stops = ["A", { id = "g", name = "Green", at = [52.5, -2.0] }]\n'
        "speed_kmh = { low = 20, central = 25, high = 30 }\nlayover_min = 5\n"
        'service = [{ from = "06:00", to = "19:00", every = "6 min" }, { from = "19:00", to = "23:30", vehicles = 2 }]',
        "A new tram line T1 (Trams) runs both ways along 2 stops: Stop A, Green. It runs every 6 min from 06:00 to 19:00 and as "
        "often as 2 vehicles can from 19:00 to 23:30, at 25 (20 to 30) km/h along straight lines from stop to stop. Each round "
        "trip has a layover of 5 min.",
    ),
    "extend": (
        f'{NORTH}\nat = "F"\nstops = ["g"]\nrun_s = [300]',
        "Line north goes on from Stop F to Green, with 5 min of riding.",
    ),
    "truncate": (
        f'{NORTH}\nat = "D"\nkeep = "before"',
        "Line north ends at Stop D; the rest of its way is not served.",
    ),
    "divert": (
        f'{NORTH}\nbetween = ["B", "D"]\nvia = ["g"]\nrun_s = [60, 90]',
        "Line north runs between Stop B and Stop D by way of Green, with 2.5 min of riding.",
    ),
    "run_time": (
        'line = { number = "north", from = "06:30", to = "09:30", direction = 0 }\nfactor = 0.8\nreleased = "headway"',
        "Line north, direction 0, departures from 06:30 to before 09:30, takes 0.8 times as long on its whole way. The vehicles "
        "that this frees run the line more often.",
    ),
    "dwell": (f"{NORTH}\ndwell_s = 20", "Line north stays 20 s at each stop but its first and last."),
    "headway": (f'{NORTH}\nevery = "5 min"', "Line north runs every 5 min instead of at the times it has now."),
    "add_trips": (f'{NORTH}\ndepartures = ["07:05"]', "Line north has more departures: at 07:05."),
    "change_time": (f'{NORTH}\nlater = "-2 min"', "Line north runs 2 min earlier."),
    "withdraw": (NORTH, "Line north does not run."),
    "skip_stop": (
        f'{NORTH}\nstops = ["C"]\nsaves_s = 30',
        "Line north does not call at Stop C, and saves 30 s at each.",
    ),
    "add_stop": (
        f'{NORTH}\nstop = "g"\nbetween = ["A", "B"]\nadds_s = 40',
        "Line north calls at Green between Stop A and Stop B, which takes 40 s.",
    ),
    "open_station": (
        'lines = [{ number = "north" }]\nstop = "g"\nbetween = ["A", "B"]\nadds_s = 40',
        "Line north: trips call at Green between Stop A and Stop B, which takes 40 s.",
    ),
    "through_run": (
        'first.number = "north"\nsecond.number = "south"\nat = "F"',
        "Trips of line north that end at Stop F go on as the next trip of line south, where that leaves within 15 min.",
    ),
    "interchange": (
        'places = ["A", "B"]\nminutes = 2',
        "Changing between any two of Stop A and Stop B takes 2 min, the walk included.",
    ),
    "street_link": (
        "start = [52.5, -2.0]\nend = [52.51, -2.0]\nmetres = 1300",
        "People can walk from 52.5000, -2.0000 to 52.5100, -2.0000, 1,300 m.",
    ),
    "street_close": (
        "start = [52.5, -2.0]\nend = [52.51, -2.0]",
        "Nobody walks on streets within 10 m of the line from 52.5000, -2.0000 to 52.5100, -2.0000.",
    ),
    "land_use": (
        'use = "homes"\nat = [52.5, -2.0]\ncount = 200\npeople_per_home = 2.5',
        "200 more homes at 52.5000, -2.0000, with 2.5 people in each: 500 more residents.",
    ),
}


@pytest.fixture(scope="module")
def said(base: Base, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Kind -> what a file with one edit of each kind says of it."""
    tables = "".join(f'\n[[edit]]\nid = "{kind}"\nkind = "{kind}"\n{keys}\n' for kind, (keys, _) in EDITS.items())
    file = write_scenario(tmp_path_factory.mktemp("words") / "s.toml", tables)
    table = edits_table(read_scenarios([file]), base.feed)
    return dict(zip(table["kind"], table["what"], strict=True))


@pytest.mark.parametrize("kind", EDITS)
def test_each_kind_says_what_it_changes(said: dict[str, str], kind: str) -> None:
    assert said[kind] == EDITS[kind][1]


def test_every_kind_but_another_timetable_is_tried() -> None:
    assert set(KINDS) - set(EDITS) == {"replace_feed"}


def test_each_number_keeps_its_basis(base: Base, file: Path) -> None:
    keys = f'kind = "run_time"\nbasis = "proposed"\n{NORTH}\nfactor = {{ value = 0.8, basis = "claimed" }}'
    edit = f'\n[[edit]]\nid = "f"\n{keys}\n'
    chosen = read_scenarios([write_scenario(file, edit)])
    assert numbers_table(chosen).to_dict("records") == [
        {"edit_id": "f", "key": "factor", "value": "0.8", "basis": "claimed"}
    ]
    assert edits_table(chosen, base.feed)["basis"].tolist() == ["proposed"]
