"""Progress of a run: steps on a terminal, timings, warnings, and a log in JSON lines."""

import datetime as dt
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TextIO

from rich.console import Console

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
            with self._console.status(name):
                yield
        else:
            yield
        seconds = time.perf_counter() - start
        self._timings_s[name] = round(seconds, 3)
        if self._verbose or (self._console.is_terminal and not self._quiet):
            remark(f"  {name}: {seconds:.2f} s")
        self._write({"event": "stage", "name": name, "seconds": round(seconds, 3)})

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
