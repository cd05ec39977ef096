"""PDFs of the report's pages, laid out by WeasyPrint in a second process while the other files are written.

Enters: pages as HTML. Leaves: tagged PDFs. Only where the `pdf` extra is installed; this module imports nothing heavy,
because the process that lays out pages imports it alone.
"""

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

from corridors.errors import OutputError

_PROFILE = "pdf/ua-1"  # tagged for screen readers, with bookmarks and a language
_NOT_HERE = 3  # exit code: WeasyPrint's text library (Pango) is missing


def pdf_installed() -> bool:
    """Whether the `pdf` extra is installed; quick, and does not check the libraries that WeasyPrint needs."""
    return find_spec("weasyprint") is not None


def pdf_possible() -> bool:
    """Whether WeasyPrint and the libraries that it needs are installed."""
    return _weasyprint() is not None


def render_pdf(page: str) -> bytes:
    """A page of `render_html` as a tagged PDF with bookmarks, running titles and page numbers; same page, same bytes.

    Nothing but the pictures inside the page is read. Call it only where `pdf_possible`.
    """
    weasyprint = _weasyprint()
    inline_only = weasyprint.urls.URLFetcher(allowed_protocols={"data"})
    document = weasyprint.HTML(string=page, url_fetcher=inline_only)
    written: bytes = document.write_pdf(pdf_variant=_PROFILE, pdf_tags=True)
    return written


@contextmanager
def printing(pages: Mapping[Path, str]) -> Iterator[None]:
    """Lay out each page and write it to its path as a PDF while the block runs; all are there when it has ended.

    Nothing is written where WeasyPrint or what it needs is not installed. Raises OutputError where a page can't be
    written; when the block fails, the work is stopped.
    """
    if not pages or not pdf_installed():
        yield
        return
    from corridors.runtime.interrupts import stopping

    press = _started()
    with _closing_pipes(press), stopping(press):
        _hand_over(press, json.dumps({str(path): page for path, page in pages.items()}))
        yield
        said = press.stderr.read() if press.stderr else ""
        if press.wait() not in {0, _NOT_HERE}:
            why = said.strip().splitlines()[-1:] or [f"exit code {press.returncode}"]
            raise OutputError(f"the PDFs can't be written: {why[0]}")


@contextmanager
def _closing_pipes(press: "subprocess.Popen[str]") -> Iterator[None]:
    try:
        yield
    finally:
        for pipe in (press.stdin, press.stderr):
            if pipe:
                with suppress(OSError):  # pages that the process did not want any more
                    pipe.close()


def _started() -> "subprocess.Popen[str]":
    """The process that lays out the pages, started and given them."""
    # -P: a json.py in the folder someone works in must not be taken for Python's own.
    command = [sys.executable, "-P", "-m", __spec__.name]
    places = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(command, env=places, encoding="utf-8", stdin=subprocess.PIPE, stderr=subprocess.PIPE)


def _hand_over(press: "subprocess.Popen[str]", pages: str) -> None:
    """Send the pages to the second process as one line; the pipe stays open for as long as this process lives."""
    if press.stdin:
        with suppress(BrokenPipeError):  # a process that has stopped already says why at the end
            press.stdin.write(f"{pages}\n")
            press.stdin.flush()


def _weasyprint() -> Any:
    """The module, or None: imported only when asked for, because it takes most of a second."""
    try:
        import weasyprint
    except (ImportError, OSError):  # OSError: the package is here, its text library (Pango) is not
        return None
    return weasyprint


def _end_with_the_other() -> None:
    """End this process when the one that asked for the pages ends, in whatever way: its end of the pipe closes."""
    os.read(sys.stdin.fileno(), 1)  # nothing more is sent; not through sys.stdin, whose lock Python asks for as it ends
    os._exit(1)


def _main() -> int:
    # Measured on a report of 45 pages: a sixth of the time went to looking for rings of objects; there is little to find,
    # and the process ends when the pages are written (330 MB at most, 350 without).
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to both; whoever asked for the pages ends this process
    pages = json.loads(sys.stdin.readline())
    Thread(target=_end_with_the_other, daemon=True).start()
    if not pdf_possible():
        return _NOT_HERE
    for path, page in pages.items():
        Path(path).write_bytes(render_pdf(page))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
