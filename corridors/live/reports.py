"""Whole reports of scenarios, each made by `corridors scenario run` in a process of its own, so that the page stays quick."""

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corridors.errors import ScenarioFileError
from corridors.live.documents import Document

_LONGEST_WORDS = 500


@dataclass
class _Job:
    process: "subprocess.Popen[bytes]"
    folder: Path
    log: Path
    errors: Path


class Reports:
    """Reports beside the scenario files, at most one being made at a time."""

    def __init__(self, config: Path, more: Sequence[str] = ()) -> None:
        """Reports of scenarios of a configuration; `more` are further options of `corridors scenario run`."""
        self.config, self.more = config, tuple(more)
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()

    def start(self, document: Document) -> dict[str, Any]:
        """Begin a report of the document as it is. Raises `ScenarioFileError` while another is being made."""
        with self._lock:
            if any(job.process.poll() is None for job in self._jobs.values()):
                raise ScenarioFileError("a report is being made already; wait until it is done")
            ident = f"{document.ident}_{document.digest}"
            folder = document.path.parent / f"report_{ident}"
            log, errors = (document.path.parent / f"report_{ident}.{end}" for end in ("jsonl", "txt"))
            copy = document.path.parent / f"report_{ident}.toml"  # the document may change meanwhile
            copy.write_text(document.text, encoding="utf-8")
            log.unlink(missing_ok=True)
            words = ["scenario", "run", copy, self.config, "--out", folder, "--quiet", "--log-json", log, *self.more]
            with errors.open("wb") as stream:
                process = subprocess.Popen(
                    [sys.executable, "-m", "corridors", *map(str, words)],
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    stderr=stream,
                )
            self._jobs[ident] = _Job(process, folder, log, errors)
        return {"job": ident}

    def state(self, ident: object) -> dict[str, Any]:
        """How far a report is: the steps done, whether it is done, and where it lies or why there is none."""
        job = self._jobs.get(ident) if isinstance(ident, str) else None
        if job is None:
            raise ScenarioFileError("this server makes no such report")
        code, steps = job.process.poll(), _steps(job.log)
        problem = ""
        if code:
            problem = job.errors.read_text(encoding="utf-8", errors="replace").strip()[-_LONGEST_WORDS:]
        return {
            "steps": steps,
            "done": code is not None,
            "problem": problem or ("" if not code else f"it ended with code {code}"),
            "folder": job.folder.name if code == 0 else "",
        }

    def page(self, ident: str) -> Path | None:
        """The page of a report that is done."""
        job = self._jobs.get(ident)
        page = job.folder / "report.html" if job else None
        return page if page and page.is_file() else None

    def stop(self) -> None:
        """End what is being made."""
        for job in self._jobs.values():
            if job.process.poll() is None:
                job.process.terminate()
                job.process.wait()


def _steps(log: Path) -> list[str]:
    """The names of the steps done, as far as they are written."""
    try:
        lines = log.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue  # being written
        if event.get("event") == "stage":
            found.append(str(event["name"]))
    return found
