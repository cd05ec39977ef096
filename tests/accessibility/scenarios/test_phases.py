"""Offsets of headway services: all whole minutes of one, a Latin hypercube of several."""

from accessibility.scenarios.applying import apply
from accessibility.scenarios.change import Phase
from accessibility.scenarios.edits import Headway, NewLine, Period
from accessibility.scenarios.phases import phase_vectors, unknown_phases
from accessibility.scenarios.places import Place
from accessibility.scenarios.selection import Selection
from accessibility.timetable.headways import timetable_draws
from accessibility.timetable.timetable import build_timetable
from tests.support.feeds import TUESDAY, feed_of, feed_text, read, spoken, trip

SEVEN = 7 * 3600


def test_one_phase_is_tried_at_every_whole_minute_of_its_headway() -> None:
    assert phase_vectors([Phase("m:0", 600)], 3, 0) == [{"m:0": 60 * minute} for minute in range(10)]
    assert phase_vectors([Phase("m:0", 90)], 3, 0) == [{"m:0": 0}, {"m:0": 60}]


def test_without_a_phase_there_is_one_timetable() -> None:
    assert phase_vectors([], 16, 0) == [{}]


def test_of_several_phases_each_has_one_offset_in_every_part_of_its_headway() -> None:
    phases = [Phase("a:0", 720), Phase("a:1", 720), Phase("b:0", 480)]
    vectors = phase_vectors(phases, 16, 7)
    for phase in phases:
        parts = sorted(vector[phase.id] * 16 // phase.headway_s for vector in vectors)
        assert parts == list(range(16))
    assert vectors == phase_vectors(phases, 16, 7)
    assert vectors != phase_vectors(phases, 16, 8)


def test_the_unknown_phases_are_those_of_new_headways_in_each_direction() -> None:
    feed = feed_of(trip("T", "A 07:00 | B 07:10", direction_id=1), trip("U", "B 08:00 | A 08:10", "R2"))
    edits = [
        NewLine("m", "N", (Place("A"), Place("B")), service=(Period(0, 7200, 600),), run_s=(60,)),
        NewLine("exact", "X", (Place("A"), Place("B")), departures=(600,), run_s=(60,)),
        Headway("h", Selection("R1"), every_s=300),
    ]
    assert unknown_phases(feed, edits, date=TUESDAY) == [("m:0", 600), ("m:1", 600), ("h:1", 300)]


def test_drawn_offsets_of_the_lines_there_are_stay_when_an_edit_adds_another() -> None:
    """Random timetables of base and scenario share what is unknown in both: of each draw, the old lines run as before."""
    row = {"trip_id": "T", "start_time": "07:00:00", "end_time": "09:00:00", "headway_secs": 900, "exact_times": 0}
    feed = read(
        feed_text(trip("T", "A 07:00 | B 07:10"), trip("U", "A 08:00 | B 08:10")).adding("frequencies.txt", row)
    )
    line = NewLine("a", "N", (Place("A"), Place("B")), service=(Period(SEVEN, SEVEN + 7200, 600),), run_s=(60,))
    edited = apply(feed, [line], date=TUESDAY, scenario="before them all by id").feed
    base, scenario = (timetable_draws(build_timetable(one, TUESDAY), 5, 3, (0, 86_400)) for one in (feed, edited))
    for old, new in zip(base, scenario, strict=True):
        assert sorted(spoken(old)) == sorted(one for one in spoken(new) if not one.startswith("before"))
        assert len(spoken(new)) > len(spoken(old))
