"""The base map of a run: made small and compared with slow readings, of streets or of a layer, hostile or absent."""

from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from corridors.config.run_config import load_config
from corridors.inputs.base_map import CREDIT, MARGIN_M, TOLERANCE_M, prepared, read_base_map_of, small_enough
from layers import LayersError
from maps import LOOKS
from tests.accessibility.streets.test_base_map import node, way, written
from tests.support.small_region import SmallRegion, good_zones

CRS = "EPSG:27700"
LAND = gpd.GeoSeries([shapely.box(0, 0, 10_000, 10_000)], crs=CRS)


def frame(*rows: tuple[str, str, str, shapely.Geometry]) -> gpd.GeoDataFrame:
    facts = pd.DataFrame([row[:3] for row in rows], columns=["kind", "class", "name"], dtype=object)
    return gpd.GeoDataFrame(facts, geometry=[row[3] for row in rows], crs=CRS)


def wandering(seed: int, corners: int = 60) -> shapely.LineString:
    draw = np.random.default_rng(seed)
    return shapely.LineString(np.cumsum(draw.normal(0, 400, (corners, 2)), axis=0) + 5000)


@pytest.mark.parametrize("seed", range(3))
def test_lines_are_cut_at_the_land_and_stay_within_the_tolerance(seed: int) -> None:
    whole = wandering(seed)
    steps = [("road", "primary", "A1", shapely.LineString(step)) for step in pairwise(whole.coords)]
    (drawn,) = prepared(frame(*steps), LAND).geometry
    expected = shapely.intersection(whole, LAND.iloc[0])  # the whole line at once, nothing joined
    assert drawn.hausdorff_distance(expected) <= TOLERANCE_M + 1e-6
    assert LAND.iloc[0].covers(drawn)


def test_areas_keep_their_holes_and_small_ones_go() -> None:
    lake = shapely.box(100, 100, 900, 900).difference(shapely.box(300, 300, 500, 500))
    made = prepared(
        frame(("water", "water", "Lake", lake), ("green", "park", "Tiny", shapely.box(0, 0, 99, 99)),
              ("green", "wood", "Beyond", shapely.box(20_000, 0, 21_000, 900))),
        LAND,
    )  # fmt: skip
    assert made["name"].tolist() == ["Lake"]
    assert made.geometry.iloc[0].equals(lake)


def test_bad_shapes_and_names_do_no_harm() -> None:
    bow_tie = shapely.Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    mixed = shapely.GeometryCollection([shapely.box(0, 0, 500, 500), shapely.Point(1, 1)])
    long = "\u202eشارع" + "x" * 400
    made = prepared(
        frame(("green", "park", long, bow_tie), ("built_up", "built_up", "", mixed),
              ("road", "trunk", "", shapely.box(0, 0, 9, 9)), ("road", "local", "", shapely.LineString()),
              ("place", "town", "Town", shapely.Point(5, 5))),
        LAND,
    )  # fmt: skip
    assert set(zip(made["kind"], made["class"], strict=True)) == {
        ("green", "park"), ("built_up", "built_up"), ("place", "town"),
    }  # fmt: skip
    assert made["name"].str.len().max() == 60
    assert shapely.is_valid(made.geometry.to_numpy()).all()
    empty = prepared(frame(("road", "local", "", shapely.LineString())).iloc[:0], LAND)
    assert len(empty) == 0


def test_the_most_important_classes_are_kept_and_the_others_are_named() -> None:
    rows = [
        (*key, "", shapely.LineString(np.column_stack([range(10), range(10)])))
        for key in LOOKS
        if LOOKS[key].shape == "line"
    ]
    every = frame(*reversed(rows))
    kept, left_out = small_enough(every, most=35)
    assert set(kept["class"]) == {"motorway", "trunk", "river"}
    assert sum(left_out.values()) + len(kept) == len(every)
    assert left_out["Local roads"] == 1
    assert small_enough(every, most=1000)[1] == {}


def streets(folder: Path) -> Path:
    """A road past the zones, one far away, and a town."""
    lon, lat = good_zones().to_crs("EPSG:4326").geometry.iloc[0].centroid.coords[0]
    return written(
        folder, node(1, lon - 0.005, lat), node(2, lon + 0.005, lat), node(3, lon + 3, lat), node(4, lon + 3, lat + 0.01),
        way(1, [1, 2], {"highway": "primary", "ref": "A1"}), way(2, [3, 4], {"highway": "primary", "ref": "A2"}),
        node(5, lon, lat, {"place": "town", "name": "\u202eTown\x85"}),
    )  # fmt: skip


def test_a_run_draws_what_its_streets_hold_with_their_makers(region: SmallRegion) -> None:
    file = streets(region.folder)
    region.replace("config.toml", "[zones]", f'[streets]\nfile = "{file.name}"\n\n[zones]')
    config = load_config(region.config)
    first, again = (read_base_map_of(config, good_zones()) for _ in range(2))  # the second from the cache
    assert first.base_map is not None
    assert again.base_map is not None
    assert first.base_map.credit == CREDIT
    assert first.base_map.frame["name"].tolist() == ["\u202eTown\ufffd", "A1"]
    assert first.base_map.frame.equals(again.base_map.frame)
    hull = good_zones().geometry.union_all().convex_hull
    assert first.base_map.frame.geometry.within(hull.buffer(MARGIN_M + 1)).all()
    hidden = config.model_copy(update={"base_map": config.base_map.model_copy(update={"show": False})})
    assert read_base_map_of(hidden, good_zones()).base_map is None


def test_streets_that_hold_nothing_or_cannot_be_read_cost_the_base_map_alone(region: SmallRegion) -> None:
    assert read_base_map_of(load_config(region.config), good_zones()).base_map is None  # no streets at all
    empty = written(region.folder, node(1, 0, 0))
    region.replace("config.toml", "[zones]", f'[streets]\nfile = "{empty.name}"\n\n[zones]')
    config = load_config(region.config)
    assert read_base_map_of(config, good_zones()) == type(read_base_map_of(config, good_zones()))()
    empty.write_text("<osm version='0.6'><node", encoding="utf-8")
    unread = read_base_map_of(config, good_zones())
    assert unread.base_map is None
    (warning,) = unread.warnings
    assert warning.code == "base_map_unread"
    assert "figures are not touched" in warning.effect


def test_a_run_does_without_the_cache(region: SmallRegion, monkeypatch: pytest.MonkeyPatch) -> None:
    file = streets(region.folder)
    region.replace("config.toml", "[zones]", f'[streets]\nfile = "{file.name}"\n\n[zones]')
    monkeypatch.setenv("CORRIDORS_CACHE", str(file))  # a file: no folder can be made in it
    read = read_base_map_of(load_config(region.config), good_zones()).base_map
    assert read is not None
    assert len(read.frame) == 2


def layer(region: SmallRegion, *rows: tuple[str, str, str | None, shapely.Geometry | None]) -> None:
    frame(*rows).to_file(region.path("base.gpkg"))  # type: ignore[arg-type]
    text = region.config.read_text(encoding="utf-8")
    if "[base_map]" not in text:
        region.replace("config.toml", "[zones]", '[base_map]\nfile = "base.gpkg"\nsource = "The county"\n\n[zones]')


def test_a_layer_of_ones_own_is_drawn_with_its_source(region: SmallRegion) -> None:
    at = good_zones().geometry.iloc[0].centroid
    layer(region, ("road", "trunk", None, shapely.LineString([at, (at.x + 500, at.y)])), ("place", "village", "V", at))
    read = read_base_map_of(load_config(region.config), good_zones())
    assert read.base_map is not None
    assert read.base_map.credit == "The county"
    assert sorted(read.base_map.frame["name"]) == ["", "V"]
    assert [one.id for one in read.provenance] == ["base_map"]


def test_a_layer_with_other_words_says_which_are_known(region: SmallRegion) -> None:
    layer(region, ("street", "big", "", good_zones().geometry.iloc[0].centroid))
    with pytest.raises(LayersError, match=r"base.gpkg: .*none of these: street big.*road motorway"):
        read_base_map_of(load_config(region.config), good_zones())


def test_the_documented_recipe_makes_such_a_layer(region: SmallRegion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(region.folder)
    at = good_zones().geometry.iloc[0].centroid
    drawn = {
        "roads": ("A Road", shapely.LineString([at, (at.x + 500, at.y)])), "greenspace": ("Park", at.buffer(200)),
        "names": ("Town", at),
    }  # fmt: skip
    for layer_name, (word, shape) in drawn.items():
        facts = {"type": [word, "Other"], "name": ["N", "O"]}
        gpd.GeoDataFrame(facts, geometry=[shape, shape], crs=CRS).to_file("open_map.gpkg", layer=layer_name)
    text = (Path(__file__).parents[3] / "docs" / "map.md").read_text(encoding="utf-8")
    exec(text.split("```python\n")[1].split("```")[0], {})  # the recipe itself
    region.replace("config.toml", "[zones]", '[base_map]\nfile = "ground.gpkg"\n\n[zones]')
    found = read_base_map_of(load_config(region.config), good_zones()).base_map
    assert found is not None
    assert found.frame["kind"].tolist() == ["place", "road", "green"]
