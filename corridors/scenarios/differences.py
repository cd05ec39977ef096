"""Base and scenario compared: who gains and who loses, by zone, by place and by group, and who enters and leaves the test."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.access.centre_access import Bool, Float
from corridors.access.kpi import share_of_people
from corridors.access.variants import Variant
from corridors.analysis.zone_table import ZoneFigures, place_facts, shown_facts, zone_figures
from corridors.catalogue.measure import Measure
from corridors.equity.distribution import TAG_LABEL, benefit_word, groups_of_people, national_fifth
from corridors.places.places import QUINTILES, Places, places_of
from corridors.scenario_results import LEAST_MIN, less_is_a_gain
from corridors.scenarios.answers import Answer, CentreMinutes, by_zone

_LEAST: Mapping[str, float] = {"share 0-1": 0.01, "min": LEAST_MIN, "ha": 0.01}  # unit -> the least change that counts
_NEEDED = "minutes_to_needed"
GAINS = (
    *("people_gaining", "people_losing", "people_unchanged", "people_entering", "people_leaving", "people_added"),
    *("people_added_within", "minutes_saved_by_gainers", "minutes_lost_by_losers"),
)


@dataclass(frozen=True)
class Moves:
    """Who gains and who loses, zone by zone, between what decides the headline before and after."""

    before: CentreMinutes
    after: CentreMinutes
    people: Float  # residents of the base, (n_zones,)
    people_after: Float
    at_least: int  # centres that the test asks for

    @cached_property
    def added(self) -> Float:
        """Residents of homes that the scenario builds (below 0: of those it takes away), (n_zones,)."""
        return self.people_after - self.people

    @cached_property
    def saved_min(self) -> Float:
        """Minutes saved to the last centre needed, (n_zones,); a centre not reached counts with the longest time searched."""
        return self.before.needed_min - self.after.needed_min

    @cached_property
    def gains(self) -> Bool:
        """Whether each zone gains a minute or more."""
        return np.asarray(self.saved_min >= LEAST_MIN)

    @cached_property
    def loses(self) -> Bool:
        """Whether each zone loses a minute or more."""
        return np.asarray(self.saved_min <= -LEAST_MIN)

    @cached_property
    def meets(self) -> tuple[Bool, Bool]:
        """Whether each zone meets the headline's test, before and after."""
        return self.before.within >= self.at_least, self.after.within >= self.at_least

    def columns(self) -> dict[str, object]:
        """The columns of zones on who gains and loses: change, minutes_saved, enters_test, leaves_test."""
        met_before, met_after = self.meets
        words = np.where(self.gains, "gains", np.where(self.loses, "loses", "unchanged"))
        return {
            "change": np.where(self.people + self.added > 0, words, "nobody"),
            "minutes_saved": self.saved_min,
            "enters_test": met_after & ~met_before,
            "leaves_test": met_before & ~met_after,
        }

    def gains_of(self, members: Float, added: Float) -> dict[str, float]:
        """The columns `GAINS` of people given by zone, (n_zones,): those of the base, and those of homes built."""
        before, after = self.meets
        return dict(
            zip(
                GAINS,
                (
                    float(members @ self.gains),
                    float(members @ self.loses),
                    float(members @ ~(self.gains | self.loses)),
                    float(members @ (after & ~before)),
                    float(members @ (before & ~after)),
                    float(added.sum()),
                    float(added @ after),
                    float(members @ np.where(self.gains, self.saved_min, 0.0)),
                    float(members @ np.where(self.loses, -self.saved_min, 0.0)),
                ),
                strict=True,
            )
        )


@dataclass(frozen=True)
class Comparison:
    """Base and scenario of the same zones."""

    base: Answer
    scenario: Answer

    @cached_property
    def moves(self) -> Moves:
        """Who gains and who loses."""
        at_least = self.base.access.centres_at_least
        return Moves(self.base.centres, self.scenario.centres, self.base.people, self.scenario.people, at_least)


def kpi_table(comparison: Comparison) -> pd.DataFrame:
    """The headline and its variants, before and after (`ScenarioTables.kpi`)."""
    return pd.DataFrame(list(_kpi_rows(comparison.base, comparison.scenario)))


def _kpi_rows(base: Answer, scenario: Answer) -> Iterator[dict[str, object]]:
    after_of = {one.id: one for one in scenario.variants}
    for one in base.variants:
        if one.id not in after_of:
            continue
        before, after = (_counted(answer, of) for answer, of in ((base, one), (scenario, after_of[one.id])))
        yield {
            "variant": one.id,
            "changes": one.changes,
            "variant_name": one.name,
            "people_base": before[2],
            "people": after[2],
            "people_within_base": before[1],
            "people_within": after[1],
            "people_within_change": after[1] - before[1],
            "share_base": before[0],
            "share": after[0],
            "share_change": after[0] - before[0],
        }


def _counted(answer: Answer, variant: Variant) -> tuple[float, float, float]:
    people = answer.measured.context.values["population"]
    share, within, total = share_of_people(people, variant.meets, variant.counted)
    return share, within, total


def compared_places(comparison: Comparison) -> Places:
    """Region, districts, deciles, corridors and pilots of the run, then national deprivation fifths."""
    zones, places = comparison.base.zones, comparison.base.measured.places
    fifth = national_fifth(zones).dropna().astype(int)
    names = pd.Series({n: _fifth_words(n) for n in sorted(fifth.unique())}, dtype=object)
    return places.and_(places_of("deprivation_fifth", names, pd.Series(fifth.index, index=fifth.to_numpy()), zones))


def _fifth_words(number: int) -> str:
    ends = {1: ", most deprived", QUINTILES: ", least deprived"}
    return f"deprivation fifth {number}{ends.get(number, '')}"


def by_place(comparison: Comparison, measures: Sequence[Measure]) -> pd.DataFrame:
    """Gains, losses and every figure of places, before and after (`ScenarioTables.by_place`)."""
    before, after = (zone_figures(one.zones, measures) for one in (comparison.base, comparison.scenario))
    places = compared_places(comparison)
    rows = []
    for place, shares in zip(places.frame.itertuples(), places.shares, strict=True):
        inside = shares > 0
        old, new = (place_facts(figures, inside, shares[inside]) for figures in (before, after))
        others = {name for name in before.rates if _of_others(name, before, after, inside)}
        old, new = (shown_facts(one, bool(place.suppressed)) for one in (old, new))
        rows.append(
            {
                **{name: getattr(place, name) for name in ("place_kind", "place_id", "place", "suppressed")},
                **comparison.moves.gains_of(comparison.moves.people * shares, comparison.moves.added * shares),
                **_differences(old, new, others),
            }
        )
    return pd.DataFrame(rows)


def _of_others(name: str, before: ZoneFigures, after: ZoneFigures, inside: Bool) -> bool:
    """Whether a mean of a place is of other residents after than before: of those who reach a centre, when others do.

    Where services go, whoever took longest drops out, and the mean of the rest falls as if they had gained.
    """
    known = [~np.isnan(one.rates[name][0][inside]) for one in (before, after)]
    return bool((known[0] != known[1])[before.people[inside] > 0].any())


def _differences(old: Mapping[str, float], new: Mapping[str, float], others: set[str]) -> dict[str, float]:
    """Each figure before, after and changed; no change is given of those in `others`, which are of other residents."""
    found: dict[str, float] = {}
    for name in (one for one in old if one != "suppressed"):
        change = np.nan if name in others else new[name] - old[name]
        found |= {f"{name}_base": old[name], name: new[name], f"{name}_change": change}
    return found


def measures_compared(comparison: Comparison, measures: Sequence[Measure]) -> list[tuple[str, str, str]]:
    """(column, title, unit) of every column of access that is a number or a yes or no; titles are the catalogue's."""
    named = {one.column: (one.title, one.unit) for one in measures}
    zones = comparison.base.zones
    names = dict(zip(comparison.base.access.centre_ids, comparison.base.access.centre_names, strict=True))
    found = []
    for column in comparison.base.columns:
        if not (pd.api.types.is_numeric_dtype(zones[column]) or pd.api.types.is_bool_dtype(zones[column])):
            continue
        title, unit = named.get(column, _of_centre(column, names))
        found.append((column, title, unit))
    return found


def _of_centre(column: str, names: Mapping[str, str]) -> tuple[str, str]:
    for prefix, words, unit in (
        ("minutes_to_", "Minutes to {}", "min"),
        ("reach_share_", "Departures that reach {} within the cutoff", "share 0-1"),
    ):
        ident = column.removeprefix(prefix)
        if ident != column:
            return words.format(names.get(ident, ident)), unit
    return column, ""


def gainers_losers(comparison: Comparison, measures: Sequence[Measure]) -> pd.DataFrame:
    """People who gain and lose by each measure of access (`ScenarioTables.gainers_losers`)."""
    return pd.DataFrame([_gain_row(comparison, *one) for one in measures_compared(comparison, measures)])


def _gain_row(comparison: Comparison, column: str, title: str, unit: str) -> dict[str, object]:
    longest = comparison.base.access.spec.max_duration_s / 60
    before, after = (by_zone(one.zones, column) for one in (comparison.base, comparison.scenario))
    if unit == "min":
        before, after = (np.where(np.isnan(one), longest, one) for one in (before, after))
    people, least = comparison.moves.people, _LEAST.get(unit, 0.5)
    gain = (before - after) if less_is_a_gain(column) else (after - before)
    gains, loses = gain >= least, gain <= -least
    means = [float(np.average(one, weights=people)) if people.sum() else np.nan for one in (before, after)]
    return {
        "measure": column,
        "title": title,
        "unit": unit,
        "least_change": least,
        "people_gaining": float(people @ gains),
        "people_losing": float(people @ loses),
        "people_unchanged": float(people @ ~(gains | loses)),
        "mean_gain": _mean(gain, people * gains),
        "mean_loss": _mean(-gain, people * loses),
        "mean_base": means[0],
        "mean": means[1],
        "mean_change": means[1] - means[0],
    }


def _mean(values: Float, weights: Float) -> float:
    return float(np.average(values, weights=weights)) if weights.sum() else 0.0


def groups_table(comparison: Comparison) -> pd.DataFrame:
    """Gains and losses of groups, with their share of the gain beside their share of people (`ScenarioTables.groups`).

    `gain_share` is the group's part of the person-minutes saved by all of whom it is a group; the words are in the style of
    TAG unit A4.2. A group's members are taken to have their zone's access.
    """
    rows = []
    saved = np.where(comparison.moves.gains, comparison.moves.saved_min, 0.0)
    for group, members, base in groups_of_people(comparison.base.zones):
        people, everybody = members.fillna(0.0).to_numpy(float), base.fillna(0.0).to_numpy(float)
        if not people.sum() or not everybody.sum():
            continue
        share, total = people.sum() / everybody.sum(), float(everybody @ saved)
        gain = float(people @ saved) / total if total else np.nan
        points = 100 * (gain - share)
        rows.append(
            {
                "group": group,
                "people": float(people.sum()),
                "base_people": float(everybody.sum()),
                "people_share": float(share),
                **comparison.moves.gains_of(people, np.zeros(len(people))),
                "gain_share": gain,
                "difference_points": points,
                "word": benefit_word(points) if total else "",
                "label": TAG_LABEL,
            }
        )
    return pd.DataFrame(rows)


def zone_dictionary(comparison: Comparison, measures: Sequence[Measure]) -> pd.DataFrame:
    """column, title, unit of the measures in `zones_frame`."""
    rows = [
        (f"{column}{suffix}", f"{title}, {words}", unit)
        for column, title, unit in measures_compared(comparison, measures)
        for suffix, words in (("_base", "before"), ("", "after"), ("_change", "change"))
    ]
    own = [
        ("people", "Residents of the base", "people"),
        ("people_added", "Residents of homes that are built", "people"),
        (
            "minutes_saved",
            "Minutes saved to the last centre needed; one not reached counts with the longest time",
            "min",
        ),
    ]
    return pd.DataFrame([*own, *rows], columns=["column", "title", "unit"])


def zones_frame(comparison: Comparison, measures: Sequence[Measure]) -> gpd.GeoDataFrame:
    """The zones with every measure before, after and changed (`ScenarioResults.zones`)."""
    before, after = comparison.base.zones, comparison.scenario.zones
    columns: dict[str, object] = {
        "people": comparison.moves.people,
        "people_added": comparison.moves.added,
        **comparison.moves.columns(),
    }
    for column, _, _ in measures_compared(comparison, measures):
        old, new = by_zone(before, column), by_zone(after, column)
        columns |= {f"{column}_base": old, column: new, f"{column}_change": new - old}
    columns |= {"explanation_base": before["explanation"], "explanation": after["explanation"]}
    frame = before[["name", "district_code", "district_name"]].assign(**columns)
    return gpd.GeoDataFrame(frame, geometry=before.geometry, crs=before.crs)
