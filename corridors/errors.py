"""What can go wrong in a run; every leaf is also the builtin a caller would expect."""


class CorridorsError(Exception):
    """Base of every error of the product that a user can mend. The message says what, where, what to do."""


class ConfigError(CorridorsError, ValueError):
    """A run's configuration can't be used; the message lists every problem found."""


class InputMissingError(CorridorsError, FileNotFoundError):
    """A file the run needs is not there."""


class InputChangedError(CorridorsError, ValueError):
    """An input became another one while it was read."""


class RunFolderError(CorridorsError, ValueError):
    """The folder of a finished run is damaged, or was changed."""


class ScoringError(CorridorsError, ValueError):
    """What is to be scored can not be: an indicator counts something twice, or weights are no weights."""


class PlacesApartError(CorridorsError, ValueError):
    """Inputs that are brought together lie in different parts of the world."""


class BaselineError(CorridorsError, ValueError):
    """A baseline can't be used: it is none, or it was changed after it was sealed."""


class OutputError(CorridorsError, OSError):
    """Results can't be written where they were asked for."""
