"""A finished run is loaded as frames that are what the run wrote."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

import corridors
from corridors.errors import InputMissingError


def test_tables_and_layers_are_what_the_run_wrote(demo_run: Path) -> None:
    run = corridors.load(demo_run)
    zones, table = run.layers["zones"], run.tables["zones"].set_index("zone_id")
    assert isinstance(zones, gpd.GeoDataFrame)
    assert zones.crs == "EPSG:27700"
    assert list(zones.index) == list(table.index)
    pd.testing.assert_series_equal(zones["minutes_to_needed"], table["minutes_to_needed"], check_names=False)
    met = zones["population"][zones["meets_kpi"].astype(bool)].sum() / zones["population"].sum()
    assert run.share == pytest.approx(met)
    assert set(run.tables) == {file.stem for file in (demo_run / "tables").glob("*.csv")}
    assert run.layers["centres"].index.name == "id"
    assert run.tables["corridor_buffers"]["corridor_id"].map(type).eq(str).all()


def test_every_table_and_layer_is_read(demo_run: Path) -> None:
    run = corridors.load(str(demo_run))
    assert all(len(frame.columns) for frame in run.tables.values())
    assert all(len(frame) for frame in run.layers.values())
    assert run.layers["zones"] is run.layers["zones"], "read once"


def test_it_says_what_it_is_and_what_it_holds(demo_run: Path) -> None:
    run = corridors.load(demo_run)
    page = run._repr_html_()
    assert f"{run.share:.1%} of residents" in page
    assert "ILLUSTRATIVE" in page
    assert repr(run).startswith(f"<run {demo_run.name!r} of 2026-03-24: ")
    with pytest.raises(InputMissingError, match=r"the run has no layer 'zoned'; it has .*zones"):
        run.layers["zoned"]


def test_a_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputMissingError, match="no finished run"):
        corridors.load(tmp_path)
