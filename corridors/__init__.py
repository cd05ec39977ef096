"""The corridor planner from Python: load a configuration, run it, publish its results.

The names and their homes stand in `__init__.pyi`; each is imported when it is asked for.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
