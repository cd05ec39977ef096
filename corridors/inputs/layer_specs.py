"""Specifications for the package `layers`, made from the layers of a configuration."""

from corridors.config.sections import (
    FieldSection,
    LayerSection,
    LookupSection,
    OutlinesSection,
    PeoplePointsSection,
    RasterSection,
)
from layers import AreaSpec, FieldSpec, LayerSpec, LookupSpec, PointSpec, RasterSpec


def layer_spec(layer: LayerSection) -> LayerSpec:
    """The specification of a table of values, with what converts it to zones."""
    return LayerSpec(
        id=layer.id,
        title=layer.title,
        path=layer.file,
        key=layer.key,
        geography=layer.geography,
        vintage=layer.vintage,
        source=layer.source,
        licence=layer.licence,
        fields=tuple(_field_spec(name, field) for name, field in layer.fields.items()),
        lookup=None if layer.lookup is None else _bridge(layer.lookup),
        share_by=layer.share_by or "",
    )


def raster_spec(raster: RasterSection) -> RasterSpec:
    """The specification of a raster of counts that gives the zones one field."""
    return RasterSpec(
        id=raster.id,
        title=raster.title,
        path=raster.file,
        field=raster.field,
        unit=raster.unit,
        vintage=raster.vintage,
        source=raster.source,
        licence=raster.licence,
    )


def _bridge(lookup: LookupSection | OutlinesSection | PeoplePointsSection) -> LookupSpec | AreaSpec | PointSpec:
    if isinstance(lookup, LookupSection):
        return LookupSpec(lookup.file, lookup.source, lookup.target, lookup.weight or "", lookup.change or "")
    if isinstance(lookup, OutlinesSection):
        return AreaSpec(lookup.file, lookup.id)
    return PointSpec(lookup.file, lookup.source, lookup.lon, lookup.lat, lookup.weight or "")


def _field_spec(name: str, field: FieldSection) -> FieldSpec:
    direction = "1 = most deprived" if field.kind == "decile" else ""
    return FieldSpec(name, field.column, field.kind, field.unit or "", direction=direction, base=field.base or "")
