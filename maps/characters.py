"""Replacement of characters that no page, picture or XML file can show."""

import re

REPLACEMENT = "\ufffd"
# Control characters (line ends and tabs are allowed), overrides of the reading direction, surrogates, noncharacters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text with U+FFFD in place of each character that can't be shown."""
    return _UNPRINTABLE.sub(REPLACEMENT, text)
