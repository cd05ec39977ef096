"""Converts codes of areas and places to text, and describes the codes of two tables that do not match."""

import re
from collections.abc import Iterable

import pandas as pd

from layers.errors import LayerError
from layers.findings import first_few


def code_texts(codes: pd.Series, where: str) -> pd.Series:
    """Codes or names of a layer of file `where` as stripped text, "" where missing.

    Whole numbers in a column with gaps are stored as decimals, so 101.0 becomes "101". Raises LayerError for other
    decimals.
    """
    if pd.api.types.is_float_dtype(codes.dtype) and codes.notna().any():
        if not codes.dropna().mod(1).eq(0).all():
            raise LayerError(f"{where}: column {codes.name} holds decimals; ids and names must be text.")
        codes = codes.astype("Int64")
    texts = codes if codes.dtype == "str" else codes.astype("object").where(codes.notna(), "").astype("str")
    return texts.fillna("").str.strip()


def code_comparison(given: Iterable[object], wanted: Iterable[object], owner: str) -> str:
    """A text that compares the codes `given` by a table with those `wanted` by `owner`, and says if only spelling differs."""
    ours, theirs = list(dict.fromkeys(map(str, given))), list(dict.fromkeys(map(str, wanted)))
    alike = {_bare(code): code for code in theirs}
    pair = next(((code, alike[_bare(code)]) for code in ours if alike.get(_bare(code), code) != code), None)
    hint = f"; only their writing differs ({pair[0]!r} for {pair[1]!r}), so write them alike" if pair else ""
    return f"it has codes {first_few(ours) or 'of none'}, {owner} {first_few(theirs) or 'none'}{hint}"


def _bare(code: str) -> str:
    """The code without what software often changes: case, blanks and marks of no width, leading zeros, ".0" at the end."""
    return re.sub(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+", "", code).removesuffix(".0").lstrip("0").casefold()
