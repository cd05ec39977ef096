"""Showing: a bar for each source on a terminal, and tables of what became of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from corridors.fetch.http.downloader import Watch
from corridors.fetch.job import Fetched
from corridors.fetch.probe import Probe
from corridors.fetch.registry import Source
from corridors.runtime.printing import show_table


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
    rows = [
        (
            outcome.source.id,
            outcome.state,
            f"{outcome.rows:,}" if outcome.rows is not None else "",
            outcome.source.file,
            "; ".join(outcome.notes),
        )
        for outcome in fetched.outcomes
    ]
    show_table("", ("id", "state", "rows", "file", "notes"), rows)


def print_probes(probes: Sequence[Probe]) -> None:
    """A row a source: whether it answered, and what it said."""
    words = {True: "yes", False: "no", None: "-"}
    rows = [(probe.source.id, probe.host, words[probe.answered], probe.words) for probe in probes]
    show_table("One question a source", ("id", "host", "answers", "what it said"), rows)
