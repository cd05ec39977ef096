"""Times read digit by digit are those that are read by looking texts up; any other text is left to that."""

import random

import numpy as np
import pyarrow as pa
import pytest

from accessibility.gtfs.times import clock_codes, clock_seconds, clock_text


def column(*chunks: list[str]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(chunk, pa.string()) for chunk in chunks], pa.string())


def test_times_and_blanks_of_many_chunks_are_those_of_their_texts() -> None:
    rng = random.Random(5)
    chunks = [
        [clock_text(rng.randrange(30 * 3600)) if rng.random() < 0.8 else "" for _ in range(rng.randrange(40))]
        for _ in range(60)
    ]
    found = clock_codes(column(*chunks))
    assert found is not None
    codes, words = found
    texts = [text for chunk in chunks for text in chunk]
    assert words[codes].tolist() == texts
    assert clock_seconds(words)[codes].tolist() == [int(s) for s in clock_seconds(pa.array(texts).to_pandas())]


def test_a_slice_is_read_from_where_it_begins() -> None:
    texts = ["07:00:00", "", "08:00:01", "23:59:59"]
    sliced = pa.chunked_array([pa.array(texts, pa.string()).slice(1, 2)])
    codes, words = clock_codes(sliced) or (np.empty(0, int), [])
    assert words[codes].tolist() == ["", "08:00:01"]


@pytest.mark.parametrize(
    "text",
    ["7:00:00", "07:00", "07:60:00", "07:00:60", "07-00-00", "0a:00:00", " 7:00:00", "007:00:00", "07:0 :00", "٠٧:00"],
)
def test_any_other_text_is_not_read_here(text: str) -> None:
    assert clock_codes(column(["07:00:00"], [text, "08:00:00"])) is None


def test_no_times_at_all_are_read_too() -> None:
    for empty in (column(), column([]), column(["", ""])):
        codes, words = clock_codes(empty) or (None, None)
        assert words is not None and words[codes].tolist() == [""] * len(empty)
