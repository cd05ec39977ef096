"""Line numbers of the tables and keys of a TOML text, which the parser itself does not give."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

Keys = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_PART = re.compile(r"[\w-]+|\"[^\"]*\"|'[^']*'")
# What changes whether a line end ends a value: long texts, short texts (skipped), comments (skipped), brackets.
_TOKEN = re.compile(r"\"\"\"|'''|\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*|[\[{\]}]")


def lines_of(text: str) -> Mapping[Keys, int]:
    """Keys ("edit", 0, "speed_kmh") -> line, from 1, of every table header and of every key that begins a line."""
    found: dict[Keys, int] = {}
    table: Keys = ()
    counts: Counter[Keys] = Counter()
    quote, depth = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not quote and not depth and (header := _HEADER.match(line)):
            table = _table(header[1] == "[[", _parts(header[2]), counts)
            found.setdefault(table, number)
            continue
        if not quote and not depth and (key := _KEY.match(line)):
            parts = _parts(key[1])
            for length in range(1, len(parts) + 1):
                found.setdefault((*table, *parts[:length]), number)
        quote, depth = _after(line, quote, depth)
    return found


def line_at(lines: Mapping[Keys, int], keys: Sequence[str | int]) -> int:
    """The line of a key, or of the innermost table or key around it that has one; 1 where there is none."""
    around = (lines.get(tuple(keys[:length])) for length in range(len(keys), 0, -1))
    return next((line for line in around if line is not None), 1)


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(name))


def _table(is_list: bool, parts: tuple[str, ...], counts: Counter[Keys]) -> Keys:
    """The keys of a table with a header: lists of tables take the number of the table, and inner tables that of the last."""
    keys: Keys = ()
    for place, part in enumerate(parts):
        keys = (*keys, part)
        if is_list and place == len(parts) - 1:
            counts[keys] += 1
        if counts[keys]:
            keys = (*keys, counts[keys] - 1)
    return keys


def _after(line: str, quote: str, depth: int) -> tuple[str, int]:
    """(the long quotation that is open, number of open brackets) at the end of a line."""
    place = 0
    while place < len(line):
        if quote:
            end = line.find(quote, place)
            if end < 0:
                return quote, depth
            quote, place = "", end + len(quote)
            continue
        token = _TOKEN.search(line, place)
        if token is None:
            break
        place = token.end()
        if token[0] in {'"""', "'''"}:
            quote = token[0]
        elif token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth = max(0, depth - 1)
    return quote, depth
