"""Layers from table to zone: the right geography, the right unit, one value a zone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import shapely

from layers.errors import GeographyError, LayerError
from layers.reading.attributes import (
    AreaSpec,
    FieldSpec,
    LayerSpec,
    LookupSpec,
    PointSpec,
    data_dictionary,
    read_layer,
    read_layers,
)
from layers.reading.origins import read_finer_points
from layers.reading.zones import Zones, read_zones
from tests.layers.conftest import WriteZones, square
from tests.layers.tables.test_read import WriteText

LSOAS = ["E01000001", "E01000002", "E01000003", "E01000004"]


@pytest.fixture
def zones(write_zones: WriteZones) -> Zones:
    path = write_zones([square(column, 0) for column in range(4)], LSOAS)
    return read_zones(path, id_column="code", geography="LSOA 2021")


@pytest.fixture
def layer(write_csv_text: WriteText) -> Callable[..., LayerSpec]:
    def make(content: str, *fields: FieldSpec, geography: str = "LSOA 2021", vintage: str = "2021") -> LayerSpec:
        path = write_csv_text(content, f"{'_'.join(field.name for field in fields)}.csv")
        return LayerSpec(path.stem, path.stem, path, "id", geography, vintage, "ONS", "OGL v3.0", fields)

    return make


def column(name: str, values: list[object]) -> str:
    return f"id,{name}\n" + "".join(f"{zone},{value}\n" for zone, value in zip(LSOAS, values, strict=True))


def test_a_layer_comes_with_its_source_unit_and_coverage(zones: Zones, layer: Callable[..., LayerSpec]) -> None:
    spec = layer(column("pct", [10, 20, 30, "c"]), FieldSpec("level4_share", "pct", "rate", "percent", "Level 4+"))
    values = read_layer(spec, zones)
    assert values.frame["level4_share"].tolist()[:3] == [0.1, 0.2, 0.3]
    source = values.provenance[0]
    assert (source.unit, source.resolution, source.method) == ("share 0-1", "LSOA 2021", "by id")
    assert source.zones_with_value == 3
    assert {finding.code for finding in values.findings} == {"suppressed_cells", "targets_without_value"}
    dictionary = data_dictionary("zones", values.provenance)
    row = dictionary.iloc[0]
    assert (row["column"], row["title"], row["unit"]) == ("level4_share", "Level 4+", "share 0-1")


def test_rows_of_other_places_matter_only_when_zones_lack_a_value(
    zones: Zones, layer: Callable[..., LayerSpec]
) -> None:
    field = FieldSpec("population", "people", "count")
    national = column("people", [1, 2, 3, 4]) + "E01999999,5\n"
    assert read_layer(layer(national, field), zones).findings == ()
    older = national.replace("E01000004", "E01888888")
    codes = {finding.code: finding.sample for finding in read_layer(layer(older, field), zones).findings}
    assert codes == {
        "targets_without_value": ("E01000004",),
        "rows_not_matched": ("E01888888", "E01999999"),
    }


@pytest.mark.parametrize(
    ("values", "unit", "message"),
    [
        ([10, 20, 30, 40], "fraction", "looks like a percent"),
        ([1200, 20, 30, 40], "percent", "looks like a count"),
        ([1200, 20, 30, 40], "count", "give `base`"),
        ([0.1, -0.2, 0.3, 0.4], "fraction", "negative in E01000002"),
        ([0.1, 0.2, 0.3, 0.4], "permille", "expected one of fraction, percent, count"),
    ],
)
def test_a_rate_in_another_unit_than_said_is_an_error(
    zones: Zones, layer: Callable[..., LayerSpec], values: list[object], unit: str, message: str
) -> None:
    spec = layer(column("q", values), FieldSpec("level4_share", "q", "rate", unit))
    with pytest.raises(LayerError, match=message):
        read_layer(spec, zones)


def test_a_count_becomes_a_share_of_the_people_it_is_counted_among(
    zones: Zones, layer: Callable[..., LayerSpec]
) -> None:
    table = "id,level4,people\n" + "".join(f"{zone},{n},200\n" for n, zone in enumerate(LSOAS, start=50))
    spec = layer(table, FieldSpec("level4_share", "level4", "rate", "count", base="people"))
    assert read_layer(spec, zones).frame["level4_share"].tolist() == [0.25, 0.255, 0.26, 0.265]


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ([1, -2, 3, 4], "count", r"counts can't be negative \(E01000002\)"),
        ([0, 1, 2, 11], "decile", r"whole numbers from 1 to 10 \(E01000001, E01000004\)"),
        ([0, 1.5, 2, 3], "rank", r"ranks are whole numbers from 1 \(E01000001, E01000002\)"),
    ],
)
def test_impossible_values_are_named(
    zones: Zones, layer: Callable[..., LayerSpec], values: list[object], kind: str, message: str
) -> None:
    with pytest.raises(LayerError, match=message):
        read_layer(layer(column("v", values), FieldSpec("v", "v", kind)), zones)  # type: ignore[arg-type]


def test_another_geography_without_a_lookup_is_refused(zones: Zones, layer: Callable[..., LayerSpec]) -> None:
    spec = layer("id,jobs\nE02000001,100\n", FieldSpec("jobs", "jobs", "count", "jobs"), geography="MSOA 2021")
    with pytest.raises(GeographyError, match="is on MSOA 2021 and the zones are LSOA 2021"):
        read_layer(spec, zones)


def test_jobs_of_an_msoa_are_shared_by_people_of_another_layer(
    zones: Zones, layer: Callable[..., LayerSpec], write_csv_text: WriteText
) -> None:
    lookup = write_csv_text("lsoa,msoa\n" + "".join(f"{zone},E02000001\n" for zone in LSOAS), "lookup.csv")
    jobs = replace(
        layer("id,jobs\nE02000001,100\n", FieldSpec("jobs", "jobs", "count", "jobs"), geography="MSOA 2021"),
        lookup=LookupSpec(lookup, "msoa", "lsoa"),
        share_by="population",
    )
    people = layer(column("people", [10, 20, 30, 40]), FieldSpec("population", "people", "count"))
    values = read_layers([jobs, people], zones)
    assert values.frame["jobs"].tolist() == [10, 20, 30, 40]
    source = next(each for each in values.provenance if each.field == "jobs")
    assert (source.resolution, source.method) == ("MSOA 2021", "shared over zones by population")


def test_two_layers_that_give_one_field_are_an_error_that_names_both(
    zones: Zones, layer: Callable[..., LayerSpec]
) -> None:
    one = layer(column("people", [1, 2, 3, 4]), FieldSpec("population", "people", "count"))
    other = replace(one, id="second", share_by="households")
    with pytest.raises(LayerError) as caught:
        read_layers([one, other], zones)
    assert "field population is given by both population and second" in str(caught.value)
    assert "shared by households, which no other layer gives" in str(caught.value)


def test_the_2019_indices_on_2021_areas_are_refused_with_the_reason(
    zones: Zones, layer: Callable[..., LayerSpec]
) -> None:
    spec = layer(column("d", [1, 2, 3, 4]), FieldSpec("imd_decile", "d", "decile"), vintage="2019")
    with pytest.raises(GeographyError, match="the 2019 indices are on LSOA 2011, not LSOA 2021"):
        read_layer(spec, zones)


def test_the_2019_indices_reach_2021_areas_through_a_lookup(
    zones: Zones, layer: Callable[..., LayerSpec], write_csv_text: WriteText
) -> None:
    """E01000001 is unchanged, E01000090 split into two, E01000004 was merged of two with the same decile."""
    lookup = write_csv_text(
        "old,new,change\nE01000001,E01000001,U\nE01000090,E01000002,S\nE01000090,E01000003,S\n"
        "E01000091,E01000004,M\nE01000092,E01000004,M\n",
        "changes.csv",
    )
    table = "id,d\nE01000001,7\nE01000090,3\nE01000091,1\nE01000092,1\n"
    spec = layer(table, FieldSpec("imd_decile", "d", "decile"), geography="LSOA 2011", vintage="2019")
    spec = replace(spec, lookup=LookupSpec(lookup, "old", "new", change="change"))
    values = read_layer(spec, zones)
    assert values.frame["imd_decile"].tolist() == [7, 3, 3, 1]
    assert values.provenance[0].resolution == "LSOA 2011"


def test_deciles_turned_round_are_found_by_their_rank(zones: Zones, layer: Callable[..., LayerSpec]) -> None:
    table = "id,d,r\n" + "".join(f"{zone},{10 - n},{100 * n}\n" for n, zone in enumerate(LSOAS, start=1))
    spec = layer(table, FieldSpec("imd_decile", "d", "decile"), FieldSpec("imd_rank", "r", "rank"))
    with pytest.raises(LayerError, match="deciles run the wrong way against imd_rank"):
        read_layers([spec], zones)


def test_jobs_without_a_lookup_are_shared_by_overlap(
    zones: Zones, layer: Callable[..., LayerSpec], write_zones: WriteZones
) -> None:
    """A 2 km square over two zones and an empty place north of them: half its jobs are lost, and counted."""
    outlines = write_zones([square(0, 0, 2000)], ["E02000001"], name="msoa.gpkg")
    spec = layer("id,jobs\nE02000001,100\n", FieldSpec("jobs", "jobs", "count", "jobs"), geography="MSOA 2011")
    values = read_layer(replace(spec, lookup=AreaSpec(outlines, "code")), zones)
    assert values.frame["jobs"].tolist()[:2] == [25, 25]
    assert values.provenance[0].method == "shared over zones by area"
    loss = next(finding for finding in values.findings if finding.code == "amount_not_placed")
    assert "50 of 100 (50.0%)" in loss.effect


def test_a_rate_without_people_is_averaged_by_area(
    zones: Zones, layer: Callable[..., LayerSpec], write_zones: WriteZones
) -> None:
    """Zone 1 is three quarters in A (a 3 km2 area, 20 %) and one quarter in B (a quarter km2, 60 %): 30 %."""
    wide, narrow = shapely.box(400_000, 298_000, 400_750, 302_000), shapely.box(400_750, 300_000, 401_000, 301_000)
    outlines = write_zones([wide, narrow], ["E02000001", "E02000002"], name="msoa.gpkg")
    table = "id,pct\nE02000001,20\nE02000002,60\n"
    spec = layer(table, FieldSpec("level4_share", "pct", "rate", "percent"), geography="MSOA 2011")
    values = read_layer(replace(spec, lookup=AreaSpec(outlines, "code")), zones)
    assert values.frame["level4_share"].iloc[0] == pytest.approx(0.3)
    assert values.provenance[0].method == "value of the parent area, or average of parts by area"


def test_jobs_are_shared_by_people_at_points_where_given(
    zones: Zones, layer: Callable[..., LayerSpec], write_csv_text: WriteText
) -> None:
    middles = zones.frame.centroid.to_crs("EPSG:4326")
    people = dict(zip(LSOAS, [10, 20, 30, 40], strict=True))
    lines = "".join(f"E02000001,{middles[zone].x},{middles[zone].y},{people[zone]}\n" for zone in LSOAS)
    points = write_csv_text("msoa,lon,lat,people\n" + lines, "points.csv")
    spec = layer("id,jobs\nE02000001,100\n", FieldSpec("jobs", "jobs", "count", "jobs"), geography="MSOA 2011")
    values = read_layer(replace(spec, lookup=PointSpec(points, "msoa", "lon", "lat", "people")), zones)
    assert values.frame["jobs"].tolist() == pytest.approx([10, 20, 30, 40])
    alike = read_layer(replace(spec, lookup=PointSpec(points, "msoa", "lon", "lat")), zones)
    assert alike.frame["jobs"].tolist() == [25, 25, 25, 25]


def test_people_below_none_at_points_are_refused(
    zones: Zones, layer: Callable[..., LayerSpec], write_csv_text: WriteText
) -> None:
    points = write_csv_text("msoa,lon,lat,people\nM,-1.9,52.4,-5\n", "points.csv")
    spec = layer("id,jobs\nM,100\n", FieldSpec("jobs", "jobs", "count", "jobs"), geography="areas")
    with pytest.raises(LayerError, match=r"points.csv: column people: people can't be negative \(line 2\)"):
        read_layer(replace(spec, lookup=PointSpec(points, "msoa", "lon", "lat", "people")), zones)
    columns = {"id_column": "msoa", "lon_column": "lon", "lat_column": "lat", "people_column": "people"}
    with pytest.raises(LayerError, match=r"points.csv: column people: people can't be negative \(row M\)"):
        read_finer_points(points, **columns, zones=zones)


def test_zones_of_unknown_people_make_their_area_share_equally(
    zones: Zones, layer: Callable[..., LayerSpec], write_csv_text: WriteText
) -> None:
    lookup = write_csv_text("lsoa,msoa\n" + "".join(f"{zone},E02000001\n" for zone in LSOAS), "lookup.csv")
    jobs = replace(
        layer("id,jobs\nE02000001,100\n", FieldSpec("jobs", "jobs", "count", "jobs"), geography="MSOA 2021"),
        lookup=LookupSpec(lookup, "msoa", "lsoa"),
        share_by="population",
    )
    people = layer(column("people", [10, 20, 30, "c"]), FieldSpec("population", "people", "count"))
    values = read_layers([jobs, people], zones)
    assert values.frame["jobs"].tolist() == [25, 25, 25, 25]
    assert ("shared_equally", 1, ("E02000001",)) in [(each.code, each.count, each.sample) for each in values.findings]


def test_a_join_never_multiplies_rows(zones: Zones, layer: Callable[..., LayerSpec]) -> None:
    doubled = column("people", [1, 2, 3, 4]) + "E01000001,9\n"
    with pytest.raises(LayerError, match="1 ids more than once"):
        read_layer(layer(doubled, FieldSpec("population", "people", "count")), zones)


def test_the_order_of_rows_changes_nothing(zones: Zones, layer: Callable[..., LayerSpec]) -> None:
    field = FieldSpec("population", "people", "count")
    straight = column("people", [1, 2, 3, 4])
    header, *lines = straight.splitlines()
    turned = "\n".join([header, *reversed(lines)])
    one, other = read_layer(layer(straight, field), zones), read_layer(layer(turned, field), zones)
    pd.testing.assert_frame_equal(one.frame, other.frame)


def test_paths_of_specs_are_checked_when_read(zones: Zones, layer: Callable[..., LayerSpec]) -> None:
    spec = replace(
        layer(column("p", [1, 2, 3, 4]), FieldSpec("population", "p", "count")), path=Path("https://example.org/p.csv")
    )
    with pytest.raises(LayerError, match="https:"):
        read_layer(spec, zones)


@pytest.mark.parametrize(
    ("values", "unit", "counted"),
    [
        (["1.523", "2.104", "1.800", "999.001"], "people", 4),
        (["1.523", "2.104", "1.800", "999.001"], "ha", 0),
        (["1.523", "2.104", "0.5", "999.001"], "people", 0),
        (["1.523", "2", "3", "4"], "people", 0),
        (["1.5231", "2.104", "1.8", "9"], "people", 0),
    ],
)
def test_counts_that_all_have_three_decimals_may_be_thousands(
    zones: Zones, layer: Callable[..., LayerSpec], values: list[object], unit: str, counted: int
) -> None:
    found = read_layer(
        layer(column("people", values), FieldSpec("population", "people", "count", unit)), zones
    ).findings
    assert [one.count for one in found if one.code == "counts_with_fractions"] == ([counted] if counted else [])


@pytest.mark.parametrize(
    ("values", "unit", "counted"),
    [([0.1, 0.2, 0.3, 0.8], "percent", 4), ([0.1, 0.2, 0.3, 1.2], "percent", 0), ([0.1, 0.2, 0.3, 0.8], "fraction", 0)],
)
def test_a_few_percentages_below_one_are_counted(
    zones: Zones, layer: Callable[..., LayerSpec], values: list[object], unit: str, counted: int
) -> None:
    """Of ten areas or more they are refused; of seven districts they were read as a hundredth, without a word."""
    found = read_layer(layer(column("pct", values), FieldSpec("level4_share", "pct", "rate", unit)), zones).findings
    assert [(one.code, one.count) for one in found] == ([("percentages_below_one", counted)] if counted else [])


def test_a_zone_without_people_to_count_among_is_named_by_its_field(
    zones: Zones, layer: Callable[..., LayerSpec]
) -> None:
    rows = "id,n,people\n" + "".join(f"{zone},1,{people}\n" for zone, people in zip(LSOAS, (4, 5, 2, 0), strict=True))
    found = read_layer(layer(rows, FieldSpec("no_car", "n", "rate", "count", base="people")), zones)
    assert found.frame["no_car"].tolist()[:3] == [0.25, 0.2, 0.5]
    assert [one.effect for one in found.findings] == ["no_car: zones without a value."]
