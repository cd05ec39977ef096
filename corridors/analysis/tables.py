"""The tables of a run: places compared, distribution, inequality, the baseline, and the ranks' uncertainty."""

import pandas as pd

from corridors.access.causes import failing_causes
from corridors.access.kpi import kpi_by_place
from corridors.analysis.assemble import MeasuredRun
from corridors.analysis.baseline import social_baseline
from corridors.analysis.zone_table import (
    corridor_buffers,
    corridors_together,
    distribution,
    pilot_variants,
    place_facts,
    zone_figures,
)
from corridors.equity.distribution import (
    access_by_deprivation,
    curves_table,
    doubly_disadvantaged_by_place,
    fifths_by_place,
    group_shares,
    inequality_table,
    outcomes,
)
from corridors.places.catchments import ALONG_STREETS, STRAIGHT, pilot_places
from corridors.results import Tables
from corridors.scoring.rank_tables import RankEvidence
from corridors.scoring.scores import indicator_correlations


def run_tables(  # the parts of a run
    measured: MeasuredRun,
    ranks: RankEvidence,
    facts: pd.DataFrame,
    journeys: pd.DataFrame,
    effects: pd.DataFrame,
    near: pd.DataFrame,
) -> Tables:
    """All tables of a run.

    `facts` are those stated of the corridors, `journeys` the legs of the zones' journeys, `effects` those of the feed's
    repairs (`corridors.access.feed_effects`), `near` the people near but disconnected (`corridors.access.disconnected`).
    """
    zones, places, membership, access = measured.zones, measured.places, measured.membership, measured.access
    straight, along = (membership[membership["kind"] == kind] for kind in (STRAIGHT, ALONG_STREETS))
    shared = outcomes(zones, int(access.centre_default.sum()), access.centres_at_least)
    measures = measured.config.measures
    baseline, strategy = social_baseline(measured), measured.config.region.strategy_facts
    return Tables(
        region=pd.DataFrame([place_facts(zone_figures(zones, measures), slice(None))]),
        corridor_buffers=corridor_buffers(zones, straight, measures),
        corridor_street_catchments=corridor_buffers(zones, along, measures) if len(along) else None,
        corridors_together=corridors_together(zones, straight),
        pilot_variants=_pilot_variants(measured) if len(measured.context.pilots) else None,
        distribution=distribution(zones, measures),
        corridor_facts=facts,
        journeys=journeys,
        input_effects=effects,
        failing_causes=failing_causes(zones, places),
        near_but_disconnected=near,
        access_by_deprivation=access_by_deprivation(zones),
        fifths_by_place=fifths_by_place(zones, places.of_kind("region", "district", "corridor")),
        doubly_disadvantaged=doubly_disadvantaged_by_place(zones, places),
        inequality=inequality_table(zones, shared),
        inequality_curves=curves_table(zones, shared),
        group_shares=group_shares(zones, shared),
        kpi_by_place=kpi_by_place(
            measured.variants, places, measured.context.values, strategy.published if strategy else None
        ),
        baseline=baseline.cells,
        baseline_definitions=baseline.definitions,
        baseline_data=baseline.data,
        indicator_correlations=indicator_correlations(zones, measured.indicators),
        rank_acceptability=ranks.acceptability,
        rank_pairs=ranks.pairs,
        rank_choices=ranks.choices,
        rank_influence=ranks.influence,
        dominance=ranks.dominance,
    )


def _pilot_variants(measured: MeasuredRun) -> pd.DataFrame:
    pilots, zones, streets = measured.context.pilots, measured.zones, measured.network.streets
    circles = [pilot_places(measured.config, measured.context, pilots, zones)]
    if streets is not None:
        circles.append(pilot_places(measured.config, measured.context, pilots, zones, streets))
    return pilot_variants(pilots, measured.pilots.index, circles, zones, measured.config.measures)
