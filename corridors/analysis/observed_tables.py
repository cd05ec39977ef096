"""Tables of observed days: the headline by day beside the timetable's, by place, and how well each line was matched."""

import datetime as dt

import numpy as np
import pandas as pd

from corridors.access.kpi import share_of_people
from corridors.access.observed.answers import ObservedFound, delays_s
from corridors.analysis.assemble import MeasuredRun
from corridors.catalogue.observed import WAYS
from corridors.inputs.observed_days import ObservedDay
from corridors.places.places import Places


def tables_of_observed(found: ObservedFound | None, measured: MeasuredRun) -> dict[str, pd.DataFrame]:
    """Field of `Tables` -> table; empty where no day was observed."""
    if found is None:
        return {}
    people = measured.zones["population"]
    by_line = [_lines_of(day, found.coverage[day.date].trips) for day in found.days]
    return {
        "observed_days": pd.DataFrame([row for day in found.days for row in _rows_of(found, day, people)]),
        "observed_by_place": _by_place(found, people, measured.places),
        "observed_lines": _by_line(by_line),
    }


def _rows_of(found: ObservedFound, day: ObservedDay, people: pd.Series) -> list[dict[str, object]]:
    coverage = found.coverage[day.date]
    late = delays_s(day, coverage.trips)
    calls = day.times.planned.calls().trip
    in_hours = coverage.trips[calls]
    of_day = {
        "date": day.date.isoformat(),
        "observation": day.files,
        "synthetic": day.synthetic,
        "trips": int(coverage.trips.sum()),
        "trips_matched": int(coverage.matched.sum()),
        "trips_matched_share": _share(int(coverage.matched.sum()), int(coverage.trips.sum())),
        "calls_matched_share": _share(int((day.times.called & in_hours).sum()), int(in_hours.sum())),
        "trips_added": _added(day, found.window_s),
        "median_delay_s": float(np.median(late)) if len(late) else np.nan,
        "late_delay_s": float(np.percentile(late, 90)) if len(late) else np.nan,
    }
    return [{**of_day, "unmatched": way, **_people(found, day.date, way, people)} for way in WAYS]


def _people(found: ObservedFound, date: dt.date, way: str, people: pd.Series) -> dict[str, float]:
    timetabled, observed = found.meets[date, way]
    (share, within, total), (share_ran, ran, _) = (share_of_people(people, one) for one in (timetabled, observed))
    return {
        "people": total,
        "people_within_timetabled": within,
        "people_within_observed": ran,
        "share_timetabled": share,
        "share_observed": share_ran,
        "people_only_timetabled": share_of_people(people, timetabled & ~observed)[1],
        "people_only_observed": share_of_people(people, observed & ~timetabled)[1],
    }


def _by_place(found: ObservedFound, people: pd.Series, places: Places) -> pd.DataFrame:
    """Every place in every way: means over the days, and the days with the lowest and the highest share."""
    counts = places.shares * people.fillna(0.0).to_numpy(float)
    total = counts.sum(axis=1)
    known = ~places.frame["suppressed"].to_numpy(bool) & (total > 0)
    matched, trips = (sum(int(one[side].sum()) for one in found.coverage.values()) for side in (1, 0))
    parts = []
    for way in WAYS:
        timetabled, observed = (
            np.array([counts @ found.meets[day.date, way][side] for day in found.days]) for side in (0, 1)
        )
        shares = [np.where(known, one / np.where(known, total, 1.0), np.nan) for one in (timetabled, observed)]
        parts.append(
            places.frame[["place_kind", "place_id", "place", "suppressed"]].assign(
                unmatched=way,
                observed_days=len(found.days),
                trips_matched_share=_share(matched, trips),
                people=total,
                share_timetabled=shares[0].mean(axis=0),
                share_observed=shares[1].mean(axis=0),
                share_observed_lowest=shares[1].min(axis=0),
                share_observed_highest=shares[1].max(axis=0),
            )
        )
    return pd.concat(parts, ignore_index=True)


def _lines_of(day: ObservedDay, trips: np.ndarray) -> pd.DataFrame:
    """A row for each trip in the headline's hours: its line, whether it was matched, its median delay."""
    planned = day.times.planned
    routes = planned.routes.iloc[planned.pattern_route[planned.trip_patterns()]]
    names = routes["short_name"].where(routes["short_name"] != "", routes["long_name"])
    calls = planned.calls().trip
    late = pd.Series(day.times.departure_s - planned.departure_s)[day.times.called]
    of_trip = late.groupby(calls[day.times.called]).median().reindex(np.arange(len(planned.trip_id)))
    frame = pd.DataFrame(
        {
            "line": names.to_numpy(object),
            "operator": routes["agency"].to_numpy(object),
            "mode": routes["mode"].to_numpy(object),
            "matched": day.times.matched,
            "delay_s": of_trip.to_numpy(float),
        }
    )
    return frame[trips]


def _by_line(days: list[pd.DataFrame]) -> pd.DataFrame:
    trips = pd.concat(days, ignore_index=True)
    groups = trips.groupby(["line", "operator", "mode"], sort=True)
    table = groups.agg(trips=("matched", "size"), trips_matched=("matched", "sum")).reset_index()
    shares = [_share(one, of) for one, of in zip(table["trips_matched"], table["trips"], strict=True)]
    late = groups["delay_s"]
    return table.assign(
        trips_matched_share=shares,
        median_delay_s=late.median().to_numpy(float),
        late_delay_s=late.quantile(0.9).to_numpy(float),
    )


def _added(day: ObservedDay, span_s: tuple[int, int]) -> int:
    extra = day.times.extra
    if extra is None:
        return 0
    ends = extra.timetable.trip_ends()
    return int(((ends.departs_s < span_s[1]) & (ends.arrives_s >= span_s[0]))[extra.trips].sum())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
