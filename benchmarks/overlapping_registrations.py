"""Precision and recall of the repair of overlapping registrations, on feeds made from seeds.

    python -m benchmarks.overlapping_registrations [SEEDS]

A trip left out counts as right where its line is registered twice, up to the number of trips of the smaller registration.
"""

import sys
from collections import Counter

from accessibility.timetable.overlaps import Registrations
from tests.support.feeds import TUESDAY, read
from tests.support.registrations import made_feed


def counts(seed: int, lines: int = 6) -> Counter[str]:
    """Trips of one made feed: left out, of them rightly, and those that should be."""
    made = made_feed(seed, lines)
    feed = read(made.text())
    out = set(feed.trips["trip_id"][Registrations(feed).on(TUESDAY).trips])
    found: Counter[str] = Counter()
    for first, second in made.twice:
        found["wanted"] += min(len(first), len(second))
        found["right"] += min(len(out & (first | second)), len(first), len(second))
    found["out"] = sum("-FR-" not in trip for trip in out)  # those of other days go with their registration
    for trip in out:
        found[f"out of {trip.rstrip('0123456789').split('-')[0].split('+')[0].rstrip('0123456789')}"] += 1
    return found


def main(seeds: int) -> None:
    """Print both shares over all seeds, and what was left out by kind of line."""
    total = sum(map(counts, range(seeds)), Counter[str]())
    print(f"{seeds} feeds: {total['out']:,} trips left out, {total['wanted']:,} wanted")
    print(f"precision {total['right'] / total['out']:.4f}, recall {total['right'] / total['wanted']:.4f}")
    for name, count in sorted(total.items()):
        if name.startswith("out of"):
            print(f"{name}: {count:,}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
