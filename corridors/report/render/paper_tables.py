"""Printed tables: size of letters, which stay whole, and widths of columns: short ones keep each cell on one line."""

import math
import re
from collections.abc import Sequence

from corridors.report.blocks.view import Table

PAPER_WIDTH_PT = 178 / 25.4 * 72  # between the margins of the page
CELL_PADDING_PT = 8.0  # left and right together
LONGEST_WHOLE, LONGEST_WHOLE_DENSE = 8, 14  # rows
LETTERS_PT, DENSE_LETTERS_PT, SMALLEST_LETTERS_PT = 8.0, 7.2, 4.5
WHOLE = 200  # shares are in half per cents of the table's width
_BOLD = 1.08
_BLANK_EM = 10.0  # a cell to write in
_BAR_EM = 6.0
_SHORT_EM = 14.0  # such a column is not worth breaking
_LINES_OF_HEADING = 3
_LONG_WORD, _MOST_LETTERS = 16, 24  # of words on paper: longer ones are broken at their underscores, or anywhere
_STEPS = 40  # of a bisection: the limit is found to a billionth
# Widths of Arial's letters, in parts of their size, in groups.
_LETTERS = (
    ("iljtf.,;:'|!()[] /\u00a0", 0.3),
    ("mwMW%\u2014", 0.87),
    ("0123456789abdeghnopqu\u2013", 0.556),
    ("ABCDEFGHIJKLNOPQRSTUVXYZ&", 0.7),
)
_EM = {letter: em for letters, em in _LETTERS for letter in letters}
_OTHER_EM = 0.52


def letters_pt(table: Table) -> float:
    """The size of its letters: smaller where the longest words of many columns would not stand side by side."""
    usual = DENSE_LETTERS_PT if table.dense else LETTERS_PT
    columns = range(len(table.headings))
    needed_em = sum(_least_em(table, number) for number in columns)
    fitting = (PAPER_WIDTH_PT - CELL_PADDING_PT * len(columns)) / max(needed_em, 1.0)
    return usual if fitting >= usual else max(SMALLEST_LETTERS_PT, math.floor(10 * fitting) / 10)


def stays_whole(table: Table) -> bool:
    """Whether a printed table is moved to the next page rather than broken: a short one."""
    return len(table.rows) <= (LONGEST_WHOLE_DENSE if table.dense else LONGEST_WHOLE)


def paper_shares(table: Table) -> tuple[int, ...]:
    """Half per cents of a printed table's width for each of its columns."""
    return column_shares(table, PAPER_WIDTH_PT / letters_pt(table), CELL_PADDING_PT / letters_pt(table))


def column_shares(table: Table, room_em: float, padding_em: float) -> tuple[int, ...]:
    """Half per cents of the width for each column, together `WHOLE`; `room_em` is the table's width in sizes of its letters.

    No column is narrower than its longest word while there is room. Short columns keep their words on one line; long
    ones share what is left by the square root of what they have to say.
    """
    columns = range(len(table.headings))
    least = [_least_em(table, number) + padding_em for number in columns]
    whole = [max(_whole_em(table, number) + padding_em, low) for number, low in zip(columns, least, strict=True)]
    if sum(whole) <= room_em:
        spare = (room_em - sum(whole)) / len(whole)
        return _in_parts([width + spare for width in whole])
    kept = [most if most <= _SHORT_EM else low for low, most in zip(least, whole, strict=True)]
    least = kept if sum(kept) <= room_em else least
    limit = _limit(least, whole, room_em)
    return _in_parts([_filled(low, most, limit) for low, most in zip(least, whole, strict=True)])


def width_em(text: str, *, bold: bool = False) -> float:
    """The approximate width of a line of text, in em."""
    return sum(_EM.get(letter, _OTHER_EM) for letter in text) * (_BOLD if bold else 1.0)


def _filled(least: float, whole: float, limit: float) -> float:
    return max(least, min(whole, limit * math.sqrt(whole)))


def _limit(least: Sequence[float], whole: Sequence[float], room: float) -> float:
    """The factor on the square root of a column's text, in em, at which all columns fit `room`, by bisection."""
    low, high = 0.0, math.sqrt(max(whole))
    for _ in range(_STEPS):
        middle = (low + high) / 2
        width = sum(_filled(one, most, middle) for one, most in zip(least, whole, strict=True))
        low, high = (low, middle) if width > room else (middle, high)
    return low


def _least_em(table: Table, number: int) -> float:
    """The longest word of a column, or of its heading; room to write or for a bar where it has one."""
    cells = [row.cells[number] for row in table.rows]
    words = [word for cell in cells for word in _unbroken(cell.text)]
    longest = max((width_em(word, bold=number == 0) for word in words), default=0.0)
    heading = max(width_em(word[:_MOST_LETTERS], bold=True) for word in table.headings[number].title.split() or [""])
    room = _BLANK_EM if any(cell.blank for cell in cells) else 0.0
    return max(longest, heading, room, _BAR_EM if any(cell.bar is not None for cell in cells) else 0.0)


def _whole_em(table: Table, number: int) -> float:
    """The longest cell of a column on one line, or its heading on a few."""
    bold = [number == 0 or row.emphasis for row in table.rows]
    texts = [width_em(row.cells[number].text, bold=heavy) for row, heavy in zip(table.rows, bold, strict=True)]
    return max([*texts, width_em(table.headings[number].title, bold=True) / _LINES_OF_HEADING])


def _unbroken(text: str) -> list[str]:
    """Words of a cell; a number and its unit are one, the name of a file is several, a very long word is its first letters."""
    joined = re.sub(r"(\d) (%|km|ha)(?!\w)", "\\1\u00a0\\2", text)
    return [
        part[:_MOST_LETTERS]
        for word in joined.split(" ")
        for part in (re.split(r"(?<=[_/])", word) if len(word) > _LONG_WORD else [word])
    ]


def _in_parts(widths: Sequence[float]) -> tuple[int, ...]:
    """The widths as parts that make a whole, each rounded up so that its words still fit; the widest of the time give way."""
    shares = [math.ceil(WHOLE * width / sum(widths)) for width in widths]
    for _ in range(sum(shares) - WHOLE):
        shares[shares.index(max(shares))] -= 1
    return tuple(shares)
