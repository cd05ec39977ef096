"""Two finished runs on one map: what is joined, what is left out and what is refused."""

import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString
from typer.testing import CliRunner

from corridors.cli import app
from corridors.errors import ConfigError, InputMissingError, RunFolderError
from corridors.runs.compare_map import render_comparison
from corridors.runs.finished import finished_run
from layers.writing.export import NamedLayer, write_geopackage
from tests.corridors.fake_results import HOSTILE, centres, corridors, zones


def finished(
    folder: Path,
    frame: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame | None = None,
    stops: gpd.GeoDataFrame | None = None,
    **manifest: Any,
) -> Path:
    """A folder as a finished run leaves it, as far as a comparison reads it."""
    (folder / "layers").mkdir(parents=True)
    layers = [
        NamedLayer("zones", frame.rename_axis("zone_id"), "Zones", ""),
        NamedLayer("centres", centres().rename_axis("id"), "Centres", ""),
        NamedLayer("corridors", (corridors() if places is None else places).rename_axis("id"), "Corridors", ""),
    ]
    if stops is not None:
        layers.append(NamedLayer("stops", stops, "Stops", ""))
    write_geopackage(folder / "layers" / "testshire.gpkg", layers)
    said = {
        "caution": "ILLUSTRATIVE: invented",
        "date": "2026-03-24",
        "kpi": {"share": 0.5, "definition": {"window": "07:00-09:00"}},
        "inputs": [{"source": f"Ministry {HOSTILE}", "licence": "OGL v3.0"}],
    }
    (folder / "run.json").write_text(json.dumps(said | manifest), encoding="utf-8")
    return folder


def payload_of(html: str) -> dict[str, Any]:
    block = re.search(r'<script id="planner-data" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert block
    payload: dict[str, Any] = json.loads(block[1])
    return payload


def measured() -> gpd.GeoDataFrame:
    number = np.arange(96.0)
    return zones().assign(
        minutes_to_A=number,
        minutes_to_needed=np.where(number % 4 == 0, np.nan, 20 + number),
        jobs_within_cutoff=100 * number,
    )


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return finished(tmp_path / "before", measured())


def compared(before: Path, after: Path) -> dict[str, Any]:
    return payload_of(render_comparison(finished_run(before), finished_run(after)))


def with_road(folder: Path, credit: str, *missing: str) -> Path:
    """The run with a base map of one road over its zones, that lacks the columns `missing`."""
    west, south, east, north = measured().total_bounds
    said = {"kind": ["road"], "class": ["primary"], "name": ["A1"]}
    road = gpd.GeoDataFrame(
        {column: values for column, values in said.items() if column not in missing},
        geometry=[LineString([(west, south), (east, north)])],
        crs=measured().crs,
    )
    road.to_file(folder / "layers" / "testshire.gpkg", layer="base_lines")
    manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps(manifest | {"base_map": {"credit": credit}}), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "credits", [("Makers of the first", None), (None, "Makers of the second"), ("Makers of one", "Makers of both")]
)
def test_the_base_map_of_the_first_run_that_has_one_lies_under_the_zones(
    credits: tuple[str | None, str | None], tmp_path: Path
) -> None:
    runs = [finished(tmp_path / name, measured()) for name in ("a", "b")]
    assert not grounds(compared(*runs))
    for run, credit in zip(runs, credits, strict=True):
        if credit:
            with_road(run, credit)
    page = render_comparison(*map(finished_run, runs))
    ((road,),) = (ground["classes"] for ground in grounds(payload_of(page)))
    assert (road["kind"], bool(road["parts"])) == ("road", True)
    assert [credit in page for credit in credits if credit] == [True, False][: sum(map(bool, credits))]


def grounds(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [layer for layer in payload["layers"] if layer["drawing"] == "ground"]


def test_a_base_map_that_was_changed_since_the_run_is_told_as_such(before: Path, tmp_path: Path) -> None:
    changed = with_road(finished(tmp_path / "after", measured()), "Makers", "class")
    with pytest.raises(RunFolderError, match=r"base map lacks the column\(s\) class: it was changed since the run"):
        compared(changed, before)


def test_figures_of_access_come_in_pairs_with_the_same_classes(before: Path, tmp_path: Path) -> None:
    after = finished(tmp_path / "after", measured().assign(jobs_within_cutoff=np.arange(96) * 150))
    payload = compared(before, after)
    found = {indicator["column"]: indicator for indicator in payload["indicators"]}
    assert payload["runs"] == ["before", "after"]
    for column in ("centres_within_cutoff", "meets_kpi", "minutes_to_A", "jobs_within_cutoff"):
        first, second = found[column], found[found[column]["pair"]]
        assert [item["label"] for item in first["classes"]] == [item["label"] for item in second["classes"]]
    assert max(found["jobs_within_cutoff"]["values"]) == 9500
    assert max(found[found["jobs_within_cutoff"]["pair"]]["values"]) == 14_250
    assert found["population"]["pair"] == ""


def test_changes_say_who_gains_and_who_loses(before: Path, tmp_path: Path) -> None:
    """Ten minutes less for all who could come before: saved 10, and nothing said where it was out of reach."""
    later = measured()
    later["minutes_to_needed"] -= 10
    later["meets_kpi"] = [number == 0 for number in range(96)]
    payload = compared(before, finished(tmp_path / "after", later))
    found = {indicator["column"]: indicator for indicator in payload["indicators"]}
    saved = found["change_minutes_to_needed"]
    assert set(saved["values"]) == {None, 10}
    assert saved["values"].count(None) == 24
    first = payload["indicators"][0]
    assert first["column"] == "change_meets_kpi", "it opens on who gains and who loses"
    assert first["classes"][0]["label"] == "Gained: meets the test in after only"
    counts = {item["label"].split(":")[0]: item["count"] for item in found["change_meets_kpi"]["classes"]}
    met = int(measured()["meets_kpi"].sum())
    assert counts == {"Gained": 1, "Lost": met, "Meets the test in both": 0, "Meets the test in neither": 95 - met}


def test_zones_of_one_run_only_are_left_out_and_counted(before: Path, tmp_path: Path) -> None:
    html = render_comparison(finished_run(before), finished_run(finished(tmp_path / "after", measured().iloc[6:])))
    assert len(payload_of(html)["zones"]["ids"]) == 90
    assert "6 zones are in one run only and left out" in html


def test_cautions_dates_and_definitions_that_differ_are_said(before: Path, tmp_path: Path) -> None:
    other = {"share": None, "definition": {"window": "16:00-18:00"}}
    after = finished(tmp_path / "after", measured(), caution="SYNTHETIC TIMETABLE: no", date="2027-01-05", kpi=other)
    html = render_comparison(finished_run(before), finished_run(after))
    for words in ("ILLUSTRATIVE: invented. SYNTHETIC TIMETABLE: no", "2026-03-24 (before)", "2027-01-05 (after)",
                  "before: 50.0 %; after: n/a", "differ in definition: window"):  # fmt: skip
        assert words in html
    assert HOSTILE not in html


def stops(**trips: float) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy([400_000.0] * len(trips), [290_000.0] * len(trips))
    told = {"name": [f"Stop {HOSTILE}"] * len(trips), "mode": "bus", "trips_per_hour": list(trips.values())}
    return gpd.GeoDataFrame(told, geometry=points, crs="EPSG:27700", index=pd.Index(trips, name="stop_id"))


def test_corridors_and_stops_hold_the_figures_of_both_runs(tmp_path: Path) -> None:
    """One stop of each run, one of both; the corridor has another share in the second run and the same length."""
    other = corridors().assign(kpi_share=0.25)
    before = finished(tmp_path / "before", measured(), stops=stops(a=4.0, b=6.0))
    after = finished(tmp_path / "after", measured(), places=other, stops=stops(b=9.0, c=1.0))
    layers = {layer["id"]: layer for layer in compared(before, after)["layers"]}
    said = {field["title"]: field for field in layers["stops"]["fields"]}
    assert layers["stops"]["keys"] == ["a", "b", "c"]
    assert "Stop" not in said  # an internal id
    assert said["Trips an hour"]["values"] == [4, 6, None]
    assert said["Trips an hour"]["second"] == [None, 9, 1]
    assert said["Only in"]["values"] == ["before", "", "after"]
    of_corridors = {field["title"]: field for field in layers["corridors"]["fields"]}
    share = of_corridors["Residents who reach enough centres in time"]
    assert share["values"] == [None if pd.isna(value) else value for value in corridors()["kpi_share"]]
    assert set(share["second"]) == {0.25}
    assert of_corridors["Length"]["values"] == of_corridors["Length"]["second"]


def test_runs_in_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    first, second = finished(tmp_path / "a/out", measured()), finished(tmp_path / "b/out", measured())
    assert compared(first, second)["runs"] == ["a/out", "b/out"]


def test_runs_of_different_regions_and_unfinished_runs_are_refused(before: Path, tmp_path: Path) -> None:
    elsewhere = measured().rename(index=lambda name: f"X{name}")
    with pytest.raises(ConfigError, match="no zone in common"):
        compared(before, finished(tmp_path / "after", elsewhere))
    with pytest.raises(InputMissingError, match="holds no finished run"):
        finished_run(tmp_path)
    (before / "layers" / "testshire.gpkg").unlink()
    with pytest.raises(InputMissingError, match="no GeoPackage"):
        finished_run(before)


def test_the_command_writes_beside_the_second_runs_map(before: Path, tmp_path: Path) -> None:
    after = finished(tmp_path / "after", measured())
    done = CliRunner().invoke(app, ["compare-map", str(before), str(after)])
    assert done.exit_code == 0, done.output
    assert "Two runs compared: before and after" in (after / "maps" / "compare.html").read_text(encoding="utf-8")
