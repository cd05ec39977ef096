"""`corridors check`: read every input, gather every problem, run nothing."""

from dataclasses import dataclass

from accessibility.errors import AccessibilityError
from corridors.config import RunConfig
from corridors.errors import CorridorsError
from corridors.inputs import named_files, read_context, read_facts, read_network
from corridors.pipeline import Stage
from corridors.results import RunWarning
from layers.errors import LayersError


@dataclass(frozen=True)
class Checked:
    """What is wrong (a run would stop), and what is suspicious (a run would count it and go on)."""

    problems: tuple[str, ...]
    warnings: tuple[RunWarning, ...]


def check_inputs(config: RunConfig, stage: Stage) -> Checked:
    """Read zones, layers, places, timetables and streets independently of each other, and report on all of them."""
    problems = [f"{key}: there is no file at {path}" for key, path in named_files(config) if not path.exists()]
    warnings: tuple[RunWarning, ...] = ()
    if problems:
        return Checked(tuple(problems), warnings)
    for name, read in (("zones, layers and places", read_context), ("timetables and streets", read_network)):
        try:
            with stage(f"checking {name}"):
                warnings += read(config).warnings
        except (AccessibilityError, CorridorsError, LayersError) as error:
            problems.append(str(error))
    try:
        read_facts(config)
    except LayersError as error:
        problems.append(str(error))
    return Checked(tuple(problems), warnings)
