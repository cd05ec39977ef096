"""The warning of zones that reach no centre: their number and residents, and how far their points are from a stop."""

import numpy as np
import pandas as pd

from accessibility import Timetable
from corridors.access.centre_access import Access
from corridors.inputs.proximity import nearest_stop_km
from corridors.results import RunWarning
from layers import SAMPLE_SIZE


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
