"""Collects and counts the repairs of one feed or one timetable while it is being read."""

from collections.abc import Iterable

from accessibility.repairs import Repair, sample
from accessibility.text import REPLACEMENT


class RepairLog:
    """A list of repairs in the order in which they were made, after those of an earlier step (`before`).

    `label` is the name of the feed; every effect begins with it.
    """

    def __init__(self, label: str = "", before: Iterable[Repair] = ()) -> None:
        self.label = label
        self._repairs: list[Repair] = list(before)
        self._replaced: list[tuple[str, str, int, int]] = []  # table, column, values changed, values

    def add(
        self, code: str, count: int, total: int, names: Iterable[object], effect: str, trips: Iterable[object] = ()
    ) -> None:
        """Add one kind of repair, which touched `count` of `total` records; nothing is added if `count` is 0.

        `names` are the ids of the records touched, in any order, with repeats; the first few in text order become the
        sample. `trips` are the ids of the trips touched, in any order, with repeats.
        """
        if count:
            text = f"{self.label}: {effect}" if self.label else effect
            self._repairs.append(Repair(code, int(count), int(total), sample(_in_order(names)), text, _in_order(trips)))

    def add_trips(self, code: str, count: int, total: int, trips: Iterable[object], effect: str) -> None:
        """Add one kind of repair whose records are trips: their ids serve as `names` and as `trips` of `add`."""
        names = _in_order(trips)
        self.add(code, count, total, names, effect, names)

    def add_replaced(self, table: str, column: str, count: int, total: int) -> None:
        """Count the values of a column whose control characters were replaced; all columns make one repair."""
        self._replaced.append((table, column, count, total))

    def repairs(self) -> tuple[Repair, ...]:
        """All repairs added so far; the one of replaced control characters is the last."""
        whole = RepairLog(self.label, self._repairs)
        if self._replaced:
            tables, _, counts, totals = zip(*self._replaced, strict=True)
            effect = (
                f"{sum(counts):,} values in {', '.join(dict.fromkeys(tables))} hold control characters and the like, which no "
                f"document can hold; {REPLACEMENT} stands for each"
            )
            names = [f"{table}: {column}" for table, column, _, _ in self._replaced]
            whole.add("control_characters", sum(counts), sum(totals), names, effect)
        return tuple(whole._repairs)


def _in_order(names: Iterable[object]) -> tuple[str, ...]:
    return tuple(sorted({str(name) for name in names}))
