"""Publishers on loopback: one HTTP server that answers for every host, in each publisher's own protocol.

`Publishers.transport()` leads https://any.host/path to it, so that addresses, hosts and schemes are checked as they are in
earnest. A route answers with a `Reply`, a list of them (the last repeats), or a function of what was asked.
"""

import csv
import hashlib
import io
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import httpx

from corridors.fetch.http.downloader import Session, open_session
from corridors.fetch.http.rate_limit import Clock

ARCGIS_HOST, NOMIS_HOST = "services1.arcgis.com", "www.nomisweb.co.uk"
ARCGIS_BASE = "/ESMARspQHYMw9BZ9/arcgis/rest/services"
NOMIS_CAP = 25_000


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case


@dataclass(frozen=True)
class Reply:
    """What to send. `cut_at` breaks off after that many bytes of the body, `falls_silent_at` stops sending there."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_at: int | None = None
    falls_silent_at: int | None = None
    blocks: int = 1  # pieces the body is sent in
    reason: str | None = None  # the words after the status; the usual ones unless given
    chunked: bool = False  # sent in chunks, without a length


Handler = Callable[[Asked], Reply]


class Publishers:
    """The server; use it in a `with` block. `asked` lists every request in order."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._routes: dict[tuple[str, str], Handler] = {}
        self._prefixes: dict[tuple[str, str], Handler] = {}
        self._closing = threading.Event()
        self._server = _QuietServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def on(self, address: str, *replies: Reply | Handler) -> None:
        """Answer for one address (its query set aside): replies in order, the last for ever."""
        waiting = list(replies)

        def handle(asked: Asked) -> Reply:
            reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            return reply if isinstance(reply, Reply) else reply(asked)

        parts = urlsplit(address)
        self._routes[parts.netloc, parts.path] = handle

    def on_all_of(self, host: str, prefix: str, handler: Handler) -> None:
        """Answer for every path of `host` that begins with `prefix`."""
        self._prefixes[host, prefix] = handler

    def handler_of(self, host: str, prefix: str) -> Handler:
        """What answers for the paths of `host` that begin with `prefix`."""
        return self._prefixes[host, prefix]

    def body_of(self, address: str) -> bytes:
        """What an address answers with, whole."""
        parts = urlsplit(address)
        asked = Asked("GET", parts.netloc, parts.path, {}, {}, {})
        return self._routes[parts.netloc, parts.path](asked).body

    def forget(self) -> None:
        """Answer for nothing any more."""
        self._routes.clear()
        self._prefixes.clear()

    def answer(self, asked: Asked) -> Reply:
        """The reply of the route that fits; 404 where none does."""
        self.asked.append(asked)
        exact = self._routes.get((asked.host, asked.path))
        if exact:
            return exact(asked)
        for (host, prefix), handler in self._prefixes.items():
            if asked.host == host and asked.path.startswith(prefix):
                return handler(asked)
        return Reply(b"<html><body>Not found</body></html>", 404, {"Content-Type": "text/html"})

    def wait_until_closing(self) -> None:
        """Send nothing more until the test is over."""
        self._closing.wait(timeout=10)

    def transport(self) -> httpx.BaseTransport:
        """A transport that leads every host here; the request keeps the name of the host it was meant for."""
        return _ToLoopback(self._server.server_address[1])

    def session(self, clock: Clock | None = None) -> Session:
        """A session with these publishers, without waiting by default."""
        return open_session(clock or TurnedClock().clock, self.transport())


class _QuietServer(ThreadingHTTPServer):
    """Says nothing where a client hangs up in the middle of an answer, as one does that has seen enough of it."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class _ToLoopback(httpx.HTTPTransport):
    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return super().handle_request(
            httpx.Request(
                request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
            )
        )


def _handler_of(publishers: Publishers) -> type[BaseHTTPRequestHandler]:
    class Handling(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._handle()

        def do_POST(self) -> None:
            self._handle()

        def log_message(self, *_: object) -> None:
            pass

        def _handle(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Asked(
                method=self.command,
                host=self.headers["Host"],
                path=parts.path,
                query=dict(parse_qsl(parts.query, keep_blank_values=True)),
                form=dict(parse_qsl(body.decode(), keep_blank_values=True)),
                headers={name.lower(): value for name, value in self.headers.items()},
            )
            self._send(publishers.answer(asked))

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status, reply.reason)
            length = {"Transfer-Encoding": "chunked"} if reply.chunked else {"Content-Length": str(len(reply.body))}
            for name, value in {**length, **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            for block in _blocks(reply):
                self.wfile.write(block)
                self.wfile.flush()
            if reply.falls_silent_at is not None:
                publishers.wait_until_closing()
            if reply.cut_at is not None or reply.falls_silent_at is not None:
                self.close_connection = True

    return Handling


def _blocks(reply: Reply) -> Iterator[bytes]:
    """What is sent of a body, piece by piece; chunks carry their length, and an empty one ends them (RFC 9112, 7.1)."""
    sent = min(len(reply.body), reply.cut_at or len(reply.body), reply.falls_silent_at or len(reply.body))
    step = max(1, -(-sent // reply.blocks))
    blocks = [reply.body[start : min(start + step, sent)] for start in range(0, sent, step)]
    if not reply.chunked:
        yield from blocks
        return
    for block in (*blocks, *([] if sent < len(reply.body) else [b""])):
        yield b"%x\r\n%b\r\n" % (len(block), block)


class TurnedClock:
    """A clock that only moves when somebody sleeps, or by `tick_s` whenever it is read."""

    def __init__(self, tick_s: float = 0.0) -> None:
        self.time_s, self.slept_s, self._tick_s = 0.0, [], tick_s  # type: float, list[float], float

    @property
    def clock(self) -> Clock:
        """To give to what is tested."""
        return Clock(self._now, self._sleep)

    def _now(self) -> float:
        self.time_s += self._tick_s
        return self.time_s

    def _sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.time_s += seconds


def web_page(status: int = 200) -> Reply:
    """What a gateway or a maintenance page sends in place of data."""
    return Reply(b"<!DOCTYPE html><html><h1>Sorry</h1></html>", status, {"Content-Type": "text/html; charset=utf-8"})


def json_reply(content: object, status: int = 200) -> Reply:
    """JSON as most publishers send it."""
    return Reply(json.dumps(content).encode(), status, {"Content-Type": "application/json"})


def redirect(location: str, status: int = 302) -> Reply:
    """A redirect."""
    return Reply(b"", status, {"Location": location})


def file_of(content: bytes, content_type: str = "application/octet-stream", **broken: int) -> Handler:
    """A file server that knows ETag, If-None-Match, Range and If-Range (RFC 9110); `broken` are fields of `Reply`."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'

    def handle(asked: Asked) -> Reply:
        headers = {"Content-Type": content_type, "ETag": etag, "Last-Modified": "Tue, 06 Oct 2026 02:00:00 GMT"}
        if asked.headers.get("if-none-match") == etag:
            return Reply(b"", 304, headers)
        match = re.fullmatch(r"bytes=(\d+)-(\d*)", asked.headers.get("range", ""))
        if match is None or asked.headers.get("if-range", etag) != etag:
            return Reply(content, 200, headers, **broken)
        start = int(match[1])
        if start >= len(content):
            return Reply(b"", 416, {**headers, "Content-Range": f"bytes */{len(content)}"})
        end = min(int(match[2] or len(content) - 1), len(content) - 1)
        headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
        return Reply(content[start : end + 1], 206, headers)

    return handle


@dataclass(frozen=True)
class FeatureService:
    """An ArcGIS layer: rows of attributes, geometries in Esri's JSON by row where it has any, and the page's cap."""

    rows: Sequence[Mapping[str, object]]
    geometries: Sequence[Mapping[str, object]] = ()
    wkid: int = 27700
    page_cap: int = 1000


def feature_server(services: Mapping[str, FeatureService]) -> Handler:
    """An ArcGIS server: the list of services, what each holds, and queries by `KEY IN (...) AND FID > n`."""

    def handle(asked: Asked) -> Reply:
        rest = asked.path.removeprefix(ARCGIS_BASE).strip("/")
        if not rest:
            return json_reply({"services": [{"name": name, "type": "FeatureServer"} for name in services]})
        name, _, what = rest.partition("/FeatureServer/0")
        service = services.get(name)
        if service is None:
            return json_reply({"error": {"code": 400, "message": "Invalid URL", "details": []}})
        if what == "/query":
            return json_reply(_query(service, asked.form or asked.query))
        names = ["FID", *(service.rows[0] if service.rows else ())]
        return json_reply({"objectIdField": "FID", "fields": [{"name": each} for each in names]})

    return handle


def _query(service: FeatureService, form: Mapping[str, str]) -> dict[str, Any]:
    match = re.fullmatch(r"(\w+) IN \((.*)\) AND FID > (-?\d+)", form.get("where", ""))
    if match is None:
        return {"error": {"code": 400, "message": "Invalid query parameters", "details": []}}
    key, wanted, after = match[1], set(re.findall(r"'([^']*)'", match[2])), int(match[3])
    found = [
        {
            "attributes": {"FID": number, **{name: row[name] for name in form["outFields"].split(",") if name in row}},
            **({"geometry": service.geometries[number]} if form["returnGeometry"] == "true" else {}),
        }
        for number, row in enumerate(service.rows)
        if row[key] in wanted and number > after
    ]
    answer: dict[str, Any] = {"features": found[: service.page_cap]}
    if len(found) > service.page_cap:
        answer["exceededTransferLimit"] = True
    if form["returnGeometry"] == "true":
        answer["spatialReference"] = {"wkid": service.wkid, "latestWkid": service.wkid}
    return answer


@dataclass(frozen=True)
class NomisDataset:
    """Categories (code -> name) of one dimension, and values by district, zone and code; None is withheld."""

    dimension: str
    categories: Mapping[str, str]
    values: Mapping[str, Mapping[str, Mapping[str, int | None]]]
    area_type: str = "TYPE151"


def nomis_server(datasets: Mapping[str, NomisDataset], cap: int = NOMIS_CAP) -> Handler:
    """The Nomis API: CSV by district of one type of areas, silently cut at `cap` rows, empty for questions it does not like."""

    def handle(asked: Asked) -> Reply:
        name = asked.path.rpartition("/")[2].removesuffix(".data.csv")
        dataset, place = datasets.get(name), asked.query.get("geography", "")
        headers = {"Content-Type": "text/csv"}
        if dataset is None or not place.endswith(dataset.area_type):
            return Reply(b"", 200, headers)
        district = place.removesuffix(dataset.area_type)
        values = (
            dataset.values[district]
            if district
            else {zone: row for one in dataset.values.values() for zone, row in one.items()}
        )
        chosen = asked.query.get(dataset.dimension, ",".join(dataset.categories)).split(",")
        rows = [
            {
                "geography_code": zone,
                dataset.dimension: code,
                f"{dataset.dimension}_name": dataset.categories[code],
                "obs_value": "" if by_code[code] is None else by_code[code],
            }
            for zone, by_code in values.items()
            for code in chosen
        ]
        start = int(asked.query.get("RecordOffset", 0))
        columns = asked.query["select"].split(",")
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        out.write("﻿" + ",".join(f'"{column.upper()}"' for column in columns) + "\r\n")
        writer.writerows({**row, "record_count": len(rows)} for row in rows[start : start + cap])
        return Reply(out.getvalue().encode(), 200, headers)

    return handle


def gov_uk_page(*urls: str) -> Reply:
    """A page of the GOV.UK content API with these attachments."""
    return json_reply(
        {"title": "A page", "details": {"attachments": [{"url": url, "title": "A file"} for url in urls]}}
    )
