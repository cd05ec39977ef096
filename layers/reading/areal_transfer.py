"""Transfers values from one geography to another by a stated rule, and reports the losses.

A lookup is a frame of source_id, target_id and weight: the share (0-1) of the source that lies in the target. The kinds
of lookup, best first, are a published nesting (`nesting_lookup`), people at points (`point_lookup`) and overlap by area
(`area_lookup`).

The rule depends on the kind of value (extensive and intensive variables: Goodchild and Lam 1980, "Areal interpolation").
Counts are divided among targets and summed. Rates and scores are averaged, weighted by the people they are rates of.
Deciles and ranks are never averaged: a target gets the value of its parent area, or of a clear majority of its parts.
"""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple, get_args

import geopandas as gpd
import pandas as pd
import shapely

from layers.errors import GeographyError, LayerError
from layers.findings import Finding, findings_of, first_few
from layers.tables.codes import code_comparison

Kind = Literal["count", "rate", "score", "decile", "rank"]
KINDS: tuple[str, ...] = get_args(Kind)
# A zone with less coverage by sources with a value is missing, because it would be undercounted. With outlines generalised
# to different detail, zones are covered above 0.8 by their own parent area and below 0.3 by its neighbours (MSOA 2011 on
# LSOA 2021, West Midlands); any limit between the two separates them.
MIN_COVERAGE = 0.8
_WHOLE_SHARE = 0.99
_SLIVER_SHARE = 0.001  # overlaps below this share of both areas come from outlines drawn at different detail
_LOST_SHARE = 0.001  # rounding in published weights is not a loss

LOOKUP_COLUMNS = ["source_id", "target_id", "weight"]


class Transferred(NamedTuple):
    """Values on the target index (NaN = missing), findings on losses, and the geography that the values resolve."""

    values: pd.Series
    findings: tuple[Finding, ...]
    resolution: str


def nesting_lookup(pairs: pd.DataFrame, share_by: pd.Series | None = None) -> pd.DataFrame:
    """A lookup from published pairs: columns source, target and optionally weight, in this order, with any names.

    Without weights, a source is divided among its targets in proportion to `share_by` (target id -> people), or equally
    if that is unknown for one of them. Raises LayerError for weights that are missing, below 0 or with a sum above 1.
    """
    lookup = pairs.set_axis(LOOKUP_COLUMNS[: pairs.shape[1]], axis="columns")
    if "weight" in lookup.columns:
        totals = lookup.groupby("source_id")["weight"].sum()
        over = totals.index[~(totals <= 1 + _LOST_SHARE)]
        no_share = lookup["source_id"][~(lookup["weight"] >= 0)].unique()
        wrong = f"{first_few(over)}" if len(over) else f"{first_few(no_share)}: blank or below 0"
        if len(over) or len(no_share):
            raise LayerError(f"lookup weights must be shares (0-1) that sum to at most 1 a source ({wrong}).")
        return lookup
    equal = 1 / lookup.groupby("source_id")["target_id"].transform("size")
    if share_by is None:
        return lookup.assign(weight=equal)
    people = lookup["target_id"].map(share_by).astype("float64")
    of_source = people.groupby(lookup["source_id"])
    shared = people / of_source.transform("sum")
    known = (of_source.transform("count") == of_source.transform("size")) & (of_source.transform("sum") > 0)
    return lookup.assign(weight=shared.where(known, equal))


def area_lookup(sources: gpd.GeoDataFrame, targets: gpd.GeoDataFrame) -> pd.DataFrame:
    """A lookup by overlap: the share of each source's area that lies in each target.

    Both are in the same projected CRS. Raises GeographyError if the CRSs differ.
    """
    if sources.crs != targets.crs:
        raise GeographyError(f"areas to overlay are in different CRSs ({sources.crs} and {targets.crs}).")
    target, source = sources.sindex.query(targets.geometry, predicate="intersects")
    shapes, parts = sources.geometry.to_numpy()[source], targets.geometry.to_numpy()[target]
    overlap = shapely.area(shapely.intersection(shapes, parts))
    lookup = pd.DataFrame(
        {
            "source_id": sources.index.to_numpy()[source],
            "target_id": targets.index.to_numpy()[target],
            "weight": overlap / shapely.area(shapes),
        }
    )
    real = (lookup["weight"] > _SLIVER_SHARE) | (overlap / shapely.area(parts) > _SLIVER_SHARE)
    kept: pd.DataFrame = lookup[real & (overlap > 0)].sort_values(LOOKUP_COLUMNS[:2], ignore_index=True)
    return kept


def point_lookup(points: pd.DataFrame, targets: gpd.GeoDataFrame) -> pd.DataFrame:
    """A lookup by people at points: the share of each source's weight with points in each target.

    `points` has columns source_id, x, y (the targets' CRS) and weight (people, or 1). Points in no target are lost.
    """
    placed = gpd.GeoSeries.from_xy(points["x"], points["y"], crs=targets.crs)
    target, point = placed.sindex.query(targets.geometry, predicate="intersects")
    pairs = pd.DataFrame({"point": point, "target_id": targets.index.to_numpy()[target]}).drop_duplicates("point")
    pairs["source_id"] = points["source_id"].to_numpy()[pairs["point"]]
    pairs["weight"] = points["weight"].to_numpy()[pairs["point"]]
    totals = points.groupby("source_id")["weight"].sum()
    lookup = pairs.groupby(LOOKUP_COLUMNS[:2])["weight"].sum().reset_index()
    return lookup.assign(weight=lookup["weight"] / lookup["source_id"].map(totals))


def transfer(
    values: pd.Series,
    lookup: pd.DataFrame,
    targets: pd.Index,
    *,
    kind: Kind,
    geography: str,
    base: pd.Series | None = None,
) -> Transferred:
    """`values` (index source id, of `geography`) transferred to `targets` by the rule of their `kind`.

    `base` (source id -> people, or another base of the rate) weighs the sources; without it only the lookup's weights
    count. Raises GeographyError if no source of the lookup has a row in `values`, or none of its targets is in `targets`.
    """
    shares = _used_shares(values, lookup, targets, geography)
    size = 1.0 if base is None else shares["source_id"].map(base).fillna(0.0).to_numpy()
    shares = shares.assign(mass=shares["weight"] * size)
    coverage = _coverage(shares).reindex(targets)
    transferred = _RULES[kind](shares).reindex(targets).where(coverage >= MIN_COVERAGE).astype("float64")
    transferred.name = values.name
    findings = _losses(values, shares, transferred, kind)
    partly = targets[transferred.notna() & (coverage < _WHOLE_SHARE)]
    effect = f"{values.name}: a small part of these zones lies in {geography} areas without a value; it is left out."
    findings += findings_of("targets_partly_covered", partly, len(targets), effect)
    if base is None and kind in {"rate", "score"}:
        wanted = shares.loc[shares["target_id"].isin(targets), "target_id"]
        merged = wanted[wanted.duplicated()].unique()
        effect = f"{values.name}: zones made of several {geography} areas take their average without people as weights."
        findings += findings_of("averaged_without_people", merged, len(targets), effect)
    return Transferred(transferred, findings, geography)


def by_id(
    values: pd.Series, targets: pd.Index, *, kind: Kind, geography: str, base: pd.Series | None = None
) -> Transferred:
    """`values` (index target id) on `targets` of the same geography: `transfer` with each target as its own only source."""
    # Index.isin makes a list of all that it looks in, of half a million areas for each field.
    if (values.index.get_indexer(targets) < 0).all():
        raise GeographyError(_elsewhere(values, targets, geography))
    transferred = values.reindex(targets).astype("float64")
    if base is not None and kind != "count":
        people = base.reindex(targets).fillna(0.0)
        mean = transferred * people / people if kind in {"rate", "score"} else transferred
        transferred = mean.where(people > 0).rename(str(values.name))
    return Transferred(transferred, _without_value(transferred, kind), geography)


def check_changes(pairs: pd.DataFrame, codes: pd.Series) -> tuple[Finding, ...]:
    """Check LSOA change codes against the pairs: U one to one, S one to many, M many to one, X irregular.

    `pairs` has columns source, target; `codes` are the codes of the pairs. Raises GeographyError if a code contradicts
    its pair. The finding counts irregular changes, which nest in neither direction.
    """
    source, target = pairs.iloc[:, 0], pairs.iloc[:, 1]
    parts = source.groupby(source).transform("size") > 1
    parents = target.groupby(target).transform("size") > 1
    actual = pd.Series("U", index=pairs.index).mask(parts, "S").mask(parents, "M").mask(parts & parents, "X")
    wrong = source[(codes != actual) & (codes != "X")]
    if len(wrong):
        count = f"{len(wrong):,} areas ({first_few(wrong)})"
        raise GeographyError(f"change codes contradict the pairs of {count}; use the full ONS lookup.")
    effect = "areas redrawn irregularly (X): values move by the lookup's weights and are approximate."
    return findings_of("irregular_changes", source[codes == "X"], len(pairs), effect)


def _used_shares(values: pd.Series, lookup: pd.DataFrame, targets: pd.Index, geography: str) -> pd.DataFrame:
    # A national lookup has sources far from our zones, which are not losses. A source with at least one of our zones
    # belongs to the region, and its share outside of our zones is a loss.
    in_region = lookup.loc[lookup["target_id"].isin(targets), "source_id"].unique()
    shares = lookup[lookup["source_id"].isin(in_region)]
    if shares.empty:
        sides = code_comparison(lookup["target_id"], targets, "the zones")
        raise GeographyError(f"the lookup from {geography} reaches none of the zones: {sides}.")
    if not shares["source_id"].isin(values.index).any():
        raise GeographyError(_elsewhere(values, shares["source_id"], geography))
    return shares.assign(value=shares["source_id"].map(values))


def _elsewhere(values: pd.Series, wanted: Iterable[object], geography: str) -> str:
    sides = code_comparison(values.index, wanted, f"the {geography} of the zones")
    return f"{values.name}: no row of the table is of this region: {sides}."


def _coverage(shares: pd.DataFrame) -> pd.Series:
    known = shares["value"].notna()
    of_target = shares.assign(covered=shares["mass"].where(known, 0.0), known=known).groupby("target_id")
    sums = of_target[["covered", "mass"]].sum()
    # A zone without people gets no part of a divided count: its value is a known 0 if its sources are known.
    return (sums["covered"] / sums["mass"]).where(sums["mass"] > 0, of_target["known"].mean())


def _summed(shares: pd.DataFrame) -> pd.Series:
    return (shares["value"] * shares["weight"]).groupby(shares["target_id"]).sum(min_count=1)


def _averaged(shares: pd.DataFrame) -> pd.Series:
    present = shares[shares["value"].notna() & (shares["mass"] > 0)]
    total = present.groupby("target_id")["mass"].sum()
    return (present["value"] * present["mass"]).groupby(present["target_id"]).sum() / total


def _of_majority(shares: pd.DataFrame) -> pd.Series:
    present = shares[shares["value"].notna()]
    mass = present.groupby(["target_id", "value"])["mass"].sum().reset_index()
    total = mass.groupby("target_id")["mass"].transform("sum")
    return mass[mass["mass"] > total / 2].set_index("target_id")["value"]


_RULES: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "count": _summed,
    "rate": _averaged,
    "score": _averaged,
    "decile": _of_majority,
    "rank": _of_majority,
}


def _without_value(transferred: pd.Series, kind: Kind) -> tuple[Finding, ...]:
    missing = transferred.index[transferred.isna()]
    rule = "" if kind in {"count", "rate", "score"} else " (parts that disagree without a majority are left missing)"
    return findings_of(
        "targets_without_value", missing, len(transferred), f"{transferred.name}: zones without a value{rule}."
    )


def _losses(values: pd.Series, shares: pd.DataFrame, transferred: pd.Series, kind: Kind) -> tuple[Finding, ...]:
    findings = _without_value(transferred, kind)
    if kind != "count":
        return findings
    placed = shares[shares["target_id"].isin(transferred.index[transferred.notna()])]
    placed_by_source = (placed["value"] * placed["weight"]).groupby(placed["source_id"]).sum()
    total = values.reindex(shares["source_id"].unique()).dropna()
    lost = total - placed_by_source.reindex(total.index).fillna(0.0)
    with_loss = total.index[lost > total * _LOST_SHARE]
    n_lost, n_total = lost[with_loss].sum(), total.sum()
    amount = f"{n_lost:,.0f} of {n_total:,.0f} ({n_lost / max(n_total, 1e-9):.1%})"
    effect = f"{values.name}: {amount} are not placed; they lie outside the zones or in zones left without a value."
    return findings + findings_of("amount_not_placed", with_loss, len(total), effect)
