"""The candidates of a portfolio with their costs: those of the file, and those that the tool proposes and keeps."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from accessibility import Phase, phase_vectors
from corridors.errors import PortfolioFileError, ScenarioFileError
from corridors.portfolio.choosing import Judged, Question
from corridors.portfolio.figures import Measures, measures_of
from corridors.portfolio.files.read import EditTexts, Portfolio
from corridors.portfolio.files.values import all_required
from corridors.portfolio.judging import SetJudge, costs_of
from corridors.portfolio.proposals import Proposal, proposals_of
from corridors.scenarios.attribution import unexpecting
from corridors.scenarios.files.kinds import KINDS
from corridors.scenarios.files.read import HeadTable, Scenario, ScenarioEdit, ScenarioSet
from corridors.scenarios.versions import Phases, SmallBase, minutes_of, small_base
from corridors.scenarios.worlds import Base

GIVEN, COMPUTED = "given", "computed"
PROPOSED = "proposed by this tool"
TIMETABLES = 16  # drawn where phases are unknown
_ALONE_TOGETHER = 16  # proposals judged together before the best are kept


@dataclass(frozen=True)
class Candidate:
    """One candidate."""

    id: str
    title: str
    edits: tuple[int, ...]  # numbers of its edits in the set of scenarios
    cost: float
    cost_basis: str  # GIVEN or COMPUTED
    way: str = ""  # how the tool generated it; "" for one of the file
    group: str = ""  # of candidates with one group only one is chosen
    phases: tuple[Phase, ...] = ()  # its headway services, whose phases are not known


@dataclass(frozen=True)
class Choice:
    """What there is to choose from in one region."""

    portfolio: Portfolio
    candidates: tuple[Candidate, ...]
    texts: EditTexts
    small: SmallBase
    measures: Measures
    refused: Mapping[str, int]  # way -> proposals that can't be applied
    dropped: Mapping[str, int]  # way -> proposals that gain less alone than those kept

    def judge(self, small: SmallBase, measures: Measures, phases: Phases) -> SetJudge:
        """A judge of sets of the candidates."""
        return SetJudge(small, [one.edits for one in self.candidates], measures, phases)

    @property
    def phases(self) -> Phases:
        """The phases at which sets are compared: the middle one of the timetables drawn with the configuration's "
        "seed."""
        unknown = {phase.id: phase for one in self.candidates for phase in one.phases}
        vectors = phase_vectors(list(unknown.values()), TIMETABLES, self.small.base.config.scoring.seed)
        return vectors[len(vectors) // 2]

    @property
    def question(self) -> Question:
        """The question as numbers."""
        head, ids = self.portfolio.head, [one.id for one in self.candidates]
        number = {ident: place for place, ident in enumerate(ids)}
        groups = [frozenset(number[ident] for ident in group) for group in head.excludes]
        names = dict.fromkeys(one.group for one in self.candidates if one.group)
        groups += [frozenset(n for n, one in enumerate(self.candidates) if one.group == name) for name in names]
        requires = {number[ident]: frozenset(number[one] for one in others) for ident, others in head.requires.items()}
        own = frozenset(number[ident] for ident in head.own) if head.own else None
        costs = tuple(one.cost for one in self.candidates)
        return Question(tuple(ids), costs, tuple(sorted(head.budgets)), tuple(groups), requires, own)


def choice_of(portfolio: Portfolio, base: Base) -> Choice:
    """The candidates of the file with their costs, and the best alone of those that the tool proposes.

    Raises `PortfolioFileError` for candidates that can't be applied, goals and floors without data, an own choice beyond the
    largest budget, and where no candidate is within it.
    """
    measures = measures_of(portfolio, base)
    proposals = _proposals(portfolio, base)
    made, refused = _made(portfolio, base, proposals)
    proposals = [one for one in proposals if one.id in made]
    kept, dropped = _kept(portfolio, base, measures, proposals, made)
    chosen, texts = _with_proposals(portfolio, kept)
    number = {one.id: place for place, one in enumerate(chosen.edits)}
    of_file = [(one.id, tuple(one.edits)) for one in portfolio.candidates]
    every = [*of_file, *((one.id, tuple(str(edit["id"]) for edit in one.edits)) for one in kept)]
    candidates = tuple(replace(made[ident], edits=tuple(number[edit] for edit in edits)) for ident, edits in every)
    small = small_base(base, chosen)
    choice = Choice(portfolio, candidates, texts, small, measures, refused, dropped)
    _require_within_budget(choice)
    return choice


def _proposals(portfolio: Portfolio, base: Base) -> list[Proposal]:
    if not portfolio.head.generate:
        return []
    nothing = small_base(base, ScenarioSet(()))
    (minutes,) = minutes_of(nothing, [nothing.draft([])])
    found = proposals_of(base, minutes, portfolio.head.generate)
    taken = {one.id for one in portfolio.candidates} | {one.id for one in portfolio.chosen.edits}
    if twice := sorted(taken & {one.id for one in found}):
        raise PortfolioFileError(
            f"{portfolio.path.name}: generate makes candidates that the file has too: {', '.join(twice)}; give yours "
            "other ids"
        )
    return found


def _with_proposals(portfolio: Portfolio, proposals: Sequence[Proposal]) -> tuple[ScenarioSet, EditTexts]:
    """The scenarios of the file with one more of the proposals' edits, and the tables of all edits."""
    if not proposals:
        return portfolio.chosen, portfolio.texts
    head, path = portfolio.head, portfolio.path
    tables = [edit for one in proposals for edit in one.edits]
    edits = tuple(_edit(portfolio, table) for table in tables)
    own = HeadTable(id=head.id, title=head.title, status=PROPOSED, as_of=head.as_of, source=head.source)
    scenarios = (*portfolio.chosen.scenarios, Scenario(own, edits, path, portfolio.sha256))
    texts = {**portfolio.texts, **{str(table["id"]): table for table in tables}}
    return ScenarioSet(scenarios, (*portfolio.chosen.edits, *edits)), texts


def _edit(portfolio: Portfolio, table: Mapping[str, object]) -> ScenarioEdit:
    kind = str(table["kind"])
    edit = KINDS[kind].model_validate(table).edit(str(table["id"]))
    return ScenarioEdit(edit, kind, portfolio.path.name, portfolio.generate_line, "proposed", PROPOSED)


def _made(
    portfolio: Portfolio, base: Base, proposals: Sequence[Proposal]
) -> tuple[dict[str, Candidate], dict[str, int]]:
    """(id -> candidate with its cost, way -> proposals that can't be applied)."""
    of_id, problems, found = {one.id: one for one in portfolio.chosen.edits}, [], {}
    for one in portfolio.candidates:
        own = [of_id[ident] for ident in one.edits]
        needed = all_required(portfolio.head.requires, one.id)
        before = [of_id[ident] for other in portfolio.candidates if other.id in needed for ident in other.edits]
        ids = {edit.id for edit in (*own, *before)}
        try:
            candidate = Candidate(one.id, one.title, (), 0.0, GIVEN)
            found[one.id] = _costed(
                portfolio, base, candidate, own, [e for e in portfolio.chosen.edits if e.id in ids], one.cost
            )
        except ScenarioFileError as error:
            problems += [f"candidate {one.id!r}: {text.strip()}" for text in str(error).splitlines()[1:]]
    if problems:
        raise PortfolioFileError("\n".join([f"{len(problems)} problem(s):", *(f"  {text}" for text in problems)]))
    refused: dict[str, int] = {}
    for idea in proposals:
        own = [_edit(portfolio, table) for table in idea.edits]
        candidate = Candidate(idea.id, idea.title, (), 0.0, COMPUTED, idea.way, idea.group)
        try:
            found[idea.id] = _costed(portfolio, base, candidate, own, own, None)
        except ScenarioFileError:
            refused[idea.way] = refused.get(idea.way, 0) + 1
    return found, refused


def _costed(
    portfolio: Portfolio,
    base: Base,
    candidate: Candidate,
    own: Sequence[ScenarioEdit],
    edits: Sequence[ScenarioEdit],
    given: float | None,
) -> Candidate:
    alone = ScenarioSet(portfolio.chosen.scenarios, tuple(edits))
    draft = small_base(base, alone).draft([unexpecting(one) for one in edits])
    cost = costs_of(draft, own)[portfolio.head.cost] if given is None else given
    basis = COMPUTED if given is None else GIVEN
    return replace(candidate, cost=cost, cost_basis=basis, phases=draft.edited.phases)


def _kept(
    portfolio: Portfolio,
    base: Base,
    measures: Measures,
    proposals: Sequence[Proposal],
    made: Mapping[str, Candidate],
) -> tuple[list[Proposal], dict[str, int]]:
    """(of each way the proposals that gain most for their cost alone, way -> those that are left out)."""
    most = portfolio.head.most_generated
    if not proposals:
        return [], {}
    judged = _alone(portfolio, base, measures, proposals, made)
    value = [_per_cost(one.gain, made[p.id].cost) for one, p in zip(judged, proposals, strict=True)]
    kept: list[int] = []
    dropped: dict[str, int] = {}
    for way in portfolio.head.generate:
        own = [place for place, one in enumerate(proposals) if one.way == way]
        best = sorted((place for place in own if judged[place].gain > 0), key=lambda place: (-value[place], place))
        kept += sorted(best[:most])
        dropped[way] = len(own) - len(best[:most])
    return [proposals[place] for place in kept], dropped


def _alone(
    portfolio: Portfolio,
    base: Base,
    measures: Measures,
    proposals: Sequence[Proposal],
    made: Mapping[str, Candidate],
) -> list[Judged]:
    """What each proposal is worth alone. A few are judged together: the timetables of hundreds of lines would fill the memory."""
    phases = {phase.id: phase.headway_s // 2 for one in proposals for phase in made[one.id].phases}
    found: list[Judged] = []
    for start in range(0, len(proposals), _ALONE_TOGETHER):
        some = proposals[start : start + _ALONE_TOGETHER]
        chosen, _ = _with_proposals(portfolio, some)
        number = {one.id: place for place, one in enumerate(chosen.edits)}
        members = [[number[str(edit["id"])] for edit in one.edits] for one in some]
        judge = SetJudge(small_base(base, chosen), members, measures, phases)
        found += judge([frozenset({place}) for place in range(len(some))])
    return found


def _per_cost(gain: float, cost: float) -> float:
    return gain / cost if cost > 0 else math.copysign(math.inf, gain)


def _require_within_budget(choice: Choice) -> None:
    question = choice.question
    largest, name = question.budgets[-1], choice.portfolio.path.name
    own = question.own
    if own is not None and not question.fits(own, largest):
        raise PortfolioFileError(
            f"{name}: own: its candidates cost {question.cost(own):,.1f} together, and the largest budget is "
            f"{largest:,g}; "
            "raise the budget, or leave some out"
        )
    fitting = [one for one in range(len(question.ids)) if question.fits(question.closed([one]), largest)]
    if not fitting:
        least = min((question.cost(question.closed([one])) for one in range(len(question.ids))), default=math.nan)
        nothing = (
            "nothing that the tool proposes gains anything" if not question.ids else f"the cheapest costs {least:,.1f}"
        )
        raise PortfolioFileError(f"{name}: no candidate is within the largest budget, {largest:,g}: {nothing}")
