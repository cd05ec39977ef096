"""Large tables are read part by part: where the text is cut changes nothing, and calls end in the order of their trips."""

import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from accessibility.feed import Feed, read_feed
from accessibility.gtfs import tables
from accessibility.threads import alone, cores, in_threads_as_they_come
from tests.support.feeds import FeedText, feed_text, stop, trip, write_folder

ODD_TIMES = ["", "8:05", "noon", "07:60:00", "25:10:00", "08:00"]
ODD_FLAGS = ["", "0", "1", "2", "3", "7", "1.0"]


def random_feed(rng: random.Random) -> FeedText:
    """A feed whose rows of stop times are odd in many ways, in the order of their trips or in none."""
    trips = [
        trip(f"{number}.0" if rng.random() < 0.1 else str(number), "A 08:00 | B 08:10 | C 08:25 | D 08:40")
        for number in range(rng.randrange(3, 30))
    ]
    text = feed_text(*trips, stops=[stop(name, 52.4 + 0.01 * place, -1.9) for place, name in enumerate("ABCD")])
    rows = [dict(row) for row in text.tables["stop_times.txt"]]
    for row in rows:
        row |= {"pickup_type": "", "drop_off_type": ""}
        if rng.random() < 0.3:
            column = rng.choice(
                ["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence", "pickup_type"]
            )
            odd = {
                "trip_id": [f"{row['trip_id']}.0", "nobody", ""],
                "stop_id": ["nowhere", "", " A ", "B\x07"],
                "stop_sequence": ["1", "2.0", "x", ""],
                "pickup_type": ODD_FLAGS,
            }
            row[column] = rng.choice(odd.get(column, ODD_TIMES))
    if rng.random() < 0.5:
        rng.shuffle(rows)
    return text.setting("stop_times.txt", *rows)


def differences(one: Feed, other: Feed) -> list[str]:
    frames = ("stops", "routes", "trips", "calendar", "transfers")
    found = [name for name in frames if not getattr(one, name).equals(getattr(other, name))]
    found += [name for name in ("repairs", "names") if getattr(one, name) != getattr(other, name)]
    for name in ("stop_times", "lost"):
        pairs = zip(getattr(one, name), getattr(other, name), strict=True)
        found += [name for a, b in pairs if a.dtype != b.dtype or a.tolist() != b.tolist()]
    return found


CUTS: dict[str, Callable[[str], str | bytes]] = {
    "plain": lambda text: text,
    "windows": lambda text: text.replace("\n", "\r\n"),
    "old macintosh": lambda text: text.replace("\n", "\r"),
    "mark and no last line end": lambda text: b"\xef\xbb\xbf" + text.rstrip("\n").encode(),
    "blank lines": lambda text: text.replace("\n", "\n\n\n"),
    "quoted": lambda text: "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines()),
    "two bytes": lambda text: text.encode("utf-16"),
    "windows letters": lambda text: text.replace("nowhere", "Café").encode("cp1252"),
}


@pytest.mark.parametrize("written", CUTS)
def test_where_the_text_is_cut_changes_nothing(written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(written)
    for number in range(3):
        texts = {name: CUTS[written](text) for name, text in random_feed(rng).texts().items()}
        folder = write_folder(tmp_path / str(number), texts)
        whole = read_feed(folder)
        for size in (40, 333):
            monkeypatch.setattr(tables, "_BLOCK_BYTES", size)
            monkeypatch.setattr(tables, "_MOST_PARSED_BYTES", 1000)  # tables read with care have several blocks
            assert differences(read_feed(folder), whole) == [], (number, size)
        monkeypatch.undo()


def test_a_cell_over_two_lines_that_is_cut_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = feed_text(
        trip("T", "A 08:00 | B 08:10"), stops=[stop(name, 52.4, -1.9, stop_name='Upper,\n"Lower"') for name in "AB"]
    )
    for size in range(20, 120, 7):
        monkeypatch.setattr(tables, "_BLOCK_BYTES", size)
        assert (
            read_feed(write_folder(tmp_path / str(size), text.texts())).stops["name"].tolist()
            == ['Upper,\n"Lower"'] * 2
        )


@pytest.mark.parametrize("size", [8, 2**23])
def test_a_table_of_which_no_column_is_wanted_is_read_in_pieces_too(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: dict[str, str | bytes] = dict(feed_text(trip("T", "A 08:00 | B 08:10")).texts())
    monkeypatch.setattr(tables, "_BLOCK_BYTES", size)
    for number, lines in enumerate((b"x,\n1,\n,\ntext,2\n2.5,", b"\x00\n\x00", b"x\n,\n")):
        folder = write_folder(tmp_path / str(number), {**texts, "agency.txt": lines})
        assert read_feed(folder).routes["agency"].tolist() == [""]


@pytest.mark.parametrize("together", [True, False])
def test_calls_stand_by_trip_and_sequence_wherever_they_stand_in_the_file(together: bool, tmp_path: Path) -> None:
    rng = random.Random(together)
    trips = [trip(f"T{number:02}", "A 08:00 | B 08:10 | C 08:25") for number in range(40)]
    text = feed_text(*rng.sample(trips, 40))
    if not together:
        rows = list(text.tables["stop_times.txt"])
        text = text.setting("stop_times.txt", *rng.sample(rows, len(rows)))
    found = read_feed(text.folder(tmp_path / "feed"))
    assert found.trips["trip_id"].tolist() == [f"T{number:02}" for number in range(40)]
    assert found.stop_times.trip.tolist() == np.repeat(np.arange(40), 3).tolist()
    assert found.stop_times.stop.tolist() == [0, 1, 2] * 40
    assert found.stop_times.arrival_s.tolist() == [28800, 29400, 30300] * 40


def test_results_come_in_order_and_few_items_wait() -> None:
    made, done, most = 0, 0, 0
    lock = threading.Lock()

    def items() -> Iterator[int]:
        nonlocal made, most
        for number in range(50):
            with lock:
                made += 1
                most = max(most, made - done)
            yield number

    def task(number: int) -> int:
        nonlocal done
        with lock:
            done += 1
        return number * number

    assert in_threads_as_they_come(task, items()) == [number * number for number in range(50)]
    assert most <= 2 * cores() + 2


@pytest.mark.parametrize("n", [0, 1, 2, 7])
def test_items_that_need_no_thread_or_fail_end_the_same(n: int) -> None:
    with alone():
        assert in_threads_as_they_come(str, range(n)) == [str(number) for number in range(n)]
    assert in_threads_as_they_come(str, range(n)) == [str(number) for number in range(n)]
    with pytest.raises(ZeroDivisionError):
        in_threads_as_they_come(lambda number: 1 // (number - n), range(n + 3))
