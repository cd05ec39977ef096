"""Destinations of any kind: hospitals at two stops of the small region, counted by hand, and shown wherever measures are."""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from corridors.config.run_config import load_config
from corridors.errors import ConfigError
from corridors.pipeline import run
from corridors.results import Results
from tests.support.cli import corridors
from tests.support.small_region import SmallRegion, place, write_small_region

pytestmark = pytest.mark.usefixtures("no_pictures")

SECTION = """
[[destinations]]
id = "{ident}"
title = "hospital"
file = "hospitals.csv"
cutoff_min = {cutoff_min}
radius_m = 20
source = "made for a test"
"""


def with_hospitals(region: SmallRegion, stops: str, cutoff_min: float = 9, ident: str = "hospital") -> SmallRegion:
    """The region with hospitals at some of its stops."""
    region.table("hospitals.csv", [{**place(stop, f"Hospital {stop}"), "id": f"h{stop}"} for stop in stops])
    text = region.config.read_text(encoding="utf-8")
    region.config.write_text(text + SECTION.format(ident=ident, cutoff_min=cutoff_min), encoding="utf-8")
    return region


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with hospitals at B and D."""
    here = tmp_path_factory.mktemp("destinations")
    region = with_hospitals(write_small_region(here / "region"), "BD")
    ran = corridors("run", region.config, "--out", here / "out")
    assert ran.code == 0, ran.err
    return here / "out"


@pytest.fixture(scope="module")
def zones(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "tables" / "zones.csv").set_index("zone_id")


def test_the_quickest_of_a_kind_counts_at_each_departure(zones: pd.DataFrame) -> None:
    """From C a bus leaves for B at 5 and for D at 0 minutes past each ten, and rides 5: with a minute to board, the better of
    them takes 6 to 11 minutes, evenly, so 8.5 at the median, where either alone takes 6 to 16, so 11."""
    assert zones.loc["ZC0", "minutes_to_hospital"] == 8.5
    assert zones.loc["ZA0", "minutes_to_hospital"] == 11  # B alone is near
    assert zones.loc["ZB0", "minutes_to_hospital"] == 0


def test_whoever_is_within_the_cutoff_of_their_own_is_counted(zones: pd.DataFrame, folder: Path) -> None:
    assert set(zones.index[zones["reaches_hospital"]]) == {"ZB0", "ZC0", "ZD0"}  # 8.5 minutes count, 11 do not
    baseline = pd.read_csv(folder / "tables" / "baseline.csv").set_index(["place_id", "item"])
    cell = baseline.loc["region", "hospital_share"]
    assert (cell["value"], cell["numerator"], cell["denominator"]) == (300 / 1200, 300, 1200)
    assert cell["title"] == "Residents within 9 minutes of the nearest hospital"
    assert "hospital" in json.loads((folder / "tables" / "baseline.json").read_text())["data"][cell["data"]]
    assert baseline.loc["region", "minutes_to_hospital"]["status"] == "illustrative"
    assert baseline.loc["region", "college_share"]["reason"] == "no layer of this run gives destinations called college"


def test_the_measure_is_shown_wherever_measures_are(folder: Path) -> None:
    words = "Within 9 minutes of the nearest hospital"
    dictionary = pd.read_csv(folder / "tables" / "data_dictionary.csv").set_index(["table", "column"])
    assert dictionary.loc[("zones", "reaches_hospital"), "title"].startswith(words)
    assert words in (folder / "maps" / "index.html").read_text(encoding="utf-8")
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert "Residents within 9 minutes of the nearest hospital, % of residents" in report
    styles = gpd.read_file(next((folder / "layers").glob("*.gpkg")), layer="layer_styles")
    assert "Minutes to the nearest hospital" in set(styles["styleName"])
    manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert manifest["destinations"] == [{"id": "hospital", "title": "hospital", "cutoff_min": 9.0}]
    assert manifest["corridors"][0]["hospital_share"] == pytest.approx(_corridor_share(folder))
    assert any(one["id"] == "hospital" for one in manifest["inputs"])


def _corridor_share(folder: Path) -> float:
    """Residents of the corridor's zones within the cutoff, from the zones' own table."""
    zones = pd.read_csv(folder / "tables" / "zones.csv")
    inside = zones[zones["corridor_ids"].fillna("").str.split(";").map(lambda ids: "line" in ids)]
    share: float = inside.loc[inside["reaches_hospital"], "population"].sum() / inside["population"].sum()
    return share


def test_two_runs_are_compared_by_it(folder: Path, tmp_path: Path) -> None:
    ran = corridors("compare-map", folder, folder, "--out", tmp_path / "compare.html")
    assert ran.code == 0, ran.err
    assert "Minutes saved to the nearest hospital" in (tmp_path / "compare.html").read_text(encoding="utf-8")


def test_more_hospitals_never_make_anyone_worse_off(region: SmallRegion, tmp_path: Path) -> None:
    def minutes(stops: str) -> pd.Series:
        return _results(with_hospitals(write_small_region(tmp_path / stops), stops)).zones["minutes_to_hospital"]

    assert (minutes("BDF") <= minutes("BD")).all()


def test_a_kind_that_no_zone_reaches_is_a_warning_and_reaches_nobody(region: SmallRegion) -> None:
    with_hospitals(region, "B")
    region.table("hospitals.csv", [{**place("B", "Far"), "lat": 50.2}])
    results = _results(region)
    assert results.zones["minutes_to_hospital"].isna().all()
    assert not results.zones["reaches_hospital"].any()
    (warning,) = (one for one in results.warnings if one.code == "destinations_no_zone_reaches")
    assert (warning.count, warning.sample) == (1, ("hospital",))


def test_no_layer_may_give_a_destinations_figure(region: SmallRegion) -> None:
    with_hospitals(region, "B")
    region.replace("config.toml", "fields.jobs", "fields.hospital_share")
    with pytest.raises(ConfigError, match="'hospital_share' has the name of a destination's figure"):
        load_config(region.config)


def test_the_cutoff_is_the_headlines_where_none_is_given(region: SmallRegion) -> None:
    with_hospitals(region, "B")
    region.replace("config.toml", "cutoff_min = 9\n", "")
    assert load_config(region.config).kinds_of_destination[0].cutoff_min == 45


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda region: with_hospitals(with_hospitals(region, "B"), "B"), "two destinations are called 'hospital'"),
        (lambda region: with_hospitals(region, "B", ident="nearest"), "would name a column that the run makes itself"),
        (lambda region: with_hospitals(region, "B", cutoff_min=150), "cutoff_min 150 is beyond search.max_min 120"),
    ],
)
def test_a_section_that_can_not_be_meant_is_refused(region: SmallRegion, damage: object, words: str) -> None:
    damage(region)  # type: ignore[operator]
    with pytest.raises(ConfigError, match=words):
        load_config(region.config)


@pytest.mark.parametrize(
    ("ident", "stops", "words"),
    [("a", "B", "destinations.a: a centre has this id"), ("hospital", "", "its file holds no place")],
)
def test_check_and_run_refuse_what_can_not_be_answered(region: SmallRegion, ident: str, stops: str, words: str) -> None:
    with_hospitals(region, stops or "B", ident=ident)
    if not stops:
        region.path("hospitals.csv").write_text("id,name,lat,lon\n", encoding="utf-8")
    ran = corridors("check", region.config)
    assert ran.code == 2
    assert words in ran.err


def _results(region: SmallRegion) -> Results:
    return run(load_config(region.config))
