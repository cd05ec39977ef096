"""Reading of scenario files: TOML checked as a whole, every problem told at once with its line."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from accessibility import AccessibilityError, Edit
from corridors.config.problem_words import quoted
from corridors.config.toml_file import toml_content
from corridors.config.values import PlainId, Text
from corridors.errors import ScenarioFileError
from corridors.runtime.own_files import sha256_of
from corridors.scenarios.files.beside_tables import LandUseTable
from corridors.scenarios.files.kinds import KINDS
from corridors.scenarios.files.problems import Found, near, repeated_ids, told, worded
from corridors.scenarios.files.toml_lines import Keys, line_at, lines_of
from corridors.scenarios.files.values import BASES, Day, Table

_MOST_EDITS = 1000
_VALUE_KEYS = {"value", "basis"}
_RANGE_KEYS = {"low", "central", "high"}


def _digest(text: str) -> str:
    hexes = text.removeprefix("sha256:").lower()
    if len(hexes) != 64 or not set(hexes) <= set("0123456789abcdef"):
        raise ValueError('must be "sha256:" and 64 hexadecimal digits, as `corridors scenario new` writes them')
    return hexes


class BaseTable(Table):
    """The timetable that a scenario was written for: its date, and digests of its feeds by file name."""

    date: Day | None = None
    feeds: dict[Text, Annotated[str, AfterValidator(_digest)]] = Field(default_factory=dict)


class CostTable(Table):
    """Unit costs that the user gives; without them nothing is said of money."""

    currency: Text
    vehicle_hour: Annotated[float, Field(ge=0)] = 0.0
    vehicle_km: Annotated[float, Field(ge=0)] = 0.0
    peak_vehicle: Annotated[float, Field(ge=0)] = 0.0  # for each service day
    source: str = ""


class HeadTable(Table):
    """What a scenario is: the table `[scenario]`."""

    id: PlainId
    title: Text
    status: Text
    as_of: dt.date | Text
    source: Text
    note: str = ""
    base: BaseTable = BaseTable()
    requires: tuple[PlainId, ...] = ()
    conflicts: tuple[PlainId, ...] = ()
    costs: CostTable | None = None


class TriedTable(Table):
    """What was tried on the way to the file, one answer each: `[[tried]]`, written by the live page."""

    at: dt.datetime
    what: Text
    edits: Annotated[int, Field(ge=0)]
    people_within_change: float
    gap_change: float  # person-minutes


@dataclass(frozen=True)
class NumberBasis:
    """Where a number of an edit comes from; `key` is its place in the edit ("speed_kmh")."""

    key: str
    value: str
    basis: str


@dataclass(frozen=True)
class ScenarioEdit:
    """One edit of a file: what the engine takes, and what the file says of it."""

    edit: Edit
    kind: str
    file: str
    line: int
    basis: str = ""
    source: str = ""
    note: str = ""
    numbers: tuple[NumberBasis, ...] = ()
    people_per_home: float | None = None

    @property
    def id(self) -> str:
        """The edit's id."""
        return self.edit.id


@dataclass(frozen=True)
class Scenario:
    """A scenario file."""

    head: HeadTable
    edits: tuple[ScenarioEdit, ...]
    path: Path
    sha256: str
    tried: tuple[TriedTable, ...] = ()


@dataclass(frozen=True)
class ScenarioSet:
    """Scenarios that are applied one after the other, as one."""

    scenarios: tuple[Scenario, ...]
    edits: tuple[ScenarioEdit, ...] = field(default=())

    @property
    def id(self) -> str:
        """The ids of the scenarios, joined by "+"."""
        return "+".join(one.head.id for one in self.scenarios)


def read_scenarios(paths: Sequence[Path]) -> ScenarioSet:
    """The scenarios of files, in their order. Ids of edits begin with their scenario's where there are several files.

    Raises `ScenarioFileError` with every problem of every file, `ConfigError` or `InputMissingError` for a file that is no
    TOML or missing.
    """
    read, problems = [], []
    for path in paths:
        scenario, found = _read(path, len(paths) > 1)
        problems += told(path, found)
        read += [scenario] if scenario else []
    problems += _set_problems(read) if len(read) == len(paths) else []
    if problems:
        raise ScenarioFileError("\n".join([f"{len(problems)} problem(s):", *(f"  {text}" for text in problems)]))
    return ScenarioSet(tuple(read), tuple(edit for one in read for edit in one.edits))


def _read(path: Path, several: bool) -> tuple[Scenario | None, list[Found]]:
    text, raw = toml_content(path, "scenario")
    lines = lines_of(text)
    problems = list(_unknown_tables(raw, lines))
    head = _head(raw.get("scenario"), lines, problems)
    tables = raw.get("edit", [])
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        problems.append((line_at(lines, ("edit",)), "edits are tables [[edit]], with two brackets"))
        tables = []
    if len(tables) > _MOST_EDITS:
        return None, [*problems, (1, f"it has {len(tables):,} edits; at most {_MOST_EDITS:,} are taken")]
    prefix = f"{head.id}." if head and several else ""
    edits = [_edit(number, table, path, prefix, lines, problems) for number, table in enumerate(tables)]
    problems += repeated_ids("edit", tables, lines)
    tried = tuple(_tried(raw.get("tried", []), lines, problems))
    if head is None or problems:
        return None, problems
    return Scenario(head, tuple(edit for edit in edits if edit), path, sha256_of(path), tried), []


def _tried(tables: object, lines: Mapping[Keys, int], problems: list[Found]) -> Iterator[TriedTable]:
    if not isinstance(tables, list):
        problems.append((line_at(lines, ("tried",)), "what was tried are tables [[tried]], with two brackets"))
        return
    for number, table in enumerate(tables):
        try:
            yield TriedTable.model_validate(table)
        except ValidationError as error:
            problems += worded(error, TriedTable, ("tried", number), lines, "")


def _unknown_tables(raw: Mapping[str, object], lines: Mapping[Keys, int]) -> Iterator[Found]:
    for key in raw:
        if key not in {"scenario", "edit", "tried"}:
            words = near(key, ["scenario", "edit"])
            if key in HeadTable.model_fields:
                words = "; it belongs below [scenario]"
            yield line_at(lines, (key,)), f"unknown key {quoted(repr(key))}{words}"


def _head(table: object, lines: Mapping[Keys, int], problems: list[Found]) -> HeadTable | None:
    if not isinstance(table, dict):
        problems.append(
            (line_at(lines, ("scenario",)), "there is no table [scenario] with id, title, status, as_of, source")
        )
        return None
    try:
        return HeadTable.model_validate(table)
    except ValidationError as error:
        problems += worded(error, HeadTable, ("scenario",), lines, "")
        return None


def _edit(
    number: int, raw: dict[str, object], path: Path, prefix: str, lines: Mapping[Keys, int], problems: list[Found]
) -> ScenarioEdit | None:
    """One edit; None, and its problems added to `problems`, where it can't be used."""
    keys: Keys = ("edit", number)
    named = f"edit {raw['id']!r}: " if isinstance(raw.get("id"), str) and raw["id"] else f"edit number {number + 1}: "
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        words = "it has no kind" if kind is None else f"unknown kind {quoted(repr(kind))}"
        problems.append((line_at(lines, (*keys, "kind")), f"{named}{words}{near(str(kind), KINDS)}"))
        return None
    numbers: list[NumberBasis] = []
    plain = _without_bases(_with_paths(raw, path.parent), (), numbers)
    unknown = [one for one in numbers if one.basis not in BASES]
    for one in unknown:
        line = line_at(lines, (*keys, one.key.partition(".")[0]))
        problems.append((line, f"{named}basis of {one.key} must be one of {', '.join(BASES)}, not {one.basis!r}"))
    try:
        table = KINDS[kind].model_validate(plain)
        edit = table.edit(prefix + table.id)
    except ValidationError as error:
        problems += worded(error, KINDS[kind], keys, lines, named)
        return None
    except AccessibilityError as error:  # a feed of `replace_feed`
        problems.append((line_at(lines, keys), f"{named}{error}"))
        return None
    return ScenarioEdit(
        edit,
        kind,
        path.name,
        line_at(lines, keys),
        table.basis or "",
        table.source,
        table.note,
        tuple(numbers),
        table.people_per_home if isinstance(table, LandUseTable) else None,
    )


def _with_paths(raw: dict[str, object], folder: Path) -> dict[str, object]:
    """The edit with file names resolved against the folder of its file."""
    files = raw.get("files")
    if not isinstance(files, list):
        return raw
    return {**raw, "files": [folder / name if isinstance(name, str) else name for name in files]}


def _without_bases(value: object, keys: tuple[str, ...], found: list[NumberBasis]) -> object:
    """The value with `{ value = 27, basis = "stated" }` as 27, and ranges without their basis, which are added to `found`."""
    if isinstance(value, list):
        return [_without_bases(one, (*keys, str(number)), found) for number, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    is_range, is_value = _RANGE_KEYS & set(value), "value" in value and set(value) <= _VALUE_KEYS
    if keys and "basis" in value and (is_range or is_value):
        plain = {key: one for key, one in value.items() if key != "basis"}
        shown = plain["value"] if is_value else ", ".join(f"{key} {one}" for key, one in plain.items())
        found.append(NumberBasis(".".join(keys), str(shown), str(value["basis"])))
        return plain["value"] if is_value else plain
    if keys and is_value:
        return value["value"]
    return {key: _without_bases(one, (*keys, key), found) for key, one in value.items()}


def _set_problems(scenarios: Sequence[Scenario]) -> Iterator[str]:
    """What is wrong with scenarios together: one twice, one that another requires and that is missing, conflicts."""
    ids = [one.head.id for one in scenarios]
    for number, one in enumerate(scenarios):
        if one.head.id in ids[:number]:
            yield f"{one.path.name}: another file has the id {one.head.id!r} too; give each its own"
        for needed in one.head.requires:
            if needed not in ids:
                yield f"{one.path.name}: it requires the scenario {needed!r}; give its file before this one"
            elif ids.index(needed) > number:
                yield f"{one.path.name}: it requires the scenario {needed!r}, which stands later; give its file first"
        for other in one.head.conflicts:
            if other in ids:
                yield f"{one.path.name}: it can't be combined with the scenario {other!r}, which is given too"
