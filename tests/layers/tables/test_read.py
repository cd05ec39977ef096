"""Tables as publishers and spreadsheets write them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from layers.errors import LayerError
from layers.tables.read import read_pairs, read_table, read_text

WriteText = Callable[..., Path]


def test_ids_stay_text_with_their_leading_zeros(write_csv_text: WriteText) -> None:
    rows = read_table(write_csv_text("id,jobs\n007,1\n1e5,2\nNA,3\n"), key="id", numbers=["jobs"]).rows
    assert list(rows.index) == ["007", "1e5", "NA"]


def test_a_byte_order_mark_and_padded_headers_are_no_part_of_a_name(write_csv_text: WriteText) -> None:
    path = write_csv_text("\ufeff id , jobs \r\n a , 5 \r\n".encode())
    assert read_table(path, key="id", numbers=["jobs"]).rows.loc["a", "jobs"] == 5


def test_thousands_separators_are_read_and_decimal_commas_are_not_guessed_at(write_csv_text: WriteText) -> None:
    good = write_csv_text('id,people\na,"4,931"\nb,"1,234,567.5"\nc,-12\n')
    assert list(read_table(good, key="id", numbers=["people"]).rows["people"]) == [4931, 1234567.5, -12]
    bad = write_csv_text('id,people\na,"3,5"\nb,"1.234,5"\n', "bad.csv")
    with pytest.raises(LayerError, match=r"bad.csv: column people: 2 cells are not numbers \('3,5', '1.234,5'\)"):
        read_table(bad, key="id", numbers=["people"])


def test_withheld_figures_are_missing_and_counted_with_their_ids(write_csv_text: WriteText) -> None:
    marks = ["-", "c", ":", "*", "[x]", "..", "n/a", "#N/A"]
    lines = "".join(f"a{number},{mark}\n" for number, mark in enumerate(marks))
    table = read_table(write_csv_text(f"id,jobs\n{lines}b,\nd,0\n"), key="id", numbers=["jobs"])
    assert table.rows["jobs"].isna().sum() == len(marks) + 1
    assert table.rows.loc["d", "jobs"] == 0
    counts = {finding.code: (finding.count, finding.total, finding.sample[0]) for finding in table.findings}
    assert counts == {"suppressed_cells": (8, 10, "a0"), "blank_cells": (1, 10, "b")}


def test_words_and_infinities_are_no_numbers(write_csv_text: WriteText) -> None:
    with pytest.raises(LayerError, match="3 cells are not numbers"):
        read_table(write_csv_text("id,jobs\na,many\nb,inf\nd,12%\n"), key="id", numbers=["jobs"])


def test_a_missing_column_names_what_is_there(write_csv_text: WriteText) -> None:
    with pytest.raises(LayerError, match="no column 'jobs'; it has id, employees"):
        read_table(write_csv_text("id,employees\na,1\n"), key="id", numbers=["jobs"])


def test_duplicate_and_blank_keys_are_named_together(write_csv_text: WriteText) -> None:
    with pytest.raises(LayerError) as caught:
        read_table(write_csv_text("id,jobs\na,1\na,2\n,3\nb,many\n"), key="id", numbers=["jobs"])
    for problem in ("blank on 1 rows", "1 ids more than once (a)", "column jobs: 1 cells are not numbers ('many')"):
        assert problem in str(caught.value)


def test_latin_text_is_read_and_the_lines_are_counted(write_csv_text: WriteText) -> None:
    table = read_text(write_csv_text("id,name\na,Caf\xe9\nb,plain\n".encode("cp1252")))
    assert table.rows.loc[2, "name"] == "Caf\xe9"
    assert [(finding.code, finding.count) for finding in table.findings] == [("not_utf8", 1)]


def test_footnotes_below_a_table_are_skipped_and_counted(write_csv_text: WriteText) -> None:
    table = read_text(write_csv_text('id,jobs\na,1\n\n"Source: ONS, 2023"\n'))
    assert len(table.rows) == 1
    assert [(finding.code, finding.count, finding.sample) for finding in table.findings] == [
        ("note_lines_skipped", 1, ("4",))
    ]


def test_ragged_lines_are_an_error_that_names_them(write_csv_text: WriteText) -> None:
    with pytest.raises(LayerError, match=r"2 lines do not have the header's 3 cells \(2, 4\)"):
        read_text(write_csv_text("id,name,jobs\na,Walsall\nb,Dudley,2\nd,Wolverhampton, UK,3\n"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("id,jobs,id\na,1,2\n", "named more than once: 'id'"),
        ("id;jobs\na;1\n", "separated by commas"),
    ],
)
def test_what_is_no_table_is_one_clear_error(write_csv_text: WriteText, content: str, message: str) -> None:
    with pytest.raises(LayerError, match=message):
        read_text(write_csv_text(content))


def test_an_embedded_newline_stays_inside_its_cell(write_csv_text: WriteText) -> None:
    rows = read_text(write_csv_text('id,name\r\na,"two\nlines"\r\nb,one\r\n')).rows
    assert list(rows["name"]) == ["two\nlines", "one"]


def test_repeated_pairs_of_a_lookup_count_once(write_csv_text: WriteText) -> None:
    pairs = read_pairs(write_csv_text("lsoa,msoa,share\na,m,0.5\na,m,0.5\nb,m,0.25\n"), "lsoa", "msoa", "share").rows
    assert len(pairs) == 2
    assert np.allclose(pairs["share"], [0.5, 0.25])
    with pytest.raises(LayerError, match="column msoa is blank on 1 rows"):
        read_pairs(write_csv_text("lsoa,msoa\na,\n", "gap.csv"), "lsoa", "msoa")


@pytest.mark.parametrize("written", ["1.000 2.000 1.500 800 700", "800 900 1.200", "12.450 3.127 -5"])
def test_points_that_part_thousands_are_refused(write_csv_text: WriteText, written: str) -> None:
    """1.500 people beside 800 were read as one and a half."""
    path = write_csv_text("id,n\n" + "".join(f"a{i},{cell}\n" for i, cell in enumerate(written.split())))
    with pytest.raises(
        LayerError, match=r"column n: \d cells are thousands with points, it seems .* as 1500, or as 1.5"
    ):
        read_table(path, key="id", numbers=["n"])


@pytest.mark.parametrize(
    ("written", "counted"),
    [("1.234 2.345 800", 2), ("1.234 2.34 800", 0), ("0.500 1.500 800", 0), ("1.500 2.500", 0), ("1.500 1800", 0)],
)
def test_points_that_may_part_thousands_are_counted(write_csv_text: WriteText, written: str, counted: int) -> None:
    cells = written.split()
    table = read_table(
        write_csv_text("id,n\n" + "".join(f"a{i},{c}\n" for i, c in enumerate(cells))), key="id", numbers=["n"]
    )
    assert table.rows["n"].tolist() == [float(cell) for cell in cells]
    assert [finding.count for finding in table.findings] == ([counted] if counted else [])


@pytest.mark.parametrize("mark", ["!", "~", "#", "…", "...", "—"])
def test_marks_of_withheld_figures_are_missing_values(write_csv_text: WriteText, mark: str) -> None:
    table = read_table(write_csv_text(f"id,n\na,1\nb,{mark}\n"), key="id", numbers=["n"])
    assert table.rows["n"].isna().tolist() == [False, True]
    assert [finding.code for finding in table.findings] == ["suppressed_cells"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "a spreadsheet or another zip"),
        (b"\x1f\x8b\x08\x00abc", "packed by gzip"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "a web page"),
        (b"%PDF-1.7\n", "a PDF"),
    ],
)
def test_what_is_no_csv_is_named(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(LayerError, match=rf"^people\.csv is no CSV but {what}.*save what it holds as CSV UTF-8"):
        read_text(path)
