"""Errors that drawing a map can raise."""


class MapError(Exception):
    """Base of the errors of this package that a caller can correct. The message says what, where and what to do."""


class MapContentError(MapError, ValueError):
    """Raised where the frames and words of a map do not fit together."""
