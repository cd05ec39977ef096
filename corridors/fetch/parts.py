"""A file on its way: `NAME.part`, and beside it the validator that says which version of the file it is a part of."""

import json
from pathlib import Path
from typing import IO

import httpx

from corridors.fetch.errors import TryAgainError


class Part:
    """What has arrived of a file that will be called `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}.part")
        self._note = path.with_name(f"{path.name}.part.json")

    def resume_headers(self) -> dict[str, str]:
        """What to send to get only the rest; nothing where there is no part, or none whose version is known."""
        try:
            have, validator = self.path.stat().st_size, json.loads(self._note.read_text(encoding="utf-8"))["validator"]
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        # If-Range: the rest only if it is of the same version, else the whole of the new one.
        return {"Range": f"bytes={have}-", "If-Range": validator} if have and isinstance(validator, str) else {}

    def start_of(self, response: httpx.Response) -> int:
        """Where in the file the response's body begins. Raises `TryAgainError` for a range that does not fit."""
        if response.status_code == httpx.codes.OK:
            return 0
        have = self.path.stat().st_size if self.path.exists() else 0
        if not response.headers.get("content-range", "").startswith(f"bytes {have}-"):
            self.discard()
            raise TryAgainError("it did not send the part of the file that was asked for")
        return have

    def open(self, start: int, response: httpx.Response) -> IO[bytes]:
        """The stream to write to, placed at `start`; the version is noted first, so that a broken part is of use."""
        self._note.unlink(missing_ok=True)
        etag, packed = response.headers.get("etag", ""), "content-encoding" in response.headers
        # A weak ETag ("W/...") does not promise the same bytes, and a packed transfer counts other ones.
        validator = etag if etag and not etag.startswith("W/") else response.headers.get("last-modified", "")
        if validator and not packed:
            self._note.write_text(json.dumps({"validator": validator}), encoding="utf-8")
        return self.path.open("ab" if start else "wb")

    def discard(self) -> None:
        """Forget what was received."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def finish(self, path: Path) -> None:
        """Give the whole file its name."""
        self.path.replace(path)
        self._note.unlink(missing_ok=True)
