"""The table of `corridors matrix`: the same rows whether it is written whole or in parts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from accessibility.legs import Points
from accessibility.search.spec import UNREACHED, TravelTimes
from corridors.matrix import travel_matrix


def places(prefix: str, count: int) -> Points:
    ids = np.array([f"{prefix}{number}" for number in range(count)], dtype=object)
    return Points(ids, np.zeros(count), np.zeros(count))


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_parts_of_origins_make_the_whole_table(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven origins by three destinations in parts of two origins: more text than fits in memory is never held."""
    origins, destinations = places("=o", 7), places("d", 3)
    seconds = np.arange(21, dtype=np.int32).reshape(1, 7, 3)
    seconds[0, 6, 2] = UNREACHED
    times = TravelTimes(seconds, np.full((1, 7, 3), 5, np.int32), 10, (50.0,), (7200,))
    monkeypatch.setattr(travel_matrix, "_PART_ROWS", 7)
    assert [len(part) for part in travel_matrix.matrix_parts(origins, destinations, times)] == [6, 6, 6, 3]
    travel_matrix.write_table(origins, destinations, times, tmp_path / f"m{suffix}")
    read = pd.read_csv if suffix == ".csv" else pd.read_parquet
    table = read(tmp_path / f"m{suffix}")
    mark = "'" if suffix == ".csv" else ""
    assert table["from_id"].tolist() == [f"{mark}=o{number}" for number in range(7) for _ in range(3)]
    assert table["to_id"].tolist() == ["d0", "d1", "d2"] * 7
    assert table["p50_s"].tolist()[:20] == list(range(20)) and table["p50_s"].isna().tolist() == [False] * 20 + [True]
    assert (table["reach_share"] == 0.5).all()


def test_long_ids_make_small_parts() -> None:
    """A thousand letters an id: parts hold at most 200 million letters, whatever the number of pairs."""
    origins, destinations = places("o" * 1000, 300), places("d" * 1000, 2000)
    times = TravelTimes(np.zeros((1, 300, 2000), np.int32), np.zeros((1, 300, 2000), np.int32), 10, (50.0,), (7200,))
    first = next(travel_matrix.matrix_parts(origins, destinations, times))
    assert len(first) == 2000 * (200_000_000 // 2006 // 2000)
