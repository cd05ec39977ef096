"""`corridors matrix CONFIG --to F`: a configuration's own search to other places, as a table and a layer of its zones."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from corridors.config.run_config import load_config
from corridors.pipeline import run
from tests.support.cli import Ran, corridors
from tests.support.feeds import csv_text
from tests.support.small_region import SmallRegion, position


def asked(region: SmallRegion, *words: object, stops: str = "ACF", name: str = "m.csv") -> tuple[Ran, Path]:
    rows = [{"id": stop, "lon": position(stop)[0], "lat": position(stop)[1]} for stop in stops]
    region.path("to.csv").write_text(csv_text(rows), encoding="utf-8")
    out = region.path(name)
    return corridors("matrix", region.config, "--to", region.path("to.csv"), "--out", out, *words), out


def test_minutes_to_the_centres_are_those_of_a_run(region: SmallRegion) -> None:
    ran, out = asked(region, "--radius-m", "400")
    assert ran.code == 0, ran.err
    zones = run(load_config(region.config)).zones
    table = pd.read_csv(out).pivot(index="from_id", columns="to_id", values="p50_s").loc[zones.index] / 60
    layer = gpd.read_file(out.with_suffix(".gpkg"), layer="zones_to_destinations").set_index("zone_id").loc[zones.index]
    for stop in "ACF":
        expected = zones[f"minutes_to_{stop}"]
        pd.testing.assert_series_equal(table[stop], expected, check_names=False)
        pd.testing.assert_series_equal(layer[f"minutes_to_{stop}"], expected, check_names=False)
    pd.testing.assert_series_equal(layer["minutes_to_nearest"], zones["minutes_to_nearest"], check_names=False)
    assert layer.crs == "EPSG:27700"
    assert layer.loc["ZA0", "nearest_id"] == "A"
    assert layer["caution"].str.contains("SYNTHETIC TIMETABLE").all()
    assert "layer_styles" in {name for name, _ in pyogrio.list_layers(out.with_suffix(".gpkg"))}


def test_it_is_written_again_and_nothing_else_is_replaced(region: SmallRegion) -> None:
    assert asked(region)[0].code == 0
    assert asked(region)[0].code == 0, "its own files are replaced"
    mine = region.path("zones.gpkg").read_bytes()
    ran, _ = asked(region, name="zones.csv")
    assert ran.code == 2
    assert region.path("zones.gpkg").read_bytes() == mine
    assert "would replace the input" in ran.err
    region.path("other.gpkg").write_bytes(mine)
    assert "is no layer of a matrix" in asked(region, name="other.csv")[0].err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--window", "07:00-08:00"), "--window can't be used with a configuration"),
        (("--detour", "1.3", "--date", "2026-03-24"), "--date, --detour can't be used with a configuration"),
    ],
)
def test_what_the_configuration_says_is_not_asked_again(region: SmallRegion, words: tuple[str, ...], said: str) -> None:
    ran, out = asked(region, *words)
    assert (ran.code, out.exists()) == (2, False)
    assert said in ran.err


def test_what_lacks_is_named(region: SmallRegion) -> None:
    assert "missing --to and --out" in corridors("matrix", region.config).err
    assert "missing --gtfs, --origins, --destinations, --date, --window, --out" in corridors("matrix").err
    assert "--to is for a configuration" in corridors("matrix", "--to", region.config).err
    ran, _ = asked(region, name="m.xlsx")
    assert "must end in .parquet or .csv" in ran.err
