"""Downloader: asks publishers politely, follows only allowed redirects, tries again within limits, resumes broken files."""

import email.utils
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import httpx

from corridors.fetch.addresses import check_address, public_form
from corridors.fetch.errors import AddressRefusedError, FetchError, TryAgainError
from corridors.fetch.pace import Clock, Pace
from corridors.fetch.parts import Part
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
_BUSY = {408, 425, 429, 500, 502, 503, 504}
_REDIRECTS = {301, 302, 303, 307, 308}
_ANSWERS = {200, 206, 304, 416}  # the whole, a part, unchanged, no such part

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
    """A line to the publishers; close its client when done. `transport` lets tests lead it to a server of their own."""
    clock = clock or Clock()
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
            _refuse_web_page(response, content)
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
            judge(_json_object(content))

        return _json_object(self.answer(address, query=query, form=form, judge=judge_content))

    def file(self, address: str, path: Path, *, known_etag: str = "", judge: Callable[[Path], None]) -> Received:
        """Download to `path` through `path`.part, going on where an earlier attempt or an earlier command broke off.

        `known_etag` is that of the copy we have: the publisher may then answer "unchanged" and nothing is written.
        `judge` looks at the whole part before it takes its name; what it refuses with `TryAgainError` is thrown away.
        """
        part = Part(path)

        def attempt() -> Received:
            headers = part.resume_headers() or ({"If-None-Match": known_etag} if known_etag else {})
            with self._asked(address, headers=headers) as response:
                if response.status_code == httpx.codes.NOT_MODIFIED:
                    return Received(known_etag, response.headers.get("last-modified", ""), unchanged=True)
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
            with self._asked(address, headers={"Range": "bytes=0-0"}) as response:
                return response

        return self._persist(address, attempt)

    def _persist(self, address: str, attempt: Callable[[], T]) -> T:
        turn, turns = 0, self._attempts
        while True:
            try:
                return attempt()
            except TryAgainError as failure:
                reason, asked_s = failure, failure.after_s
            except httpx.TransportError as error:
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
    ) -> Iterator[httpx.Response]:
        """The response to one question, after redirects; its body is still to be read."""
        client, came_from = self._line.client, ""
        # Files are asked for as they are: a packed transfer would make lengths and ranges mean something else.
        sent = {"Accept-Encoding": "identity", **(headers or {})}
        for _ in range(MAX_REDIRECTS + 1):
            check_address(address, self._hosts, came_from)
            self._line.pace.wait(_host(address))
            request = client.build_request("POST" if form else "GET", address, params=query, data=form, headers=sent)
            response = _sent(client, request)
            try:
                if response.status_code not in _REDIRECTS:
                    _check_status(response, address)
                    yield response
                    return
                if form:
                    raise FetchError(f"{_host(address)}: redirects a question put by POST, which no publisher should")
            finally:
                response.close()
            address, came_from, query = urljoin(address, response.headers.get("location", "")), _host(address), None
        raise FetchError(f"{came_from}: more than {MAX_REDIRECTS} redirects, one after the other")

    def _blocks(self, response: httpx.Response, before: int, limit: int) -> Iterator[bytes]:
        """The body block by block. Raises `TryAgainError` when it drips, `FetchError` past `limit` bytes.

        A body that ends before its stated length is an httpx.RemoteProtocolError already.
        """
        length = response.headers.get("content-length", "")
        expected = before + int(length) if length.isdigit() else None
        started, got = self._line.clock.now(), before
        for block in response.iter_bytes():
            got += len(block)
            if got > limit:
                raise FetchError(f"{_host(str(response.url))}: sends more than {limit:,} bytes; that is not the file")
            elapsed_s = self._line.clock.now() - started
            if elapsed_s > PATIENCE_S and (got - before) / elapsed_s < SLOWEST_BYTES_PER_S:
                raise TryAgainError(f"it sends less than {SLOWEST_BYTES_PER_S:,} bytes a second")
            yield block
            self._watch(got, expected)

    def _receive(self, response: httpx.Response, part: Part) -> Received:
        start = part.start_of(response)
        with part.open(start, response) as stream:
            for block in self._blocks(response, start, MAX_FILE_BYTES):
                stream.write(block)
        return Received(response.headers.get("etag", ""), response.headers.get("last-modified", ""))


def _sent(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    """The head of the response. httpx reads redirects even where it does not follow them, and trips over odd ones."""
    try:
        return client.send(request, stream=True)
    except (httpx.InvalidURL, httpx.RemoteProtocolError) as error:
        if isinstance(error, httpx.RemoteProtocolError) and "location header" not in str(error):
            raise
        raise AddressRefusedError(f"{request.url.host} redirects to what can't be read as an address") from error


def _check_status(response: httpx.Response, address: str) -> None:
    status = response.status_code
    if status in _ANSWERS:
        return
    if status in _BUSY:
        raise TryAgainError(f"it answers {status} {response.reason_phrase}", _retry_after_s(response))
    raise FetchError(
        f"{public_form(address)}: the publisher answers {status} {response.reason_phrase}. The address may have changed: "
        "`corridors sources --probe` shows which still answer; or download the file by hand"
    )


def _retry_after_s(response: httpx.Response) -> float | None:
    """Seconds of a Retry-After header, which may also be a date (RFC 9110, 10.2.3)."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    with suppress(ValueError, TypeError):
        return max(email.utils.parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    return None


def _refuse_web_page(response: httpx.Response, content: bytes) -> None:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in {"text/html", "application/xhtml+xml"} or looks_like_web_page(content[:512]):
        raise TryAgainError("it sent a web page instead of data")


def looks_like_web_page(start: bytes) -> bool:
    """Whether a file that begins like this is HTML: an error page that came with status 200."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return text.startswith((b"<!doctype html", b"<html", b"<head", b"<script", b"<?xml"))


def _json_object(content: bytes) -> dict[str, object]:
    try:
        answer = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise TryAgainError(f"its answer is not JSON ({type(error).__name__})") from error
    if not isinstance(answer, dict):
        raise TryAgainError("its answer is JSON but not an object")
    return answer


def _host(address: str) -> str:
    return urlsplit(address).hostname or public_form(address)


def _plainly(error: httpx.TransportError) -> str:
    kinds = {
        httpx.ConnectTimeout: "no answer",
        httpx.ConnectError: "not reached",
        httpx.ReadTimeout: "it fell silent",
        httpx.RemoteProtocolError: "the answer was cut short",
    }
    return kinds.get(type(error), "broken off")
