"""`corridors check`: read every input and gather every problem, without a run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from accessibility import AccessibilityError
from corridors.config.run_config import RunConfig
from corridors.errors import CorridorsError
from corridors.inputs.proximity import require_near
from corridors.inputs.read import absent_files, read_context, read_facts, read_network
from corridors.pipeline import Stage
from corridors.places.requirements import require_answerable
from corridors.results import RunWarning
from layers import LayersError

Value = TypeVar("Value")


@dataclass(frozen=True)
class CheckResult:
    """Problems at which a run would stop, and warnings that a run would count."""

    problems: tuple[str, ...]
    warnings: tuple[RunWarning, ...]


def check_inputs(config: RunConfig, stage: Stage) -> CheckResult:
    """Problems and warnings of a configuration's zones, layers, places, timetables and streets, read independently."""
    problems = [f"{key}: there is no file at {path}" for key, path in absent_files(config)]
    if problems:
        return CheckResult(tuple(problems), ())
    with stage("checking zones, layers and places"):
        context = _read(read_context, config, problems)
    with stage("checking timetables and streets"):
        network = _read(read_network, config, problems)
    _read(read_facts, config, problems)
    if context:
        _read(lambda _: require_answerable(config, context), config, problems)
    if context and network:
        _read(
            lambda _: require_near(network.timetable, context.points["lon"], context.points["lat"], "zones"),
            config,
            problems,
        )
    warnings = (*(context.warnings if context else ()), *(network.warnings if network else ()))
    return CheckResult(tuple(problems), warnings)


def _read(read: Callable[[RunConfig], Value], config: RunConfig, problems: list[str]) -> Value | None:
    """The result of `read`; None where it raises a user's error, whose message is added to `problems`."""
    try:
        return read(config)
    except (AccessibilityError, CorridorsError, LayersError) as error:
        problems.append(str(error))
        return None
