"""What a run's figures are worth: variants, ranks with their uncertainty, correlations, who gains, and why zones fail."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from corridors.access.centre_access import near_but_disconnected
from corridors.access.journeys import failing_causes
from corridors.access.kpi import kpi_by_place
from corridors.analysis.assemble import Measured
from corridors.analysis.baseline import baseline_tables
from corridors.analysis.choices import alternatives
from corridors.config.question import PRESETS
from corridors.equity.distribution import (
    access_by_deprivation,
    curves_table,
    doubly_disadvantaged_by_place,
    fifths_by_place,
    group_shares,
    inequality_table,
    outcomes,
)
from corridors.scoring.rank_tables import RankEvidence, RankRequest, rank_evidence
from corridors.scoring.scores import indicator_correlations
from corridors.scoring.uncertainty import score_space
from corridors.strategy import Published


@dataclass(frozen=True)
class Evidence:
    """Tables by name, and the corridors' combined ranks where they are asked for."""

    tables: Mapping[str, pd.DataFrame]
    ranks: Mapping[str, Mapping[str, float]]


def weigh_evidence(measured: Measured) -> Evidence:
    """Every table that judges what was measured."""
    ranks, zones = _ranks(measured), measured.zones
    access = measured.access
    shared = outcomes(zones, int(access.centre_default.sum()), access.centres_at_least)
    tables = {
        "failing_causes": failing_causes(zones, measured.places),
        "near_but_disconnected": near_by_place(measured),
        "access_by_deprivation": access_by_deprivation(zones),
        "fifths_by_place": fifths_by_place(zones, measured.places.of_kind("region", "district", "corridor")),
        "doubly_disadvantaged": doubly_disadvantaged_by_place(zones, measured.places),
        "inequality": inequality_table(zones, shared),
        "inequality_curves": curves_table(zones, shared),
        "group_shares": group_shares(zones, shared),
        "kpi_by_place": kpi_by_place(measured.variants, measured.places, measured.context.values, _published(measured)),
        **baseline_tables(measured),
        **ranks.tables,
        "indicator_correlations": indicator_correlations(zones, measured.indicators),
    }
    return Evidence(tables, ranks.ranks)


def _published(measured: Measured) -> Published | None:
    told = measured.config.region.told
    return None if told is None else told.published


def near_by_place(measured: Measured) -> pd.DataFrame:
    """place_id, place, zones, people of every centre and employment site that is near (3 km straight) and out of reach."""
    context = measured.context
    near = near_but_disconnected(measured.access, context)
    centres = context.centres[measured.access.centre_default]
    sites = context.sites[context.sites["status"].ne("housing").to_numpy(bool)]
    people = measured.zones["population"].fillna(0.0).to_numpy(float)
    return pd.DataFrame(
        {
            "place_id": near.columns,
            "place": [*centres["name"], *sites["name"]],  # a site may have the id of a centre
            "zones": near.sum(axis=0).to_numpy(),
            "people": people @ near.to_numpy(float),
        }
    )


def _ranks(measured: Measured) -> RankEvidence:
    scoring = measured.config.scoring
    corridors = measured.context.corridors["name"]
    space = score_space(
        measured.zones,
        list(corridors.index),
        measured.indicators,
        alternatives(measured.config, measured.access, measured.membership, measured.zones.index),
        np.array(scoring.mix),
        gap=scoring.connectivity == "gap",
    )
    presets = {name: np.array(weights) for name, weights in PRESETS.items()}
    if scoring.weights is not None:
        presets = {"own": np.array(scoring.mix), **presets}
    request = RankRequest(scoring.draws, scoring.seed, scoring.combined, presets if scoring.combined else {})
    return rank_evidence(space, dict(corridors), request)
