"""Tables of what the ranking of corridors is worth: acceptability, pairs, dominance, and the choices it hangs on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd

from corridors.scoring.ranks import (
    LIKELY,
    RankUncertainty,
    dominates,
    draws_in_words,
    monte_carlo_error,
    rank_uncertainty,
    verdict,
)
from corridors.scoring.scores import DIMENSIONS, Float, ranks_of
from corridors.scoring.uncertainty import (
    CHOICES,
    FACTORS,
    MEASURES,
    WEIGHTS,
    ZONES,
    Draws,
    ScoreSpace,
    draw,
    evaluate,
    one_at_a_time,
    total_effects,
)

EVERYTHING = "everything"
WEIGHTS_ONLY = "weights only"
# What is varied together -> the factors; weights act on the combined rank alone.
ANALYSES: Mapping[str, frozenset[str]] = {
    EVERYTHING: frozenset(FACTORS),
    "catchment only": frozenset({"catchment"}),
    "method only": frozenset({"normalisation", "combination", "left_out"}),
    "definition only": frozenset({"centre_set", "window"}),
    "technique only": frozenset({"technique"}),
    "zones only": frozenset({ZONES}),
    WEIGHTS_ONLY: frozenset({WEIGHTS}),
}
_DOMINANCE = ["corridor_a", "corridor_b", "catchments", "of_catchments", "least_lead", "least_lead_on", "sentence"]
_EFFECT_DRAWS = 2000  # eight factors at two further evaluations each; the effects are stable to a point or two


@dataclass(frozen=True)
class RankRequest:
    """A request for ranks: number of draws, seed, and whether the three dimensions are also combined."""

    draws: int
    seed: int
    combined: bool
    presets: Mapping[str, Float]  # name -> (3,) weights to draw round


@dataclass(frozen=True)
class RankEvidence:
    """Tables as `corridors.results.Tables` describes them, and each corridor's combined rank with its uncertainty.

    Tables are None with fewer than two corridors; ranks are empty unless they are asked for.
    """

    acceptability: pd.DataFrame | None = None
    pairs: pd.DataFrame | None = None
    choices: pd.DataFrame | None = None
    influence: pd.DataFrame | None = None
    dominance: pd.DataFrame | None = None
    ranks: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def rank_evidence(space: ScoreSpace, names: Mapping[str, str], request: RankRequest) -> RankEvidence:
    """Everything the ranks of a score space are worth; `names` is corridor id -> name.

    Measures are the three dimensions, and their combination only where `request` asks for it.
    """
    if len(space.corridor_ids) < 2:
        return RankEvidence()
    found = _analysed(space, request)
    pairs = _pairs(space, names, found, request.draws)
    choices = one_at_a_time(space)
    influence = _influence(space, request)
    measures = [measure for measure, analysis in found if analysis == EVERYTHING]
    combined = found.get(("combined", EVERYTHING))
    return RankEvidence(
        acceptability=_acceptability(space, names, found, request.draws),
        pairs=pairs,
        choices=choices[choices["measure"].isin(measures)].reset_index(drop=True),
        influence=influence[influence["measure"].isin(measures)].reset_index(drop=True),
        dominance=_dominance(space, names, found),
        ranks={} if combined is None else _ranks(space, combined),
    )


def _analysed(space: ScoreSpace, request: RankRequest) -> dict[tuple[str, str], RankUncertainty]:
    """(measure, what was varied) -> its ranks; measures without any score are left out."""
    rng = np.random.default_rng(request.seed)
    plans: list[tuple[str, frozenset[str], Float | None]] = [(name, of, None) for name, of in ANALYSES.items()]
    plans += [(f"weights near {preset}", frozenset({WEIGHTS}), near) for preset, near in request.presets.items()]
    found = {}
    for name, varied, near in plans:
        only_weights = varied == {WEIGHTS}
        if only_weights and not request.combined:
            continue
        values = evaluate(space, draw(space, request.draws, rng, varied, near))
        for m, measure in enumerate(MEASURES):
            combined = measure == "combined"
            if (only_weights and not combined) or (combined and not request.combined):
                continue
            if not np.isnan(values[..., m]).all():
                found[measure, name] = rank_uncertainty(values[..., m])
    return found


def _own(space: ScoreSpace) -> Float:
    """(n_corridors, 4) the run's own scores."""
    picks = {choice: np.zeros(1, np.int64) for choice in space.levels}
    own: Float = evaluate(space, Draws(picks, np.ones((1, space.people.shape[-1])), space.mix[None, :]))[0]
    return own


def _acceptability(
    space: ScoreSpace, names: Mapping[str, str], found: Mapping[tuple[str, str], RankUncertainty], draws: int
) -> pd.DataFrame:
    own = _own(space)
    ranks = ranks_of(own.T)
    rows = [
        {
            "measure": measure,
            "varied": analysis,
            "corridor_id": corridor,
            "name": names[corridor],
            "score": own[k, MEASURES.index(measure)],
            "rank": ranks[MEASURES.index(measure), k],
            "rank_low": result.low[k],
            "rank_median": result.median[k],
            "rank_high": result.high[k],
            "monte_carlo_error": monte_carlo_error(0.5, draws),
            **{f"p_rank_{r + 1}": share for r, share in enumerate(result.acceptability[k])},
        }
        for (measure, analysis), result in found.items()
        for k, corridor in enumerate(space.corridor_ids)
    ]
    return pd.DataFrame(rows)


_PAIR_COLUMNS = (
    *("measure", "corridor_a", "corridor_b", "p_a_above_b", "p_a_above_b_error", "p_a_above_b_weights_only", "verdict"),
    "sentence",
)


def _pairs(
    space: ScoreSpace, names: Mapping[str, str], found: Mapping[tuple[str, str], RankUncertainty], draws: int
) -> pd.DataFrame:
    rows = []
    for measure in MEASURES:
        if (measure, EVERYTHING) not in found:
            continue
        beats = found[measure, EVERYTHING].beats
        weights = found.get((measure, WEIGHTS_ONLY))
        for i, j in combinations(range(len(space.corridor_ids)), 2):
            a, b = (i, j) if beats[i, j] >= beats[j, i] else (j, i)
            one, other = space.corridor_ids[a], space.corridor_ids[b]
            by_weights = float("nan") if weights is None else float(weights.beats[a, b])
            share = float(beats[a, b])
            error = monte_carlo_error(share, draws)
            rows.append(
                {
                    "measure": measure,
                    "corridor_a": one,
                    "corridor_b": other,
                    "p_a_above_b": share,
                    "p_a_above_b_error": error,
                    "p_a_above_b_weights_only": by_weights,
                    "verdict": verdict(share, error),
                    "sentence": pair_sentence(measure, (names[one], names[other]), (share, error), by_weights),
                }
            )
    return pd.DataFrame(rows, columns=list(_PAIR_COLUMNS))


def pair_sentence(
    measure: str, pair: tuple[str, str], beats: tuple[float, float], by_weights: float = float("nan")
) -> str:
    """Sentence on two corridors, of which the first ranks above the second in a share of the draws.

    `beats` is that share (>= 0.5) and its Monte Carlo error.
    """
    on = "On need, opportunity and the gap in connectivity combined" if measure == "combined" else f"On {measure}"
    word, share = verdict(*beats), f"{draws_in_words(beats[0])} (± {np.ceil(beats[1] * 1000) / 10:.1f} points)"
    if word == "not distinguishable":
        text = f"{on}, {pair[0]} and {pair[1]} are not distinguishable: the first ranks above in {share}."
    else:
        text = f"{on}, {pair[0]} ranks above {pair[1]} in {share}: {word}."
    if not np.isnan(by_weights):
        text += (
            f" Under changed weights alone it would be in {draws_in_words(by_weights)}, which leaves out all other "
            "uncertainty."
        )
    return text


def _influence(space: ScoreSpace, request: RankRequest) -> pd.DataFrame:
    """measure, choice, title, total_effect, rank_shift (mean places moved when it alone changes), most_influential."""
    effects = total_effects(space, _EFFECT_DRAWS, np.random.default_rng(request.seed))
    effects = effects.reset_index().melt("choice", var_name="measure", value_name="total_effect")
    shifts = _shifts(one_at_a_time(space))
    table = effects.merge(shifts, on=["measure", "choice"], how="left")
    table.insert(2, "title", table["choice"].map(FACTORS))
    most = table.groupby("measure")["total_effect"].transform("max")
    table["most_influential"] = (table["total_effect"] == most) & (most > 0)
    return table.sort_values(["measure", "total_effect"], ascending=[True, False], ignore_index=True)


def _shifts(choices: pd.DataFrame) -> pd.DataFrame:
    """Mean absolute shift in rank of a corridor over the other levels of each choice (Saisana et al. 2005)."""
    own = choices[(choices["choice"] == "catchment")].drop_duplicates(["measure", "corridor_id"])
    table = choices.merge(own[["measure", "corridor_id", "rank"]], on=["measure", "corridor_id"], suffixes=("", "_own"))
    table["rank_shift"] = (table["rank"] - table["rank_own"]).abs()
    own_level = own["level"].iloc[0]
    others = table[~((table["choice"] == "catchment") & (table["level"] == own_level))]
    shifts: pd.DataFrame = others.groupby(["measure", "choice"])["rank_shift"].mean().reset_index()
    return shifts


def _dominance(
    space: ScoreSpace, names: Mapping[str, str], found: Mapping[tuple[str, str], RankUncertainty]
) -> pd.DataFrame:
    """Pairs in which one corridor leads on all three dimensions: no weights are needed to put it first."""
    catchments = space.levels["catchment"]
    picks = {choice: np.zeros(len(catchments), np.int64) for choice in CHOICES}
    picks["catchment"] = np.arange(len(catchments))
    draws = Draws(picks, np.ones((1, space.people.shape[-1])), np.tile(space.mix, (len(catchments), 1)))
    criteria = evaluate(space, draws)[..., :3]
    if space.gap:
        criteria[..., 2] = 100 - criteria[..., 2]
    ahead = dominates(criteria)
    rows = []
    for a, b in zip(*np.nonzero(ahead.any(axis=0)), strict=True):
        one, other, here = space.corridor_ids[a], space.corridor_ids[b], ahead[:, a, b]
        leads = (criteria[here, a] - criteria[here, b]).min(axis=0)
        lead = Lead((names[one], names[other]), leads, _where(here, catchments), space.gap, _held(space, found, a, b))
        rows.append((one, other, int(here.sum()), len(catchments), leads.min(), lead.least_on, lead.sentence))
    return pd.DataFrame(rows, columns=_DOMINANCE)


def _held(space: ScoreSpace, found: Mapping[tuple[str, str], RankUncertainty], a: int, b: int) -> list[float]:
    """In which share of draws, with everything varied, the first corridor leads the second on each dimension."""
    pairs = [(b, a) if space.gap and dimension == "connectivity" else (a, b) for dimension in DIMENSIONS]
    known = [found.get((dimension, EVERYTHING)) for dimension in DIMENSIONS]
    return [np.nan if one is None else float(one.beats[pair]) for one, pair in zip(known, pairs, strict=True)]


@dataclass(frozen=True)
class Lead:
    """One corridor's lead over another on need, opportunity and connectivity (with `gap`, on what connectivity lacks)."""

    pair: tuple[str, str]  # names
    points: Float  # (3,) the smallest lead on each dimension over the catchments
    where: str  # "in every catchment"
    gap: bool
    held: Sequence[float]  # (3,) share of draws in which each lead holds, with everything varied

    @property
    def least_on(self) -> str:
        """The dimension on which the lead is smallest."""
        return self._dimensions()[int(self.points.argmin())]

    @property
    def sentence(self) -> str:
        """Sentence on the direction of each lead, the smallest of them, and where the order is not firm."""
        wider = ("a wider gap in connectivity", "at least as wide a gap in connectivity")
        words = (
            ("more need", "at least as much need"),
            ("more opportunity", "at least as much opportunity"),
            wider if self.gap else ("a higher connectivity", "at least as high a connectivity"),
        )
        need, opportunity, third = (pair[int(points <= 0)] for pair, points in zip(words, self.points, strict=True))
        why = " (a lower connectivity score is a wider gap)" if self.gap else ""
        least = max(float(self.points.min()), 0.0)
        shown = "less than 0.1" if 0 < least < 0.05 else f"{least:.1f}" if least else "0"
        told = (
            f"{self.pair[0]} has {need}, {opportunity} and {third} than {self.pair[1]} {self.where}{why}; the smallest lead "
            f"is {shown} points, on {self.least_on}."
        )
        return f"{told}{self._unclear()}"

    def _dimensions(self) -> tuple[str, str, str]:
        return "need", "opportunity", "the gap in connectivity" if self.gap else "connectivity"

    def _unclear(self) -> str:
        weak = [
            f"{draws_in_words(share)} on {dimension}"
            for dimension, share in zip(self._dimensions(), self.held, strict=True)
            if share < LIKELY
        ]
        if not weak:
            return ""
        return (
            " That is so with the run's own choices; with everything uncertain drawn at random it holds in "
            f"{' and '.join(weak)}: no firm order there."
        )


def _where(ahead: np.ndarray, catchments: Sequence[str]) -> str:
    if ahead.all():
        return "in every catchment"
    return f"in some catchments only ({', '.join(name for name, here in zip(catchments, ahead, strict=True) if here)})"


def _ranks(space: ScoreSpace, result: RankUncertainty) -> dict[str, dict[str, float]]:
    return {
        corridor: {
            "p_rank_1": float(result.acceptability[k, 0]),
            "median": int(result.median[k]),
            "low": int(result.low[k]),
            "high": int(result.high[k]),
        }
        for k, corridor in enumerate(space.corridor_ids)
    }
