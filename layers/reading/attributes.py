"""Reads attribute layers, each a table of one geography and vintage, checks them and transfers their values to the zones.

The input is a `LayerSpec` from a run's configuration, the output `LayerValues` on zone_id with findings and provenance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from layers.errors import GeographyError, LayerError, raise_together
from layers.findings import Finding, findings_of, first_few
from layers.reading.areal_transfer import KINDS, Kind, Transferred, by_id, transfer
from layers.reading.deprivation import check_direction, check_edition, check_ranks
from layers.reading.geographies import check_codes, same_geography
from layers.reading.lookups import Lookup, read_nesting, read_overlaps, read_people_points
from layers.reading.people import check_people
from layers.reading.shares import doubtful_unit, to_share
from layers.reading.zones import Zones
from layers.tables.codes import code_comparison
from layers.tables.number_cells import counts_with_fractions
from layers.tables.read import read_table

_LAND_UNITS = {"ha", "hectares", "m2", "km2"}


@dataclass(frozen=True)
class FieldSpec:
    """One column of a layer: `name` is the planner's field, `column` the column in the file.

    `unit` of a rate is "fraction", "percent" or "count" (then `base` is the column of people among whom it is counted);
    of other kinds it is any text ("jobs", "ha"). `direction` states which end is worse ("higher is worse", "1 = most
    deprived").
    """

    name: str
    column: str
    kind: Kind
    unit: str = ""
    title: str = ""
    direction: str = ""
    base: str = ""


@dataclass(frozen=True)
class LookupSpec:
    """A published lookup from the layer's geography to that of the zones; `weight` and `change` are optional columns."""

    path: Path
    source: str
    target: str
    weight: str = ""
    change: str = ""


@dataclass(frozen=True)
class AreaSpec:
    """The outlines of the layer's areas, for a transfer by area without a published lookup; `id` is their id column."""

    path: Path
    id: str


@dataclass(frozen=True)
class PointSpec:
    """Points (WGS84) with the area of the layer in which they lie; `weight` is their column of people ("" = all equal)."""

    path: Path
    source: str
    lon: str
    lat: str
    weight: str = ""


@dataclass(frozen=True)
class LayerSpec:
    """One table: `key` is its id column; `lookup` is required if `geography` differs from that of the zones.

    `share_by` is the field (of another layer) in proportion to which counts are divided among smaller zones; without it,
    and without weights of a lookup, land is divided by the zones' areas and all else into equal parts, counted.
    """

    id: str
    title: str
    path: Path
    key: str
    geography: str
    vintage: str
    source: str
    licence: str
    fields: tuple[FieldSpec, ...]
    attribution: str = ""
    lookup: LookupSpec | AreaSpec | PointSpec | None = None
    share_by: str = ""


class FieldProvenance(NamedTuple):
    """The source of one field of the zones, and the geography that its values resolve."""

    field: str
    title: str
    unit: str  # after reading: rates are "share 0-1", whatever their unit in the file
    kind: str
    direction: str
    layer: str
    resolution: str  # the geography for which the values were published, such as MSOA for an MSOA value on LSOAs
    method: str  # of the transfer to the zones
    vintage: str
    source: str
    licence: str
    attribution: str
    rows: int  # rows of the table
    zones_with_value: int


class LayerValues(NamedTuple):
    """Fields on zone_id (float64, NaN = missing), findings, and the provenance of each field."""

    frame: pd.DataFrame
    findings: tuple[Finding, ...]
    provenance: tuple[FieldProvenance, ...]


def read_layers(specs: Sequence[LayerSpec], zones: Zones, given: Sequence[LayerValues] = ()) -> LayerValues:
    """The values of all layers on the zones, in one frame; a layer with `share_by` is read after the other layers.

    `given` are layers that are on the zones already, such as those from rasters. Raises LayerError if two layers have the
    same field or `share_by` is not a field, and the errors of `read_layer`.
    """
    _check_names(specs, [source for layer in given for source in layer.provenance])
    combined = LayerValues(pd.DataFrame(index=zones.frame.index), (), ())
    for layer in given:
        combined = _joined(combined, layer)
    for spec in sorted(specs, key=lambda layer: bool(layer.share_by)):
        combined = _joined(combined, read_layer(spec, zones, shares=combined.frame))
    _check_directions(combined.frame)
    findings = check_people(combined.frame, "people")
    return combined._replace(findings=combined.findings + findings)


def read_layer(spec: LayerSpec, zones: Zones, shares: pd.DataFrame | None = None) -> LayerValues:
    """The fields of one layer on the zones; `shares` (index zone_id) has the field `share_by` of the layer.

    Raises LayerError for bad content of the table, GeographyError if the geography differs from that of the zones and
    there is no lookup, or if an edition of the deprivation indices is on areas for which it was not published.
    """
    where = spec.path.name
    if any(field.kind in {"decile", "rank", "score"} for field in spec.fields):
        check_edition(spec.vintage, spec.geography, where)
    columns = [*dict.fromkeys(column for field in spec.fields for column in (field.column, field.base) if column)]
    table = read_table(spec.path, key=spec.key, numbers=columns)
    check_codes(table.rows.index, spec.geography, f"{where}, column {spec.key}")
    values = _checked(spec, table.rows)
    lookup = None if same_geography(spec.geography, zones.geography) else _lookup_to(spec, zones, shares)

    def on_zones(field: FieldSpec) -> Transferred:
        own, ids = values[field.name], zones.frame.index
        base = table.rows[field.base] if field.base else lookup.size if lookup else None
        if lookup is None:
            return by_id(own, ids, kind=field.kind, geography=spec.geography, base=base)
        return transfer(own, lookup.shares, ids, kind=field.kind, geography=spec.geography, base=base)

    transferred = {field.name: on_zones(field) for field in spec.fields}
    frame = pd.DataFrame({name: result.values for name, result in transferred.items()}, index=zones.frame.index)
    wanted = pd.Index(lookup.shares["source_id"]) if lookup else zones.frame.index
    findings = table.findings + (lookup.findings if lookup else ())
    findings += tuple(item for result in transferred.values() for item in result.findings)
    findings += tuple(item for field in spec.fields for item in _doubts(spec, field, table.rows[field.column]))
    findings += _unmatched(spec, table.rows.index, wanted, frame)
    provenance = tuple(_provenance(spec, field, frame[field.name], zones, len(table.rows)) for field in spec.fields)
    return LayerValues(frame, findings, provenance)


def _joined(one: LayerValues, other: LayerValues) -> LayerValues:
    frame = one.frame.join(other.frame, validate="one_to_one")
    return LayerValues(frame, one.findings + other.findings, one.provenance + other.provenance)


def _check_names(specs: Sequence[LayerSpec], already: Sequence[FieldProvenance]) -> None:
    layer_of = {source.field: source.layer for source in already}
    independent = {field.name for spec in specs if not spec.share_by for field in spec.fields} | set(layer_of)
    problems = []
    for spec in specs:
        for field in spec.fields:
            if field.name in layer_of:
                problems.append(f"field {field.name} is given by both {layer_of[field.name]} and {spec.id}; keep one")
            if field.kind not in KINDS:
                problems.append(
                    f"{spec.id}, field {field.name}: kind must be one of {', '.join(KINDS)}, not {field.kind}"
                )
            layer_of.setdefault(field.name, spec.id)
    for spec in specs:
        if spec.share_by and spec.share_by not in independent:
            problems.append(f"{spec.id} is to be shared by {spec.share_by}, which no other layer gives")
    raise_together("layers", problems)


def _checked(spec: LayerSpec, rows: pd.DataFrame) -> dict[str, pd.Series]:
    values: dict[str, pd.Series] = {}
    problems: list[str] = []
    for field in spec.fields:
        column = rows[field.column].rename(field.name)
        base = rows[field.base] if field.base else None
        try:
            values[field.name] = to_share(column, field.unit, base) if field.kind == "rate" else column
        except LayerError as error:
            problems.append(str(error).removesuffix("."))
            continue
        problems += _impossible(field, values[field.name])
        if field.kind == "rank":
            check_ranks(column, spec.vintage, f"{spec.path.name}, column {field.column}")
    raise_together(spec.path.name, problems)
    return values


def _impossible(field: FieldSpec, values: pd.Series) -> list[str]:
    known = values.dropna()
    if field.kind == "count":
        wrong, rule = known.index[known < 0], "counts can't be negative"
    elif field.kind == "decile":
        wrong, rule = known.index[~known.isin(range(1, 11))], "deciles are whole numbers from 1 to 10"
    elif field.kind == "rank":
        wrong, rule = known.index[(known < 1) | (known % 1 != 0)], "ranks are whole numbers from 1"
    else:
        return []
    return [f"column {field.column}: {rule} ({first_few(wrong)})"] if len(wrong) else []


def _doubts(spec: LayerSpec, field: FieldSpec, values: pd.Series) -> tuple[Finding, ...]:
    where = f"{spec.path.name}, column {field.column}"
    if field.kind == "rate":
        return doubtful_unit(values, field.unit, where)
    of_land = field.unit in _LAND_UNITS  # has fractions of its own
    return counts_with_fractions(values, where) if field.kind == "count" and not of_land else ()


def _check_directions(frame: pd.DataFrame) -> None:
    # Checked on the zones over all layers, because a decile and the rank or rate that shows its direction may be in two
    # tables.
    for decile in [name for name in frame.columns if name.endswith("_decile")]:
        stem = decile.removesuffix("_decile")
        for name in frame.columns.intersection([f"{stem}_rank", f"{stem}_score", "income_rate"]):
            rises = not name.endswith("_rank")
            check_direction(frame[decile], frame[name], rises_with_deprivation=rises, where="layers")


def _lookup_to(spec: LayerSpec, zones: Zones, shares: pd.DataFrame | None) -> Lookup:
    lookup = spec.lookup
    if lookup is None:
        raise GeographyError(
            f"{spec.path.name} is on {spec.geography} and the zones are {zones.geography}; codes look alike but areas "
            "differ. Give the layer a `lookup` file between the two."
        )
    if isinstance(lookup, AreaSpec):
        return read_overlaps(lookup.path, lookup.id, spec.geography, zones)
    if isinstance(lookup, PointSpec):
        columns = {"source": lookup.source, "lon": lookup.lon, "lat": lookup.lat, "weight": lookup.weight}
        return read_people_points(lookup.path, **columns, zones=zones)
    share_by = shares[spec.share_by] if spec.share_by and shares is not None else None
    if share_by is None and _is_land(spec):
        share_by = zones.frame.area.rename("area")
    options = {"weight": lookup.weight, "change": lookup.change}
    read = read_nesting(lookup.path, lookup.source, lookup.target, **options, share_by=share_by)
    equally = share_by is None and not lookup.weight and any(field.kind == "count" for field in spec.fields)
    return read._replace(findings=read.findings + _split_equally(spec, read.shares, zones)) if equally else read


def _split_equally(spec: LayerSpec, shares: pd.DataFrame, zones: Zones) -> tuple[Finding, ...]:
    inside = shares["target_id"].isin(zones.frame.index)
    split = shares.loc[inside & (shares["weight"] < 1), "source_id"].unique()
    effect = (
        f"{spec.path.name}: areas whose counts are shared equally over their zones, as neither weights of a lookup nor "
        "`share_by` say how: that is nearly right for zones of about as many people, such as output areas, and for no others."
    )
    return findings_of("shared_equally", split, shares.loc[inside, "source_id"].nunique(), effect)


def _is_land(spec: LayerSpec) -> bool:
    """Whether the layer's counts are amounts of land, which lies in a zone in proportion to its area."""
    return any(field.kind == "count" and field.unit in _LAND_UNITS for field in spec.fields)


def _unmatched(spec: LayerSpec, rows: pd.Index, wanted: pd.Index, frame: pd.DataFrame) -> tuple[Finding, ...]:
    # A national table has thousands of rows of other places, which are no finding. But if some zones have no value at the
    # same time, the codes are of two vintages, or the table is of another area.
    if frame.notna().all().all():
        return ()
    unused, missed = rows.difference(wanted), wanted.difference(rows)
    effect = f"{spec.path.name}: rows that match no zone while zones lack a value; are its codes {spec.geography}?"
    effect += (
        f" Of these {code_comparison(unused, missed, 'zones without a row')}." if len(unused) and len(missed) else ""
    )
    return findings_of("rows_not_matched", unused, len(rows), effect)


def _provenance(spec: LayerSpec, field: FieldSpec, values: pd.Series, zones: Zones, rows: int) -> FieldProvenance:
    return FieldProvenance(
        field=field.name,
        title=field.title or field.name.replace("_", " "),
        unit="share 0-1" if field.kind == "rate" else field.unit or field.kind,
        kind=field.kind,
        direction=field.direction,
        layer=spec.id,
        resolution=spec.geography,
        method=_method(spec, field, zones),
        vintage=spec.vintage,
        source=spec.source,
        licence=spec.licence,
        attribution=spec.attribution,
        rows=rows,
        zones_with_value=int(values.notna().sum()),
    )


def _method(spec: LayerSpec, field: FieldSpec, zones: Zones) -> str:
    if same_geography(spec.geography, zones.geography):
        return "by id"
    way = {AreaSpec: "area", PointSpec: "people at points"}.get(type(spec.lookup), "")
    if field.kind == "count":
        weight = spec.lookup.weight if isinstance(spec.lookup, LookupSpec) else ""
        otherwise = "area" if _is_land(spec) else "equal parts"
        return f"shared over zones by {way or weight or spec.share_by.replace('_', ' ') or otherwise}"
    if field.kind in {"decile", "rank"}:
        return "value of the parent area, or of a clear majority of parts"
    return "value of the parent area, or average of parts" + (f" by {way}" if way else "")


def data_dictionary(table: str, provenance: Sequence[FieldProvenance]) -> pd.DataFrame:
    """The data dictionary of an exported table: one row per field; table, column, title, unit, source, vintage,
    resolution."""
    rows = [
        (
            table,
            field.field,
            field.title,
            field.unit,
            field.source,
            field.vintage,
            f"{field.resolution}, {field.method}",
        )
        for field in provenance
    ]
    return pd.DataFrame(rows, columns=["table", "column", "title", "unit", "source", "vintage", "resolution"])
