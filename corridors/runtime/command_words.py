"""Words of a command line: mistakes in them told in our own way, empty ones refused, paths shortened for other readers."""

import re
from collections.abc import Iterable, Sequence
from pathlib import PureWindowsPath

from typer import TyperException

from corridors.errors import ConfigError
from layers import cleaned


def require_values(words: Sequence[str]) -> None:
    """Raise `ConfigError` for an empty word: an unset variable of a script must not be taken for the current folder."""
    for before, word in zip(("corridors", *words), words, strict=False):
        if not word.strip() or (word.startswith("--") and word.endswith("=")):
            option = (word if word.strip() else before).rstrip("=")
            raise ConfigError(f"there is nothing after {option}: give a value; the current folder is written .")


def usage_problem(error: TyperException) -> str:
    """A mistake in the command line as one line: what is wrong, options of nearly that name, and the help to read.

    Empty where the command's help has been shown instead.
    """
    option = getattr(error, "option_name", "")
    if hasattr(error, "possibilities"):
        near = error.possibilities
        said = f"there is no option {option}" + (f"; did you mean {' or '.join(sorted(near))}?" if near else "")
    elif option:
        said = error.message.replace("requires an argument", "needs a value after it")
    else:
        said = re.sub(", unable to parse.*", "", error.format_message()).replace("Input should", "it should")
    said = re.sub(r"^Got unexpected extra argument\(s\) \((.*)\)", r"there are more words than it takes: \1", said)
    said = re.sub(r"^No such command (.*)", r"there is no command \1", said).removesuffix(".")
    command = getattr(getattr(error, "ctx", None), "command_path", "")
    hint = f"; {command} --help lists what there is" if command and said else ""
    return said[:1].lower() + said[1:] + hint


def as_published(words: Iterable[str]) -> str:
    """The command for readers elsewhere: files and folders by their last part, without what is one machine's own."""
    return cleaned(" ".join(["corridors", *map(_last_part, words)]))


def _last_part(word: str) -> str:
    option, sign, value = word.partition("=") if word.startswith("--") else ("", "", word)
    return f"{option}{sign}{PureWindowsPath(value).name or value}"  # reads both kinds of slash
