"""Each line of a region taken away in turn: who loses the test, a centre or another destination, and what only it serves.

Only what a line touches is searched again (`accessibility.times_of_versions`); the answers are those of a whole run without it.
Whether a loss is material is for officers to say.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from accessibility import (
    JoinedNetwork,
    PreparedVersions,
    Versions,
    boarded_patterns,
    join_points,
    prepare_versions,
    times_of_versions,
)
from corridors.access.centre_access import Bool, Float, place_points
from corridors.access.destinations import joined_kinds
from corridors.equity.distribution import groups_of_people
from corridors.inputs.read import Context
from corridors.pipeline import Stage
from corridors.scenarios.answers import capped, headline_centres, headline_spec, people_of
from corridors.scenarios.worlds import Base
from corridors.services.lines import Lines, lines_of

MOST_PAIRS = 300  # pairs of lines that are searched
LATER_MIN = 1.0
KEYS = ["line", "operator", "mode"]


@dataclass(frozen=True)
class Reach:
    """What residents reach at the median departure under one version of the timetable."""

    centres: Bool  # (n_zones, n_centres) those of the headline's set within the cutoff
    needed_min: Float  # (n_zones,) to the last centre needed; the longest time searched where it is not reached
    kinds: Mapping[str, Bool]  # kind of destination -> (n_zones,) whether one is reached within its cutoff


@dataclass(frozen=True)
class Loss:
    """Which zones lose what by a withdrawal; all (n_zones,)."""

    test: Bool
    centre: Bool  # any of the headline's set
    later_min: Float  # minutes longer to the last centre needed
    kinds: Mapping[str, Bool]

    @property
    def none(self) -> bool:
        """Whether no zone loses the test, a centre or another destination."""
        return not (self.test.any() or self.centre.any() or any(lost.any() for lost in self.kinds.values()))


@dataclass(frozen=True)
class Withdrawals:
    """The tables of `corridors lines`.

    lines   line, operator, mode, trips, first, last, vehicle_hours, people_losing_test, people_losing_a_centre,
            people_losing_<kind>, people_later, person_minutes_later, zones_only_service, people_only_service, material (blank)
    groups  line, operator, mode, group, people, people_losing_test, people_losing_a_centre, people_only_service
    zones   line, operator, mode, zone_id, name, people, loses (words): one row for each zone that loses something
    pairs   line_a, operator_a, line_b, operator_b, people_sharing, people_losing_test, people_losing_a_centre: of the pairs
            searched those that are harmless alone and not together
    """

    lines: pd.DataFrame
    groups: pd.DataFrame
    zones: pd.DataFrame
    pairs: pd.DataFrame
    pairs_searched: int
    pairs_possible: int  # of lines that are harmless alone and share a zone that meets the test
    people: float
    people_within: float

    def items(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """(name, table) of every table."""
        return ((name, getattr(self, name)) for name in ("lines", "groups", "zones", "pairs"))


class _Searches:
    """The region's searches, prepared once, and asked for as many versions of its timetable as needed."""

    def __init__(self, base: Base) -> None:
        self.base, self.spec = base, headline_spec(base.config)
        context, network = base.context, base.network
        every = np.ones((1, len(network.timetable.pattern_route)), bool)
        self.prepared: PreparedVersions = prepare_versions(
            Versions(network.timetable, every), network.streets, self.spec
        )
        networks = [self.prepared.network]
        self.centres: JoinedNetwork = join_points(
            networks, network.streets, place_points(context.points), headline_centres(base.config, context), self.spec
        )
        self.kinds: JoinedNetwork | None = (
            joined_kinds(base.config, context, network, networks, self.spec) if base.config.destinations else None
        )

    def reaches(self, withdrawn: Bool) -> list[Reach]:
        """The base, then each version without the patterns `withdrawn` (n_versions, n_patterns)."""
        versions = self.prepared.with_runs(np.vstack([np.ones((1, withdrawn.shape[1]), bool), ~withdrawn]))
        minutes = [times.percentile_s(50.0) / 60 for times in times_of_versions(versions, self.centres, self.spec)]
        others = [{} for _ in minutes] if self.kinds is None else self._kinds(versions, self.kinds)
        return [self._reach(one, kinds) for one, kinds in zip(minutes, others, strict=True)]

    def _kinds(self, versions: PreparedVersions, joined: JoinedNetwork) -> list[dict[str, Bool]]:
        cutoffs = {kind.id: round(kind.cutoff_min * 60) for kind in self.base.config.kinds_of_destination}
        return [
            {ident: times.percentile_s(50.0)[:, n] <= cutoff for n, (ident, cutoff) in enumerate(cutoffs.items())}
            for times in times_of_versions(versions, joined, self.spec)
        ]

    def _reach(self, minutes: Float, kinds: Mapping[str, Bool]) -> Reach:
        k, ordered = self.base.config.kpi.centres_at_least, np.sort(minutes, axis=1)  # NaN sorts last
        needed = ordered[:, k - 1] if ordered.shape[1] >= k else np.full(len(ordered), np.nan)
        within = np.round(minutes * 60) <= round(self.base.config.kpi.cutoff_min * 60)
        return Reach(within, capped(needed, self.spec), kinds)


def withdraw_each(base: Base, stage: Stage) -> Withdrawals:
    """Who loses what by each line's withdrawal, then by those of pairs that are harmless alone."""
    lines, people, k = lines_of(base.network.timetable), people_of(base.context), base.config.kpi.centres_at_least
    with stage("preparing the network"):
        searches = _Searches(base)
    with stage(f"withdrawing {len(lines.table):,} lines, each in turn"):
        before, *after = searches.reaches(lines.patterns)
    losses, meets = [_loss(before, one, k) for one in after], before.centres.sum(axis=1) >= k
    boards = _boards(searches.centres, lines)
    only = [boards[line] & (boards.sum(axis=0) == 1) for line in range(len(boards))]
    chosen, shared, possible = _pairs_to_try(losses, boards, np.where(meets, people, 0.0))
    with stage(f"withdrawing {len(chosen):,} pairs of lines"):
        both = np.array([lines.patterns[a] | lines.patterns[b] for a, b in chosen], bool)
        together = searches.reaches(both.reshape(len(chosen), lines.patterns.shape[1]))[1:]
    of_pairs = [_loss(before, one, k) for one in together]
    return Withdrawals(
        lines=_lines_table(lines.table, losses, only, people),
        groups=_groups_table(lines.table, losses, only, base.context),
        zones=_zones_table(lines.table, losses, only, base.context),
        pairs=_pairs_table(lines.table, chosen, shared, of_pairs, people),
        pairs_searched=len(chosen),
        pairs_possible=possible,
        people=float(people.sum()),
        people_within=float(people @ meets),
    )


def _loss(before: Reach, after: Reach, centres_at_least: int) -> Loss:
    meets, still = (one.centres.sum(axis=1) >= centres_at_least for one in (before, after))
    kinds = {kind: reached & ~after.kinds[kind] for kind, reached in before.kinds.items()}
    later: Float = np.maximum(after.needed_min - before.needed_min, 0.0)
    lost: Bool = np.any(before.centres & ~after.centres, axis=1)
    return Loss(meets & ~still, lost, later, kinds)


def _boards(joined: JoinedNetwork, lines: Lines) -> Bool:
    """(n_lines, n_zones) whether people can walk to board the line in the time searched."""
    zone, pattern = boarded_patterns(joined)
    found = np.zeros((len(lines.patterns), joined.n_origins), bool)
    line = np.where(lines.patterns.any(axis=0), lines.patterns.argmax(axis=0), -1)[pattern]
    found[line[line >= 0], zone[line >= 0]] = True
    return found


def _pairs_to_try(
    losses: Sequence[Loss], boards: Bool, people: Float
) -> tuple[list[tuple[int, int]], list[float], int]:
    """(pairs of lines that are harmless alone, the people of zones that can board both, how many such pairs there are).

    Of `people`, those of zones that meet the test; the pairs that share most of them, at most `MOST_PAIRS`.
    """
    harmless = [number for number, loss in enumerate(losses) if loss.none]
    weighted = boards[harmless].astype(float)
    shared = (weighted * people) @ weighted.T
    pairs = [(a, b) for a, b in itertools.combinations(range(len(harmless)), 2) if shared[a, b] > 0]
    best = sorted(pairs, key=lambda pair: (-shared[pair], pair))[:MOST_PAIRS]
    return [(harmless[a], harmless[b]) for a, b in best], [float(shared[pair]) for pair in best], len(pairs)


def _counts(loss: Loss, people: Float) -> dict[str, float]:
    later = loss.later_min >= LATER_MIN
    return {
        "people_losing_test": float(people @ loss.test),
        "people_losing_a_centre": float(people @ loss.centre),
        **{f"people_losing_{kind}": float(people @ lost) for kind, lost in loss.kinds.items()},
        "people_later": float(people @ later),
        "person_minutes_later": float(people @ np.where(later, loss.later_min, 0.0)),
    }


def _lines_table(table: pd.DataFrame, losses: Sequence[Loss], only: Sequence[Bool], people: Float) -> pd.DataFrame:
    counts = pd.DataFrame(
        {
            **_counts(loss, people),
            "zones_only_service": int(alone.sum()),
            "people_only_service": float(people @ alone),
        }
        for loss, alone in zip(losses, only, strict=True)
    )
    whole = table.join(counts).assign(material="")
    order = ["people_losing_test", "people_losing_a_centre", "people_only_service", "person_minutes_later"]
    return whole.sort_values([*order, *KEYS], ascending=[False] * 4 + [True] * 3, ignore_index=True)


def _groups_table(table: pd.DataFrame, losses: Sequence[Loss], only: Sequence[Bool], context: Context) -> pd.DataFrame:
    groups = [(name, of.fillna(0.0).to_numpy(float)) for name, of, _ in _groups(context)]
    rows = [
        {
            **{key: table[key].iloc[n] for key in KEYS},
            "group": name,
            "people": float(members.sum()),
            "people_losing_test": float(members @ loss.test),
            "people_losing_a_centre": float(members @ loss.centre),
            "people_only_service": float(members @ alone),
        }
        for n, (loss, alone) in enumerate(zip(losses, only, strict=True))
        if not loss.none or alone.any()
        for name, members in groups
    ]
    columns = [*KEYS, "group", "people", "people_losing_test", "people_losing_a_centre", "people_only_service"]
    return pd.DataFrame(rows, columns=columns)


def _groups(context: Context) -> Iterator[tuple[str, pd.Series, pd.Series]]:
    zones = context.values
    return groups_of_people(zones if "imd_decile" in zones else zones.assign(imd_decile=np.nan))


def _zones_table(table: pd.DataFrame, losses: Sequence[Loss], only: Sequence[Bool], context: Context) -> pd.DataFrame:
    people, names, ids = people_of(context), context.zones["name"], context.zones.index
    rows = []
    for n, (loss, alone) in enumerate(zip(losses, only, strict=True)):
        lost = {"the test": loss.test, "a centre": loss.centre, **loss.kinds, "its only service": alone}
        for zone in np.flatnonzero(np.any(list(lost.values()), axis=0)):
            words = "; ".join(what for what, mask in lost.items() if mask[zone])
            key = (table[key].iloc[n] for key in KEYS)
            rows.append((*key, ids[zone], names.iloc[zone], people[zone], words))
    return pd.DataFrame(rows, columns=[*KEYS, "zone_id", "name", "people", "loses"])


def _pairs_table(
    table: pd.DataFrame,
    pairs: Sequence[tuple[int, int]],
    shared: Sequence[float],
    losses: Sequence[Loss],
    people: Float,
) -> pd.DataFrame:
    rows = [
        {
            **{f"{key}_{which}": table[key].iloc[n] for which, n in zip("ab", pair, strict=True) for key in KEYS[:2]},
            "people_sharing": sharing,
            **_counts(loss, people),
        }
        for pair, sharing, loss in zip(pairs, shared, losses, strict=True)
        if not loss.none
    ]
    columns = ["line_a", "operator_a", "line_b", "operator_b", "people_sharing"]
    found = pd.DataFrame(rows, columns=None if rows else [*columns, "people_losing_test", "people_losing_a_centre"])
    return found.sort_values(
        ["people_losing_test", "people_losing_a_centre"], ascending=False, kind="stable", ignore_index=True
    )
