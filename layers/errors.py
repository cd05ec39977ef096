"""What can go wrong with zones and layers; every leaf is also the builtin a caller would expect."""


class LayersError(Exception):
    """Base of every layer error a user can mend. The message says what, where, what was expected, what to do."""


class LayerError(LayersError, ValueError):
    """A layer's content can't be used."""


class LayerFileNotFoundError(LayersError, FileNotFoundError):
    """A layer's file is not where it was said to be."""


class GeographyError(LayersError, ValueError):
    """Layers of different geographies or vintages can't be brought together as asked."""
