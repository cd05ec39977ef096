"""The zones table, and figures of its zones added up by district, corridor, pilot and deprivation quintile."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.access.centre_access import Bool, Int
from corridors.access.kpi import share_of_people
from corridors.catalogue.measure import Measure
from corridors.config.run_config import RunConfig
from corridors.equity.distribution import access_gap, doubly_disadvantaged, national_fifth
from corridors.inputs.read import Context
from corridors.places.places import QUINTILES, Places, is_small
from corridors.scoring.scores import DIMENSIONS, Float, Indicator, corridor_scores, dimension_scores, weighted_mean
from layers import members, pilot_catchments, union_method

# Figures of places that are no rates: they are given for small places too.
COUNTS = frozenset(
    ("zones", "people", "people_within", "decile1_zones", "imd_decile1_zones", "near_but_disconnected_people")
)
_ZONE_FIELDS = ("population", "imd_decile", "income_rate", "employment_rate", "level4_share", "no_car_share")


def zones_table(
    context: Context, access: pd.DataFrame, membership: pd.DataFrame, indicators: Sequence[Indicator]
) -> gpd.GeoDataFrame:
    """The zones with all their columns: inputs, access, indicators, scores; index zone_id, the most used columns first."""
    values = context.values.reindex(columns=[*dict.fromkeys([*_ZONE_FIELDS, *context.values.columns])])
    corridor_ids = membership.groupby("zone_id")["corridor_id"].agg(lambda ids: ";".join(sorted(ids)))
    frame = context.zones.drop(columns="geometry").join(values).join(access)
    frame["corridor_ids"] = corridor_ids.astype(object).reindex(frame.index).fillna("")
    frame = frame.assign(**_derived(frame))
    frame = frame.join(dimension_scores(frame, indicators))
    first = [
        *("name", *(["near_place"] if "near_place" in frame else []), "district_code", "district_name"),
        *("population", "centres_within_cutoff"),
        *(column for column in frame if column.startswith(("minutes_to_", "reach_share_"))),
        *("meets_kpi", "imd_decile", "income_rate", "employment_rate", "level4_share", "no_car_share"),
        *(
            "jobs_within_cutoff",
            "employment_ha_within_cutoff",
            "near_but_disconnected",
            "corridor_ids",
            *DIMENSIONS,
            "explanation",
        ),
    ]
    frame = frame.reindex(columns=[*first, *(column for column in frame if column not in first)])
    return gpd.GeoDataFrame(frame, geometry=context.zones.geometry, crs=context.zones.crs)


def _derived(zones: pd.DataFrame) -> dict[str, pd.Series]:
    """Columns computed from other columns, as indicators or for the tables of distribution."""
    columns = {"doubly_disadvantaged": doubly_disadvantaged(zones)}
    if {"unemployed", "economically_active"} <= set(zones.columns):
        active = zones["economically_active"]
        columns["unemployment_share"] = zones["unemployed"] / active.where(active > 0)
    if "jobs_within_cutoff" in zones:
        columns["access_gap"] = access_gap(zones)
    return columns


class ZoneFigures(NamedTuple):
    """(n_zones,) columns of the zones that figures of places are computed from; NaN = not known."""

    people: Float
    meets: Bool
    decile: Float
    near: Bool  # near a centre or site, and out of reach of it
    rates: Mapping[str, tuple[Float, Float]]  # name as a figure of places -> (value, weight of what it is a rate of)


def zone_figures(zones: pd.DataFrame, measures: Sequence[Measure]) -> ZoneFigures:
    """Columns of the zones for `place_facts`, as arrays."""
    people = _numbers(zones["population"])
    rates = {
        one.ident: (_numbers(zones[one.column]), _numbers(zones[one.base]) if one.base in zones else people)
        for one in measures
        if one.in_frames and one.column in zones
    }
    meets, near = (zones[name].to_numpy(bool) for name in ("meets_kpi", "near_but_disconnected"))
    return ZoneFigures(people, meets, _numbers(zones["imd_decile"]), near, rates)


def _numbers(values: pd.Series) -> Float:
    return np.asarray(values.astype(float))


def place_facts(zones: ZoneFigures, rows: Int | Bool | slice, shares: Float | float = 1.0) -> dict[str, float]:
    """Figures of one place from its zones (`rows`): counts, then rates weighted by what they are rates of; NaN = not known.

    `shares` is the part of each of these zones' people that lives in the place.
    """
    people, near, decile = zones.people[rows] * shares, zones.near[rows], zones.decile[rows]
    share, within, total = share_of_people(pd.Series(people), zones.meets[rows])
    n_known, n_first = int((~np.isnan(decile)).sum()), float((decile == 1).sum())
    facts = {
        "zones": len(people),
        "people": total,
        "people_within": within,
        "kpi_share": share,
        "decile1_zones": n_first if n_known else float("nan"),
        "decile1_share": n_first / n_known if n_known else float("nan"),
        "near_but_disconnected_people": float(np.nan_to_num(people[near]).sum()),
    }
    rates = {
        name: weighted_mean(values[rows], np.nan_to_num(weights[rows] * shares))
        for name, (values, weights) in zones.rates.items()
    }
    return {**facts, **rates}


def shown_facts(facts: Mapping[str, float], suppressed: bool) -> dict[str, float | bool]:
    """The facts of a place (`place_facts`) with every rate withheld where it is `suppressed`, which they say too."""
    withheld = {name: math.nan for name in facts if name not in COUNTS} if suppressed else {}
    return {**facts, **withheld, "suppressed": suppressed}


def _facts_of(figures: ZoneFigures, rows: Int | Bool | slice) -> dict[str, float | bool]:
    """The facts of a place of whole zones, its rates withheld where it is too small."""
    facts = place_facts(figures, rows)
    return shown_facts(facts, bool(is_small(facts["zones"], facts["people"])))


def districts_frame(context: Context, zones: gpd.GeoDataFrame, measures: Sequence[Measure]) -> gpd.GeoDataFrame:
    """Layer of the districts: name, figures of their zones (`place_facts`), dissolved geometry; index district_code."""
    zones_by_district = context.zones[["district_code", "district_name", "geometry"]]
    outlines = zones_by_district.dissolve("district_code", method=union_method(zones_by_district.geometry))
    figures, districts = zone_figures(zones, measures), zones.groupby("district_code").indices
    facts = {str(code): _facts_of(figures, rows) for code, rows in sorted(districts.items())}
    table = pd.DataFrame.from_dict(facts, orient="index").rename_axis("district_code")
    table.insert(0, "name", outlines["district_name"].reindex(table.index))
    return gpd.GeoDataFrame(table, geometry=outlines.geometry.reindex(table.index), crs=outlines.crs)


def corridors_frame(
    config: RunConfig, context: Context, zones: gpd.GeoDataFrame, membership: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Layer of the corridors: name, length, figures of their zones in one catchment (`membership`), scores; index corridor id."""
    buffer_m = config.corridors.buffer_m
    inside = membership.groupby("corridor_id")["zone_id"].agg(list)
    scores, people = zones[list(DIMENSIONS)], zones["population"].fillna(0.0)
    figures, rows = zone_figures(zones, config.measures), {}
    for corridor in context.corridors.index:
        ids = inside.get(corridor, [])
        facts = place_facts(figures, zones.index.get_indexer(ids))
        facts |= {"imd_decile1_zones": facts["decile1_zones"], **corridor_scores(scores, people, ids)}
        small = bool(is_small(facts["zones"], facts["people"]))
        rows[corridor] = {"buffer_m": buffer_m, **shown_facts(facts, small)}
    table = pd.DataFrame.from_dict(rows, orient="index")
    frame = context.corridors[["name", "length_km", "geometry"]].join(table)
    frame["note"] = "proposed by this tool; no official boundary exists"
    return frame


def pilots_frame(
    pilots: gpd.GeoDataFrame, places: Places, zones: gpd.GeoDataFrame, measures: Sequence[Measure]
) -> gpd.GeoDataFrame:
    """Layer of the pilots: counts, and rates that are suppressed below 10 zones or 100 people; circles; index pilot id."""
    if pilots.empty:
        return pilots
    table = pilot_facts(places, zones, measures)
    areas = pilot_catchments(pilots).set_index("pilot_id")
    frame = pilots.drop(columns=["geometry", "lon", "lat"])
    return gpd.GeoDataFrame(frame.join(table), geometry=areas.geometry.reindex(frame.index), crs=areas.crs)


def pilot_facts(places: Places, zones: pd.DataFrame, measures: Sequence[Measure]) -> pd.DataFrame:
    """Figures of the pilots: unit, parts (areas counted), catchment, figures, suppressed; index pilot id."""
    figures, rows = zone_figures(zones, measures), {}
    for place, shares in zip(places.frame.itertuples(), places.shares, strict=True):
        facts = place_facts(figures, shares > 0, shares[shares > 0])
        area = {"unit": place.unit, "parts": place.parts, "catchment": place.catchment}
        rows[place.place_id] = {**area, **shown_facts(facts, bool(place.suppressed))}
    return pd.DataFrame.from_dict(rows, orient="index")


def pilot_variants(
    pilots: gpd.GeoDataFrame,
    chosen: Iterable[str],
    catchments: Sequence[Places],
    zones: pd.DataFrame,
    measures: Sequence[Measure],
) -> pd.DataFrame:
    """Figures of every pilot in every catchment: pilot_id, name, in_use (among `chosen`), radius_m, then `pilot_facts`."""
    rows = [pilot_facts(places, zones, measures).rename_axis("pilot_id").reset_index() for places in catchments]
    table = pd.concat(rows, ignore_index=True)
    names = pilots[["name", "radius_m"]].assign(in_use=pilots.index.isin(list(chosen)))
    return pd.DataFrame(names.rename_axis("pilot_id").reset_index()).merge(table, on="pilot_id")


def corridor_buffers(zones: gpd.GeoDataFrame, membership: pd.DataFrame, measures: Sequence[Measure]) -> pd.DataFrame:
    """Figures of the corridors at every buffer, to show how much they depend on it; corridor_id, buffer_m, kind, figures."""
    figures = zone_figures(zones, measures)
    inside = membership.assign(row=zones.index.get_indexer(membership["zone_id"]))
    rows = [
        {"corridor_id": corridor, "buffer_m": buffer_m, "kind": kind, **_facts_of(figures, rows.to_numpy())}
        for (corridor, buffer_m, kind), rows in inside.groupby(["corridor_id", "buffer_m", "kind"])["row"]
    ]
    return pd.DataFrame(rows, columns=["corridor_id", "buffer_m", "kind", *_facts_of(figures, slice(0))])


_TOGETHER = (
    *("buffer_m", "zones", "region_zones", "zones_share", "decile1_zones", "region_decile1_zones"),
    "decile1_share_of_region",
)


def corridors_together(zones: gpd.GeoDataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    """Share of all corridors together, each zone counted once, in the region and its most deprived zones; a row a buffer."""
    decile1 = zones["imd_decile"] == 1
    rows = []
    for buffer_m, group in membership.groupby("buffer_m"):
        inside = zones.index.isin(group["zone_id"])
        rows.append(
            {
                "buffer_m": buffer_m,
                "zones": int(inside.sum()),
                "region_zones": len(zones),
                "zones_share": inside.mean(),
                "decile1_zones": int(decile1[inside].sum()),
                "region_decile1_zones": int(decile1.sum()),
                "decile1_share_of_region": decile1[inside].sum() / decile1.sum() if decile1.any() else np.nan,
            }
        )
    return pd.DataFrame(rows, columns=list(_TOGETHER))


def distribution(zones: gpd.GeoDataFrame, measures: Sequence[Measure]) -> pd.DataFrame:
    """Figures by national deprivation quintile (1 = most deprived fifth of England's areas), weighted by people."""
    figures, quintile = zone_figures(zones, measures), national_fifth(zones).to_numpy(float)
    rows: list[Mapping[str, float]] = [
        {"quintile": number, **_facts_of(figures, quintile == number)} for number in range(1, QUINTILES + 1)
    ]
    table = pd.DataFrame(rows).rename(columns={"centres_within_cutoff": "mean_centres"})
    return table[table["zones"] > 0].drop(columns=["decile1_zones", "decile1_share"])


def centres_frame(context: Context, zones: gpd.GeoDataFrame, cutoff_min: float) -> gpd.GeoDataFrame:
    """Layer of the centres: name, basis, default, people_within_cutoff, points; index centre id."""
    people = zones["population"].fillna(0.0)
    within: Iterable[float] = (
        float(people[zones[f"minutes_to_{centre}"] <= cutoff_min].sum()) for centre in context.centres.index
    )
    return context.centres[["name", "basis", "default", "geometry"]].assign(people_within_cutoff=list(within))


def sites_frame(context: Context, areas: gpd.GeoDataFrame, buffer_m: float) -> gpd.GeoDataFrame:
    """Layer of the sites, with the corridors whose main catchment holds each (`corridor_ids`, ";" between)."""
    sites = context.sites
    if sites.empty:
        return sites.assign(corridor_ids="")
    site_points = pd.DataFrame({"x": sites.geometry.x, "y": sites.geometry.y}, index=sites.index)
    near = members(site_points, areas[areas["buffer_m"] == buffer_m])
    ids = near.groupby("zone_id")["corridor_id"].agg(lambda corridors: ";".join(sorted(corridors)))
    return sites.assign(corridor_ids=ids.astype(object).reindex(sites.index).fillna(""))
