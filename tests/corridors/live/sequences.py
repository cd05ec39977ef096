"""Random sequences of edits on the live page, each compared with a search from nothing of the saved file.

`python -m tests.corridors.live.sequences --count 1000 --seed 1` compares as many and says how many changed anything.
"""

import argparse
import random
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from accessibility import travel_times
from corridors.access.centre_access import place_points
from corridors.config.run_config import load_config
from corridors.errors import ScenarioFileError
from corridors.live.answers import Answers
from corridors.live.documents import Document, Documents
from corridors.live.region import live_region
from corridors.scenarios.answers import centre_minutes, headline_centres, headline_spec
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.worlds import read_base, world_of, written_for
from tests.support.small_region import write_small_region

Edit = dict[str, Any]
LINES = ("north", "south")
STOPS = "ABCDEF"


def random_edit(rng: random.Random, number: int) -> Edit:
    """One edit of a kind that the page's form makes."""
    ident = f"e{number}"
    line = {"number": rng.choice(LINES)}
    some = sorted(rng.sample(range(len(STOPS)), rng.randint(2, 4)))
    new = {
        "id": f"{ident}_1",
        "name": "New",
        "at": [52.4 + rng.uniform(0, 0.05), -1.9 + rng.choice((0.0, 0.002, 0.012))],
    }
    choices: list[Edit] = [
        {"kind": "headway", "line": line, "factor": rng.choice((0.5, 2.0))},
        {"kind": "headway", "line": line, "every": f"{rng.randint(4, 15)} min"},
        {"kind": "run_time", "line": line, "factor": rng.choice((0.8, 0.9, 1.2))},
        {"kind": "withdraw", "line": {**line, "from": "07:30", "to": "08:10"}},
        {"kind": "skip_stop", "line": line, "stops": [rng.choice("BCDE")]},
        {
            "kind": "new_line",
            "line": {"number": f"N{number}"},
            "mode": "bus",
            "speed_kmh": rng.choice((20, 40)),
            "stops": [*(STOPS[i] for i in some), *([new] if rng.random() < 0.5 else [])],
            "service": [{"from": "06:00", "to": "11:00", "every": f"{rng.choice((7, 12))} min"}],
        },
        {"kind": "land_use", "use": "homes", "at": [52.41, -1.9], "count": 100, "people_per_home": 2.4},
    ]
    return {"id": ident, "basis": "proposed", **rng.choice(choices)}


def require_equal(answers: Answers, documents: Documents, document: Document) -> bool:
    """Compare what the page shows with a search from nothing of the file; whether the edits change anything."""
    told = answers.at_once(document)
    if told["phases"]:
        told = answers.over_timetables(document)
    answer = answers.last(document)
    base = answers.region.base
    world = world_of(base, read_scenarios([document.path]), phases=answer.phases)
    spec, origins = headline_spec(base.config), place_points(base.context.points)
    centres = headline_centres(base.config, base.context)
    minutes = centre_minutes(
        base.config, travel_times(world.network.timetable, world.network.streets, origins, centres, spec)
    )
    people = world.context.values["population"].fillna(0.0).to_numpy(float)
    assert np.array_equal(minutes.needed_min, answer.after.needed_min)
    assert told["people_within"] == float(people @ (minutes.within >= base.config.kpi.centres_at_least))
    return bool((minutes.needed_min != answers.region.before.needed_min).any())


def main(count: int, seed: int, folder: Path) -> tuple[int, int]:
    """(sequences compared, of which changed minutes): each adds, takes back and replaces edits at random."""
    region = live_region(read_base(load_config(write_small_region(folder / "small").config), lambda _: nullcontext()))
    documents = Documents(folder / "live", written_for(region.base))
    answers, rng = Answers(region, documents), random.Random(seed)
    compared = changed = 0
    document, edits = documents.new(), []
    while compared < count:
        if edits and rng.random() < 0.4:
            edits.pop(rng.randrange(len(edits)))
        edits.append(random_edit(rng, rng.randint(1, 10**6)))
        edits = edits[-3:]
        documents.change(document.ident, "Random", "", edits)
        try:
            changed += require_equal(answers, documents, document)
        except ScenarioFileError:
            edits.pop()
            continue
        compared += 1
    return compared, changed


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        done, other = main(chosen.count, chosen.seed, Path(name))
    print(f"{done} sequences compared, {other} of them change somebody's minutes: all equal")
