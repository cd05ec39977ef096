"""Check that a received file is of the expected format, by its bytes."""

import json
import re
import shutil
import zipfile
import zlib
from pathlib import Path

from corridors.fetch.errors import FetchError, TryAgainError
from corridors.fetch.http.responses import looks_like_web_page
from corridors.fetch.registry import Format

_START_BYTES = 512


def check_format(path: Path, expected: Format) -> None:
    """Raise `TryAgainError` where the file is not of the expected format, as with an error page or a file cut short."""
    with path.open("rb") as stream:
        start = stream.read(_START_BYTES)
    if looks_like_web_page(start):
        raise TryAgainError("it sent a web page instead of the file")
    if not _fits(path, start, expected):
        beginning = start[:40].decode("latin-1").encode("unicode_escape").decode()
        raise TryAgainError(f"what it sent is not a whole {expected} file (it begins with '{beginning}')")


def _fits(path: Path, start: bytes, expected: Format) -> bool:
    if expected == "zip":
        return zipfile.is_zipfile(path)  # looks for the directory at the end, so a broken-off zip fails
    if expected == "pbf":
        return b"OSMHeader" in start
    if expected == "json":
        try:
            json.loads(path.read_text(encoding="utf-8-sig"))
        except (ValueError, RecursionError):
            return False
        return True
    return b"," in start and b"\0" not in start


def take_inner(bundle: Path, name: str, to: Path) -> None:
    """Write the one file of a zip whose name fits the pattern `name`. Raises `FetchError` without one, or for a damaged zip."""
    try:
        with zipfile.ZipFile(bundle) as archive:
            fitting = [entry for entry in archive.infolist() if re.fullmatch(name, entry.filename)]
            if len(fitting) != 1:
                raise FetchError(f"{bundle.name}: expected one file named like {name} in it, found {len(fitting)}")
            with archive.open(fitting[0]) as source, to.open("wb") as target:
                shutil.copyfileobj(source, target)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, FetchError):
            raise
        raise FetchError(f"{bundle.name}: damaged; fetch it again") from error
