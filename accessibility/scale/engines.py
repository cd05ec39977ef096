"""Names the engines that answer blocks, and imports what one needs when it is asked for."""

from collections.abc import Callable
from typing import Literal

from accessibility.errors import ScaleError
from accessibility.scale.answering import Engine, answer_in_threads

EngineName = Literal["local", "dask"]


def engine_named(name: EngineName, address: str | None = None, told: Callable[[str], None] = print) -> Engine:
    """`local`: the threads of this process; `dask`: a Dask cluster, at `address` or of this machine.

    Raises `ScaleError` where Dask is not installed.
    """
    if name == "local":
        return answer_in_threads
    try:
        from accessibility.scale.dask_cluster import dask_engine
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in {"distributed", "dask", "tornado"}:
            raise
        raise ScaleError(
            "the engine dask needs the extra `cluster`: pip install 'inclusive-growth-corridors[cluster]', or leave out "
            "--engine to use the threads of this machine"
        ) from error
    return dask_engine(address, told)
