"""Compares names of statistical geographies, and checks that codes can be of the geography stated."""

import re
from collections.abc import Mapping

import pandas as pd

from layers.errors import GeographyError
from layers.findings import first_few

# ONS Register of Geographic Codes: the three-character prefix gives the kind of an area, but not the census year.
_PATTERNS: Mapping[str, str] = {
    "OA": r"[EW]00\d{6}|S00\d{6}|N\d{8}",
    "LSOA": r"[EW]01\d{6}|S01\d{6}",
    "MSOA": r"[EW]02\d{6}|S02\d{6}",
    "WARD": r"E05\d{6}|W05\d{6}|S13\d{6}",
    "DISTRICT": r"E0[6789]\d{6}|W06\d{6}|S12\d{6}",
}
_OLD_CODE = re.compile(r"\d{2}[A-Z]{2}([A-Z]{2}(\d{4})?)?")  # "00CN", "00CNGB", "00CNGB0012": in use until 2011


def same_geography(one: str, other: str) -> bool:
    """Whether two labels are of the same geography and vintage, such as "LSOA 2021" and "lsoa2021"."""
    return _plain(one) == _plain(other)


def check_codes(codes: pd.Index, geography: str, where: str) -> None:
    """Raise GeographyError if codes can't be of the geography stated.

    Unknown geographies pass. A code does not show its census year ("E01..." is an LSOA of 2001, 2011 or 2021): a wrong
    year is detected by low coverage when tables are joined.
    """
    kind = re.match(r"[A-Z]+?(?=S?(\d|$))", _plain(geography))
    pattern = _PATTERNS.get(kind.group()) if kind else None
    if pattern is None:
        return
    texts = pd.Series(codes, dtype="str")
    wrong = texts[~texts.str.fullmatch(pattern)]
    if wrong.empty:
        return
    old = int(wrong.str.fullmatch(_OLD_CODE).sum())
    hint = f" {old:,} look like codes from before 2011; map them to nine-character codes first." if old else ""
    share = f"{len(wrong):,} of {len(texts):,} codes"
    raise GeographyError(f"{where}: {share} are not codes of {geography} ({first_few(wrong)}).{hint}")


def _plain(label: str) -> str:
    return re.sub(r"[\s_-]+", "", label).upper()
