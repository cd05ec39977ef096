"""Words for values: numbers with at most one decimal and grouped thousands, missing ones as "n/a" and never as zero."""

import math
from collections.abc import Callable

MISSING = "n/a"
Wording = Callable[[object], str]

_SMALL_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_BASIS_WORDS = {
    "s": "stated in a public source",
    "stated": "stated in a public source",
    "c": "computed from public data",
    "computed": "computed from public data",
    "r": "recalled; to be verified",
    "recalled": "recalled; to be verified",
    "p": "proposed by this tool",
    "proposed": "proposed by this tool",
}


def number_of(value: object) -> float | None:
    """The value as a finite number, or None where it is missing or is no number."""
    if value is None or isinstance(value, str | bytes):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]  # numpy scalars, pandas.NA and the like: what float refuses is missing
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def percent(share: object) -> str:
    """A share of 0-1 as a percentage; never "0 %" for something nor "100 %" for not quite everything."""
    number = number_of(share)
    if number is None:
        return MISSING
    if number in {0.0, 1.0}:
        return f"{abs(number) * 100:.0f} %"
    if 0 < number < 0.0005:
        return "less than 0.1 %"
    if 0.9995 <= number < 1:
        return "more than 99.9 %"
    return f"{number * 100:.1f} %"


def count(value: object) -> str:
    """A whole number with thousands apart; "fewer than 1" for a fraction of one that would round to nothing."""
    number = number_of(value)
    if number is None:
        return MISSING
    if 0 < number < 0.5:
        return "fewer than 1"
    return f"{number:,.0f}"


def significant(value: float, digits: int = 3) -> float:
    """The value rounded to its first `digits`: more of them would claim what no estimate knows."""
    return round(value, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0.0


def decimal(value: object) -> str:
    """A number with one decimal; "0" is none at all, and a trace is "less than 0.1"."""
    number = number_of(value)
    if number is None:
        return MISSING
    if 0 < number < 0.05:
        return "less than 0.1"
    return "0" if number == 0 else f"{number:,.1f}"


def signed(value: object) -> str:
    """A difference with one decimal and its sign; no difference has none."""
    number = number_of(value)
    if number is None:
        return MISSING
    return "0" if abs(number) < 0.05 else f"{number:+,.1f}".replace("-", "\u2212")


def signed_count(value: object) -> str:
    """A difference of people or things with its sign; no difference has none, a trace is "less than 1 more"."""
    number = number_of(value)
    if number is None:
        return MISSING
    if 0 < abs(number) < 0.5:
        return f"less than 1 {'more' if number > 0 else 'fewer'}"
    return "0" if number == 0 else f"{number:+,.0f}".replace("-", "\u2212")


def signed_points(share: object) -> str:
    """A difference of two shares (0-1) in percentage points, with its sign; a trace is "between 0 and +0.1"."""
    number = number_of(share)
    if number is not None and 0 < abs(number) < 0.0005:
        return "between 0 and +0.1" if number > 0 else "between \u22120.1 and 0"
    return signed(None if number is None else 100 * number)


def index_number(value: object) -> str:
    """An index or ratio with two decimals, as such measures are quoted."""
    number = number_of(value)
    return MISSING if number is None else f"{number:,.2f}".replace("-", "\u2212")


def score(value: object) -> str:
    """A score of 0-100 without decimals: it carries no more than that."""
    number = number_of(value)
    return MISSING if number is None else f"{number:.0f}"


def minutes(value_s: object) -> str:
    """Seconds as minutes with one decimal."""
    number = number_of(value_s)
    return MISSING if number is None else f"{number / 60:.1f}"


def km(value_m: object) -> str:
    """Metres as kilometres with one decimal."""
    number = number_of(value_m)
    return MISSING if number is None else f"{number / 1000:.1f} km"


def words(value: object) -> str:
    """Text as it stands; blank, None and NaN are missing; numbers keep their thousands apart."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    number = number_of(value)
    if number is not None and not isinstance(value, bool):
        return count(number) if number == round(number) else decimal(number)
    text = str(value).strip()
    return MISSING if text in {"", "<NA>", "NaT", "nan", "None"} else text


def note(value: object) -> str:
    """A remark, unchanged; "" where there is none."""
    text = words(value)
    return "" if text == MISSING else text


def given(value: object) -> str:
    """A particular of a claim as it stands, or "not given": its maker did not say."""
    text = words(value)
    return "not given" if text == MISSING else text


def basis(value: object) -> str:
    """The basis of a fact in words, from its mark."""
    text = words(value)
    return _BASIS_WORDS.get(text.strip("[]").lower(), text)


def yes_no(value: object) -> str:
    """A truth value in a word."""
    number = number_of(value)
    return MISSING if number is None else "yes" if number else "no"


def in_words(number: int) -> str:
    """Small counts as a word, others in figures."""
    return _SMALL_WORDS[number] if 0 <= number < len(_SMALL_WORDS) else f"{number:,}"


def plural(number: object, one: str, many: str) -> str:
    """A count with its noun: "1 zone", "45 zones", "n/a zones"."""
    text = count(number)
    return f"{text} {one if text == '1' else many}"


def listed(items: list[str]) -> str:
    """Items as a sentence part: "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
