"""The table of cases: every test of this folder says what its case ends in, and the table in CASES.md must say the same.

`python -m pytest tests/survival --write-cases` writes the table anew from what the tests saw.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.case_table import TABLE, CaseTable, Row, read_rows, write_rows

_ROWS = pytest.StashKey[list[Row]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-cases", action="store_true", help="write tests/survival/CASES.md anew")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_ROWS] = []


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("--write-cases"):
        write_rows(session.config.stash[_ROWS])


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CaseTable]:
    """Takes down what a case ended in; the test fails where CASES.md says otherwise, or when nothing was taken down."""
    name = f"{Path(request.node.path).stem}::{request.node.originalname}"
    table = CaseTable(name, tmp_path)
    yield table
    assert table.rows, "nothing was taken down for CASES.md"
    request.config.stash[_ROWS].extend(table.rows)
    if not request.config.getoption("--write-cases"):
        written = {row.key: row.plain() for row in read_rows()}
        for row in table.rows:
            assert written.get(row.key) == row.plain(), (
                f"{TABLE.name} is out of date: pytest tests/survival --write-cases"
            )
