"""The headline: who can reach enough strategic centres in time, and how the answer moves with its definition."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.legs import points
from accessibility.travel_times import SearchSpec, TravelTimes, travel_times
from corridors.access import EARLIEST_S, FASTEST, LATEST_S, Access
from corridors.config import RunConfig, clock_s
from corridors.inputs import Context, Network
from corridors.results import Kpi, KpiVariant

Bool = npt.NDArray[np.bool_]

_ARRIVE_BY_S = clock_s("09:00")
_WALK_LIMITS_MIN = (10, 15)
_MOST_CENTRES = 5


def share_of_people(people: pd.Series, meets: Bool | pd.Series) -> tuple[float, float, float]:
    """(share 0-1, people who meet, people) over areas; share is NaN where nobody lives."""
    known = people.fillna(0.0).to_numpy(float)
    total, within = float(known.sum()), float(known[np.asarray(meets, bool)].sum())
    return (within / total if total else float("nan")), within, total


def headline(config: RunConfig, context: Context, network: Network, access: Access) -> Kpi:
    """The KPI, its definition in words, its variants and its districts."""
    people = context.values["population"]
    meets = access.centres_within(50.0, access.kpi_cutoff_s) >= access.centres_at_least
    share, within, total = share_of_people(people, meets)
    districts = {
        str(code): share_of_people(people[inside], meets[inside])[0]
        for code, inside in context.zones["district_code"].groupby(context.zones["district_code"]).groups.items()
        for inside in [context.zones.index.isin(inside)]
    }
    variants = tuple(
        KpiVariant(ident, name, *share_of_people(people, met)[:2])
        for ident, name, met in (
            *_from_the_same_search(access, context.centres["name"]),
            *_from_other_searches(access, context, network),
        )
    )
    return Kpi(share, within, total, definition(config, access.spec), variants, districts)


def definition(config: RunConfig, spec: SearchSpec) -> dict[str, str]:
    """What exactly is counted, aspect by aspect, for people to read."""
    search, walk = config.search, spec.walk
    streets = "along streets" if config.streets.file else f"straight line x {walk.detour:g}"
    return {
        "centres_at_least": str(config.kpi.centres_at_least),
        "cutoff_min": f"{config.kpi.cutoff_min:g}",
        "day": config.timetable.date.strftime("%A %d %B %Y"),
        "window": f"a departure every {search.step_s} s, {search.window} (the end not included)",
        "time": "door to door at the median departure (p50), the first wait counted; departures that fail count as failing",
        "walking": f"{walk.speed_kmh:g} km/h, at most {walk.max_s / 60:g} min a leg, {streets}",
        "boarding": f"{spec.board_slack_s} s between reaching a stop and boarding",
        "destination": f"any point within {config.centres.radius_m:g} m of the centre's point",
        "origin": f"one point a zone ({config.zones.geography})",
        "people": config.region.note,
        "times": "timetable times, not observed ones",
    }


def _from_the_same_search(access: Access, names_of: pd.Series) -> Iterator[tuple[str, str, Bool]]:
    """Variants that the headline's own search already answers; `names_of` gives a centre's name by its id."""
    cutoff_s, k = access.kpi_cutoff_s, access.centres_at_least
    names = {FASTEST: "fastest departure instead of the median", 25.0: "25th percentile", 75.0: "75th percentile"}
    for percentile, name in names.items():
        if percentile in access.centres.percentiles:
            ident = "best" if percentile == FASTEST else f"p{percentile:g}"
            yield ident, name, access.centres_within(percentile, cutoff_s) >= k
    for other_s in access.spec.cutoffs_s:
        if other_s != cutoff_s:
            yield f"within_{other_s / 60:g}", f"{other_s / 60:g} minutes", access.centres_within(50.0, other_s) >= k
    for n in range(1, _MOST_CENTRES + 1):
        if n != k:
            name = f"at least {n} centre{'s' if n > 1 else ''}"
            yield f"k{n}", name, access.centres_within(50.0, cutoff_s) >= n
    ids, default = np.array(access.centre_ids), access.centre_default
    if "UKC" in ids[default]:
        counted = default & (ids != "UKC")
        yield (
            "without_UKC",
            f"{counted.sum()} centres: without UK Central",
            access.centres_within(50.0, cutoff_s, counted) >= k,
        )
    if not default.all():
        added = ", ".join(names_of[list(ids[~default])])
        yield (
            "all_centres",
            f"{len(ids)} centres: with {added}",
            access.centres_within(50.0, cutoff_s, ~(ids == "")) >= k,
        )


def _from_other_searches(access: Access, context: Context, network: Network) -> Iterator[tuple[str, str, Bool]]:
    """Variants of the hours and of the walk to the first stop and from the last; changes between stops stay as they are."""
    centres = context.centres[access.centre_default]
    spec = replace(access.spec, percentiles=(50.0,))

    def meets(changed: SearchSpec) -> Bool:
        there = points(centres.index, centres["lon"], centres["lat"], access.radius_m)
        times: TravelTimes = travel_times(
            network.timetable, network.streets, access.origins, there, changed, access.prepared
        )
        reached: Bool = (times.percentile_s(50.0) <= access.kpi_cutoff_s).sum(axis=1) >= access.centres_at_least
        return reached

    for start_s, end_s, name in (
        (EARLIEST_S, clock_s("08:30"), "06:30-08:30"),
        (clock_s("07:00"), LATEST_S, "07:00-10:00"),
    ):
        yield f"window_{name}", f"departures {name}", meets(replace(spec, window_start_s=start_s, window_end_s=end_s))
    # Arriving by 09:00 within T means that the departure at 09:00 - T makes it within T: later ones have less time.
    leave_s = _ARRIVE_BY_S - access.kpi_cutoff_s
    arrive = replace(spec, window_start_s=leave_s, window_end_s=leave_s + 1)
    yield "arrive_by_0900", "arrive by 09:00, the best departure counted", meets(arrive)
    for limit_min in (*_WALK_LIMITS_MIN, access.kpi_cutoff_s // 60):
        free = limit_min == access.kpi_cutoff_s // 60
        name = (
            "no limit on walking to the first stop and from the last" if free else f"walks of at most {limit_min} min"
        )
        changed = replace(spec, walk=replace(spec.walk, max_s=60 * limit_min))
        yield ("walk_unlimited" if free else f"walk_{limit_min}"), name, meets(changed)
