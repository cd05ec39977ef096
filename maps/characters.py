"""Characters that no page, picture or XML file can show: replaced before they get there."""

import re

REPLACEMENT = "\ufffd"
# Control characters but line ends and tabs, overrides of the reading direction, halves of pairs, and what is no character.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text with a replacement character for each that can't be shown."""
    return _UNPRINTABLE.sub(REPLACEMENT, text)
