"""Downloads from publishers: rate-limited requests, allowed redirects only, a few retries, resumed files."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx

from corridors.fetch.errors import AddressRefusedError, FetchError, TryAgainError, UnansweredError
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
FIRST_PAUSE_OF_WHOLE_S = 15.0  # where a file can only be asked for again from its first byte
LONGEST_PAUSE_S = 120.0  # where a publisher asks for a longer pause, the download ends and the message says how long
MAX_REDIRECTS = 5
MAX_ANSWER_BYTES = 64 * 2**20
MAX_FILE_BYTES = 2 * 2**30
# A slow trickle of bytes never meets the read timeout: an attempt ends where the rate is lower after this time.
SLOWEST_BYTES_PER_S, PATIENCE_S = 1024, 60.0
_REDIRECTS = {301, 302, 303, 307, 308}

Watch = Callable[[int, int | None], None]  # bytes received so far, bytes expected (None: the publisher did not say)
Judge = Callable[[bytes], None]  # raises TryAgainError for an answer with status 200 that reports an error
T = TypeVar("T")


@dataclass(frozen=True)
class Session:
    """Connections, clock and rate limit that all downloaders of one command share."""

    client: httpx.Client
    clock: Clock
    pace: Pace


@dataclass(frozen=True)
class ReceivedFile:
    """The validators of a received file, and whether the publisher answered that it is unchanged."""

    etag: str
    last_modified: str
    unchanged: bool = False


def open_session(clock: Clock | None = None, transport: httpx.BaseTransport | None = None) -> Session:
    """A new session; the caller closes its client. Tests give a `transport` that leads to a server of their own.

    Behind a proxy the proxy looks up names, so the addresses that they lead to can't be checked here.
    """
    clock = clock or Clock()
    transport = transport or (None if behind_proxy() else OutwardTransport())
    timeout = httpx.Timeout(60.0, connect=20.0)
    headers = {"User-Agent": USER_AGENT, "Accept": "*/*"}
    client = httpx.Client(timeout=timeout, headers=headers, follow_redirects=False, transport=transport)
    return Session(client, clock, Pace(clock))


def accept_any(_answer: bytes) -> None:
    """A judge that accepts every answer."""


class Downloader:
    """Requests to the hosts of one source. Every failure becomes a `FetchError`, whose message never holds the query."""

    def __init__(
        self,
        session: Session,
        hosts: Iterable[str],
        watch: Watch = lambda _got, _of: None,
        attempts: int = ATTEMPTS,
        again: Set[int] = frozenset(),
    ) -> None:
        """`again` are statuses that this publisher also sends for requests that succeed when put again."""
        self._again = again
        self._session, self._hosts, self._watch, self._attempts = session, frozenset(hosts), watch, attempts

    def answer(
        self,
        address: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        judge: Judge = accept_any,
    ) -> bytes:
        """The body of an answer to a GET, or to a POST of `form`, of at most `MAX_ANSWER_BYTES`.

        `judge` raises `TryAgainError` for an answer that is to be asked for again.
        """

        def attempt() -> bytes:
            with self._response(address, query=query, form=form) as response:
                content = b"".join(self._blocks(response, 0, MAX_ANSWER_BYTES))
            refuse_web_page(response, content)
            judge(content)
            return content

        return self._with_retries(address, attempt)

    def json(
        self,
        address: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        judge: Callable[[object], None] = lambda _answer: None,
    ) -> dict[str, object]:
        """The JSON object of an answer; other answers are asked for again, then refused. `judge` as in `answer`."""

        def judge_content(content: bytes) -> None:
            judge(json_object(content))

        return json_object(self.answer(address, query=query, form=form, judge=judge_content))

    def file(self, address: str, path: Path, *, known_etag: str = "", judge: Callable[[Path], None]) -> ReceivedFile:
        """Download to `path` through `path`.part, continuing where an earlier attempt or command was interrupted.

        `known_etag` is that of an existing copy: the publisher may then answer "unchanged" and nothing is written.
        `judge` checks the whole part before it is renamed; a part for which it raises `TryAgainError` is deleted.
        """
        part = Part(path)

        def attempt() -> ReceivedFile:
            headers = part.resume_headers() or ({"If-None-Match": known_etag} if is_etag(known_etag) else {})
            with self._response(address, headers=headers, answers=_answers_to(headers)) as response:
                if response.status_code == httpx.codes.NOT_MODIFIED:
                    return ReceivedFile(known_etag, last_modified(response), unchanged=True)
                received = self._receive(response, part)
            try:
                judge(part.path)
            except TryAgainError:
                part.discard()
                raise
            part.finish(path)
            return received

        def first_pause_s() -> float:
            return FIRST_PAUSE_S if part.resume_headers() else FIRST_PAUSE_OF_WHOLE_S

        return self._with_retries(address, attempt, first_pause_s)

    def first_bytes(self, address: str) -> httpx.Response:
        """The response to a request for the file's first byte, to tell whether it is there; the body is not read."""

        def attempt() -> httpx.Response:
            answers = WHOLE | {HTTPStatus.PARTIAL_CONTENT}
            with self._response(address, headers={"Range": "bytes=0-0"}, answers=answers) as response:
                return response

        return self._with_retries(address, attempt)

    def _with_retries(
        self, address: str, attempt: Callable[[], T], first_pause_s: Callable[[], float] = lambda: FIRST_PAUSE_S
    ) -> T:
        done, most = 0, self._attempts
        while True:
            try:
                return attempt()
            except TryAgainError as failure:
                reason, asked_s = failure, failure.after_s
            except httpx.RequestError as error:
                reason, asked_s = TryAgainError(f"the connection failed ({_failure_words(error)})"), None
                # Without a network every source fails like this: waiting long for each would take minutes.
                most = min(most, UNREACHED_ATTEMPTS) if isinstance(error, httpx.ConnectError) else most
            pause_s = min(first_pause_s() * 2**done, LONGEST_PAUSE_S) if asked_s is None else asked_s
            done += 1
            if pause_s > LONGEST_PAUSE_S:
                raise FetchError(f"{_host(address)}: {reason}; it asks to be left alone for {pause_s:,.0f} s")
            if done >= most:
                times = f"{done} attempts" if done > 1 else "one attempt"
                raise UnansweredError(
                    f"{public_form(address)}: {reason}, after {times}. What arrived so far is kept: try later, "
                    "by the same command"
                )
            self._session.clock.sleep(pause_s)

    @contextmanager
    def _response(
        self,
        address: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        answers: Set[int] = WHOLE,
    ) -> Iterator[httpx.Response]:
        """The response to one request, after redirects, with one of the statuses `answers`; its body is not read yet."""
        client, came_from = self._session.client, ""
        # Without compression, in which lengths and ranges would mean something else.
        sent = {"Accept-Encoding": "identity", **(headers or {})}
        for _ in range(MAX_REDIRECTS + 1):
            check_address(address, self._hosts, came_from)
            self._session.pace.wait(_host(address))
            response = _send(client, "POST" if form else "GET", address, params=query, data=form, headers=sent)
            try:
                if response.status_code not in _REDIRECTS:
                    check_status(response, address, answers, self._again)
                    refuse_packed(response, address)
                    yield response
                    return
                if form:
                    raise FetchError(f"{_host(address)}: redirects a question put by POST, which no publisher should")
            finally:
                response.close()
            address, came_from, query = _redirect_target(response, address), _host(address), None
        raise FetchError(f"{came_from}: more than {MAX_REDIRECTS} redirects, one after the other")

    def _blocks(self, response: httpx.Response, before: int, limit: int) -> Iterator[bytes]:
        """The body block by block. Raises `TryAgainError` where it is too slow, `FetchError` past `limit` bytes.

        httpx raises RemoteProtocolError where the body ends before its stated length.
        """
        length = whole_number(response.headers.get("content-length", ""))
        expected = before + length if length is not None else None
        started, got = self._session.clock.now(), before
        for block in response.iter_raw():
            got += len(block)
            if got > limit:
                raise FetchError(f"{_host(str(response.url))}: sends more than {limit:,} bytes; that is not the file")
            elapsed_s = self._session.clock.now() - started
            if elapsed_s > PATIENCE_S and (got - before) / elapsed_s < SLOWEST_BYTES_PER_S:
                raise TryAgainError(f"it sends less than {SLOWEST_BYTES_PER_S:,} bytes a second")
            yield block
            self._watch(got, expected)

    def _receive(self, response: httpx.Response, part: Part) -> ReceivedFile:
        start, total = part.span_of(response)
        with part.open(start, response) as stream:
            for block in self._blocks(response, start, MAX_FILE_BYTES):
                stream.write(block)
        part.check_length(total)
        return ReceivedFile(etag_of(response), last_modified(response))


def _answers_to(headers: Mapping[str, str]) -> Set[int]:
    """The statuses that answer a request with these headers: a part or "unchanged" only where the headers ask for it."""
    return (
        WHOLE
        | (TO_RANGES if "Range" in headers else frozenset())
        | (TO_CONDITIONS if "If-None-Match" in headers else frozenset())
    )


def _send(client: httpx.Client, method: str, address: str, **parts: Any) -> httpx.Response:
    """The response to a request, its body not read yet. Raises `AddressRefusedError` for a redirect that can't be read.

    httpx reads redirects even where it does not follow them, and raises its own errors, urllib's or idna's for odd ones.
    """
    try:
        return client.send(client.build_request(method, address, **parts), stream=True)
    except FetchError:  # raised by OutwardTransport
        raise
    except (httpx.RemoteProtocolError, httpx.InvalidURL, ValueError) as error:
        if isinstance(error, httpx.RemoteProtocolError) and "location header" not in str(error):
            raise
        raise _odd_redirect(address) from error


def _redirect_target(response: httpx.Response, address: str) -> str:
    try:
        # Some stores write names of files with raw spaces, which belong to no address.
        return urljoin(address, str(response.headers.get("location", "")).strip().replace(" ", "%20"))
    except ValueError as error:
        raise _odd_redirect(address) from error


def _odd_redirect(address: str) -> AddressRefusedError:
    return AddressRefusedError(f"{_host(address)} redirects to what can't be read as an address")


def _host(address: str) -> str:
    return urlsplit(address).hostname or public_form(address)


def _failure_words(error: httpx.RequestError) -> str:
    kinds: dict[type[httpx.RequestError], str] = {
        httpx.ConnectTimeout: "no answer",
        httpx.ConnectError: "not reached",
        httpx.ReadTimeout: "it fell silent",
        httpx.RemoteProtocolError: "the answer was cut short",
    }
    return kinds.get(type(error), "broken off")
