"""The configuration that a run was made from: how its manifest names it, and where it lies."""

import os
from pathlib import Path
from typing import Any

from corridors.errors import InputMissingError
from corridors.runs.finished import FinishedRun
from corridors.runtime.own_files import MANIFEST

_KEY = "configuration"
_BUNDLED = "bundled"


def configuration_words(asked: Path | None, path: Path, folder: Path) -> dict[str, Any]:
    """What run.json in `folder` says of the configuration: the one bundled, a region's name, or its path from `folder`.

    `asked` is what the user named, None for the demonstration; `path` is the file that was read. A path from the folder of
    the run tells no more of the machine than is between the two.
    """
    if asked is None:
        return {_KEY: {_BUNDLED: "demonstration"}}
    if asked != path:
        return {_KEY: {_BUNDLED: str(asked)}}
    try:
        return {_KEY: {"file": Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()}}
    except ValueError:  # on another drive of Windows
        return {_KEY: {}}


def configuration_of(run: FinishedRun) -> Path:
    """The path of the configuration that a run was made from.

    Raises `InputMissingError` where the run does not say which it was, or it is no longer there.
    """
    from corridors.demo.cached import demo_config
    from corridors.fetch.west_midlands import named_config

    told = run.manifest.get(_KEY)
    told = told if isinstance(told, dict) else {}
    bundled, file = told.get(_BUNDLED), told.get("file")
    if isinstance(bundled, str):
        return demo_config() if bundled == "demonstration" else named_config(Path(bundled))
    if not isinstance(file, str) or not file:
        raise InputMissingError(f"{run.folder / MANIFEST} does not say which configuration it was made from: name that")
    path = Path(os.path.normpath(run.folder.resolve() / file))
    if not path.is_file():
        raise InputMissingError(
            f"{run.folder / MANIFEST} was made from {path}, which is not there: name its configuration"
        )
    return path
