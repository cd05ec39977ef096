"""Travel times between all zones, as `corridors matrix` gives them, for the map's "where can I get to from here?"."""

from dataclasses import replace

from accessibility import join_points, joined_travel_times
from corridors.access.centre_access import Access
from corridors.catalogue.zone_times import ZoneTimes, in_steps, step_for
from corridors.config.question import OutputsSection
from corridors.inputs.read import Network


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
    joined = join_points(networks, network.streets, access.origins, access.origins, spec)
    seconds = joined_travel_times(joined, spec).percentile_s(50.0)
    return ZoneTimes(in_steps(seconds, step_s), step_s, asked.zone_to_zone_most)
