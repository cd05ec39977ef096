"""The real West Midlands under the synthetic timetable: the main job through the command line, on LSOAs of 2021."""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from benchmarks.shared import WEST_MIDLANDS
from benchmarks.west_midlands import oa11_areas, write_configuration
from corridors.cli import app
from tests.support.cli import no_pictures

pytestmark = pytest.mark.skipif(
    not WEST_MIDLANDS.is_dir(), reason="the shared West Midlands data (../shared/data/west_midlands) is not here"
)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of one run."""
    folder = tmp_path_factory.mktemp("west_midlands")
    config = write_configuration("lsoa21", folder)
    # The fewest draws allowed, no technical choices and no times between zones: they are tested elsewhere.
    text = config.read_text(encoding="utf-8").replace("[kpi]\n", "[kpi]\ntechnical_choices = false\n")
    config.write_text(f"{text}\n[scoring]\ndraws = 1000\n\n[outputs]\nzone_to_zone = false\n", encoding="utf-8")
    with no_pictures():
        done = CliRunner().invoke(app, ["run", str(config), "--out", str(folder / "out")])
    assert done.exit_code == 0, done.output
    assert "SYNTHETIC TIMETABLE" in done.output
    return folder / "out"


@pytest.fixture(scope="module")
def manifest(out: Path) -> Mapping[str, object]:
    read: Mapping[str, object] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def zones(out: Path) -> pd.DataFrame:
    with sqlite3.connect(out / "layers" / "west_midlands.gpkg") as package:
        return pd.read_sql("select * from zones", package)


def test_every_output_says_that_the_timetable_is_synthetic(out: Path, manifest: Mapping[str, object]) -> None:
    assert manifest["synthetic_timetable"] is True
    assert manifest["illustrative"] is False
    for page in ("report.html", "maps/index.html"):
        assert "synthetic timetable" in (out / page).read_text(encoding="utf-8").lower()


def test_the_headline_is_the_share_of_residents_whose_zone_meets_it(
    manifest: Mapping[str, object], zones: pd.DataFrame
) -> None:
    kpi = manifest["kpi"]
    assert isinstance(kpi, dict)
    assert len(zones) == 1719
    assert kpi["people_total"] == zones["population"].sum() == 2_919_662
    assert kpi["share"] == pytest.approx(zones.loc[zones["meets_kpi"] == 1, "population"].sum() / 2_919_662)
    assert (zones["meets_kpi"] == (zones["centres_within_45"] >= 3)).all()
    assert 0.2 < kpi["share"] < 0.5  # not far from the published 41 %, which is another definition and another year


def test_districts_add_up_to_the_region(out: Path, zones: pd.DataFrame) -> None:
    districts = pd.read_csv(out / "tables" / "districts.csv")
    assert len(districts) == 7
    assert districts["people"].sum() == 2_919_662
    birmingham = zones[zones["district_code"] == "E08000025"]
    share = birmingham.loc[birmingham["meets_kpi"] == 1, "population"].sum() / birmingham["population"].sum()
    assert districts.set_index("district_code")["kpi_share"]["E08000025"] == pytest.approx(share)


def test_the_centre_itself_is_a_short_walk_away(zones: pd.DataFrame) -> None:
    # A zone whose point is within 400 m of a centre is there: nobody in the nearest zones needs more than a 10 minute walk.
    for centre in ("BHM", "WVH", "COV", "WSL"):
        assert zones[f"minutes_to_{centre}"].min() <= 10


def test_the_four_corridors_come_out(manifest: Mapping[str, object]) -> None:
    corridors = manifest["corridors"]
    assert isinstance(corridors, list)
    lengths_km = {corridor["id"]: corridor["length_km"] for corridor in corridors}
    assert lengths_km["sandwell_dudley"] == pytest.approx(11.0, abs=0.3)
    assert set(lengths_km) == {"icknield_smethwick", "wolverhampton_walsall", "sandwell_dudley", "perry_barr_a34"}
    assert all(corridor["zones"] > 30 for corridor in corridors)


def test_every_output_area_has_its_larger_areas() -> None:
    areas = oa11_areas()
    assert len(areas) == areas["zone"].nunique() == 8468
    assert areas.notna().all().all()
    assert areas["lsoa11"].nunique() == 1680
    assert areas["district"].nunique() == 7
    unchanged = areas.loc[areas["lsoa11"] == areas["lsoa21"], "zone"]
    assert len(unchanged) / len(areas) > 0.95
