"""The points at which the zones' people are assumed: one a zone, and several where finer areas' points are given."""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from layers.errors import GeographyError, LayerError, raise_together
from layers.findings import Finding, findings_of, first_few
from layers.geometries import WGS84
from layers.reading.zones import Zones
from layers.tables.codes import code_comparison
from layers.tables.coordinates import degree_problems
from layers.tables.number_cells import negative_people
from layers.tables.read import read_table

MAX_MISSING_POINT_SHARE = 0.10  # if more are missing, the points are of another geography
FAR_OUTSIDE_M = 1_000.0  # points may be a little outside of generalised boundaries, but not a kilometre
WEIGHTED, MEAN, REPRESENTATIVE = "population-weighted centroid", "mean of finer points", "representative point"


class ZonePoints(NamedTuple):
    """One point per zone: index zone_id; lon, lat (WGS84 degrees), x, y (working CRS), basis (text)."""

    frame: pd.DataFrame
    findings: tuple[Finding, ...]


class FinerPoints(NamedTuple):
    """Points of areas smaller than zones: index id; lon, lat (WGS84 degrees), x, y (working CRS), zone, share (0-1).

    `zone` is the zone that holds the point, `share` the part of the zone's people who start there.
    """

    frame: pd.DataFrame
    findings: tuple[Finding, ...]


def read_zone_points(path: Path | str, *, id_column: str, lon_column: str, lat_column: str) -> pd.DataFrame:
    """A table of points (WGS84 degrees) from a CSV, for `zone_points`: index id; lon, lat. Raises LayerError."""
    rows = read_table(path, key=id_column, numbers=[lon_column, lat_column]).rows
    raise_together(Path(path).name, degree_problems(rows[lon_column], rows[lat_column], blank_allowed=True))
    return rows.rename(columns={lon_column: "lon", lat_column: "lat"})


def read_finer_points(  # keyword-only
    path: Path | str, *, id_column: str, lon_column: str, lat_column: str, people_column: str | None, zones: Zones
) -> FinerPoints:
    """Points of areas smaller than zones from a CSV, each in the zone that holds it; those in none are left out, counted.

    A zone's people are shared out by `people_column`; equally without one, and where it has nobody in the zone. Raises
    LayerError.
    """
    numbers = [lon_column, lat_column, *([people_column] if people_column else [])]
    rows = read_table(path, key=id_column, numbers=numbers).rows
    problems = degree_problems(rows[lon_column], rows[lat_column], blank_allowed=True)
    problems += negative_people(rows[people_column]) if people_column else []
    raise_together(Path(path).name, problems)
    rows = rows.dropna(subset=[lon_column, lat_column])
    placed = gpd.GeoSeries.from_xy(rows[lon_column], rows[lat_column], index=rows.index, crs=WGS84)
    frame = _located(placed.to_crs(zones.frame.crs)).assign(lon=rows[lon_column], lat=rows[lat_column])
    zone, point = placed.to_crs(zones.frame.crs).sindex.query(zones.frame.geometry, predicate="intersects")
    holding = pd.Series(zone, index=point)[lambda pairs: ~pairs.index.duplicated()].sort_index()
    effect = "these finer points lie in no zone: they stand for nobody."
    outside = findings_of("finer_points_outside", rows.index.delete(holding.index.to_numpy()), len(rows), effect)
    frame = frame.iloc[holding.index].assign(zone=zones.frame.index[holding.to_numpy()])
    people = rows[people_column].reindex(frame.index).fillna(0.0) if people_column else frame["lon"] * 0 + 1
    by_zone = people.groupby(frame["zone"])
    shares = people / by_zone.transform("sum").where(lambda total: total > 0)
    return FinerPoints(frame.assign(share=shares.fillna(1 / by_zone.transform("size"))), outside)


def zone_points(
    zones: Zones, points_table: pd.DataFrame | None = None, finer: pd.DataFrame | None = None
) -> ZonePoints:
    """The point of each zone at which its people are assumed: population-weighted centroid, or else a point inside.

    `points_table` has index zone id, columns lon, lat (WGS84 degrees). A zone without a row gets the mean of its `finer`
    points (the frame of `read_finer_points`), weighted by people, and without those a representative point inside, counted.
    Raises GeographyError if more than a tenth of the zones have no row, LayerError if many points are far outside of them.
    """
    points = zones.frame.representative_point()
    basis = pd.Series(REPRESENTATIVE, index=points.index)
    degrees, findings = pd.DataFrame({"lon": [], "lat": []}, dtype=float), tuple[Finding, ...]()
    if finer is not None and len(finer):
        degrees = finer[["lon", "lat"]].mul(finer["share"], axis=0).groupby(finer["zone"]).sum()
        basis[degrees.index] = MEAN
    if points_table is not None:
        with_row = _with_row(zones, points_table)
        degrees = with_row.combine_first(degrees)
        basis[with_row.index] = WEIGHTED
    placed = gpd.GeoSeries.from_xy(degrees["lon"], degrees["lat"], index=degrees.index, crs=WGS84).to_crs(points.crs)
    if points_table is not None:
        findings = _far_points(zones.frame, placed[with_row.index])
    points[placed.index] = placed
    located = _located(points).assign(basis=basis)
    # The original degrees: conversion to metres and back changes them by up to a millimetre.
    located.loc[degrees.index, ["lon", "lat"]] = degrees[["lon", "lat"]]
    return ZonePoints(located, findings + _made_up(basis, points_table is None))


def _with_row(zones: Zones, points_table: pd.DataFrame) -> pd.DataFrame:
    ids = zones.frame.index
    with_row = points_table.reindex(ids).dropna()
    missing = ids.difference(with_row.index, sort=False)
    if len(missing) > MAX_MISSING_POINT_SHARE * len(ids):
        raise GeographyError(
            f"{len(missing):,} of {len(ids):,} zones have no row in the points table ({first_few(missing)}): "
            f"{code_comparison(points_table.index, missing, 'these zones')}. Give the points of {zones.geography} or leave "
            "`points` out."
        )
    return with_row


def _made_up(basis: pd.Series, no_table: bool) -> tuple[Finding, ...]:
    """Findings of the zones whose point is no population-weighted one that somebody published."""
    without = basis.index[basis == REPRESENTATIVE]
    why = (
        "no points are configured for these zones, so they are left from a point inside their outline, which may be a park "
        "or a field; give population-weighted points where they are published (`[zones] points`)."
        if no_table
        else "these zones have no population-weighted centroid; a representative point inside them is used."
    )
    means = basis.index[basis == MEAN]
    of_finer = "these zones have no point of their own; the mean of their finer points, weighted by people, is used."
    return (
        *findings_of("representative_points_used", without, len(basis), why),
        *findings_of("means_of_finer_points_used", means, len(basis), of_finer),
    )


def _far_points(frame: gpd.GeoDataFrame, points: gpd.GeoSeries) -> tuple[Finding, ...]:
    away_m = frame.geometry[points.index].distance(points)
    far = away_m.index[~(away_m <= FAR_OUTSIDE_M)]
    if len(far) > MAX_MISSING_POINT_SHARE * len(points):
        raise LayerError(
            f"{len(far):,} of {len(points):,} points lie more than {FAR_OUTSIDE_M / 1000:.0f} km outside their zones "
            f"({first_few(far)}): longitude and latitude may be swapped, or not degrees."
        )
    effect = f"these points lie more than {FAR_OUTSIDE_M / 1000:.0f} km outside their zones; they are used as given."
    return findings_of("points_outside_zones", far, len(points), effect)


def _located(points: gpd.GeoSeries) -> pd.DataFrame:
    degrees = points.to_crs(WGS84)
    return pd.DataFrame({"lon": degrees.x, "lat": degrees.y, "x": points.x, "y": points.y}, index=points.index)
