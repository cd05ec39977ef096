"""What can go wrong when a map is drawn."""


class MapError(Exception):
    """Base of every error of this package that a caller can mend. The message says what, where and what to do."""


class MapContentError(MapError, ValueError):
    """The frames and words given for a map do not fit together."""
