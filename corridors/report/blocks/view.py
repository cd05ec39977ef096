"""The blocks of a report: plain values that the renderers (HTML, PDF, Word) draw as they are."""

import datetime as dt
from dataclasses import dataclass, field
from typing import ClassVar

from maps import Picture


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of plain text."""

    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True)
class Bullets:
    """A list; an item is one or two sentences."""

    kind: ClassVar[str] = "bullets"
    items: tuple[str, ...]


@dataclass(frozen=True)
class Definitions:
    """Terms and what they mean."""

    kind: ClassVar[str] = "definitions"
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class KeyFigure:
    """One large number, what it counts, and out of how many."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """A row of large numbers."""

    kind: ClassVar[str] = "key_figures"
    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Cell:
    """One table cell as worded; `bar` (0-1) draws the same value as a length beside the words."""

    text: str
    bar: float | None = None
    missing: bool = False
    blank: bool = False  # left empty for a person to fill in


@dataclass(frozen=True)
class Heading:
    """One table column."""

    title: str
    numeric: bool = False


@dataclass(frozen=True)
class Row:
    """One table row; its first cell is the row's heading."""

    cells: tuple[Cell, ...]
    emphasis: bool = False  # a row that the others are read against


@dataclass(frozen=True)
class Table:
    """A captioned table; notes say what is missing and why, `source` where the numbers come from.

    `dense`: many short rows, set small and close.
    """

    kind: ClassVar[str] = "table"
    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    dense: bool = False


@dataclass(frozen=True)
class Figure:
    """A picture, with its words for those who cannot see it, and a caption."""

    kind: ClassVar[str] = "figure"
    picture: Picture
    caption: str


@dataclass(frozen=True)
class Absent:
    """A line in place of something that is not shown, with the reason."""

    kind: ClassVar[str] = "absent"
    text: str


@dataclass(frozen=True)
class Command:
    """A command to type at a terminal."""

    kind: ClassVar[str] = "command"
    text: str


Block = Paragraph | Bullets | Definitions | KeyFigures | Table | Figure | Absent | Command


@dataclass(frozen=True)
class Section:
    """A heading with its blocks and its parts."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    sections: tuple["Section", ...] = field(default=())
    starts_page: bool = False


@dataclass(frozen=True)
class Report:
    """The whole report. `caution` is the full warning, `marks` the short ones that stand on every section.

    `date` is the day of the timetable.
    """

    title: str
    subtitle: str
    date: dt.date
    caution: str
    marks: tuple[str, ...]
    sections: tuple[Section, ...]
    contents: bool = True  # a list of chapters after the title
