"""One fault of an edit while it is being applied, and the near spellings that its message offers."""

import difflib
from collections.abc import Iterable

_MOST_NAMED = 8


class Problem(Exception):  # noqa: N818  # collected and raised together, as one `ScenarioError`
    """A sentence that says what is wrong with an edit and what to do; `wanted` is the line or stop that was not found."""

    def __init__(self, text: str, wanted: str = "") -> None:
        super().__init__(text)
        self.wanted = wanted


def near_spellings(word: str, known: Iterable[str]) -> str:
    """ "; near it: '529A', '592'", or "" where nothing is near."""
    spelled = {one.casefold(): one for one in sorted(known) if one}
    near = [spelled[one] for one in difflib.get_close_matches(word.casefold(), spelled, n=3, cutoff=0.5)]
    return f"; near it: {listed(near)}" if near else ""


def listed(words: Iterable[str]) -> str:
    """The words quoted, the first few of many."""
    every = [repr(word) for word in words]
    more = f" and {len(every) - _MOST_NAMED:,} more" if len(every) > _MOST_NAMED else ""
    return ", ".join(every[:_MOST_NAMED]) + more
