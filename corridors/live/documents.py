"""The scenario files of a live page: one for each visit, written at every change, so that a crash loses nothing."""

import datetime as dt
import hashlib
import os
import re
import secrets
import threading
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli_w

from corridors.errors import ScenarioFileError
from corridors.scenarios.files.read import ScenarioSet, read_scenarios
from layers import cleaned

MOST_EDITS = 60  # on the page; a file may have more
_MOST_TRIED = 2000
_MOST_DOCUMENTS = 500
_IDENT = re.compile(r"[0-9a-f]{12}")
_UNTITLED = "Untitled"
_NOT_FROM_A_PAGE = ("replace_feed",)  # it names files, and no path ever comes from a page


@dataclass
class Document:
    """A scenario that somebody works on."""

    ident: str
    path: Path
    title: str = _UNTITLED
    note: str = ""
    edits: Sequence[Mapping[str, Any]] = ()
    head: Mapping[str, Any] = field(default_factory=dict)  # what else stands in [scenario]; kept as a file has it
    tried: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def written(self) -> bool:
        """Whether there is anything to keep, now or before."""
        return bool(self.edits or self.note or self.title != _UNTITLED) or self.path.exists()

    @property
    def text(self) -> str:
        """The scenario file: what `corridors scenario run` takes, with the log of what was tried."""
        head = {
            "id": f"live_{self.ident}",
            "status": "proposed",
            "as_of": dt.date.today(),
            "source": "drawn on the live page",
            **self.head,
            "title": self.title or _UNTITLED,
            "note": self.note,
        }
        return tomli_w.dumps({"scenario": head, "edit": list(self.edits), "tried": self.tried})

    @property
    def digest(self) -> str:
        """12 hexadecimal digits of the title, the note and the edits: equal for the same scenario."""
        content = tomli_w.dumps({"title": self.title, "note": self.note, "edit": list(self.edits)})
        return hashlib.sha256(content.encode()).hexdigest()[:12]


class Documents:
    """All scenario files in a folder, by id. Several tabs have documents of their own; calls may come from several threads."""

    def __init__(self, folder: Path, written_for: Mapping[str, Any]) -> None:
        """Take up the files that are in the folder, which is made where it is missing.

        `written_for` is the table `base` of files that are begun here.
        """
        self.folder, self.written_for, self._lock = folder, written_for, threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self._known: dict[str, Document] = {}
        for path in sorted(folder.glob("live_*.toml")):
            ident = path.stem.removeprefix("live_")
            if _IDENT.fullmatch(ident):
                try:
                    self._known[ident] = _from_text(ident, path, path.read_text(encoding="utf-8"))
                except (ScenarioFileError, OSError, UnicodeDecodeError):
                    continue  # the user's own file of this name stays as it is

    def new(self) -> Document:
        """An empty document, without a file as long as it is empty.

        Raises `ScenarioFileError` where the folder has `_MOST_DOCUMENTS` already.
        """
        with self._lock:
            if len(self._known) >= _MOST_DOCUMENTS:
                raise ScenarioFileError(f"{self.folder} has {_MOST_DOCUMENTS} scenario files: move some away")
            ident = secrets.token_hex(6)
            while ident in self._known or self._path(ident).exists():
                ident = secrets.token_hex(6)
            head = {"base": self.written_for}
            document = self._known[ident] = Document(ident, self._path(ident), head=head)
        return document

    def copied(self, document: Document) -> Document:
        """A new document with the content of another, for another tab."""
        return self.opened(document.text) if document.written else self.new()

    def opened(self, text: str) -> Document:
        """A new document with the content of a scenario file. Raises `ScenarioFileError` for one that is none."""
        document = self.new()
        read = _from_text(document.ident, document.path, text)
        document.title, document.note, document.edits, document.tried = read.title, read.note, read.edits, read.tried
        document.head = {**document.head, **read.head}
        self._write(document)
        return document

    def of(self, ident: object) -> Document:
        """The document with an id. Raises `ScenarioFileError` where there is none."""
        document = self._known.get(ident) if isinstance(ident, str) else None
        if document is None:
            raise ScenarioFileError("this server has no such scenario; open the saved file again")
        return document

    def find(self, digest: str) -> Document | None:
        """A document with a digest, such as an address has it; None where there is none."""
        return next((one for one in self._known.values() if one.digest == digest), None)

    def change(self, ident: object, title: str, note: str, edits: Sequence[Mapping[str, Any]]) -> Document:
        """The document with other content, written. Raises `ScenarioFileError` for edits that a page may not make."""
        document = self.of(ident)
        require_from_page(edits)
        with self._lock:
            document.title = cleaned(title)[:200] or _UNTITLED
            document.note = "\n".join(map(cleaned, note.splitlines()))[:2000]
            document.edits = [_plain(edit) for edit in edits]
            if document.written:
                self._write(document)
        return document

    def log(self, document: Document, what: str, people_within_change: float, gap_change: float) -> None:
        """Add an answer to what was tried, unless the last one was of the same edits; the oldest of too many are left out."""
        entry = {
            "at": dt.datetime.now().astimezone().replace(microsecond=0),
            "what": cleaned(what)[:300] or "no edit",
            "edits": len(document.edits),
            "people_within_change": float(people_within_change),
            "gap_change": round(float(gap_change), 1),
        }
        if not document.written:
            return
        with self._lock:
            last = document.tried[-1] if document.tried else {}
            if any(last.get(key) != entry[key] for key in entry if key != "at"):
                document.tried = [*document.tried, entry][-_MOST_TRIED:]
                self._write(document)

    def read(self, document: Document) -> ScenarioSet:
        """The document as a scenario. Raises `ScenarioFileError` with every problem."""
        return read_scenarios([document.path]) if document.written else ScenarioSet(())

    def _path(self, ident: str) -> Path:
        return self.folder / f"live_{ident}.toml"

    def _write(self, document: Document) -> None:
        """Whole or not at all: a server that is killed meanwhile leaves the file as it was."""
        partial = document.path.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(document.text, encoding="utf-8")
        partial.replace(document.path)


def require_from_page(edits: Sequence[Mapping[str, Any]]) -> None:
    """Raise `ScenarioFileError` for too many edits, and for kinds that would name files of this machine."""
    if len(edits) > MOST_EDITS:
        raise ScenarioFileError(f"{len(edits)} edits; the page takes at most {MOST_EDITS}")
    for edit in edits:
        if edit.get("kind") in _NOT_FROM_A_PAGE or "files" in edit:
            raise ScenarioFileError("another timetable can't be given on the page: use `corridors scenario run`")


def _plain(value: Any) -> Any:
    """A value of JSON as TOML takes it: without nulls, texts without control characters."""
    if isinstance(value, dict):
        return {cleaned(str(key)): _plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_plain(one) for one in value if one is not None]
    return cleaned(value) if isinstance(value, str) else value


def _from_text(ident: str, path: Path, text: str) -> Document:
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise ScenarioFileError(f"this is no scenario file: {error}") from None
    head, edits, tried = raw.get("scenario", {}), raw.get("edit", []), raw.get("tried", [])
    tables = isinstance(head, dict) and all(
        isinstance(of, list) and all(isinstance(one, dict) for one in of) for of in (edits, tried)
    )
    if not tables:
        raise ScenarioFileError("this is no scenario file: it needs a table [scenario], and edits as [[edit]]")
    require_from_page(edits)
    rest = {key: value for key, value in head.items() if key not in {"title", "note"}}
    if str(rest.get("id", "")).startswith("live_"):
        del rest["id"]  # each document has its own
    return Document(ident, path, str(head.get("title", _UNTITLED)), str(head.get("note", "")), edits, rest, tried)
