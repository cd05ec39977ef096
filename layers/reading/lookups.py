"""Reads lookups from a layer's areas to the zones: from published pairs, outlines, or people at points.

The result has source_id, target_id and weight (the share of the source that lies in the target), the input of
`layers.reading.areal_transfer`.
"""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from layers.errors import raise_together
from layers.findings import Finding, findings_of
from layers.geometries import WGS84
from layers.reading.areal_transfer import area_lookup, check_changes, nesting_lookup, point_lookup
from layers.reading.zones import Zones, read_zones
from layers.tables.coordinates import degree_problems
from layers.tables.number_cells import negative_people, to_numbers
from layers.tables.read import read_pairs, read_text


class Lookup(NamedTuple):
    """Shares of sources in targets, findings of the file they come from, and the size of the sources.

    `size` (source id -> area or people) weighs the sources when rates are averaged; None = all equal.
    """

    shares: pd.DataFrame
    findings: tuple[Finding, ...]
    size: pd.Series | None = None


def read_nesting(
    path: Path | str, source: str, target: str, *, weight: str = "", change: str = "", share_by: pd.Series | None = None
) -> Lookup:
    """A lookup from a published file: columns `source`, `target`, optionally `weight` (shares) and `change` (ONS codes).

    Without weights, each source is divided among its zones in proportion to `share_by` (zone id -> people); sources
    with a zone of unknown people are divided equally, and counted. Raises LayerError for bad content, GeographyError for
    change codes that contradict the pairs.
    """
    pairs, findings = read_pairs(path, source, target, weight or None)
    if change:
        rows = read_text(path, [source, target, change]).rows
        findings += check_changes(rows[[source, target]], rows[change].str.upper())
    if share_by is not None and not weight:
        findings += _shared_equally(pairs, share_by)
    return Lookup(nesting_lookup(pairs, share_by), findings)


def read_overlaps(path: Path | str, id_column: str, geography: str, zones: Zones) -> Lookup:
    """A lookup by area, from a file of the outlines of the layer's areas. Raises the errors of `read_zones`."""
    sources = read_zones(path, id_column=id_column, geography=geography, crs=zones.frame.crs.to_string())
    return Lookup(area_lookup(sources.frame, zones.frame), sources.findings, sources.frame.area)


def read_people_points(path: Path | str, *, source: str, lon: str, lat: str, weight: str = "", zones: Zones) -> Lookup:
    """A lookup by people, from a file of points (WGS84 degrees), each with its source area and `weight` people.

    Without `weight` all points count equally, which is nearly right for centroids of output areas. Raises LayerError for
    bad content.
    """
    name = Path(path).name
    numbers = [lon, lat, *([weight] if weight else [])]
    rows, findings = read_text(path, [source, *numbers])
    columns, problems = {}, []
    for column in numbers:
        columns[column], counted, wrong = to_numbers(rows[column], name)
        findings += counted
        problems += wrong
    problems = problems or degree_problems(columns[lon], columns[lat], blank_allowed=True)
    raise_together(name, problems + (negative_people(columns[weight]) if weight else []))
    placed = gpd.GeoSeries.from_xy(columns[lon], columns[lat], crs=WGS84).to_crs(zones.frame.crs)
    people = columns[weight].fillna(0.0) if weight else 1.0
    points = pd.DataFrame({"source_id": rows[source], "x": placed.x, "y": placed.y, "weight": people})
    return Lookup(point_lookup(points, zones.frame), findings, points.groupby("source_id")["weight"].sum())


def _shared_equally(pairs: pd.DataFrame, share_by: pd.Series) -> tuple[Finding, ...]:
    source, target = pairs.iloc[:, 0], pairs.iloc[:, 1]
    in_region = source[target.isin(share_by.index)]
    unknown = source[target.map(share_by).isna() & source.isin(in_region)]
    split = unknown[source.duplicated(keep=False).reindex(unknown.index)].unique()
    effect = f"areas shared equally over their zones: {share_by.name} is not known for all of these."
    return findings_of("shared_equally", split, in_region.nunique(), effect)
