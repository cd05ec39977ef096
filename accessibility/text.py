"""Characters that no name may hold: control characters and code points that are no letters.

No document can hold them (XML allows none of them), and they move the cursor of a terminal.
"""

import re

REPLACEMENT = "�"
# C0 but for tab and line ends, DEL and C1, halves of surrogate pairs, and the two that are never characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def cleaned(text: str) -> str:
    """The text with U+FFFD for each of these characters (as `layers.text.cleaned`: tests/test_characters.py)."""
    return _FORBIDDEN.sub(REPLACEMENT, text)


def is_clean(text: str) -> bool:
    """Whether the text holds none of them."""
    return _FORBIDDEN.search(text) is None
