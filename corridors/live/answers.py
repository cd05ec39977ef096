"""Answers to the live page: who would reach the centres, at once for one timetable, then for all that are unknown."""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from accessibility import (
    Feed,
    PreparedNetwork,
    PreparedVersions,
    extended,
    only_patterns,
    phase_vectors,
    prepare_versions,
    turned_network,
    turned_timetable,
)
from corridors.access.centre_access import Bool, Float
from corridors.errors import ScenarioFileError
from corridors.live.documents import Document, Documents
from corridors.live.region import LiveRegion, rounded
from corridors.scenarios.answers import CentreMinutes, Worth, headline_spec, people_of, worth_of
from corridors.scenarios.differences import Moves
from corridors.scenarios.files.read import ScenarioSet
from corridors.scenarios.ranges import TIMETABLES, Timetabled, middle
from corridors.scenarios.resources import edit_resources
from corridors.scenarios.shown.edit_words import edits_table
from corridors.scenarios.versions import Phases, SmallBase, minutes_of, small_base, versions_of_drafts, worths_of
from corridors.scenarios.worlds import Draft, draft_of, require_same_base

_KEPT = 6  # answers of which the search is kept
_TOGETHER = 4  # timetables searched between two looks at whether anybody still wants them


@dataclass(frozen=True)
class Answer:
    """One scenario at one timetable."""

    region: LiveRegion
    chosen: ScenarioSet
    small: SmallBase
    draft: Draft
    phases: Phases
    after: CentreMinutes

    @property
    def moves(self) -> Moves:
        """Who gains and who loses."""
        context, at_least = self.region.base.context, self.region.base.config.kpi.centres_at_least
        return Moves(self.region.before, self.after, people_of(context), people_of(self.draft.context), at_least)

    @cached_property
    def worth(self) -> tuple[Worth, Worth]:
        """The two figures that are logged, before and after."""
        config, moves = self.region.base.config, self.moves
        return (
            worth_of(config, moves.people, self.region.before),
            worth_of(config, moves.people_after, self.after),
        )

    @cached_property
    def prepared(self) -> PreparedVersions:
        """The networks of the base and of the scenario as one, for journeys and for the reach of one place."""
        base, built = self.region.base, versions_of_drafts(self.small, [self.draft])
        same_walks = self.draft.streets is base.network.streets
        before = base.prepared[0] if same_walks else None
        return prepare_versions(built, self.draft.streets, base.prepared[0].spec, before)

    @cached_property
    def networks(self) -> tuple[PreparedNetwork, PreparedNetwork]:
        """The network of the base and of the scenario."""
        return self.region.base.prepared[0], self.prepared.version(1)

    @cached_property
    def turned(self) -> tuple[PreparedNetwork, PreparedNetwork]:
        """The same with time turned round, for the reach from one place."""
        spec, before, whole = headline_spec(self.region.base.config), self.region.turned, self.prepared
        legs = whole.network.transfer_legs
        if whole.row is None:
            return before, turned_network(self.networks[1].timetable, legs, spec)
        timetable = turned_timetable(whole.network.timetable, spec)
        after = extended(before, timetable, legs.transposed(len(timetable.stops))).network
        return before, only_patterns(after, whole.runs[1])

    def whole_feed(self) -> Feed:
        """The timetable after the edits, of all lines."""
        return draft_of(self.region.base, self.chosen, phases=self.phases).edited.feed

    def told(self) -> dict[str, Any]:
        """The answer as the page takes it."""
        moves = self.moves
        met_before, met_after = moves.meets
        return {
            "needed_min": rounded(self.after.needed_min),
            "within": self.after.within.tolist(),
            "people": float(moves.people.sum()),
            "people_after": float(moves.people_after.sum()),
            "people_within_base": float(moves.people @ met_before),
            "people_within": float(moves.people_after @ met_after),
            **moves.gains_of(moves.people, moves.added),
            "places": _places(self.region, moves),
            "groups": _groups(self.region, moves),
            "edits": self._edits(),
            "phases": [[one.id, one.headway_s] for one in self.draft.edited.phases],
            "new_stops": _new_stops(self),
        }

    def _edits(self) -> list[dict[str, Any]]:
        words = edits_table(self.chosen, self.region.base.feed).groupby("edit_id", sort=False)["what"].agg("; ".join)
        rows = edit_resources(self.chosen, self.draft.edited.effects)
        return [
            {
                "id": one.id,
                "what": str(words.get(one.id, one.kind)),
                "notes": list(effect.notes),
                "resources": [_json(row) for row in rows if row["edit_id"] == one.id],
            }
            for one, effect in zip(self.chosen.edits, self.draft.edited.effects, strict=True)
        ]


class Answers:
    """Answers of one region, the last few kept. A change never waits for the range of an earlier one, which ends early."""

    def __init__(self, region: LiveRegion, documents: Documents) -> None:
        """Prepare and search the base, which takes some seconds."""
        self.region, self.documents = region, documents
        self._ranging, self._keeping = threading.Lock(), threading.Lock()
        self._kept: OrderedDict[tuple[str, bool], Answer] = OrderedDict()
        region.before  # noqa: B018  # searched before anybody waits for it

    def at_once(self, document: Document) -> dict[str, Any]:
        """The answer at one timetable: every unknown departure at the start of its headway.

        Raises `ScenarioFileError` with every problem of the edits.
        """
        started = time.perf_counter()
        answer = self._answer(document)
        if not answer.draft.edited.phases:
            self._log(document, answer)
        seconds = round(time.perf_counter() - started, 3)
        return {**answer.told(), "digest": document.digest, "seconds": seconds}

    def over_timetables(self, document: Document) -> dict[str, Any]:
        """The answer at the middle of all timetables tried, as `corridors scenario run` shows it, and the range over them.

        Raises `ScenarioFileError` where the document is changed meanwhile.
        """
        first, digest = self._answer(document), document.digest
        vectors = phase_vectors(first.draft.edited.phases, TIMETABLES, self.region.base.config.scoring.seed)
        tried: list[Timetabled] = []
        with self._ranging:
            for start in range(0, len(vectors), _TOGETHER):
                if document.digest != digest:
                    raise ScenarioFileError("the scenario was changed meanwhile")
                some = vectors[start : start + _TOGETHER]
                worths = worths_of(first.small, [first.small.draft(phases=phases) for phases in some])
                tried += map(Timetabled, some, worths)
        answer = self._at(first.chosen, first.small, tried[middle(tried)].phases)
        self._keep(digest, True, answer)
        self._log(document, answer)
        return {**answer.told(), "digest": digest, "range": _range(tried, answer.worth[0])}

    def last(self, document: Document) -> Answer:
        """The answer that a page shows last of a document."""
        for whole in (True, False):
            if answer := self._kept.get((document.digest, whole)):
                return answer
        return self._answer(document)

    def _answer(self, document: Document) -> Answer:
        digest = document.digest
        known = self._kept.get((digest, False))
        if known:
            return known
        chosen = self.documents.read(document)
        require_same_base(self.region.base, chosen)
        small = small_base(self.region.base, chosen)
        return self._keep(digest, False, self._at(chosen, small, {}))

    def _at(self, chosen: ScenarioSet, small: SmallBase, phases: Phases) -> Answer:
        draft = small.draft(phases=phases)
        (after,) = minutes_of(small, [draft])
        return Answer(self.region, chosen, small, draft, phases, after)

    def _keep(self, digest: str, whole: bool, answer: Answer) -> Answer:
        with self._keeping:
            self._kept[digest, whole] = answer
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return answer

    def _log(self, document: Document, answer: Answer) -> None:
        before, after = answer.worth
        change = after.less(before)
        what = "; ".join(f"{one.kind} {one.id}" for one in answer.chosen.edits)
        self.documents.log(document, what, change.people_within, change.gap)


def _places(region: LiveRegion, moves: Moves) -> list[dict[str, Any]]:
    before, after = moves.meets
    rows = []
    for place, shares in zip(region.places.frame.itertuples(), region.places.shares, strict=True):
        members, members_after = moves.people * shares, moves.people_after * shares
        known = members.sum() > 0 and members_after.sum() > 0 and not place.suppressed
        rows.append(
            {
                "kind": place.place_kind,
                "name": place.place,
                "people": float(members.sum()),
                "share_base": _share(members, before) if known else None,
                "share": _share(members_after, after) if known else None,
                **_json(moves.gains_of(members, moves.added * shares)),
            }
        )
    return rows


def _share(members: Float, meets: Bool) -> float:
    return round(float(members @ meets / members.sum()), 5)


def _groups(region: LiveRegion, moves: Moves) -> list[dict[str, Any]]:
    none = np.zeros(len(moves.people))
    return [
        {"name": name, "people": float(people.sum()), **_json(moves.gains_of(people, none))}
        for name, people in region.groups
    ]


def _range(tried: Sequence[Timetabled], before: Worth) -> dict[str, Any]:
    within = [one.worth.people_within for one in tried]
    gaps = [one.worth.gap - before.gap for one in tried]
    return {
        "timetables": len(tried),
        "people_within": [min(within), max(within)],
        "gap_change": [round(min(gaps), 1), round(max(gaps), 1)],
    }


def _new_stops(answer: Answer) -> list[dict[str, Any]]:
    """The stops that edits make."""
    stops = answer.draft.edited.feed.stops
    new = stops[stops["stop_id"].isin(list(answer.draft.edited.new_stops.values()))]
    rows = zip(new["stop_id"], new["name"], new["lat"], new["lon"], strict=True)
    return [{"id": str(i), "name": str(name), "lat": float(lat), "lon": float(lon)} for i, name, lat, lon in rows]


def _json(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with plain numbers, and null for what is not known."""
    plain = {key: one.item() if isinstance(one, np.generic) else one for key, one in row.items()}
    return {key: None if isinstance(one, float) and np.isnan(one) else one for key, one in plain.items()}
