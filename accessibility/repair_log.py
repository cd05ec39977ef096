"""Gathers the repairs of one feed or one timetable while it is being read, so that every one is counted."""

from collections.abc import Iterable

from accessibility.repairs import Repair, sample


class RepairLog:
    """Repairs in the order in which they were made; `label` names the feed at the head of every effect.

    `before` are those of an earlier step.
    """

    def __init__(self, label: str = "", before: Iterable[Repair] = ()) -> None:
        self.label = label
        self._repairs: list[Repair] = list(before)

    def add(
        self, code: str, count: int, total: int, names: Iterable[object], effect: str, trips: Iterable[object] = ()
    ) -> None:
        """Count one kind of repair; nothing is noted when nothing was touched.

        `names` are the ids of what was touched, in any order, with repeats; the sample is the first few in text order.
        `trips` are the ids of the trips touched, likewise.
        """
        if count:
            text = f"{self.label}: {effect}" if self.label else effect
            touched = _in_order(trips)
            self._repairs.append(Repair(code, int(count), int(total), sample(_in_order(names)), text, touched))

    def add_trips(self, code: str, count: int, total: int, trips: Iterable[object], effect: str) -> None:
        """`add` for a repair whose names are those of trips."""
        names = _in_order(trips)
        self.add(code, count, total, names, effect, names)

    def repairs(self) -> tuple[Repair, ...]:
        """What was noted so far."""
        return tuple(self._repairs)


def _in_order(names: Iterable[object]) -> tuple[str, ...]:
    return tuple(sorted({str(name) for name in names}))
