"""The folder of the project's own data, in a checkout or in an installed wheel."""

from importlib.resources import files
from pathlib import Path


def bundled_data() -> Path:
    """The folder that holds `places/`, `demo/` and their README.

    Raises FileNotFoundError where the installation lacks it.
    """
    package = Path(str(files("corridors")))
    # The wheel's copy comes first, because a folder `data` beside an installed package may be another project's.
    for folder in (package / "bundled_data", package.parent / "data"):
        if (folder / "README.md").is_file() and (folder / "places").is_dir():
            return folder
    raise FileNotFoundError(f"bundled data not found in or beside {package}: expected README.md and places/; reinstall")
