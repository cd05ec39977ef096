"""Operations on rows of sixteen int32 that the kernels need, each one or two vector instructions.

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

_INT32, _INT64 = ir.IntType(32), ir.IntType(64)
_VECTOR = ir.VectorType(_INT32, LANES)
_INT32_BYTES = 4  # rows are aligned to their elements only


class _Code:
    """A writer of the instructions of one row operation, from numba's representation of its arguments."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any) -> None:
        self._context, self.builder, self._types, self._arguments = context, builder, signature.args, arguments

    def scalar(self, place: int) -> Any:
        """A row with the number of argument `place` in every lane."""
        number = self._context.cast(self.builder, self._arguments[place], self._types[place], types.int32)
        one = self.builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, ir.Constant(_INT32, 0))
        return self.builder.shuffle_vector(one, ir.Constant(_VECTOR, ir.Undefined), ir.Constant(_VECTOR, [0] * LANES))

    def pointer(self, place: int) -> Any:
        """The address of the row given by arguments `place` (array) and `place + 1` (row number)."""
        array_type = self._types[place]
        array = self._context.make_array(array_type)(self._context, self.builder, self._arguments[place])
        stride = cgutils.unpack_tuple(self.builder, array.strides, array_type.ndim)[0]
        row = self._context.cast(self.builder, self._arguments[place + 1], self._types[place + 1], types.int64)
        base = self.builder.ptrtoint(array.data, _INT64)
        return self.builder.inttoptr(self.builder.add(base, self.builder.mul(row, stride)), _VECTOR.as_pointer())

    def load(self, place: int) -> Any:
        """The row given by arguments `place` and `place + 1`."""
        row = self.builder.load(self.pointer(place))
        row.align = _INT32_BYTES
        return row

    def store(self, row: Any, place: int) -> Any:
        """Write a row to that given by arguments `place` and `place + 1`; returns the dummy value that numba requires."""
        self.builder.store(row, self.pointer(place)).align = _INT32_BYTES
        return self._context.get_dummy_value()

    def smaller(self, one: Any, other: Any) -> Any:
        """The minimum, lane by lane."""
        return self.builder.select(self.builder.icmp_signed("<", other, one), other, one)

    def larger(self, one: Any, other: Any) -> Any:
        """The maximum, lane by lane."""
        return self.builder.select(self.builder.icmp_signed("<", other, one), one, other)


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

    def order_rows(target: Rows, i: int, same: Rows, j: int) -> None:
        """target[i], same[j] = min(target[i], same[j]), max(target[i], same[j])"""
        target[i], same[j] = np.minimum(target[i], same[j]), np.maximum(target[i], same[j])

    def count_row(target: Rows, i: int, source: Rows, j: int, most: int) -> None:
        """target[i] += source[j] <= most"""
        target[i] += source[j] <= most

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
    def order_rows(_typing: Any, target: Any, i: Any, same: Any, j: Any) -> Any:
        """target[i], same[j] = min(target[i], same[j]), max(target[i], same[j])"""

        def write(*given: Any) -> Any:
            code = _Code(*given)
            one, other = code.load(0), code.load(2)
            code.store(code.smaller(one, other), 0)
            return code.store(code.larger(one, other), 2)

        return types.none(target, i, same, j), write

    @intrinsic
    def count_row(_typing: Any, target: Any, i: Any, source: Any, j: Any, most: Any) -> Any:
        """target[i] += source[j] <= most"""

        def write(*given: Any) -> Any:
            code = _Code(*given)
            within = code.builder.icmp_signed("<=", code.load(2), code.scalar(4))
            return code.store(code.builder.add(code.load(0), code.builder.zext(within, _VECTOR)), 0)

        return types.none(target, i, source, j, most), write

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
