"""`corridors fetch`: fetch the sources into a folder, and print a table of the results."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import httpx

from corridors.fetch.console import Bars, print_fetched, print_probes
from corridors.fetch.errors import FetchError
from corridors.fetch.http.downloader import open_session
from corridors.fetch.http.rate_limit import Clock
from corridors.fetch.job import FetchResult, Request, chosen_sources, fetch_sources
from corridors.fetch.probe import probe_sources
from corridors.fetch.registry import data_folder, read_sources_registry
from corridors.fetch.west_midlands import NAME, districts, lay_out, say_kept
from corridors.runtime.printing import complain, say


@dataclass(frozen=True)
class Options:
    """The options of `corridors fetch`, as typed."""

    region: str
    only: tuple[str, ...]
    to: Path | None
    date: str | None
    offline: bool
    refresh: bool
    allow_hosts: tuple[str, ...]
    accept_rows: tuple[str, ...]
    quiet: bool


def fetch(options: Options, clock: Clock | None = None, transport: httpx.BaseTransport | None = None) -> FetchResult:
    """Fetch the sources, write the configuration, and print the result of each source.

    `clock` and `transport` are for tests, which use a server of their own and do not wait.
    """
    if options.region != NAME:
        raise FetchError(f"only {NAME} can be fetched, not {options.region!r}")
    folder = options.to or data_folder()
    request = Request(
        folder=folder,
        districts=districts(),
        only=options.only,
        date=_day(options.date),
        offline=options.offline,
        refresh=options.refresh,
        allow_hosts=options.allow_hosts,
        accept_rows=options.accept_rows,
    )
    _show_terms(request)
    session = open_session(clock, transport)
    with session.client:
        fetched = fetch_sources(request, session, Bars(options.quiet).watch)
    say_kept(folder, fetched.kept)
    config = lay_out(folder)
    if not options.quiet:
        print_fetched(fetched)
    for problem in fetched.problems:
        complain(f"error: {problem}")
    if not options.quiet:
        _say_what_next(fetched, config, options)
    return fetched


def _show_terms(request: Request) -> None:
    """Print the terms of what is to be fetched, before anybody is asked."""
    for source in chosen_sources(request):
        if source.terms and not (request.folder / source.file).exists():
            complain(f"corridors: terms of {source.id}: {source.terms}")


def probe(transport: httpx.BaseTransport | None = None) -> None:
    """Ask every source once, and print its answers."""
    session = open_session(transport=transport)
    with session.client:
        print_probes(list(probe_sources(read_sources_registry(), session)))


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise FetchError(f"--date {text!r} is not a day; write YYYY-MM-DD, for example 2026-10-06") from None


def _say_what_next(fetched: FetchResult, config: Path, options: Options) -> None:
    if fetched.problems:
        say(f"{len(fetched.problems)} source(s) are missing; say the same command again to get only those")
    else:
        say(f"next: corridors run {NAME if options.to is None else config}")
