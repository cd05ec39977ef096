"""A run's measured zones and places, before scores and ranks, and the frames of places made from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import pandas as pd

from corridors.access.causes import failing_causes, sentences_by_place
from corridors.access.centre_access import Access
from corridors.access.variants import Variant
from corridors.analysis.zone_table import (
    centres_frame,
    corridors_frame,
    districts_frame,
    pilots_frame,
    sites_frame,
    zones_table,
)
from corridors.config.run_config import RunConfig
from corridors.inputs.read import Context, Network
from corridors.places.catchments import (
    chosen_pilots,
    corridor_areas,
    corridor_members,
    main_members,
    pilot_places,
)
from corridors.places.places import Places, places_of, usual_places
from corridors.scoring.scores import Indicator, chosen_indicators


@dataclass(frozen=True)
class MeasuredRun:
    """A run's configuration and inputs, its access, and its zones and places with all their columns."""

    config: RunConfig
    context: Context
    network: Network
    access: Access
    variants: Sequence[Variant]  # the headline, then its variants
    areas: gpd.GeoDataFrame  # straight catchments of corridors: corridor_id, buffer_m
    membership: pd.DataFrame  # corridor_id, kind, buffer_m, catchment, zone_id
    circles: Places  # the pilots as shares of zones, within a straight distance
    zones: gpd.GeoDataFrame

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators that count towards the scores."""
        return chosen_indicators(self.config.scoring.indicators)

    @property
    def pilots(self) -> gpd.GeoDataFrame:
        """The pilots that are reported on."""
        return chosen_pilots(self.config.pilots, self.context.pilots)

    @property
    def main_membership(self) -> pd.DataFrame:
        """The rows of `membership` for the main catchment, to which the run's figures belong."""
        return main_members(self.config, self.membership)

    @cached_property
    def places(self) -> Places:
        """Region, districts, deprivation deciles, corridors (main catchment) and pilots."""
        corridors = self.context.corridors["name"]
        members = self.main_membership.set_index("corridor_id")["zone_id"]
        places = usual_places(self.config.region.name, self.zones)
        places = places.and_(places_of("corridor", corridors, members, self.zones))
        return places.and_(self.circles) if len(self.circles.frame) else places


def measure_places(
    config: RunConfig,
    context: Context,
    network: Network,
    access: Access,
    zones_access: pd.DataFrame,
    variants: Sequence[Variant],
) -> MeasuredRun:
    """The zones with all their columns, and their membership of corridors and pilots; `zones_access` has index zone_id."""
    areas = corridor_areas(config, context.corridors)
    membership = corridor_members(config, context, areas, network.streets)
    zones = zones_table(
        context, zones_access, main_members(config, membership), chosen_indicators(config.scoring.indicators)
    )
    circles = pilot_places(config, context, chosen_pilots(config.pilots, context.pilots), zones)
    return MeasuredRun(config, context, network, access, variants, areas, membership, circles, zones)


def place_frames(measured: MeasuredRun) -> dict[str, gpd.GeoDataFrame]:
    """Name -> frame of `Results`: zones, districts, centres, corridors, catchments, pilots, sites."""
    config, context, zones = measured.config, measured.context, measured.zones
    corridors = corridors_frame(config, context, zones, measured.main_membership)
    sentences = sentences_by_place(failing_causes(zones, measured.places.of_kind("corridor")), "corridor")
    return {
        "zones": zones,
        "districts": districts_frame(context, zones, config.measures),
        "centres": centres_frame(context, zones, config.kpi.cutoff_min),
        "corridors": corridors.assign(why_out_of_reach=[sentences.get(corridor, "") for corridor in corridors.index]),
        "catchments": measured.areas,
        "pilots": pilots_frame(measured.pilots, measured.circles, zones, config.measures),
        "sites": sites_frame(context, measured.areas, config.corridors.buffer_m),
    }
