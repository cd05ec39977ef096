"""The bundled demonstration region, built from hand-written text files: a feed, zones, layers and a configuration."""

import shutil
from pathlib import Path

import geopandas as gpd
import pyogrio

from corridors.bundled import bundled_data
from corridors.config.schema import CONFIG_SCHEMA, FIRST_LINE, config_schema, schema_text
from corridors.demo.base_map import demo_base_map
from corridors.demo.feed import read_periods, write_feed
from corridors.demo.lines import MetroStage, demo_lines
from corridors.demo.people import demo_people
from corridors.demo.zones import demo_zones

_PLACES = ("centres.csv", "corridors.csv", "corridors_facts.csv", "pilots.csv", "sites.csv")
# A GeoPackage holds the time at which it was written; a fixed one keeps its bytes the same.
_GPKG_TIME = {"OGR_CURRENT_DATE": "2026-01-01T00:00:00.000Z"}


def build_demo_region(folder: Path, metro_stage: MetroStage | None = None) -> Path:
    """Write the demonstration region into `folder` and return the path of its `config.toml`.

    Takes a few seconds and gives the same bytes every time. Everything in it is illustrative and says so.
    `metro_stage` ("S1", "S2" or "S3") lets Metro Line 2 run as far as that stage; the base region has no Line 2.
    """
    data = bundled_data()
    folder.mkdir(parents=True, exist_ok=True)
    lines = demo_lines(data, metro_stage)
    write_feed(folder / "demo_gtfs.zip", lines, read_periods(data / "demo" / "periods.csv"))
    zones = demo_zones(data / "demo")
    _write_layer(zones, folder / "zones.gpkg")
    _write_layer(demo_base_map(lines, data), folder / "base_map.gpkg")
    for name, table in demo_people(zones, data / "demo")._asdict().items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    for name in _PLACES:
        shutil.copyfile(data / "places" / name, folder / name)
    for scenario in sorted((data / "scenarios").glob("s[0-9]_*.toml")):
        shutil.copyfile(scenario, folder / scenario.name)
    (folder / CONFIG_SCHEMA).write_text(schema_text(config_schema()), encoding="utf-8")
    config = folder / "config.toml"
    config.write_text(FIRST_LINE + (data / "demo" / "config.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return config


def _write_layer(frame: gpd.GeoDataFrame, path: Path) -> None:
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options(_GPKG_TIME)
    try:
        pyogrio.write_dataframe(frame, path, layer=path.stem, driver="GPKG")
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(_GPKG_TIME))
