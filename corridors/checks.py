"""`corridors check`: read every input and gather every problem, without a run."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from accessibility import AccessibilityError, GoodDay
from corridors.config.problem_words import path_hint
from corridors.config.run_config import RunConfig
from corridors.errors import CorridorsError
from corridors.inputs.base_map import read_base_map_of
from corridors.inputs.files import absent_files
from corridors.inputs.proximity import require_near
from corridors.inputs.read import Network, read_context, read_facts, read_network_and_feed
from corridors.inputs.timetables import missing_modes
from corridors.pipeline import Stage
from corridors.places.requirements import require_answerable
from corridors.results import RunWarning
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.worlds import Base, feed_digests, require_same_base, world_of
from layers import LayersError

Value = TypeVar("Value")


@dataclass(frozen=True)
class CheckResult:
    """Problems at which a run would stop, and warnings that a run would count."""

    problems: tuple[str, ...]
    warnings: tuple[RunWarning, ...]
    days: tuple[str, ...] = ()  # near the run's day, as good to ask about: in words, with their trips
    base_map: str = ""  # what maps draw under the zones, in words; "" where nothing


def check_inputs(config: RunConfig, stage: Stage) -> CheckResult:
    """Problems and warnings of a configuration's zones, layers, places, timetables, streets and scenarios."""
    problems = [f"{key}: there is no file at {path}{path_hint(path)}" for key, path in absent_files(config)]
    if problems:
        return CheckResult(tuple(problems), ())
    with stage("checking zones, layers and places"):
        context = _read(read_context, config, problems)
        ground = _read(lambda _: read_base_map_of(config, context.zones), config, problems) if context else None
    with stage("checking timetables and streets"):
        within = context.surroundings if context else None
        found = _read(lambda _: read_network_and_feed(config, within, other_days=True), config, problems)
        network, feed = found or (None, None)
    _read(read_facts, config, problems)
    if context:
        _read(lambda _: require_answerable(config, context), config, problems)
    if context and network:
        _read(
            lambda _: require_near(network.timetable, context.points["lon"], context.points["lat"], "zones"),
            config,
            problems,
        )
    if context and network and feed and not problems:
        with stage("checking the scenarios"):
            base = Base(config, context, network, feed, feed_digests(config))
            for path in config.scenarios:
                _read(partial(_apply, base, path), config, problems)
    warnings = tuple(warning for read in (context, ground, network) if read for warning in read.warnings)
    if context and network:
        warnings += missing_modes(config, network.timetable, context.zones)
    days = _other_days(network) if network else ()
    return CheckResult(tuple(problems), warnings, days, ground.drawn_words if ground else "")


def _other_days(network: Network) -> tuple[str, ...]:
    """Working days near the run's day on which the timetables have a usual number of trips, in order, in words."""
    table = network.candidate_days
    others = [] if table is None else table.loc[~table["in_use"], ["date", "trips"]].to_numpy().tolist()
    return tuple(GoodDay(dt.date.fromisoformat(date), trips).words for date, trips in others)


def _apply(base: Base, path: Path, _: RunConfig) -> None:
    """Apply a scenario of the list to the base. Raises `ScenarioFileError` for one that can't be."""
    chosen = read_scenarios([path])
    require_same_base(base, chosen)
    world_of(base, chosen)


def _read(read: Callable[[RunConfig], Value], config: RunConfig, problems: list[str]) -> Value | None:
    """The result of `read`; None where it raises a user's error, whose message is added to `problems`."""
    try:
        return read(config)
    except (AccessibilityError, CorridorsError, LayersError) as error:
        problems.append(str(error))
        return None
