"""Times read as numbers of eight bytes are those that are read by looking texts up; any other text is left to that."""

import random

import pandas as pd
import pyarrow as pa
import pytest

from accessibility.gtfs.times import NO_TIME, clock_seconds, clock_text, clocks_looked_up, plain_clocks


def column(texts: list[str]) -> pa.Array:
    return pa.array(texts, pa.string())


def test_times_and_blanks_are_those_of_their_texts() -> None:
    rng = random.Random(5)
    texts = [clock_text(rng.randrange(100 * 3600)) if rng.random() < 0.8 else "" for _ in range(2000)]
    found = plain_clocks(column(texts))
    assert found is not None and found.n_unreadable == 0
    by_hand = [
        sum(int(n) * f for n, f in zip(t.split(":"), (3600, 60, 1), strict=True)) if t else NO_TIME for t in texts
    ]
    assert found.seconds.tolist() == by_hand == clock_seconds(pd.Index(texts)).tolist()


def test_a_slice_is_read_from_where_it_begins() -> None:
    found = plain_clocks(column(["07:00:00", "", "08:00:01", "23:59:59"]).slice(1, 2))
    assert found is not None and found.seconds.tolist() == [NO_TIME, 8 * 3600 + 1]


@pytest.mark.parametrize("position", range(8))
def test_a_letter_that_no_clock_has_there_is_not_read_here(position: int) -> None:
    allowed = ":" if position in (2, 5) else "012345" if position in (3, 6) else "0123456789"
    for code in range(1, 128):
        text = "09:00:00"[:position] + chr(code) + "09:00:00"[position + 1 :]
        found = plain_clocks(column(["07:00:00", text, ""]))
        assert (found is not None) == (chr(code) in allowed), text
        if found:
            assert found.seconds[1] == clock_seconds(pd.Index([text]))[0]


@pytest.mark.parametrize("text", ["7:00:00", "07:00", "007:00:00", "٠٧:00", "\xff7:00:00", "07:00:0é", "07:00:00 "])
def test_any_other_text_is_not_read_here(text: str) -> None:
    assert plain_clocks(column(["07:00:00", text, "08:00:00"])) is None


def test_no_times_at_all_are_read_too() -> None:
    for texts in ([], ["", ""]):
        found = plain_clocks(column(texts))
        assert found is not None and found.seconds.tolist() == [NO_TIME] * len(texts)


def test_texts_looked_up_count_those_that_are_no_time() -> None:
    words = pd.Index(["", "7:00", "noon", "24:60:00"])
    found = clocks_looked_up(words, pd.array([1, 2, 0, 2, 3, 1], "int32").to_numpy())
    assert found.seconds.tolist() == [25200, NO_TIME, NO_TIME, NO_TIME, NO_TIME, 25200]
    assert (found.n_unreadable, found.unreadable) == (3, ("noon", "24:60:00"))
