"""Sets of candidates put together from parts that do not touch each other: each part is edited and its timetable built once.

Candidates of different lines change different patterns of a timetable. So the patterns that run after a set are those that
run after nothing, with what each part of the set changes. Nothing is taken for granted: a set of which two parts change
the same pattern is not put together, and its edits are made one after the other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx
import numpy as np

from accessibility import (
    Edit,
    Interchange,
    LandUse,
    NewLine,
    Place,
    PreparedVersions,
    ReplaceFeed,
    Selection,
    StreetClose,
    StreetLink,
    Versions,
    prepare_versions,
)
from corridors.access.centre_access import Bool
from corridors.portfolio.choosing import NOTHING, Chosen
from corridors.scenarios.answers import CentreMinutes, centre_minutes
from corridors.scenarios.versions import SmallBase, times_to_centres, versions_of_drafts
from corridors.scenarios.worlds import Draft

_OF_ALL_LINES = (Interchange, LandUse, ReplaceFeed, StreetClose, StreetLink)
_TOGETHER = 64  # sets searched together: which connections run in each is held at once


def parts_of(small: SmallBase, members: Sequence[Sequence[int]]) -> list[Chosen]:
    """Groups of candidates whose edits may touch each other: of one line's number, or of stops that another may make.

    `members` are the numbers of each candidate's edits. Candidates with edits that are not of lines are in no group.
    """
    edits = [[small.chosen.edits[number].edit for number in numbers] for numbers in members]
    of_lines = [one for one, own in enumerate(edits) if not any(isinstance(edit, _OF_ALL_LINES) for edit in own)]
    stops = frozenset(small.base.feed.stops["stop_id"])
    graph: nx.Graph[object] = nx.Graph()
    graph.add_nodes_from(of_lines)
    for one in of_lines:
        graph.add_edges_from((one, name) for edit in edits[one] for name in _touched(edit, stops))
    groups = (frozenset(node for node in group if isinstance(node, int)) for group in nx.connected_components(graph))
    return sorted(groups, key=min)


def _touched(edit: Edit, stops: frozenset[str]) -> Iterator[str]:
    """The lines of an edit by number; "stops" where it names one by place or name, or makes one."""
    values = [value for field in vars(edit).values() for value in (field if isinstance(field, tuple) else [field])]
    if isinstance(edit, NewLine):
        yield f"line {edit.number.strip().casefold()}"
    for value in values:
        if isinstance(value, Selection):
            yield f"line {value.number.strip().casefold()}"
        if isinstance(value, Place) and (value.at is not None or value.name or value.stop_id not in stops):
            yield "stops"


@dataclass
class Mixer:
    """Gives the minutes of sets that can be put together from parts, searched many at once."""

    small: SmallBase
    parts: Sequence[Chosen]
    draft: Callable[[Chosen], Draft | None]  # the region after a set; None where it can't be made
    drafts: dict[Chosen, Draft] = field(default_factory=dict)  # of sets within one part
    _made: tuple[int, Versions, PreparedVersions] | None = None  # of how many drafts

    def minutes(self, sets: Sequence[Chosen]) -> Mapping[Chosen, CentreMinutes]:
        """What decides the headline after each of the sets that can be put together; the others are left out."""
        able = frozenset().union(*self.parts)
        pieces = {one: self._pieces(one) for one in sets if one <= able}
        for piece in dict.fromkeys([NOTHING, *(piece for own in pieces.values() for piece in own)]):
            draft = None if piece in self.drafts else self.draft(piece)
            if draft is not None and self._same_walks(draft):
                self.drafts[piece] = draft
        known = {one: own for one, own in pieces.items() if all(piece in self.drafts for piece in own)}
        rows = self._rows(known)
        found: dict[Chosen, CentreMinutes] = {}
        names = list(rows)
        for start in range(0, len(names), _TOGETHER):
            batch = names[start : start + _TOGETHER]
            found |= zip(batch, self._searched(np.array([rows[one] for one in batch])), strict=True)
        return found

    def _pieces(self, chosen: Chosen) -> list[Chosen]:
        return [piece for part in self.parts if (piece := part & chosen)]

    def _same_walks(self, draft: Draft) -> bool:
        return draft.edited.feed.transfers is self.small.part.feed.transfers and not draft.edited.street_edits

    def _prepared(self) -> tuple[Versions, PreparedVersions]:
        if self._made is None or self._made[0] != len(self.drafts):
            base, before = self.small.base, self.small.base.searched
            versions = versions_of_drafts(self.small, list(self.drafts.values()))
            (network,) = before.joined.networks
            prepared = prepare_versions(versions, base.network.streets, before.spec, network)
            self._made = len(self.drafts), versions, prepared
        return self._made[1], self._made[2]

    def _rows(self, pieces: Mapping[Chosen, Sequence[Chosen]]) -> dict[Chosen, Bool]:
        """Which patterns run after each set, (n_patterns,); sets of which two parts change one pattern are left out."""
        if not pieces:
            return {}
        runs = dict(zip(self.drafts, self._prepared()[0].runs[1:], strict=True))
        nothing, found = runs[NOTHING], {}
        for one, own in pieces.items():
            changed = np.array([runs[piece] ^ nothing for piece in own], bool).reshape(len(own), len(nothing))
            if (changed.sum(axis=0) < 2).all():
                found[one] = nothing ^ changed.any(axis=0)
        return found

    def _searched(self, rows: Bool) -> list[CentreMinutes]:
        base, (versions, prepared) = self.small.base, self._prepared()
        chosen = prepared.with_runs(np.vstack([versions.runs[:1], rows]))
        return [centre_minutes(base.config, one) for one in times_to_centres(self.small, chosen, base.network.streets)]
