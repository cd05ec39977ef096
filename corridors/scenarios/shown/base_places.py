"""The places and the groups of people of a base, told without a whole run: for pages that only say who gains and who loses."""

from collections.abc import Sequence

import numpy as np

from corridors.access.centre_access import Float
from corridors.equity.distribution import groups_of_people
from corridors.places.catchments import (
    chosen_pilots,
    corridor_areas,
    corridor_members,
    main_members,
    pilot_places,
)
from corridors.places.places import Places, places_of, usual_places
from corridors.scenarios.worlds import Base


def places_and_groups(base: Base) -> tuple[Places, Sequence[tuple[str, Float]]]:
    """(region, districts, deciles, corridors and pilots; each group and its people by zone, (n_zones,))."""
    config, context = base.config, base.context
    zones = context.zones.join(context.values)
    if "imd_decile" not in zones:
        zones = zones.assign(imd_decile=np.nan)
    areas = corridor_areas(config, context.corridors)
    members = main_members(config, corridor_members(config, context, areas, None))
    of_corridors = members.set_index("corridor_id")["zone_id"]
    places = usual_places(config.region.name, zones)
    places = places.and_(places_of("corridor", context.corridors["name"], of_corridors, zones))
    pilots = chosen_pilots(config.pilots, context.pilots)
    if len(pilots):
        places = places.and_(pilot_places(config, context, pilots, zones))
    groups = [(name, of.fillna(0.0).to_numpy(float)) for name, of, _ in groups_of_people(zones)]
    return places, [(name, people) for name, people in groups if people.sum()]
