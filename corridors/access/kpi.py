"""The headline: who can reach enough strategic centres in time, its definition in words, and its variants by place."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from accessibility import SearchSpec
from corridors.access.centre_access import Access, Bool, Float
from corridors.access.variants import Variant
from corridors.config.run_config import RunConfig
from corridors.dates import day_words
from corridors.inputs.read import Context
from corridors.places.places import Places, is_small
from corridors.results import Kpi, KpiVariant
from corridors.strategy import Published

_WHEELCHAIR = {
    "required": "boarding and alighting only at stops, and on trips, that the feed says are accessible; walks are not checked "
    "for steps",
    "required_or_unknown": "boarding and alighting at stops, and on trips, that the feed says are accessible or of which it "
    "says nothing; walks are not checked for steps",
}


def share_of_people(
    people: pd.Series, meets: Bool | Float | pd.Series, counted: Bool | None = None
) -> tuple[float, float, float]:
    """(share 0-1 of people who meet the test, those people, all people); the share is NaN where nobody lives.

    `meets` is the share of each area's people who meet it; areas that are not `counted` are left out.
    """
    known = people.fillna(0.0).to_numpy(float) * (1.0 if counted is None else counted)
    total, within = float(known.sum()), float(known @ np.asarray(meets, float))
    return (within / total if total else float("nan")), within, total


def headline(config: RunConfig, context: Context, access: Access, variants: Sequence[Variant]) -> Kpi:
    """The KPI with its definition in words, its variants, and its share by district; `variants` as of `headline_variants`."""
    people = context.values["population"]
    share, within, total = share_of_people(people, variants[0].meets)
    districts = {
        str(code): _share_of_place(people[inside], variants[0].meets[inside])
        for code in sorted(context.zones["district_code"].unique())
        for inside in [context.zones["district_code"].eq(code).to_numpy()]
    }
    others = tuple(
        KpiVariant(one.id, one.changes, one.name, *share_of_people(people, one.meets, one.counted)[:2])
        for one in variants[1:]
    )
    return Kpi(share, within, total, definition(config, access.spec), others, districts)


def _share_of_place(people: pd.Series, meets: Bool | Float) -> float:
    share, _, total = share_of_people(people, meets)
    return math.nan if is_small(len(people), total) else share


def window_words(window: str, step_s: int) -> str:
    """The departures of a window that count, in words."""
    if step_s:
        return f"a departure every {step_s} s, {window} (the end not included)"
    return f"every instant of {window} (no departures are sampled)"


def definition(config: RunConfig, spec: SearchSpec) -> dict[str, str]:
    """The headline's definition in words, by aspect."""
    search_section, walk = config.search, spec.walk
    changes = spec.walk_between_rides.max_s
    streets = "along streets" if config.streets.file else f"straight line x {walk.detour:g}"
    return {
        "centres_at_least": str(config.kpi.centres_at_least),
        "cutoff_min": f"{config.kpi.cutoff_min:g}",
        "day": day_words(config.timetable.date),
        "window": window_words(search_section.window, search_section.step_s),
        "time": "door to door at the median departure (p50), the first wait counted; departures that fail count as failing",
        "walking": f"{walk.speed_kmh:g} km/h, at most {walk.max_s / 60:g} min a leg, {streets}",
        "boarding": f"{spec.board_slack_s} s between reaching a stop and boarding",
        **({} if spec.modes is None else {"modes": f"only {_listed(sorted(spec.modes))}, or on foot"}),
        **({} if spec.wheelchair is None else {"wheelchair": _WHEELCHAIR[spec.wheelchair]}),
        **({} if spec.max_rides is None else {"rides": f"at most {spec.max_rides} in a journey"}),
        **({} if changes == walk.max_s else {"changing": f"walks of at most {changes / 60:g} min between rides"}),
        "destination": f"any point within {config.centres.radius_m:g} m of the centre's point",
        "origin": f"one point a zone ({config.zones.geography})",
        "people": config.region.note,
        "times": "timetable times, not observed ones",
    }


def _listed(names: Sequence[str]) -> str:
    """The names as a list in words: "bus", "bus and tram", "bus, rail and tram"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def kpi_by_place(
    variants: Sequence[Variant], places: Places, values: pd.DataFrame, published: Published | None = None
) -> pd.DataFrame:
    """Table of every variant in every place: residents, and households without a car where known; then a published figure.

    Columns: variant, changes, variant_name, place_kind, place_id, place, people, people_within, share,
    no_car_households, no_car_within, no_car_share (of these households), suppressed, note.
    """
    counted = np.stack([np.ones(len(values)) if one.counted is None else one.counted * 1.0 for one in variants])
    meets = np.stack([np.asarray(one.meets, float) for one in variants]) * counted
    names = pd.DataFrame(
        [(one.id, one.changes, one.name) for one in variants], columns=["variant", "changes", "variant_name"]
    )
    table = names.merge(places.frame[["place_kind", "place_id", "place", "suppressed"]], how="cross")
    for base, total, within, share in (
        ("population", "people", "people_within", "share"),
        ("households_no_car", "no_car_households", "no_car_within", "no_car_share"),
    ):
        if base in values:
            counts = places.shares * values[base].fillna(0.0).to_numpy(float)
            table[within] = (meets @ counts.T).ravel()
            table[total] = (counted @ counts.T).ravel()
            table[share] = _shares(table[within], table[total], table["suppressed"])
    table = table.assign(note="")
    return table if published is None else pd.concat([table, _published(published)], ignore_index=True)


def _shares(within: pd.Series, total: pd.Series, suppressed: pd.Series) -> Float:
    return np.where(suppressed.to_numpy(bool) | (total <= 0), np.nan, within / total.where(total > 0))


def _published(published: Published) -> pd.DataFrame:
    row = {
        "variant": "published",
        "changes": "everything",
        "variant_name": "the strategy's own figure",
        "place_kind": "region",
        "place_id": "strategy",
        "place": "the strategy's area",
        "share": published.share,
        "suppressed": False,
        "note": f"{published.source}; another definition (never published) and another year: for comparison only",
    }
    return pd.DataFrame([row])
