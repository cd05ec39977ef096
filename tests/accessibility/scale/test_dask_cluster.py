"""On a cluster: the same bytes with any number of workers, with workers and the scheduler killed; memory counted as our own."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accessibility.errors import ScaleError
from accessibility.scale.answering import answer_block, answer_blocks
from accessibility.scale.engines import engine_named
from accessibility.scale.plan import plan_blocks
from tests.accessibility.scale.city import asked, worlds
from tests.accessibility.scale.test_answering import plan_in, shards

distributed = pytest.importorskip("distributed")
LIMIT_MB, MAPPED_MB = 700, 800
# A scheduler and a worker in one process that lives until it is killed.
_ALONE = """
import distributed, sys, time
if __name__ == "__main__":
    cluster = distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=None
    )
    print(cluster.scheduler_address, flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The shards of the threads of one process."""
    folder = tmp_path_factory.mktemp("threads")
    answer_blocks(plan_in(folder))
    return shards(folder)


@pytest.fixture(scope="module")
def processes() -> Iterator[Any]:
    """A cluster of a worker in a process of its own, with a limit of memory."""
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None, memory_limit=f"{LIMIT_MB}MiB"
    ) as cluster:
        yield cluster


@pytest.mark.parametrize("n_workers", [1, 2, 4])
def test_any_number_of_workers_gives_the_same_bytes(n_workers: int, tmp_path: Path, expected: dict[str, bytes]) -> None:
    lines: list[str] = []
    with distributed.LocalCluster(
        n_workers=n_workers, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        answer_blocks(plan_in(tmp_path), engine_named("dask", cluster.scheduler_address, lines.append))
    assert shards(tmp_path) == expected
    assert len(lines) == 1 and "9 block(s) on inproc" in lines[0] and "dashboard" in lines[0]


def test_a_worker_that_is_killed_changes_no_byte(tmp_path: Path, processes: Any, expected: dict[str, bytes]) -> None:
    with distributed.Client(processes, set_as_default=False) as client:
        (pid,) = client.run(os.getpid).values()

    def halt(_: str) -> None:
        """The worker stands still while blocks are given to it, and dies; its nanny starts another."""
        os.kill(pid, signal.SIGSTOP)
        threading.Timer(0.5, lambda: os.kill(pid, signal.SIGKILL)).start()

    answer_blocks(plan_in(tmp_path), engine_named("dask", processes.scheduler_address, halt))
    assert shards(tmp_path) == expected


def touch(file: str) -> tuple[int, int, int]:
    """Read all pages of a mapped file: the bytes that this worker then holds, its own ones, and its process."""
    import psutil

    mapped = np.load(file, mmap_mode="r")
    total = int(mapped[:: 4096 // 8].sum())
    worker = distributed.get_worker()
    threading.Event().wait(0.5)  # for the nanny, which looks five times meanwhile
    return psutil.Process().memory_info().rss, worker.monitor.get_process_memory() + 0 * total, os.getpid()


def test_mapped_pages_do_not_count_against_a_worker(tmp_path: Path, processes: Any) -> None:
    """More is mapped than the limit allows: the worker is neither paused nor ended."""
    large = np.lib.format.open_memmap(tmp_path / "large.npy", "w+", np.int64, (MAPPED_MB * 2**20 // 8,))
    del large  # a file of holes: its pages are read as zeros
    answer_blocks(plan_in(tmp_path / "first"), engine_named("dask", processes.scheduler_address, lambda _: None))
    with distributed.Client(processes, set_as_default=False) as client:
        resident, own, pid = client.submit(touch, str(tmp_path / "large.npy")).result(timeout=30)
        assert resident > LIMIT_MB * 2**20 > 2 * own
        assert list(client.run(os.getpid).values()) == [pid]


def test_a_scheduler_that_is_killed_ends_with_one_error_and_the_next_command_goes_on(
    tmp_path: Path, expected: dict[str, bytes]
) -> None:
    alone = subprocess.Popen([sys.executable, "-c", _ALONE], stdout=subprocess.PIPE, text=True)
    assert alone.stdout
    address = alone.stdout.readline().strip()

    def kill(_: str) -> None:
        alone.send_signal(signal.SIGSTOP)
        threading.Timer(0.3, alone.kill).start()

    plan = plan_in(tmp_path)
    answer_block(str(plan.folder), plan.identity, 5)
    try:
        with pytest.raises(ScaleError, match="is gone; the shards that are written stay"):
            answer_blocks(plan, engine_named("dask", address, kill))
    finally:
        alone.kill()
        alone.wait()
    assert 1 <= len(shards(tmp_path)) < 9
    answer_blocks(plan_in(tmp_path))
    assert shards(tmp_path) == expected


def test_an_address_where_nobody_answers_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accessibility.scale.dask_cluster._CONNECT_S", 0.2)
    plan = plan_blocks(tmp_path, asked(), worlds()[:1])
    with pytest.raises(ScaleError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        answer_blocks(plan, engine_named("dask", "tcp://127.0.0.1:9", print))


def test_without_dask_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "accessibility.scale.dask_cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ScaleError, match=r"needs the extra `cluster`.*or leave out --engine"):
        engine_named("dask")
