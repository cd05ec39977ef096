"""The times between all zones on the map of a run ("where can I get to from here?"), and what is told of a start."""

from collections.abc import Iterator

from corridors.catalogue.cutoff_names import outside_name
from corridors.config.limits import MOST_ZONES_IN_PAIRS
from corridors.results import Results
from maps import Reached, ReachedPlace, ReachedPlaces, ZoneToZone

# Measured on 8,468 output areas under a synthetic timetable of full size (docs/map.md), for each pair of zones.
_SECONDS_A_PAIR, _BYTES_A_PAIR = 2.65e-6, 0.29


def zone_to_zone_of(results: Results) -> ZoneToZone | None:
    """The times between all zones for the map; None where the run has none."""
    held, cutoff_min = results.zone_times, results.kpi.test.cutoff_min
    if held is None or held.steps is None or cutoff_min is None:
        return None
    jobs = outside_name("jobs_within_cutoff", results.kpi.cutoff_min)
    step = "whole minutes" if held.step_s == 60 else f"steps of {held.step_s} seconds"
    return ZoneToZone(
        held.steps,
        held.step_s,
        cutoff_min,
        note=f"Door to door at the median departure of {results.kpi.definition.get('window', 'the window')}, in {step}, "
        "rounded up, from the point of one zone to that of another. Choose another zone to begin there.",
        figures=(
            Reached("Residents", "population", summed=True),
            Reached("Jobs, also beyond these zones" if len(results.jobs_outside) else "Jobs", jobs, summed=False),
        ),
        places=tuple(_places(results)),
    )


def _places(results: Results) -> Iterator[ReachedPlaces]:
    """The strategic centres, then the nearest of each other kind of destination."""
    centres = results.centres["name"].items()
    yield ReachedPlaces(
        "Strategic centres", tuple(ReachedPlace(str(name), f"minutes_to_{ident}") for ident, name in centres)
    )
    if results.destinations:
        nearest = (ReachedPlace(f"nearest {kind.title}", f"minutes_to_{kind.id}") for kind in results.destinations)
        yield ReachedPlaces("Other destinations", tuple(nearest))


def left_out_words(results: Results) -> str:
    """Why the map of a run doesn't have them, and what does; "" where it has, or where nobody asked."""
    held = results.zone_times
    if held is None or held.steps is not None:
        return ""
    count = len(results.zones)
    left_out = (
        f"Minutes from any zone to any other are left out: the run has {count:,} zones, more than "
        f"{held.most_zones:,} (outputs.zone_to_zone_most)."
    )
    if count > MOST_ZONES_IN_PAIRS:
        return f"{left_out} The command corridors matrix writes them."
    seconds, megabytes = (each * count**2 for each in (_SECONDS_A_PAIR, _BYTES_A_PAIR / 1e6))
    return (
        f"{left_out} With zone_to_zone_most = {count} the next run has them, for about {seconds:,.0f} seconds of processor "
        f"time and {megabytes:,.0f} MB of files beside this page."
    )
