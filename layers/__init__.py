"""Zones, places, attribute layers and rasters: read safely, moved between geographies, written for GIS."""

from layers.reading.attributes import FieldSpec, LayerSpec, LookupSpec, read_layer, read_layers
from layers.reading.employment import read_sites
from layers.reading.places import catchments, members, pilot_catchments, read_centres, read_corridors, read_pilots
from layers.reading.zones import Zones, assign_district, read_districts, read_zone_points, read_zones, zone_points
from layers.writing.export import write_csv, write_layer
from layers.writing.geopackage import NamedLayer, write_geopackage

__all__ = [
    "FieldSpec",
    "LayerSpec",
    "LookupSpec",
    "NamedLayer",
    "Zones",
    "assign_district",
    "catchments",
    "members",
    "pilot_catchments",
    "read_centres",
    "read_corridors",
    "read_districts",
    "read_layer",
    "read_layers",
    "read_pilots",
    "read_sites",
    "read_zone_points",
    "read_zones",
    "write_csv",
    "write_geopackage",
    "write_layer",
    "zone_points",
]
