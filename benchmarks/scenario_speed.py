"""What a scenario's search takes: `python -m benchmarks.scenario_speed CONFIG SCENARIO...`.

Reads the inputs, then searches the base and the scenario at every timetable that is tried, and prints processor and wall
seconds of each step and the most memory; `--lines` withdraws each line too.
"""

import argparse
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corridors.config.run_config import load_config
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.ranges import timetables
from corridors.scenarios.versions import small_base
from corridors.scenarios.worlds import read_base, world_of
from corridors.services.withdrawals import withdraw_each


@contextmanager
def measured(step: str) -> Iterator[None]:
    """Prints what the block took."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    yield
    most_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    took = f"{time.process_time() - cpu_s:.1f} s of processor, {time.perf_counter() - wall_s:.1f} s of wall"
    print(f"{step}: {took}; at most {most_gb:.2f} GB so far", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a scenario's search takes.")
    parser.add_argument("config", type=Path)
    parser.add_argument("scenarios", type=Path, nargs="*")
    parser.add_argument("--lines", action="store_true", help="withdraw each line too")
    asked = parser.parse_args()
    base = read_base(load_config(asked.config), measured)
    if asked.scenarios:
        chosen = read_scenarios(asked.scenarios)
        with measured("applying the edits"):
            first = world_of(base, chosen)
        with measured("the scenario's own search: base and every timetable"):
            before, tried = timetables(small_base(base, chosen), first.edited.phases, base.config.scoring.seed)
        people = [one.worth.people_within for one in tried]
        print(
            f"{len(tried)} timetables: {before.people_within:,.0f} before, {min(people):,.0f} to {max(people):,.0f} after"
        )
    if asked.lines:
        with measured("each line withdrawn, then pairs"):
            withdraw_each(base, measured)


if __name__ == "__main__":
    main()
