"""Travel times as tables, as a summary for notebooks, and as curves: what people do with them first."""

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.errors import SearchSpecError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Float = npt.NDArray[np.float64]
Ids = npt.NDArray[np.object_]
_SHOWN = 6  # rows and columns of a summary
_MOST_CURVES = 10


def long_frame(
    origin_ids: Ids, destination_ids: Ids, minutes: Sequence[tuple[float, Float]], shares: Float, r5_names: bool
) -> pd.DataFrame:
    """One row for each pair: from_id, to_id, minutes of each percentile (NaN where unreachable), reach_share (0-1).

    `minutes` are percentiles, each with (n_origins, n_destinations) minutes. Their columns are called p50_min, or as r5r
    and r5py call them, travel_time_p50.
    """
    n, m = len(origin_ids), len(destination_ids)
    columns: dict[str, npt.NDArray[np.object_] | Float] = {
        "from_id": np.repeat(origin_ids, m),
        "to_id": np.tile(destination_ids, n),
    }
    for percentile, values in minutes:
        name = f"travel_time_p{percentile:g}" if r5_names else f"p{percentile:g}_min"
        columns[name] = values.ravel()
    return pd.DataFrame({**columns, "reach_share": shares.ravel()})


def wide_frame(origin_ids: Ids, destination_ids: Ids, minutes: Float) -> pd.DataFrame:
    """Minutes with a row for each origin (index from_id) and a column for each destination (to_id)."""
    return pd.DataFrame(minutes, pd.Index(origin_ids, name="from_id"), pd.Index(destination_ids, name="to_id"))


def summary_words(minutes: Float, percentile: float, n_departures: int) -> str:
    """What a search found in a sentence."""
    n, m = minutes.shape
    reached = np.isfinite(minutes)
    found = f", {reached.mean():.1%} of pairs reached" if minutes.size else ""
    middle = f", {np.median(minutes[reached]):.0f} min at the median of them" if reached.any() else ""
    return (
        f"travel times of {n:,} origins and {m:,} destinations over {n_departures:,} departures: percentile "
        f"{percentile:g}{found}{middle}"
    )


def summary_html(words: str, frame: pd.DataFrame) -> str:
    """The sentence and the first rows and columns of a wide frame, in minutes, for a notebook."""
    n, m = frame.shape
    part = frame.iloc[:_SHOWN, :_SHOWN]
    cut = (
        f"<p>{_SHOWN} at most of {n:,} rows and {m:,} columns; to_frame() gives all.</p>" if max(n, m) > _SHOWN else ""
    )
    table = part.to_html(float_format=lambda value: f"{value:.1f}", na_rep="not reached", border=0)
    return f"<p>{html.escape(words[:1].upper() + words[1:])}. Minutes:</p>{table}{cut}"


def draw_curves(frame: pd.DataFrame, ax: "Axes | None") -> "Axes":
    """The share of origins that reach each destination within so many minutes: one curve each, of a wide frame.

    Raises `SearchSpecError` for more than ten destinations, which no chart tells apart.
    """
    import matplotlib.pyplot as plt

    if frame.shape[1] > _MOST_CURVES:
        raise SearchSpecError(
            f"{frame.shape[1]:,} destinations are too many curves for one chart; at most {_MOST_CURVES}"
        )
    axes = plt.subplots()[1] if ax is None else ax
    for column in frame.columns:
        reached = np.sort(frame[column].dropna().to_numpy(float))
        share = 100 * np.arange(1, len(reached) + 1) / max(1, len(frame))
        axes.step(np.concatenate([[0.0], reached]), np.concatenate([[0.0], share]), where="post", label=str(column))
    axes.set(xlabel="minutes", ylabel="% of origins that arrive", ylim=(0, 100))
    axes.set_xlim(left=0)
    axes.legend()
    return axes
