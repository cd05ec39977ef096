"""A short run of the fuzzer in every test run; the long one is `python -m tests.survival.fuzz`."""

from pathlib import Path

import pytest

from tests.survival import fuzz
from tests.survival.fuzz import READERS

SHORT = 120  # inputs for each reader


@pytest.mark.parametrize("name", READERS)
def test_damaged_input_brings_an_answer_or_a_user_error(name: str) -> None:
    seen = fuzz.fuzz(name, SHORT, first=7)
    assert seen.outcomes.total() >= SHORT
    # A fuzzer whose inputs are all refused at the door, or all harmless, finds nothing.
    assert seen.outcomes["read"] and seen.outcomes["refused"]


def test_the_fuzzer_sees_a_reader_that_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(folder: Path, edits: object) -> None:
        raise KeyError("stop_id")

    monkeypatch.setitem(READERS, "points", (breaks, READERS["points"][1]))
    with pytest.raises(KeyError):
        fuzz.fuzz("points", SHORT)


def test_the_fuzzer_stops_what_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "LONGEST_S", 1)
    with pytest.raises(TimeoutError), fuzz.limited():
        while True:
            pass
