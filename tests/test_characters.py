"""Three packages that may not import each other each replace characters that no document can hold: the same ones."""

from accessibility.text import cleaned as cleaned_in_feeds
from accessibility.text import is_clean
from layers.text import cleaned as cleaned_in_layers
from maps.characters import printable

EVERY_CHARACTER = "".join(map(chr, range(0x110000)))
DIRECTION_OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_feeds_and_layers_replace_the_same_characters() -> None:
    assert cleaned_in_feeds(EVERY_CHARACTER) == cleaned_in_layers(EVERY_CHARACTER)
    assert sum(not is_clean(character) for character in EVERY_CHARACTER) == 29 + 33 + 2048 + 2


def test_maps_replace_what_turns_the_reading_direction_besides() -> None:
    """A name that is read may hold it, where it is right; in a page it would turn the words after it."""
    replaced = str.maketrans(dict.fromkeys(DIRECTION_OVERRIDES, "\ufffd"))
    assert printable(EVERY_CHARACTER) == cleaned_in_layers(EVERY_CHARACTER).translate(replaced)
