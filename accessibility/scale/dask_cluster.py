"""Answers the blocks of a plan on a Dask cluster: one of this machine, or one that is reached by an address.

A task carries a folder and a number; everything else is mapped from the folder. Dask counts the pages of those files as a
worker's memory and would pause or end workers that hold nothing of their own: `PrivateMemory` and `PrivateMemoryOfNanny`
make it count what is the process's own.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from distributed import Client, KilledWorker, LocalCluster, Nanny, NannyPlugin, Worker, WorkerPlugin, as_completed
from distributed.comm import CommClosedError
from tornado.ioloop import PeriodicCallback

from accessibility.errors import ScaleError
from accessibility.scale.answering import Answered, Engine, answer_block
from accessibility.scale.plan import BlockPlan
from accessibility.scale.private_memory import private_bytes
from accessibility.threads import cores

MOST_ATTEMPTS = 5  # of a block whose workers were lost; Dask itself has tried each of them several times
_CONNECT_S = 30


class PrivateMemory(WorkerPlugin):
    """Makes a worker count its own memory, without mapped pages: above its limit it pauses."""

    name = "private-memory"

    def setup(self, worker: Worker) -> None:
        """Called by Dask in each worker."""
        worker.monitor.get_process_memory = private_bytes


class PrivateMemoryOfNanny(NannyPlugin):
    """Makes the nanny of a worker, which ends it above its limit, count the worker's own memory too."""

    name = "private-memory-of-nanny"

    def setup(self, nanny: Nanny) -> None:
        """Called by Dask in each nanny."""
        manager, counted = nanny.memory_manager, nanny.periodic_callbacks.pop("memory_monitor", None)
        if counted is None:  # there is no limit
            return
        counted.stop()
        mine = PeriodicCallback(partial(_end_above_limit, nanny), manager.memory_monitor_interval * 1000)
        nanny.periodic_callbacks["memory_monitor"] = mine
        mine.start()


def _end_above_limit(nanny: Nanny) -> None:
    process = getattr(nanny.process, "process", None)
    manager = nanny.memory_manager
    if process is None or process.pid is None or not manager.memory_terminate_fraction:
        return
    with contextlib.suppress(OSError):  # it is gone
        if private_bytes(process.pid) > manager.memory_limit * manager.memory_terminate_fraction:
            process.terminate()


def dask_engine(address: str | None, told: Callable[[str], None]) -> Engine:
    """An `Engine` on the scheduler at `address` (such as tcp://10.0.0.5:8786); without it, on a cluster of this machine.

    `told` gets a line with the dashboard's address. The engine raises `ScaleError` where the scheduler can't be reached or
    is lost, and where a block fails again and again.
    """

    def answer(plan: BlockPlan, numbers: Sequence[int], answered: Answered) -> None:
        with _client(address) as client:
            for plugin in (PrivateMemory(), PrivateMemoryOfNanny()):
                client.register_plugin(plugin)
            told(f"{len(numbers):,} block(s) on {client.scheduler.address}; dashboard: {client.dashboard_link}")
            try:
                _answer_on(client, plan, numbers, answered)
            except (CommClosedError, OSError, TimeoutError) as error:
                raise _lost(client) from error

    return answer


@contextlib.contextmanager
def _client(address: str | None) -> Iterator[Client]:
    """A client of the cluster; one that is started here ends with it."""
    with contextlib.ExitStack() as stack:
        if address is None:
            address = stack.enter_context(
                LocalCluster(n_workers=1, threads_per_worker=cores(), dashboard_address="127.0.0.1:0", host="127.0.0.1")
            ).scheduler_address
        try:
            client = stack.enter_context(Client(address, timeout=_CONNECT_S, set_as_default=False))
        except (OSError, TimeoutError, ValueError) as error:
            raise ScaleError(
                f"no Dask scheduler answers at {address} ({error}); start one (dask scheduler), or leave out --address"
            ) from error
        yield client


def _answer_on(client: Client, plan: BlockPlan, numbers: Sequence[int], answered: Answered) -> None:
    attempts: Counter[int] = Counter()

    def ask(number: int) -> Any:
        attempts[number] += 1
        key = f"block-{plan.identity[:16]}-{number}-{attempts[number]}"
        return client.submit(answer_block, str(plan.folder), plan.identity, number, key=key)

    futures = {ask(number): number for number in numbers}
    waiting = as_completed(futures, loop=client.loop)
    for future in waiting:
        number = futures.pop(future)
        if future.status == "finished":
            answered(future.result())
        elif future.status == "error" and not isinstance(future.exception(), KilledWorker):
            future.result()  # raises it
        elif future.status != "error":
            raise _lost(client)
        elif attempts[number] >= MOST_ATTEMPTS:
            raise ScaleError(
                f"{plan.blocks[number].file}: its workers ended {MOST_ATTEMPTS} times; give them more memory or fewer threads"
            )
        else:
            again = ask(number)
            futures[again] = number
            waiting.add(again)


def _lost(client: Client) -> ScaleError:
    address = client.scheduler.address if client.scheduler else "the address given"
    return ScaleError(
        f"the scheduler at {address} is gone; the shards that are written stay: the same command goes on from there"
    )
