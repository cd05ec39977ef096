"""What can go wrong with zones and layers; every leaf is also the builtin a caller would expect."""

from collections.abc import Sequence


class LayersError(Exception):
    """Base of every layer error a user can mend. The message says what, where, what was expected, what to do."""


class LayerError(LayersError, ValueError):
    """A layer's content can't be used."""


class LayerFileNotFoundError(LayersError, FileNotFoundError):
    """A layer's file is not where it was said to be."""


class GeographyError(LayersError, ValueError):
    """Layers of different geographies or vintages can't be brought together as asked."""


class LayerWriteError(LayersError, OSError):
    """A layer can't be written where it was asked for."""


def raise_together(where: str, problems: Sequence[str]) -> None:
    """Raise one LayerError with every problem found in `where`; nothing happens when there are none."""
    if len(problems) == 1:
        raise LayerError(f"{where}: {problems[0]}.")
    if problems:
        raise LayerError("\n  - ".join([f"{where}: {len(problems)} problems", *problems]))
