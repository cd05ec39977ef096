"""The headline under other definitions: which zones meet it if one thing of the question is changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import shapely

from accessibility import STARTS_BEFORE_S, times_at, window_times
from corridors.access.centre_access import Access, Bool, Float, latest_start_s
from corridors.access.technical_choices import TechnicalChoice, searched_choices
from corridors.catalogue.headline_variants import HEADLINE, ordinal
from corridors.catalogue.near import RIM_KM
from corridors.dates import time_words
from corridors.inputs.read import Context, Network
from layers import union_method

_MOST_CENTRES = 5


class Connectivity(NamedTuple):
    """What scores of connectivity count, under every set of centres and window of `Access`: (n_sets, n_windows, n_zones)."""

    centres_within: Float
    reliability: Float


@dataclass(frozen=True)
class Variant:
    """One definition of the headline, and the share of each zone's people who meet it."""

    id: str
    changes: str  # the one thing that differs from the headline: a key of `headline_variants.CHANGES`
    name: str
    meets: Bool | Float  # (n_zones,) 0-1; between them only where a zone has several points
    counted: Bool | None = None  # (n_zones,) whose people count at all; None for all of them
    connectivity: Connectivity | None = None  # of the headline and of technical choices that are drawn


def headline_variants(access: Access, context: Context, network: Network) -> tuple[Variant, ...]:
    """The headline first, then each definition that differs from it in one thing: of the question, then of the technique.

    Changed questions are read off the profiles that the headline itself was made of; technical choices are searched again.
    """
    own = TechnicalChoice(HEADLINE, "", "the headline", access.profiles)
    changed = (*_of_time(access), _at_once(access), *_of_centres(access), *_of_residents(access, context))
    technical = searched_choices(access, context, network) if access.vary_technique else ()
    return (_chosen(own, access), *changed, *(_chosen(one, access) for one in technical))


def _chosen(choice: TechnicalChoice, access: Access) -> Variant:
    """A variant from the journeys of one technical choice; one that is drawn with its connectivity under every set of
    centres and window.
    """
    if not choice.drawn:
        times = window_times(choice.profiles, replace(access.spec, percentiles=(50.0,), cutoffs_s=()))
        met = choice.by_zone(access.centres_within(times=times) >= access.centres_at_least)
        return Variant(choice.id, choice.changes, choice.name, met)
    k, sets = access.centres_at_least, [counted for _, counted in centre_sets(access).values()]
    shape = (len(sets), len(access.windows), len(access.origins.ids))
    connectivity = Connectivity(np.empty(shape), np.empty(shape))
    for w, (spec, _) in enumerate(access.windows.values()):
        median = replace(spec, percentiles=(50.0,), cutoffs_s=())
        times = window_times(choice.profiles, median)
        for s, counted in enumerate(sets):
            within = access.centres_within(counted=counted, times=times)
            if (s, w) == (0, 0):
                meets = choice.by_zone(within >= k)
            connectivity.centres_within[s, w] = choice.by_zone(within)
            connectivity.reliability[s, w] = choice.by_zone(access.reliability(counted, spec, choice.profiles))
    return Variant(choice.id, choice.changes, choice.name, meets, None, connectivity)


def _of_residents(access: Access, context: Context) -> Iterator[Variant]:
    """The residents further inside than the rim: their nearest centres and services all lie in the inputs, more likely."""
    zones = context.zones.geometry
    boundary = zones.union_all(method=union_method(zones)).boundary
    inside = shapely.distance(shapely.points(context.points[["x", "y"]].to_numpy()), boundary) > 1000 * RIM_KM
    if inside.any() and not inside.all():
        name = f"only residents further than {RIM_KM:g} km from the region's boundary"
        yield Variant("without_rim", "residents", name, access.centres_within() >= access.centres_at_least, inside)


def _at_once(access: Access) -> Variant:
    """Enough centres from one and the same departure, at half of all departures: the headline asks each centre's median."""
    k = access.centres_at_least
    of = f"{k} centres at once" if k > 1 else "any one centre"
    return Variant("at_once", "at_once", f"{of}, from half of all departures", access.reliability() >= 0.5)


def _of_time(access: Access) -> Iterator[Variant]:
    k, spec = access.centres_at_least, access.spec
    fastest = (access.fastest_s[:, access.centre_default] <= access.kpi_cutoff_s).sum(axis=1)
    yield Variant("best", "percentile", "fastest departure instead of the median", fastest >= k)
    for percentile in sorted({*access.centres.percentiles} - {50.0}):
        met = access.centres_within(percentile) >= k
        yield Variant(f"p{percentile:g}", "percentile", f"{ordinal(percentile)} percentile", met)
    unwaited = access.centres_within(times=access.unwaited) >= k
    yield Variant("wait_not_counted", "wait", "the wait for the first service not counted", unwaited)
    for cutoff_s in spec.cutoffs_s:
        if cutoff_s != access.kpi_cutoff_s:
            name, met = f"{cutoff_s / 60:g} minutes", access.centres_within(cutoff_s=cutoff_s) >= k
            yield Variant(f"within_{cutoff_s / 60:g}", "cutoff", name, met)
    for window, found in list(access.windows.items())[1:]:
        met = access.centres_within(times=found.times) >= k
        yield Variant(f"window_{window}", "window", f"departures {window}", met)
    if access.passes.spec.window_start_s <= latest_start_s(spec, access.kpi_cutoff_s) < STARTS_BEFORE_S:
        yield _arriving(access)


def _arriving(access: Access) -> Variant:
    """Arriving by the window's end within T means that the departure at the end less T makes it: later ones have less time."""
    leave_s, end_s = latest_start_s(access.spec, access.kpi_cutoff_s), access.spec.window_end_s
    seconds = times_at(access.profiles, np.array([leave_s], np.int32), access.spec.max_duration_s)
    reached = seconds[..., 0] <= access.kpi_cutoff_s
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
        yield Variant(ident, "centre_set", name, access.centres_within(counted=counted) >= k)


def centre_sets(access: Access) -> dict[str, tuple[str, Bool]]:
    """id -> (words, which centres count): the headline's set first, then without each that `kpi.without` names, then with
    the variant ones.

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
