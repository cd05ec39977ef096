"""Whole runs that ask for other hours: what they write is there, reads back, and odd questions end well."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from corridors.runs.read_back import results_of
from tests.support.cli import corridors
from tests.support.small_region import SmallRegion
from tests.support.week_region import PERIODS, ask_for

IDS = ("early", "peak", "evening", "night", "saturday", "one_saturday")


def finished(region: SmallRegion) -> Path:
    out = region.folder / "out"
    assert corridors("check", region.config).code == 0
    ran = corridors("run", region.config, "--out", out, "--quiet")
    assert ran.code == 0, ran.err
    return out


@pytest.mark.usefixtures("no_pictures")
def test_every_output_has_the_periods_and_the_finished_run_knows_them(region: SmallRegion) -> None:
    ask_for(region, PERIODS)
    out = finished(region)
    columns = {name for ident in IDS for name in (f"meets_kpi_{ident}", f"needed_minutes_{ident}")}
    columns |= {"only_in_headline_hours", "there_and_back_1730", "there_and_back_2200"}
    package = gpd.read_file(out / "layers" / "line.gpkg", layer="zones").set_index("zone_id")
    table = pd.read_csv(out / "tables" / "zones.csv").set_index("zone_id")
    assert columns <= set(package.columns) & set(table.columns) & set(
        gpd.read_parquet(out / "layers/zones.parquet").columns
    )
    assert list(package["meets_kpi_evening"].astype(bool)) == list(table["meets_kpi_evening"])
    dictionary = pd.read_csv(out / "tables" / "data_dictionary.csv").set_index(["table", "column"])
    meaning = "Reaches enough strategic centres within 45 minutes: Evening (working day, 19:00 to 22:00)"
    assert dictionary.loc[("zones", "meets_kpi_evening"), "title"] == meaning
    asked_tables = ("periods", "periods_by_place", "hours", "zones_by_hour", "way_back")
    assert dictionary.loc[list(asked_tables), "unit"].notna().all()
    periods = pd.read_csv(out / "tables" / "periods.csv").set_index("period_id")
    met = package["meets_kpi_evening"].astype(bool)
    assert periods.loc["evening", "people_within"] == package["population"][met].sum()
    by_place = pd.read_csv(out / "tables" / "periods_by_place.csv")
    assert {"region", "district", "corridor", "pilot"} <= set(by_place["place_kind"])
    again = results_of(out)
    assert again.other_hours and tuple(one.id for one in again.other_hours.periods) == IDS
    assert "At other hours" in (out / "report.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize(
    "tables",
    [
        "\n[hours]\n",  # no service runs in the evening, nor on the way home
        '\n[hours]\nthere_by = "00:10"\nhome_after = ["00:20", "24:00"]\ncurve = "47:00-48:00"\n',
        PERIODS.replace('"saturday"\nfrom', '"weekday"\nfrom').replace("2026-04-18", '"weekday"')
        + "\n[search]\nmax_rides = 1\nstep_s = 600\n[kpi]\ncentres_at_least = 1\n",
    ],
    ids=["no service then", "round midnight", "one ride"],
)
def test_odd_questions_end_well(region: SmallRegion, tables: str) -> None:
    region.config.write_text(region.config.read_text(encoding="utf-8") + tables, encoding="utf-8")
    back = pd.read_csv(finished(region) / "tables" / "way_back.csv")
    assert (back["people_both"] <= back[["people_there", "people_home"]].min(axis=1)).all()
