"""The options of `corridors matrix`, checked one by one; each message names the option as it is typed."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from accessibility import (
    MODES,
    MOST_PERCENTILES,
    MOST_RIDES,
    SearchSpec,
    SearchSpecError,
    Walk,
    Wheelchair,
    require_few_departures,
)
from corridors.config.values import window_s
from corridors.errors import ConfigError

MOST_DRAWS = 50  # each holds its own network in memory
_WHEELCHAIR: dict[str | None, Wheelchair] = {
    None: None,
    "required": "required",
    "required_or_unknown": "required_or_unknown",
}
# Option -> least, most, unit.
_RANGES: dict[str, tuple[float, float, str]] = {
    "--step": (0, 86_400, "seconds"),
    "--walk-kmh": (0.1, 20, "km/h"),
    "--max-walk-min": (0, 240, "minutes"),
    "--max-min": (1, 1440, "minutes"),
    "--board-slack": (0, 3600, "seconds"),
    "--max-rides": (1, MOST_RIDES, "rides"),
    "--max-change-walk-min": (0, 240, "minutes"),
    "--headway-draws": (0, MOST_DRAWS, "draws"),
    "--seed": (0, 2**32 - 1, "as the seed of the draws"),
    "--detour": (1, 5, "times the straight line"),
    "--radius-m": (0, 5000, "metres"),
}


@dataclass(frozen=True)
class MatrixRequest:
    """The options of the command line, as typed."""

    gtfs: Sequence[Path]
    stop_locations: Path | None
    osm: Path | None
    elevation: Path | None
    origins: Path
    origins_layer: str | None
    destinations: Path
    destinations_layer: str | None
    date: str
    window: str
    step_s: int
    percentiles: str
    walk_kmh: float
    max_walk_min: float
    max_min: float
    board_slack_s: int
    max_rides: int | None
    max_change_walk_min: float | None
    modes: str | None
    wheelchair: str | None
    arrive_by: bool
    headway_draws: int
    seed: int
    detour: float
    radius_m: float

    def inputs(self) -> list[Path]:
        """The files and folders that are read."""
        optional = filter(None, (self.stop_locations, self.osm, self.elevation))
        return [*self.gtfs, self.origins, self.destinations, *optional]

    def spec(self) -> SearchSpec:
        """The specification of the search. Raises `ConfigError` that lists every option that can't be used."""
        problems = [*self._out_of_range(), *self._unusable()]
        if problems:
            raise ConfigError("; ".join(problems))
        try:
            start_s, end_s = window_s(self.window)
            spec = SearchSpec(
                window_start_s=start_s,
                window_end_s=end_s,
                step_s=self.step_s,
                arrive_by=self.arrive_by,
                walk=Walk(self.walk_kmh, round(self.max_walk_min * 60), self.detour),
                transfer_max_s=None if self.max_change_walk_min is None else round(self.max_change_walk_min * 60),
                board_slack_s=self.board_slack_s,
                max_rides=self.max_rides,
                max_duration_s=round(self.max_min * 60),
                percentiles=_percentiles(self.percentiles),
                cutoffs_s=(),
                modes=self._modes(),
                wheelchair=_WHEELCHAIR[self.wheelchair],
                frequency_draws=self.headway_draws,
                seed=self.seed,
            )
        except (SearchSpecError, ValueError) as error:  # the other numbers are known to be in range
            raise error if isinstance(error, ConfigError) else ConfigError(f"--window: {error}") from error
        try:
            require_few_departures(spec)
        except SearchSpecError as error:
            raise ConfigError(f"--step: {error}") from error
        return spec

    def service_date(self) -> dt.date:
        """The service day. Raises `ConfigError` where it is not a date."""
        try:
            return dt.date.fromisoformat(self.date)
        except ValueError:
            raise ConfigError(f"--date {self.date!r} is not a date; write YYYY-MM-DD, for example 2026-03-24") from None

    def _out_of_range(self) -> Iterator[str]:
        values = (
            self.step_s,
            self.walk_kmh,
            self.max_walk_min,
            self.max_min,
            self.board_slack_s,
            self.max_rides,
            self.max_change_walk_min,
            self.headway_draws,
            self.seed,
            self.detour,
            self.radius_m,
        )
        for value, (option, (least, most, unit)) in zip(values, _RANGES.items(), strict=True):
            if value is not None and not least <= value <= most:  # nan is in no range
                yield f"{option} {str(value)[:30]} can't be used; give {least:g} to {most:,g} {unit}"

    def _modes(self) -> frozenset[str] | None:
        return None if self.modes is None else frozenset(mode.strip() for mode in self.modes.split(","))

    def _unusable(self) -> Iterator[str]:
        unknown = sorted((self._modes() or frozenset()).difference(MODES))
        if unknown:
            yield f"--modes {', '.join(unknown)[:60]!r} can't be used; give some of {', '.join(MODES)} with commas between"
        if self.wheelchair not in _WHEELCHAIR:
            yield f"--wheelchair {self.wheelchair!r} can't be used; give required or required_or_unknown"
        if self.headway_draws and not self.step_s:
            yield "--headway-draws needs a --step of at least 1 second: draws are not made of every instant"


def _percentiles(text: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = (math.nan,)
    names = {f"{number:g}" for number in numbers}
    if not all(0 < number <= 100 for number in numbers) or len(numbers) > MOST_PERCENTILES or len(names) < len(numbers):
        raise ConfigError(
            f"--percentiles {text[:60]!r} can't be used; give up to {MOST_PERCENTILES} different numbers above 0 and at most "
            "100 with commas between, for example 25,50,75"
        )
    return numbers
