"""Who belongs to corridors and pilots: straight lines, streets, finer points, and centres that can be moved."""

from itertools import pairwise

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from accessibility.streets.osmnx_graphs import streets_from_graph
from accessibility.streets.read import StreetNetwork
from corridors.config.question import SearchSection
from corridors.config.run_config import RunConfig, load_config
from corridors.config.sections import PilotsSection
from corridors.errors import ConfigError
from corridors.inputs.read import Context, read_context
from corridors.places.catchments import (
    ALONG_STREETS,
    STRAIGHT,
    chosen_pilots,
    corridor_areas,
    corridor_members,
    main_members,
    pilot_places,
    walked_m,
)
from tests.support.feeds import LON
from tests.support.small_region import STOPS, SmallRegion, position


def loaded(region: SmallRegion) -> tuple[RunConfig, Context, pd.DataFrame]:
    config = load_config(region.config)
    context = read_context(config)
    return config, context, context.zones.drop(columns="geometry").join(context.values)


def one_road(east_deg: float = 0.0) -> StreetNetwork:
    """A road along the six stops, `east_deg` of longitude away from them."""
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for number, stop in enumerate(STOPS):
        graph.add_node(number, x=LON + east_deg, y=position(stop)[1])
    for number in range(len(STOPS) - 1):
        for one, other in ((number, number + 1), (number + 1, number)):
            graph.add_edge(one, other, length=1112.0)
    return streets_from_graph(graph)


def ids(members: pd.DataFrame) -> set[str]:
    return set(members["zone_id"])


def test_a_zone_belongs_when_its_point_is_within_the_buffer(region: SmallRegion) -> None:
    """The line runs from B to E; A and F are 1.1 km beyond its ends, the eastern squares 1 km beside it."""
    config, context, _ = loaded(region)
    members = corridor_members(config, context, corridor_areas(config, context.corridors), None)
    by_buffer = {buffer_m: ids(group) for buffer_m, group in members.groupby("buffer_m")}
    western = {f"Z{stop}0" for stop in "BCDE"}
    assert by_buffer[800.0] == western
    assert by_buffer[1200.0] == western | {f"Z{stop}1" for stop in "BCDE"} | {"ZA0", "ZF0"}
    assert ids(main_members(config, members)) == by_buffer[1200.0]
    assert set(members["kind"]) == {STRAIGHT}


def test_larger_buffers_never_lose_a_zone(region: SmallRegion) -> None:
    config, context, _ = loaded(region)
    members = corridor_members(config, context, corridor_areas(config, context.corridors), None)
    sets = [ids(group) for _, group in members.groupby("buffer_m")]
    assert all(small <= large for small, large in pairwise(sets))


def test_along_streets_only_those_count_who_can_walk_there(region: SmallRegion) -> None:
    """The only road runs through the western squares; the eastern points are a kilometre from any street."""
    config, context, _ = loaded(region)
    members = corridor_members(config, context, corridor_areas(config, context.corridors), one_road())
    along = members[members["kind"] == ALONG_STREETS]
    assert ids(along[along["buffer_m"] == 1200.0]) == {f"Z{stop}0" for stop in STOPS}
    assert set(along["catchment"]) == {"0.8 km along streets", "1.2 km along streets", "2 km along streets"}
    straight = members[members["kind"] == STRAIGHT]
    for buffer_m in (800.0, 1200.0, 2000.0):  # nobody walks less far than the straight line
        assert ids(along[along["buffer_m"] == buffer_m]) <= ids(straight[straight["buffer_m"] == buffer_m])


def test_the_figures_of_the_run_stay_those_of_the_straight_buffer(region: SmallRegion) -> None:
    config, context, _ = loaded(region)
    members = corridor_members(config, context, corridor_areas(config, context.corridors), one_road())
    assert set(main_members(config, members)["kind"]) == {STRAIGHT}


def test_a_pilot_holds_the_zones_whose_point_is_in_its_circle(region: SmallRegion) -> None:
    config, context, zones = loaded(region)
    places = pilot_places(config, context, context.pilots, zones)
    assert zones.index[places.shares[0] > 0].tolist() == ["ZB0"]
    assert places.frame.loc[0, ["parts", "unit", "suppressed"]].tolist() == [1, "zones", True]


def test_finer_points_share_a_zones_people_where_zones_are_too_few(region: SmallRegion) -> None:
    """Zone ZB0 gets four points, one of them a kilometre from the pilot; ZC0 keeps its own point."""
    lon, lat = position("B")
    rows = [{"id": f"P{i}", "lon": lon, "lat": lat + shift} for i, shift in enumerate((0, 0.001, -0.001, -0.0044))]
    region.table("fine.csv", rows)
    finer = 'finer = { file = "fine.csv", id = "id", geography = "postcodes" }'
    region.replace("config.toml", "[zones]\n", f"[zones]\n{finer}\n")
    region.replace("pilots.csv", ",800", ",300")
    config, context, zones = loaded(region)
    places = pilot_places(config, context, context.pilots, zones)
    assert dict(zip(zones.index, places.shares[0], strict=True))["ZB0"] == 0.75
    assert places.shares[0].sum() == 0.75
    assert places.frame.loc[0, ["parts", "unit"]].tolist() == [3, "postcodes"]
    assert context.finer is not None and set(context.finer["zone"]) == set(
        zones.index
    )  # zones without finer points keep their own


def test_along_streets_a_pilot_is_no_larger_than_its_circle(region: SmallRegion) -> None:
    region.replace("pilots.csv", ",800", ",2000")
    config, context, zones = loaded(region)
    straight = pilot_places(config, context, context.pilots, zones)
    along = pilot_places(config, context, context.pilots, zones, one_road())
    assert (along.shares <= straight.shares).all()
    assert zones.index[along.shares[0] > 0].tolist() == ["ZA0", "ZB0", "ZC0"]
    assert along.frame.loc[0, "catchment"] == "2 km along streets"


def pilots() -> gpd.GeoDataFrame:
    frame = {"name": ["One", "One, elsewhere", "Two"], "default": [True, False, True], "radius_m": [800.0] * 3}
    return gpd.GeoDataFrame(frame, index=["one", "one_b", "two"], geometry=[shapely.Point(0, 0)] * 3, crs="EPSG:27700")


def test_alternatives_are_no_further_pilots() -> None:
    assert chosen_pilots(None, pilots()).index.tolist() == ["one", "two"]


def test_a_pilots_centre_is_a_parameter(region: SmallRegion) -> None:
    section = PilotsSection(file=region.path("pilots.csv"), instead={"one": "one_b"})
    assert chosen_pilots(section, pilots()).index.tolist() == ["one_b", "two"]


def test_an_unknown_pilot_is_named_with_those_there_are(region: SmallRegion) -> None:
    section = PilotsSection(file=region.path("pilots.csv"), instead={"one": "elsewhere"})
    with pytest.raises(ConfigError, match="elsewhere; the pilots are one, one_b, two"):
        chosen_pilots(section, pilots())


def test_shares_of_zones_never_pass_one(region: SmallRegion) -> None:
    config, context, zones = loaded(region)
    assert (np.array(pilot_places(config, context, context.pilots, zones).shares) <= 1).all()


def test_slow_walkers_and_wide_buffers_have_catchments_along_streets_too(region: SmallRegion) -> None:
    """20 km at 4.8 km/h are 250 minutes, and 2 km at 0.4 km/h are 300: longer than one leg may be walked. Metres are metres."""
    region.replace("config.toml", "[outputs]", "[search]\nwalk_kmh = 0.4\n[outputs]")
    config, context, _ = loaded(region)
    ends = context.corridors.geometry.iloc[0].boundary
    spots = gpd.GeoSeries(list(ends.geoms), crs=context.corridors.crs)
    slow = walked_m(config, context.points, spots, one_road(), 20_000.0)
    usual = walked_m(
        load_config(region.config).model_copy(update={"search": SearchSection()}),
        context.points,
        spots,
        one_road(),
        2000.0,
    )
    assert np.isfinite(slow).all() >= np.isfinite(usual).all()
    near = np.isfinite(usual)
    assert near.any()
    np.testing.assert_allclose(slow[near], usual[near], atol=3.0)  # whole seconds, at 5 km/h and at 4.8
