"""The sections of a configuration that define the question: search, headline, scores and outputs."""

from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    field_validator,
    model_validator,
)

from accessibility import (
    MOST_CUTOFFS,
    MOST_PERCENTILES,
    MOST_RIDES,
    SearchSpec,
    SearchSpecError,
    Walk,
    Wheelchair,
    require_few_departures,
)
from corridors.catalogue.measure import Dimension
from corridors.config.limits import (
    MOST_CENTRE_SETS,
    MOST_CENTRES,
    MOST_EDITIONS,
    MOST_MINUTES,
    MOST_ZONES_IN_PAIRS,
)
from corridors.config.section import Section
from corridors.config.values import FieldName, Minutes, Percentile, Share, Text, window_s
from corridors.errors import ScoringError
from corridors.scoring.scores import DIMENSIONS, chosen_indicators
from maps import MapContentError, Tiles

LONGER_S = 3600  # by which a variant of the headline's window is longer


class SearchSection(Section):
    """Settings of the search. `docs/decisions/0010-what-a-run-asks.md` says which options of the engine have no setting."""

    window: str = "07:00-09:00"
    step_s: Annotated[int, Field(ge=0, le=3600)] = 0  # 0: every instant departs, nothing is sampled
    walk_kmh: Annotated[float, Field(ge=0.1, le=20)] = 4.8
    max_walk_min: Annotated[float, Field(ge=0, le=240)] = 20.0
    board_slack_s: Annotated[int, Field(ge=0, le=3600)] = 60  # at every boarding
    percentiles: Annotated[list[Percentile], Field(max_length=MOST_PERCENTILES)] = [25.0, 50.0, 75.0]
    cutoffs_min: Annotated[list[Minutes], Field(max_length=MOST_CUTOFFS)] = [40.0, 45.0, 50.0]
    max_min: Annotated[float, Field(ge=1, le=MOST_MINUTES)] = 120.0
    max_rides: Annotated[int, Field(ge=1, le=MOST_RIDES)] | None = None
    max_change_walk_min: Annotated[float, Field(ge=0, le=240)] | None = None  # between rides; by default max_walk_min
    modes: Annotated[list[Text], Field(min_length=1)] | None = None  # that people ride; by default all
    wheelchair: Wheelchair = None  # board only what the feed says is accessible, or also what it says nothing about

    @field_validator("window")
    @classmethod
    def _window_is_ordered(cls, text: str) -> str:
        start, end = window_s(text)
        if end <= start:
            raise ValueError(f"the departure window {text!r} ends before it starts")
        return text

    @field_validator("percentiles")
    @classmethod
    def _percentiles_differ(cls, values: list[float]) -> list[float]:
        if len(set(values)) < len(values):
            raise ValueError(f"{_repeated(values)}: given twice; give each percentile once")
        return values

    @field_validator("cutoffs_min")
    @classmethod
    def _cutoffs_differ(cls, values: list[float]) -> list[float]:
        if len({round(60 * value) for value in values}) < len(values):
            raise ValueError(f"{_repeated(values)}: given twice, or less than a second apart")
        return values

    @field_validator("modes")
    @classmethod
    def _modes_are_known(cls, modes: list[str] | None) -> list[str] | None:
        SearchSpec(modes=frozenset(modes or ()))
        return modes

    @model_validator(mode="after")
    def _can_be_searched(self) -> Self:
        too_long = [f"{cutoff:g}" for cutoff in self.cutoffs_min if cutoff > self.max_min]
        if too_long:
            raise ValueError(
                f"cutoffs_min {', '.join(too_long)} is beyond max_min {self.max_min:g}, where the search ends"
            )
        try:
            spec = self.spec(1.0)
        except SearchSpecError as error:
            raise ValueError(str(error)) from None
        longest_s = min(spec.window_end_s - spec.window_start_s + LONGER_S, 86_400)
        try:
            require_few_departures(replace(spec, window_end_s=spec.window_start_s + longest_s))
        except SearchSpecError as error:
            raise ValueError(f"step_s (the longest variant of the window is an hour longer): {error}") from None
        return self

    def spec(self, detour: float) -> SearchSpec:
        """The specification of the search for the engine; `detour` is the factor on straight-line walks."""
        start, end = window_s(self.window)
        return SearchSpec(
            window_start_s=start,
            window_end_s=end,
            step_s=self.step_s,
            walk=Walk(self.walk_kmh, round(self.max_walk_min * 60), detour),
            transfer_max_s=None if self.max_change_walk_min is None else round(self.max_change_walk_min * 60),
            board_slack_s=self.board_slack_s,
            max_rides=self.max_rides,
            max_duration_s=round(self.max_min * 60),
            percentiles=tuple(self.percentiles),
            cutoffs_s=tuple(round(60 * cutoff) for cutoff in self.cutoffs_min),
            modes=None if self.modes is None else frozenset(self.modes),
            wheelchair=self.wheelchair,
        )


class KpiSection(Section):
    """Settings of the headline: the cutoff, and how many centres have to be reached within it."""

    cutoff_min: Minutes = 45.0
    centres_at_least: Annotated[int, Field(ge=1, le=MOST_CENTRES)] = 3
    without: Annotated[
        list[Text], Field(max_length=MOST_CENTRE_SETS)
    ] = []  # centres that variants leave out, one in each
    technical_choices: bool = True  # whether walks, boarding and centre points are varied too: a search for each


# Weights of need, opportunity and connectivity.
PRESETS: dict[str, tuple[float, float, float]] = {
    "equal": (1 / 3, 1 / 3, 1 / 3),
    "need_led": (0.5, 0.25, 0.25),
    "opportunity_led": (0.25, 0.5, 0.25),
    "access_led": (0.25, 0.25, 0.5),
}


class EditionSection(Section):
    """Another edition of figures that count towards the scores, such as an earlier index of deprivation.

    `columns` is the scored column -> the column that stands in for it. Ranks are drawn over the editions.
    """

    name: Text
    columns: Annotated[dict[FieldName, FieldName], Field(min_length=1)]


class ScoringSection(Section):
    """Settings of the scores: indicators, and the weights of the three dimensions where a combined rank is asked for."""

    combined: bool = False
    preset: Literal["equal", "need_led", "opportunity_led", "access_led"] = "equal"
    weights: dict[Dimension, Share] | None = None  # the user's own, instead of a preset
    connectivity: Literal["gap", "level"] = "gap"  # count the lack of connectivity in the combined rank, or its level
    indicators: dict[Dimension, list[str]] = {}
    editions: Annotated[list[EditionSection], Field(max_length=MOST_EDITIONS)] = []
    draws: Annotated[int, Field(ge=1000, le=1_000_000)] = 10_000
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 1

    @field_validator("weights")
    @classmethod
    def _weights_are_shares(cls, weights: dict[str, float] | None) -> dict[str, float] | None:
        if weights is not None and (set(weights) != set(DIMENSIONS) or abs(sum(weights.values()) - 1) > 0.001):
            raise ValueError(f"give a weight to each of {', '.join(DIMENSIONS)}, together 1; these are {weights}")
        return weights

    @model_validator(mode="after")
    def _scores_nothing_twice(self) -> Self:
        try:
            chosen_indicators(self.indicators)
        except ScoringError as error:
            raise ValueError(str(error)) from None
        return self

    @model_validator(mode="after")
    def _editions_are_of_scored_columns(self) -> Self:
        scored = {one.column for one in chosen_indicators(self.indicators)}
        names = [one.name for one in self.editions]
        if len(set(names)) < len(names):
            raise ValueError("two editions have the same name; give each its own")
        for one in self.editions:
            if unscored := sorted(set(one.columns) - scored):
                raise ValueError(
                    f"{one.name}: {', '.join(unscored)} count towards no score, so another edition changes nothing"
                )
        return self

    @property
    def mix(self) -> tuple[float, ...]:
        """Weights of need, opportunity and connectivity."""
        return PRESETS[self.preset] if self.weights is None else tuple(self.weights[d] for d in DIMENSIONS)


class TilesSection(Section):
    """Online background tiles of the map; without this section the map asks the network for nothing."""

    url: Text
    attribution: Text

    @property
    def tiles(self) -> Tiles:
        """The tiles for the map."""
        return Tiles(self.url, self.attribution)

    @model_validator(mode="after")
    def _address_is_of_tiles(self) -> Self:
        try:
            _ = self.tiles
        except MapContentError as error:
            raise ValueError(str(error)) from None
        return self


class OutputsSection(Section):
    """Settings of what is written beside the tables."""

    surface_cell_m: Annotated[float, Field(ge=10, le=5000)] = 200.0
    papers: bool = True  # the report as a Word document and as PDFs
    tiles: TilesSection | None = None
    zone_to_zone: bool = True  # the map answers where one can get to from any zone
    zone_to_zone_most: Annotated[int, Field(ge=1, le=MOST_ZONES_IN_PAIRS)] = 2500


def _repeated(values: list[float]) -> str:
    """The values that are the same as another when rounded to seconds, as a text."""
    seconds = [round(60 * value) for value in values]
    repeated = dict.fromkeys(value for value, key in zip(values, seconds, strict=True) if seconds.count(key) > 1)
    return ", ".join(f"{value:g}" for value in repeated)
