"""Jobs within reach that need no search: of zones that a scenario does not touch they are those of the base."""

from accessibility import origins_touched
from corridors.access.centre_access import Access, KnownJobs, jobs_spec
from corridors.inputs.read import Context
from corridors.scenarios.answers import Answer, by_zone
from corridors.scenarios.worlds import Base, World

_JOBS = "jobs_within_cutoff"


def jobs_after(base: Base, before: Answer, world: World, access: Access) -> KnownJobs | None:
    """The base's jobs, and the zones whose jobs the scenario can change; None where it changes walks, rules or jobs.

    `access` is that of the scenario. The answers are exactly those of a search from every zone.
    """
    same_walks = world.network.streets is base.network.streets and world.edited.feed.transfers is base.feed.transfers
    if _JOBS not in before.zones or not same_walks or not _same_jobs(base.context, world.context):
        return None
    touched = origins_touched(before.access.passes.joined, access.passes.joined, jobs_spec(access))
    return KnownJobs(by_zone(before.zones, _JOBS), touched)


def _same_jobs(one: Context, other: Context) -> bool:
    return one.values["jobs"].equals(other.values["jobs"]) and one.jobs_outside is other.jobs_outside
