"""`corridors serve`: the live page of a configuration, on this machine only."""

import socket
import threading
import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridors.errors import InputMissingError, OutputError, RunFolderError
from corridors.runtime.command_options import Quiet, Verbose
from corridors.runtime.printing import say
from corridors.runtime.progress import Progress
from corridors.runtime.texts import small_texts

if TYPE_CHECKING:
    from corridors.runs.finished import FinishedRun

ADDRESS = "127.0.0.1"


def serve(
    config: Annotated[
        Path | None,
        typer.Argument(
            help="The .toml file of a run, or the folder of a finished run; without it the bundled demonstration region."
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for scenario files and reports; made where it is missing.")
    ] = Path("live"),
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Open the live page: change a line and see at once who would reach the centres.

    The page is for one person on this machine and asks nothing of the network. Every change is kept in a scenario file in --out,
    with a log of what was tried. Ctrl-C ends it.
    """
    _require_extra()
    import uvicorn

    from corridors.config.run_config import load_config
    from corridors.live.answers import Answers
    from corridors.live.app import LiveApp
    from corridors.live.documents import Documents
    from corridors.live.region import live_region
    from corridors.live.reports import Reports
    from corridors.runtime.interrupts import heard_by_server
    from corridors.runtime.staging import require_writable
    from corridors.scenarios.known_jobs import other_base, unchanged
    from corridors.scenarios.worlds import read_base, written_for

    require_writable(out)
    listening = listening_at(port)
    with small_texts(), Progress(quiet, verbose, None) as progress:
        path, run = _configuration(config)
        base = read_base(load_config(path), progress.stage)
        if run and (problem := other_base(run, base)):
            raise RunFolderError(f"{problem}. Run the configuration again with `corridors run`")
        documents = Documents(out, written_for(base))
        with progress.stage("searching the base"):
            answers = Answers(live_region(base), documents)
        threading.Thread(target=lambda: answers.region.turned, daemon=True).start()  # while the page is being opened
        reports = Reports(path, ("--base", str(run.folder.resolve())) if run and unchanged(run) else ())
        at = listening.getsockname()[1]
        guard = LiveApp(answers, documents, reports).application(at)
        address = f"http://{ADDRESS}:{at}/?token={guard.token}"
        say(
            f"Live page: {address}\nGood once, for one browser on this machine. Scenario files are kept in {out}. Ctrl-C ends it."
        )
        if browser:
            webbrowser.open(address)
        try:
            with heard_by_server():
                uvicorn.Server(uvicorn.Config(guard, log_level="warning", access_log=False, server_header=False)).run(
                    sockets=[listening]
                )
        finally:
            reports.stop()


def _configuration(asked: Path | None) -> "tuple[Path, FinishedRun | None]":
    """The configuration to serve, and the finished run where the user named its folder."""
    from corridors.demo.cached import demo_config
    from corridors.fetch.west_midlands import named_config
    from corridors.runs.configuration import configuration_of
    from corridors.runs.finished import finished_run

    if asked is None:
        return demo_config(), None
    if asked.is_dir():
        run = finished_run(asked)
        return configuration_of(run), run
    return named_config(asked), None


def _require_extra() -> None:
    """Raise `InputMissingError` where a package of the extra `serve` is missing."""
    missing = [name for name in ("starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        raise InputMissingError(
            f"the live page needs {', '.join(missing)}: install it with pip install 'inclusive-growth-corridors[serve]'"
        )


def listening_at(port: int) -> socket.socket:
    """A socket of this machine alone; browsers wait there for the server. Raises `OutputError` where the port is taken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ADDRESS, port))
        listening.listen()  # before the address is told: a browser that comes before the server is not refused
    except OSError as error:
        listening.close()
        raise OutputError(f"--port {port}: {error.strerror}; choose another, or 0 for a free one") from error
    return listening
