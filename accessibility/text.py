"""Replaces forbidden characters: control characters and code points that stand for no character.

XML does not allow them, so no report could contain them, and they move the cursor of a terminal.
"""

import re

import numpy as np

REPLACEMENT = "�"
# C0 except tab and line ends, DEL and C1, halves of surrogate pairs, and the two code points that are not characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def cleaned(text: str) -> str:
    """The text with U+FFFD in place of each forbidden character (as `layers.text.cleaned`: tests/test_characters.py)."""
    return _FORBIDDEN.sub(REPLACEMENT, text)


def is_clean(text: str) -> bool:
    """Whether the text has no forbidden character."""
    return _FORBIDDEN.search(text) is None


# A byte of each forbidden character in UTF-8: itself (C0, DEL), the first of two (C1), the first of three (the last two).
_SUSPECT = np.zeros(256, bool)
_SUSPECT[[*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xC2, 0xEF]] = True


def surely_clean(utf8: np.ndarray) -> bool:
    """Whether texts whose bytes (n,) uint8 these are have no forbidden character; False where it has to be looked at."""
    return not _SUSPECT[utf8].any()
