"""Columns of printed tables: short words whole, long ones sharing what is left, all of it used and no more."""

import pytest

from corridors.report.blocks.view import Cell, Heading, Row, Table
from corridors.report.render.paper_tables import (
    CELL_PADDING_PT,
    LETTERS_PT,
    PAPER_WIDTH_PT,
    SMALLEST_LETTERS_PT,
    WHOLE,
    column_shares,
    letters_pt,
    paper_shares,
    width_em,
)


def table(*rows: tuple[str, ...], headings: tuple[str, ...] = ()) -> Table:
    titles = headings or ("",) * len(rows[0])
    return Table("", tuple(map(Heading, titles)), tuple(Row(tuple(map(Cell, row))) for row in rows))


def widths_em(drawn: Table, room: float) -> list[float]:
    return [room * share / WHOLE for share in column_shares(drawn, room, 1.0)]


@pytest.mark.parametrize("room", [20.0, 60.0, 200.0])
def test_shares_make_a_whole(room: float) -> None:
    drawn = table(("E01008881", "Birmingham 067A", "word " * 60), headings=("Code", "Zone", "Remark"))
    assert sum(column_shares(drawn, room, 1.0)) == WHOLE


def test_a_zone_and_its_code_stand_on_one_line_beside_a_long_text() -> None:
    drawn = table(("E01008881", "Birmingham 067A", "word " * 60), headings=("Code", "Zone", "Remark"))
    code, zone, _ = widths_em(drawn, 60.0)
    assert code >= width_em("E01008881", bold=True) and zone >= width_em("Birmingham 067A")


def test_of_two_long_columns_the_longer_is_wider_and_none_narrower_than_its_longest_word() -> None:
    short, long = widths_em(table(("word " * 10 + "productivity", "word " * 90)), 60.0)
    assert long > short >= width_em("productivity", bold=True)


def test_room_is_left_to_write_a_judgement() -> None:
    blank = Table("", (Heading("Priority"), Heading("Note")), (Row((Cell("a " * 200), Cell("", blank=True))),))
    assert widths_em(blank, 60.0)[1] >= 10.0


def test_a_long_file_name_does_not_take_the_page() -> None:
    name = "lookup_lsoa11_lsoa21_ltla22_wm.csv"
    source, file = widths_em(table(("word " * 40, name)), 40.0)
    assert file < width_em(name) and source > file


@pytest.mark.parametrize("heading", [True, False])
def test_a_very_long_word_leaves_room_for_the_figures_beside_it(heading: bool) -> None:
    long, figures = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch", ("123,456", "47.4 %", "33.3 %", "15.0")
    drawn = table((long, *figures)) if not heading else table(("A", *figures), headings=(long, *figures))
    widths = widths_em(drawn, 40.0)
    assert all(width >= width_em(words) for width, words in zip(widths[1:], figures, strict=True))


def test_of_many_columns_each_has_its_width_and_letters_shrink_until_they_fit() -> None:
    """The first column got a width below none, and its words stood over the figures of the second."""
    figures = table(*[(f"Row {n}", *[f"{n},{1000 + i}" for i in range(21)]) for n in range(3)])
    shares = paper_shares(figures)
    assert sum(shares) == WHOLE and min(shares) >= 8
    size = letters_pt(figures)
    assert LETTERS_PT > size > SMALLEST_LETTERS_PT
    room_pt = [PAPER_WIDTH_PT * share / WHOLE - CELL_PADDING_PT for share in shares[1:]]
    assert min(room_pt) >= 0.9 * size * width_em("2,1020")
    assert letters_pt(table(("Row", "1,000", "2,000"))) == letters_pt(table(("", ""))) == LETTERS_PT
