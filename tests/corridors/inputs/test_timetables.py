"""Lines registered twice in a run: left out or kept as the configuration says, and the headline told both ways."""

import pytest

from corridors.access.centre_access import measure_access
from corridors.access.variants import Variant, headline_variants
from corridors.config.run_config import load_config
from corridors.inputs.read import Network, read_context, read_network
from corridors.results import HEADLINE, REGISTRATIONS, TECHNICAL_CHOICES
from tests.support.feeds import clock, service, trip
from tests.support.small_region import FIRST_MIN, HEADWAY_MIN, LAST_MIN, STOPS, SmallRegion, calls, good_feed


def register_twice(region: SmallRegion) -> int:
    """Both directions a second time, two minutes later, but for the first departures; how many trips that is."""
    starts = range(FIRST_MIN + HEADWAY_MIN + 2, LAST_MIN, HEADWAY_MIN)
    ways = {"north": STOPS, "south": STOPS[::-1]}
    again = [
        trip(f"again {way} {clock(60 * start)}", calls(stops, start), route=way, service="AGAIN")
        for way, stops in ways.items()
        for start in starts
    ]
    text = good_feed()
    text = text.adding("trips.txt", *(one.row for one in again))
    text = text.adding("stop_times.txt", *(call for one in again for call in one.calls))
    region.feed(text.adding("calendar.txt", service("AGAIN", "1111000")))
    return len(again)


def variants(region: SmallRegion) -> tuple[Network, dict[str, Variant]]:
    """The network and the variants at a cutoff of 29 minutes."""
    config = load_config(region.config)
    context, network = read_context(config), read_network(config)
    found = headline_variants(measure_access(config, context, network), context, network)
    return network, {one.id: one for one in found}


@pytest.mark.parametrize("setting", ["repair", "keep"])
def test_the_headline_is_told_both_ways(region: SmallRegion, setting: str) -> None:
    """From stop A to F: 31 minutes at the median; with departures 2 and 10 minutes after each other the wait is shorter.

    Waits are even over gaps of 2 and 8 minutes: 3.75 in place of 5 at the median, so 29.75 minutes in all.
    """
    n = register_twice(region)
    region.replace("config.toml", "synthetic", f'overlapping_registrations = "{setting}"\nsynthetic')
    region.replace("config.toml", "[sites]", "[search]\ncutoffs_min = [30.5]\n[kpi]\ncutoff_min = 30.5\n[sites]")
    network, found = variants(region)
    ours, other = found[HEADLINE], found[REGISTRATIONS]
    assert other.changes in TECHNICAL_CHOICES and other.connectivity is None
    once, twice = (ours, other) if setting == "repair" else (other, ours)
    assert (bool(once.meets[0]), bool(twice.meets[0])) == (False, True)
    assert other.name == "overlapping registrations: " + (
        "both run" if setting == "repair" else "only the larger one runs"
    )
    code = "overlapping_registrations" + ("" if setting == "repair" else "_kept")
    told = {one.code: one for one in network.warnings}[code]
    assert (told.count, told.sample) == (n, ("north (The Agency)", "south (The Agency)"))


def test_without_overlaps_there_is_no_other_way(region: SmallRegion) -> None:
    network, found = variants(region)
    assert network.other_registrations is None
    assert REGISTRATIONS not in found
