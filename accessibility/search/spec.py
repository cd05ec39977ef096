"""The parameters of a search (`SearchSpec`) and its result (`TravelTimes`)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.errors import SearchSpecError
from accessibility.gtfs.routes import MODES
from accessibility.kernels.simd import NEVER
from accessibility.legs import Float, Int32, Walk
from accessibility.search.frames import Ids, draw_curves, long_frame, summary_html, summary_words, wide_frame

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNREACHED = int(NEVER)  # travel time of a departure, or percentile, that does not arrive within `max_duration_s`

# Limits of one search. Above them it takes minutes and gigabytes and gives no more information.
MOST_PERCENTILES = 100
MOST_CUTOFFS = 100
MOST_RIDES = 100  # of one journey; nobody changes more often
STARTS_BEFORE_S = 172_800  # 48:00: no window starts later
MOST_DEPARTURES = 14_400  # four hours by the second


# Which stops and trips may be used: only accessible ones, or also those of unknown accessibility; None = all.
Wheelchair = Literal["required", "required_or_unknown"] | None


@dataclass(frozen=True)
class SearchSpec:
    """Parameters of a search: its departures, at `window_start_s`, `+ step_s`, ... before `window_end_s`, and how people travel.

    Percentiles are nearest-rank over all departures of the window; unreachable departures count as infinitely long. With
    `step_s` 0 the departures are all instants of the window: nothing is sampled, and shares are exact integrals. With
    `arrive_by` the window has deadlines, and a travel time is counted from leaving to the deadline.
    Raises `SearchSpecError`, with all problems at once, for values out of range.
    """

    window_start_s: int = 7 * 3600
    window_end_s: int = 9 * 3600
    step_s: int = 60
    arrive_by: bool = False
    walk: Walk = field(default_factory=Walk)
    transfer_max_s: int | None = None  # longest walk between two rides; None = that of `walk`
    board_slack_s: int = 0  # between arriving at a stop and boarding, at every boarding
    max_rides: int | None = None
    max_duration_s: int = 7200
    percentiles: tuple[float, ...] = (25.0, 50.0, 75.0)
    cutoffs_s: tuple[int, ...] = (2700,)
    modes: frozenset[str] | None = None  # None = all
    wheelchair: Wheelchair = None
    frequency_draws: int = (
        0  # number of random draws of trips' offsets within headways; 0 = all start at the start time
    )
    seed: int = 0  # of those draws

    def __post_init__(self) -> None:
        problems = [message for broken, message in self._rules() if broken]
        if problems:
            raise SearchSpecError("; ".join(problems))

    def _rules(self) -> Iterator[tuple[bool, str]]:
        yield self.window_end_s <= self.window_start_s, "the departure window ends before it starts"
        yield not 0 <= self.window_start_s < STARTS_BEFORE_S, "the departure window must start between 00:00 and 48:00"
        yield self.window_end_s - self.window_start_s > 86_400, "the departure window is longer than a day"
        yield self.step_s < 0, "the step between departures must be at least 1 second (or 0 for every instant)"
        yield (
            self.transfer_max_s is not None and not 0 <= self.transfer_max_s <= 14_400,
            "longest walk between rides must be between 0 and 240 minutes",
        )
        yield not 0 <= self.board_slack_s <= 3600, "the board slack must be between 0 and 3,600 seconds"
        yield (
            self.max_rides is not None and not 1 <= self.max_rides <= MOST_RIDES,
            f"max_rides must be between 1 and {MOST_RIDES} (or none for no limit)",
        )
        yield not 60 <= self.max_duration_s <= 86_400, "the longest duration must be between 1 minute and 24 hours"
        yield any(not 0 < p <= 100 for p in self.percentiles), "percentiles must be above 0 and at most 100"
        yield len(self.percentiles) > MOST_PERCENTILES, f"more than {MOST_PERCENTILES} percentiles"
        yield any(not 1 <= c <= 86_400 for c in self.cutoffs_s), "cutoffs must be between 1 second and 24 hours"
        yield len(self.cutoffs_s) > MOST_CUTOFFS, f"more than {MOST_CUTOFFS} cutoffs"
        known = self.wheelchair in {None, "required", "required_or_unknown"}
        yield not known, f'wheelchair must be "required", "required_or_unknown" or None, not {self.wheelchair!r}'
        yield not 0 <= self.frequency_draws <= 1000, "frequency_draws must be between 0 and 1,000"
        yield (
            bool(self.frequency_draws) and not self.step_s,
            "frequency_draws need a step between departures of at least 1 second",
        )
        unknown = sorted((self.modes or frozenset()).difference(MODES))
        yield bool(unknown), f"unknown modes: {', '.join(unknown)}; expected some of {', '.join(MODES)}"

    @property
    def n_departures(self) -> int:
        """The number of departures (or deadlines) in the window; its length in seconds if `step_s` is 0."""
        length_s = self.window_end_s - self.window_start_s
        return math.ceil(length_s / self.step_s) if self.step_s else length_s

    @property
    def span_s(self) -> tuple[int, int]:
        """The seconds before which no journey of the search starts and after which none ends."""
        if self.arrive_by:
            return self.window_start_s - self.max_duration_s, self.window_end_s
        return self.window_start_s, self.window_end_s + self.max_duration_s

    @property
    def walk_between_rides(self) -> Walk:
        """The walking assumptions for transfers."""
        return self.walk if self.transfer_max_s is None else replace(self.walk, max_s=self.transfer_max_s)

    @property
    def ranks(self) -> Int32:
        """(n_percentiles,) nearest rank (1 = fastest) of each percentile among the departures."""
        return nearest_ranks(self.percentiles, self.n_departures)


def require_few_departures(spec: SearchSpec) -> None:
    """Raises `SearchSpecError` if a window has more than `MOST_DEPARTURES` departures (unless `step_s` is 0)."""
    if spec.step_s and spec.n_departures > MOST_DEPARTURES:
        least_s = math.ceil((spec.window_end_s - spec.window_start_s) / MOST_DEPARTURES)
        raise SearchSpecError(
            f"a step of {spec.step_s} s makes {spec.n_departures:,} departures of the window; at most {MOST_DEPARTURES:,} are "
            f"searched: take a step of {least_s} s or more, or a shorter window"
        )


def nearest_ranks(percentiles: tuple[float, ...], n: int) -> Int32:
    """(n_percentiles,) nearest rank (1 = least) of each percentile p among `n` values: p % of them are at most as large."""
    return np.array([max(1, math.ceil(p / 100 * n - 1e-9)) for p in percentiles], np.int32)


class TravelTimes(NamedTuple):
    """Door-to-door times of one search."""

    # (n_percentiles, n_origins, n_destinations) whole seconds, UNREACHED if longer than max_duration_s
    seconds_or_unreached: Int32
    departures_within: (
        Int32  # (n_cutoffs, n_origins, n_destinations), of n_departures; max_duration_s is the last cutoff
    )
    n_departures: int  # of the window, times the number of draws; its length in seconds if `step_s` is 0
    percentiles: tuple[float, ...]
    cutoffs_s: tuple[int, ...]  # the spec's, then max_duration_s
    origin_ids: Ids | None = None  # (n_origins,) of the points; None where a search was asked for without them
    destination_ids: Ids | None = None  # (n_destinations,)

    def percentile_s(self, percentile: float) -> Float:
        """(n_origins, n_destinations) seconds of one of the search's percentiles, NaN if longer than `max_duration_s`.

        Raises `SearchSpecError` for a percentile that was not searched.
        """
        if percentile not in self.percentiles:
            searched = ", ".join(f"{one:g}" for one in self.percentiles)
            raise SearchSpecError(f"percentile {percentile:g} was not searched; the search has {searched or 'none'}")
        seconds = self.seconds_or_unreached[self.percentiles.index(percentile)]
        return np.where(seconds == UNREACHED, np.nan, seconds)

    def to_frame(self, percentile: float | None = None, *, wide: bool = False, r5_names: bool = False) -> pd.DataFrame:
        """Travel times in minutes, NaN where unreachable, with the ids of the points (their numbers where there are none).

        Long: from_id, to_id, p50_min and so on (all percentiles, or the one asked for), reach_share (0-1 of departures).
        With `r5_names` the minutes are called travel_time_p50, as r5r and r5py call them (they give whole minutes).
        `wide`: a row for each origin, a column for each destination, of `percentile` (by default the middle one searched).
        Raises `SearchSpecError` for a percentile that was not searched.
        """
        if wide:
            return wide_frame(*self._ids(), self._minutes(self._middle() if percentile is None else percentile))
        asked = self.percentiles if percentile is None else (percentile,)
        minutes = [(one, self._minutes(one)) for one in asked]
        return long_frame(*self._ids(), minutes, self.departures_within[-1] / self.n_departures, r5_names)

    def plot(self, percentile: float | None = None, ax: "Axes | None" = None) -> "Axes":
        """Draw the share of origins that reach each destination within so many minutes, for at most ten destinations.

        Needs matplotlib. Raises `SearchSpecError` for more destinations, or a percentile that was not searched.
        """
        return draw_curves(self.to_frame(percentile, wide=True), ax)

    def __repr__(self) -> str:
        return f"<{self._summary()}>"

    def _repr_html_(self) -> str:
        return summary_html(self._summary(), self.to_frame(wide=True))

    def _summary(self) -> str:
        return summary_words(self._minutes(self._middle()), self._middle(), self.n_departures)

    def _middle(self) -> float:
        """The median where it was searched, else the middle one of the percentiles."""
        if not self.percentiles:
            raise SearchSpecError("no percentile was searched; name some in SearchSpec(percentiles=...)")
        return 50.0 if 50.0 in self.percentiles else sorted(self.percentiles)[len(self.percentiles) // 2]

    def _minutes(self, percentile: float) -> Float:
        return self.percentile_s(percentile) / 60

    def _ids(self) -> tuple[Ids, Ids]:
        n, m = self.departures_within.shape[1:]
        given = ((self.origin_ids, n), (self.destination_ids, m))
        origins, destinations = (np.arange(size).astype(object) if ids is None else ids for ids, size in given)
        return origins, destinations

    def share_within(self, cutoff_s: int) -> npt.NDArray[np.float64]:
        """(n_origins, n_destinations) share of departures, 0-1, that take at most `cutoff_s`, one of the search's cutoffs.

        Raises `SearchSpecError` for a cutoff that was not searched.
        """
        if cutoff_s not in self.cutoffs_s:
            searched = ", ".join(f"{one:,}" for one in self.cutoffs_s)
            raise SearchSpecError(f"a cutoff of {cutoff_s:,} s was not searched; the search has {searched} s")
        share: npt.NDArray[np.float64] = self.departures_within[self.cutoffs_s.index(cutoff_s)] / self.n_departures
        return share
