"""Errors of a run; each is also the builtin error that a caller would expect."""


class CorridorsError(Exception):
    """Base of the product's errors that a user can correct. The message says what, where and what to do."""


class ConfigError(CorridorsError, ValueError):
    """A run's configuration can't be used; the message lists every problem found."""


class InputMissingError(CorridorsError, FileNotFoundError):
    """A file that the run needs is missing."""


class InputChangedError(CorridorsError, ValueError):
    """An input changed while it was read."""


class RunFolderError(CorridorsError, ValueError):
    """The folder of a finished run is damaged or was changed."""


class ScoringError(CorridorsError, ValueError):
    """The scores asked for can't be computed, for example because an indicator would count something twice."""


class PlacesApartError(CorridorsError, ValueError):
    """Inputs of one run lie in different parts of the world."""


class BaselineError(CorridorsError, ValueError):
    """A file is no baseline, or was changed after it was sealed."""


class OutputError(CorridorsError, OSError):
    """Results can't be written to the place asked for."""


class ScenarioFileError(CorridorsError, ValueError):
    """Scenario files can't be used; the message lists every problem found, with its line."""


class PortfolioFileError(CorridorsError, ValueError):
    """A portfolio file can't be used; the message lists every problem found, with its line."""
