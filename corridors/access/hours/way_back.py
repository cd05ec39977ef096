"""The way back: in the centres by one time of the day, and home again after another."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from accessibility import (
    Points,
    SearchSpec,
    StreetNetwork,
    Timetable,
    profiles_from,
    turned_network,
    window_times,
)
from corridors.access.centre_access import Access, Bool
from corridors.access.hours.days import DayJourneys, Window, spans_of

HOUR_S = 3600  # of departures for home, of which the median counts


def leave_by_s(access: Access, there_by_s: int) -> int:
    """Seconds after midnight of the last departure that may take the cutoff and still be there in time."""
    return max(0, there_by_s - access.kpi_cutoff_s)


def there_in_time(access: Access, journeys: DayJourneys, there_by_s: int) -> Bool:
    """(n_zones, n_centres) whether a journey of at most the cutoff arrives in time: the departure of `leave_by_s` makes it.

    Whoever leaves later has less time, and whoever could leave earlier takes no longer from then on.
    """
    found: Bool = journeys.seconds_at(leave_by_s(access, there_by_s)) <= min(access.kpi_cutoff_s, there_by_s)
    return found


def home_again(
    access: Access,
    timetable: Timetable,
    streets: StreetNetwork | None,
    journeys: DayJourneys,
    centres: Points,
    home_after_s: Sequence[int],
) -> list[Bool]:
    """For each time, (n_zones, n_centres) whether the median departure of the hour after it is home within the cutoff.

    From a centre one leaves from wherever within its radius. The search starts at the centres, because they are few.
    """
    hours = [(start, start + HOUR_S) for start in home_after_s]
    found: dict[Window, Bool] = {}
    for span in spans_of(hours):
        spec = _home_spec(access.spec, access.kpi_cutoff_s, span)
        turned = turned_network(timetable, journeys.transfer_legs, spec)
        kept = profiles_from(turned, streets, centres, access.origins, spec)
        for start, end in hours:
            if span[0] <= start and end <= span[1]:
                times = window_times(kept, replace(spec, window_start_s=start, window_end_s=end))
                found[start, end] = np.asarray(times.percentile_s(50.0) <= access.kpi_cutoff_s).T
    return [found[hour] for hour in hours]


def _home_spec(spec: SearchSpec, cutoff_s: int, span: Window) -> SearchSpec:
    return replace(
        spec,
        window_start_s=span[0],
        window_end_s=span[1],
        max_duration_s=cutoff_s,
        percentiles=(50.0,),
        cutoffs_s=(),
    )
