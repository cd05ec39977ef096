"""The corridor planner from Python: load a configuration, run it, publish what it found."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridors.config.run_config import RunConfig, load_config
    from corridors.demo.cached import demo_config
    from corridors.outputs.run_folder import publish
    from corridors.pipeline import run
    from corridors.results import Results, Tables

__all__ = ["Results", "RunConfig", "Tables", "demo_config", "load_config", "publish", "run"]

_HOME = {
    "Results": "corridors.results",
    "RunConfig": "corridors.config.run_config",
    "Tables": "corridors.results",
    "demo_config": "corridors.demo.cached",
    "load_config": "corridors.config.run_config",
    "publish": "corridors.outputs.run_folder",
    "run": "corridors.pipeline",
}


def __getattr__(name: str) -> object:
    # Imported when it is asked for: the command line starts before anything large is loaded.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
