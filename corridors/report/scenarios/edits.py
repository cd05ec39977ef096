"""What a scenario changes: its files, its edits in words, and the basis of every number."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

from corridors.report.blocks.tables import Record, records, table
from corridors.report.blocks.view import Absent, Block, Bullets, Definitions, Paragraph, Section
from corridors.report.blocks.wording import note
from corridors.report.scenarios import layouts
from corridors.scenario_results import ScenarioHead, ScenarioResults

BASES: Mapping[str, str] = {
    "stated": "stated in a public source",
    "proposed": "proposed by this scenario",
    "claimed": "claimed by its promoters",
    "computed": "computed from public data",
    "recalled": "recalled; to be verified",
    "assumed": "assumed by this scenario",
}
NO_BASIS = "not stated"
_NUMBERS: Mapping[str, str] = {
    "speed_kmh": "Speed from stop to stop, km/h",
    "layover_min": "Layover of a round trip, minutes",
    "every": "Headway",
    "vehicles": "Vehicles",
    "run_time factor": "Ride time, times that of now",
    "headway factor": "Headway, times that of now",
    "saved_s": "Time saved, seconds",
    "dwell_s": "Stay at a stop, seconds",
    "run_s": "Time from stop to stop, seconds",
    "adds_s": "Time that the stop adds, seconds",
    "saves_s": "Time saved at each stop, seconds",
    "later": "Later by",
    "max_wait": "Longest wait",
    "minutes": "Time to change, minutes",
    "count": "How many more",
    "people_per_home": "People in each home",
    "metres": "Length, metres",
    "radius_m": "Distance from the line, metres",
}


def changes(results: ScenarioResults) -> Section:
    """The section on what the scenario changes."""
    heads = table([head_record(one) for one in results.scenarios], layouts.HEADS)
    return Section("changes", "What it changes", (heads, *_rebased(results), *_edits(results), *_numbers_of(results)))


def head_record(head: ScenarioHead) -> dict[str, object]:
    """The row of a scenario file."""
    return {**asdict(head), "file": f"{head.file} ({head.sha256[:12]})"}


def _rebased(results: ScenarioResults) -> tuple[Block, ...]:
    """What differs from the inputs that the scenario was written for, where that was accepted."""
    if not results.differences:
        return ()
    text = "The scenario was written for other inputs, and its use with these was accepted (--rebase):"
    return (Paragraph(text), Bullets(tuple(f"{one}." for one in results.differences)))


def _edits(results: ScenarioResults) -> tuple[Block, ...]:
    rows = records(results.tables.edits)
    if not rows:
        return (Absent("The scenario has no edit."),)
    numbered = set(results.tables.numbers["edit_id"])
    pairs = tuple((f"Edit {row['edit_id']}", _edit_words(row, numbered)) for row in rows)
    order = "The edits apply in this order: later ones see what earlier ones made. What no edit names stays as it is."
    return (Paragraph(order), Definitions(pairs))


def _edit_words(edit: Record, numbered: Collection[str]) -> str:
    parts = [
        str(edit["what"]),
        f"Basis: {_edit_basis(edit, numbered)}.",
        *(f"{name}: {note(edit[key])}." for name, key in (("Source", "source"), ("Note", "note")) if note(edit[key])),
    ]
    return " ".join(parts)


def _edit_basis(edit: Record, numbered: Collection[str]) -> str:
    """The basis of an edit; of one that gives none, that of its numbers."""
    return (
        "that of its numbers" if not note(edit["basis"]) and edit["edit_id"] in numbered else basis_words(edit["basis"])
    )


def _numbers_of(results: ScenarioResults) -> tuple[Block, ...]:
    rows = records(results.tables.numbers)
    kinds = dict(zip(results.tables.edits["edit_id"], results.tables.edits["kind"], strict=True))
    shown = [
        {**row, "number": number_words(str(row["key"]), kinds[row["edit_id"]]), "basis": basis_words(row["basis"])}
        for row in rows
    ]
    return (table(shown, layouts.NUMBERS),) if shown else ()


def basis_words(basis: object) -> str:
    """The basis of an edit or a number in words."""
    text = note(basis)
    return BASES.get(text, text or NO_BASIS)


def number_words(key: str, kind: str) -> str:
    """The key of a number of an edit in words: "service.0.every" is the headway of period 1."""
    name, index = _named(key.split("."))
    words = _NUMBERS.get(f"{kind} {name}") or _NUMBERS.get(name)
    return f"{words or name.replace('_', ' ').capitalize()}{f', {index}' if index else ''}"


def _named(parts: Sequence[str]) -> tuple[str, str]:
    """(the last word of a key, where in its list it stands)."""
    words = [part for part in parts if not part.isdigit()]
    number = next((int(part) + 1 for part in parts if part.isdigit()), None)
    name = words[-1] if words else ".".join(parts)
    if number is None:
        return name, ""
    return name, f"{re.sub('service', 'period', words[0]) if len(words) > 1 else 'entry'} {number}"
