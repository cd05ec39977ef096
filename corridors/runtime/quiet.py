"""Silence for libraries: their warnings and log lines do not reach the terminal."""

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def own_words_only() -> Iterator[None]:
    """Show no warning (which would name its source file) and no log line of a library while the block runs.

    What matters to the user is checked for and counted where it arises. `python -W` and PYTHONWARNINGS show all.
    """
    logging.getLogger().addHandler(logging.NullHandler())  # without any, Python prints log lines to the error stream
    with warnings.catch_warnings():
        if not sys.warnoptions:
            # Not a filter: some libraries put their own before it.
            warnings.showwarning = lambda *_args, **_kwargs: None
        yield
