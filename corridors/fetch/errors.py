"""What can go wrong between us and a publisher; every message names the publisher's host and what to do."""

from corridors.errors import CorridorsError
from layers import cleaned


class FetchError(CorridorsError, RuntimeError):
    """A source can't be had: the publisher failed, or sent something else than what was asked for.

    The message may quote what the publisher sent; it is cleaned, because it also reaches files.
    """

    def __init__(self, message: str) -> None:
        super().__init__(cleaned(message))


class AddressRefusedError(FetchError, ValueError):
    """An address that is never contacted: another scheme than https, or a host that nobody allowed."""


class TryAgainError(Exception):
    """One attempt failed in a way that another may not; `after_s` is the pause the publisher asks for, if it does.

    Never leaves this package: the last attempt's becomes a `FetchError`.
    """

    def __init__(self, reason: str, after_s: float | None = None) -> None:
        super().__init__(cleaned(reason))
        self.after_s = after_s
