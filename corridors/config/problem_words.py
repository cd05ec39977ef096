"""Messages about a configuration's problems, in our own words instead of pydantic's."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_MOST_QUOTED = 60  # characters of a value or key that is quoted back
_EXAMPLE = "data/demo/config.toml is a complete example"
_TABLE = "must be a table: keys and values of its own, such as [section] or {{ key = value }}"
_LIST = "must be a list in square brackets"
_NUMBER, _WHOLE = "must be a number", "must be a whole number"
_TEXT, _BOOLEAN = "must be a text in quotes", "must be true or false"
_MOMENT = "must be a day with a time such as 2026-03-24T08:00:00"
_DATE = "must be a date such as 2026-03-24"

# Error type of pydantic -> our sentence, with fields that the error's context fills in.
WORDS: Mapping[str, str] = {
    "missing": "missing; a run needs it",
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE + " of a usual size",
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": "must be a finite number, neither nan nor inf",
    "greater_than": "must be above {gt:,}",
    "greater_than_equal": "must be at least {ge:,}",
    "less_than": "must be below {lt:,}",
    "less_than_equal": "must be at most {le:,}",
    "multiple_of": "must be a multiple of {multiple_of:,}",
    "string_type": _TEXT,
    "string_sub_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_short": "must have at least {min_length:,} character(s)",
    "string_too_long": "must have at most {max_length:,} characters",
    "string_pattern_mismatch": "must be written like the pattern {pattern}",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "dict_type": _TABLE,
    "mapping_type": _TABLE,
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "dataclass_type": _TABLE,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "iterable_type": _LIST,
    "too_short": "must hold at least {min_length:,} entries; it holds {held}",
    "too_long": "must hold at most {max_length:,} entries; it holds {held}",
    "path_type": "must be the path of a file, in quotes",
    "path_not_file": "must be the path of a file, in quotes",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE + ", without a time of day",
    **dict.fromkeys(("datetime_type", "datetime_parsing", "datetime_from_date_parsing"), _MOMENT),
    "invalid_key": "has a key that is no text",
    "recursion_loop": "contains itself",
}
_WITHOUT_VALUE = {
    "missing",
    "value_error",
    "assertion_error",
    "extra_forbidden",
}  # errors whose message quotes no value
_WRITE_WINDOWS = r"write paths of Windows with / or between single quotes: 'C:\Users\me\zones.gpkg'"
_WINDOWS = re.compile(r"hex value|Unescaped '\\\\'|escape|Escaped character is not a Unicode")


def messages(error: ValidationError, unknown_key: Callable[[str], str]) -> Iterator[str]:
    """One line for each problem of `error`: the setting, what is expected, what was given; `unknown_key` words an unknown key."""
    for problem in error.errors(include_url=False):
        where = place(problem["loc"])
        words = unknown_key(str(problem["loc"][-1])) if problem["type"] == "extra_forbidden" else words_of(problem)
        yield f"  {where}: {words}"


def place(keys: Iterable[object]) -> str:
    """A setting's place in the file, "search.cutoffs_min.2"; our names of alternatives, in angle brackets, are left out."""
    texts = (str(key) for key in keys)
    return quoted(".".join(key for key in texts if not key.startswith("<"))) or "the whole"


def quoted(text: str) -> str:
    """A user's text for a message: shortened, and with ? in place of characters that a terminal would act on."""
    short = text if len(text) <= _MOST_QUOTED else f"{text[:_MOST_QUOTED]}..."
    return "".join(letter if letter.isprintable() else "?" for letter in short)


def words_of(problem: ErrorDetails) -> str:
    """One problem as a sentence: what is expected, and what was given instead."""
    kind, context = problem["type"], problem.get("ctx", {})
    if kind in {"value_error", "assertion_error"}:
        return str(context.get("error", "")) or f"can't be used; {_EXAMPLE}"
    context = {**context, "held": context.get("actual_length") or "more"}
    words = WORDS.get(kind, f"can't be used; {_EXAMPLE}").format(**context)
    return words if kind in _WITHOUT_VALUE else f"{words}{_given(problem.get('input'))}"


def _given(value: object) -> str:
    match value:
        case bool():
            return f", not {str(value).lower()}"
        case str() if not value:
            return ""
        case str() | int() | float():
            return f", not {quoted(repr(value))}"
        case _:
            return ""


def path_hint(path: object) -> str:
    """Advice to add to a path that is not there: that of a path of Windows in "...", where \\n and \\t are no letters."""
    odd = any(letter in str(path) for letter in "\b\t\n\f\r")
    return f' (a backslash in "..." begins an escape; {_WRITE_WINDOWS})' if odd else ""


def toml_problem(reason: str) -> str:
    """The reason why a text is not TOML; where a backslash is the reason, with advice on paths of Windows."""
    if _WINDOWS.search(reason):
        line = re.search(r"\(at line \d+, column \d+\)", reason)
        return f'a backslash in "..." begins an escape {line[0] if line else ""}; {_WRITE_WINDOWS}'
    return reason
