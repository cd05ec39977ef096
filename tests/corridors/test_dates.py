"""Days and times in words: the same everywhere, without zeros before days, with them before hours."""

import datetime as dt

import pytest

from accessibility import day_to_type
from corridors.dates import day_words, time_words
from tests.corridors import fake_results as fake


def test_a_day_in_a_sentence_has_no_zero_and_a_day_to_type_is_as_a_configuration_writes_it() -> None:
    day = dt.date(2026, 3, 3)
    assert (day_words(day), day_to_type(day)) == ("Tuesday 3 March 2026", "Tuesday 2026-03-03")


def test_a_run_tells_its_day_in_words() -> None:
    assert fake.fake_results(date="2026-12-01").day_words == "Tuesday 1 December 2026"


@pytest.mark.parametrize(("seconds", "words"), [(0, "00:00"), (7 * 3600 + 59, "07:00"), (25 * 3600 + 1859.9, "25:30")])
def test_a_time_leaves_out_seconds_and_passes_midnight(seconds: float, words: str) -> None:
    assert time_words(seconds) == words
