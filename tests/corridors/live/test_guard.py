"""Only this browser on this machine is answered."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from corridors.live.answers import Answers
from corridors.live.app import LiveApp
from corridors.live.documents import Documents
from corridors.live.guard import COOKIE, MOST_BODY_BYTES, Guard
from corridors.live.reports import Reports
from tests.corridors.live.conftest import MORE

HOST = "127.0.0.1:8000"
ORIGIN = {"origin": f"http://{HOST}"}


@pytest.fixture
def guard(live: tuple[Documents, Answers], config: Path) -> Guard:
    documents, answers = live
    return LiveApp(answers, documents, Reports(config)).application(8000)


class Client:
    """A browser's requests, one after the other, without a network; in a thread, as the page tests' browser keeps a loop here."""

    def __init__(self, guard: Guard) -> None:
        transport = httpx.ASGITransport(guard)
        self.client = httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}")
        self.cookies = self.client.cookies

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            return await self.client.request(method, path, **options)

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(asked())).result()


def client(guard: Guard) -> Client:
    return Client(guard)


@pytest.fixture
def inside(guard: Guard) -> Client:
    browser = client(guard)
    assert browser.get(f"/?token={guard.token}").status_code == 303
    return browser


def test_the_address_lets_one_browser_in(guard: Guard) -> None:
    token, first, second = guard.token, client(guard), client(guard)
    entered = first.get(f"/?token={token}")
    assert entered.status_code == 303
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert first.get("/").status_code == 200
    assert second.get(f"/?token={token}").status_code == 403
    assert second.get("/").status_code == 403
    assert second.post("/api/region", json={}, headers=ORIGIN).status_code == 403


def test_a_wrong_token_does_not_use_up_the_right_one(guard: Guard) -> None:
    browser = client(guard)
    assert browser.get("/?token=guess").status_code == 403
    assert browser.get(f"/?token={guard.token}").status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:9999", "localhost.evil.example:8000", ""])
def test_another_host_is_refused(inside: Client, host: str) -> None:
    assert inside.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:8000", "http://127.0.0.1:8001", ""]
)
def test_a_request_of_another_page_is_refused(inside: Client, origin: str) -> None:
    assert inside.post("/api/region", json={}, headers={"origin": origin}).status_code == 403


def test_only_json_of_a_bounded_size_is_taken(inside: Client) -> None:
    ask = "/api/answer"
    assert inside.post(ask, content="a=1", headers={**ORIGIN, "content-type": "text/plain"}).status_code == 415
    assert inside.post(ask, json={"note": "x" * MOST_BODY_BYTES}, headers=ORIGIN).status_code == 413
    json = {**ORIGIN, "content-type": "application/json"}
    for content in ("{", "[1]", '{"edits": NaN}', "[" * 100_000):
        assert inside.post(ask, content=content, headers=json).status_code == 400, content[:20]
    assert inside.post(ask, json={"edits": "all"}, headers=ORIGIN).status_code == 422


def test_pages_load_nothing_from_elsewhere_and_nobody_frames_them(inside: Client) -> None:
    page = inside.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"
    for name in ("../guard.py", "..%2fguard.py", "page.html", "nothing"):
        assert inside.get(f"/static/{name}").status_code == 404


def test_the_page_works_over_the_wire(inside: Client) -> None:
    def ask(name: str, **question: object) -> dict[str, object]:
        response = inside.post(f"/api/{name}", json=question, headers=ORIGIN)
        assert response.status_code == 200, response.text
        told: dict[str, object] = response.json()
        return told

    region, document = ask("region"), ask("document")
    assert len(region["zones"]["ids"]) == 12  # type: ignore[index]
    told = ask("answer", document=document["document"], title="More", note="", edits=[MORE])
    assert told["people_gaining"] > 0  # type: ignore[operator]
    copy = ask("document", digest=told["digest"])
    assert copy["document"] != document["document"]
    assert copy["edits"] == [MORE]
    assert ask("document", document=document["document"])["digest"] == told["digest"]
    assert "[[tried]]" in inside.get(f"/scenario/{document['document']}.toml").text
    assert inside.get(f"/gtfs/{document['document']}.zip").content[:2] == b"PK"
    for path in ("/scenario/none.toml", "/gtfs/none.zip", "/report/none"):
        assert inside.get(path).status_code == 404
    refused = inside.post("/api/journeys", json={"document": document["document"], "zone": 3}, headers=ORIGIN)
    assert refused.status_code == 422
    assert COOKIE in inside.cookies


def test_a_flood_is_slowed_down(inside: Client) -> None:
    assert 429 in {inside.get("/static/nothing").status_code for _ in range(60)}
