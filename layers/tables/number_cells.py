"""Converts text cells to numbers: thousands separators, withheld figures, and problems for ambiguous cells."""

import re

import numpy as np
import pandas as pd

from layers.findings import Finding, findings_of, first_few

LARGEST = 1e12  # a limit that no count, length or area of a region comes near
_AS_GOOD_AS_WHOLE, _NEARLY_ALL = 1e-6, 0.9
_MOST_LETTERS = 40  # of a cell quoted in a message
LINE = "line"  # name of an index of line numbers of a file
# Marks of statistical offices for figures that are withheld or do not exist (GSS symbols, Nomis, IMD workbooks).
_SUPPRESSED = r"[-–—:*!~#…]|--|\.\.\.?|[cxz]|\[[a-z]+\]|#?n/?a|nan|null"
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_POINTED = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")  # "1.500": a decimal, or 1500 as much of Europe writes it
_WHOLE = re.compile(r"[+-]?\d+")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")  # "0,750" has no thousands: its comma is a decimal one


def to_numbers(texts: pd.Series, name: str) -> tuple[pd.Series, tuple[Finding, ...], list[str]]:
    """Text cells of file `name` as float64, with findings for blank and suppressed cells and problems for other text.

    "1,234" becomes 1234; suppression marks and blanks become NaN. Decimal commas, thousands with points and numbers larger
    than 1e12 in size are problems; they are not guessed at.
    """
    if (usual := _plain_numbers(texts)) is not None and not len(_pointed(texts)):
        return usual, (), []
    cells = texts.str.strip()
    blank, marked = cells.eq(""), cells.str.lower().str.fullmatch(_SUPPRESSED)
    grouped, plain = cells.str.fullmatch(_THOUSANDS), cells.str.fullmatch(_PLAIN)
    values = pd.Series(np.nan, index=texts.index, dtype="float64", name=texts.name)
    values[plain] = cells[plain].astype("float64")
    values[grouped] = cells[grouped].str.replace(",", "").astype("float64")
    missing = f"{name}, column {texts.name}: these cells are missing values, not zeros."
    findings = findings_of("blank_cells", cells.index[blank], len(cells), missing)
    findings += findings_of("suppressed_cells", cells.index[marked], len(cells), missing)
    if grouped.any() and (plain & (values.abs() >= 1000)).any():
        effect = (
            f"{name}, column {texts.name}: the commas of these cells were read as thousands, though other numbers of the "
            "column are written without; if they are decimal commas, write points."
        )
        findings += findings_of("commas_read_as_thousands", cells.index[grouped], len(cells), effect)
    pointed = _pointed(cells[plain])
    # Software that leaves out ".000" leaves out any last zero behind a decimal point.
    parted = pointed if pointed.str.endswith("0").any() else pointed[:0]
    if len(pointed) > 1 and not len(parted):
        effect = (
            f"{name}, column {texts.name}: the points of these cells were read as decimal ones, though the other numbers of "
            "the column are whole and below 1,000; if they part thousands, leave them out."
        )
        findings += findings_of("points_read_as_decimals", pointed.index, len(cells), effect)
    wrong, beyond = ~(blank | marked | grouped | plain), values.abs() > LARGEST
    comma = "; write decimals with a point" if cells[wrong].str.contains(",").any() else ""
    values[beyond] = np.nan
    return (
        values,
        findings,
        [
            *_problem(cells[wrong], "not numbers", comma),
            *_problem(parted, "thousands with points, it seems", "; write 1.500 as 1500, or as 1.5 if that is meant"),
            *_problem(cells[beyond], f"beyond {LARGEST:,.0f} in size"),
        ],
    )


def _plain_numbers(texts: pd.Series) -> pd.Series | None:
    """The numbers of a column that holds nothing but plain ones within `LARGEST`: the usual column, read quickly."""
    if not all(map(_PLAIN.fullmatch, texts)):
        return None
    values = texts.astype("float64")
    return values if (values.abs() <= LARGEST).all() else None


def _pointed(numbers: pd.Series) -> pd.Series:
    """The cells whose point may part thousands: all that have one have three digits behind it, the others are below 1,000."""
    pointed = [cell for cell in numbers if "." in cell]
    whole = {cell.lstrip("+-") for cell in numbers if "." not in cell}
    if not pointed or not all(map(_POINTED.fullmatch, pointed)):
        return numbers[:0]
    if not whole - {"0"} or not all(len(cell) <= 3 and _WHOLE.fullmatch(cell) for cell in whole):
        return numbers[:0]
    return numbers[numbers.str.contains(".", regex=False)]


def counts_with_fractions(counts: pd.Series, where: str) -> tuple[Finding, ...]:
    """A finding for counts that all have up to three decimals and are below 1,000: 1.523 people are 1,523 in much of Europe."""
    known = counts.dropna()
    thousandths, fractional = known * 1000, known % 1 != 0
    parted = known.between(1, 999.9995) & ((thousandths - thousandths.round()).abs() < _AS_GOOD_AS_WHOLE)
    if not parted.all() or not fractional.mean() >= _NEARLY_ALL:
        return ()
    effect = (
        f"{where}: counts below 1,000 with fractions of three digits, such as {known.iloc[0]:g}: if the point parts thousands, "
        "leave it out of the file."
    )
    return findings_of("counts_with_fractions", known.index[fractional], len(counts), effect)


def negative_people(people: pd.Series) -> list[str]:
    """The description of the problem that numbers of people are below 0, if some are."""
    below = people.index[people < 0]
    return [f"column {people.name}: people can't be negative ({rows_named(below)})"] if len(below) else []


def rows_named(index: pd.Index) -> str:
    """A text that names rows: "lines 3, 4" for line numbers of a file, or "rows a, b" for ids."""
    return f"{'line' if index.name == LINE else 'row'}{'s' if len(index) > 1 else ''} {first_few(index)}"


def _problem(cells: pd.Series, what: str, advice: str = "") -> list[str]:
    examples = first_few(repr(cell[:_MOST_LETTERS]) for cell in dict.fromkeys(cells))
    where = rows_named(cells.index)
    return (
        [f"column {cells.name}: {len(cells):,} cells are {what} ({examples}) in {where}{advice}"] if len(cells) else []
    )
