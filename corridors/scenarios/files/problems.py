"""What is wrong with a TOML file whose tables are edits or candidates: each problem with its line, and near spellings."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from corridors.config.problem_words import place, quoted, words_of
from corridors.scenarios.files.toml_lines import Keys, line_at
from corridors.scenarios.files.values import Table

Found = tuple[int, str]  # line, what is wrong


def told(path: Path, found: Iterable[Found]) -> list[str]:
    """The problems of a file in the order of its lines, each with the file's name and the line."""
    return [f"{path.name}, line {line}: {text}" for line, text in sorted(found, key=lambda one: one[0])]


def worded(
    error: ValidationError, model: type[Table], keys: Keys, lines: Mapping[Keys, int], named: str
) -> Iterator[Found]:
    """Problems of the table at `keys` that a model found, in our words; each begins with what is `named`."""
    for problem in error.errors(include_url=False):
        where = [key for key in problem["loc"] if not str(key).startswith("<")]
        line = line_at(lines, (*keys, *where))
        if problem["type"] == "extra_forbidden":
            yield line, f"{named}unknown key {quoted(repr(place(where)))}{near(str(where[-1]), _keys_of(model))}"
        else:
            words = words_of(problem).replace("; a run needs it", "")
            yield line, f"{named}{place(where)}: {words}"


def _keys_of(model: type[Table]) -> set[str]:
    """Keys that a table and the tables in it may have."""
    known: set[str] = set()
    for table in (model, *_tables_in(model)):
        known |= {one.alias or name for name, one in table.model_fields.items()}
    return known


def _tables_in(model: type[Table]) -> list[type[Table]]:
    annotations = " ".join(str(one.annotation) + str(one.metadata) for one in model.model_fields.values())
    return [table for table in Table.__subclasses__() if table.__name__ in annotations]


def near(word: str, known: Iterator[str] | Sequence[str] | Mapping[str, object] | set[str]) -> str:
    """The end of a message about an unknown word: the known one that is like it, else all that are known."""
    every = sorted(known)
    alike = difflib.get_close_matches(word, every, n=1)
    return f"; is {alike[0]!r} meant?" if alike else f"; known are {', '.join(every)}"


def repeated_ids(what: str, tables: Sequence[Mapping[str, object]], lines: Mapping[Keys, int]) -> Iterator[Found]:
    """A problem for each of the tables `[[what]]` with the id of an earlier one."""
    first: dict[str, int] = {}
    for number, table in enumerate(tables):
        ident, line = table.get("id"), line_at(lines, (what, number, "id"))
        if isinstance(ident, str) and ident in first:
            yield line, f"{what} {ident!r}: the {what} in line {first[ident]} has this id; give each its own"
        elif isinstance(ident, str):
            first[ident] = line
