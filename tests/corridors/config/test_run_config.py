"""A configuration is checked whole: every problem at once, and every kind of layer reaches the zones."""

import re
import shutil
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from corridors.config.run_config import load_config
from corridors.config.values import clock_s, window_s
from corridors.demo.cached import demo_config
from corridors.errors import ConfigError, InputMissingError
from corridors.inputs.read import read_context


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """A copy of the demonstration region that a test may damage."""
    return Path(shutil.copytree(demo_config().parent, tmp_path / "region")) / "config.toml"


def edited(config: Path, old: str, new: str) -> Path:
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new), encoding="utf-8")
    return config


def test_every_problem_is_reported_at_once(region: Path) -> None:
    edited(region, "step_s = 0", "step_s = -1\nstepp = 3")
    edited(region, 'window = "07:00-09:00"', 'window = "nine to five"')
    edited(region, "cutoff_min = 45", "cutoff_min = 44")
    with pytest.raises(ConfigError) as caught:
        load_config(region)
    message = str(caught.value)
    assert all(word in message for word in ("search.step_s", "search.stepp: unknown key", "nine to five", "HH:MM"))


def test_parts_that_disagree_are_named(region: Path) -> None:
    edited(region, "cutoff_min = 45", "cutoff_min = 44")
    edited(region, "percentiles = [25, 50, 75]", "percentiles = [25, 75]")
    with pytest.raises(ConfigError, match=r"cutoff_min 44.*percentiles must contain 50"):
        load_config(region)


def test_a_missing_configuration_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(InputMissingError, match=r"no configuration at .*nowhere.toml"):
        load_config(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("text", ["[region", "a = 1\na = 2", "\x00", "region = [" * 500])
def test_what_is_not_toml_is_one_clear_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_config(file)


def test_times_of_day_may_pass_midnight() -> None:
    assert clock_s("07:05") == 25_500
    assert window_s("23:30-25:00") == (84_600, 90_000)


def test_paths_are_relative_to_the_configuration(region: Path) -> None:
    config = load_config(region)
    assert config.zones.file == region.parent.resolve() / tomllib.loads(region.read_text())["zones"]["file"]


def test_people_may_come_from_a_raster(region: Path) -> None:
    """A thousand people in every 100 m cell: a zone of A hectares has 1,000 A people."""
    zones = gpd.read_file(region.parent / "zones.gpkg")
    west, south, east, north = zones.total_bounds
    width, height = int((east - west) // 100) + 2, int((north - south) // 100) + 2
    grid = from_origin(west - 50, north + 50, 100, 100)
    with rasterio.open(
        region.parent / "people.tif", "w", driver="GTiff", width=width, height=height, count=1, dtype="float32",
        crs=zones.crs, transform=grid, nodata=-1.0,
    ) as raster:  # fmt: skip
        raster.write(np.full((1, height, width), 1000, np.float32))
    edited(region, 'fields.population = { column = "population", kind = "count", unit = "people" }\n', "")
    text = region.read_text(encoding="utf-8") + (
        '\n[[rasters]]\nid = "grid"\ntitle = "People on a grid"\nfile = "people.tif"\nfield = "population"\nunit = "people"\n'
        'source = "made in this test"\nlicence = "none"\nvintage = "2026"\n'
    )
    region.write_text(text, encoding="utf-8")
    context = read_context(load_config(region))
    hectares = context.zones.area / 10_000
    np.testing.assert_allclose(context.values["population"], 1000 * hectares, rtol=1e-4)
    assert "grid" in {item.id for item in context.provenance}


def test_control_characters_in_settings_are_replaced_and_named(tmp_path: Path) -> None:
    """All but the names of files, which must stay what they are on disk."""
    text = demo_config().read_text(encoding="utf-8")
    config = tmp_path / "config.toml"
    config.write_text(re.sub(r'(?m)^name = "(.*)"$', r'name = "\\u001b\1"', text, count=1), encoding="utf-8")
    loaded = load_config(config)
    assert loaded.region.name.startswith("\ufffd")
    assert loaded.odd_settings == ("region.name",)
    config.write_text(text.replace('file = "', 'file = "\\u0007', 1), encoding="utf-8")
    assert load_config(config).odd_settings == ()
