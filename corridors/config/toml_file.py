"""Reading of a TOML file into plain values, with its faults told in our own words."""

import tomllib
from pathlib import Path

from corridors.config.limits import MOST_CONFIG_BYTES, MOST_NESTED
from corridors.config.problem_words import toml_problem
from corridors.errors import ConfigError, InputMissingError

_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})
_TOO_DEEP = "its tables or lists are nested too deeply"


def toml_content(path: Path, what: str) -> tuple[str, dict[str, object]]:
    """(text, values) of a TOML file that is a `what` ("configuration", "scenario").

    Raises `InputMissingError` where there is no such file, `ConfigError` where it is no TOML, too long or nested too deeply.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputMissingError(f"there is no {what} at {path}; give the path of a {_KINDS[what]}") from None
    except OSError as error:
        raise ConfigError(f"{path} can't be read as a {what}: {error.strerror}") from error
    if len(content) > MOST_CONFIG_BYTES:
        raise ConfigError(f"{path} is {len(content):,} bytes; a {what} is at most {MOST_CONFIG_BYTES:,}")
    return _parsed(path, content)


_KINDS = {
    "configuration": "run's .toml file",
    "scenario": "scenario's .toml file",
    "portfolio": "portfolio's .toml file",
}


def _parsed(path: Path, content: bytes) -> tuple[str, dict[str, object]]:
    try:
        text = content.decode("utf-8-sig")
        raw = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path} is not valid TOML: it is not UTF-8 at byte {error.start:,}; save it as UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {toml_problem(str(error))}") from None
    except ValueError:  # raised for a whole number with more digits than Python converts
        raise ConfigError(f"{path} is not valid TOML for a run: it holds a number of thousands of digits") from None
    except RecursionError:
        raise ConfigError(f"{path} is not valid TOML for a run: {_TOO_DEEP}") from None
    if _depth(raw) > MOST_NESTED:
        raise ConfigError(f"{path} is not valid TOML for a run: {_TOO_DEEP}")
    return text, raw


def _depth(value: object) -> int:
    """Number of tables and lists nested inside each other, counted without recursion."""
    depth, level = 0, [value]
    while level and depth <= MOST_NESTED:
        inner = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, (dict, list))]
        depth, level = depth + 1, [one for items in inner for one in items]
    return depth


def quoted_text(value: str) -> str:
    """A text as TOML writes it, on one line."""
    return f'"{plain_line(value).translate(_ESCAPED)}"'


def plain_line(value: str) -> str:
    """The text without letters that TOML does not take in a line."""
    return "".join(letter if letter.isprintable() else " " for letter in value)
