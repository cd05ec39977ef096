"""Keeps values made of arrays in a folder: each array once, under the digest of its content, to be mapped by many processes.

Enters: arrays, frames, and the named tuples and dataclasses of a search made of them. Leaves: files, and a reference in
plain JSON from which the value is rebuilt without copying an array. Nothing is pickled.
"""

import dataclasses
import datetime as dt
import hashlib
import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from accessibility.errors import ScaleError
from accessibility.gtfs.dropped_calls import LostCalls
from accessibility.kernels.arrays import Boardings, Calls, Candidates, Chains, Connections, Stays, Transfers
from accessibility.legs import LegTable, Walk
from accessibility.repairs import Repair
from accessibility.search.joining import JoinedNetwork
from accessibility.search.preparation import PreparedNetwork
from accessibility.search.spec import SearchSpec
from accessibility.timetable.joints import Joints
from accessibility.timetable.timetable import Timetable
from accessibility.timetable.trips import HeadwayRuns

Reference = dict[str, Any]  # as JSON
_RECORDS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        *(Boardings, Calls, Candidates, Chains, Connections, Stays, Transfers),
        *(HeadwayRuns, Joints, LegTable, LostCalls, Repair, Timetable),
        *(JoinedNetwork, PreparedNetwork, SearchSpec, Walk),
    )
}


def write_whole(file: Path, content: bytes | memoryview) -> None:
    """Write a file that appears only when it is complete; of several writers of the same content, any may be the last."""
    unfinished = file.with_name(f"_{file.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


class ArrayStore:
    """A folder of `.npy` files (numbers) and `.parquet` files (texts and frames), named by the SHA-256 of their content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: list[Path] = []

    def undo(self) -> None:
        """Remove the files that this store has written."""
        for file in self._written:
            file.unlink(missing_ok=True)
        self._written.clear()

    def put(self, value: object) -> Reference:
        """Keep a value; the reference has the digests of all its arrays, so equal content gives equal references.

        Raises `ScaleError` for a kind of value that is not of a search.
        """
        if isinstance(value, np.ndarray):
            return {"texts": self._put_texts(value)} if value.dtype == object else {"array": self._put_array(value)}
        if isinstance(value, pd.DataFrame):
            return {"frame": self._put_table(pa.Table.from_pandas(value, preserve_index=False))}
        if type(value).__name__ in _RECORDS:
            fields = {name: self.put(getattr(value, name)) for name in _fields(value)}
            return {"record": type(value).__name__, "fields": fields}
        if isinstance(value, tuple | list | frozenset):
            items = sorted(value) if isinstance(value, frozenset) else value
            return {"set" if isinstance(value, frozenset) else "items": [self.put(item) for item in items]}
        return _put_plain(value)

    def get(self, reference: Reference) -> Any:
        """The value that was put, its arrays mapped from their files. Raises `ScaleError` where a file is missing.

        The pages are shared by all processes of a machine until one writes to them, which then has a copy of its own: a
        mapping that can't be written to is another type to numba, for which every kernel would be compiled again.
        """
        kind = next(iter(reference))
        content = reference[kind]
        if kind in {"array", "texts", "frame"}:
            return self._mapped(**content) if kind == "array" else self._read(kind, content)
        if kind == "date":
            return dt.date.fromisoformat(content)
        if kind == "set":
            return frozenset(self.get(item) for item in content)
        if kind == "items":
            return tuple(self.get(item) for item in content)
        if kind == "record":
            return _RECORDS[content](**{name: self.get(field) for name, field in reference["fields"].items()})
        return content

    def _put_array(self, array: npt.NDArray[Any]) -> Reference:
        flat = np.ascontiguousarray(array)
        head = io.BytesIO()
        np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(flat))
        digest = hashlib.sha256(head.getvalue())
        digest.update(flat.reshape(-1).view(np.uint8).data)
        file = self._file(f"{digest.hexdigest()}.npy")
        if not file.exists():
            unfinished = file.with_name(f"_{os.getpid()}.{threading.get_ident()}.npy")
            np.save(unfinished, flat, allow_pickle=False)
            unfinished.replace(file)
        return {"file": file.name, "type": flat.dtype.str, "shape": list(flat.shape), "begins": len(head.getvalue())}

    def _put_texts(self, texts: npt.NDArray[np.object_]) -> str:
        return self._put_table(pa.table({"text": pa.array(texts, pa.string())}))

    def _put_table(self, table: pa.Table) -> str:
        stream = io.BytesIO()
        pq.write_table(table, stream, compression="zstd")
        file = self._file(f"{hashlib.sha256(stream.getbuffer()).hexdigest()}.parquet")
        if not file.exists():
            write_whole(file, stream.getvalue())
        return file.name

    def _file(self, name: str) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / name
        if not file.exists():
            self._written.append(file)
        return file

    def _mapped(self, file: str, type: str, shape: list[int], begins: int) -> npt.NDArray[Any]:
        """An array's file, mapped from where its numbers begin.

        `numpy.load` would read type and shape from the file's head, by Python's syntax trees: those of Python 3.11 fail now and
        then where two threads make one at the same time (cpython issue 106905), and blocks are answered in threads.
        """
        with self._opened(file) as path:
            return np.asarray(np.memmap(path, np.dtype(type), "c", begins, tuple(shape)))

    def _read(self, kind: str, name: str) -> Any:
        with self._opened(name) as path:
            table = pq.read_table(path)
        return table["text"].to_numpy() if kind == "texts" else table.to_pandas()

    @contextmanager
    def _opened(self, name: str) -> Iterator[Path]:
        file = self._folder / name
        try:
            yield file
        except FileNotFoundError as error:
            raise ScaleError(f"{file} is missing: the folder must be on a disk that every machine sees") from error
        except (OSError, ValueError) as error:
            raise ScaleError(f"{file} can't be read ({error}); delete it and start the command again") from error


def _put_plain(value: object) -> Reference:
    if value is None or isinstance(value, str | bool | int | float):
        return {"value": value}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    raise ScaleError(f"a value of the kind {type(value).__name__} is not kept for other processes")


def _fields(record: object) -> list[str]:
    if dataclasses.is_dataclass(record):
        return [field.name for field in dataclasses.fields(record)]
    return list(cast(Any, record)._fields)
