"""Three packages that may not import each other each replace characters that no document can hold: the same ones."""

import numpy as np

from accessibility.text import cleaned as cleaned_in_feeds
from accessibility.text import is_clean, surely_clean
from layers.text import cleaned as cleaned_in_layers
from maps.characters import printable

EVERY_CHARACTER = "".join(map(chr, range(0x110000)))
DIRECTION_OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_feeds_and_layers_replace_the_same_characters() -> None:
    assert cleaned_in_feeds(EVERY_CHARACTER) == cleaned_in_layers(EVERY_CHARACTER)
    assert sum(not is_clean(character) for character in EVERY_CHARACTER) == 29 + 33 + 2048 + 2


def test_bytes_of_a_forbidden_character_are_never_taken_as_surely_clean() -> None:
    """And those of most other letters are, so that few texts are looked at one by one."""
    sure, tried = 0, EVERY_CHARACTER[:0x3000] + EVERY_CHARACTER[0xFFF0:0x10010] + EVERY_CHARACTER[0x3000::997]
    for character in tried:
        if "\ud800" <= character <= "\udfff":  # no UTF-8 has them
            continue
        if surely_clean(np.frombuffer(character.encode(), np.uint8)):
            assert is_clean(character)
            sure += 1
    assert sure > 0.95 * len(tried)


def test_maps_replace_what_turns_the_reading_direction_besides() -> None:
    """A name that is read may hold it, where it is right; in a page it would turn the words after it."""
    replaced = str.maketrans(dict.fromkeys(DIRECTION_OVERRIDES, "\ufffd"))
    assert printable(EVERY_CHARACTER) == cleaned_in_layers(EVERY_CHARACTER).translate(replaced)
