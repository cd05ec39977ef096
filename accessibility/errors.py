"""Errors of the transport engine. Each is also the builtin exception that a caller would expect, such as `ValueError`."""

from collections.abc import Sequence


class AccessibilityError(Exception):
    """Base of all errors that a user of the engine can correct.

    The message says what is wrong, where, what was expected and what to do.
    """


class FeedError(AccessibilityError, ValueError):
    """A timetable feed can't be used."""


class FeedFileNotFoundError(FeedError, FileNotFoundError):
    """The path given for a timetable feed does not exist."""


class ServiceDateError(FeedError):
    """No trip runs on the chosen date, or the date is outside the dates of the feeds."""


class StreetsError(AccessibilityError, ValueError):
    """A street network can't be read or used."""


class StreetsFileNotFoundError(StreetsError, FileNotFoundError):
    """The path given for a street file does not exist."""


class PointsError(AccessibilityError, ValueError):
    """Origins or destinations can't be used."""


class CubeError(AccessibilityError, ValueError):
    """A cube of travel times can't be written to the path given."""


class ScaleError(AccessibilityError, ValueError):
    """A question that is answered block by block can't be asked, continued or shared out."""


class MeasureError(AccessibilityError, ValueError):
    """The values given to an accessibility measure are not valid for it."""


class SearchSpecError(AccessibilityError, ValueError):
    """A search parameter is outside its allowed range."""


class ScenarioError(AccessibilityError, ValueError):
    """Edits of a scenario can't be applied to a feed; `problems` has one sentence for each fault found, in file order."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
