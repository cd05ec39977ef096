"""Sentences on what a figure hangs on: the region's edge, technical choices, and sites of unknown size."""

from collections.abc import Iterator
from itertools import combinations

import pandas as pd
from shapely.geometry.base import BaseGeometry

from corridors.catalogue.headline_variants import HEADLINE, TECHNICAL_CHOICES
from corridors.catalogue.near import RIM_KM
from corridors.report.blocks.wording import count, decimal, listed, number_of, percent
from corridors.results import Results

_MOST_PAIRS = 6


def edge(results: Results) -> str:
    """The headline without the residents near the boundary, and what the inputs hold beyond it; empty where all live near it."""
    table = results.tables.kpi_by_place
    if table.empty:
        return ""
    rows = table[(table["variant"] == "without_rim") & (table["place_kind"] == "region")]
    if rows.empty or number_of(rows["share"].iloc[0]) is None:
        return ""
    return (
        f"Residents within {RIM_KM:g} km of the region's boundary may depend on what lies beyond it. Of the "
        f"{count(rows['people'].iloc[0])} residents further inside, {percent(rows['share'].iloc[0])} meet the test. "
        f"{_beyond(results)}"
    )


def _beyond(results: Results) -> str:
    outline = results.districts.geometry.union_all()
    away_km = results.stops.geometry.distance(outline).max() / 1000
    stops = f"stops up to {decimal(away_km)} km away" if away_km > 0 else "no stop"
    places = [
        f"{int((~frame.geometry.within(outline)).sum())} of the {len(frame)} {noun}"
        for frame, noun in ((results.centres, "centres"), (results.sites, "employment and housing sites"))
        if len(frame)
    ]
    return f"Beyond the boundary the inputs hold {listed([stops, *places])}.{_jobs_beyond(results, outline)}"


def _jobs_beyond(results: Results, outline: BaseGeometry) -> str:
    if "jobs_within_cutoff" not in results.zones:
        return ""
    points = results.jobs_outside
    if points.empty or not points["jobs"].sum() > 0:
        return " Jobs count in the region's own areas only."
    with_jobs = points[points["jobs"] > 0]
    return (
        f" Jobs count in the region's own areas and, where they are reached, at {count(len(with_jobs))} points outside "
        f"them, up to {decimal(with_jobs.geometry.distance(outline).max() / 1000)} km from the boundary "
        f"({count(with_jobs['jobs'].sum())} jobs)."
    )


def orders_reversed(results: Results) -> str:
    """Pairs of corridors whose order on the headline's test some technical choice reverses; empty where none does."""
    table = results.tables.kpi_by_place
    if table.empty:
        return ""
    shares = table[(table["place_kind"] == "corridor") & ~table["suppressed"].astype(bool)].dropna(subset=["share"])
    reversals = list(_reversals(shares))
    if not reversals:
        return ""
    more = f"; and {len(reversals) - _MOST_PAIRS} more pairs" if len(reversals) > _MOST_PAIRS else ""
    return (
        "The order of these corridors on the share of residents who meet the test hangs on a technical choice that nobody "
        f"can settle: {'; '.join(reversals[:_MOST_PAIRS])}{more}."
    )


def _reversals(shares: pd.DataFrame) -> Iterator[str]:
    own = shares[shares["variant"] == HEADLINE].set_index("place")["share"]
    others = shares[shares["changes"].isin(list(TECHNICAL_CHOICES))]
    by_variant = others.pivot_table(index="variant_name", columns="place", values="share", sort=False)
    for one, other in combinations(own.sort_values(ascending=False).index, 2):
        if not {one, other} <= set(by_variant.columns) or own[one] == own[other]:
            continue
        lead = (by_variant[one] - by_variant[other]).dropna()
        if (lead < 0).any():
            against = by_variant.loc[lead.idxmin()]
            yield (
                f"“{one}” stands above “{other}” ({percent(own[one])} against {percent(own[other])}) but below it under "
                f"“{lead.idxmin()}” ({percent(against[one])} against {percent(against[other])})"
            )


def sizes_unknown(results: Results) -> str:
    """What sites of unknown size may add to the corridors' opportunity; empty where all sizes are known."""
    choices = results.tables.rank_choices
    if choices is None or choices.empty:
        return ""
    scores = choices[(choices["measure"] == "opportunity") & (choices["choice"].isin(["catchment", "sites"]))]
    largest = scores[scores["level"] == "unknown sizes as the largest known one"].set_index("corridor_id")["score"]
    if largest.empty:
        return ""
    own = results.corridors["opportunity"]
    changes = [
        f"“{results.corridors.at[corridor, 'name']}” {count(score)} instead of {count(own[corridor])}"
        for corridor, score in largest.items()
        if number_of(score) is not None and number_of(own.get(corridor)) is not None
    ]
    return (
        "Opportunity counts the hectares of sites of known size only. If each site of unknown size were as large as the "
        f"largest known one, its scores would be: {'; '.join(changes)}. The draws behind the ranks vary these sizes."
        if changes
        else ""
    )
