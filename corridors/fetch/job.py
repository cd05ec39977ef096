"""Fetching of all sources in turn: usable files stay, others are fetched, failures are reported at the end."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from accessibility import AccessibilityError, read_feed
from corridors.errors import CorridorsError
from corridors.fetch.convert import MadeFile, make_from_answers, make_from_download
from corridors.fetch.errors import FetchError, NotThereError, UnansweredError
from corridors.fetch.formats import check_format, take_inner
from corridors.fetch.http.addresses import check_host
from corridors.fetch.http.downloader import Downloader, ReceivedFile, Session, Watch
from corridors.fetch.licence_notice import NOTICE_FILE, notice
from corridors.fetch.lockfile import Entry, put_own_files, read_lock, write_lock
from corridors.fetch.publishers.govuk import resolve_attachment
from corridors.fetch.publishers.timetables import DAY_NOTE, chosen_day
from corridors.fetch.region import Region
from corridors.fetch.registry import (
    ArcGisLayer,
    DatedFile,
    FileAt,
    FromUser,
    GovUkAttachment,
    NomisTable,
    Source,
    neighbouring_districts,
    read_sources_registry,
)
from corridors.fetch.validate import check_file
from corridors.inputs.provenance import sha256_of
from layers import LayersError

DOWNLOADS = "downloads"  # folder of publishers' own files: partly downloaded ones, and those that a user puts there
LIVE_BUS, DATED_BUS = "bods_gtfs_wm", "bods_gtfs_archive"
RAIL = ("rail_gtfs", "rail_gb_transit")  # the user's own first; a run reads one of them
_BAD_REQUEST = frozenset({400})
_OR_ARCHIVE = "Or take the timetable of a day from the archive, which can be resumed: --date YYYY-MM-DD"
State = Literal["fetched", "unchanged", "present", "placed by hand", "not there"]
Watcher = Callable[[Source], AbstractContextManager[Watch]]


@dataclass(frozen=True)
class Request:
    """A user's request: the folder, the districts, and the options of the command."""

    folder: Path
    districts: tuple[str, ...]
    only: tuple[str, ...] = ()
    date: dt.date | None = None
    offline: bool = False
    refresh: bool = False
    allow_hosts: tuple[str, ...] = ()
    accept_rows: tuple[str, ...] = ()  # ids of sources of which any number of rows is right


@dataclass(frozen=True)
class Outcome:
    """The result of one source."""

    source: Source
    state: State
    rows: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FetchResult:
    """The results of all sources; a problem is one line about a source that a run will lack."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[str, ...]
    kept: tuple[str, ...] = ()  # names of our own files that the user changed, and that stay


def watch_nothing(_source: Source) -> AbstractContextManager[Watch]:
    """A watcher that shows nothing."""
    return nullcontext(lambda _got, _of: None)


def fetch_sources(request: Request, session: Session, watcher: Watcher = watch_nothing) -> FetchResult:
    """Fetch every source of the request into the folder, and write its lock and NOTICE.

    A source that fails does not stop the others. Raises `FetchError` for unknown ids and a folder that can't be used.
    """
    sources = chosen_sources(request)
    try:
        with _exclusive(request.folder):
            return _fetch_all(request, sources, session, watcher)
    except OSError as error:  # such as a full disk, on which the next source would fail too
        raise FetchError(
            f"{request.folder} can't be written: {error.strerror or error}; see to it, or use --to"
        ) from error


def _fetch_all(request: Request, sources: list[Source], session: Session, watcher: Watcher) -> FetchResult:
    job = _Job(request, session, read_lock(request.folder))
    outcomes, problems = [], []
    for source in sources:
        try:
            with watcher(source) as watch:
                outcomes.append(job.outcome(source, watch))
        except (CorridorsError, LayersError, AccessibilityError) as error:
            problems.append(f"{source.id}: {error}")
    job.choose_day_for_all()
    fetched = [source for source in read_sources_registry() if source.id in job.entries]
    kept = put_own_files(request.folder, {NOTICE_FILE: notice(fetched)})
    return FetchResult(tuple(outcomes), tuple(problems), tuple(kept))


def chosen_sources(request: Request) -> list[Source]:
    """The sources of the request, in the registry's order, as later ones are made with the help of earlier ones."""
    registry = read_sources_registry()
    unknown = [name for name in (*request.only, *request.accept_rows) if name not in {source.id for source in registry}]
    if unknown:
        ids = ", ".join(source.id for source in registry)
        raise FetchError(f"no source is called {', '.join(unknown)}; the sources are {ids}")
    if request.only:
        chosen = [source for source in registry if source.id in request.only]
    else:
        left_out = DATED_BUS if request.date is None else LIVE_BUS
        user = [source.id for source in registry if isinstance(source.ask, FromUser)]
        wanted = {source.id for source in registry if not source.optional} | {DATED_BUS, *user}
        chosen = [source for source in registry if source.id in wanted - {left_out}]
    if request.date is None and any(isinstance(source.ask, DatedFile) for source in chosen):
        raise FetchError(f"{DATED_BUS} is one file a day: say which with --date YYYY-MM-DD")
    return [replace(source, any_rows=source.id in request.accept_rows) for source in chosen]


@contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """Context that locks the folder, made where needed, for this command; a killed command's lock is freed."""
    (folder / DOWNLOADS).mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / DOWNLOADS / ".lock", timeout=0):
            yield
    except Timeout:
        raise FetchError(f"another `corridors fetch` is at work in {folder}; wait until it is done") from None


class _Job:
    """The work of one command on one folder; `entries` gets an entry with every file that is in its place."""

    def __init__(self, request: Request, session: Session, entries: Mapping[str, Entry]) -> None:
        self._request, self._session = request, session
        day = request.date or dt.datetime.now(dt.UTC).date()
        self._region = Region(request.folder, request.districts, neighbouring_districts(), day)
        self._hosts = frozenset(check_host(host) for host in request.allow_hosts)
        self.entries, self._before = dict(entries), dict(entries)

    def outcome(self, source: Source, watch: Watch) -> Outcome:
        """Fetch one source, where its file is not usable yet. Raises the errors of its publisher, its file or the disk."""
        present = self._usable_copy(source)
        if present is not None:
            return present
        if isinstance(source.ask, FromUser):
            self._remove_entry(source)
            return Outcome(source, "not there", notes=(source.ask.hint,))
        by_hand = self._download_path(source)
        if source.download and by_hand.exists():
            made = make_from_download(source, by_hand, self._region)
            return self._record(source, made, "placed by hand")
        if self._request.offline:
            raise FetchError(f"{source.file} is not there, and --offline was said. {_advice_by_hand(source)}")
        # The ONS's servers answer valid questions with 400 now and then; Nomis does where it can't do a geography.
        again = _BAD_REQUEST if isinstance(source.ask, ArcGisLayer) else frozenset[int]()
        web = Downloader(self._session, {*source.hosts, *self._hosts}, watch, again=again)
        if isinstance(source.ask, (ArcGisLayer, NomisTable)):
            return self._record(source, make_from_answers(source, source.ask, self._region, web), "fetched")
        return self._from_file(source, source.ask, web)

    def choose_day_for_all(self) -> None:
        """Enter the day that is usual in all timetables together into the lock, where one of several has come anew."""
        rail = next((name for name in RAIL if name in self.entries), None)
        together = [name for name in (LIVE_BUS, rail) if name in self.entries]
        paths = [self._request.folder / self.entries[name].file for name in together if name]
        if len(paths) < 2 or all(self.entries[name] == self._before.get(name) for name in together if name):
            return
        if all(path.exists() for path in paths):
            bus = self.entries[LIVE_BUS]
            day, notes = chosen_day(read_feed(paths), self._region, " and ".join(path.name for path in paths))
            kept = [note for note in bus.notes if not note.startswith(DAY_NOTE)]
            self.entries[LIVE_BUS] = replace(bus, day=day.isoformat(), notes=(*kept, *notes))
            write_lock(self._request.folder, self.entries)

    def _usable_copy(self, source: Source) -> Outcome | None:
        """The outcome of a source whose file is there and usable; None where the source must be asked."""
        path, entry = self._request.folder / source.file, self.entries.get(source.id)
        if not path.exists():
            return None
        if entry is None or entry.sha256 != sha256_of(path):
            return self._accept(source, path)
        other_day = isinstance(source.ask, DatedFile) and entry.day != self._region.day.isoformat()
        if not entry.by_hand and not self._request.offline and (self._request.refresh or other_day):
            return None
        return Outcome(source, "placed by hand" if entry.by_hand else "present", entry.rows)

    def _accept(self, source: Source, path: Path) -> Outcome:
        try:
            checked = check_file(source, path, self._region)
        except FetchError as error:
            raise FetchError(f"{error}. It was placed or changed by hand: mend it, or remove it and fetch") from error
        return self._record(source, MadeFile(checked.rows, checked.day, notes=checked.notes), "placed by hand")

    def _from_file(self, source: Source, ask: FileAt | DatedFile | GovUkAttachment, web: Downloader) -> Outcome:
        address, remark = self._address(ask, web)
        path, entry = self._download_path(source, "fetched_"), self.entries.get(source.id)
        # "Unchanged" is of use only while the file made from the download is still there.
        known = entry.etag if entry and (self._request.folder / source.file).exists() else ""
        file_format = "csv" if isinstance(ask, GovUkAttachment) else ask.format
        try:
            received = web.file(address, path, known_etag=known, judge=lambda part: check_format(part, file_format))
        except NotThereError as error:
            if not isinstance(ask, DatedFile) or not ask.bundle:
                raise
            received = self._from_bundle(ask, path, web, error)
        except UnansweredError as error:
            raise FetchError(f"{error}. {_OR_ARCHIVE}" if source.id == LIVE_BUS else str(error)) from error
        if received.unchanged and entry:
            return Outcome(source, "unchanged", entry.rows)
        try:
            made = make_from_download(source, path, self._region)
        finally:
            path.unlink(missing_ok=True)  # no longer needed, or faulty
        made = replace(made, notes=(*made.notes, *([remark] if remark else [])))
        return self._record(source, made, "fetched", received)

    def _from_bundle(self, ask: DatedFile, path: Path, web: Downloader, why: FetchError) -> ReceivedFile:
        """The file of an older day out of the zip of all files of that day. Raises `FetchError` where there is none."""
        day = self._region.day
        if ask.gap and ask.gap[0] <= day <= ask.gap[1]:
            kept = f"no timetable was kept from {ask.gap[0]} to {ask.gap[1]}"
            raise FetchError(f"{kept}: choose another day than {day}") from why
        bundle = path.with_name(f"{path.name}.bundle")
        received = web.file(day.strftime(ask.bundle), bundle, judge=lambda part: check_format(part, "zip"))
        try:
            take_inner(bundle, ask.inner, path)
        finally:
            bundle.unlink(missing_ok=True)
        return received

    def _address(self, ask: FileAt | DatedFile | GovUkAttachment, web: Downloader) -> tuple[str, str]:
        if isinstance(ask, GovUkAttachment):
            return resolve_attachment(ask, web)
        if isinstance(ask, DatedFile):
            return self._region.day.strftime(ask.url), ""
        return ask.url, ""

    def _record(self, source: Source, made: MadeFile, state: State, received: ReceivedFile | None = None) -> Outcome:
        """Enter a file that is in its place into the lock at once, so that a killed command need not fetch it again."""
        path = self._request.folder / source.file
        self.entries[source.id] = Entry(
            file=source.file,
            sha256=sha256_of(path),
            bytes=path.stat().st_size,
            rows=made.rows,
            retrieved_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            by_hand=state == "placed by hand",
            service=made.service,
            etag=received.etag if received else "",
            last_modified=received.last_modified if received else "",
            download_sha256=made.download_sha256,
            day=made.day,
            notes=made.notes,
        )
        write_lock(self._request.folder, self.entries)
        return Outcome(source, state, made.rows, made.notes)

    def _remove_entry(self, source: Source) -> None:
        if self.entries.pop(source.id, None):
            write_lock(self._request.folder, self.entries)

    def _download_path(self, source: Source, prefix: str = "") -> Path:
        return self._request.folder / DOWNLOADS / f"{prefix}{source.download or source.file}"


def _advice_by_hand(source: Source) -> str:
    """Advice on how to place the file, or the publisher's file, by hand."""
    columns = f" with the columns {', '.join(source.columns)}" if source.columns else ""
    publishers_file = f", or the publisher's file as {DOWNLOADS}/{source.download}" if source.download else ""
    return f"Place it by hand{columns}{publishers_file}"
