"""Distribution of access among residents: by deprivation, by group, as inequality, and low access with high deprivation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridors.equity.inequality import (
    Curve,
    concentration_curve,
    concentration_index,
    erreygers_index,
    fgt,
    gini,
    lorenz_curve,
    palma,
    theil,
    theil_between,
    weighted_fifth,
)
from corridors.places.places import QUINTILES, Places, is_small
from corridors.scoring.scores import Float, weighted_mean, weighted_quantile

LINE_SHARES = (0.4, 0.5, 0.6)  # of the regional median: the line of access poverty, with its sensitivity
MAIN_LINE_SHARE = 0.5
DEPRIVED_DECILES = 2  # national deciles 1 and 2: the most deprived fifth of England's areas
LOW_FIFTH = 1  # the worst-placed fifth of the region's residents
BENEFIT_POINTS = 5.0  # TAG unit A4.2: within five points of the share of people is "moderate"
CURVE_POINTS = 101
TAG_LABEL = "in the style of TAG unit A4.2, not an appraisal that follows it"

# Groups whose share of access is compared with their share of people, by the field that counts them.
GROUPS: Mapping[str, str] = {
    "households_no_car": "households without a car",
    "age_0_14": "residents under 15",
    "age_65plus": "residents 65 and over",
    "unemployed": "unemployed residents",
    "ethnicity_asian": "Asian residents",
    "ethnicity_black": "Black residents",
    "ethnicity_mixed": "residents of mixed ethnicity",
    "ethnicity_other": "residents of other ethnicity",
    "ethnicity_white": "White residents",
}
# Fields of which the group is a share, where that is not the population.
_GROUP_BASES: Mapping[str, str] = {"households_no_car": "households", "unemployed": "economically_active"}


@dataclass(frozen=True)
class Outcome:
    """A measure of access whose distribution among residents is described."""

    column: str
    title: str
    unit: str
    bounds: tuple[float, float] | None  # its lowest and highest possible value, where it has them
    line: float | None = None  # access poverty is below it; None: a share of the regional median is used


def outcomes(zones: pd.DataFrame, n_centres: int, centres_at_least: int) -> tuple[Outcome, ...]:
    """The measures of access that these zones have values of; `n_centres` is the size of the headline's set."""
    usual = (
        Outcome("jobs_within_cutoff", "Jobs within the cutoff", "jobs", None),
        Outcome("centres_within_cutoff", "Centres within the cutoff", "centres", (0, n_centres), centres_at_least),
        Outcome("meets_kpi", "Meets the headline's test", "share 0-1", (0, 1)),
        Outcome("reliability", "Departures that make it", "share 0-1", (0, 1)),
    )
    return tuple(measure for measure in usual if measure.column in zones and zones[measure.column].notna().any())


def deprivation_order(zones: pd.DataFrame) -> tuple[pd.Series, str]:
    """(values by which zones ascend from the most to the least deprived, what the values are)."""
    if "income_rate" in zones and zones["income_rate"].notna().any():
        return -zones["income_rate"], "income-deprived share of people"
    return zones["imd_decile"].astype(float), "deprivation decile"


def doubly_disadvantaged(zones: pd.DataFrame) -> pd.Series:
    """Whether each zone is in the worst-placed fifth of residents by minutes to the centre needed, and in deciles 1-2.

    Missing where an unknown decile would decide it; a well-placed zone is not doubly disadvantaged, whatever its decile.
    """
    fifth, decile = access_fifths(zones), zones["imd_decile"]
    low = (fifth == LOW_FIFTH).astype("boolean").mask(fifth.isna())
    deprived = (decile <= DEPRIVED_DECILES).astype("boolean").mask(decile.isna())
    return (low & deprived).rename("doubly_disadvantaged")


def access_fifths(zones: pd.DataFrame) -> pd.Series:
    """Each zone's fifth of the region's residents by minutes to the centre needed, 1 = longest; unreachable is longest."""
    quickness = -zones["minutes_to_needed"].fillna(np.inf).to_numpy(float)
    people = zones["population"].fillna(0.0).to_numpy(float)
    if not people.sum():
        return pd.Series(np.nan, index=zones.index)
    return pd.Series(weighted_fifth(quickness, people), index=zones.index, dtype="float64")


def access_by_deprivation(zones: pd.DataFrame) -> pd.DataFrame:
    """Zones and people by fifth of access (regional, 1 = worst placed) and of deprivation (national, 1 = most deprived).

    Columns: access_fifth, deprivation_fifth, zones, people, people_share, no_car_households, doubly_disadvantaged (the
    cell of low access and high deprivation).
    """
    frame = pd.DataFrame(
        {
            "access_fifth": access_fifths(zones),
            "deprivation_fifth": national_fifth(zones),
            "people": zones["population"].fillna(0.0),
            "no_car_households": zones.get("households_no_car", pd.Series(np.nan, index=zones.index)),
        }
    ).dropna(subset=["access_fifth", "deprivation_fifth"])
    grouped = frame.groupby(["access_fifth", "deprivation_fifth"])
    table = grouped.agg(
        zones=("people", "size"),
        people=("people", "sum"),
        no_car_households=("no_car_households", lambda households: households.sum(min_count=1)),
    ).reset_index()
    table.insert(4, "people_share", table["people"] / table["people"].sum())
    both = (table["access_fifth"] == LOW_FIFTH) & (table["deprivation_fifth"] == 1)
    return table.assign(doubly_disadvantaged=both).astype({"access_fifth": int, "deprivation_fifth": int})


def national_fifth(zones: pd.DataFrame) -> pd.Series:
    """Each zone's national deprivation fifth, from its decile; 1 = most deprived."""
    fifths: pd.Series = np.ceil(zones["imd_decile"] * QUINTILES / 10)
    return fifths


def fifths_by_place(zones: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Residents who meet the headline's test in each place, by national deprivation fifth of the zones.

    Columns: place_kind, place_id, place, quintile (1 = most deprived), zones, people, people_within, kpi_share (of the
    people), suppressed (the share is withheld: the fifth of the place is too small). Fifths without zones have no row.
    """
    people = zones["population"].fillna(0.0).to_numpy(float)
    within = people * zones["meets_kpi"].fillna(0.0).to_numpy(float)
    fifth = national_fifth(zones).to_numpy(float)
    parts = []
    for number in range(1, QUINTILES + 1):
        of_fifth = places.shares * (fifth == number)
        counted = places.frame[["place_kind", "place_id", "place"]].assign(
            quintile=number, zones=(of_fifth > 0).sum(axis=1), people=of_fifth @ people, people_within=of_fifth @ within
        )
        parts.append(counted[counted["zones"] > 0])
    table = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    suppressed = is_small(table["zones"], table["people"])
    share = (table["people_within"] / table["people"].where(table["people"] > 0)).mask(suppressed)
    return table.assign(kpi_share=share, suppressed=suppressed)


def doubly_disadvantaged_by_place(zones: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Doubly disadvantaged zones and people of each place; people_share is of the place's people, NaN where suppressed."""
    doubly = zones["doubly_disadvantaged"].fillna(False).to_numpy(bool)
    people = zones["population"].fillna(0.0).to_numpy(float)
    table = places.frame[["place_kind", "place_id", "place", "suppressed"]].copy()
    table["zones"] = ((places.shares > 0) & doubly).sum(axis=1)
    table["people"] = places.shares @ (people * doubly)
    total = places.shares @ people
    share = np.divide(table["people"], total, out=np.full(len(table), np.nan), where=total > 0)
    table["people_share"] = np.where(table["suppressed"], np.nan, share)
    if "households_no_car" in zones:
        table["no_car_households"] = places.shares @ (zones["households_no_car"].fillna(0.0).to_numpy(float) * doubly)
    return table


def inequality_table(zones: pd.DataFrame, measures: Sequence[Outcome]) -> pd.DataFrame:
    """Statistics of inequality of each measure: quintile ratio, Palma, Gini, Theil by district, concentration, poverty.

    Columns: measure, title, statistic, value, people (that it is computed from), note. Zones without a
    value, a known deprivation or people are left out; the others are weighted by their people.
    """
    rows = [
        {
            "measure": measure.column,
            "title": measure.title,
            "statistic": statistic,
            "value": value,
            "people": float(zones.loc[_known(zones, measure), "population"].sum()),
            "note": note,
        }
        for measure in measures
        for statistic, value, note in _statistics(zones, measure)
    ]
    return pd.DataFrame(rows, columns=["measure", "title", "statistic", "value", "people", "note"])


def _known(zones: pd.DataFrame, measure: Outcome) -> pd.Series:
    order, _ = deprivation_order(zones)
    known: pd.Series = zones[measure.column].notna() & order.notna() & (zones["population"] > 0)
    return known


def _statistics(zones: pd.DataFrame, measure: Outcome) -> Iterator[tuple[str, float, str]]:
    order, ranked_by = deprivation_order(zones)
    known = _known(zones, measure)
    if not known.any() or not zones.loc[known, measure.column].astype(float).sum():
        return
    values, people = zones.loc[known, measure.column].to_numpy(float), zones.loc[known, "population"].to_numpy(float)
    ranks = order[known].to_numpy(float)
    yield "mean", float(np.average(values, weights=people)), measure.unit
    yield "quintile_ratio", *_quintile_ratio(zones[known], measure.column)
    if measure.bounds != (0, 1):
        yield from _spread(values, people, zones.loc[known, "district_code"].to_numpy(str))
    note = f"ranked by {ranked_by}; positive = more access where less deprived"
    yield "concentration_index", concentration_index(values, people, ranks), note
    if measure.bounds:
        yield "erreygers_index", erreygers_index(values, people, ranks, *measure.bounds), f"{note}; -1 to 1"
    for name, line, words in access_lines(values, people, measure):
        for aversion in (0, 1, 2):
            yield f"fgt{aversion}{name}", fgt(values, people, line, aversion), f"line: {words}"


def _spread(values: Float, people: Float, districts: npt.NDArray[np.str_]) -> Iterator[tuple[str, float, str]]:
    """Statistics that do not use deprivation; for a measure that is 0 or 1 they would only repeat its share."""
    ratio, note = palma(values, people), "mean of the best-placed 10 % over mean of the worst-placed 40 %"
    known = np.isfinite(ratio)
    yield "palma", ratio if known else float("nan"), note if known else f"{note}: these have none, so no number says it"
    yield "gini", gini(values, people), "0 = equal"
    between, within = theil_between(values, people, districts)
    yield "theil", theil(values, people), "0 = equal"
    yield "theil_between_districts", between, "part of Theil's T"
    yield "theil_within_districts", within, "part of Theil's T"


def _quintile_ratio(zones: pd.DataFrame, column: str) -> tuple[float, str]:
    fifth = national_fifth(zones)
    most, least = (
        weighted_mean(zones.loc[fifth == n, column].astype(float), zones.loc[fifth == n, "population"])
        for n in (1, QUINTILES)
    )
    note = "mean of the most deprived national fifth over that of the least deprived"
    return (most / least if least else float("nan")), note


def access_lines(values: Float, people: Float, measure: Outcome) -> Iterator[tuple[str, float, str]]:
    """(suffix of the statistic, line, words) for each line of access poverty: the measure's own, or shares of the median."""
    if measure.line is not None:
        yield "", measure.line, f"{measure.line:g} {measure.unit}"
    elif measure.bounds is None:
        median = weighted_quantile(values, people, 0.5)
        for share in LINE_SHARES:
            line = share * median
            if line:
                suffix = "" if share == MAIN_LINE_SHARE else f"_at_{share * 100:.0f}"
                yield suffix, line, f"{share * 100:.0f} % of the regional median, {line:,.0f} {measure.unit}"


def access_gap(zones: pd.DataFrame) -> pd.Series:
    """Shortfall of each zone's jobs within the cutoff below half the regional median, as a share of that half (0-1)."""
    known = zones["jobs_within_cutoff"].notna() & (zones["population"] > 0)
    if not known.any():
        return pd.Series(np.nan, index=zones.index)
    jobs, people = (
        zones.loc[known, "jobs_within_cutoff"].to_numpy(float),
        zones.loc[known, "population"].to_numpy(float),
    )
    line = MAIN_LINE_SHARE * weighted_quantile(jobs, people, 0.5)
    return ((line - zones["jobs_within_cutoff"]) / line).clip(lower=0.0) if line else zones["jobs_within_cutoff"] * 0.0


def curves_table(zones: pd.DataFrame, measures: Sequence[Outcome]) -> pd.DataFrame:
    """Lorenz and concentration curves at every hundredth of people: measure, curve, people_share, value_share."""
    order, _ = deprivation_order(zones)
    shares = np.linspace(0, 1, CURVE_POINTS)
    parts = []
    for measure in measures:
        known = zones[measure.column].notna() & order.notna() & (zones["population"] > 0)
        values, people = (
            zones.loc[known, measure.column].to_numpy(float),
            zones.loc[known, "population"].to_numpy(float),
        )
        if not values.sum():
            continue
        curves: Mapping[str, Curve] = {
            "lorenz": lorenz_curve(values, people),
            "concentration": concentration_curve(values, people, order[known].to_numpy(float)),
        }
        parts += [
            pd.DataFrame(
                {
                    "measure": measure.column,
                    "curve": name,
                    "people_share": shares,
                    "value_share": np.interp(shares, curve.people, curve.values),
                }
            )
            for name, curve in curves.items()
        ]
    columns = ["measure", "curve", "people_share", "value_share"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def group_shares(zones: pd.DataFrame, measures: Sequence[Outcome]) -> pd.DataFrame:
    """Share of access and share of people of each group: measure, group, people, people_share, access_share,
    difference_points, word, label.

    Groups are national deprivation fifths, and `GROUPS`, whose people are taken to have their zone's access. Access is a
    level and not the benefit of a scheme, so the words compare shares only.
    """
    rows = []
    for measure in measures:
        values = zones[measure.column].astype(float)
        for group, people, base in groups_of_people(zones):
            known = values.notna() & people.notna() & base.notna()
            total, members = float(base[known].sum()), float(people[known].sum())
            access = float((base * values)[known].sum())
            if not total or not members or not access:
                continue
            people_share, access_share = members / total, float((people * values)[known].sum()) / access
            points = 100 * (access_share - people_share)
            row = (measure.column, group, members, people_share, access_share, points, benefit_word(points), TAG_LABEL)
            rows.append(row)
    columns = ["measure", "group", "people", "people_share", "access_share", "difference_points", "word", "label"]
    return pd.DataFrame(rows, columns=columns)


def groups_of_people(zones: pd.DataFrame) -> Iterator[tuple[str, pd.Series, pd.Series]]:
    """(group, its people by zone, all people by zone of whom the group is a share): deprivation fifths, then `GROUPS`."""
    people, fifth = zones["population"], national_fifth(zones)
    for number in range(1, QUINTILES + 1):
        if (fifth == number).any():
            ends = {1: ", most deprived", QUINTILES: ", least deprived"}
            yield f"deprivation fifth {number}{ends.get(number, '')}", people.where(fifth == number, 0.0), people
    for column, words in GROUPS.items():
        base = _GROUP_BASES.get(column, "population")
        if column in zones and base in zones:
            yield words, zones[column], zones[base]


def benefit_word(points: float) -> str:
    """The word of TAG unit A4.2 for a group's share of a benefit less its share of people, in percentage points."""
    if points > BENEFIT_POINTS:
        return "large beneficial"
    return "moderate beneficial" if points >= -BENEFIT_POINTS else "slight beneficial"
