"""A search's values come back from the folder as they were, mapped and not copied, each array kept once."""

import ast
import os
from collections.abc import Callable
from pathlib import Path

import numba
import numpy as np
import pandas as pd
import pytest

from accessibility.errors import ScaleError
from accessibility.scale.array_store import ArrayStore
from accessibility.search.spec import SearchSpec
from tests.accessibility.scale.city import joined


def same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)  # type: ignore[attr-defined]
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other)  # type: ignore[arg-type]
        return True
    if hasattr(one, "__dataclass_fields__"):
        return all(same(getattr(one, name), getattr(other, name)) for name in one.__dataclass_fields__)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))  # type: ignore[arg-type]
    return one == other


def test_a_joined_network_comes_back_whole_and_each_array_once(tmp_path: Path) -> None:
    store, network = ArrayStore(tmp_path), joined(1)
    reference = store.put(network)
    assert same(network, store.get(reference))
    n_files = len(list(tmp_path.iterdir()))
    assert store.put(joined(1)) == reference and len(list(tmp_path.iterdir())) == n_files
    assert store.put(joined(2)) != reference


def test_a_specification_comes_back_equal(tmp_path: Path) -> None:
    spec = SearchSpec(modes=frozenset({"bus", "tram"}), percentiles=(50.0,), transfer_max_s=600)
    store = ArrayStore(tmp_path)
    assert store.get(store.put(spec)) == spec


@pytest.mark.parametrize("array", [np.arange(6, dtype=np.int32), np.empty(0, np.int64), np.zeros((2, 3), bool)])
def test_an_array_is_mapped_with_the_type_that_kernels_are_compiled_for(tmp_path: Path, array: np.ndarray) -> None:
    store = ArrayStore(tmp_path)
    back = store.get(store.put(array))
    assert numba.typeof(back) == numba.typeof(array)
    assert isinstance(back.base, np.memmap) or not array.size


def test_what_a_process_writes_to_a_mapped_array_stays_its_own(tmp_path: Path) -> None:
    store = ArrayStore(tmp_path)
    reference = store.put(np.arange(6))
    store.get(reference)[0] = 99
    assert store.get(reference)[0] == 0


def test_arrays_are_mapped_without_syntax_trees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of Python 3.11 fail where two threads make one at the same time, as `numpy.load` does to read a file's head."""
    store = ArrayStore(tmp_path)
    fortran, texts = np.asfortranarray(np.eye(3)), np.array(["a", None])
    reference = store.put((np.arange(6).reshape(2, 3), np.empty(0, np.int16), fortran, texts))
    monkeypatch.setattr(ast, "parse", lambda *_, **__: pytest.fail("a syntax tree was made"))
    whole, empty, fortran, texts = store.get(reference)
    assert whole.tolist() == [[0, 1, 2], [3, 4, 5]] and fortran.tolist() == np.eye(3).tolist()
    assert empty.dtype == np.int16 and not empty.size
    assert texts.tolist() == ["a", None]


@pytest.mark.parametrize(
    ("damage", "message"), [(lambda file: os.truncate(file, 40), "read"), (Path.unlink, "missing")]
)
def test_a_file_cut_short_or_gone_is_named(tmp_path: Path, damage: Callable[[Path], object], message: str) -> None:
    store = ArrayStore(tmp_path)
    reference = store.put(np.arange(6))
    damage(next(tmp_path.iterdir()))
    with pytest.raises(ScaleError, match=message):
        store.get(reference)


def test_only_values_of_a_search_are_kept(tmp_path: Path) -> None:
    with pytest.raises(ScaleError, match="of the kind complex"):
        ArrayStore(tmp_path).put((1, 2j))
