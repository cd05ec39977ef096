"""`corridors scenario new`: a file that says what the timetable says, and that can be checked as it is."""

from pathlib import Path

from tests.support.cli import corridors
from tests.support.small_region import SmallRegion


def test_the_new_file_describes_the_line_and_passes_the_check(small: SmallRegion, tmp_path: Path) -> None:
    made = corridors("scenario", "new", "--line", "north", small.config)
    assert made.code == 0
    assert made.out.startswith("#:schema ./corridors.scenario.schema.json\n[scenario]\n")
    assert "# Way 1: direction not given, 30 departures, run time 25 to 25 min" in made.out
    assert "#   departures 06:00 to 11:00: 6 an hour, every 10 min" in made.out
    assert '#     25.0 min  "F"  Stop F' in made.out
    file = tmp_path / "new.toml"
    file.write_text(made.out, encoding="utf-8")
    checked = corridors("scenario", "check", file, small.config)
    assert checked.code == 0  # its digests and its number of trips are those of the timetable
    assert "29 departures" not in checked.out and "30 departures" in checked.out
    assert "departures: " in checked.out and "most vehicles at once: 3 before, 5 after" in checked.out


def test_an_unknown_line_has_near_spellings(small: SmallRegion) -> None:
    refused = corridors("scenario", "new", "--line", "nort", small.config)
    assert refused.code == 2
    assert "the feed has no line 'nort'; near it: 'north'" in refused.err
