"""The layer of the zones of a run over many regions."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd

from corridors.config.run_config import RunConfig
from corridors.outputs.styles import in_classes
from corridors.pipeline import region_of
from corridors.results import Provenance
from layers import ColumnNote, LayerMetadata, NamedLayer, write_geopackage
from maps import HeadlineTest, scale_for

_MINUTES = ColumnNote("Minutes to the nearest centre at the median departure; empty = none is reached", "min")
_NOTES = {
    "region": ColumnNote("Id of the region", "text"),
    "population": ColumnNote("Residents", "people"),
    "own_centres_within": ColumnNote("Centres of the zone's own region within the time limit", "centres"),
    "centres_within": ColumnNote("Centres of any region within the time limit", "centres"),
    "meets_kpi": ColumnNote("Whether enough centres of the own region are within the time limit", "yes/no"),
    "meets_any": ColumnNote("Whether enough centres of any region are within the time limit", "yes/no"),
    "minutes_to_nearest_own": _MINUTES,
    "minutes_to_nearest": _MINUTES,
    "nearest_id": ColumnNote("Id of the nearest centre", "text"),
    "nearest_region": ColumnNote("Region of the nearest centre", "text"),
}


def write_zones_layer(file: Path, config: RunConfig, zones: gpd.GeoDataFrame, provenance: Sequence[Provenance]) -> None:
    """Write the GeoPackage with one layer, styled by the minutes to the nearest centre."""
    region, title = region_of(config), f"Centres within reach: {config.region.name}"
    scale = scale_for(zones["minutes_to_nearest"], "minutes", test=HeadlineTest(config.kpi.cutoff_min))
    styles = (
        [in_classes("minutes_to_nearest", "Minutes to the nearest centre", "polygon", scale)]
        if zones["minutes_to_nearest"].notna().any()
        else []
    )
    shown = zones.assign(caution=region.caution) if region.caution else zones
    metadata = LayerMetadata(
        title=title,
        abstract=f"What residents of each zone reach at the median departure, {config.search.window} on {config.timetable.date}. "
        f"{region.name}: {region.note}. Timetable times, not observed ones.",
        lineage=[f"{one.title}: {one.source}. {one.file}, SHA-256 {one.sha256[:12]}" for one in provenance],
        licences=tuple(dict.fromkeys(f"{one.source}: {one.licence}" for one in provenance)),
        keywords=("accessibility", "public transport", region.name),
        vintage=config.timetable.date.isoformat(),
        caution=region.caution,
    )
    write_geopackage(file, [NamedLayer("zones", shown, title, styles, _NOTES, metadata)])
