"""Jobs within reach that need no search: those of a finished run, and those of zones that a scenario does not touch."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from accessibility import origins_touched
from corridors.access.centre_access import Access, KnownJobs, jobs_spec
from corridors.errors import RunFolderError
from corridors.inputs.read import Context
from corridors.runs.finished import FinishedRun, finished_run
from corridors.runtime.own_files import listed_files, sha256_of
from corridors.scenarios.answers import Answer, by_zone
from corridors.scenarios.worlds import Base, World
from corridors.version import VERSION

_JOBS, _NEEDED = "jobs_within_cutoff", "minutes_to_needed"
_SOME = 5  # differences that a message names


def jobs_after(base: Base, before: Answer, world: World, access: Access) -> KnownJobs | None:
    """The base's jobs, and the zones whose jobs the scenario can change; None where it changes walks, rules or jobs, and in a
    region of which no jobs are given.

    `access` is that of the scenario. The answers are exactly those of a search from every zone.
    """
    same_walks = world.network.streets is base.network.streets and world.edited.feed.transfers is base.feed.transfers
    if _JOBS not in before.zones or not same_walks or not _same_jobs(base.context, world.context):
        return None
    touched = origins_touched(before.access.passes.joined, access.passes.joined, jobs_spec(access))
    return KnownJobs(by_zone(before.zones, _JOBS), touched)


def _same_jobs(one: Context, other: Context) -> bool:
    if "jobs" not in one.values or "jobs" not in other.values:
        return False
    return one.values["jobs"].equals(other.values["jobs"]) and one.jobs_outside is other.jobs_outside


def jobs_of_run(folder: Path, base: Base) -> Callable[[Access], KnownJobs | None]:
    """What gives the base's jobs, read from the finished run in `folder`, once access to centres is known.

    Raises `RunFolderError` where the run was made from other inputs, with other settings or by another version, or its
    layers were changed since; what is returned raises it where the run's times to centres are others. Raises
    `InputMissingError` where no run has finished there.
    """
    run = finished_run(folder)
    if not unchanged(run):
        raise RunFolderError(
            f"--base: {run.package} was changed since the run (QGIS can do so on opening a file): {_AGAIN}"
        )
    if problem := other_base(run, base):
        raise RunFolderError(f"--base: {problem}. {_AGAIN}")
    return lambda access: _jobs(run, base, access)


_AGAIN = "Run the configuration again with `corridors run`, or leave out --base"


def unchanged(run: FinishedRun) -> bool:
    """Whether the layers of a run are as it wrote them."""
    return listed_files(run.folder).get(run.package.relative_to(run.folder).as_posix()) == sha256_of(run.package)


def other_base(run: FinishedRun, base: Base) -> str:
    """Why a finished run is not of this base: other inputs, settings or version; empty where it is."""
    problems = [*_problems(run.manifest, base)]
    more = f" and {len(problems) - _SOME} more" if len(problems) > _SOME else ""
    return f"the run in {run.folder} is not of this base: {'; '.join(problems[:_SOME])}{more}" if problems else ""


def _problems(manifest: Mapping[str, object], base: Base) -> Iterator[str]:
    """In what a run differs from one of the base, a clause each."""
    versions, settings = manifest.get("versions"), manifest.get("settings")
    version = versions.get("corridors") if isinstance(versions, dict) else None
    if version != VERSION or not isinstance(settings, dict):
        yield f"it was made by version {version} of this tool, which may count otherwise"
        return
    yield from (f"{words} differs" for words in _differing(settings, base.config.settings()))
    inputs = manifest["inputs"]
    assert isinstance(inputs, list)
    known = {(one.get("id"), one.get("file")): one.get("sha256") for one in inputs}
    for own in base.context.provenance + base.network.provenance:
        if known.get((own.id, own.file)) != own.sha256:
            yield f"its input {own.id} was not this {own.file}"


def _differing(one: Mapping[str, object], other: Mapping[str, object], within: str = "") -> Iterator[str]:
    """Names of the settings that differ, such as "kpi.cutoff_min"."""
    for key in sorted({*one, *other}):
        mine, theirs = one.get(key), other.get(key)
        if isinstance(mine, dict) and isinstance(theirs, dict):
            yield from _differing(mine, theirs, f"{within}{key}.")
        elif mine != theirs:
            yield within + key


def _jobs(run: FinishedRun, base: Base, access: Access) -> KnownJobs | None:
    zones, index = run.layer("zones", "zone_id"), base.context.zones.index
    same = sorted(zones.index) == sorted(index) and _NEEDED in zones
    if not same or not np.array_equal(by_zone(zones.reindex(index), _NEEDED), access.needed_minutes(), equal_nan=True):
        raise RunFolderError(
            f"--base: the times to centres of the run in {run.folder} are not those of this base. {_AGAIN}"
        )
    if _JOBS not in zones:
        return None
    return KnownJobs(by_zone(zones.reindex(index), _JOBS), np.zeros(len(index), bool))
