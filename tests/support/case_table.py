"""The table of survived inputs, tests/survival/CASES.md: case, what it ends in, the words a user reads."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

TABLE = Path(__file__).resolve().parents[1] / "survival" / "CASES.md"

_HEAD = """\
# What happens to bad input

Written by the tests (`python -m pytest tests/survival --write-cases`), which also check that it is up to date. The numbers are
those of the project's list of 68 inputs to survive; from 70 on, what trying the planner found: 70 feeds, 80 streets and rasters,
90 tables and points, 100 files of the user's, 110 downloads and text, 120 configurations. **error**: one message, exit code 2,
nothing written. **warning**: counted, explained, carried into the report. **as meant**: read as its author meant it, no word
needed. **refused**, **rebuilt**, **resumed**: as said.

| # | case | outcome | what the user reads, or what is so | test |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    number: int
    case: str
    outcome: str
    words: str
    test: str

    @property
    def key(self) -> tuple[int, str]:
        """What tells rows apart."""
        return self.number, self.case

    def plain(self) -> tuple[str, str, str]:
        """What must not change unnoticed; words in brackets often come from libraries and may."""
        return self.outcome, re.sub(r"\s*\([^)]*\)?", "", self.words), self.test

    def line(self) -> str:
        """As a line of Markdown."""
        return "| " + " | ".join([str(self.number), self.case, self.outcome, self.words, f"`{self.test}`"]) + " |\n"


@dataclass
class CaseTable:
    """Takes down the rows of one test; paths of the test's own folder are left out of the words."""

    test: str
    folder: Path
    rows: list[Row] = field(default_factory=list)

    def error(self, number: int, case: str, words: str) -> None:
        """The case is refused with these words."""
        assert "Traceback" not in words
        self._take(number, case, "error", words.removeprefix("corridors: "))

    def warning(self, number: int, case: str, words: str) -> None:
        """The case is used, and counted with these words."""
        self._take(number, case, "warning", words)

    def as_meant(self, number: int, case: str, words: str) -> None:
        """The case is read as its author meant it."""
        self._take(number, case, "as meant", words)

    def ends(self, number: int, case: str, outcome: str, words: str) -> None:
        """The case has another outcome."""
        self._take(number, case, outcome, words)

    def _take(self, number: int, case: str, outcome: str, words: str) -> None:
        text = re.sub(re.escape(str(self.folder)) + r"(/region)?/?", "", words.strip())
        text = re.sub(r"\s*\n\s*", " / ", text)
        self.rows.append(Row(number, case, outcome, re.sub(r"([|<>*_`\\$])", r"\\\1", text), self.test))


def read_rows() -> list[Row]:
    """The table as it stands."""
    lines = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.is_file() else []
    cells = [re.split(r" (?<!\\)\| ", line[2:-2]) for line in lines if re.match(r"\| \d", line)]
    return [Row(int(number), case, outcome, words, test.strip("`")) for number, case, outcome, words, test in cells]


def write_rows(rows: Iterable[Row]) -> None:
    """The table anew."""
    by_key = {row.key: row for row in rows}
    TABLE.write_text(_HEAD + "".join(by_key[key].line() for key in sorted(by_key)), encoding="utf-8")
