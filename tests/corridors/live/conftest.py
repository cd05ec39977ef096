"""The small region behind a live page, prepared once."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from corridors.config.run_config import load_config
from corridors.live.answers import Answers
from corridors.live.documents import Documents
from corridors.live.region import LiveRegion, live_region
from corridors.scenarios.worlds import read_base, written_for
from tests.maps.conftest import HOSTILE
from tests.support.feeds import TUESDAY
from tests.support.small_region import good_feed, good_zones, write_small_region

MORE = {"id": "e1", "kind": "headway", "line": {"number": "north"}, "factor": 0.5}
BASE = {"date": TUESDAY, "feeds": {}}
LINE = {
    "id": "e2",
    "kind": "new_line",
    "line": {"number": "N1"},
    "mode": "bus",
    "stops": ["A", "C", "F"],
    "service": [{"from": "06:00", "to": "11:00", "every": "12 min"}],
    "speed_kmh": 40,
}


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Zones, stops and a centre have hostile names."""
    small = write_small_region(tmp_path_factory.mktemp("live") / "small")
    zones = good_zones()
    small.zones(zones.assign(name=[f"{HOSTILE[n % len(HOSTILE)]} {code}" for n, code in enumerate(zones["code"])]))
    stops = good_feed().tables["stops.txt"]
    named = [{**row, "stop_name": f"{HOSTILE[n]} {row['stop_id']}"} for n, row in enumerate(stops)]
    small.feed(good_feed().setting("stops.txt", *named))
    small.replace("centres.csv", "Centre C", HOSTILE[2])
    return small.config


@pytest.fixture(scope="session")
def region(config: Path) -> LiveRegion:
    return live_region(read_base(load_config(config), lambda _: nullcontext()))


Live = Callable[[], tuple[Documents, Answers]]


@pytest.fixture
def live(region: LiveRegion, tmp_path: Path) -> tuple[Documents, Answers]:
    documents = Documents(tmp_path / "live", written_for(region.base))
    return documents, Answers(region, documents)
