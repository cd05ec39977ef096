"""Tables of what people reach at other hours: by period, by place and by hour, and who gets there and back."""

import datetime as dt

import numpy as np
import pandas as pd

from corridors.access.centre_access import Bool, Float
from corridors.access.hours.answers import HoursFound
from corridors.access.kpi import share_of_people
from corridors.analysis.assemble import MeasuredRun
from corridors.catalogue.periods import WEEKDAY, hour_column
from corridors.dates import time_words
from corridors.places.places import Places


def tables_of_hours(found: HoursFound | None, measured: MeasuredRun) -> dict[str, pd.DataFrame]:
    """Field of `Tables` -> table; empty where no other hours were asked for."""
    if found is None:
        return {}
    people, headline = measured.zones["population"], measured.zones["meets_kpi"].to_numpy(bool)
    tables = {
        "hours": _by_hour(found, people),
        "zones_by_hour": _zones_by_hour(found, people.index),
        "way_back": _ways_back(found, people),
    }
    if found.asked.periods:
        tables |= {
            "periods": _by_period(found, people, headline),
            "periods_by_place": _by_place(found, people, measured.places),
        }
    return tables


def _by_period(found: HoursFound, people: pd.Series, headline: Bool) -> pd.DataFrame:
    rows = []
    for period in found.asked.periods:
        meets = found.periods[period.id].meets
        share, within, total = share_of_people(people, meets)
        rows.append(
            {
                "period_id": period.id,
                "period": period.title,
                "days": period.days,
                "date": found.dates[period.days].isoformat(),
                "start": period.start,
                "end": period.end,
                "people": total,
                "people_within": within,
                "share": share,
                "people_only_at_headline": share_of_people(people, headline & ~meets)[1],
                "people_only_then": share_of_people(people, meets & ~headline)[1],
            }
        )
    return pd.DataFrame(rows)


def _by_place(found: HoursFound, people: pd.Series, places: Places) -> pd.DataFrame:
    names = pd.DataFrame([(one.id, one.title) for one in found.asked.periods], columns=["period_id", "period"])
    table = names.merge(places.frame[["place_kind", "place_id", "place", "suppressed"]], how="cross")
    counts = places.shares * people.fillna(0.0).to_numpy(float)
    meets = np.stack([found.periods[one.id].meets for one in found.asked.periods]).astype(float)
    table["people"] = np.tile(counts.sum(axis=1), len(meets))
    table["people_within"] = (meets @ counts.T).ravel()
    known = ~table["suppressed"] & (table["people"] > 0)
    table["share"] = (table["people_within"] / table["people"].where(known)).to_numpy(float)
    return table


def _by_hour(found: HoursFound, people: pd.Series) -> pd.DataFrame:
    date = _working_day(found).isoformat()
    rows = []
    for (start_s, end_s), reached in found.hours.items():
        share, within, _ = share_of_people(people, reached.meets)
        rows.append((time_words(start_s), time_words(end_s), date, within, share))
    return pd.DataFrame(rows, columns=["start", "end", "date", "people_within", "share"])


def _zones_by_hour(found: HoursFound, zones: pd.Index) -> pd.DataFrame:
    columns: dict[str, Float] = {hour_column(time_words(hour[0])): one.minutes for hour, one in found.hours.items()}
    return pd.DataFrame(columns, index=zones).rename_axis("zone_id").reset_index()


def _ways_back(found: HoursFound, people: pd.Series) -> pd.DataFrame:
    rows = []
    for home_after, way in found.ways_back.items():
        share, both, total = share_of_people(people, way.both)
        there, home = (share_of_people(people, one)[1] for one in (way.there, way.home))
        date = _working_day(found).isoformat()
        rows.append((found.asked.there_by, home_after, date, total, there, home, both, share))
    columns = ["there_by", "home_after", "date", "people", "people_there", "people_home", "people_both", "share"]
    return pd.DataFrame(rows, columns=columns)


def _working_day(found: HoursFound) -> dt.date:
    return found.dates[WEEKDAY]
