"""What a run says: messages on a terminal, and off it."""

import io
import os
from collections.abc import Iterator
from typing import TextIO

import pytest

from corridors.runtime.printing import wrapped

termios = pytest.importorskip("termios", reason="terminals of this kind are those of Unix")
COLUMNS = 40
PATH = "/a/folder-with-a-long-name/of-a-planner/where-the-timetable-is/feed.zip"
MESSAGE = f"corridors: {PATH}: not a zip file and not a folder; expected a GTFS feed\n  zones.file: missing"


@pytest.fixture
def terminal() -> Iterator[TextIO]:
    """A terminal of forty columns."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, COLUMNS))
    with os.fdopen(theirs, "w", encoding="utf-8") as stream:
        yield stream
    os.close(ours)


def test_a_message_on_a_terminal_breaks_between_words_and_keeps_paths_whole(terminal: TextIO) -> None:
    lines = wrapped(MESSAGE, terminal).splitlines()
    assert any(PATH in line for line in lines)
    assert all(len(line) <= COLUMNS for line in lines if PATH not in line)
    assert lines[-1] == "  zones.file: missing"
    assert " ".join("\n".join(lines).split()) == " ".join(MESSAGE.split())


def test_a_message_in_a_file_or_a_pipe_is_left_as_it_is() -> None:
    assert wrapped(MESSAGE, io.StringIO()) == MESSAGE
