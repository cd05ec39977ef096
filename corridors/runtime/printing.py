"""Text to the terminal; all printing of the program goes through here.

Names, paths and publishers' words were written by others: they are shown and never interpreted. Control characters would move
the cursor or clear the screen, and square brackets are markup to the library that draws tables.
"""

import errno
import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from layers import REPLACEMENT, cleaned

_USUAL_COLUMNS = 80  # where a terminal does not say how wide it is
_COLUMNS_WITHOUT_TERMINAL = 160
Styled = str | tuple[str, str]  # text, or text and the style that it is shown in on a terminal


def shown(text: str) -> str:
    """The text as it may be written to a terminal: only line ends and tabs move the cursor."""
    return cleaned(text.replace("\r\n", "\n")).replace("\r", REPLACEMENT)  # a lone return writes over the line


def say(*parts: Styled) -> None:
    """Print a result to standard output, without breaking its lines."""
    text = Text.assemble(*(shown(part) if isinstance(part, str) else (shown(part[0]), part[1]) for part in parts))
    Console(highlight=False).print(text, soft_wrap=True)


def remark(text: str) -> None:
    """Print a line about the work to the error stream."""
    print(shown(text), file=sys.stderr)


def complain(text: str) -> None:
    """Print a problem to the error stream; on a terminal its lines are broken between words."""
    print(wrapped(shown(text), sys.stderr), file=sys.stderr)


def arrived() -> bool:
    """Whether what was printed has been written; if not (a full disk), says so and drops the rest."""
    try:
        sys.stdout.flush()
    except OSError as error:
        with Path(os.devnull).open("wb") as nowhere:  # else Python tries again, and complains, as it ends
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        if error.errno != errno.EPIPE:  # a reader that has seen enough is no failure
            complain(f"corridors: what was printed can't be written: {error.strerror}")
            return False
    return True


def show_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: bool = False) -> None:
    """Print a table to standard output; `right` moves all columns but the first to the right, for numbers."""
    table = Table(title=Text(shown(title)) if title else None)
    for number, heading in enumerate(headings):
        table.add_column(Text(heading), justify="right" if right and number else "left")
    for row in rows:
        table.add_row(*(Text(shown(cell)) for cell in row))
    Console(highlight=False, width=None if sys.stdout.isatty() else _COLUMNS_WITHOUT_TERMINAL).print(table)


def wrapped(message: str, stream: TextIO) -> str:
    """The message, for a terminal with its lines broken between words only, so that a path can be copied whole."""
    if not stream.isatty():
        return message
    columns = os.get_terminal_size(stream.fileno()).columns or _USUAL_COLUMNS
    lines = []
    for line in message.splitlines():
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        lines += textwrap.wrap(
            line, columns, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return "\n".join(lines)
