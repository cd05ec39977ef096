"""Layers of the network: a timetable in two files is drawn as it is in one."""

import pandas as pd

from corridors.access.centre_access import measure_access
from corridors.access.network_layers import links_frame, stops_frame
from corridors.config.run_config import load_config
from corridors.inputs.read import read_context, read_network
from tests.support.feeds import FeedText
from tests.support.small_region import SmallRegion, good_feed


def drawn(region: SmallRegion) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The stops and the links, by what the public knows them by."""
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    access = measure_access(config, context, network)
    stops, links = stops_frame(context, access), links_frame(context, network, access)
    return (
        stops.set_index("name")[["mode", "trips_per_hour"]].sort_index(),
        links.set_index(["from_name", "to_name"])[
            ["routes", "trips_per_hour", "median_ride_s", "centre_people"]
        ].sort_index(),
    )


def test_a_feed_cut_in_two_draws_each_stop_and_each_link_once(region: SmallRegion) -> None:
    """Every second trip stands in a second file, with the same stops: service and people of a link are those of one file."""
    whole = drawn(region)
    feed = good_feed()
    for name, rest in (("feed", 0), ("more", 1)):
        trips = feed.tables["trips.txt"][rest::2]
        ids = {row["trip_id"] for row in trips}
        calls = tuple(row for row in feed.tables["stop_times.txt"] if row["trip_id"] in ids)
        FeedText({**feed.tables, "trips.txt": trips, "stop_times.txt": calls}).zip(region.path(f"{name}.zip"))
    region.replace("config.toml", 'feeds = ["feed.zip"]', 'feeds = ["feed.zip", "more.zip"]')
    for one, other in zip(whole, drawn(region), strict=True):
        pd.testing.assert_frame_equal(one, other)
    assert whole[1]["centre_people"].max() > 0
