"""Cases 1 to 12: archives that are not what they should be, and text as the world writes it."""

import zipfile
from collections.abc import Callable

import pytest

from tests.support import damage
from tests.support.asking import answer, refused
from tests.support.case_table import CaseTable
from tests.support.small_region import SAMPLED_MINUTES_A_TO_F, SmallRegion


def test_a_zip_in_a_zip_is_refused_with_what_to_do(region: SmallRegion, case: CaseTable) -> None:
    damage.in_another_zip(region.path("feed.zip"))
    words = refused(region)
    assert "feed.zip: holds another zip (gtfs.zip)" in words and "unpack the outer zip" in words
    case.error(1, "zip in a zip", words)


def test_a_feed_in_a_subfolder_is_found(region: SmallRegion, case: CaseTable) -> None:
    damage.renamed(region.path("feed.zip"), lambda name: f"export/2026/{name}")
    assert answer(region).minutes == SAMPLED_MINUTES_A_TO_F
    case.as_meant(2, "feed in a subfolder", "the folder that holds stops.txt is the feed")


def test_two_feeds_in_one_zip_are_refused_naming_both(region: SmallRegion, case: CaseTable) -> None:
    with zipfile.ZipFile(region.path("feed.zip")) as archive:
        texts = {name: archive.read(name) for name in archive.namelist()}
    damage.renamed(region.path("feed.zip"), lambda name: f"bus/{name}")
    damage.with_entries(region.path("feed.zip"), {f"rail/{name}": text for name, text in texts.items()})
    words = refused(region)
    assert "holds 2 feeds (bus, rail)" in words and "name each one separately" in words
    case.error(2, "two feeds in two subfolders", words)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_truncated_zip_is_refused(region: SmallRegion, case: CaseTable, share: float) -> None:
    damage.cut_short(region.path("feed.zip"), share)
    words = refused(region)
    assert "feed.zip: the zip is truncated or damaged" in words and "fetch the feed again" in words
    case.error(3, "truncated zip", words)


def test_a_web_page_called_a_zip_is_refused(region: SmallRegion, case: CaseTable) -> None:
    region.path("feed.zip").write_text("<!doctype html><title>503</title>", encoding="utf-8")
    words = refused(region)
    assert "feed.zip: not a zip file and not a folder" in words
    case.error(3, "not a zip", words)


def test_an_encrypted_zip_is_refused(region: SmallRegion, case: CaseTable) -> None:
    damage.encrypted(region.path("feed.zip"))
    words = refused(region)
    assert "feed.zip: the zip is encrypted" in words and "without a password" in words
    case.error(4, "encrypted zip", words)


def test_a_byte_order_mark_is_no_part_of_the_first_column(region: SmallRegion, case: CaseTable) -> None:
    damage.changed_tables(region.path("feed.zip"), lambda raw: b"\xef\xbb\xbf" + raw)
    region.path("people.csv").write_bytes(b"\xef\xbb\xbf" + region.path("people.csv").read_bytes())
    assert answer(region).minutes == SAMPLED_MINUTES_A_TO_F
    case.as_meant(5, "byte-order mark", "UTF-8 marks are skipped in feeds and in tables")


def test_text_of_windows_is_read_and_counted(region: SmallRegion, case: CaseTable) -> None:
    accents = b"Stop A", "Café à".encode("cp1252")
    damage.changed_tables(region.path("feed.zip"), lambda raw: raw.replace(*accents), "stops.txt")
    found = answer(region)
    assert found.minutes == SAMPLED_MINUTES_A_TO_F
    assert "stops.txt is not UTF-8; its text was read as Windows-1252" in found.warnings["text_not_utf8"]
    case.warning(6, "latin-1 or Windows-1252 text", found.warnings["text_not_utf8"])


def test_mixed_line_ends_are_read(region: SmallRegion, case: CaseTable) -> None:
    damage.changed_tables(region.path("feed.zip"), damage.mixed_line_ends)
    assert answer(region).minutes == SAMPLED_MINUTES_A_TO_F
    case.as_meant(7, "mixed line ends", "Unix and Windows line ends may alternate")


def test_a_line_end_inside_quotes_stays_in_its_cell(region: SmallRegion, case: CaseTable) -> None:
    names = b"Stop A", b'"Stop, A\nupper level"'
    damage.changed_tables(region.path("feed.zip"), lambda raw: raw.replace(*names), "stops.txt")
    assert answer(region).minutes == SAMPLED_MINUTES_A_TO_F
    case.as_meant(7, "embedded newline", "a line end inside quotes is part of the value")


def test_ragged_rows_are_left_out_and_counted(region: SmallRegion, case: CaseTable) -> None:
    row = b"N07:00,A,07:00,07:00,1", b"N07:00,A,07:00,07:00,1,odd"
    damage.changed_tables(region.path("feed.zip"), lambda raw: raw.replace(*row), "stop_times.txt")
    found = answer(region)
    assert (
        "1 rows of stop_times.txt with more values than its header, or with quotation marks that do not pair, were left out"
        in found.warnings["ragged_rows"]
    )
    # The bus of 07:00 is lost at A: who leaves at 07:00 waits 10 minutes, and of the 120 waits 0 to 9 the 60th is now 5.
    assert found.minutes == SAMPLED_MINUTES_A_TO_F + 1
    assert answer(region, window="07:00-07:01").minutes == 35
    case.warning(8, "ragged rows", found.warnings["ragged_rows"])


def test_a_header_that_stands_twice_is_dropped_as_a_row_and_counted(region: SmallRegion, case: CaseTable) -> None:
    damage.changed_tables(region.path("feed.zip"), damage.duplicate_header, "stop_times.txt")
    found = answer(region)
    assert found.minutes == SAMPLED_MINUTES_A_TO_F
    assert "1 stop times of trips that are not in trips.txt" in found.warnings["stop_times_of_unknown_trips"]
    case.warning(9, "header line twice", found.warnings["stop_times_of_unknown_trips"])


def test_a_column_that_stands_twice_is_refused(region: SmallRegion, case: CaseTable) -> None:
    damage.changed_tables(region.path("feed.zip"), lambda raw: damage.repeated_column(raw, "stop_id"), "stop_times.txt")
    words = refused(region)
    assert "feed.zip" in words and "stop_times.txt has the column stop_id 2 times" in words
    case.error(9, "column twice", words)


@pytest.mark.parametrize("table", ["stops.txt", "trips.txt", "stop_times.txt", "routes.txt"])
def test_a_table_of_nothing_but_a_header_is_refused(region: SmallRegion, case: CaseTable, table: str) -> None:
    damage.changed_tables(region.path("feed.zip"), damage.header_only, table)
    words = refused(region)
    assert f"feed.zip: no usable row in {table}" in words
    case.error(10, f"header-only {table}", words)


@pytest.mark.parametrize("table", ["stops.txt", "stop_times.txt", "calendar.txt"])
def test_a_missing_table_is_named(region: SmallRegion, case: CaseTable, table: str) -> None:
    damage.without_table(region.path("feed.zip"), table)
    words = refused(region)
    assert "feed.zip" in words and table in words
    case.error(10, f"missing {table}", words)


def test_padded_headers_and_values_are_trimmed(region: SmallRegion, case: CaseTable) -> None:
    damage.changed_tables(region.path("feed.zip"), damage.padded)
    assert answer(region).minutes == SAMPLED_MINUTES_A_TO_F
    case.as_meant(11, "padded headers and values", "blanks round names and values are no part of them")


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("wrong-case names", str.upper),
        ("clutter of a Macintosh", str),
    ],
)
def test_clutter_and_capitals_are_seen_through(
    region: SmallRegion, case: CaseTable, what: str, change: Callable[[str], str]
) -> None:
    damage.renamed(region.path("feed.zip"), change)
    damage.with_entries(region.path("feed.zip"), {"__MACOSX/._stops.txt": b"\0\5\x16", ".DS_Store": b"\0\0\0\1"})
    assert answer(region).minutes == SAMPLED_MINUTES_A_TO_F
    case.as_meant(12, what, "table names may be in capitals; __MACOSX and hidden files are passed by")


def test_two_tables_that_differ_in_capitals_only_are_refused(region: SmallRegion, case: CaseTable) -> None:
    damage.with_entries(region.path("feed.zip"), {"STOPS.TXT": "stop_id,stop_lat,stop_lon\nX,0.1,0.1\n"})
    words = refused(region)
    assert "feed.zip" in words and "STOPS.TXT" in words and "stops.txt" in words
    case.error(12, "one table under two spellings", words)
