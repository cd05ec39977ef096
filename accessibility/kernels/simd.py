"""Operations on rows of sixteen int32 that the kernels need, each a few vector instructions for a row.

Rows are those of C-contiguous int32 arrays of shape (n, LANES). numba unrolls a loop of sixteen but does not vectorise
it, which makes it five to ten times slower. So the vector instructions are written out here, and LLVM translates them to
instructions of the processor. With NUMBA_DISABLE_JIT=1 the same operations run in numpy.
"""

from typing import TYPE_CHECKING, Any

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

LANES = 16  # one 64-byte cache line of labels
NEVER = np.int32(2**30)  # later than any arrival, small enough that adding a walk can't overflow

Rows = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.int32]

_INT32, _INT64 = ir.IntType(32), ir.IntType(64)
_VECTOR = ir.VectorType(_INT32, LANES)
_INT32_BYTES = 4  # rows are aligned to their elements only


class _Code:
    """A writer of the instructions of one row operation, from numba's representation of its arguments."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any) -> None:
        self._context, self.builder, self._types, self._arguments = context, builder, signature.args, arguments

    def scalar(self, place: int) -> Any:
        """A row with the number of argument `place` in every lane."""
        return self.spread(self._context.cast(self.builder, self._arguments[place], self._types[place], types.int32))

    def spread(self, number: Any) -> Any:
        """A row with `number` in every lane."""
        one = self.builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, ir.Constant(_INT32, 0))
        return self.builder.shuffle_vector(one, ir.Constant(_VECTOR, ir.Undefined), ir.Constant(_VECTOR, [0] * LANES))

    def pointer(self, place: int) -> Any:
        """The address of the row given by arguments `place` (array) and `place + 1` (row number)."""
        base, stride = self._base(place)
        offset = self.builder.mul(self.number(place + 1), stride)
        return self.builder.inttoptr(self.builder.add(base, offset), _VECTOR.as_pointer())

    def _base(self, place: int) -> tuple[Any, Any]:
        """The address of the array of argument `place`, and the bytes from one of its rows to the next."""
        array_type = self._types[place]
        array = self._context.make_array(array_type)(self._context, self.builder, self._arguments[place])
        return self.builder.ptrtoint(array.data, _INT64), cgutils.unpack_tuple(
            self.builder, array.strides, array_type.ndim
        )[0]

    def load(self, place: int) -> Any:
        """The row given by arguments `place` and `place + 1`."""
        row = self.builder.load(self.pointer(place))
        row.align = _INT32_BYTES
        return row

    def store(self, row: Any, place: int) -> Any:
        """Write a row to that given by arguments `place` and `place + 1`; returns the dummy value that numba requires."""
        self.builder.store(row, self.pointer(place)).align = _INT32_BYTES
        return self._context.get_dummy_value()

    def row_of(self, place: int, number: Any) -> Any:
        """The row `number` (64 bits) of the array of argument `place`."""
        base, stride = self._base(place)
        address = self.builder.add(base, self.builder.mul(number, stride))
        row = self.builder.load(self.builder.inttoptr(address, _VECTOR.as_pointer()))
        row.align = _INT32_BYTES
        return row

    def number(self, place: int) -> Any:
        """The number of argument `place` in 64 bits."""
        return self._context.cast(self.builder, self._arguments[place], self._types[place], types.int64)

    def item(self, place: int, index: Any) -> Any:
        """The item `index` of the int32 array of argument `place`, in 64 bits."""
        base, stride = self._base(place)
        address = self.builder.add(base, self.builder.mul(index, stride))
        item = self.builder.load(self.builder.inttoptr(address, _INT32.as_pointer()))
        return self.builder.sext(item, _INT64)

    def length(self, place: int) -> Any:
        """The number of rows of the array of argument `place`."""
        array = self._context.make_array(self._types[place])(self._context, self.builder, self._arguments[place])
        return cgutils.unpack_tuple(self.builder, array.shape, self._types[place].ndim)[0]

    def kept(self, row: Any) -> Any:
        """A place for a row that changes in a loop, which LLVM keeps in registers."""
        return cgutils.alloca_once_value(self.builder, row)

    def smaller(self, one: Any, other: Any) -> Any:
        """The minimum, lane by lane."""
        return self.builder.select(self.builder.icmp_signed("<", other, one), other, one)

    def rows_within(self, place: int, most: Any) -> Any:
        """The number of rows of the array of argument `place` that are at most the row `most`, lane by lane."""
        count = self.kept(ir.Constant(_VECTOR, [0] * LANES))
        with cgutils.for_range(self.builder, self.length(place)) as loop:
            within = self.builder.icmp_signed("<=", self.row_of(place, loop.index), most)
            # A comparison that holds is -1 in all bits.
            self.builder.store(self.builder.sub(self.builder.load(count), self.builder.sext(within, _VECTOR)), count)
        return self.builder.load(count)


if TYPE_CHECKING or numba.config.DISABLE_JIT:

    def copy_row(target: Rows, i: int, source: Rows, j: int) -> None:
        """target[i] = source[j]"""
        target[i] = source[j]

    def lower_row(target: Rows, i: int, source: Rows, j: int) -> None:
        """target[i] = min(target[i], source[j])"""
        np.minimum(target[i], source[j], out=target[i])

    def lower_row_later(target: Rows, i: int, source: Rows, j: int, later: int) -> None:
        """target[i] = min(target[i], source[j] + later)"""
        np.minimum(target[i], source[j] + np.int32(later), out=target[i])

    def to_durations(target: Rows, i: int, walks: Rows, j: int, departure: int, longest: int) -> None:
        """target[i] = min(target[i] - departure, walks[j]), NEVER where that is more than longest"""
        lasting = np.minimum(target[i] - np.int32(departure), walks[j])
        target[i] = np.where(lasting <= longest, lasting, NEVER)

    def lower_row_by(target: Rows, i: int, source: Rows, rows: Numbers, first: int, last: int) -> None:
        """target[i] = min(target[i], source[r]) for all r of rows[first:last]"""
        for r in rows[first:last]:
            np.minimum(target[i], source[r], out=target[i])

    def count_rows(target: Rows, i: int, source: Rows, most: int) -> None:
        """target[i] = number of rows of source that are <= most"""
        target[i] = (source <= most).sum(axis=0)

    def ranked_row(target: Rows, i: int, source: Rows, rank: int, bits: int) -> None:
        """target[i] = the rank-th smallest of the rows of source (1 = the least), 2**bits - 1 where that is as large"""
        target[i] = np.minimum(np.sort(source, axis=0)[rank - 1], 2**bits - 1)

    def lower_lanes(source: Rows, j: int, than: Rows, i: int, most: int) -> int:
        """Bit by bit whether source[j] < than[i] and source[j] <= most; the first lane is the lowest bit"""
        lower = (source[j] < than[i]) & (source[j] <= most)
        return int((lower << np.arange(LANES)).sum())

else:

    @intrinsic
    def copy_row(_typing: Any, target: Any, i: Any, source: Any, j: Any) -> Any:
        """target[i] = source[j]"""

        def write(*given: Any) -> Any:
            code = _Code(*given)
            return code.store(code.load(2), 0)

        return types.none(target, i, source, j), write

    @intrinsic
    def lower_row(_typing: Any, target: Any, i: Any, source: Any, j: Any) -> Any:
        """target[i] = min(target[i], source[j])"""

        def write(*given: Any) -> Any:
            code = _Code(*given)
            return code.store(code.smaller(code.load(0), code.load(2)), 0)

        return types.none(target, i, source, j), write

    @intrinsic
    def lower_row_later(_typing: Any, target: Any, i: Any, source: Any, j: Any, later: Any) -> Any:
        """target[i] = min(target[i], source[j] + later)"""

        def write(*given: Any) -> Any:
            code = _Code(*given)
            return code.store(code.smaller(code.load(0), code.builder.add(code.load(2), code.scalar(4))), 0)

        return types.none(target, i, source, j, later), write

    @intrinsic
    def to_durations(_typing: Any, target: Any, i: Any, walks: Any, j: Any, departure: Any, longest: Any) -> Any:
        """target[i] = min(target[i] - departure, walks[j]), NEVER where that is more than longest"""

        def write(*given: Any) -> Any:
            code = _Code(*given)
            lasting = code.smaller(code.builder.sub(code.load(0), code.scalar(4)), code.load(2))
            never = ir.Constant(_VECTOR, [int(NEVER)] * LANES)
            kept = code.builder.icmp_signed("<=", lasting, code.scalar(5))
            return code.store(code.builder.select(kept, lasting, never), 0)

        return types.none(target, i, walks, j, departure, longest), write

    @intrinsic
    def lower_row_by(_typing: Any, target: Any, i: Any, source: Any, rows: Any, first: Any, last: Any) -> Any:
        """target[i] = min(target[i], source[r]) for all r of rows[first:last]"""

        def write(*given: Any) -> Any:
            code = _Code(*given)
            least = code.kept(code.load(0))
            with cgutils.for_range_slice(
                code.builder, code.number(4), code.number(5), ir.Constant(_INT64, 1), _INT64
            ) as (at, _):
                row = code.row_of(2, code.item(3, at))
                code.builder.store(code.smaller(code.builder.load(least), row), least)
            return code.store(code.builder.load(least), 0)

        return types.none(target, i, source, rows, first, last), write

    @intrinsic
    def count_rows(_typing: Any, target: Any, i: Any, source: Any, most: Any) -> Any:
        """target[i] = number of rows of source that are <= most"""

        def write(*given: Any) -> Any:
            code = _Code(*given)
            return code.store(code.rows_within(2, code.scalar(3)), 0)

        return types.none(target, i, source, most), write

    @intrinsic
    def ranked_row(_typing: Any, target: Any, i: Any, source: Any, rank: Any, bits: Any) -> Any:
        """target[i] = the rank-th smallest of the rows of source (1 = the least), 2**bits - 1 where that is as large"""

        def write(*given: Any) -> Any:
            # Bit by bit, the highest first: the largest number than which fewer rows than the rank are smaller.
            code = _Code(*given)
            builder, rank_row, one = code.builder, code.scalar(3), ir.Constant(_VECTOR, [1] * LANES)
            found = code.kept(ir.Constant(_VECTOR, [0] * LANES))
            with cgutils.for_range_slice(
                builder, ir.Constant(_INT64, 0), code.number(4), ir.Constant(_INT64, 1), _INT64
            ) as (step, _):
                shift = builder.trunc(builder.sub(builder.sub(code.number(4), step), ir.Constant(_INT64, 1)), _INT32)
                higher = builder.or_(builder.load(found), code.spread(builder.shl(ir.Constant(_INT32, 1), shift)))
                below = code.rows_within(2, builder.sub(higher, one))
                builder.store(
                    builder.select(builder.icmp_signed("<", below, rank_row), higher, builder.load(found)), found
                )
            return code.store(builder.load(found), 0)

        return types.none(target, i, source, rank, bits), write

    @intrinsic
    def lower_lanes(_typing: Any, source: Any, j: Any, than: Any, i: Any, most: Any) -> Any:
        """Bit by bit whether source[j] < than[i] and source[j] <= most; the first lane is the lowest bit"""

        def ask(*given: Any) -> Any:
            code = _Code(*given)
            row, builder = code.load(0), code.builder
            lower = builder.and_(
                builder.icmp_signed("<", row, code.load(2)), builder.icmp_signed("<=", row, code.scalar(4))
            )
            return builder.zext(builder.bitcast(lower, ir.IntType(LANES)), _INT64)

        return types.int64(source, j, than, i, most), ask
