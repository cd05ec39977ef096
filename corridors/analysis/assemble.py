"""Everything measured of a run, before any of it is judged, and the frames of places made from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from corridors.access.centre_access import Access
from corridors.access.hotspots import access_clusters
from corridors.access.journeys import failing_causes, sentences_by_place
from corridors.access.kpi import Variant
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
class Measured:
    """A run's zones and places with what was found of them."""

    config: RunConfig
    context: Context
    network: Network
    access: Access
    variants: Sequence[Variant]  # of the headline, itself first
    areas: gpd.GeoDataFrame  # straight catchments of corridors: corridor_id, buffer_m
    membership: pd.DataFrame  # corridor_id, kind, buffer_m, catchment, zone_id
    circles: Places  # the pilots as shares of zones, by straight line
    zones: gpd.GeoDataFrame

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Those that count towards the scores."""
        return chosen_indicators(self.config.scoring.indicators)

    @property
    def pilots(self) -> gpd.GeoDataFrame:
        """The pilots that are reported on."""
        return chosen_pilots(self.config.pilots, self.context.pilots)

    @property
    def main_membership(self) -> pd.DataFrame:
        """The rows of `membership` that the run's figures are for."""
        return main_members(self.config, self.membership)

    @property
    def places(self) -> Places:
        """Region, districts, deprivation deciles, corridors (main catchment) and pilots."""
        corridors = self.context.corridors["name"]
        members = self.main_membership.set_index("corridor_id")["zone_id"]
        found = usual_places(self.config.region.name, self.zones)
        found = found.and_(places_of("corridor", corridors, members, self.zones))
        return found.and_(self.circles) if len(self.circles.frame) else found


def measure_places(
    config: RunConfig,
    context: Context,
    network: Network,
    access: Access,
    zones_access: pd.DataFrame,
    variants: Sequence[Variant],
) -> Measured:
    """Zones with all their columns, and who belongs to which corridor and pilot."""
    areas = corridor_areas(config, context.corridors)
    membership = corridor_members(config, context, areas, network.streets)
    clusters = access_clusters(context.points, zones_access["minutes_to_needed"], config.search.max_min)
    columns = zones_access.join(clusters)
    zones = zones_table(
        context, columns, main_members(config, membership), chosen_indicators(config.scoring.indicators)
    )
    circles = pilot_places(config, context, chosen_pilots(config.pilots, context.pilots), zones)
    return Measured(config, context, network, access, variants, areas, membership, circles, zones)


def place_frames(measured: Measured) -> dict[str, gpd.GeoDataFrame]:
    """The frames of `Results` that are about places: zones, districts, centres, corridors, catchments, pilots, sites."""
    config, context, zones = measured.config, measured.context, measured.zones
    corridors = corridors_frame(config, context, zones, measured.main_membership)
    why = sentences_by_place(failing_causes(zones, measured.places.of_kind("corridor")), "corridor")
    return {
        "zones": zones,
        "districts": districts_frame(context, zones, config.measures),
        "centres": centres_frame(context, zones, config.kpi.cutoff_min),
        "corridors": corridors.assign(why_out_of_reach=[why.get(corridor, "") for corridor in corridors.index]),
        "catchments": measured.areas,
        "pilots": pilots_frame(measured.pilots, measured.circles, zones, config.measures),
        "sites": sites_frame(context, measured.areas, config.corridors.buffer_m),
    }
