"""Which of the files that a command names are scenarios, and which is the configuration."""

from collections.abc import Sequence
from pathlib import Path

from corridors.config.toml_file import toml_content
from corridors.demo.cached import demo_config
from corridors.errors import ScenarioFileError
from corridors.fetch.west_midlands import named_config
from corridors.pipeline import Stage


def asked_files(files: Sequence[Path], stage: Stage) -> tuple[list[Path], Path]:
    """(scenario files, configuration): the last file is the configuration, unless it has a table [scenario] or edits.

    Without a configuration it is that of the demonstration region. Raises `ScenarioFileError` without a scenario file.
    """
    *others, last = files
    path = named_config(last)
    if _is_scenario(path):
        with stage("building the demonstration region"):
            return [*others, last], demo_config()
    if not others:
        raise ScenarioFileError(
            f"{last} is no scenario file: it has no table [scenario]; name one before the configuration"
        )
    return list(others), path


def _is_scenario(path: Path) -> bool:
    _, content = toml_content(path, "scenario")
    return bool({"scenario", "edit"} & set(content))
