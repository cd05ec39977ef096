"""Errors of zones and layers. Each is also the builtin exception that a caller would expect, such as `ValueError`."""

from collections.abc import Sequence


class LayersError(Exception):
    """Base of all layer errors that a user can correct.

    The message says what is wrong, where, what was expected and what to do.
    """


class LayerError(LayersError, ValueError):
    """The content of a layer can't be used."""


class LayerFileNotFoundError(LayersError, FileNotFoundError):
    """The path given for a layer does not exist."""


class GeographyError(LayersError, ValueError):
    """Layers of different geographies or vintages can't be combined."""


class LayerWriteError(LayersError, OSError):
    """A layer can't be written to the path given."""


def raise_together(where: str, problems: Sequence[str]) -> None:
    """Raise one LayerError with all `problems` of file or section `where`; do nothing if there are none."""
    if len(problems) == 1:
        raise LayerError(f"{where}: {problems[0]}.")
    if problems:
        raise LayerError("\n  - ".join([f"{where}: {len(problems)} problems", *problems]))
