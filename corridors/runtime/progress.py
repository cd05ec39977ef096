"""Progress of a run: steps on a terminal, timings, warnings, and a log in JSON lines."""

import datetime as dt
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TextIO

from rich.console import Console
from rich.status import Status

from corridors.errors import OutputError
from corridors.results import RunWarning
from corridors.runtime.printing import remark

_LOG_SUFFIXES = (".jsonl", ".json")
_LONGEST_EVENT = 1 << 20  # bytes


class Progress:
    """Times the steps of a run and shows them: a spinner on a terminal, plain lines with `verbose`, nothing with `quiet`."""

    def __init__(self, quiet: bool, verbose: bool, log_json: Path | None) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._quiet, self._verbose = quiet, verbose
        self._log_path = log_json
        self._log: TextIO | None = None
        self._started = dt.datetime.now(dt.UTC)
        self._timings_s: dict[str, float] = {}
        self._status: Status | None = None
        self._counting: tuple[float, int] | None = None  # since when, from which block on

    def __enter__(self) -> Self:
        if self._log_path is not None:
            self._log = _opened_log(self._log_path)
        return self

    def __exit__(self, *_: object) -> None:
        if self._log:
            self._log.close()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Show and time one step."""
        start = time.perf_counter()
        if self._console.is_terminal and not self._quiet:
            with self._console.status(name) as self._status:
                yield
            self._status = None
        else:
            yield
        self._counting = None
        seconds = time.perf_counter() - start
        self._timings_s[name] = round(seconds, 3)
        if self._verbose or (self._console.is_terminal and not self._quiet):
            remark(f"  {name}: {seconds:.2f} s")
        self._write({"event": "stage", "name": name, "seconds": round(seconds, 3)})

    def counted(self, done: int, total: int) -> None:
        """Show how many of the blocks of the present step are done, and about how long the others will take."""
        now = time.perf_counter()
        since, first = self._counting or (now, done)
        self._counting = since, first
        if self._status:
            self._status.update(f"block {done:,} of {total:,}{_time_left(now - since, done - first, total - done)}")
        if done * 100 // total > (done - 1) * 100 // total:
            self._write({"event": "blocks", "done": done, "of": total})

    def tell(self, line: str) -> None:
        """Print a line about the work, unless with `quiet`."""
        if not self._quiet:
            remark(f"  {line}")

    def warn(self, warnings: Sequence[RunWarning]) -> None:
        """Print the warnings about the input: their number, or each of them with `verbose`."""
        for warning in warnings:
            self._write({"event": "warning", **vars(warning)})
            if self._verbose and not self._quiet:
                remark(f"  warning: {warning.code}: {warning.count:,} ({warning.share:.1%}). {warning.effect}")

    def times(self) -> Mapping[str, Any]:
        """Start and end of the run (UTC), and the seconds of each finished step."""
        now = dt.datetime.now(dt.UTC)
        return {
            "started": self._started.isoformat(timespec="seconds"),
            "finished": now.isoformat(timespec="seconds"),
            "timings_s": dict(self._timings_s),
        }

    def _write(self, event: Mapping[str, Any]) -> None:
        if self._log:
            stamped = {"time": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"), **event}
            try:
                self._log.write(json.dumps(stamped, ensure_ascii=False, default=list) + "\n")
                self._log.flush()
            except OSError as error:
                self._log = None  # what could not be written must not be tried again on closing
                raise _log_problem(self._log_path, f"can't be written: {error.strerror}") from error


def _time_left(spent_s: float, done: int, left: int) -> str:
    """As `, about 3 min left`; nothing before two blocks are done."""
    return f", about {max(1, round(spent_s / done * left / 60))} min left" if done > 1 and left else ""


def _opened_log(path: Path) -> TextIO:
    """The log, emptied. Raises `OutputError` for a name without a log's suffix, and for a file that is no log."""
    if path.suffix.lower() not in _LOG_SUFFIXES:
        raise _log_problem(path, f"must end in {' or '.join(_LOG_SUFFIXES)}")
    try:
        if path.exists() and not _is_log(path):
            raise _log_problem(path, "is there already and holds no log of this tool, so it is left as it is")
        return path.open("w", encoding="utf-8")
    except OutputError:
        raise
    except OSError as error:
        raise _log_problem(path, f"can't be written: {error.strerror}") from error


def _is_log(path: Path) -> bool:
    """Whether a file is empty or begins with an event as this module writes it."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        line = stream.readline(_LONGEST_EVENT)
    try:
        return not line or {"time", "event"} <= set(json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return False


def _log_problem(path: Path | None, what: str) -> OutputError:
    return OutputError(f"--log-json {path} {what}; choose another --log-json")
