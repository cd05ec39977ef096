"""Fonts of pictures: the one that comes with matplotlib, then fonts of other scripts where they are installed."""

from collections.abc import Iterable
from functools import cache

from matplotlib.font_manager import FontProperties, fontManager, get_font

MAIN_FONT = "DejaVu Sans"  # comes with matplotlib, so that Latin, Greek and Cyrillic words are as wide everywhere
# Fonts of Linux distributions, Windows and macOS that together hold most living scripts.
_FALLBACK_FONTS = (
    "Noto Sans", "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans CJK KR", "Noto Sans Hebrew", "Noto Sans Arabic",
    "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Thai", "Droid Sans Fallback", "WenQuanYi Micro Hei",
    "Arial Unicode MS", "Segoe UI", "Segoe UI Symbol", "Microsoft YaHei", "Yu Gothic", "Malgun Gothic", "Nirmala UI",
    "PingFang SC", "Hiragino Sans", "Unifont",
)  # fmt: skip


@cache
def families() -> tuple[str, ...]:
    """Names of the installed fonts to draw with, the first choice first."""
    installed = {font.name for font in fontManager.ttflist}
    return (MAIN_FONT, *(name for name in _FALLBACK_FONTS if name in installed))


def undrawable(texts: Iterable[str]) -> list[str]:
    """The texts that hold a letter which no installed font has; pictures show a box for it."""
    return [text for text in texts if any(char.isprintable() and ord(char) not in _letters() for char in text)]


@cache
def _letters() -> frozenset[int]:
    paths = (fontManager.findfont(FontProperties(family=name)) for name in families())
    return frozenset(code for path in paths for code in get_font(path).get_charmap())
