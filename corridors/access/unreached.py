"""Warnings of what is not known or not reached: zones without a centre or without jobs, jobs beyond the last street, and
zones that nobody followed to the centre they lack because the search ends near the cutoff.
"""

import numpy as np
import pandas as pd

from accessibility import StreetNetwork, Timetable, snap_repairs
from corridors.access.centre_access import Access, place_points, searched_beyond
from corridors.config.limits import MOST_MINUTES
from corridors.inputs.proximity import nearest_stop_km
from corridors.results import SEARCH_END, RunWarning
from layers import SAMPLE_SIZE

_FAR_ENOUGH = 1.5  # times the cutoff: a search that ends sooner cuts short much of what misses the test
_ADVISED = 2  # times the cutoff


def jobs_warnings(values: pd.DataFrame) -> tuple[RunWarning, ...]:
    """A warning that counts the zones whose jobs are not known, none where all are; `values` has population and perhaps jobs."""
    unknown = values["jobs"].isna() if "jobs" in values else pd.Series(dtype=bool)
    if not unknown.any():
        return ()
    residents = float(values["population"][unknown].fillna(0.0).sum())
    effect = (
        f"No figure is given for the jobs of these zones, with {residents:,.0f} residents: whoever reaches them reaches more "
        "jobs than are counted."
    )
    sample = tuple(str(zone) for zone in values.index[unknown][:SAMPLE_SIZE])
    return (RunWarning("jobs_not_known", int(unknown.sum()), float(unknown.mean()), sample, effect),)


def outside_jobs_warnings(jobs_outside: pd.DataFrame, streets: StreetNetwork | None) -> tuple[RunWarning, ...]:
    """A warning that counts the points with jobs beyond the zones to which no street leads; `jobs_outside` has lon, lat, jobs."""
    if streets is None or jobs_outside.empty:
        return ()
    total = jobs_outside["jobs"].sum()
    effect = (
        f"The streets of this run end before these points with jobs beyond the zones (of {total:,.0f} jobs at all such "
        "points): their jobs count as out of reach. Streets of a larger area would lead there."
    )
    return tuple(
        RunWarning("jobs_outside_without_street", one.count, one.count / one.total, one.sample, effect)
        for one in snap_repairs(streets, place_points(jobs_outside))
        if one.code == "points_without_street"
    )


def unreached_warnings(access: Access, timetable: Timetable, people: pd.Series) -> tuple[RunWarning, ...]:
    """A warning that counts the zones that reach no centre, or none where all reach one; `people` are residents by zone id."""
    none = access.reaches_none()
    if not none.any():
        return ()
    zones = people.index[none]
    stop_distance_m = 1000 * nearest_stop_km(timetable, access.origins.lon[none], access.origins.lat[none])
    residents = float(people[none].fillna(0.0).sum())
    span = (
        f"{stop_distance_m.min():,.0f} m"
        if np.ptp(stop_distance_m) < 1
        else f"{stop_distance_m.min():,.0f} to {stop_distance_m.max():,.0f} m"
    )
    effect = (
        f"No departure reaches a centre from these zones within {access.spec.max_duration_s / 60:g} minutes: their "
        f"{residents:,.0f} residents count as missing the test, and not as near but disconnected. The points that stand "
        f"for them lie {span} from the nearest stop."
    )
    sample = tuple(f"{zone} ({m:,.0f} m)" for zone, m in zip(zones[:SAMPLE_SIZE], stop_distance_m, strict=False))
    return (RunWarning("zones_reach_no_centre", len(zones), len(zones) / len(people), sample, effect),)


def search_end_warnings(access: Access, people: pd.Series, after: Access | None = None) -> tuple[RunWarning, ...]:
    """A warning that counts the zones whose last centre needed lies beyond a search that ends near the cutoff; else none.

    `people` are residents by zone id; `after` is the access after a change of the timetable, where two are compared.
    """
    longest_min, cutoff_min = access.spec.max_duration_s / 60, access.kpi_cutoff_s / 60
    beyond = np.any([np.isnan(one.needed_minutes()) for one in (access, after) if one is not None], axis=0)
    if longest_min >= _FAR_ENOUGH * cutoff_min or not beyond.any():
        return ()
    zones, residents = people.index[beyond], float(people[beyond].fillna(0.0).sum())
    known = searched_beyond(access.spec.max_duration_s, access.kpi_cutoff_s)
    withheld = "" if known else " Minutes beyond the cutoff are not given for any zone."
    effect = (
        f"The search ends at {longest_min:g} minutes, and the cutoff is {cutoff_min:g}. The last centre needed from these "
        f"zones, with {residents:,.0f} residents, lies beyond both or is not reached, and how far is not known.{withheld} They "
        "count as if it took the longest time searched, so minutes beyond the cutoff, the gap, and minutes saved and lost "
        "are less than the truth, fewer are near but disconnected, and causes and clusters are told apart less. "
        f"search.max_min = {min(_ADVISED * cutoff_min, MOST_MINUTES):g} would follow them further."
    )
    return (RunWarning(SEARCH_END, len(zones), len(zones) / len(people), tuple(map(str, zones[:SAMPLE_SIZE])), effect),)
