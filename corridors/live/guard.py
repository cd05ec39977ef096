"""Keeps strangers out of the live page: only this machine, only this browser session, only JSON of a bounded size.

The server listens on loopback, but every page that the user opens can send requests to it. So the Host must be the server's
own (DNS rebinding), the Origin of every change too (cross-site requests), and a cookie that only the one-time address sets is
asked of each request (SameSite=Strict: other sites' requests come without it).
"""

import secrets
import time
from collections import deque
from http.cookies import SimpleCookie

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "corridors_live"
MOST_BODY_BYTES = 512 * 1024
_MOST_A_SECOND = 40.0
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


class Guard:
    """Middleware around the whole application."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        """Guard `app`, which is served at `port` of this machine."""
        self.app = app
        self.token = secrets.token_urlsafe(24)  # in the address that the terminal shows, good once
        self._session = secrets.token_urlsafe(32)
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._recent: deque[float] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a stranger with an error, and hand everybody else on."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request = Request(scope)
        refusal = self._refusal(request)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in _HEADERS if name not in own),
                ]
            await send(message)

        if refusal is not None:
            return await refusal(scope, receive, send_guarded)
        return await self.app(scope, _bounded(receive), send_guarded)

    def _refusal(self, request: Request) -> Response | None:
        if request.headers.get("host", "") not in self._hosts:
            return _refused(421, "this server answers to its own address only")
        if not self._few():
            return _refused(429, "too many requests; wait a second")
        if request.method == "GET" and (token := request.query_params.get("token")):
            return self._entered(token)
        cookies: SimpleCookie = SimpleCookie(request.headers.get("cookie", ""))
        given = cookies[COOKIE].value if COOKIE in cookies else ""
        if not secrets.compare_digest(given.encode(), self._session.encode()):
            return _refused(403, "open the address that the terminal shows; it is good once, for one browser")
        return self._faulty(request) if request.method == "POST" else None

    def _faulty(self, request: Request) -> Response | None:
        """What is wrong with a request that asks for something."""
        if request.headers.get("origin", "") not in {f"http://{host}" for host in self._hosts}:
            return _refused(403, "the request comes from another page")
        if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
            return _refused(415, "only JSON is taken")
        length = request.headers.get("content-length", "")
        if not length.isascii() or not length.isdigit():
            return _refused(411, "the length of the request is missing")
        if int(length) > MOST_BODY_BYTES:
            return _refused(413, f"the request is larger than {MOST_BODY_BYTES // 1024} KB")
        return None

    def _entered(self, token: str) -> Response:
        """The way in: the token is used up, and the browser gets the cookie."""
        known, self.token = self.token, ""
        if not known or not secrets.compare_digest(token.encode(), known.encode()):
            self.token = known
            return _refused(403, "this address was used already, or is not the one that the terminal shows")
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(COOKIE, self._session, httponly=True, samesite="strict", path="/")
        return response

    def _few(self) -> bool:
        now = time.monotonic()
        while self._recent and now - self._recent[0] > 1:
            self._recent.popleft()
        self._recent.append(now)
        return len(self._recent) <= _MOST_A_SECOND


def _bounded(receive: Receive) -> Receive:
    """Receives no more than `MOST_BODY_BYTES`, whatever length was said."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > MOST_BODY_BYTES else message

    return bounded


def _refused(status: int, why: str) -> Response:
    return JSONResponse({"error": why}, status_code=status)
