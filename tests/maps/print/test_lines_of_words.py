"""Words of pictures in lines: as many words in a line as fit when the line is measured as a whole."""

import random

import pytest

from maps.print.still_picture import text_width_in, wrapped

LETTERS = "abcdefghijklmnopqrstuvwxyz WATVAlif.,()%0123456789é"


def lines_measured_whole(words: list[str], width_in: float, bold: bool) -> list[str]:
    lines = words[:1]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if text_width_in(longer, 7.0, bold) <= width_in:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@pytest.mark.parametrize("width_in", [1.2, 3.3, 6.7])
@pytest.mark.parametrize("bold", [False, True])
def test_lines_are_those_of_whole_lines_measured(width_in: float, bold: bool) -> None:
    rng = random.Random(round(10 * width_in))
    for _ in range(40):
        words = "".join(rng.choices(LETTERS, k=rng.randrange(200))).split()
        words = [word[:8] for word in words]  # each fits a line
        assert list(wrapped(" ".join(words), width_in, 7.0, bold=bold)) == lines_measured_whole(words, width_in, bold)


def test_a_word_longer_than_the_line_is_cut() -> None:
    lines = wrapped("W" * 60, 1.0, 7.0)
    assert len(lines) > 1 and "".join(lines) == "W" * 60
    assert all(text_width_in(line, 7.0, bold=False) <= 1.0 for line in lines)
