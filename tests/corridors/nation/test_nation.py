"""`corridors run` with `[scale]`: every region by its own centres, by hand, beside a region's own run, and on a cluster."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from accessibility.scale import plan
from corridors.config.run_config import load_config
from corridors.pipeline import run
from tests.corridors.scenarios.test_answers import HOMES, WITHDRAWN
from tests.support.cli import Ran, corridors
from tests.support.scenario_text import write_scenario
from tests.support.small_region import SmallRegion


def asked(region: SmallRegion, scale: str = "", k: int = 1, cutoff_min: float = 45) -> tuple[Ran, Path]:
    """How `corridors run` with `[scale]` ended; `k` centres within `cutoff_min` are asked for."""
    region.config.write_text(
        region.config.read_text(encoding="utf-8")
        + f"[kpi]\ncentres_at_least = {k}\ncutoff_min = {cutoff_min}\n[search]\ncutoffs_min = [{cutoff_min}]\n[scale]\n{scale}",
        encoding="utf-8",
    )
    return corridors("run", region.config, "--out", region.path("out")), region.path("out")


@pytest.fixture
def minutes(region: SmallRegion) -> pd.DataFrame:
    """Minutes from every zone to every centre, by the region's own run: A and C lie in D1, F in D2."""
    zones = run(load_config(region.config)).zones
    return zones[["minutes_to_A", "minutes_to_C", "minutes_to_F"]].set_axis(list("ACF"), axis=1)


def table(out: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(out / "tables" / f"{name}.csv")


def test_every_pair_and_every_count_is_that_of_the_regions_own_run(region: SmallRegion, minutes: pd.DataFrame) -> None:
    ran, out = asked(region, k=2, cutoff_min=25)
    assert ran.code == 0, ran.err
    shards = pd.read_parquet(out.with_name("out.shards"))
    found = shards.pivot(index="from_id", columns="to_id", values="p50_min").astype(float)
    pd.testing.assert_frame_equal(
        found.sort_index(), np.ceil(minutes.sort_index()), check_names=False, check_dtype=False
    )
    zones = table(out, "zones").set_index("zone_id")
    own = {"D1": ["A", "C"], "D2": ["F"]}
    for zone, row in zones.iterrows():
        reached = minutes.loc[zone] <= 25
        assert row["centres_within"] == reached.sum()
        assert row["own_centres_within"] == reached[own[row["district_code"]]].sum()
        assert row["nearest_id"] == minutes.loc[zone].idxmin()
        assert row["minutes_to_nearest"] == np.ceil(minutes.loc[zone].min())
        assert row["nearest_region"] == ("D2" if row["nearest_id"] == "F" else "D1")
    regions = table(out, "regions").set_index("region")
    south = zones[zones["district_code"] == "D1"]
    assert regions.loc["D1", "share"] == pytest.approx(south["meets_kpi"].mean())
    assert 0 < regions.loc["D1", "share"] < 1
    # One centre lies in the north: of two of its own nothing can be asked; of two of anybody's it can.
    assert np.isnan(regions.loc["D2", "share"]) and regions.loc["D2", "centres"] == 1
    assert regions.loc["all", "share"] == regions.loc["D1", "share"]
    assert regions.loc["all", "share_any"] == pytest.approx(zones["meets_any"].mean())
    # The share is of those who are asked: beside the 1,200 it would be half of it, and more than of any region's centres.
    assert list(regions["people_asked"]) == [600, 600, 0]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "of the 600 residents of regions with 2 or more centres reach" in page
    assert "1 region holds fewer than 2 centres" in page and "of the 600 residents of regions" in ran.out
    across = zones["nearest_region"] != zones["region"]
    assert regions.loc["all", "share_nearest_across"] == pytest.approx(across.mean()) and across.any()
    assert "SYNTHETIC TIMETABLE" in (out / "report.html").read_text(encoding="utf-8").upper()
    layer = gpd.read_file(out / "layers" / "line.gpkg", layer="zones")
    assert layer["meets_kpi"].sum() == zones["meets_kpi"].sum()


def test_districts_gathered_to_one_region_share_their_centres(region: SmallRegion) -> None:
    ran, out = asked(region, '[scale.regions]\nboth = ["D1", "D2"]\n', k=2)
    assert ran.code == 0, ran.err
    regions = table(out, "regions").set_index("region")
    assert list(regions.index) == ["all", "both"]
    assert regions.loc["both", "centres"] == 3
    assert regions.loc["both", "share"] == regions.loc["both", "share_any"] > 0


def test_scenarios_are_answered_beside_the_base(region: SmallRegion) -> None:
    write_scenario(region.path("gone.toml"), WITHDRAWN, ident="gone")
    text = region.config.read_text(encoding="utf-8")
    region.config.write_text(f'scenarios = ["gone.toml"]\n{text}', encoding="utf-8")
    ran, out = asked(region)
    assert ran.code == 0, ran.err
    regions = table(out, "regions").set_index(["scenario", "region"])
    assert regions.loc[("gone", "all"), "people_within"] < regions.loc[("base", "all"), "people_within"]
    zones = table(out, "zones")
    assert zones["meets_kpi_gone"].sum() < zones["meets_kpi"].sum()
    assert "What scenarios change" in (out / "report.html").read_text(encoding="utf-8")
    assert {path.name for path in out.with_name("out.shards").glob("scenario=*")} == {"scenario=base", "scenario=gone"}


def test_homes_of_a_scenario_are_lived_in(region: SmallRegion) -> None:
    """200 people move to stop C, whose centre is theirs at once; nothing runs otherwise."""
    homes = HOMES.replace("count = 50", "count = 100")
    write_scenario(region.path("homes.toml"), homes, ident="homes")
    text = region.config.read_text(encoding="utf-8")
    region.config.write_text(f'scenarios = ["homes.toml"]\n{text}', encoding="utf-8")
    ran, out = asked(region)
    assert ran.code == 0, ran.err
    south = table(out, "regions").query("region == 'D1'").set_index("scenario")
    assert list(south.loc["homes", ["people", "people_within"]] - south.loc["base", ["people", "people_within"]]) == [
        200,
        200,
    ]


def test_a_cluster_and_parts_give_the_same_files(region: SmallRegion, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(plan, "BLOCK", 2)  # of the three centres, so that there are two parts
    assert asked(region)[0].code == 0
    out = region.path("out")
    names = ("report.html", "tables/regions.csv", "tables/zones.csv", "layers/line.gpkg")
    before = [(out / name).read_bytes() for name in names]
    out.with_name("out.shards").rename(region.path("kept"))
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        text = region.config.read_text(encoding="utf-8")
        region.config.write_text(
            f'{text}engine = "dask"\naddress = "{cluster.scheduler_address}"\nparts = 2\n', encoding="utf-8"
        )
        ran = corridors("run", region.config, "--out", out)
    assert ran.code == 0 and "dashboard" in ran.err, ran.err
    assert [(out / name).read_bytes() for name in names] == before
    manifest = json.loads((out / "nation.json").read_text(encoding="utf-8"))
    assert manifest["shards"]["blocks"] == 2


@pytest.mark.parametrize(
    ("scale", "said"),
    [
        ("parts = 0\n", "parts"),
        ('address = "tcp://a:1"\n', 'write engine = "dask" too'),
        ('[scale.regions]\nwest = ["D9"]\n', "names 'D9', which is not among region.districts"),
        ('[scale.regions]\nall = ["D1"]\n', "scale.regions.all has the name of the row of all regions"),
        ('[scale.regions]\none = ["D1"]\ntwo = ["D1"]\n', "both have the district 'D1'"),
    ],
)
def test_regions_that_can_not_be_are_told_before_anything_is_read(region: SmallRegion, scale: str, said: str) -> None:
    ran, out = asked(region, scale)
    assert ran.code == 2 and said in ran.err
    assert not out.exists()
