"""Downloader: asks publishers politely, follows only allowed redirects, tries again within limits, resumes broken files."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx

from corridors.fetch.errors import AddressRefusedError, FetchError, TryAgainError
from corridors.fetch.http.addresses import OutwardTransport, behind_proxy, check_address, public_form
from corridors.fetch.http.partial import Part, etag_of, is_etag
from corridors.fetch.http.rate_limit import Clock, Pace
from corridors.fetch.http.responses import (
    TO_CONDITIONS,
    TO_RANGES,
    WHOLE,
    check_status,
    json_object,
    last_modified,
    refuse_packed,
    refuse_web_page,
    whole_number,
)
from corridors.version import VERSION

USER_AGENT = f"inclusive-growth-corridors/{VERSION} (corridors fetch)"
ATTEMPTS, UNREACHED_ATTEMPTS = 5, 2
FIRST_PAUSE_S = 2.0  # doubled after every failure
LONGEST_PAUSE_S = 120.0  # a publisher that asks for more is told goodbye, and the user when to come back
MAX_REDIRECTS = 5
MAX_ANSWER_BYTES = 64 * 2**20
MAX_FILE_BYTES = 2 * 2**30
# A drip of bytes keeps a read timeout from ever firing: below this rate, after this long, the attempt is over.
SLOWEST_BYTES_PER_S, PATIENCE_S = 1024, 60.0
_REDIRECTS = {301, 302, 303, 307, 308}

Watch = Callable[[int, int | None], None]  # bytes received so far, bytes expected (None: the publisher did not say)
Judge = Callable[[bytes], None]  # raises TryAgainError for an answer that is an error in disguise
T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """What all downloaders of one command share: connections, the clock, and who was asked when."""

    client: httpx.Client
    clock: Clock
    pace: Pace


@dataclass(frozen=True)
class Received:
    """A file as it came: its validators, and whether the publisher said that nothing has changed since."""

    etag: str
    last_modified: str
    unchanged: bool = False


def open_line(clock: Clock | None = None, transport: httpx.BaseTransport | None = None) -> Line:
    """A line to the publishers; close its client when done. `transport` lets tests lead it to a server of their own.

    Behind a proxy it is the proxy that looks up names, so where they lead can't be judged here.
    """
    clock = clock or Clock()
    transport = transport or (None if behind_proxy() else OutwardTransport())
    timeout = httpx.Timeout(60.0, connect=20.0)
    headers = {"User-Agent": USER_AGENT, "Accept": "*/*"}
    client = httpx.Client(timeout=timeout, headers=headers, follow_redirects=False, transport=transport)
    return Line(client, clock, Pace(clock))


def accept_any(_answer: bytes) -> None:
    """A judge without demands."""


class Downloader:
    """Asks the hosts of one source. Every failure becomes a `FetchError` that names the host, never the query."""

    def __init__(
        self, line: Line, hosts: Iterable[str], watch: Watch = lambda _got, _of: None, attempts: int = ATTEMPTS
    ) -> None:
        self._line, self._hosts, self._watch, self._attempts = line, frozenset(hosts), watch, attempts

    def answer(
        self,
        address: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        judge: Judge = accept_any,
    ) -> bytes:
        """The whole body of a small answer to a GET, or to a POST of `form`."""

        def attempt() -> bytes:
            with self._asked(address, query=query, form=form) as response:
                content = b"".join(self._blocks(response, 0, MAX_ANSWER_BYTES))
            refuse_web_page(response, content)
            judge(content)
            return content

        return self._persist(address, attempt)

    def json(
        self,
        address: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        judge: Callable[[object], None] = lambda _answer: None,
    ) -> dict[str, object]:
        """An answer that is a JSON object; anything else is tried again, then refused."""

        def judge_content(content: bytes) -> None:
            judge(json_object(content))

        return json_object(self.answer(address, query=query, form=form, judge=judge_content))

    def file(self, address: str, path: Path, *, known_etag: str = "", judge: Callable[[Path], None]) -> Received:
        """Download to `path` through `path`.part, going on where an earlier attempt or an earlier command broke off.

        `known_etag` is that of the copy we have: the publisher may then answer "unchanged" and nothing is written.
        `judge` looks at the whole part before it takes its name; what it refuses with `TryAgainError` is thrown away.
        """
        part = Part(path)

        def attempt() -> Received:
            headers = part.resume_headers() or ({"If-None-Match": known_etag} if is_etag(known_etag) else {})
            with self._asked(address, headers=headers, answers=_answers_to(headers)) as response:
                if response.status_code == httpx.codes.NOT_MODIFIED:
                    return Received(known_etag, last_modified(response), unchanged=True)
                received = self._receive(response, part)
            try:
                judge(part.path)
            except TryAgainError:
                part.discard()
                raise
            part.finish(path)
            return received

        return self._persist(address, attempt)

    def first_bytes(self, address: str) -> httpx.Response:
        """One polite question whether a file is there: the head of the answer, with its body left unread."""

        def attempt() -> httpx.Response:
            answers = WHOLE | {HTTPStatus.PARTIAL_CONTENT}
            with self._asked(address, headers={"Range": "bytes=0-0"}, answers=answers) as response:
                return response

        return self._persist(address, attempt)

    def _persist(self, address: str, attempt: Callable[[], T]) -> T:
        turn, turns = 0, self._attempts
        while True:
            try:
                return attempt()
            except TryAgainError as failure:
                reason, asked_s = failure, failure.after_s
            except httpx.RequestError as error:
                reason, asked_s = TryAgainError(f"the connection failed ({_plainly(error)})"), None
                # Without a network every source fails like this: waiting long for each would take minutes.
                turns = min(turns, UNREACHED_ATTEMPTS) if isinstance(error, httpx.ConnectError) else turns
            pause_s = FIRST_PAUSE_S * 2**turn if asked_s is None else asked_s
            turn += 1
            if pause_s > LONGEST_PAUSE_S:
                raise FetchError(f"{_host(address)}: {reason}; it asks to be left alone for {pause_s:,.0f} s")
            if turn >= turns:
                times = f"{turn} attempts" if turn > 1 else "one attempt"
                raise FetchError(
                    f"{public_form(address)}: {reason}, after {times}. What arrived so far is kept: try later"
                )
            self._line.clock.sleep(pause_s)

    @contextmanager
    def _asked(
        self,
        address: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        answers: Set[int] = WHOLE,
    ) -> Iterator[httpx.Response]:
        """The response to one question, after redirects, with one of the statuses `answers`; its body is still to be read."""
        client, came_from = self._line.client, ""
        # Files are asked for as they are: a packed transfer would make lengths and ranges mean something else.
        sent = {"Accept-Encoding": "identity", **(headers or {})}
        for _ in range(MAX_REDIRECTS + 1):
            check_address(address, self._hosts, came_from)
            self._line.pace.wait(_host(address))
            response = _sent(client, "POST" if form else "GET", address, params=query, data=form, headers=sent)
            try:
                if response.status_code not in _REDIRECTS:
                    check_status(response, address, answers)
                    refuse_packed(response, address)
                    yield response
                    return
                if form:
                    raise FetchError(f"{_host(address)}: redirects a question put by POST, which no publisher should")
            finally:
                response.close()
            address, came_from, query = _led_to(response, address), _host(address), None
        raise FetchError(f"{came_from}: more than {MAX_REDIRECTS} redirects, one after the other")

    def _blocks(self, response: httpx.Response, before: int, limit: int) -> Iterator[bytes]:
        """The body block by block. Raises `TryAgainError` when it drips, `FetchError` past `limit` bytes.

        A body that ends before its stated length is an httpx.RemoteProtocolError already.
        """
        length = whole_number(response.headers.get("content-length", ""))
        expected = before + length if length is not None else None
        started, got = self._line.clock.now(), before
        for block in response.iter_raw():
            got += len(block)
            if got > limit:
                raise FetchError(f"{_host(str(response.url))}: sends more than {limit:,} bytes; that is not the file")
            elapsed_s = self._line.clock.now() - started
            if elapsed_s > PATIENCE_S and (got - before) / elapsed_s < SLOWEST_BYTES_PER_S:
                raise TryAgainError(f"it sends less than {SLOWEST_BYTES_PER_S:,} bytes a second")
            yield block
            self._watch(got, expected)

    def _receive(self, response: httpx.Response, part: Part) -> Received:
        start, total = part.span_of(response)
        with part.open(start, response) as stream:
            for block in self._blocks(response, start, MAX_FILE_BYTES):
                stream.write(block)
        part.check_length(total)
        return Received(etag_of(response), last_modified(response))


def _answers_to(headers: Mapping[str, str]) -> Set[int]:
    """The statuses that answer a question for a file with these headers: a part or "unchanged" only where asked for."""
    return (
        WHOLE
        | (TO_RANGES if "Range" in headers else frozenset())
        | (TO_CONDITIONS if "If-None-Match" in headers else frozenset())
    )


def _sent(client: httpx.Client, method: str, address: str, **parts: Any) -> httpx.Response:
    """The head of the response. httpx reads redirects even where it does not follow them, and trips over odd ones.

    What it raises then depends on what is odd: its own errors, those of urllib, those of the library for host names.
    """
    try:
        return client.send(client.build_request(method, address, **parts), stream=True)
    except FetchError:  # of our own transport
        raise
    except (httpx.RemoteProtocolError, httpx.InvalidURL, ValueError) as error:
        if isinstance(error, httpx.RemoteProtocolError) and "location header" not in str(error):
            raise
        raise _odd_redirect(address) from error


def _led_to(response: httpx.Response, address: str) -> str:
    try:
        return urljoin(address, str(response.headers.get("location", "")))
    except ValueError as error:
        raise _odd_redirect(address) from error


def _odd_redirect(address: str) -> AddressRefusedError:
    return AddressRefusedError(f"{_host(address)} redirects to what can't be read as an address")


def _host(address: str) -> str:
    return urlsplit(address).hostname or public_form(address)


def _plainly(error: httpx.RequestError) -> str:
    kinds: dict[type[httpx.RequestError], str] = {
        httpx.ConnectTimeout: "no answer",
        httpx.ConnectError: "not reached",
        httpx.ReadTimeout: "it fell silent",
        httpx.RemoteProtocolError: "the answer was cut short",
    }
    return kinds.get(type(error), "broken off")
