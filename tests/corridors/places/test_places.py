"""The bundled places: the right facts, each with its mark, and found wherever the package is installed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from corridors import bundled
from corridors.bundled import bundled_data

PLACES = bundled_data() / "places"
TABLES = sorted(bundled_data().glob("*/*.csv"))
PLACED_TABLES = [path for path in TABLES if "lat" in pd.read_csv(path, nrows=0).columns]
MARKS = {"stated", "recalled", "computed", "proposed"}
# Seven districts with room for i54 to the north, in degrees: west, south, east, north.
WEST, SOUTH, EAST, NORTH = -2.25, 52.33, -1.40, 52.68


def corridor_km(name: str) -> float:
    waypoints = pd.read_csv(PLACES / "corridors.csv").query("id == @name").sort_values("order")
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    x, y = to_metres.transform(waypoints["lon"].to_numpy(), waypoints["lat"].to_numpy())
    return float(np.hypot(np.diff(x), np.diff(y)).sum()) / 1000


@pytest.mark.parametrize(
    ("corridor", "km", "within_km"),
    [
        ("icknield_smethwick", 5.0, 0.1),
        ("wolverhampton_walsall", 10.3, 0.1),
        ("sandwell_dudley", 11.0, 0.3),
        ("perry_barr_a34", 12.9, 0.1),
    ],
)
def test_corridors_are_as_long_as_stated(corridor: str, km: float, within_km: float) -> None:
    assert corridor_km(corridor) == pytest.approx(km, abs=within_km)


def test_no_corridor_repeats_a_waypoint() -> None:
    waypoints = pd.read_csv(PLACES / "corridors.csv")
    assert not waypoints.duplicated(["id", "lat", "lon"]).any()
    assert waypoints.groupby("id")["order"].apply(lambda order: list(order) == list(range(1, len(order) + 1))).all()


def test_the_sandwell_dudley_corridor_is_the_line_2_stops_in_order() -> None:
    waypoints = pd.read_csv(PLACES / "corridors.csv").query("id == 'sandwell_dudley'").sort_values("order")
    stops = pd.read_csv(PLACES / "metro_stops.csv").query("line == 2").sort_values("order")
    assert waypoints[["lat", "lon"]].to_numpy().tolist() == stops[["lat", "lon"]].to_numpy().tolist()


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_row_says_how_well_it_is_known(path: Path) -> None:
    assert set(pd.read_csv(path)["basis"]) <= MARKS


@pytest.mark.parametrize("path", PLACED_TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_position_is_in_or_beside_the_region(path: Path) -> None:
    table = pd.read_csv(path)
    assert table["lat"].between(SOUTH, NORTH).all()
    assert table["lon"].between(WEST, EAST).all()


def test_nine_centres_are_default_and_dudley_is_the_variant() -> None:
    centres = pd.read_csv(PLACES / "centres.csv")
    assert centres["default"].sum() == 9
    assert centres.loc[~centres["default"], "id"].tolist() == ["DUD"]


def test_claims_keep_their_words_and_friar_park_is_housing() -> None:
    sites = pd.read_csv(PLACES / "sites.csv").set_index("id")
    assert set(sites["status"]) == {"open", "permitted", "allocated", "housing"}
    assert sites.loc["friar_park", "status"] == "housing"
    assert sites.loc["ukc_hub", "claimed_jobs"] == "up to 77,500"
    claimed = sites[sites["claimed_jobs"].notna()]
    assert claimed["claimed_by"].notna().all()
    assert set(claimed["claim_basis"]) <= MARKS


def test_the_skills_pilot_offers_both_centres_and_defaults_to_one() -> None:
    wide = pd.read_csv(PLACES / "pilots.csv").query("radius_m == 2000")
    assert sorted(wide["default"]) == [False, True]


def test_an_installed_wheel_uses_its_own_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for data in (tmp_path / "corridors" / "bundled_data", tmp_path / "data"):
        (data / "places").mkdir(parents=True)
        (data / "README.md").touch()
    monkeypatch.setattr(bundled, "files", lambda package: tmp_path / package)
    assert bundled_data() == tmp_path / "corridors" / "bundled_data"


def test_an_installation_without_data_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "files", lambda package: tmp_path / package)
    with pytest.raises(FileNotFoundError, match="reinstall"):
        bundled_data()
