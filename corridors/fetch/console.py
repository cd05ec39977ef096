"""Output on the terminal: a progress bar for each source, and tables of the results."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from corridors.fetch.http.downloader import Watch
from corridors.fetch.job import FetchResult
from corridors.fetch.probe import Probe
from corridors.fetch.registry import Source
from corridors.runtime.printing import show_table


class Bars:
    """Progress bars of the sources; none where `quiet` or where the error stream is no terminal."""

    def __init__(self, quiet: bool) -> None:
        self._console = Console(stderr=True)
        self._silent = quiet or not self._console.is_terminal

    @contextmanager
    def watch(self, source: Source) -> Iterator[Watch]:
        """Context that shows a progress bar for one source; it gives the function to call with the bytes received."""
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        with Progress(*columns, console=self._console, transient=True, disable=self._silent) as progress:
            task = progress.add_task(source.id, total=None)
            yield lambda got, of: progress.update(task, completed=got, total=of)


def print_fetched(fetched: FetchResult) -> None:
    """Print a table with one row per source: its state, number of rows, file and notes."""
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
    """Print a table with one row per source: whether it answered, and with what."""
    words = {True: "yes", False: "no", None: "-"}
    rows = [(probe.source.id, probe.host, words[probe.answered], probe.words) for probe in probes]
    show_table("One question a source", ("id", "host", "answers", "what it said"), rows)
