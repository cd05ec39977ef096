"""Lines of keys, by hand-counted texts."""

from corridors.scenarios.files.toml_lines import line_at, lines_of

TEXT = '''\
top = 1
[scenario]
id = "a"  # [[edit]]
note = """
[[edit]]
id = "not one"
"""
base = { date = 2026-03-24 }

[[edit]]
id = "first"
stops = [
  "A",  # ]
  { id = "B" },
]
speed_kmh = 3
[edit.line]
number = "5"
[[edit]]
"id" = "second"
line.number = "6"
'''


def test_keys_are_found_where_they_begin() -> None:
    lines = lines_of(TEXT)
    assert lines["top",] == 1
    assert lines["scenario", "id"] == 3
    assert lines["scenario", "base"] == 8
    assert lines["edit", 0] == 10
    assert lines["edit", 0, "stops"] == 12
    assert lines["edit", 0, "speed_kmh"] == 16
    assert lines["edit", 0, "line", "number"] == 18
    assert lines["edit", 1] == 19
    assert lines["edit", 1, "id"] == 20
    assert lines["edit", 1, "line", "number"] == 21
    assert ("edit", 2) not in lines


def test_a_key_without_a_line_of_its_own_has_that_of_what_is_around_it() -> None:
    lines = lines_of(TEXT)
    assert line_at(lines, ("edit", 0, "stops", 1, "id")) == 12
    assert line_at(lines, ("edit", 1, "factor")) == 19
    assert line_at(lines, ("elsewhere",)) == 1
