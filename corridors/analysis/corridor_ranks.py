"""Ranks of the corridors, and their uncertainty over choices that could differ: catchments, centres, windows, weights."""

import numpy as np
import pandas as pd

from corridors.access.variants import centre_sets
from corridors.analysis.assemble import MeasuredRun
from corridors.config.question import PRESETS
from corridors.places.catchments import main_catchment
from corridors.scoring.rank_tables import RankEvidence, RankRequest, rank_evidence
from corridors.scoring.uncertainty import Alternatives, score_space


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
    """The catchments and definitions of access to draw from, the run's own first."""
    access, membership = measured.access, measured.membership
    names = dict.fromkeys([main_catchment(measured.config), *membership["catchment"]])
    members = {name: membership[membership["catchment"] == name].set_index("corridor_id")["zone_id"] for name in names}
    access_columns = {
        (name, window): pd.DataFrame(
            {
                "centres_within_cutoff": access.centres_within(counted=counted, times=times),
                "reliability": access.reliability(counted, spec),
            },
            index=measured.zones.index,
        )
        for name, counted in centre_sets(access).values()
        for window, (spec, times) in access.windows.items()
    }
    return Alternatives(members, access_columns)
