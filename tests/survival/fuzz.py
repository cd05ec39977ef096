"""Feeds the readers with damaged input by the ten thousand: only user errors may come out, within time and memory.

`python -m tests.survival.fuzz [--count 25000] [--seed 1] [--only NAME]`: that many inputs for each reader. Prints how many were
read and how many refused; stops at the first that did anything else, cut down by hypothesis to what matters.
"""

import argparse
import datetime as dt
import re
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from accessibility.errors import AccessibilityError
from accessibility.feed import read_feed
from accessibility.timetable.timetable import build_timetable
from corridors.config.run_config import load_config
from corridors.errors import CorridorsError
from corridors.matrix.travel_matrix import read_points
from layers.errors import LayersError
from layers.tables.read import read_pairs, read_table
from tests.support.feeds import TUESDAY, feed_text, trip, write_folder, write_zip
from tests.support.small_region import CONFIG

USER_ERRORS = (AccessibilityError, CorridorsError, LayersError)
LONGEST_S = 20  # for one input
MOST_BYTES = 6 * 2**30  # of address space, for all of them

# What spreadsheets, exports and enemies put into a cell.
ODD = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1e9",
        "1e400",
        "nan",
        "inf",
        "NA",
        "null",
        "2147483648",
        "99999999999999999999",
        "0x10",
        "1_000",
    ),
    *("24:00:00", "999:59:59", "-01:00:00", "7:5", "12:60:00", "20260230", "20260324", "00000000", "99999999"),
    *('"', '""', "'", ",", ";", "\t", "\n", "\r\n", "\x00", "\x1a", "\x85", "\u2028", "\ufeff", "é", "٣", "𝟛", "=1+1"),
    *("A", "T1", "R1", "WK", "90", "-90", "180", "181", "1,234", "1.234,5", "x" * 5000),
)
BYTES = (
    *(b"\x00", b"\xff", b"\xff\xfe", b"\x80", b"\xef\xbb\xbf", b"PK\x03\x04", b"PK\x05\x06"),
    *(b'"', b",", b"\n", b"\r", b"[", b"{"),
)

Edit = tuple[str, float, float, object]


@dataclass
class Seen:
    """What became of the inputs of one reader."""

    outcomes: Counter[str] = field(default_factory=Counter)
    longest_s: float = 0.0


def edits_of_bytes(at_most: int = 6) -> st.SearchStrategy[list[Edit]]:
    """A few changes somewhere in a file, whatever it holds."""
    place = st.floats(0, 1, allow_nan=False)
    what = st.sampled_from(BYTES) | st.binary(max_size=8) | st.sampled_from([word.encode() for word in ODD])
    kinds = st.sampled_from(["insert", "overwrite", "delete", "repeat", "flip", "cut"])
    return st.lists(st.tuples(kinds, place, place, what), min_size=1, max_size=at_most)


def edits_of_cells() -> st.SearchStrategy[list[Edit]]:
    """A few changes to rows and cells of a table."""
    place = st.floats(0, 1, allow_nan=False)
    what = st.sampled_from(ODD) | st.text(max_size=12)
    kinds = st.sampled_from(["set", "set", "set", "drop row", "repeat row", "drop cell", "add cell"])
    return st.lists(st.tuples(kinds, place, place, what), min_size=1, max_size=6)


def edited_bytes(content: bytes, edits: list[Edit]) -> bytes:
    """The content with the changes made one after the other."""
    for kind, at, length, what in edits:
        start = int(at * len(content))
        end = min(len(content), start + 1 + int(length * length * 200))
        assert isinstance(what, bytes)
        middle = {
            "insert": what + content[start:end],
            "overwrite": what,
            "delete": b"",
            "repeat": content[start:end] * 3,
            "flip": bytes(byte ^ (1 << int(length * 7)) for byte in content[start : start + 1])
            + content[start + 1 : end],
            "cut": b"",
        }[kind]
        content = content[:start] + middle + (b"" if kind == "cut" else content[end:])
    return content


def edited_cells(text: str, edits: list[Edit]) -> str:
    """The table with the changes made one after the other; cells are joined without quoting, as careless tools do."""
    rows = [line.split(",") for line in text.splitlines()]
    for kind, at, along, what in edits:
        if not rows:
            break
        row = min(int(at * len(rows)), len(rows) - 1)
        cell = min(int(along * len(rows[row])), max(len(rows[row]) - 1, 0))
        if kind == "set" and rows[row]:
            rows[row][cell] = str(what)
        elif kind == "drop row":
            del rows[row]
        elif kind == "repeat row":
            rows.insert(row, list(rows[row]))
        elif kind == "drop cell" and rows[row]:
            del rows[row][cell]
        elif kind == "add cell":
            rows[row].insert(cell, str(what))
    return "\n".join(",".join(cells) for cells in rows) + "\n"


# ---- the readers ----

HEADWAYS = {"trip_id": "T2", "start_time": "06:00:00", "end_time": "07:00:00", "headway_secs": 600, "exact_times": 0}
FEED = (
    feed_text(
        trip("T1", "A 08:00 | B ? | C 08:20"),
        trip("T2", "C 08:30 | B 08:40 | A 08:50"),
        trip("N", "A 25:00 | B 25:10"),
    )
    .setting("frequencies.txt", HEADWAYS)
    .setting("calendar_dates.txt", {"service_id": "WK", "date": "20260325", "exception_type": 2})
    .setting("transfers.txt", {"from_stop_id": "A", "to_stop_id": "B", "transfer_type": 2, "min_transfer_time": 60})
    .texts()
)
TABLE = 'id,name,lon,lat,weight,note\nP1,A,-1.90,52.40,1,x\nP2,B,-1.91,52.41,2.5,"y, z"\nP3,C,-1.92,52.42,,\n'
SETTINGS = CONFIG.format(date=TUESDAY.isoformat())


def read_gtfs(folder: Path, edits: tuple[str, list[Edit], list[Edit]]) -> None:
    """One table of a feed, its cells changed, perhaps its bytes too."""
    table, of_cells, of_bytes = edits
    texts: dict[str, str | bytes] = dict(FEED)
    texts[table] = edited_bytes(edited_cells(FEED[table], of_cells).encode("utf-8", "surrogatepass"), of_bytes)
    feed = read_feed(write_folder(folder / "feed", texts))
    for day in (TUESDAY, TUESDAY + dt.timedelta(days=7)):
        build_timetable(feed, day)


def read_archive(folder: Path, edits: list[Edit]) -> None:
    """The bytes of a zip changed."""
    path = write_zip(folder / "feed.zip", FEED)
    path.write_bytes(edited_bytes(path.read_bytes(), edits))
    build_timetable(read_feed(path), TUESDAY)


def read_settings(folder: Path, edits: tuple[list[Edit], list[tuple[float, str]]]) -> None:
    """A configuration, values of lines replaced, bytes changed."""
    of_bytes, of_lines = edits
    lines = SETTINGS.splitlines()
    for at, value in of_lines:
        row = min(int(at * len(lines)), len(lines) - 1)
        name, _, was = lines[row].partition("= ")
        # A number for a number gets past the check of types.
        lines[row] = (
            f"{name}= {value}"
            if value.startswith(('"', "[", "{")) or not was
            else re.sub(r"\d+", value, lines[row], count=1)
        )
    path = folder / "config.toml"
    path.write_bytes(edited_bytes("\n".join(lines).encode("utf-8", "surrogatepass"), of_bytes))
    load_config(path)


def read_csv_points(folder: Path, edits: tuple[list[Edit], list[Edit]]) -> None:
    """A table of points, read as points, as a table with a key, and as a lookup; refused when any of them refuses it."""
    of_cells, of_bytes = edits
    path = folder / "points.csv"
    path.write_bytes(edited_bytes(edited_cells(TABLE, of_cells).encode("utf-8", "surrogatepass"), of_bytes))
    refused: Exception | None = None
    for read in (
        lambda: read_points(path),
        lambda: read_table(path, key="id", numbers=["weight"]),
        lambda: read_pairs(path, "id", "lon", "weight"),
    ):
        try:
            read()
        except USER_ERRORS as error:
            refused = error
    if refused:
        raise refused


_VALUES = st.sampled_from(
    [
        "0",
        "-1",
        "1e400",
        "nan",
        "inf",
        "true",
        '""',
        '"x"',
        "[]",
        "{}",
        "[[1]]",
        "2",
        "45",
        "1.5",
        "4326",
        "2026-02-30",
        "07:00:00",
        '"25:61-1"',
        "1" * 400,
    ]
) | st.sampled_from([f'"{word}"' for word in ("/vsicurl/x", "../../x", "\\u0000", "EPSG:4326", "9" * 30)])
READERS: dict[str, tuple[Callable[[Path, object], None], st.SearchStrategy[object]]] = {
    "gtfs": (
        read_gtfs,  # type: ignore[dict-item]
        st.tuples(st.sampled_from(sorted(FEED)), edits_of_cells(), st.just([]) | st.just([]) | edits_of_bytes()),
    ),
    "archive": (read_archive, edits_of_bytes(at_most=2)),  # type: ignore[dict-item]
    "configuration": (
        read_settings,  # type: ignore[dict-item]
        st.tuples(
            st.just([]) | st.just([]) | edits_of_bytes(), st.lists(st.tuples(st.floats(0, 1), _VALUES), max_size=4)
        ),
    ),
    "points": (read_csv_points, st.tuples(edits_of_cells(), st.just([]) | edits_of_bytes())),  # type: ignore[dict-item]
}


def fuzz(name: str, count: int, first: int = 1) -> Seen:
    """`count` inputs for one reader. Raises what is neither an answer nor a user error, with the input that brought it."""
    read, inputs = READERS[name]
    seen = Seen()

    @seed(first)
    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(inputs)
    def check(edits: object) -> None:
        started = time.perf_counter()
        with tempfile.TemporaryDirectory(dir=_memory_disk()) as folder, limited():
            try:
                read(Path(folder), edits)
                seen.outcomes["read"] += 1
            except USER_ERRORS as error:
                assert str(error), "an error without a word"
                seen.outcomes["refused"] += 1
        seen.longest_s = max(seen.longest_s, time.perf_counter() - started)

    check()
    return seen


@contextmanager
def limited() -> Iterator[None]:
    """Raise `TimeoutError` when the block takes too long."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"no answer within {LONGEST_S} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _memory_disk() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def main() -> None:
    """The command line of this script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=25_000, help="inputs for each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=READERS)
    wanted = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    for name in [wanted.only] if wanted.only else READERS:
        started = time.monotonic()
        seen = fuzz(name, wanted.count, wanted.seed)
        took_s = time.monotonic() - started
        told = ", ".join(f"{n:,} {what}" for what, n in sorted(seen.outcomes.items()))
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{name:14s} {told}; {took_s:,.0f} s, the longest {seen.longest_s:.2f} s, at most {peak_mb:,.0f} MB",
            flush=True,
        )
    sys.exit(0)


if __name__ == "__main__":
    main()
