"""Errors of fetching; every message names the publisher's host and says what to do."""

from corridors.errors import CorridorsError
from layers import cleaned


class FetchError(CorridorsError, RuntimeError):
    """A source can't be fetched: the publisher failed, or sent something other than what was asked for.

    The message may quote what the publisher sent; it is cleaned, because it also reaches files.
    """

    def __init__(self, message: str) -> None:
        super().__init__(cleaned(message))


class UnansweredError(FetchError):
    """A publisher failed at every attempt."""


class RefusedError(FetchError):
    """A publisher calls the question itself wrong (400)."""


class NotThereError(FetchError):
    """The publisher has no file at the address (404)."""


class AddressRefusedError(FetchError, ValueError):
    """An address that is never contacted: its scheme is not https, or its host is not allowed."""


class TryAgainError(Exception):
    """One attempt failed, and another may succeed; `after_s` is the pause in seconds that the publisher asks for, if any.

    It stays inside this package: that of the last attempt becomes a `FetchError`.
    """

    def __init__(self, reason: str, after_s: float | None = None) -> None:
        super().__init__(cleaned(reason))
        self.after_s = after_s
