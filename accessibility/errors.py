"""What can go wrong in the transport engine; every leaf is also the builtin a caller would expect."""


class AccessibilityError(Exception):
    """Base of every error a user of the engine can mend. The message says what, where, what was expected, what to do."""


class FeedError(AccessibilityError, ValueError):
    """A timetable feed can't be used."""


class FeedFileNotFoundError(FeedError, FileNotFoundError):
    """A timetable feed is not where it was said to be."""


class ServiceDateError(FeedError):
    """The chosen date is outside what the feeds cover, or no trip runs on it."""


class StreetsError(AccessibilityError, ValueError):
    """A street network can't be read or used."""


class StreetsFileNotFoundError(StreetsError, FileNotFoundError):
    """A street file is not where it was said to be."""


class PointsError(AccessibilityError, ValueError):
    """Origins or destinations can't be used."""


class CubeError(AccessibilityError, ValueError):
    """A cube of travel times can't be written where it was asked for."""


class MeasureError(AccessibilityError, ValueError):
    """An accessibility measure is asked for with values it can't take."""


class SearchSpecError(AccessibilityError, ValueError):
    """A search parameter is outside what it may be."""
