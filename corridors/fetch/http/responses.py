"""Checks of HTTP responses: statuses, headers, and bodies that are no data."""

import email.utils
import json
import re
import time
from collections.abc import Set
from contextlib import suppress
from http import HTTPStatus

import httpx

from corridors.fetch.errors import FetchError, NotThereError, RefusedError, TryAgainError
from corridors.fetch.http.addresses import public_form
from layers import cleaned

WHOLE = frozenset({HTTPStatus.OK})
TO_RANGES = frozenset({HTTPStatus.PARTIAL_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE})
TO_CONDITIONS = frozenset({HTTPStatus.NOT_MODIFIED})
_KINDS: dict[int, type[FetchError]] = {HTTPStatus.NOT_FOUND: NotThereError, HTTPStatus.BAD_REQUEST: RefusedError}
_BUSY = {408, 425, 429, 500, 502, 503, 504}


def check_status(response: httpx.Response, address: str, answers: Set[int], again: Set[int] = frozenset()) -> None:
    """Raise unless the response has one of the statuses `answers`: `TryAgainError` where asking again may help.

    That is with the statuses of a busy server, and with those `again`; `NotThereError` is raised for 404, `RefusedError` for 400.
    """
    status, status_words = response.status_code, f"{response.status_code} {response.reason_phrase}".strip()
    if status in answers:
        return
    if status in _BUSY | again:
        raise TryAgainError(f"it answers {status_words}", _retry_after_s(response))
    if status in TO_RANGES | TO_CONDITIONS:
        raise TryAgainError(f"it answers {status_words}, which is no answer to what was asked")
    raise _KINDS.get(status, FetchError)(
        f"{public_form(address)}: the publisher answers {status_words}. The address may have changed: "
        "`corridors sources --probe` shows which still answer; or download the file by hand"
    )


def refuse_packed(response: httpx.Response, address: str) -> None:
    """Raise `FetchError` for a compressed body: it may unpack to gigabytes, and its lengths and ranges mean something else."""
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing not in {"", "identity"}:
        raise FetchError(
            f"{public_form(address)}: the publisher sends it packed ({packing[:40]}), though it was asked not to; "
            "download the file by hand"
        )


def refuse_web_page(response: httpx.Response, content: bytes) -> None:
    """Raise `TryAgainError` where the response is a web page instead of data."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in {"text/html", "application/xhtml+xml"} or looks_like_web_page(content[:512]):
        raise TryAgainError("it sent a web page instead of data")


def looks_like_web_page(start: bytes) -> bool:
    """Whether a file that begins with these bytes is HTML, such as an error page sent with status 200."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return text.startswith((b"<!doctype html", b"<html", b"<head", b"<script", b"<?xml"))


def json_object(content: bytes) -> dict[str, object]:
    """The JSON object that an answer holds. Raises `TryAgainError` where it holds anything else."""
    try:
        answer = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise TryAgainError("its answer is not JSON") from error
    if not isinstance(answer, dict):
        raise TryAgainError("its answer is JSON but not an object")
    return answer


def whole_number(text: str) -> int | None:
    """The whole number in a header's text; None for anything else. (`str.isdigit` also accepts "²", which `int` refuses.)"""
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else None


def last_modified(response: httpx.Response) -> str:
    """The Last-Modified header, as the publisher writes it; "" where there is none."""
    return cleaned(response.headers.get("last-modified", ""))


def _retry_after_s(response: httpx.Response) -> float | None:
    """Seconds to wait by the Retry-After header, which may also hold a date (RFC 9110, 10.2.3); None where there is none."""
    text = response.headers.get("retry-after", "").strip()
    seconds = whole_number(text)
    if seconds is not None:
        return float(seconds)
    with suppress(ValueError, TypeError, OverflowError):
        return max(email.utils.parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    return None
