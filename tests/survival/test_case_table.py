"""The table of cases has a row for each of the 68, and each row a test."""

import ast
from pathlib import Path

from tests.support.case_table import read_rows

CASES = range(1, 69)


def test_every_case_has_a_row() -> None:
    assert {row.number for row in read_rows()} >= set(CASES)


def test_every_row_names_a_test_that_exists() -> None:
    tests = {
        f"{file.stem}::{node.name}"
        for file in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert {row.test for row in read_rows()} <= tests
