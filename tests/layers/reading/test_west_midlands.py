"""The facts of docs/domain.md section 7 on the real layers: zones, deprivation, corridors, people, jobs."""

from pathlib import Path

import pandas as pd
import pytest

from layers.reading.attributes import AreaSpec, FieldSpec, LayerSpec, LookupSpec, read_layer, read_layers
from layers.reading.deprivation import decile_shares
from layers.reading.origins import read_zone_points, zone_points
from layers.reading.places import catchments, members, read_corridors
from layers.reading.zones import Zones, assign_district, read_districts, read_zones
from layers.tables.read import read_table

DISTRICTS = {
    "E08000025": "Birmingham",
    "E08000026": "Coventry",
    "E08000027": "Dudley",
    "E08000028": "Sandwell",
    "E08000029": "Solihull",
    "E08000030": "Walsall",
    "E08000031": "Wolverhampton",
}
CHANGES = "zones/lookup_lsoa11_lsoa21_ltla22_wm.csv"


@pytest.fixture(scope="module")
def lsoa_2011(west_midlands: Path) -> Zones:
    path = west_midlands / "zones" / "lsoa11_wm.gpkg"
    zones = read_zones(path, id_column="lsoa11_code", name_column="lsoa11_name", geography="LSOA 2011")
    codes = read_districts(west_midlands / CHANGES, zone_column="lsoa11_code", district_column="ltla22_code")
    return assign_district(zones, codes, DISTRICTS)


@pytest.fixture(scope="module")
def lsoa_2021(west_midlands: Path) -> Zones:
    path = west_midlands / "zones" / "lsoa21_wm.gpkg"
    return read_zones(path, id_column="lsoa21_code", name_column="lsoa21_name", geography="LSOA 2021")


@pytest.fixture(scope="module")
def imd_2019(west_midlands: Path) -> pd.DataFrame:
    path = west_midlands / "deprivation" / "imd2019_england_lsoa11.csv"
    columns = ["IMD_decile", "IMD_rank", "Employment_rank", "Education_rank"]
    return read_table(path, key="lsoa11_code", numbers=columns).rows


@pytest.fixture(scope="module")
def weighted_points(west_midlands: Path, lsoa_2011: Zones) -> pd.DataFrame:
    path = west_midlands / "zones" / "lsoa11_popw_centroids_wm.csv"
    points, findings = zone_points(
        lsoa_2011, read_zone_points(path, id_column="lsoa11_code", lon_column="lon", lat_column="lat")
    )
    assert findings == ()
    return points


def layer(root: Path, file: str, key: str, geography: str, *fields: FieldSpec, **more: object) -> LayerSpec:
    vintage = "2019" if "2019" in file else "2021"
    return LayerSpec(Path(file).stem, file, root / file, key, geography, vintage, "", "OGL v3.0", fields, **more)  # type: ignore[arg-type]


def corridor_counts(points: pd.DataFrame, corridors: Path, deciles: pd.Series) -> pd.DataFrame:
    """corridor x buffer: number of LSOAs, and per cent of them in decile 1."""
    pairs = members(points, catchments(read_corridors(corridors)))
    pairs["decile_1"] = pairs["zone_id"].map(deciles).eq(1)
    counts = pairs.groupby(["corridor_id", "buffer_m"])["decile_1"].agg(["size", "mean"])
    return pd.concat({column: counts[column].unstack() for column in counts.columns}, axis="columns")


def test_there_are_1680_lsoas_of_901_square_kilometres(lsoa_2011: Zones) -> None:
    assert len(lsoa_2011.frame) == 1680
    assert lsoa_2011.frame.area.sum() / 1e6 == pytest.approx(901, abs=1)
    assert lsoa_2011.frame["district_name"].nunique() == 7
    assert lsoa_2011.findings == ()


def test_there_are_1719_lsoas_of_2021_and_8468_output_areas(west_midlands: Path, lsoa_2021: Zones) -> None:
    assert len(lsoa_2021.frame) == 1719
    areas = read_zones(west_midlands / "zones" / "oa11_wm.gpkg", id_column="OA11CD", geography="OA 2011")
    assert len(areas.frame) == 8468


def test_the_two_invalid_msoas_are_repaired_and_named(west_midlands: Path) -> None:
    zones = read_zones(west_midlands / "zones" / "msoa11_wm.gpkg", id_column="MSOA11CD", geography="MSOA 2011")
    assert len(zones.frame) == 356
    assert [(finding.code, finding.count, finding.sample) for finding in zones.findings] == [
        ("invalid_polygons_repaired", 2, ("E02001854", "E02001871"))
    ]


@pytest.mark.parametrize(
    ("corridor", "length_km", "tolerance_km"),
    [
        ("icknield_smethwick", 5.0, 0.05),
        ("wolverhampton_walsall", 10.3, 0.05),
        ("sandwell_dudley", 11.0, 0.3),
        ("perry_barr_a34", 12.9, 0.05),
    ],
)
def test_corridors_have_their_stated_length(places: Path, corridor: str, length_km: float, tolerance_km: float) -> None:
    assert read_corridors(places / "corridors.csv").loc[corridor, "length_km"] == pytest.approx(
        length_km, abs=tolerance_km
    )


def test_shares_of_lsoas_in_the_most_deprived_deciles(lsoa_2011: Zones, imd_2019: pd.DataFrame) -> None:
    deciles = imd_2019["IMD_decile"].reindex(lsoa_2011.frame.index)
    region = decile_shares(deciles).loc["all"]
    assert [round(100 * region[column], 1) for column in ("decile_1_share", "decile_1_2_share")] == [26.4, 45.1]
    by_district = decile_shares(deciles, lsoa_2011.frame["district_name"])
    expected = {
        "Birmingham": (41.3, 56.3),
        "Sandwell": (19.9, 60.2),
        "Wolverhampton": (20.9, 49.4),
        "Walsall": (26.3, 49.7),
        "Coventry": (14.4, 25.6),
        "Dudley": (10.9, 25.9),
        "Solihull": (11.9, 16.4),
    }
    found = (by_district[["decile_1_share", "decile_1_2_share"]] * 100).round(1)
    assert {name: tuple(row) for name, row in zip(found.index, found.to_numpy(), strict=True)} == expected


def test_corridor_lsoas_by_representative_points(lsoa_2011: Zones, places: Path, imd_2019: pd.DataFrame) -> None:
    counts = corridor_counts(zone_points(lsoa_2011).frame, places / "corridors.csv", imd_2019["IMD_decile"])
    assert counts["size"].loc["icknield_smethwick"].tolist() == [30, 45, 93]
    assert counts["size"].loc["wolverhampton_walsall"].tolist() == [38, 63, 125]
    assert counts["size"].loc["sandwell_dudley"].tolist() == [31, 58, 116]
    assert counts["size"].loc["perry_barr_a34"].tolist() == [54, 78, 147]
    percent = (counts["mean"] * 100).round()
    assert percent.loc["icknield_smethwick"].tolist() == [37, 33, 42]
    assert percent.loc["wolverhampton_walsall"].tolist() == [47, 43, 34]
    assert percent.loc["sandwell_dudley"].tolist() == [35, 29, 28]
    assert percent.loc["perry_barr_a34"].tolist() == [44, 38, 34]


def test_corridor_lsoas_by_population_weighted_centroids(
    weighted_points: pd.DataFrame, places: Path, imd_2019: pd.DataFrame
) -> None:
    counts = corridor_counts(weighted_points, places / "corridors.csv", imd_2019["IMD_decile"])
    assert counts["size"].loc["icknield_smethwick"].tolist() == [27, 45, 95]
    assert counts["size"].loc["wolverhampton_walsall"].tolist() == [36, 63, 122]
    assert counts["size"].loc["sandwell_dudley"].tolist() == [28, 55, 120]
    assert counts["size"].loc["perry_barr_a34"].tolist() == [54, 83, 149]
    percent = (counts["mean"] * 100).round()
    assert percent.loc["icknield_smethwick"].tolist() == [41, 36, 40]
    assert percent.loc["wolverhampton_walsall"].tolist() == [44, 44, 34]
    assert percent.loc["sandwell_dudley"].tolist() == [36, 31, 28]
    assert percent.loc["perry_barr_a34"].tolist() == [41, 37, 34]


def test_the_four_corridors_hold_18_percent_of_the_most_deprived_lsoas(
    lsoa_2011: Zones, places: Path, imd_2019: pd.DataFrame
) -> None:
    """231 LSOAs (13.8 %) by representative points, each counted once however many corridors it is in."""
    pairs = members(zone_points(lsoa_2011).frame, catchments(read_corridors(places / "corridors.csv"), [1200]))
    together = pairs["zone_id"].unique()
    in_decile_1 = imd_2019["IMD_decile"].reindex(lsoa_2011.frame.index).eq(1)
    assert len(together) == 231
    assert 100 * len(together) / len(in_decile_1) == pytest.approx(13.8, abs=0.051)
    assert 100 * in_decile_1[together].sum() / in_decile_1.sum() == pytest.approx(18.0, abs=0.05)


def test_corridors_overlap_by_the_stated_lsoas(lsoa_2011: Zones, places: Path) -> None:
    """Section 3: 3 LSOAs in both Icknield and the A34, 10 in both Wolverhampton-Walsall and the A34."""
    pairs = members(zone_points(lsoa_2011).frame, catchments(read_corridors(places / "corridors.csv"), [1200]))
    inside = {corridor: set(group["zone_id"]) for corridor, group in pairs.groupby("corridor_id")}
    assert len(inside["icknield_smethwick"] & inside["perry_barr_a34"]) == 3
    assert len(inside["wolverhampton_walsall"] & inside["perry_barr_a34"]) == 10


def test_overall_rank_is_nearly_its_own_employment_domain(lsoa_2011: Zones, imd_2019: pd.DataFrame) -> None:
    ranks = imd_2019.loc[lsoa_2011.frame.index]
    assert ranks["IMD_rank"].corr(ranks["Employment_rank"]) == pytest.approx(0.946, abs=0.0005)
    assert ranks["IMD_rank"].corr(ranks["Education_rank"]) == pytest.approx(0.880, abs=0.0005)


def test_27_and_a_half_percent_of_households_have_no_car(west_midlands: Path, lsoa_2021: Zones) -> None:
    fields = [FieldSpec(name, name, "count") for name in ("population", "households", "households_no_car")]
    values = read_layer(
        layer(west_midlands, "people/census2021_lsoa21.csv", "lsoa21cd", "LSOA 2021", *fields), lsoa_2021
    )
    totals = values.frame.sum()
    assert 100 * totals["households_no_car"] / totals["households"] == pytest.approx(27.5, abs=0.05)
    assert totals["population"] == pytest.approx(2_919_662, abs=100)  # Census tables differ by disclosure control
    assert values.findings == ()


def test_every_published_job_reaches_a_zone_and_five_msoas_are_blank(west_midlands: Path, lsoa_2021: Zones) -> None:
    """The jobs file has 2011 codes: the five MSOAs new in 2021 are blank, so their 26 LSOAs are missing, not zero."""
    people = FieldSpec("population", "population", "count")
    jobs = FieldSpec("jobs", "msoa_employment", "count", "jobs")
    lookup = LookupSpec(west_midlands / "zones" / "lookup_lsoa21_msoa21.csv", "msoa21cd", "lsoa21cd")
    file = "employment/bres2023_employees_msoa21.csv"
    values = read_layers(
        [
            layer(west_midlands, file, "msoa_cd", "MSOA 2021", jobs, lookup=lookup, share_by="population"),
            layer(west_midlands, "people/census2021_lsoa21.csv", "lsoa21cd", "LSOA 2021", people),
        ],
        lsoa_2021,
    )
    assert values.frame["jobs"].sum() == pytest.approx(1_307_325)
    assert {finding.code: finding.count for finding in values.findings} == {
        "blank_cells": 5,
        "targets_without_value": 26,
    }


def test_the_2019_indices_reach_2021_lsoas_by_their_changes(west_midlands: Path, lsoa_2021: Zones) -> None:
    """Every 2021 LSOA here is unchanged, a part, or one merger whose two parts share a decile."""
    spec = layer(
        west_midlands,
        "deprivation/imd2019_england_lsoa11.csv",
        "lsoa11_code",
        "LSOA 2011",
        FieldSpec("imd_decile", "IMD_decile", "decile"),
        lookup=LookupSpec(west_midlands / CHANGES, "lsoa11_code", "lsoa21_code", change="change_code"),
    )
    values = read_layer(spec, lsoa_2021)
    assert values.frame["imd_decile"].notna().all()
    assert values.findings == ()


def test_brownfield_hectares_reach_lsoas_by_overlap_with_the_loss_said(west_midlands: Path, lsoa_2021: Zones) -> None:
    """Hectares of 2011 MSOAs on 2021 LSOAs: what is placed and what is not add up to the published total."""
    spec = layer(
        west_midlands,
        "employment/brownfield_ha_msoa11_2022.csv",
        "msoa11cd",
        "MSOA 2011",
        FieldSpec("brownfield_ha", "brownfield_ha", "count", "ha"),
        lookup=AreaSpec(west_midlands / "zones" / "msoa11_wm.gpkg", "MSOA11CD"),
    )
    published = read_table(spec.path, key="msoa11cd", numbers=["brownfield_ha"]).rows["brownfield_ha"].sum()
    values = read_layer(spec, lsoa_2021)
    loss = next(finding for finding in values.findings if finding.code == "amount_not_placed")
    lost_ha = float(loss.effect.split(" of ")[0].rsplit(" ", 1)[1])
    assert values.frame["brownfield_ha"].sum() + lost_ha == pytest.approx(published, abs=1)
    assert lost_ha < 0.03 * published


def test_ward_qualifications_are_counted_where_wards_are_missing(west_midlands: Path, lsoa_2021: Zones) -> None:
    lookup = west_midlands / "qualifications" / "lsoa21_to_wd22_bestfit_ts067_wm.csv"
    spec = layer(
        west_midlands,
        "qualifications/wm_wards_wd22_ts067_2021.csv",
        "wd22cd",
        "Ward 2022",
        FieldSpec("level4_share", "level4plus_pct", "rate", "percent"),
        lookup=LookupSpec(lookup, "ward22_code", "lsoa21cd"),
    )
    values = read_layer(spec, lsoa_2021)
    assert values.frame["level4_share"].between(0.1, 0.7).sum() == 1699
    assert [(finding.code, finding.count) for finding in values.findings] == [("targets_without_value", 20)]
    assert values.provenance[0].resolution == "Ward 2022"
