"""The headline and its variants: a line of six stops that can be worked out, and orders that must always hold.

From stop A a bus leaves for F every ten minutes and takes 25, and whoever boards is there a minute before: leaving at any
instant, it is 26 to 36 minutes to F, evenly.
"""

import csv

import numpy as np
import pandas as pd
import pytest

from accessibility import Profiles, window_times
from corridors.access.centre_access import Access, measure_access, zone_access
from corridors.access.kpi import kpi_by_place, share_of_people
from corridors.access.technical_choices import searched_choices
from corridors.access.unreached import search_end_warnings
from corridors.access.variants import Variant, headline_variants
from corridors.catalogue.headline_variants import CHANGES, HEADLINE, TECHNICAL_CHOICES, ordinal
from corridors.config.run_config import load_config
from corridors.errors import ConfigError
from corridors.inputs.read import Context, read_context, read_network
from corridors.places.places import places_of, usual_places
from corridors.places.requirements import require_answerable
from corridors.results import SEARCH_END
from corridors.strategy import read_strategy
from layers.errors import LayerError
from tests.support.feeds import STEP_DEG
from tests.support.small_region import SmallRegion, position

LIS = read_strategy("west_midlands_lis")
Measured = tuple[Context, Access, dict[str, Variant]]


def measured(region: SmallRegion, cutoff_min: float, others_min: tuple[float, ...] = (), search: str = "") -> Measured:
    """The region's variants with another cutoff, and more lines of `[search]`."""
    cutoffs = sorted({cutoff_min, *others_min})
    extra = f"[search]\ncutoffs_min = {cutoffs}\n{search}\n[kpi]\ncutoff_min = {cutoff_min}\n[sites]"
    region.replace("config.toml", "[sites]", extra)
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    access = measure_access(config, context, network)
    return context, access, {one.id: one for one in headline_variants(access, context, network)}


def meets(found: Measured, variant: str, zone: str) -> bool:
    context, _, by_id = found
    return bool(by_id[variant].meets[context.zones.index.get_loc(zone)])


@pytest.fixture
def at_30_minutes(region: SmallRegion) -> Measured:
    """F is 31 minutes from A at the median, 28.5 at the 25th percentile, 26 for whoever knows when the bus leaves."""
    return measured(region, 30, (29, 31))


def test_a_minute_more_or_less_decides(at_30_minutes: Measured) -> None:
    assert not meets(at_30_minutes, HEADLINE, "ZA0")
    assert meets(at_30_minutes, "within_31", "ZA0")
    assert not meets(at_30_minutes, "within_29", "ZA0")


def test_percentiles_and_the_first_wait_make_the_difference_they_should(at_30_minutes: Measured) -> None:
    assert meets(at_30_minutes, "best", "ZA0")
    assert meets(at_30_minutes, "p25", "ZA0")
    assert not meets(at_30_minutes, "p75", "ZA0")
    assert meets(at_30_minutes, "wait_not_counted", "ZA0")


def test_the_first_wait_is_not_counted_either_where_it_passes_the_longest_time_searched(region: SmallRegion) -> None:
    """31 minutes from A to F at the median are beyond the 30 searched; 26 are left without the wait."""
    found = measured(region, 30, search="max_min = 30")
    assert not meets(found, HEADLINE, "ZA0")
    assert meets(found, "best", "ZA0") and meets(found, "wait_not_counted", "ZA0")


def test_every_percentile_asked_for_is_a_variant(region: SmallRegion) -> None:
    """F is 34.99 minutes from A at the 90th percentile or sooner, and 26.1 at the 1st."""
    _, _, found = measured(region, 30, search="percentiles = [1, 50, 90]")
    assert [one.name for one in found.values() if one.changes == "percentile"][1:] == [
        "1st percentile",
        "90th percentile",
    ]
    assert found["p1"].meets.sum() > found[HEADLINE].meets.sum() >= found["p90"].meets.sum()
    assert [ordinal(number) for number in (2.0, 11.0, 23.0, 37.5)] == ["2nd", "11th", "23rd", "37.5th"]


def test_every_variant_says_what_it_changes_and_technical_choices_can_be_left_out(region: SmallRegion) -> None:
    _, access, found = measured(region, 30)
    assert found.pop(HEADLINE).changes == ""
    assert {one.changes for one in found.values()} <= set(CHANGES)
    shifts = [name for name in found if name.startswith("shift_")]
    assert shifts == [f"shift_{to}_{metres}" for metres in (200, 100, 300) for to in ("north", "east", "south", "west")]
    assert [name for name in shifts if found[name].connectivity is not None] == shifts[:4]  # one distance is drawn
    assert access.vary_technique
    region.replace("config.toml", "[kpi]", "[kpi]\ntechnical_choices = false")
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    few = headline_variants(measure_access(config, context, network), context, network)
    assert {one.changes for one in few} == {"", *(one.changes for one in found.values())} - set(TECHNICAL_CHOICES)


def test_choices_beyond_what_the_engine_takes_are_no_variants(region: SmallRegion) -> None:
    """A run at the limits of walking has variants on one side of them only."""
    region.replace("config.toml", "[sites]", "[search]\nwalk_kmh = 20\n[streets]\ndetour = 5\n[sites]")
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    ids = {one.id for one in headline_variants(measure_access(config, context, network), context, network)}
    assert {"speed_19.7", "detour_4.9"} <= ids
    assert ids.isdisjoint({"speed_20.3", "detour_5.1"})


def test_centres_moved_away_take_a_minutes_walk_more(region: SmallRegion) -> None:
    """Whoever stands on centre A is there; 200 m further, with a radius of 20 m, it is a walk of 180 m x 1.3 at 4.8 km/h.

    100 m and 300 m further accordingly.
    """
    region.replace("config.toml", 'file = "centres.csv"', 'file = "centres.csv"\nradius_m = 20')
    _, access, _ = measured(region, 30)
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    moved = {one.id: one.profiles for one in searched_choices(access, context, network)}

    def walk_s(kept: Profiles) -> int:
        return int(window_times(kept, access.spec).percentile_s(50.0)[0, 0])

    assert walk_s(access.profiles) == 0
    for metres in (100, 200, 300):
        expected_s = (metres - 20) * 1.3 / (4.8 / 3.6)
        assert walk_s(moved[f"shift_east_{metres}"]) == pytest.approx(expected_s, abs=2)


def test_finer_points_meet_the_test_for_their_part_of_a_zones_people(region: SmallRegion) -> None:
    """A third of ZA0's people start from a stop a hop nearer to F, where they meet the test that ZA0 misses at 30 minutes."""
    lon, lat = position("A")
    hop = {"id": "B", "lon": lon, "lat": lat + STEP_DEG * 0.4, "people": 1}
    region.table("fine.csv", [{"id": "A", "lon": lon, "lat": lat, "people": 2}, hop])
    finer = 'finer = { file = "fine.csv", id = "id", people = "people", geography = "postcodes" }'
    region.replace("config.toml", "[zones]\n", f"[zones]\n{finer}\n")
    context, _, found = measured(region, 30)
    assert context.finer is not None and context.finer.loc[["A", "B"], "share"].tolist() == pytest.approx(
        [2 / 3, 1 / 3]
    )
    assert found["finer_points"].changes == "origins"
    others = context.zones.index != "ZA0"  # represented by their own points, as without finer ones
    assert (found["finer_points"].meets[others] == found[HEADLINE].meets[others]).all()
    connectivity, own = found["finer_points"].connectivity, found[HEADLINE].connectivity
    assert connectivity is not None and own is not None
    assert connectivity.reliability[0, 0, 0] != own.reliability[0, 0, 0]
    assert connectivity.reliability[0, 0][others] == pytest.approx(own.reliability[0, 0][others])


def test_without_the_rim_only_those_further_inside_count(region: SmallRegion, monkeypatch: pytest.MonkeyPatch) -> None:
    """Points lie 500 m from the edges of their squares of a kilometre, but that of ZB0, which is 220 m further north."""
    assert "without_rim" not in measured(region, 35)[2]  # all within 3 km of the boundary
    lon, lat = position("B")
    region.replace("points.csv", f"ZB0,{lon},{lat}", f"ZB0,{lon},{lat + 0.002}")
    monkeypatch.setattr("corridors.access.variants.RIM_KM", 0.4)
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    found = {one.id: one for one in headline_variants(measure_access(config, context, network), context, network)}
    rim = found["without_rim"]
    assert rim.counted is not None
    assert context.zones.index[~rim.counted].tolist() == ["ZB0"]
    zones = context.zones.drop(columns="geometry").join(context.values)
    table = kpi_by_place(list(found.values()), usual_places("Line", zones), context.values)
    row = table[(table["variant"] == "without_rim") & (table["place_kind"] == "region")].iloc[0]
    people = context.values["population"].to_numpy(float)
    assert row["people"] == people.sum() - people[context.zones.index == "ZB0"].sum()
    assert row["people_within"] == people[rim.counted & (found[HEADLINE].meets > 0)].sum()
    assert row["share"] == row["people_within"] / row["people"]


def test_a_centre_may_lie_at_another_point(region: SmallRegion) -> None:
    """Centre F at stop D instead is two hops of five minutes nearer to A; half another point is refused."""
    lon, lat = position("D")
    with_other = [
        {**row, "other_lat": lat if row["id"] == "F" else "", "other_lon": lon if row["id"] == "F" else ""}
        for row in csv.DictReader(region.path("centres.csv").open(encoding="utf-8", newline=""))
    ]
    region.table("centres.csv", with_other)
    _, access, found = measured(region, 30)
    assert (found["place_F"].changes, found["place_F"].name) == (
        "position",
        f"Centre F at its other point, {lat:.4f}, {lon:.4f}",
    )
    assert not found[HEADLINE].meets[0] and found["place_F"].meets[0]
    assert {name for name in found if name.startswith("place_")} == {"place_F"}
    assert access.centre_ids == ("A", "C", "F")
    region.table("centres.csv", [{**row, "other_lon": ""} for row in with_other])
    with pytest.raises(LayerError, match="give both other_lat and other_lon, or neither"):
        read_context(load_config(region.config))


def test_centres_reached_at_once_are_counted_departure_by_departure(at_30_minutes: Measured) -> None:
    """A is where ZA0 is, C at most 21 minutes away; F takes at most 30 for whoever leaves in 4 of every 10 minutes."""
    context, access, found = at_30_minutes
    assert access.reliability()[context.zones.index.get_loc("ZA0")] == pytest.approx(0.4)
    assert not meets(at_30_minutes, "at_once", "ZA0")
    assert (found["at_once"].meets == (access.reliability() >= 0.5)).all()


def test_how_far_beyond_the_cutoff_is_told_zone_by_zone(region: SmallRegion, at_30_minutes: Measured) -> None:
    """F is 31 minutes from ZA0, a minute beyond 30; whoever meets the test is beyond by nothing."""
    context, access, found = at_30_minutes
    network = read_network(load_config(region.config))
    beyond = zone_access(access, context, network)["minutes_beyond_cutoff"]
    assert beyond["ZA0"] == 1
    assert ((beyond == 0) == found[HEADLINE].meets).all()


def test_a_search_that_ends_at_the_cutoff_counts_whom_it_follows_no_further_and_gives_no_minutes_beyond(
    region: SmallRegion,
) -> None:
    """At 30 minutes nobody reaches the centre at the other end but `ZC0` and `ZD0`; 31 minutes searched show no more of it."""
    context, access, _ = measured(region, 30, search="max_min = 30")
    people, network = context.values["population"], read_network(load_config(region.config))
    zones = zone_access(access, context, network)
    assert zones["minutes_beyond_cutoff"].isna().all()
    missing = ~zones["meets_kpi"]
    (warning,) = search_end_warnings(access, people)
    assert (warning.code, warning.count, warning.share) == (SEARCH_END, missing.sum(), missing.mean())
    assert (
        f"with {people[missing].sum():,.0f} residents" in warning.effect and "not given for any zone" in warning.effect
    )
    assert "search.max_min = 60" in warning.effect


@pytest.mark.parametrize(("max_min", "given", "warned"), [(30.5, False, True), (44, True, True), (45, True, False)])
def test_a_search_that_ends_soon_after_the_cutoff_is_told(
    region: SmallRegion, max_min: float, given: bool, warned: bool
) -> None:
    """Zones in the east are beyond half as much again as the cutoff too; from there on they are no warning."""
    context, access, _ = measured(region, 30, search=f"max_min = {max_min}\n")
    beyond = zone_access(access, context, read_network(load_config(region.config)))["minutes_beyond_cutoff"]
    assert beyond.notna().all() == beyond.notna().any() == given
    assert len(search_end_warnings(access, context.values["population"])) == warned


def test_fewer_centres_are_easier(at_30_minutes: Measured) -> None:
    """A is where ZA0 is and C is 16 minutes away; F is too far."""
    assert [meets(at_30_minutes, k, "ZA0") for k in ("k1", "k2")] == [True, True]
    assert "k4" not in at_30_minutes[2]  # there are only three: nobody could meet it, so it is no variant


def test_arriving_by_nine_asks_for_one_departure_that_makes_it(at_30_minutes: Measured) -> None:
    """Leaving at 08:30 the next bus to be caught is at 08:40 and arrives at 09:05; no later one arrives by 09:00 within 30."""
    assert not meets(at_30_minutes, "arrive_by_0900", "ZA0")


def test_a_deadline_after_two_days_is_no_variant(region: SmallRegion) -> None:
    """A departure window starts before 48:00, and so does the departure that arrives just in time."""
    extra = '[search]\nwindow = "47:00-49:00"\ncutoffs_min = [1]\n[kpi]\ncutoff_min = 1\n[sites]'
    region.replace("config.toml", "[sites]", extra)
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    found = {one.id for one in headline_variants(measure_access(config, context, network), context, network)}
    assert not any(name.startswith("arrive_by") for name in found)


def test_a_bus_that_leaves_at_the_right_minute_makes_the_deadline(region: SmallRegion) -> None:
    assert meets(
        measured(region, 31), "arrive_by_0900", "ZA0"
    )  # leaving at 08:29 with the bus at 08:30, there at 08:55


def test_a_walk_that_is_too_long_for_the_limit_takes_the_stop_away(region: SmallRegion) -> None:
    """The eastern squares are 1 km from their stop: 16.3 minutes with the detour."""
    found = measured(region, 60)
    assert not meets(found, "walk_10", "ZA1")
    assert not meets(found, "walk_15", "ZA1")
    assert meets(found, HEADLINE, "ZA1")
    assert meets(found, "walk_unlimited", "ZA1")


def test_a_cutoff_longer_than_any_walk_has_the_longest_walk_as_its_variant(region: SmallRegion) -> None:
    """No leg is longer than four hours, so with five hours to spend walking is still limited, and is said to be."""
    region.replace(
        "config.toml", "[sites]", "[search]\nmax_min = 300\ncutoffs_min = [300]\n[kpi]\ncutoff_min = 300\n[sites]"
    )
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    found = {one.id: one for one in headline_variants(measure_access(config, context, network), context, network)}
    assert found["walk_240"].name == "walks of at most 240 min"
    assert "walk_unlimited" not in found
    assert found["walk_240"].meets.all()


def test_a_variant_leaves_out_each_centre_that_the_configuration_names(region: SmallRegion) -> None:
    """Without F, whoever needs two centres has A and C."""
    extra = '[kpi]\ncutoff_min = 45\ncentres_at_least = 2\nwithout = ["F"]\n[sites]'
    region.replace("config.toml", "[sites]", extra)
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    found = {one.id: one for one in headline_variants(measure_access(config, context, network), context, network)}
    assert found["without_F"].name == "2 centres: without Centre F"
    assert not (found["without_F"].meets & ~found[HEADLINE].meets).any()
    region.replace("config.toml", '"F"', '"X"')
    with pytest.raises(ConfigError, match=r"kpi\.without names X, which centres\.csv does not count"):
        require_answerable(load_config(region.config), context)


def test_variants_keep_their_order(region: SmallRegion) -> None:
    context, _, found = measured(region, 35, (20, 25, 30, 40, 60))
    people = context.values["population"]
    share = {name: share_of_people(people, one.meets)[0] for name, one in found.items()}
    rising = ["within_20", "within_25", "within_30", HEADLINE, "within_40", "within_60"]
    assert [share[name] for name in rising] == sorted(share[name] for name in rising)
    for easier, harder in (("k1", "k2"), ("k2", HEADLINE), ("best", "p25"), ("p25", HEADLINE),
                           (HEADLINE, "p75"), ("wait_not_counted", HEADLINE), ("walk_unlimited", HEADLINE),
                           (HEADLINE, "walk_15"), ("walk_15", "walk_10"), ("board_0", HEADLINE), (HEADLINE, "board_120"),
                           ("board_120", "board_180"), ("speed_5.1", HEADLINE), (HEADLINE, "speed_4.5"),
                           ("detour_1.2", HEADLINE), (HEADLINE, "detour_1.4"), ("radius_500", HEADLINE),
                           (HEADLINE, "radius_300")):  # fmt: skip
        assert share[easier] >= share[harder], (easier, harder)
        assert not (found[harder].meets & ~found[easier].meets).any(), (easier, harder)  # zone by zone too


def test_the_table_gives_every_variant_in_every_place_and_the_published_figure_beside_it(
    at_30_minutes: Measured,
) -> None:
    context, _, found = at_30_minutes
    zones = context.zones.drop(columns="geometry").join(context.values)
    table = kpi_by_place(list(found.values()), usual_places("Line", zones), context.values, LIS.published)
    published = table[table["variant"] == "published"]
    assert published["share"].tolist() == [LIS.published.share] == [0.41]
    assert "another definition" in published["note"].iloc[0]
    own = table[(table["variant"] == HEADLINE) & (table["place_kind"] == "region")].iloc[0]
    expected = share_of_people(context.values["population"], found[HEADLINE].meets)
    assert own[["share", "people_within", "people"]].tolist() == list(expected)
    places = table[table["variant"] != "published"].groupby("variant")["place_id"].agg(set)
    assert len({frozenset(ids) for ids in places}) == 1


def test_districts_add_up_to_the_region_and_small_places_have_no_share(at_30_minutes: Measured) -> None:
    context, _, found = at_30_minutes
    zones = context.zones.drop(columns="geometry").join(context.values)
    table = kpi_by_place(list(found.values()), usual_places("Line", zones), context.values)
    own = table[table["variant"] == HEADLINE]
    districts = own[own["place_kind"] == "district"]
    assert districts["people_within"].sum() == own.loc[own["place_kind"] == "region", "people_within"].sum()
    assert districts["suppressed"].all() and districts["share"].isna().all()  # six zones each


def test_households_without_a_car_are_counted_by_the_zones_they_are_in() -> None:
    zones = pd.DataFrame(
        {"population": 100.0, "households_no_car": np.arange(12.0)}, index=[f"Z{i}" for i in range(12)]
    )
    everywhere = places_of("region", pd.Series({"r": "R"}), pd.Series(zones.index, index=["r"] * 12), zones)
    half = Variant(HEADLINE, "", "the headline", np.arange(12) >= 6)
    row = kpi_by_place([half], everywhere, zones).iloc[0]
    assert row["no_car_within"] == 6 + 7 + 8 + 9 + 10 + 11
    assert row["no_car_share"] == pytest.approx(51 / 66)
    assert row["share"] == 0.5


def test_the_order_of_zones_changes_nothing(region: SmallRegion) -> None:
    """Rows of zones, people and points in another order: the same zones meet the test."""
    before = measured(region, 28)
    lines = region.path("people.csv").read_text(encoding="utf-8").splitlines()
    region.path("people.csv").write_text("\n".join([lines[0], *lines[:0:-1]]) + "\n", encoding="utf-8")
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    access = measure_access(config, context, network)
    after = (context, access, {one.id: one for one in headline_variants(access, context, network)})
    for variant in before[2]:
        assert [meets(before, variant, zone) for zone in context.zones.index] == [
            meets(after, variant, zone) for zone in context.zones.index
        ]
