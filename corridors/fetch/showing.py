"""Showing: a bar for each source on a terminal, and tables of what became of them."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from corridors.fetch.downloader import Watch
from corridors.fetch.fetching import Fetched
from corridors.fetch.probing import Probe
from corridors.sources import Source

_WIDTH_WITHOUT_TERMINAL = 160


class Bars:
    """A progress bar for the source at work; silent where nobody looks."""

    def __init__(self, quiet: bool) -> None:
        self._console = Console(stderr=True)
        self._silent = quiet or not self._console.is_terminal

    @contextmanager
    def watch(self, source: Source) -> Iterator[Watch]:
        """Show the bytes of one source as they come."""
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        with Progress(*columns, console=self._console, transient=True, disable=self._silent) as progress:
            task = progress.add_task(source.id, total=None)
            yield lambda got, of: progress.update(task, completed=got, total=of)


def print_fetched(fetched: Fetched) -> None:
    """A row a source: what became of it, how many rows, and what is worth knowing."""
    if not fetched.outcomes:
        return
    table = Table("id", "state", "rows", "file", "notes")
    for outcome in fetched.outcomes:
        rows = f"{outcome.rows:,}" if outcome.rows is not None else ""
        table.add_row(outcome.source.id, outcome.state, rows, outcome.source.file, "; ".join(outcome.notes))
    _console().print(table)


def print_probes(probes: Sequence[Probe]) -> None:
    """A row a source: whether it answered, and what it said."""
    table = Table("id", "host", "answers", "what it said", title="One question a source")
    words = {True: "yes", False: "no", None: "-"}
    for probe in probes:
        table.add_row(probe.source.id, probe.host, words[probe.answered], probe.words)
    _console().print(table)


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else _WIDTH_WITHOUT_TERMINAL)
