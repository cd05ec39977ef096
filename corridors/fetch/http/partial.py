"""A file on its way: `NAME.part`, and beside it the validator that says which version of the file it is a part of."""

import email.utils
import json
import re
from pathlib import Path
from typing import IO

import httpx

from corridors.fetch.errors import TryAgainError

_ETAG = re.compile(r'(W/)?"[!#-~]{0,1000}"')
_REST = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})", re.IGNORECASE)


class Part:
    """What has arrived of a file that will be called `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}.part")
        self._note = path.with_name(f"{path.name}.part.json")
        if self.path.is_symlink() or self._note.is_symlink():  # never followed: it could lead to any file
            self.discard()

    def resume_headers(self) -> dict[str, str]:
        """What to send to get only the rest; nothing where there is no part, or none whose version is known."""
        have, validator = self._have(), self._validator()
        # If-Range: the rest only if it is of the same version, else the whole of the new one.
        return {"Range": f"bytes={have}-", "If-Range": validator} if have and validator else {}

    def span_of(self, response: httpx.Response) -> tuple[int, int | None]:
        """Where in the file the response's body begins, and how long the file will be (None: not known).

        Raises `TryAgainError`, and forgets the part, unless the response is the whole file, or the rest of the version
        we have a part of (RFC 9110, 15.3.7.3): the same strong validator, from where we are to the last byte.
        """
        if response.status_code == httpx.codes.OK:
            return 0, None
        have, validator = self._have(), self._validator()
        sent = _REST.fullmatch(response.headers.get("content-range", "").strip())
        first, last, total = map(int, sent.groups()) if sent else (-1, -1, -1)
        same_version = validator and validator in {etag_of(response), response.headers.get("last-modified", "")}
        if not same_version or first != have or last + 1 != total:
            self.discard()
            raise TryAgainError("it did not send the rest of the file that was asked for")
        return have, total

    def check_length(self, total: int | None) -> None:
        """Raise `TryAgainError`, and forget the part, where the body has ended and the file is not `total` bytes long."""
        if total is not None and self._have() != total:
            self.discard()
            raise TryAgainError("the rest of the file is not as long as it says")

    def open(self, start: int, response: httpx.Response) -> IO[bytes]:
        """The stream to write to, placed at `start`; the version is noted first, so that a broken part is of use."""
        if start:
            return self.path.open("ab")
        self._note.unlink(missing_ok=True)
        validator = _strong_validator(response)
        if validator:
            self._note.write_text(json.dumps({"validator": validator}), encoding="utf-8")
        return self.path.open("wb")

    def discard(self) -> None:
        """Forget what was received."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def finish(self, path: Path) -> None:
        """Give the whole file its name."""
        self.path.replace(path)
        self._note.unlink(missing_ok=True)

    def _have(self) -> int:
        """Bytes received so far."""
        return self.path.stat().st_size if self.path.exists() else 0

    def _validator(self) -> str:
        """The strong validator of the version that the part is of; "" where it is not known."""
        try:
            noted = str(json.loads(self._note.read_text(encoding="utf-8"))["validator"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return ""
        return noted if _is_strong(noted) or _seconds(noted) is not None else ""


def is_etag(text: str) -> bool:
    """Whether a text can be sent as an entity tag (RFC 9110, 8.8.3)."""
    return _ETAG.fullmatch(text) is not None


def etag_of(response: httpx.Response) -> str:
    """The entity tag of a response; "" where it has none that can be sent back."""
    etag: str = response.headers.get("etag", "").strip()
    return etag if is_etag(etag) else ""


def _is_strong(etag: str) -> bool:
    return is_etag(etag) and not etag.startswith("W/")


def _strong_validator(response: httpx.Response) -> str:
    """What says that two answers hold the same bytes: a strong ETag, else a Last-Modified older than its answer.

    A weak ETag ("W/...") does not promise the same bytes, nor does a time of change within the last second (RFC 9110,
    8.8.2.2).
    """
    etag = etag_of(response)
    if _is_strong(etag):
        return etag
    modified: str = response.headers.get("last-modified", "")
    changed_s, answered_s = _seconds(modified), _seconds(response.headers.get("date", ""))
    return modified if changed_s is not None and answered_s is not None and changed_s < answered_s else ""


def _seconds(date: str) -> float | None:
    """Seconds since 1970 of an HTTP date; None for what is none."""
    try:
        return email.utils.parsedate_to_datetime(date).timestamp() if date.isascii() and date.isprintable() else None
    except (ValueError, TypeError, OverflowError):
        return None
