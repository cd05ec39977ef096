"""What is wrong with the parts of a portfolio file together: candidates, edits, conditions and costs that do not "
"agree."""

from collections.abc import Iterator, Mapping, Sequence

from corridors.portfolio.files.values import MOST_CANDIDATES, CandidateTable, PortfolioTable, all_required
from corridors.scenarios.files.problems import Found, near
from corridors.scenarios.files.toml_lines import Keys, line_at

Lines = Mapping[Keys, int]


def disagreements(
    head: PortfolioTable, candidates: Sequence[CandidateTable], edits: Mapping[str, str] | None, lines: Lines
) -> Iterator[Found]:
    """Problems with their lines; `edits` is edit id -> kind, None where the scenario files could not be read."""
    if not candidates and not head.generate:
        yield line_at(lines, ("portfolio",)), "there is nothing to choose from: give tables [[candidate]], or generate"
    if len(candidates) > MOST_CANDIDATES:
        yield 1, f"it has {len(candidates):,} candidates; at most {MOST_CANDIDATES:,} are taken"
    if edits is not None:
        yield from _edits(candidates, edits, lines)
    yield from _money(head, candidates, lines)
    yield from _budgets(head, lines)
    ids = [one.id for one in candidates]
    unknown = [*_unknown_ids(head, ids, lines)]
    yield from unknown
    if not unknown:
        yield from _conditions(head, lines)


def _edits(candidates: Sequence[CandidateTable], edits: Mapping[str, str], lines: Lines) -> Iterator[Found]:
    owner: dict[str, str] = {}
    for number, one in enumerate(candidates):
        line = line_at(lines, ("candidate", number, "edits"))
        for edit in one.edits:
            if edit not in edits:
                yield line, f"candidate {one.id!r}: no edit is called {edit!r}{near(edit, edits)}"
            elif edit in owner:
                yield (
                    line,
                    (
                        f"candidate {one.id!r}: the edit {edit!r} belongs to the candidate {owner[edit]!r} already; "
                        "make it a "
                        "candidate of its own that both require"
                    ),
                )
            elif edits[edit] == "replace_feed":
                yield (
                    line,
                    f"candidate {one.id!r}: {edit!r} replaces the whole timetable, which is no choice among others",
                )
            owner.setdefault(edit, one.id)


def _money(head: PortfolioTable, candidates: Sequence[CandidateTable], lines: Lines) -> Iterator[Found]:
    if head.cost != "money":
        if head.unit is not None:
            yield line_at(lines, ("portfolio", "unit")), f'unit is of money; the cost is "{head.cost}": leave unit out'
        return
    if head.unit is None:
        yield line_at(lines, ("portfolio", "cost")), 'cost = "money" needs its unit, such as unit = "GBP a year"'
    if head.generate:
        yield (
            line_at(lines, ("portfolio", "generate")),
            "candidates that are generated have no price: choose by vehicles or vehicle_hours, or leave generate out",
        )
    for number, one in enumerate(candidates):
        if one.cost is None:
            yield line_at(lines, ("candidate", number)), f"candidate {one.id!r}: it has no cost; money is never guessed"


def _budgets(head: PortfolioTable, lines: Lines) -> Iterator[Found]:
    if len(set(head.budgets)) < len(head.budgets):
        yield line_at(lines, ("portfolio", "budgets")), "a budget is given twice"


def _unknown_ids(head: PortfolioTable, ids: Sequence[str], lines: Lines) -> Iterator[Found]:
    named = [("own", ident) for ident in head.own]
    named += [("excludes", ident) for group in head.excludes for ident in group]
    named += [("requires", ident) for key, needed in head.requires.items() for ident in (key, *needed)]
    for key, ident in dict.fromkeys(named):
        if ident not in ids:
            yield line_at(lines, ("portfolio", key)), f"{key}: no candidate is called {ident!r}{near(ident, ids)}"


def _conditions(head: PortfolioTable, lines: Lines) -> Iterator[Found]:
    """Requirements that go round in a circle or exclude each other, and an own choice that breaks the conditions."""
    needed = {ident: all_required(head.requires, ident) for ident in head.requires}
    circles = [ident for ident, others in needed.items() if ident in others]
    at = line_at(lines, ("portfolio", "requires"))
    if circles:
        yield at, f"requires: {', '.join(sorted(circles))} require each other in a circle; make them one candidate"
    for ident, others in needed.items():
        for group in head.excludes:
            both = sorted({ident, *others} & set(group))
            if len(both) > 1:
                yield (
                    at,
                    f"requires: {ident!r} needs {' and '.join(map(repr, both))} together, which exclude each other",
                )
    own, line = set(head.own), line_at(lines, ("portfolio", "own"))
    if len(own) < len(head.own):
        yield line, "own: a candidate is named twice"
    for group in head.excludes:
        if len(own & set(group)) > 1:
            yield line, f"own: {' and '.join(map(repr, sorted(own & set(group))))} exclude each other"
    for ident in head.own:
        if missing := needed.get(ident, set()) - own:
            yield line, f"own: {ident!r} requires {', '.join(map(repr, sorted(missing)))}, which is not in it"
