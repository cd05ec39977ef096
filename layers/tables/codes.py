"""Codes of areas and places as text, and both sides in words where those of two files don't meet."""

import re
from collections.abc import Iterable

import pandas as pd

from layers.errors import LayerError
from layers.findings import named


def code_texts(codes: pd.Series, where: str) -> pd.Series:
    """Codes or names of a layer of file `where` as stripped text, missing as "".

    A column of whole numbers with gaps is stored as decimals: 101.0 is the code "101". Raises LayerError for others.
    """
    if pd.api.types.is_float_dtype(codes.dtype) and codes.notna().any():
        if not codes.dropna().mod(1).eq(0).all():
            raise LayerError(f"{where}: column {codes.name} holds decimals; ids and names must be text.")
        codes = codes.astype("Int64")
    return codes.astype("object").where(codes.notna(), "").astype("str").str.strip()


def both_sides(given: Iterable[object], wanted: Iterable[object], owner: str) -> str:
    """Codes `given` by a table beside those `wanted` by the `owner`, in words; and whether only their writing differs."""
    ours, theirs = list(dict.fromkeys(map(str, given))), list(dict.fromkeys(map(str, wanted)))
    alike = {_bare(code): code for code in theirs}
    pair = next(((code, alike[_bare(code)]) for code in ours if alike.get(_bare(code), code) != code), None)
    hint = f"; only their writing differs ({pair[0]!r} for {pair[1]!r}), so write them alike" if pair else ""
    return f"it has codes {named(ours) or 'of none'}, {owner} {named(theirs) or 'none'}{hint}"


def _bare(code: str) -> str:
    """The code without what programs change on the way: case, blanks, leading zeros, ".0" at the end."""
    return re.sub(r"\s+", "", code).removesuffix(".0").lstrip("0").casefold()
