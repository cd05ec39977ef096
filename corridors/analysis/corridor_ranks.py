"""Ranks of the corridors, and their uncertainty over choices that could differ: catchments, centres, windows, weights."""

import numpy as np

from corridors.access.land_choices import site_choices
from corridors.access.variants import centre_sets
from corridors.analysis.assemble import MeasuredRun
from corridors.config.question import PRESETS
from corridors.places.catchments import main_catchment
from corridors.scoring.rank_tables import RankEvidence, RankRequest, rank_evidence
from corridors.scoring.uncertainty import Alternatives, ChosenValues, score_space

_Choices = tuple[
    dict[str, tuple[str, ...]], dict[str, ChosenValues]
]  # levels of choices, and columns that hang on them


def rank_corridors(measured: MeasuredRun) -> RankEvidence:
    """The ranks of the corridors with their uncertainty; without tables where there are fewer than two corridors."""
    scoring = measured.config.scoring
    corridors = measured.context.corridors["name"]
    space = score_space(
        measured.zones,
        list(corridors.index),
        measured.indicators,
        _alternatives(measured),
        np.array(scoring.mix),
        gap=scoring.connectivity == "gap",
    )
    presets = {name: np.array(weights) for name, weights in PRESETS.items()}
    if scoring.weights is not None:
        presets = {"own": np.array(scoring.mix), **presets}
    request = RankRequest(scoring.draws, scoring.seed, scoring.combined, presets if scoring.combined else {})
    return rank_evidence(space, dict(corridors), request)


def _alternatives(measured: MeasuredRun) -> Alternatives:
    """The catchments and values of the scored columns to draw from, the run's own first."""
    membership = measured.membership
    names = dict.fromkeys([main_catchment(measured.config), *membership["catchment"]])
    members = {name: membership[membership["catchment"] == name].set_index("corridor_id")["zone_id"] for name in names}
    parts = (_of_access(measured), _of_sites(measured), _of_editions(measured))
    levels = {choice: words for of_part, _ in parts for choice, words in of_part.items()}
    columns = {column: values for _, of_part in parts for column, values in of_part.items()}
    return Alternatives(members, levels, columns)


def _of_access(measured: MeasuredRun) -> _Choices:
    """Connectivity under every set of centres, window and technical choice."""
    searched = [one for one in measured.variants if one.connectivity is not None]
    levels = {
        "centre_set": tuple(name for name, _ in centre_sets(measured.access).values()),
        "window": tuple(measured.access.windows),
        "technique": tuple(one.name for one in searched),
    }

    def values(of: str) -> ChosenValues:
        tables = [getattr(one.connectivity, of) for one in searched]
        return ChosenValues(tuple(levels), np.stack(tables, axis=2))  # axes: centre set, window, technique, zone

    return levels, {"centres_within_cutoff": values("centres_within"), "reliability": values("reliability")}


def _of_sites(measured: MeasuredRun) -> _Choices:
    """Hectares within the cutoff under every size and place that the sites may have."""
    if measured.context.sites.empty:
        return {}, {}
    choices = site_choices(measured.access, measured.context, measured.network)
    values = ChosenValues(("sites",), np.stack(list(choices.values())))
    return {"sites": tuple(choices)}, {"employment_ha_within_cutoff": values}


def _of_editions(measured: MeasuredRun) -> _Choices:
    """Columns of the deprivation figures, in the run's own edition and in each other one of the configuration."""
    editions, zones = measured.config.scoring.editions, measured.zones
    levels = ("the run's own", *(one.name for one in editions))
    columns = dict.fromkeys(column for one in editions for column in one.columns)
    return {"deprivation": levels}, {
        column: ChosenValues(
            ("deprivation",),
            np.stack([zones[column], *(zones[one.columns.get(column, column)] for one in editions)]).astype(float),
        )
        for column in columns
    }
