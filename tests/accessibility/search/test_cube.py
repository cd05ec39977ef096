"""The cube on disk holds every departure, goes on where it stopped, and never mixes two searches."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from accessibility.errors import CubeError
from accessibility.legs import Points
from accessibility.search import cube, duration_parts
from accessibility.search.cube import write_cube
from accessibility.search.joining import JoinedNetwork, join
from accessibility.search.preparation import prepare
from accessibility.search.spec import SearchSpec
from tests.support.networks import legs, line, timetable_of

START_S = 8 * 3600
SPEC = SearchSpec(
    window_start_s=START_S, window_end_s=START_S + 300, step_s=60, max_duration_s=600, percentiles=(50.0,), cutoffs_s=()
)
N_ORIGINS, N_DESTINATIONS = 5, 18  # two blocks of destinations


def points(prefix: str, n: int) -> Points:
    return Points(np.array([f"{prefix}{i}" for i in range(n)], object), np.zeros(n), np.zeros(n))


ORIGINS, DESTINATIONS = points("home ", N_ORIGINS), points("shop ", N_DESTINATIONS)


def joined(buses_at_s: tuple[int, ...] = (60, 180)) -> JoinedNetwork:
    """Buses from stop 0 to stop 1 in 100 s; origin i lives i x 10 s from stop 0, shop j is j s from stop 1."""
    timetable = timetable_of(2, [line((0, at), (1, at + 100), start_s=START_S) for at in buses_at_s])
    network = prepare(timetable, legs(2, [(0, 0, 0), (1, 1, 0)]), SPEC)
    access = legs(N_ORIGINS, [(i, 0, 10 * i) for i in range(N_ORIGINS)])
    egress = legs(N_DESTINATIONS, [(j, 1, j) for j in range(N_DESTINATIONS)])
    return join([network], access, egress, legs(N_DESTINATIONS, []))


def test_every_departure_of_every_pair_is_there(tmp_path: Path) -> None:
    files = write_cube(joined(), ORIGINS, DESTINATIONS, SPEC, tmp_path)
    assert [file.name for file in files] == ["to_000000.parquet", "to_000016.parquet"]
    table = pd.read_parquet(tmp_path).set_index(["from_id", "to_id"])
    assert list(table.columns) == ["08:00:00", "08:01:00", "08:02:00", "08:03:00", "08:04:00"]
    assert len(table) == N_ORIGINS * N_DESTINATIONS
    # Ready at the stop at 08:00:20, home 2 waits for the bus of 08:01; at 08:01:20 for that of 08:03. The next is the last.
    row = table.loc[("home 2", "shop 17")]
    assert row.tolist()[:3] == [60 + 100 + 17, 180 - 60 + 100 + 17, 180 - 120 + 100 + 17]
    assert row.iloc[3:].isna().all()


def test_little_memory_gives_the_same_cube(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_cube(joined(), ORIGINS, DESTINATIONS, SPEC, tmp_path / "at once")
    monkeypatch.setattr(duration_parts, "_MOST_BYTES", 1)
    write_cube(joined(), ORIGINS, DESTINATIONS, SPEC, tmp_path / "one by one")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "at once"), pd.read_parquet(tmp_path / "one by one"))


def test_an_interrupted_cube_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = write_cube(joined(), ORIGINS, DESTINATIONS, SPEC, tmp_path / "whole")

    def interrupted(part: object, *_: object) -> None:
        if part.column == 16:  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        return table_of(part, *_)

    table_of = cube._table
    monkeypatch.setattr(cube, "_table", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_cube(joined(), ORIGINS, DESTINATIONS, SPEC, tmp_path / "resumed")
    assert sorted(file.name for file in (tmp_path / "resumed").iterdir()) == ["_cube.json", "to_000000.parquet"]
    monkeypatch.setattr(cube, "_table", table_of)
    done = (tmp_path / "resumed" / "to_000000.parquet").stat().st_mtime_ns
    files = write_cube(joined(), ORIGINS, DESTINATIONS, SPEC, tmp_path / "resumed")
    assert files[0].stat().st_mtime_ns == done
    assert [file.read_bytes() for file in files] == [file.read_bytes() for file in whole]


def test_a_folder_belongs_to_one_search(tmp_path: Path) -> None:
    write_cube(joined(), ORIGINS, DESTINATIONS, SPEC, tmp_path)
    others = [
        (joined((60, 200)), ORIGINS, SPEC),
        (joined(), points("flat ", N_ORIGINS), SPEC),
        (joined(), ORIGINS, replace(SPEC, max_duration_s=500)),
    ]
    for network, origins, spec in others:
        with pytest.raises(CubeError, match="the cube of another search"):
            write_cube(network, origins, DESTINATIONS, spec, tmp_path)


def test_a_folder_of_other_parquet_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.parquet").write_bytes(b"")
    with pytest.raises(CubeError, match="no cube of this program"):
        write_cube(joined(), ORIGINS, DESTINATIONS, SPEC, tmp_path)


def test_every_instant_has_no_end_of_columns(tmp_path: Path) -> None:
    with pytest.raises(CubeError, match="at least 1 second"):
        write_cube(joined(), ORIGINS, DESTINATIONS, replace(SPEC, step_s=0), tmp_path)
