"""A partly downloaded file: `NAME.part`, and beside it `NAME.part.json` with the validator of the file's version."""

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
    """The received part of a file that will be called `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}.part")
        self._note = path.with_name(f"{path.name}.part.json")
        if self.path.is_symlink() or self._note.is_symlink():  # not followed, as it could lead to any file
            self.discard()

    def resume_headers(self) -> dict[str, str]:
        """Headers that ask for the rest of the file only; none where there is no part, or its version is not known."""
        have, validator = self._received_bytes(), self._validator()
        # If-Range asks for the rest if the version is still the same, else for the whole file.
        return {"Range": f"bytes={have}-", "If-Range": validator} if have and validator else {}

    def span_of(self, response: httpx.Response) -> tuple[int, int | None]:
        """(byte of the file at which the response's body begins, bytes of the whole file or None where not known).

        Raises `TryAgainError`, and deletes the part, unless the response is the whole file, or the rest of the same version
        (RFC 9110, 15.3.7.3): with the same strong validator, from the first missing byte to the last.
        """
        if response.status_code == httpx.codes.OK:
            return 0, None
        have, validator = self._received_bytes(), self._validator()
        sent = _REST.fullmatch(response.headers.get("content-range", "").strip())
        first, last, total = map(int, sent.groups()) if sent else (-1, -1, -1)
        same_version = validator and validator in {etag_of(response), response.headers.get("last-modified", "")}
        if not same_version or first != have or last + 1 != total:
            self.discard()
            raise TryAgainError("it did not send the rest of the file that was asked for")
        return have, total

    def check_length(self, total: int | None) -> None:
        """Raise `TryAgainError`, and delete the part, where the received file is not `total` bytes long (None: not checked)."""
        if total is not None and self._received_bytes() != total:
            self.discard()
            raise TryAgainError("the rest of the file is not as long as it says")

    def open(self, start: int, response: httpx.Response) -> IO[bytes]:
        """The stream to write to, at byte `start`; the version is noted first, so that a broken download can be resumed."""
        if start:
            return self.path.open("ab")
        self._note.unlink(missing_ok=True)
        validator = _strong_validator(response)
        if validator:
            self._note.write_text(json.dumps({"validator": validator}), encoding="utf-8")
        return self.path.open("wb")

    def discard(self) -> None:
        """Delete what was received."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def finish(self, path: Path) -> None:
        """Rename the part, now whole, to `path`."""
        self.path.replace(path)
        self._note.unlink(missing_ok=True)

    def _received_bytes(self) -> int:
        """Number of bytes received so far."""
        return self.path.stat().st_size if self.path.exists() else 0

    def _validator(self) -> str:
        """The strong validator of the part's version; "" where it is not known."""
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
    """The response's header by which a version's bytes are recognised: a strong ETag, else a Last-Modified; "" without one.

    A weak ETag ("W/...") does not promise the same bytes, nor does a Last-Modified that is not before the response's Date
    (RFC 9110, 8.8.2.2).
    """
    etag = etag_of(response)
    if _is_strong(etag):
        return etag
    modified: str = response.headers.get("last-modified", "")
    changed_s, answered_s = _seconds(modified), _seconds(response.headers.get("date", ""))
    return modified if changed_s is not None and answered_s is not None and changed_s < answered_s else ""


def _seconds(date: str) -> float | None:
    """Seconds since 1970 of an HTTP date; None for other texts."""
    try:
        return email.utils.parsedate_to_datetime(date).timestamp() if date.isascii() and date.isprintable() else None
    except (ValueError, TypeError, OverflowError):
        return None
