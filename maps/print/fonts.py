"""Fonts of pictures: the one that comes with matplotlib, then fonts of many scripts where this machine has them."""

from collections.abc import Iterable
from functools import cache

from matplotlib.font_manager import FontProperties, fontManager, get_font

FIRST = "DejaVu Sans"  # comes with matplotlib, so that Latin, Greek and Cyrillic words are as wide everywhere
# Fonts of Linux distributions, Windows and macOS that together hold most living scripts.
_OF_MANY_SCRIPTS = (
    "Noto Sans", "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans CJK KR", "Noto Sans Hebrew", "Noto Sans Arabic",
    "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Thai", "Droid Sans Fallback", "WenQuanYi Micro Hei",
    "Arial Unicode MS", "Segoe UI", "Segoe UI Symbol", "Microsoft YaHei", "Yu Gothic", "Malgun Gothic", "Nirmala UI",
    "PingFang SC", "Hiragino Sans", "Unifont",
)  # fmt: skip


@cache
def families() -> tuple[str, ...]:
    """Names of the fonts to draw with, the first choice first; all of them are here."""
    here = {font.name for font in fontManager.ttflist}
    return (FIRST, *(name for name in _OF_MANY_SCRIPTS if name in here))


def undrawable(texts: Iterable[str]) -> list[str]:
    """Those of the texts that hold a letter which none of the fonts has: pictures show a box for it."""
    return [text for text in texts if any(char.isprintable() and ord(char) not in _letters() for char in text)]


@cache
def _letters() -> frozenset[int]:
    paths = (fontManager.findfont(FontProperties(family=name)) for name in families())
    return frozenset(code for path in paths for code in get_font(path).get_charmap())
