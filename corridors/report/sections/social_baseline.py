"""The social baseline as compact tables: a corridor beside its district, the region and England; all of them side by side."""

from collections.abc import Iterable, Sequence
from string import ascii_lowercase

from corridors.catalogue.measures import MEASURES
from corridors.report.blocks.tables import NOT_APPLICABLE, NOT_COMPUTED, SUPPRESSED, Record, about
from corridors.report.blocks.view import Absent, Block, Cell, Heading, Paragraph, Row, Section, Table
from corridors.report.blocks.wording import Wording, count, decimal, listed, number_of, percent
from corridors.results import Results

WORDINGS: dict[str, Wording] = {"share 0-1": percent, "people": count, "households": count, "jobs": count}
# A field that shares are taken of -> who or what they are counted among.
COUNTED_AMONG = {
    "population": "residents",
    "population_16plus": "residents 16 and over",
    "households": "households",
    "economically_active": "economically active residents",
    "ethnicity_total": "residents",
    "decile_known": "zones",
}
_BASES = {one.ident: one.base for one in MEASURES}
_UNIT_IN_TITLE = {"ha": ", ha"}
_NO_LAYER = "no layer of this run gives"
MEANING = (
    "A social baseline describes residents of a place before anything is built, with a source and a year for every "
    "figure, so that change can be measured later. No official definition is published: this one is the tool's own "
    "reading, and no target is implied. The exact meaning of every cell and a fingerprint of its data are in "
    "tables/baseline.json, which a later run can be compared with."
)
ENGLAND = "England"  # the one nation whose values are known here
ENGLAND_NOTE = "England stands only beside figures of the same source and year. "


def cells_of(results: Results, kind: str, place_id: object = None) -> list[dict[str, object]]:
    """The baseline's cells for one kind of place, or for one place of it."""
    return about(results.tables.baseline, kind, place_id)


def baseline_of(results: Results, corridor: Record) -> tuple[Block, ...]:
    """A corridor's baseline: value, out of how many, district, region, England and source; what is missing, in words."""
    cells = cells_of(results, "corridor", corridor["id"])
    shown = [cell for cell in cells if _has_value(cell) or _withheld(cell)]
    if not shown:
        return (Absent(f"Social baseline of this corridor: {NOT_COMPUTED}."),)
    district = next((str(cell["district"]) for cell in shown if cell.get("district")), "")
    marks, england = _sources(shown), results.region.nation == ENGLAND
    rows = tuple(
        Row(
            (
                Cell(_title(cell)),
                worded(cell),
                Cell(_out_of(cell)),
                *((_beside(cell, "district_value"),) if district else ()),
                _beside(cell, "region_value"),
                *((_beside(cell, "england_value"),) if england else ()),
                Cell(marks[_source(cell)]),
            )
        )
        for cell in shown
    )
    headings = (
        Heading("Measure"),
        Heading("This corridor", numeric=True),
        Heading("Of how many"),
        *((Heading(district, numeric=True),) if district else ()),
        Heading("Whole region", numeric=True),
        *((Heading(ENGLAND, numeric=True),) if england else ()),
        Heading("Source"),
    )
    most = f"{district} holds more of the corridor's residents than any other district. " if district else ""
    notes = (
        f"{most}{ENGLAND_NOTE * england}{NOT_APPLICABLE}: nothing to compare with.",
        *_gaps(cells),
        "Sources: " + "; ".join(f"{mark}: {source}" for source, mark in marks.items()) + ".",
    )
    return (Table(f"Social baseline: {corridor['name']}", headings, rows, notes, dense=True),)


def side_by_side(results: Results, kind: str, names: Sequence[tuple[object, str]], caption: str) -> Table | Absent:
    """Measures down, places across in the order of `names` (id and name), then the region and England."""
    of_place = {ident: {str(cell["item"]): cell for cell in cells_of(results, kind, ident)} for ident, _ in names}
    items = list(dict.fromkeys(item for cells in of_place.values() for item, cell in cells.items() if _has_value(cell)))
    if not items:
        return Absent(f"{caption}: {NOT_COMPUTED}.")
    region = {str(cell["item"]): cell for cell in cells_of(results, "region")}
    england = results.region.nation == ENGLAND
    rows = tuple(
        Row(
            (
                Cell(_title(next(cells[item] for cells in of_place.values() if item in cells))),
                *(worded(cells[item]) if item in cells else Cell(NOT_APPLICABLE) for cells in of_place.values()),
                worded(region[item]) if item in region else Cell(NOT_APPLICABLE),
                *((_beside(region.get(item, {}), "england_value"),) if england else ()),
            )
        )
        for item in items
    )
    places = [*(name for _, name in names), "Whole region", *([ENGLAND] if england else [])]
    headings = (Heading("Measure"), *(Heading(name, numeric=True) for name in places))
    every = [cell for cells in of_place.values() for cell in cells.values()]
    withheld = "Suppressed: fewer than ten zones or a hundred residents. " if any(map(_withheld, every)) else ""
    notes = (
        f"{withheld}{ENGLAND_NOTE * england}{NOT_APPLICABLE}: nothing to compare with. Denominators and sources are in each "
        "corridor's own table and in tables/baseline.csv.",
        *_gaps(every),
    )
    return Table(caption, headings, rows, notes, dense=True)


def regional_baseline(results: Results, corridors: Sequence[Record]) -> Section:
    """The section on the social baseline: what one is, and the corridors side by side."""
    names = [(corridor["id"], str(corridor["name"])) for corridor in corridors]
    compared = side_by_side(results, "corridor", names, "Social baseline of the corridors, side by side")
    return Section("baseline", "Social baseline", (Paragraph(MEANING), compared))


def worded(cell: Record) -> Cell:
    """A cell's value by its unit, "suppressed" where it is withheld, "n/a" where there is none."""
    if _withheld(cell):
        return Cell(SUPPRESSED, missing=True)
    text = wording(cell)(cell.get("value"))
    return Cell(text, missing=not _has_value(cell))


def wording(cell: Record) -> Wording:
    """The function that words values of a cell's unit."""
    return WORDINGS.get(str(cell.get("unit")), decimal)


def counted_among(cell: Record) -> str:
    """The people or things that a cell's share or mean is taken of: "households"; empty for a count."""
    # What is not among the fixed measures is of destinations, which are reached by residents.
    return COUNTED_AMONG.get(_BASES.get(str(cell.get("item")), "population"), "")


def _has_value(cell: Record) -> bool:
    return number_of(cell.get("value")) is not None


def _withheld(cell: Record) -> bool:
    return cell.get("status") == "suppressed"


def _title(cell: Record) -> str:
    return f"{cell.get('title')}{_UNIT_IN_TITLE.get(str(cell.get('unit')), '')}"


def _out_of(cell: Record) -> str:
    among = counted_among(cell)
    if number_of(cell.get("denominator")) is None or not among:
        return NOT_APPLICABLE
    return f"{count(cell['denominator'])} {among}"


def _beside(cell: Record, column: str) -> Cell:
    value = cell.get(column)
    return Cell(NOT_APPLICABLE if number_of(value) is None else wording(cell)(value))


def _source(cell: Record) -> str:
    parts = [str(cell.get(name) or "").strip() for name in ("source", "vintage", "geography")]
    return ", ".join(part for part in parts if part) or "not stated"


def _sources(cells: Iterable[Record]) -> dict[str, str]:
    """Source with vintage and geography -> the letter that stands for it, in the order of the cells."""
    sources = dict.fromkeys(map(_source, cells))
    return {source: ascii_lowercase[number % len(ascii_lowercase)] for number, source in enumerate(sources)}


def _gaps(cells: Sequence[Record]) -> tuple[str, ...]:
    """Notes on cells without a value and the reason, and on cells known for a part of the residents only."""
    without: dict[str, None] = {}
    notes: dict[str, None] = {}
    partly: dict[str, str] = {}
    for cell in cells:
        reason, title = str(cell.get("reason") or ""), str(cell.get("title"))
        known = number_of(cell.get("known_share"))
        if cell.get("status") == "missing":
            (without if reason.startswith(_NO_LAYER) else notes).setdefault(
                title if reason.startswith(_NO_LAYER) else f"{title}: {reason}."
            )
        elif known is not None and known < 0.995:
            partly.setdefault(title, percent(known))
    if partly:
        said = listed([f"{title} ({share})" for title, share in partly.items()])
        notes.setdefault(f"Known for part of the residents only: {said}.")
    if without:
        notes.setdefault(f"Missing, because no layer of this run gives it: {'; '.join(without)}.")
    return tuple(notes)
