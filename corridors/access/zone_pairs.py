"""Travel times between all zones, as `corridors matrix` gives them, for the map's "where can I get to from here?"."""

from dataclasses import replace

import numpy as np

from accessibility import join_points, joined_travel_times
from corridors.access.centre_access import Access
from corridors.catalogue.zone_times import ZoneTimes, in_steps, step_for
from corridors.config.question import OutputsSection
from corridors.inputs.read import Network

BLOCK = 512  # zones to which times are searched at once: a process that answers 8,468 zones then takes 0.8 GB in all


def zone_to_zone(asked: OutputsSection, access: Access, network: Network) -> ZoneTimes | None:
    """Median times from every zone's point to every zone's point in the headline's window; None where none were asked for.

    They are searched in the network that the run has prepared. Above `zone_to_zone_most` zones they are left out.
    """
    if not asked.zone_to_zone:
        return None
    step_s = step_for(access.kpi_cutoff_s, access.spec.max_duration_s)
    if len(access.origins.ids) > asked.zone_to_zone_most:
        return ZoneTimes(None, step_s, asked.zone_to_zone_most)
    spec, networks = replace(access.spec, percentiles=(50.0,), cutoffs_s=()), access.passes.joined.networks
    origins = access.origins
    steps = np.empty((len(origins.ids), len(origins.ids)), np.uint8)
    for first in range(0, len(origins.ids), BLOCK):
        some = slice(first, first + BLOCK)
        ends = origins._replace(ids=origins.ids[some], lon=origins.lon[some], lat=origins.lat[some])
        joined = join_points(networks, network.streets, origins, ends, spec)
        steps[:, some] = in_steps(joined_travel_times(joined, spec).percentile_s(50.0), step_s)
    return ZoneTimes(steps, step_s, asked.zone_to_zone_most)
