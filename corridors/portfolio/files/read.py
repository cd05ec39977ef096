"""Reading of portfolio files: TOML checked as a whole, every problem told at once with its line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from corridors.config.problem_words import quoted
from corridors.config.toml_file import toml_content
from corridors.errors import ConfigError, InputMissingError, PortfolioFileError, ScenarioFileError
from corridors.portfolio.files.checks import disagreements
from corridors.portfolio.files.values import CandidateTable, PortfolioTable
from corridors.runtime.own_files import sha256_of
from corridors.scenarios.files.problems import Found, near, repeated_ids, told, worded
from corridors.scenarios.files.read import ScenarioSet, read_scenarios
from corridors.scenarios.files.toml_lines import Keys, line_at, lines_of

_TABLES = ("portfolio", "candidate")
Lines = Mapping[Keys, int]
EditTexts = Mapping[str, Mapping[str, Any]]  # id of an edit -> its table as the file has it


@dataclass(frozen=True)
class Portfolio:
    """A portfolio file, and the scenario files that it names."""

    head: PortfolioTable
    candidates: tuple[CandidateTable, ...]
    chosen: ScenarioSet
    texts: EditTexts
    path: Path
    sha256: str
    generate_line: int  # of the key `generate`


def read_portfolio(path: Path) -> Portfolio:
    """The portfolio of a file, with its scenario files, which are named from the file's folder.

    Raises `PortfolioFileError` with every problem of the file and of its scenario files, `ConfigError` or
    `InputMissingError` for a file that is no TOML or missing.
    """
    text, raw = toml_content(path, "portfolio")
    lines, problems = lines_of(text), list[Found]()
    problems += [
        (line_at(lines, (key,)), f"unknown key {quoted(repr(key))}{_meant(key)}") for key in raw if key not in _TABLES
    ]
    head = _head(raw.get("portfolio"), lines, problems)
    candidates = _candidates(raw.get("candidate", []), lines, problems)
    chosen, texts, others = _scenarios(path, head, lines, problems)
    if head is not None and not problems:
        kinds = None if chosen is None else {one.id: one.kind for one in chosen.edits}
        problems += disagreements(head, candidates, kinds, lines)
    if head is None or chosen is None or problems or others:
        texts_of_all = [*told(path, problems), *others]
        raise PortfolioFileError("\n".join([f"{len(texts_of_all)} problem(s):", *(f"  {one}" for one in texts_of_all)]))
    line = line_at(lines, ("portfolio", "generate"))
    return Portfolio(head, tuple(candidates), chosen, texts, path, sha256_of(path), line)


def _meant(key: str) -> str:
    return "; it belongs below [portfolio]" if key in PortfolioTable.model_fields else near(key, _TABLES)


def _head(table: object, lines: Lines, problems: list[Found]) -> PortfolioTable | None:
    if not isinstance(table, dict):
        problems.append((1, "there is no table [portfolio] with id, title, as_of, source, budgets, objective"))
        return None
    try:
        return PortfolioTable.model_validate(table)
    except ValidationError as error:
        problems += worded(error, PortfolioTable, ("portfolio",), lines, "")
        return None


def _candidates(tables: object, lines: Lines, problems: list[Found]) -> list[CandidateTable]:
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        problems.append((line_at(lines, ("candidate",)), "candidates are tables [[candidate]], with two brackets"))
        return []
    found = []
    for number, table in enumerate(tables):
        ident = table.get("id")
        named = f"candidate {ident!r}: " if isinstance(ident, str) and ident else f"candidate number {number + 1}: "
        try:
            found.append(CandidateTable.model_validate(table))
        except ValidationError as error:
            problems += worded(error, CandidateTable, ("candidate", number), lines, named)
    problems += repeated_ids("candidate", tables, lines)
    return found


def _scenarios(
    path: Path, head: PortfolioTable | None, lines: Lines, problems: list[Found]
) -> tuple[ScenarioSet | None, EditTexts, list[str]]:
    """(the scenarios, the tables of their edits, problems of their own files with file and line)."""
    files = [path.parent / one for one in head.scenarios] if head else []
    try:
        chosen = read_scenarios(files)
        return chosen, _texts(chosen, files), []
    except ScenarioFileError as error:
        return None, {}, [one.strip() for one in str(error).splitlines()[1:]]
    except (InputMissingError, ConfigError) as error:
        problems.append((line_at(lines, ("portfolio", "scenarios")), f"scenarios: {error}"))
        return None, {}, []


def _texts(chosen: ScenarioSet, files: list[Path]) -> EditTexts:
    tables = [table for file in files for table in toml_content(file, "scenario")[1].get("edit", [])]  # type: ignore[attr-defined]
    return {one.id: table for one, table in zip(chosen.edits, tables, strict=True)}
