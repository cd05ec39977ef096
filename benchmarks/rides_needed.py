"""Rides used and rides needed in every journey that a run prints: `python -m benchmarks.rides_needed CONFIG`.

A journey's rides are needed where no journey with fewer of them leaves as late and arrives as early: each number of rides is
searched by itself, with the engine's limit on rides. Prints how many journeys use more, and how many change between vehicles
of one line.
"""

import argparse
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from accessibility import (
    Profiles,
    backward_passes,
    itineraries,
    join_points,
    journey_profiles,
    prepare_search,
    times_at,
)
from corridors.access.centre_access import Access, measure_access, place_points
from corridors.access.journeys import median_departures, needed_centres
from corridors.config.run_config import load_config
from corridors.inputs.read import Context, Network, read_context, read_network


def main() -> None:
    """Print the counts for the configuration of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    config = load_config(parser.parse_args().config)
    context, network = read_context(config), read_network(config)
    access = measure_access(config, context, network)
    needed = needed_centres(access)
    departs_s = median_departures(access, needed)
    asked = [(zone, int(needed[zone]), int(at_s)) for zone, at_s in enumerate(departs_s) if at_s >= 0]
    journeys = list(itineraries(access.passes, asked))
    used = np.array([sum(leg.kind == "ride" for leg in journey) for journey in journeys])
    seconds = np.array([sum(leg.seconds for leg in journey) for journey in journeys])
    walks_s = np.array([access.profiles.walk_s[zone, centre] for zone, centre, _ in asked])
    least = np.where(walks_s <= seconds, 0, -1)
    for rides in range(1, used.max() + 1):
        kept = limited(access, context, network, rides)
        for number in np.flatnonzero(least < 0):
            zone, centre, at_s = asked[number]
            of_zone = kept._replace(
                first=kept.first[[zone]], n_journeys=kept.n_journeys[[zone]], walk_s=kept.walk_s[[zone]]
            )
            at = times_at(of_zone, np.array([at_s], np.int32), access.spec.max_duration_s)
            if at[0, centre, 0] <= seconds[number]:
                least[number] = rides
    routes = network.timetable.routes["short_name"].to_numpy(object)
    lines = [[routes[leg.route] for leg in journey if leg.kind == "ride"] for journey in journeys]
    same_line = sum(any(one == other for one, other in pairwise(line)) for line in lines)
    print(
        f"{len(journeys):,} journeys; {(used > least).sum():,} use more rides than needed; {same_line:,} change on one line"
    )


def limited(access: Access, context: Context, network: Network, rides: int) -> Profiles:
    """The journeys of at most so many rides."""
    spec = replace(access.passes.spec, max_rides=rides)
    networks = prepare_search(network.timetable, network.streets, spec)
    centres = place_points(context.centres, access.radius_m)
    joined = join_points(networks, network.streets, access.origins, centres, spec)
    return journey_profiles(backward_passes(joined, spec))


if __name__ == "__main__":
    main()
