"""Reads TransXChange documents, from a file or a zip of files, as XML elements, one record at a time."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, NoReturn, cast
from xml.parsers import expat

from accessibility.errors import FeedError, FeedFileNotFoundError
from accessibility.gtfs.archive import DAMAGE, Archive, damaged, zip_entries
from accessibility.gtfs.times import DAY_S

ROOT = "TransXChange"
MAX_XML_BYTES = 2**30  # all documents of a feed together
# The parser reads an unfinished tag or comment again with every chunk, so chunks are large and such tokens are limited.
_CHUNK_BYTES = 2**22
MAX_TOKEN_BYTES = 2**24
_RECORD_DEPTH = 2  # TransXChange / VehicleJourneys / VehicleJourney
_DURATION = re.compile(r"P(?:0+Y)?(?:0+M)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d):([0-5]\d)(?:\.\d+)?", re.ASCII)
_Event = tuple[str, ET.Element]  # "start" or "end", of which element


class UnreadableError(ValueError):
    """A record can't be read; the text is the reason."""


@dataclass(frozen=True)
class Source:
    """One document: its name within the feed, its name in messages, and a function that opens it, also repeatedly."""

    name: str  # without .xml
    label: str
    open: Callable[[], IO[bytes]]


class _RootReached(Exception):  # noqa: N818  # not an error: it ends parsing from inside expat's callbacks
    """The root element was reached without a document type before it."""


def is_transxchange(path: Path) -> bool:
    """Whether a feed is TransXChange, by file names: an .xml file, or a zip with .xml files and no stops.txt."""
    if path.suffix.lower() == ".xml":
        return True
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    names = [PurePosixPath(entry.filename.lower()).name for entry in zip_entries(path)]
    return "stops.txt" not in names and any(name.endswith(".xml") for name in names)


def sources(path: Path) -> list[Source]:
    """The documents of a feed, sorted by name.

    Raises `FeedFileNotFoundError` if there is no such file, `FeedError` if the documents together are larger than
    `MAX_XML_BYTES`.
    """
    if not path.is_file():
        raise FeedFileNotFoundError(f"{path}: no such file; expected a TransXChange .xml file or a zip of them")
    if path.suffix.lower() == ".xml":
        _check_size(path, path.stat().st_size)
        return [Source(path.stem, path.name, lambda: path.open("rb"))]
    sizes = {entry.filename: entry.file_size for entry in zip_entries(path) if _is_document(entry.filename)}
    _check_size(path, sum(sizes.values()))
    archive = Archive(path, {name: name for name in sizes})
    return [Source(name[:-4], f"{path.name}: {name}", partial(archive.open, name)) for name in sorted(sizes)]


def _is_document(name: str) -> bool:
    return name.lower().endswith(".xml") and "__MACOSX" not in name


def _check_size(path: Path, size: int) -> None:
    if size > MAX_XML_BYTES:
        raise FeedError(
            f"{path}: {size / 2**30:.1f} GB of XML; at most {MAX_XML_BYTES / 2**30:.1f} GB are read. "
            "Keep only the files of the services you need"
        )


def records(source: Source) -> Iterator[ET.Element]:
    """The root element without its content, then every record (an AnnotatedStopPointRef, a Service, a VehicleJourney ...).

    Tags have no namespace; a record is emptied when the next one is read. Raises `FeedError` for files that are not XML
    or not TransXChange, and for those with a document type: without one there are no entities, which could expand
    without end or read other files.
    """
    try:
        with source.open() as stream:
            _refuse_document_type(source.label, stream)
        with source.open() as stream:
            yield from _root_and_records(source.label, stream)
    except (ET.ParseError, expat.ExpatError) as error:
        raise FeedError(f"{source.label}: not well-formed XML ({error}); fetch the file again") from error
    except DAMAGE as error:
        raise damaged(Path(source.label), error) from error


def _refuse_document_type(label: str, stream: IO[bytes]) -> None:
    def refuse(*_declared: object) -> NoReturn:
        raise FeedError(
            f"{label}: declares a document type (<!DOCTYPE>), which can hide entities that expand without end or read "
            "other files; TransXChange needs none. Remove the declaration if you trust the file"
        )

    def stop(*_element: object) -> NoReturn:
        raise _RootReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        for chunk in iter(partial(stream.read, _CHUNK_BYTES), b""):
            parser.Parse(chunk, False)
            if stream.tell() > MAX_TOKEN_BYTES:
                raise _endless(label)
        parser.Parse(b"", True)
    except _RootReached:
        return
    except FeedError:
        raise
    except (LookupError, ValueError) as error:  # an encoding that expat doesn't have
        raise FeedError(f"{label}: not well-formed XML ({error}); save it as UTF-8") from error


def _events(label: str, stream: IO[bytes]) -> Iterator[_Event]:
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("start", "end"))
    silent_bytes = 0
    for chunk in iter(partial(stream.read, _CHUNK_BYTES), b""):
        parser.feed(chunk)
        silent_bytes += len(chunk)
        for event in parser.read_events():
            silent_bytes = 0
            yield cast(_Event, event)
        if silent_bytes > MAX_TOKEN_BYTES:
            raise _endless(label)
    parser.close()
    yield from cast(Iterator[_Event], parser.read_events())


def _endless(label: str) -> FeedError:
    return FeedError(
        f"{label}: has a tag, text or comment of more than {MAX_TOKEN_BYTES // 2**20} MB; no TransXChange needs one"
    )


def _root_and_records(label: str, stream: IO[bytes]) -> Iterator[ET.Element]:
    depth = 0
    path: list[ET.Element] = []
    for event, element in _events(label, stream):
        if event == "start":
            if depth == 0:
                yield _root(label, element)
            path.append(element)
            depth += 1
            continue
        depth -= 1
        path.pop()
        element.tag = _local(element.tag)
        if depth == _RECORD_DEPTH:
            yield element
            path[-1].clear()  # drops the records from their container: else the whole document would stay in memory
        elif depth < _RECORD_DEPTH:
            element.clear()


def _root(label: str, element: ET.Element) -> ET.Element:
    if _local(element.tag) != ROOT:
        raise FeedError(f"{label}: its root element is <{_local(element.tag)[:60]}>; expected <{ROOT}>")
    return ET.Element(ROOT, dict(element.attrib))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def text(element: ET.Element, path: str) -> str:
    """The text of a descendant element, trimmed and in one line; "" if there is none."""
    return " ".join((element.findtext(path) or "").split())


def required(element: ET.Element, path: str) -> str:
    """The text of a descendant element. Raises `UnreadableError` if there is none."""
    written = text(element, path)
    if not written:
        raise UnreadableError(f"it has no {path}")
    return written


def seconds(element: ET.Element, path: str) -> int | None:
    """A duration such as PT1H2M30S in whole seconds; None if it is not given. Raises `UnreadableError`."""
    written = text(element, path)
    if not written:
        return None
    duration = _DURATION.fullmatch(written)
    if duration is None or not any(duration.groups()):
        raise UnreadableError(f"{path} {written[:40]!r} is not a duration such as PT2M30S")
    days, hours, minutes, rest = (int(part or 0) for part in duration.groups())
    total = days * DAY_S + hours * 3600 + minutes * 60 + rest
    if total > DAY_S:
        raise UnreadableError(f"{path} {written[:40]!r} is longer than a day")
    return total


def clock_s(element: ET.Element, path: str) -> int | None:
    """A time of day in seconds after midnight; None if it is not given. Raises `UnreadableError`."""
    written = text(element, path)
    if not written:
        return None
    clock = _CLOCK.fullmatch(written)
    if clock is None:
        raise UnreadableError(f"{path} {written[:40]!r} is not a time such as 07:05:00")
    hours, minutes, rest = (int(part) for part in clock.groups())
    return hours * 3600 + minutes * 60 + rest


def day(element: ET.Element, path: str) -> dt.date | None:
    """A date; None if it is not given. Raises `UnreadableError`."""
    written = text(element, path)
    if not written:
        return None
    return day_of(path, written)


def required_day(element: ET.Element, path: str) -> dt.date:
    """A date that is required. Raises `UnreadableError` if there is none."""
    return day_of(path, required(element, path))


def day_of(what: str, written: str) -> dt.date:
    """The date at the start of a text such as 2025-01-26 or 2025-01-26T13:00:00. Raises `UnreadableError`."""
    try:
        return dt.date.fromisoformat(written[:10])
    except ValueError:
        raise UnreadableError(f"{what} {written[:40]!r} is not a date such as 2025-01-26") from None


def number(element: ET.Element, path: str) -> float | None:
    """A number; None if it is missing or not a number (stops without usable coordinates are counted later)."""
    try:
        return float(text(element, path))
    except ValueError:
        return None
