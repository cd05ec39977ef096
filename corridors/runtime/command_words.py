"""Words of a command line: empty ones are refused, and paths are shortened where others read the command."""

from collections.abc import Iterable, Sequence
from pathlib import PureWindowsPath

from corridors.errors import ConfigError
from layers import cleaned


def require_values(words: Sequence[str]) -> None:
    """Raise `ConfigError` for an empty word: an unset variable of a script must not be taken for the current folder."""
    for before, word in zip(("corridors", *words), words, strict=False):
        if not word.strip() or (word.startswith("--") and word.endswith("=")):
            option = (word if word.strip() else before).rstrip("=")
            raise ConfigError(f"there is nothing after {option}: give a value; the current folder is written .")


def as_published(words: Iterable[str]) -> str:
    """The command for readers elsewhere: files and folders by their last part, without what is one machine's own."""
    return cleaned(" ".join(["corridors", *map(_last_part, words)]))


def _last_part(word: str) -> str:
    option, sign, value = word.partition("=") if word.startswith("--") else ("", "", word)
    return f"{option}{sign}{PureWindowsPath(value).name or value}"  # reads both kinds of slash
