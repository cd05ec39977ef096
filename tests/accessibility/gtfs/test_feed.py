"""Reading feeds: what is accepted, what is repaired and counted, what is refused and in which words."""

import contextlib
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.errors import FeedError, FeedFileNotFoundError
from accessibility.feed import read_feed
from accessibility.gtfs.routes import mode_of
from tests.support.feeds import (
    csv_text,
    feed_of,
    feed_text,
    read,
    repairs_of,
    route,
    service,
    spoken,
    stop,
    timetable_on,
    trip,
    write_folder,
    write_zip,
)

THREE_STOPS = feed_text(trip("T1", "A 08:00 | B 08:10 | C 08:25"))
GOOD_WORDS = ["T1: A 08:00 | B 08:10 | C 08:25"]


# Where feeds are and how they are packed.


def test_a_zip_and_a_folder_of_the_same_tables_read_the_same(tmp_path: Path) -> None:
    from_zip, from_folder = (
        read_feed(THREE_STOPS.zip(tmp_path / "x.zip")),
        read_feed(THREE_STOPS.folder(tmp_path / "x")),
    )
    assert from_zip.stops.equals(from_folder.stops)
    assert from_zip.trips.equals(from_folder.trips)
    assert all(np.array_equal(a, b) for a, b in zip(from_zip.stop_times, from_folder.stop_times, strict=True))
    assert from_zip.names == from_folder.names == ("x",)


def test_a_feed_in_a_subfolder_of_the_zip_with_macintosh_clutter_and_capital_letters_is_found(tmp_path: Path) -> None:
    path = tmp_path / "feed.zip"
    texts = {
        f"gtfs/{name.upper() if name == 'stops.txt' else name}": text for name, text in THREE_STOPS.texts().items()
    }
    write_zip(path, {**texts, "__MACOSX/gtfs/._stops.txt": b"\x00\x05", "readme.md": "hello"})
    assert list(read_feed(path).stops["stop_id"]) == ["A", "B", "C"]


def test_nothing_at_the_path_is_said_for_every_path(tmp_path: Path) -> None:
    with pytest.raises(FeedFileNotFoundError, match=r"(?s)bus\.zip: no such file.*rail\.zip: no such file"):
        read_feed([tmp_path / "bus.zip", tmp_path / "rail.zip"])


def test_no_path_at_all_is_an_error() -> None:
    with pytest.raises(FeedError, match="no timetable feed was named"):
        read_feed([])


def test_a_web_page_saved_as_a_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "feed.zip").write_text("<html>Not found</html>")
    with pytest.raises(FeedError, match=r"feed\.zip: not a zip file and not a folder; expected a GTFS feed"):
        read_feed(tmp_path / "feed.zip")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "feed.zip").touch()
    with pytest.raises(FeedError, match="not a zip file"):
        read_feed(tmp_path / "feed.zip")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_zip_is_refused(tmp_path: Path, share: float) -> None:
    whole = THREE_STOPS.zip(tmp_path / "feed.zip").read_bytes()
    (tmp_path / "feed.zip").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(FeedError, match=r"feed\.zip: the zip is truncated or damaged"):
        read_feed(tmp_path / "feed.zip")


def test_a_zip_with_flipped_bytes_is_refused(tmp_path: Path) -> None:
    many = feed_text(*(trip(f"T{i}", f"A {i // 60:02d}:{i % 60:02d} | B 26:00") for i in range(1000)))
    whole = bytearray(many.zip(tmp_path / "feed.zip").read_bytes())
    with zipfile.ZipFile(tmp_path / "feed.zip") as archive:
        entry = archive.getinfo("stop_times.txt")
    middle = entry.header_offset + 60 + entry.compress_size // 2
    whole[middle : middle + 8] = bytes(byte ^ 0xFF for byte in whole[middle : middle + 8])
    (tmp_path / "feed.zip").write_bytes(whole)
    with pytest.raises(FeedError, match=r"feed\.zip: the zip is truncated or damaged"):
        read_feed(tmp_path / "feed.zip")


@settings(max_examples=150, deadline=None)
@given(flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(1, 255)), min_size=1, max_size=6))
def test_a_zip_with_any_bytes_flipped_is_read_or_refused_but_never_a_crash(flips: list[tuple[float, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = THREE_STOPS.zip(Path(folder) / "feed.zip")
        raw = bytearray(path.read_bytes())
        for place, change in flips:
            raw[int(place * len(raw))] ^= change
        path.write_bytes(raw)
        with contextlib.suppress(FeedError):
            assert len(read_feed(path).trips) == 1


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    whole = THREE_STOPS.zip(tmp_path / "feed.zip").read_bytes()
    # The "encrypted" bit of every entry, in its local header (offset 6) and in the directory (offset 8).
    locked = _with_flag(_with_flag(bytearray(whole), b"PK\x03\x04", 6), b"PK\x01\x02", 8)
    (tmp_path / "feed.zip").write_bytes(locked)
    with pytest.raises(FeedError, match="the zip is encrypted; unlock it"):
        read_feed(tmp_path / "feed.zip")


def _with_flag(raw: bytearray, signature: bytes, place: int) -> bytearray:
    at = raw.find(signature)
    while at >= 0:
        raw[at + place] |= 1
        at = raw.find(signature, at + 4)
    return raw


def test_a_zip_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    bomb = write_zip(tmp_path / "feed.zip", {**THREE_STOPS.texts(), "shapes.txt": b"0" * 20_000_000})
    with pytest.raises(FeedError, match=r"unpacks to [\d,]+ times its size; at most 200 times is trusted"):
        read_feed(bomb)


def test_a_zip_that_says_it_holds_nine_gigabytes_is_refused(tmp_path: Path) -> None:
    path = THREE_STOPS.zip(tmp_path / "feed.zip")
    raw = bytearray(path.read_bytes())
    for declared_at in (raw.find(b"PK\x01\x02", at) for at in _directory_places(raw)):
        raw[declared_at + 24 : declared_at + 28] = (2 * 2**30).to_bytes(4, "little")  # six tables of 2 GB
    path.write_bytes(raw)
    with pytest.raises(FeedError, match=r"unpacks to 12\.0 GB; at most 8 GB are read"):
        read_feed(path)


def _directory_places(raw: bytearray) -> list[int]:
    places, at = [], raw.find(b"PK\x01\x02")
    while at >= 0:
        places.append(at)
        at = raw.find(b"PK\x01\x02", at + 4)
    return places


def test_a_zip_in_a_zip_is_refused_with_what_to_do(tmp_path: Path) -> None:
    inner = THREE_STOPS.zip(tmp_path / "inner.zip").read_bytes()
    outer = write_zip(tmp_path / "outer.zip", {"inner.zip": inner})
    with pytest.raises(FeedError, match=r"holds another zip \(inner\.zip\).*unpack the outer zip"):
        read_feed(outer)


def test_entries_without_a_name_are_passed_by(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "feed.zip", THREE_STOPS.texts())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("a1", "x")
        archive.writestr("a2", "x")
    raw = path.read_bytes()
    # The same entries with a name of no letters: its length, in both headers of each, is 2 bytes of 0.
    for name in (b"a1", b"a2"):
        raw = raw.replace(
            b"\x02\x00\x00\x00" + name + b"x", b"\x00\x00\x02\x00" + name + b"x"
        )  # the name as extra bytes
        at = raw.rindex(name)
        raw = raw[: at - 18] + b"\x00\x00\x02\x00" + raw[at - 14 :]
    path.write_bytes(raw)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist()[-2:] == ["", ""]
    assert list(read_feed(path).stops["stop_id"]) == ["A", "B", "C"]


def test_a_zip_with_two_feeds_is_refused_naming_both(tmp_path: Path) -> None:
    texts = THREE_STOPS.texts()
    both = {f"{place}/{name}": text for place in ("east", "west") for name, text in texts.items()}
    with pytest.raises(FeedError, match=r"holds 2 feeds \(east, west\)"):
        read_feed(write_zip(tmp_path / "feed.zip", both))


def test_a_folder_that_is_no_feed_is_refused_saying_what_it_holds(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match=r"no stops\.txt in it; expected the tables of a GTFS feed, found photo\.jpg"):
        read_feed(write_folder(tmp_path / "folder", {"photo.jpg": b"x"}))


def test_nothing_is_written_beside_the_feed(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "feed.zip", {**THREE_STOPS.texts(), "../escaped.txt": "x", "/absolute.txt": "y"})
    read_feed(path)
    assert list(tmp_path.iterdir()) == [path]


# Tables and columns.


@pytest.mark.parametrize("table", ["routes.txt", "trips.txt", "stop_times.txt"])
def test_a_missing_table_is_named(table: str) -> None:
    with pytest.raises(FeedError, match=f"not a complete GTFS feed: {table} is missing"):
        read(THREE_STOPS.without(table))


def test_every_missing_table_and_column_is_named_at_once() -> None:
    broken = THREE_STOPS.without("routes.txt").without_column("trips.txt", "service_id").without("calendar.txt")
    with pytest.raises(FeedError) as caught:
        read(broken.without_column("stop_times.txt", "stop_sequence"))
    message = str(caught.value)
    assert "routes.txt is missing" in message
    assert "trips.txt has no column service_id (its columns: route_id, trip_id)" in message
    assert "stop_times.txt has no column stop_sequence" in message
    assert "calendar.txt and calendar_dates.txt are both missing; one is needed" in message


def test_the_problems_of_all_feeds_are_named_at_once(tmp_path: Path) -> None:
    one = THREE_STOPS.without("routes.txt").zip(tmp_path / "one.zip")
    two = THREE_STOPS.without("trips.txt").zip(tmp_path / "two.zip")
    with pytest.raises(FeedError, match=r"(?s)one\.zip.*routes\.txt is missing.*two\.zip.*trips\.txt is missing"):
        read_feed([two, one])


@pytest.mark.parametrize("table", ["stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "calendar.txt"])
def test_a_table_with_a_header_only_is_refused(tmp_path: Path, table: str) -> None:
    texts = THREE_STOPS.texts()
    header_only = {**texts, table: texts[table].splitlines()[0] + "\n"}
    with pytest.raises(FeedError, match=f"no usable row in .*{table}"):
        read_feed(write_folder(tmp_path / "feed", header_only))


@pytest.mark.parametrize("table", ["stops.txt", "stop_times.txt"])
def test_a_table_of_no_bytes_is_refused(tmp_path: Path, table: str) -> None:
    with pytest.raises(FeedError, match=f"{table} is empty"):
        read_feed(write_folder(tmp_path / "feed", {**THREE_STOPS.texts(), table: ""}))


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    texts = THREE_STOPS.texts()
    texts["stops.txt"] = texts["stops.txt"].replace("stop_name", "stop_lat", 1)
    with pytest.raises(FeedError, match=r"stops\.txt has the column stop_lat 2 times"):
        read_feed(write_folder(tmp_path / "feed", texts))


def test_either_calendar_table_is_enough() -> None:
    dates_only = THREE_STOPS.without("calendar.txt").adding(
        "calendar_dates.txt", {"service_id": "WK", "date": "20260324", "exception_type": "1"}
    )
    assert spoken(timetable_on(THREE_STOPS)) == spoken(timetable_on(dates_only)) == GOOD_WORDS


# Text.


DAMAGES: dict[str, Callable[[str], str | bytes]] = {
    "byte-order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "padded": lambda text: "\n".join(
        " , ".join(f" {value}\t" for value in line.split(",")) for line in text.splitlines()
    ),
    "quoted": lambda text: "\n".join(",".join(f'"{value}"' for value in line.split(",")) for line in text.splitlines()),
    "mixed line ends": lambda text: "".join(
        line + ("\r\n" if i % 2 else "\n") for i, line in enumerate(text.splitlines())
    ),
    "no final line end": lambda text: text.rstrip("\n"),
    "blank lines": lambda text: "\n" + "\n\n".join(text.splitlines()) + "\n\n",
    "trailing commas": lambda text: "\n".join(line + "," for line in text.splitlines()),
}


@pytest.mark.parametrize("change", DAMAGES)
def test_odd_but_readable_text_gives_the_same_timetable(tmp_path: Path, change: str) -> None:
    texts = {name: DAMAGES[change](text) for name, text in THREE_STOPS.texts().items()}
    feed = read_feed(write_folder(tmp_path / "feed", texts))
    good = read(THREE_STOPS)
    assert feed.stops.equals(good.stops)
    assert feed.routes.equals(good.routes)
    assert feed.trips.equals(good.trips)
    assert all(np.array_equal(a, b) for a, b in zip(feed.stop_times, good.stop_times, strict=True))


def test_letters_that_fall_across_the_pieces_of_a_large_table_stay_utf8(tmp_path: Path) -> None:
    # One row too long sends the table to the careful reader, which looks at it four megabytes at a time.
    rows = [f"X{number:06d},{'é' * 40},52.4,-1.9" for number in range(50_000)]
    text = "\n".join([THREE_STOPS.texts()["stops.txt"] + "too,long,a,row,!", *rows, ""])
    assert text.encode()[2**22 :].decode(errors="replace").startswith("\ufffd")  # the cut goes through a letter
    feed = read_feed(write_zip(tmp_path / "feed.zip", {**THREE_STOPS.texts(), "stops.txt": text}))
    assert set(repairs_of(feed)) == {"ragged_rows"}
    assert set(feed.stops["name"].iloc[3:]) == {"é" * 40}


def test_text_that_is_not_utf8_is_read_as_windows_text_and_counted(tmp_path: Path) -> None:
    texts: dict[str, str | bytes] = dict(THREE_STOPS.texts())
    texts["stops.txt"] = THREE_STOPS.texts()["stops.txt"].replace("Stop A", "Café A").encode("cp1252")
    feed = read_feed(write_folder(tmp_path / "feed", texts))
    assert feed.stops["name"][0] == "Café A"
    assert repairs_of(feed)["text_not_utf8"].sample == ("stops.txt",)


def test_two_byte_text_with_a_broken_letter_is_read_and_counted(tmp_path: Path) -> None:
    texts: dict[str, str | bytes] = dict(THREE_STOPS.texts())
    two_bytes = THREE_STOPS.texts()["stops.txt"].replace("Stop A", "Stop \ufffe").encode("utf-16")
    texts["stops.txt"] = two_bytes.replace("\ufffe".encode("utf-16-le"), b"\x00\xd8")  # half a letter
    feed = read_feed(write_folder(tmp_path / "feed", texts))
    assert list(feed.stops["name"])[1:] == ["Stop B", "Stop C"]
    assert repairs_of(feed)["text_damaged"].count == 1


def test_commas_and_line_ends_in_quoted_names_are_kept() -> None:
    text = THREE_STOPS.setting("stops.txt", *(stop(name, 52.4, -1.9, stop_name='Upper,\n"Lower"') for name in "ABC"))
    assert list(read(text).stops["name"]) == ['Upper,\n"Lower"'] * 3


def test_rows_with_too_many_values_are_left_out_and_counted(tmp_path: Path) -> None:
    texts = THREE_STOPS.texts()
    texts["stops.txt"] += "D,Stop D,52.4,-1.9,what,is,this\nE,Stop E,52.4,-1.9,,,\n"
    feed = read_feed(write_folder(tmp_path / "feed", texts))
    assert repairs_of(feed)["ragged_rows"].count == 1
    assert "1 rows of stops.txt with more values" in repairs_of(feed)["ragged_rows"].effect
    assert list(feed.stops["stop_id"]) == ["A", "B", "C", "E"]  # cells too many are nothing where they are blank


def test_rows_of_the_wrong_length_in_another_encoding_are_counted_too(tmp_path: Path) -> None:
    texts: dict[str, str | bytes] = dict(THREE_STOPS.texts())
    texts["stops.txt"] = (THREE_STOPS.texts()["stops.txt"] + "D,Café,1,2,3\nE,Café\n").encode("cp1252")
    feed = read_feed(write_folder(tmp_path / "feed", texts))
    assert repairs_of(feed)["ragged_rows"].sample == ("D,Café,1,2,3",)
    assert repairs_of(feed)["rows_ended_early"].sample == ("E,Café",)


@pytest.mark.parametrize("odd", ["007", "NA", "1e5", "null", "nan", "Straße 1", "-1", "0"])
def test_ids_are_text_whatever_they_look_like(odd: str) -> None:
    text = feed_text(
        trip(odd, "A 08:00 | B 08:10", route=odd, service=odd),
        stops=[stop("A", 52.4, -1.9, parent_station=odd), stop(odd, 52.4, -1.9, location_type=1)],
    )
    feed = read(text)
    assert list(feed.trips[["trip_id", "route_id", "service_id"]].iloc[0]) == [odd] * 3
    assert feed.stops.set_index("stop_id")["station"]["A"] == odd
    assert feed.repairs == ()


# Stops.


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("0", "0"), ("", ""), ("52.4", ""), ("91", "0.1"), ("52", "181"), ("north", "-1.9"), ("nan", "-1.9")],
)
def test_trips_run_through_a_stop_without_a_place_and_the_stop_is_counted(lat: str, lon: str) -> None:
    feed = feed_of(trip("T1", "A 08:00 | B 08:10 | C 08:25"), stops=[stop("B", lat, lon)])
    assert list(feed.stops["stop_id"]) == ["A", "C"]
    assert list(feed.stop_times.arrival_s) == [8 * 3600, 8 * 3600 + 1500]
    assert repairs_of(feed)["stops_without_place"].sample == ("B",)
    assert (repairs_of(feed)["stop_times_at_stops_without_place"].count, len(feed.repairs)) == (1, 2)


def test_a_trip_is_cut_short_where_its_last_stops_have_no_place() -> None:
    nowhere = [stop("C", "", ""), stop("D", "0", "0")]
    feed = feed_of(trip("T1", "A 08:00 | B 08:10 | C ? | D 08:30"), stops=nowhere)
    assert list(feed.stop_times.arrival_s) == [28_800, 29_400]
    assert repairs_of(feed)["stop_times_at_stops_without_place"].count == 2


def test_the_time_at_a_stop_without_a_place_still_shapes_the_times_around_it() -> None:
    # X is nowhere. Halfway (evenly) between 08:00 and 08:10 at X lies 08:05; without X's time it would be 08:10.
    feed = feed_of(trip("T1", "A 08:00 | B ? | X 08:10 | C 08:20"), stops=[stop("X", "", "")])
    assert list(feed.stop_times.arrival_s) == [28_800, 29_100, 30_000]


def test_a_stop_id_that_stands_twice_is_kept_once_whatever_the_order_of_rows() -> None:
    rows = [stop("B", 52.41, -1.9), stop("B", 52.99, -1.9)]
    one, other = (feed_of(trip("T1", "A 08:00 | B 08:10"), stops=order) for order in (rows, rows[::-1]))
    assert one.stops.equals(other.stops)
    assert list(one.stops["stop_id"]) == ["A", "B"]
    assert repairs_of(one)["stop_id_repeated"].count == 1


def test_a_station_called_at_as_a_stop_is_kept_and_counted() -> None:
    feed = feed_of(trip("T1", "A 08:00 | S 08:10"), stops=[stop("S", 52.5, -1.9, location_type=1)])
    assert list(feed.stops["stop_id"]) == ["A", "S"]
    assert repairs_of(feed)["station_used_as_stop"].count == 1


def test_a_parent_station_that_is_not_there_is_forgotten_and_counted() -> None:
    feed = feed_of(trip("T1", "A 08:00 | B 08:10"), stops=[stop("B", 52.5, -1.9, parent_station="GONE")])
    assert list(feed.stops["station"]) == ["", ""]
    assert repairs_of(feed)["unknown_parent_station"].sample == ("GONE",)


def test_wheelchair_boarding_keeps_unknown_apart_and_is_inherited_from_the_station() -> None:
    feed = feed_of(
        trip("T1", "A 08:00 | B 08:10 | C 08:20 | D 08:30", wheelchair_accessible="1"),
        trip("T2", "A 09:00 | B 09:10", wheelchair_accessible="2"),
        trip("T3", "A 10:00 | B 10:10"),
        stops=[
            stop("A", 52.40, -1.9, wheelchair_boarding="1"),
            stop("B", 52.41, -1.9, wheelchair_boarding="0", parent_station="S"),
            stop("C", 52.42, -1.9, wheelchair_boarding="2", parent_station="S"),
            stop("D", 52.43, -1.9),
            stop("S", 52.41, -1.9, wheelchair_boarding="1", location_type=1),
        ],
    )
    assert dict(zip(feed.stops["stop_id"], feed.stops["wheelchair"], strict=True)) == {
        "A": 1,
        "B": 1,
        "C": 2,
        "D": 0,
        "S": 1,
    }
    assert list(feed.trips["wheelchair"]) == [1, 2, 0]


# Routes.


@pytest.mark.parametrize(
    ("route_type", "mode"),
    [
        ("0", "tram"), ("1", "metro"), ("2", "rail"), ("3", "bus"), ("4", "ferry"), ("5", "tram"), ("6", "aerial"),
        ("7", "funicular"), ("11", "bus"), ("12", "rail"), ("100", "rail"), ("109", "rail"), ("117", "rail"),
        ("200", "coach"), ("209", "coach"), ("400", "metro"), ("401", "metro"), ("404", "metro"), ("700", "bus"),
        ("702", "bus"), ("714", "bus"), ("800", "bus"), ("900", "tram"), ("906", "tram"), ("1000", "ferry"),
        ("1200", "ferry"), ("1300", "aerial"), ("1400", "funicular"), ("1501", "taxi"),
        ("8", "other"), ("9999", "other"), ("", "other"), ("bus", "other"), ("-3", "other"), ("3.0", "other"),
    ],
)  # fmt: skip
def test_basic_and_extended_route_types_have_modes(route_type: str, mode: str) -> None:
    assert mode_of(route_type) == mode


def test_a_route_type_nobody_knows_is_counted() -> None:
    feed = feed_of(trip("T1", "A 08:00 | B 08:10"), routes=[route("R1", 77)])
    assert list(feed.routes["mode"]) == ["other"]
    assert repairs_of(feed)["unknown_route_type"].sample == ("R1",)


def test_routes_carry_the_name_of_their_agency() -> None:
    text = feed_text(
        trip("T1", "A 08:00 | B 08:10", route="X"),
        routes=[route("X", agency_id="AG"), route("Y", agency_id="??"), route("Z")],
    )
    assert list(read(text).routes["agency"]) == ["The Agency", "??", "The Agency"]
    assert list(read(text.without("agency.txt")).routes["agency"]) == ["AG", "??", ""]
    assert list(read(text.without_column("agency.txt", "agency_name")).routes["agency"]) == ["AG", "??", "AG"]


# Stop times.


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        ("7:05:00", 25_500),
        ("07:05", 25_500),
        ("07:05:00", 25_500),
        ("24:10:00", 87_000),
        ("48:00:01", 172_801),
        ("0:00:00", 0),
    ],
)
def test_clock_times_may_be_short_and_may_pass_midnight(time: str, seconds: int) -> None:
    feed = feed_of(trip("T1", f"A {time} | B 99:00"))
    assert feed.stop_times.departure_s[0] == seconds


@pytest.mark.parametrize("time", ["24:60:00", "noon", "12:00:61", "8h10", "-01:00:00", "1:2:3:4", "12"])
def test_a_time_that_is_none_is_taken_as_blank_and_counted(time: str) -> None:
    text = feed_text(trip("T1", "A 08:00 | B ? | C 08:20"))
    rows = [dict(row) for row in text.tables["stop_times.txt"]]
    rows[1]["arrival_time"] = rows[1]["departure_time"] = time
    feed = read(text.setting("stop_times.txt", *rows))
    assert list(feed.stop_times.arrival_s) == [28_800, 29_400, 30_000]
    repair = repairs_of(feed)["unreadable_times"]
    assert (repair.count, repair.total, repair.sample) == (2, 6, (time,))


def test_blank_times_are_filled_by_distance_and_cut_to_whole_seconds() -> None:
    # 1, 2 and 4 steps of distance between 08:00:00 and 08:10:00: 600 / 7 = 85.7 s a step.
    places = [stop(name, 52.4 + step * 0.001, -1.9) for name, step in zip("ABCD", (0, 1, 3, 7), strict=True)]
    feed = feed_of(trip("T1", "A 08:00 | B ? | C ? | D 08:10"), stops=places)
    assert list(feed.stop_times.arrival_s) == [28_800, 28_800 + 85, 28_800 + 257, 29_400]
    assert list(feed.stop_times.departure_s) == list(feed.stop_times.arrival_s)
    repair = repairs_of(feed)["blank_times_interpolated"]
    assert (repair.count, repair.total, repair.sample) == (2, 4, ("T1",))


def test_a_whole_second_is_not_lost_to_float_noise() -> None:
    places = [stop(f"S{i:02d}", 52.4 + i * 0.001, -1.9) for i in range(31)]
    calls = " | ".join(f"S{i:02d} {'08:00' if i == 0 else '08:30' if i == 30 else '?'}" for i in range(31))
    feed = feed_of(trip("T1", calls), stops=places)
    assert list(feed.stop_times.arrival_s) == [28_800 + 60 * i for i in range(31)]


def test_blank_times_start_from_the_departure_before_and_end_at_the_arrival_after() -> None:
    feed = feed_of(trip("T1", "A 08:00-08:02 | B ? | C 08:12-08:20 | D 08:30"))
    assert feed.stop_times.arrival_s[1] == 8 * 3600 + 7 * 60


def test_blank_times_between_stops_in_one_place_are_even() -> None:
    feed = feed_of(trip("T1", "A 08:00 | B ? | C ? | D 08:30"), stops=[stop(name, 52.4, -1.9) for name in "ABCD"])
    assert list(feed.stop_times.arrival_s) == [28_800, 29_400, 30_000, 30_600]


def test_an_arrival_without_a_departure_stands_for_both_and_the_other_way_round() -> None:
    feed = feed_of(trip("T1", "A -08:00 | B 08:10- | C -08:20 | D 08:30-"))
    assert list(feed.stop_times.arrival_s) == list(feed.stop_times.departure_s) == [28_800, 29_400, 30_000, 30_600]
    assert repairs_of(feed)["half_given_times"].count == 4


@pytest.mark.parametrize("calls", ["A ? | B 08:10 | C 08:20", "A 08:00 | B 08:10 | C ?", "A ? | B ? | C ?"])
def test_a_trip_without_its_first_or_last_time_is_dropped_and_counted(calls: str) -> None:
    feed = feed_of(trip("BAD", calls), trip("GOOD", "A 08:00 | B 08:10"))
    assert list(feed.trips["trip_id"]) == ["GOOD"]
    repair = repairs_of(feed)["first_or_last_time_missing"]
    assert (repair.count, repair.total, repair.sample) == (1, 2, ("BAD",))


@pytest.mark.parametrize(
    "calls", ["A 08:00 | B 07:59 | C 08:20", "A 08:00-08:30 | B 08:29 | C 08:40", "A 08:00 | B 08:15-08:14 | C 08:20",
              "A 23:50 | B 00:05"],
)  # fmt: skip
def test_a_trip_that_runs_backwards_in_time_is_dropped_and_counted(calls: str) -> None:
    feed = feed_of(trip("BAD", calls), trip("GOOD", "A 08:00 | B 08:10"))
    assert list(feed.trips["trip_id"]) == ["GOOD"]
    assert repairs_of(feed)["times_run_backwards"].sample == ("BAD",)


def test_trips_with_one_stop_or_none_are_dropped_and_counted() -> None:
    text = feed_text(trip("ONE", "A 08:00"), trip("GOOD", "A 08:00 | B 08:10")).adding(
        "trips.txt", {"route_id": "R1", "service_id": "WK", "trip_id": "NONE"}
    )
    feed = read(text)
    assert list(feed.trips["trip_id"]) == ["GOOD"]
    assert repairs_of(feed)["trips_of_fewer_than_two_stops"].sample == ("NONE", "ONE")


def test_dangling_ids_are_dropped_and_counted_each_under_its_own_name() -> None:
    text = feed_text(trip("T1", "A 08:00 | B 08:10 | C 08:25"), trip("LOST", "A 09:00 | B 09:10", route="GONE"))
    rows = [row for row in text.tables["routes.txt"] if row["route_id"] != "GONE"]
    places = [row for row in text.tables["stops.txt"] if row["stop_id"] != "B"]
    unknown = {
        "trip_id": "T9",
        "stop_id": "A",
        "arrival_time": "1:00:00",
        "departure_time": "1:00:00",
        "stop_sequence": 1,
    }
    feed = read(text.setting("routes.txt", *rows).setting("stops.txt", *places).adding("stop_times.txt", unknown))
    found = {code: (repair.count, repair.sample) for code, repair in repairs_of(feed).items()}
    assert found == {
        "trips_of_unknown_route": (1, ("LOST",)),
        "stop_times_of_unknown_trips": (3, ("LOST", "T9")),
        "stop_times_at_unknown_stops": (2, ("B",)),
    }
    assert list(feed.stop_times.arrival_s) == [28_800, 30_300]


def test_trips_of_a_service_without_days_are_counted() -> None:
    feed = feed_of(
        trip("T1", "A 08:00 | B 08:10"),
        trip("T2", "A 08:00 | B 08:10", service="GHOST"),
        calendar=[service("WK", "1111100")],
    )
    assert repairs_of(feed)["trips_of_unknown_service"].sample == ("T2",)


def test_stop_sequence_orders_the_calls_however_rows_and_numbers_lie() -> None:
    shuffled = read(feed_text(trip("T1", "C 08:25 #90 | A 08:00 #0 | B 08:10 #7")))
    assert list(shuffled.stop_times.departure_s) == [28_800, 29_400, 30_300]
    assert list(shuffled.stop_times.stop) == [0, 1, 2]
    assert shuffled.repairs == ()


def test_a_repeated_stop_sequence_keeps_the_earliest_call_and_is_counted() -> None:
    feed = feed_of(trip("T1", "A 08:00 #1 | C 08:20 #2 | B 08:10 #2 | D 08:30 #3"))
    assert list(feed.stop_times.arrival_s) == [28_800, 29_400, 30_600]
    assert repairs_of(feed)["stop_sequence_repeated"].count == 1


def test_a_stop_sequence_that_is_no_number_is_dropped_and_counted() -> None:
    feed = feed_of(trip("T1", "A 08:00 | B 08:10 #two | C 08:20"))
    assert len(feed.stop_times.trip) == 2
    assert repairs_of(feed)["stop_times_without_sequence"].sample == ("T1",)
    assert len(feed_of(trip("T1", "A 08:00 | B 08:10 #1.5 | C 08:20")).stop_times.trip) == 2


def test_a_trip_id_that_stands_twice_runs_once() -> None:
    text = feed_text(trip("T1", "A 08:00 | B 08:10"), trip("T1", "A 08:00 | B 08:10"))
    feed = read(text)
    assert list(feed.trips["trip_id"]) == ["T1"]
    assert len(feed.stop_times.trip) == 2
    assert set(repairs_of(feed)) == {"trip_id_repeated", "stop_sequence_repeated"}


def test_forbidden_boarding_is_kept_and_boarding_by_arrangement_is_allowed_and_counted() -> None:
    feed = feed_of(trip("T1", "A 08:00 | B 08:10 no-board | C 08:20 pickup=2 dropoff=3 | D 08:30 no-alight | E 08:40"))
    assert list(feed.stop_times.can_board) == [True, False, True, True, True]
    assert list(feed.stop_times.can_alight) == [True, True, True, False, True]
    assert repairs_of(feed)["arranged_boarding_allowed"].count == 2


def test_a_feed_with_no_usable_trip_is_refused_with_the_reasons() -> None:
    with pytest.raises(
        FeedError, match=r"no usable row in stop_times\.txt.*1 trips without a time at their first or last"
    ):
        feed_of(trip("T1", "A ? | B 08:10"))


# Calendars, frequencies, transfers.


def test_calendar_rows_with_unreadable_or_reversed_dates_are_left_out_and_counted() -> None:
    feed = feed_of(
        trip("T1", "A 08:00 | B 08:10"),
        calendar=[
            service("WK", "1111100"),
            service("BACK", "1111111", "20261231", "20260101"),
            service("WORD", "1111111", "2026-01-01"),
            service("MONTH13", "1111111", "20261301"),
        ],
    )
    assert list(feed.calendar["service_id"]) == ["WK"]
    assert repairs_of(feed)["calendar_rows_unusable"].sample == ("BACK", "MONTH13", "WORD")


def test_a_day_both_added_and_removed_is_removed_and_counted() -> None:
    rows = [{"service_id": "WK", "date": "20260324", "exception_type": kind} for kind in ("1", "2", "1")]
    feed = read(THREE_STOPS.adding("calendar_dates.txt", *rows))
    assert list(feed.calendar_dates["added"]) == [False]
    assert repairs_of(feed)["service_added_and_removed"].count == 1


def test_frequencies_without_a_headway_an_end_or_a_trip_are_left_out_and_counted() -> None:
    def row(trip_id: str, end: str, headway: str) -> dict[str, str]:
        return {"trip_id": trip_id, "start_time": "06:00:00", "end_time": end, "headway_secs": headway}

    text = THREE_STOPS.adding(
        "frequencies.txt",
        row("T1", "07:00:00", "600"),
        row("T1", "07:00:00", "0"),
        row("T1", "", "600"),
        row("T1", "06:00:00", "600"),
        row("T9", "07:00:00", "600"),
        row("T1", "07:00:00", "often"),
    )
    feed = read(text)
    assert list(feed.frequencies.iloc[0]) == ["T1", 21_600, 25_200, 600, False]
    assert (len(feed.frequencies), repairs_of(feed)["frequencies_unusable"].count) == (1, 5)


def test_transfers_are_rules_for_all_or_for_single_trips_and_the_rest_is_counted() -> None:
    def row(start: str, end: str, kind: str, **more: str) -> dict[str, str]:
        return {"from_stop_id": start, "to_stop_id": end, "transfer_type": kind, **more}

    text = THREE_STOPS.adding(
        "transfers.txt",
        row("A", "B", "2", min_transfer_time="180"),
        row("B", "C", "3"),
        row("C", "A", ""),
        row("A", "C", "1", from_trip_id="T1"),
        row("A", "C", "0", to_route_id="R1"),
        row("A", "C", "3", to_route_id="R9"),
        row("A", "A", "4"),
        row("A", "X", "0"),
        row("", "", "4", from_trip_id="T1", to_trip_id="T1"),
    )
    feed = read(text)
    assert feed.stays.to_numpy().tolist() == [["T1", "T1", True]]
    unknown = [repair.sample for repair in feed.repairs if repair.code == "transfers_of_unknown_trips"]
    assert unknown == [("A",), ("A",)]  # of type 4 without trips, and of a route that is not there
    assert feed.transfers.to_numpy().tolist() == [["A", "B", 2, 180], ["B", "C", 3, -1], ["C", "A", 0, -1]]
    told = {repair.code: repair.count for repair in feed.repairs}
    assert told["transfers_at_unknown_stops"] == 1
    assert not {"transfers_ignored", "transfers_of_single_trips"} & set(told)  # types 0 and 1 alone change nothing


def test_services_on_demand_are_kept_apart_and_a_trip_runs_between_its_fixed_stops() -> None:
    fixed = trip("T1", "A 08:00 | B 08:10 | C 08:20")
    window = {"start_pickup_drop_off_window": "08:00:00", "end_pickup_drop_off_window": "10:00:00"}
    between = {"trip_id": "T1", "stop_sequence": "15", "location_id": "AREA", **window}
    ring = [{"trip_id": "T2", "stop_sequence": str(i), "location_group_id": f"G{i}", **window} for i in (1, 2)]
    text = feed_text(fixed, trip("T2", "A 09:00 | B 09:10"))
    calls = [{**call, "stop_sequence": f"{call['stop_sequence']}0"} for call in fixed.calls]
    feed = read(text.setting("stop_times.txt", *calls, between, *ring))
    assert feed.trips["trip_id"].tolist() == ["T1"]
    assert feed.stops["stop_id"].iloc[feed.stop_times.stop].tolist() == ["A", "B", "C"]
    told = repairs_of(feed)
    assert set(told) == {"trips_on_demand", "trips_partly_on_demand"}
    assert (told["trips_on_demand"].sample, told["trips_partly_on_demand"].sample) == (("T2",), ("T1",))


def test_areas_of_stops_which_only_fares_name_are_counted() -> None:
    text = THREE_STOPS.adding("stop_areas.txt", *({"area_id": "Z1", "stop_id": stop_id} for stop_id in "AB"))
    assert repairs_of(read(text))["stop_areas_not_used"].count == 1


# Several feeds.


def test_equal_ids_of_two_feeds_stay_apart_and_carry_the_name_of_their_feed(tmp_path: Path) -> None:
    bus = feed_text(trip("T1", "A 08:00 | B 08:10")).zip(tmp_path / "bus.zip")
    tram = feed_text(trip("T1", "A 09:00 | C 09:10", route="TRAM")).zip(tmp_path / "tram.zip")
    feed = read_feed([tram, bus])
    assert feed.names == ("bus", "tram")
    assert list(feed.stops["stop_id"]) == ["bus:A", "bus:B", "tram:A", "tram:C"]
    assert list(feed.trips["trip_id"]) == ["bus:T1", "tram:T1"]
    assert list(feed.trips["feed"]) == [0, 1]
    assert list(feed.stop_times.stop) == [0, 1, 2, 3]
    assert list(feed.calendar["service_id"]) == ["bus:WK", "tram:WK"]


def test_two_feeds_of_one_name_get_numbers(tmp_path: Path) -> None:
    paths = [THREE_STOPS.zip(_made(tmp_path / place) / "gtfs.zip") for place in ("east", "west")]
    assert read_feed(paths).names == ("gtfs-1", "gtfs-2")


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_repair_says_in_which_feed_it_was_made(tmp_path: Path) -> None:
    good = THREE_STOPS.zip(tmp_path / "good.zip")
    bad = feed_text(trip("T1", "A ? | B 08:10"), trip("T2", "A 08:00 | B 08:10")).zip(tmp_path / "bad.zip")
    assert [repair.effect.split(":")[0] for repair in read_feed([good, bad]).repairs] == ["bad"]


def test_quoted_line_ends_are_read_in_tables_larger_than_a_parsing_block(tmp_path: Path) -> None:
    rows = [row for i in range(90_000) for row in trip(f"T{i:05d}", "A 08:00 | B 08:10").calls]
    for row in rows[::7]:
        row["stop_headsign"] = "Town\nHall"  # type: ignore[index]
    text = feed_text(trip("T00000", "A 08:00 | B 08:10")).setting("stop_times.txt", *rows)
    assert len(csv_text(rows)) > 4 * 2**20
    assert len(read(text).stop_times.trip) == 2


def test_control_characters_in_ids_and_names_are_replaced_and_counted(tmp_path: Path) -> None:
    """The same id in two tables still is the same id."""
    texts = THREE_STOPS.texts()
    texts["stops.txt"] = texts["stops.txt"].replace("B,Stop B", "B\x1b,Stop \x9bB")
    texts["stop_times.txt"] = texts["stop_times.txt"].replace("T1,B", "T1,B\x1b")
    feed = read_feed(write_zip(tmp_path / "fe\x07ed.zip", texts))
    assert list(feed.stops["stop_id"]) == ["A", "B\ufffd", "C"]
    assert list(feed.stops["name"]) == ["Stop A", "Stop \ufffdB", "Stop C"]
    assert feed.names == ("fe\ufffded",)
    assert len(feed.stop_times.stop) == 3
    [counted] = [repair for repair in feed.repairs if repair.code == "control_characters"]
    assert (counted.count, counted.total) == (1 + 1 + 1, 3 + 3 + 3)  # of the values of the three columns concerned
    assert counted.sample == ("stop_times.txt: stop_id", "stops.txt: stop_id", "stops.txt: stop_name")
    assert "3 values in stops.txt, stop_times.txt hold control characters" in counted.effect


def test_of_rules_that_contradict_each_other_the_stricter_one_holds_in_whatever_order_they_stand() -> None:
    def row(start: str, end: str, kind: str, time: str = "", **more: str) -> dict[str, str]:
        return {"from_stop_id": start, "to_stop_id": end, "transfer_type": kind, "min_transfer_time": time, **more}

    rows = [
        *(row("A", "B", "2", "120"), row("A", "B", "2", "300"), row("A", "B", "0")),
        *(row("B", "C", "3"), row("B", "C", "2", "60")),
        row("C", "A", "2", "60"),
    ]
    for order in (rows, rows[::-1]):
        feed = read(THREE_STOPS.adding("transfers.txt", *order))
        assert feed.transfers.to_numpy().tolist() == [["A", "B", 2, 300], ["B", "C", 3, -1], ["C", "A", 2, 60]]
        told = repairs_of(feed)["transfers_contradictory"]
        assert (told.count, told.total, told.sample) == (3, 6, ("A", "B"))
