"""Run configurations for the real West Midlands under the synthetic timetable, on LSOAs of 2021 or output areas of 2011.

`python -m benchmarks.west_midlands --zones lsoa21|oa11 --to DIR`, then `corridors run DIR/config.toml`.
"""

import argparse
import datetime as dt
from pathlib import Path
from string import Template

import geopandas as gpd
import pandas as pd

from accessibility.feed import read_feed
from accessibility.legs import Points, points
from accessibility.timetable.timetable import Timetable, build_timetable
from benchmarks.shared import PROJECT, WEST_MIDLANDS

ZONES = ("lsoa21", "oa11")
DATE = dt.date(2026, 3, 24)
FEEDS = ("bus_synthetic_gtfs", "rail_synthetic_gtfs", "metro_gtfs")
_REGIONS = Path(__file__).parent / "regions"
_CRS = "EPSG:27700"


def write_configuration(zones: str, folder: Path) -> Path:
    """Write `config.toml` and the lookup it needs into `folder`; returns the configuration's path."""
    folder.mkdir(parents=True, exist_ok=True)
    areas = {"lsoa21": lsoa21_areas, "oa11": oa11_areas}[zones]()
    areas.to_csv(folder / f"{zones}_areas.csv", index=False, lineterminator="\n")
    template = "".join(
        (_REGIONS / name).read_text(encoding="utf-8") for name in ("west_midlands.toml", f"west_midlands_{zones}.toml")
    )
    places = {"data": WEST_MIDLANDS, "places": PROJECT / "data" / "places", "made": folder.resolve()}
    config = folder / "config.toml"
    config.write_text(
        Template(template).substitute({name: path.as_posix() for name, path in places.items()}), encoding="utf-8"
    )
    return config


def feed_files() -> list[Path]:
    """The three feeds."""
    return [WEST_MIDLANDS / "timetable" / "synthetic" / f"{name}.zip" for name in FEEDS]


def read_timetable() -> Timetable:
    """The three feeds on the day of the configurations."""
    return build_timetable(read_feed(feed_files()), DATE)


def read_points(zones: str) -> Points:
    """Where the zones of a configuration start from."""
    if zones == "oa11":
        table = pd.read_csv(WEST_MIDLANDS / "zones" / "oa11_points_wm.csv")
        return points(table["oa11cd"], table["lon"], table["lat"])
    places = _outlines("lsoa21_wm", "lsoa21_code").representative_point().to_crs("EPSG:4326")
    return points(places.index, places.x, places.y)


def read_centres() -> Points:
    """The nine strategic centres of the headline, reached within 400 m."""
    table = pd.read_csv(PROJECT / "data" / "places" / "centres.csv")
    table = table[table["default"]]
    return points(table["id"], table["lon"], table["lat"], radius_m=400)


def lsoa21_areas() -> pd.DataFrame:
    """LSOA 2021 -> MSOA 2011, by the representative point: columns zone, msoa11."""
    lsoas = _outlines("lsoa21_wm", "lsoa21_code")
    return pd.DataFrame(
        {"zone": lsoas.index, "msoa11": _containing(lsoas.representative_point(), "msoa11_wm", "MSOA11CD")}
    )


def oa11_areas() -> pd.DataFrame:
    """Output area 2011 -> every larger area its values come from: columns zone, lsoa11, lsoa21, msoa11, msoa21, ward22, district.

    An OA lies in the LSOA of 2021 that its LSOA of 2011 became; where that was split, in the part its point lies in.
    """
    points = pd.read_csv(WEST_MIDLANDS / "zones" / "oa11_points_wm.csv").rename(
        columns={"oa11cd": "zone", "lsoa11cd": "lsoa11"}
    )
    places = gpd.GeoSeries.from_xy(points["lon"], points["lat"], crs="EPSG:4326", index=points["zone"]).to_crs(_CRS)
    changes = _table("zones/lookup_lsoa11_lsoa21_ltla22_wm.csv", "lsoa11_code", ["lsoa21_code", "ltla22_code"])
    unsplit = changes[~changes.index.duplicated(keep=False)]["lsoa21_code"]
    by_point = pd.Series(_containing(places, "lsoa21_wm", "lsoa21_code"), index=points.index)
    lsoa21 = points["lsoa11"].map(unsplit).fillna(by_point)
    wards = _table("qualifications/lsoa21_to_wd22_bestfit_ts067_wm.csv", "lsoa21cd", ["ward22_code"])["ward22_code"]
    msoas = _table("zones/lookup_lsoa21_msoa21.csv", "lsoa21cd", ["msoa21cd"])["msoa21cd"]
    districts = changes["ltla22_code"][~changes.index.duplicated()]
    return points[["zone", "lsoa11"]].assign(
        lsoa21=lsoa21,
        msoa11=_containing(places, "msoa11_wm", "MSOA11CD"),
        msoa21=lsoa21.map(msoas),
        ward22=lsoa21.map(wards),
        district=points["lsoa11"].map(districts),
    )


def _table(file: str, key: str, columns: list[str]) -> pd.DataFrame:
    return pd.read_csv(WEST_MIDLANDS / file, usecols=[key, *columns]).set_index(key)


def _outlines(name: str, code: str) -> gpd.GeoDataFrame:
    return gpd.read_file(WEST_MIDLANDS / "zones" / f"{name}.gpkg").set_index(code).to_crs(_CRS)


def _containing(points: gpd.GeoSeries, name: str, code: str) -> list[str]:
    """The code of the outline each point lies in, or of the nearest (outlines are generalised)."""
    found = gpd.GeoDataFrame(geometry=points.reset_index(drop=True)).sjoin_nearest(_outlines(name, code)[["geometry"]])
    codes: list[str] = found[~found.index.duplicated()].sort_index()[code].tolist()
    return codes


def main() -> None:
    """Write the configuration that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--zones", choices=ZONES, default="lsoa21")
    parser.add_argument("--to", type=Path, required=True, help="folder for config.toml and its lookup")
    given = parser.parse_args()
    print(write_configuration(given.zones, given.to))


if __name__ == "__main__":
    main()
