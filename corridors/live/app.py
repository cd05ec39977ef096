"""The application behind the live page: what each address answers."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from accessibility import write_gtfs
from corridors.errors import CorridorsError, ScenarioFileError
from corridors.live.answers import Answers
from corridors.live.documents import Documents
from corridors.live.guard import Guard
from corridors.live.journeys import journeys_of, minutes_from, minutes_to
from corridors.live.reports import Reports
from maps import ASSETS

_PAGE = Path(__file__).parent / "page"
_FILES = {
    "leaflet.js": (ASSETS / "leaflet/leaflet.js", "text/javascript"),
    "leaflet.css": (ASSETS / "leaflet/leaflet.css", "text/css"),
    "live.js": (_PAGE / "live.js", "text/javascript"),
    "live.css": (_PAGE / "live.css", "text/css"),
}
_REPORT_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    + "frame-ancestors 'none'"
)
Ask = dict[str, Any]
_Told = dict[str, Any]


class LiveApp:
    """Answers of one region, each a function from what the page asks to what it is told."""

    def __init__(self, answers: Answers, documents: Documents, reports: Reports) -> None:
        """Join what answers, what keeps and what reports."""
        self.answers, self.documents, self.reports = answers, documents, reports

    def application(self, port: int) -> Guard:
        """The guarded application, to be served at `port`."""
        asked: dict[str, Callable[[Ask], _Told]] = {
            "region": lambda _: self.answers.region.told,
            "document": self.document,
            "open": self.open,
            "answer": self.answer,
            "range": lambda ask: self.answers.over_timetables(self.documents.of(ask.get("document"))),
            "journeys": lambda ask: journeys_of(self._last(ask), ask.get("zone")),
            "to": lambda ask: minutes_to(self._last(ask), ask.get("lat"), ask.get("lon")),
            "from": lambda ask: minutes_from(self._last(ask), ask.get("lat"), ask.get("lon")),
            "report": lambda ask: self.reports.start(self.documents.of(ask.get("document"))),
            "job": lambda ask: self.reports.state(ask.get("job")),
        }
        routes = [
            Route("/", _page),
            Route("/static/{name}", _static),
            Route("/scenario/{ident}.toml", self.scenario_file),
            Route("/gtfs/{ident}.zip", self.gtfs),
            Route("/report/{job}", self.report_page),
            *(Route(f"/api/{name}", _json_route(of), methods=["POST"]) for name, of in asked.items()),
        ]
        return Guard(Starlette(routes=routes), port)

    def _last(self, ask: Ask) -> Any:
        return self.answers.last(self.documents.of(ask.get("document")))

    def document(self, ask: Ask) -> _Told:
        """The document with an id, for the tab that has it; a copy of the one with a digest, for an address; or a new one."""
        if ident := ask.get("document"):
            return _told(self.documents.of(ident))
        digest = ask.get("digest")
        found = self.documents.find(digest) if isinstance(digest, str) and digest else None
        return _told(self.documents.copied(found) if found else self.documents.new())

    def open(self, ask: Ask) -> _Told:
        """A new document with the content of a scenario file that the user chose."""
        return _told(self.documents.opened(str(ask.get("toml", ""))))

    def answer(self, ask: Ask) -> _Told:
        """The document changed, kept, and answered at one timetable."""
        edits = ask.get("edits")
        if not isinstance(edits, list) or not all(isinstance(one, dict) for one in edits):
            raise ScenarioFileError("edits are a list of tables")
        document = self.documents.change(
            ask.get("document"), str(ask.get("title", "")), str(ask.get("note", "")), edits
        )
        return self.answers.at_once(document)

    async def scenario_file(self, request: Request) -> Response:
        """The scenario file, with everything that was tried."""
        try:
            document = self.documents.of(request.path_params["ident"])
        except CorridorsError as error:
            return JSONResponse({"error": str(error)}, status_code=404)
        headers = {"content-disposition": f'attachment; filename="{document.path.name}"'}
        return Response(document.text, media_type="application/toml", headers=headers)

    async def gtfs(self, request: Request) -> Response:
        """The edited timetable as GTFS."""
        try:
            document = self.documents.of(request.path_params["ident"])
            content = await run_in_threadpool(lambda: _gtfs_of(self.answers, document.ident, self.documents))
        except CorridorsError as error:
            return JSONResponse({"error": str(error)}, status_code=404)
        headers = {"content-disposition": f'attachment; filename="live_{document.ident}.zip"'}
        return Response(content, media_type="application/zip", headers=headers)

    async def report_page(self, request: Request) -> Response:
        """The page of a report that was made; it names its own styles by their digest."""
        page = self.reports.page(request.path_params["job"])
        if page is None:
            return JSONResponse({"error": "there is no such report"}, status_code=404)
        return FileResponse(page, headers={"content-security-policy": _REPORT_POLICY})


def _told(document: Any) -> _Told:
    return {
        "document": document.ident,
        "title": document.title,
        "note": document.note,
        "edits": list(document.edits),
        "digest": document.digest,
        "file": document.path.name,
        "tried": [{**one, "at": str(one["at"])} for one in document.tried],
    }


def _gtfs_of(answers: Answers, ident: str, documents: Documents) -> bytes:
    """The whole edited feed: the answer's own has only the routes that the edits name."""
    answer = answers.last(documents.of(ident))
    feed = answer.whole_feed()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "edited.zip"
        write_gtfs(feed, path)
        return path.read_bytes()


async def _page(_: Request) -> Response:
    return HTMLResponse((_PAGE / "page.html").read_text(encoding="utf-8"))


async def _static(request: Request) -> Response:
    path, kind = _FILES.get(request.path_params["name"], (None, ""))
    return FileResponse(path, media_type=kind) if path else JSONResponse({"error": "no such file"}, status_code=404)


def _json_route(answer: Callable[[Ask], _Told]) -> Callable[[Request], Any]:
    """An address that takes a JSON object and answers with one; problems of the user are told with status 422."""

    async def respond(request: Request) -> Response:
        try:
            ask = json.loads(await request.body() or b"{}", parse_constant=_no_number)
        except (ValueError, RecursionError):
            return JSONResponse({"error": "this is no JSON"}, status_code=400)
        if not isinstance(ask, dict):
            return JSONResponse({"error": "a JSON object is asked for"}, status_code=400)
        try:
            return JSONResponse(await run_in_threadpool(answer, ask))
        except CorridorsError as error:
            return JSONResponse({"error": str(error)}, status_code=422)

    return respond


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")
