"""The headline: the share of residents who reach enough strategic centres in time, and its variants."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from accessibility import STARTS_BEFORE_S, SearchSpec, TravelTimes, departure_times, join_points, joined_travel_times
from corridors.access.centre_access import FASTEST, Access, Bool, Float, latest_start_s, place_points
from corridors.config.run_config import RunConfig
from corridors.dates import day_words, time_words
from corridors.inputs.read import Context, Network
from corridors.places.places import Places
from corridors.results import Kpi, KpiVariant
from corridors.strategy import Published

HEADLINE = "headline"
_WALK_LIMITS_MIN = (10, 15)
LONGEST_WALK_MIN = 240  # of one leg, as the engine takes it
_MOST_CENTRES = 5
_WHEELCHAIR = {
    "required": "boarding and alighting only at stops, and on trips, that the feed says are accessible; walks are not checked "
    "for steps",
    "required_or_unknown": "boarding and alighting at stops, and on trips, that the feed says are accessible or of which it "
    "says nothing; walks are not checked for steps",
}


@dataclass(frozen=True)
class Variant:
    """One definition of the headline, and the zones that meet it."""

    id: str
    changes: str  # the one thing that differs from the headline: percentile, wait, cutoff, centres, window, walk
    name: str
    meets: Bool  # (n_zones,)


def headline_variants(access: Access, context: Context, network: Network) -> tuple[Variant, ...]:
    """The headline first, then each variant that differs from it in one part of the definition.

    All but the walking limits are computed from the search of the headline itself.
    """
    first = Variant(HEADLINE, "", "the headline", access.centres_within() >= access.centres_at_least)
    return (first, *_of_time(access), *_of_centres(access), *_of_walking(access, context, network))


def _of_time(access: Access) -> Iterator[Variant]:
    k, spec = access.centres_at_least, access.spec
    names = {FASTEST: "fastest departure instead of the median", 25.0: "25th percentile", 75.0: "75th percentile"}
    for percentile, name in names.items():
        if percentile in access.centres.percentiles:
            ident = "best" if percentile == FASTEST else f"p{percentile:g}"
            yield Variant(ident, "percentile", name, access.centres_within(percentile) >= k)
    unwaited = access.centres_within(times=access.unwaited) >= k
    yield Variant("wait_not_counted", "wait", "the wait for the first service not counted", unwaited)
    for cutoff_s in spec.cutoffs_s:
        if cutoff_s != access.kpi_cutoff_s:
            name, met = f"{cutoff_s / 60:g} minutes", access.centres_within(cutoff_s=cutoff_s) >= k
            yield Variant(f"within_{cutoff_s / 60:g}", "cutoff", name, met)
    for window, times in list(access.windows.items())[1:]:
        met = access.centres_within(times=times) >= k
        yield Variant(f"window_{window}", "window", f"departures {window}", met)
    if access.passes.spec.window_start_s <= latest_start_s(spec, access.kpi_cutoff_s) < STARTS_BEFORE_S:
        yield _arriving(access)


def _arriving(access: Access) -> Variant:
    """The variant of arriving by the window's end, from one departure: later ones would have less time than the cutoff."""
    leave_s, end_s = latest_start_s(access.spec, access.kpi_cutoff_s), access.spec.window_end_s
    once = replace(access.spec, window_start_s=leave_s, window_end_s=leave_s + 1)
    times = departure_times(access.passes, once)
    reached = times.seconds[..., 0] <= access.kpi_cutoff_s
    met = reached[:, access.centre_default].sum(axis=1) >= access.centres_at_least
    ident = f"arrive_by_{time_words(end_s).replace(':', '')}"
    return Variant(ident, "window", f"arrive by {time_words(end_s)}, the best departure counted", met)


def _of_centres(access: Access) -> Iterator[Variant]:
    k = access.centres_at_least
    for n in range(1, min(_MOST_CENTRES, int(access.centre_default.sum())) + 1):
        if n != k:
            yield Variant(
                f"k{n}", "centres", f"at least {n} centre{'s' if n > 1 else ''}", access.centres_within() >= n
            )
    for ident, (name, counted) in list(centre_sets(access).items())[1:]:
        yield Variant(ident, "centres", name, access.centres_within(counted=counted) >= k)


def centre_sets(access: Access) -> dict[str, tuple[str, Bool]]:
    """Id -> (words, whether each centre counts, (n_centres,)): the headline's set, that set without each centre of
    `kpi.without`, and all centres.

    Sets of fewer centres than the headline asks for are left out: nobody could meet it.
    """
    ids, default = np.array(access.centre_ids), access.centre_default
    sets = {"default": (f"{default.sum()} centres", default)}
    for left_out in access.left_out if default.sum() > access.centres_at_least else ():
        counted = default & (ids != left_out)
        name = np.array(access.centre_names, object)[ids == left_out][0]
        sets[f"without_{left_out}"] = (f"{counted.sum()} centres: without {name}", counted)
    if not default.all():
        added = ", ".join(np.array(access.centre_names, object)[~default])
        sets["all_centres"] = (f"{len(ids)} centres: with {added}", np.ones(len(ids), bool))
    return sets


def _of_walking(access: Access, context: Context, network: Network) -> Iterator[Variant]:
    """Variants with other limits on the walk to the first stop and from the last; those on changes stay the same."""
    longest_min = min(math.ceil(access.kpi_cutoff_s / 60), LONGEST_WALK_MIN)
    for limit_min in (*(limit for limit in _WALK_LIMITS_MIN if limit < longest_min), longest_min):
        unlimited = limit_min * 60 >= access.kpi_cutoff_s  # a longer walk would miss the cutoff anyway
        name = (
            "no limit on walking to the first stop and from the last"
            if unlimited
            else f"walks of at most {limit_min} min"
        )
        times = _times_walking(access, context, network, 60 * limit_min)
        met = access.centres_within(times=times) >= access.centres_at_least
        yield Variant("walk_unlimited" if unlimited else f"walk_{limit_min}", "walk", name, met)


def _times_walking(access: Access, context: Context, network: Network, longest_s: int) -> TravelTimes:
    spec, joined = access.spec, access.passes.joined
    changes_s = spec.walk_between_rides.max_s
    walk = replace(spec.walk, max_s=longest_s)
    spec = replace(spec, percentiles=(50.0,), cutoffs_s=(), walk=walk, transfer_max_s=changes_s)
    if longest_s <= access.spec.walk.max_s:
        return joined_travel_times(joined.with_walks_within(longest_s), spec)
    centres = place_points(context.centres, access.radius_m)
    return joined_travel_times(join_points(joined.networks, network.streets, access.origins, centres, spec), spec)


def share_of_people(people: pd.Series, meets: Bool | pd.Series) -> tuple[float, float, float]:
    """(share 0-1 of people in areas that meet the test, those people, all people); the share is NaN where nobody lives."""
    known = people.fillna(0.0).to_numpy(float)
    total, within = float(known.sum()), float(known[np.asarray(meets, bool)].sum())
    return (within / total if total else float("nan")), within, total


def headline(config: RunConfig, context: Context, access: Access, variants: Sequence[Variant]) -> Kpi:
    """The KPI with its definition in words, its variants, and its share by district; `variants` as of `headline_variants`."""
    people = context.values["population"]
    share, within, total = share_of_people(people, variants[0].meets)
    districts = {
        str(code): share_of_people(people[inside], variants[0].meets[inside])[0]
        for code in sorted(context.zones["district_code"].unique())
        for inside in [context.zones["district_code"].eq(code).to_numpy()]
    }
    others = tuple(KpiVariant(one.id, one.name, *share_of_people(people, one.meets)[:2]) for one in variants[1:])
    return Kpi(share, within, total, definition(config, access.spec), others, districts)


def definition(config: RunConfig, spec: SearchSpec) -> dict[str, str]:
    """The headline's definition in words, by aspect."""
    search_section, walk = config.search, spec.walk
    changes = spec.walk_between_rides.max_s
    streets = "along streets" if config.streets.file else f"straight line x {walk.detour:g}"
    return {
        "centres_at_least": str(config.kpi.centres_at_least),
        "cutoff_min": f"{config.kpi.cutoff_min:g}",
        "day": day_words(config.timetable.date),
        "window": f"a departure every {search_section.step_s} s, {search_section.window} (the end not included)",
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
    meets = np.stack([one.meets for one in variants]).astype(float)
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
            table[total] = np.tile(counts.sum(axis=1), len(variants))
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
