"""Agreement with cafein and R5 by our own rule of streets, with what keeps the others apart: `python -m benchmarks.agreement`.

Writes benchmarks/results/agreement.md. On Porto Alegre the other engines' answers are at hand (`benchmarks.porto_alegre`). On
Newport and Sao Paulo they are not: there our own engine walks by each engine's rule of streets, beside ours.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
import pandas as pd

from accessibility.feed import read_feed
from accessibility.legs import Points, Walk, points
from accessibility.search.door_to_door import travel_times
from accessibility.search.spec import SearchSpec
from accessibility.streets import osm_ways
from accessibility.streets.osm import read_osm
from accessibility.streets.osm_ways import Rule
from accessibility.streets.read import StreetNetwork, read_streets
from accessibility.streets.tags import Passage, Tag, passage
from accessibility.timetable.timetable import Timetable, build_timetable
from benchmarks.porto_alegre import CAFEIN, R5, STREETS, Reference, agreement, median_minutes, read_timetable
from benchmarks.shared import NEWPORT, PROJECT, SAO_PAULO
from benchmarks.street_rules import read_streets_by

PAGE = PROJECT / "benchmarks" / "results" / "agreement.md"
_PRIVATE, _CLOSED = (
    "private ways, and those for destinations or customers",
    "ways closed to all (access=no), most of them bus lanes",
)
_GROUPS: dict[str, Callable[[Tag], bool]] = {
    _PRIVATE: lambda tag: passage(tag).local,
    _CLOSED: lambda tag: tag("access") == "no",
    "other ways": lambda tag: not passage(tag).local and tag("access") != "no",
}
_GATES = "gates and other barriers closed on foot"
_TOGETHER, _ENGINE = "several of these together", "by its whole rule too: the engines differ"


def their_ways(theirs: Rule, group: Callable[[Tag], bool]) -> Rule:
    """Our rule of streets, but theirs for the ways of one group."""

    def rule(tag: Tag) -> Passage:
        return theirs(tag) if group(tag) else passage(tag)

    return rule


def _without_barriers(rule: Rule) -> StreetNetwork:
    with patch.object(osm_ways, "blocked", lambda _: False):
        return read_osm(STREETS, rule=rule)


def kinds_of_difference(timetable: Timetable, reference: Reference) -> tuple[pd.Series, pd.DataFrame]:
    """Agreement by our rule and by theirs, and by what the pairs more than a minute apart by ours agree: kind, pairs, share.

    A pair counts for the first kind by which it agrees.
    """
    theirs = reference.minutes()

    def apart(streets: StreetNetwork) -> pd.Series:
        ours = median_minutes(timetable, streets, reference)
        seconds = (ours - theirs)[ours.notna() | theirs.notna()].abs().fillna(np.inf)
        return seconds.reindex(theirs.index).fillna(0.0)

    own = median_minutes(timetable, read_streets(STREETS), reference)
    by_theirs = median_minutes(timetable, read_streets_by(reference.rule, STREETS), reference)
    shares = pd.Series(
        {"ours": agreement(own, theirs)["within 1 min"], "theirs": agreement(by_theirs, theirs)["within 1 min"]}
    )
    left = apart(read_streets(STREETS)) > 1
    total, rows = int((own.notna() | theirs.notna()).sum()), []
    tried = {kind: read_streets_by(their_ways(reference.rule, group), STREETS) for kind, group in _GROUPS.items()} | {
        _GATES: _without_barriers(passage),
        _TOGETHER: _without_barriers(reference.rule),
    }
    for kind, streets in tried.items():
        agreed = left & (apart(streets) <= 1)
        rows.append((kind, int(agreed.sum()), agreed.sum() / total))
        left &= ~agreed
    rows.append((_ENGINE, int(left.sum()), left.sum() / total))
    return shares, pd.DataFrame(rows, columns=["kind", "pairs", "share"])


class Elsewhere(NamedTuple):
    """A place without answers of others: its streets, timetable, question, origins and destinations."""

    name: str
    streets: Path
    timetable: Timetable
    spec: SearchSpec
    origins: Points
    destinations: Points


def elsewhere() -> Iterator[Elsewhere]:
    """Newport from and to its stops, Sao Paulo from its hexagons to every fortieth of them."""
    spec = SearchSpec(7 * 3600, 9 * 3600, walk=Walk(max_s=1200), board_slack_s=60, percentiles=(50.0,))
    timetable = build_timetable(read_feed(NEWPORT / "newport-20230613_gtfs.zip"), dt.date(2023, 6, 13))
    stops = timetable.stops
    every = points(stops["stop_id"], stops["lon"] + 0.0007, stops["lat"] + 0.0004)  # off the kerb, where doors are
    few = points(every.ids[::60], every.lon[::60], every.lat[::60])
    yield Elsewhere("Newport", NEWPORT / "newport-2023-06-13.osm.pbf", timetable, spec, every, few)
    hexagons = pd.read_csv(SAO_PAULO / "spo_hexgrid.csv")
    timetable = build_timetable(read_feed(SAO_PAULO / "spo.zip"), dt.date(2019, 5, 14))
    ends = hexagons[::40]
    yield Elsewhere(
        "Sao Paulo",
        SAO_PAULO / "spo_osm.pbf",
        timetable,
        spec,
        points(hexagons["id"], hexagons["lon"], hexagons["lat"]),
        points(ends["id"], ends["lon"], ends["lat"]),
    )


def rules_elsewhere(place: Elsewhere) -> Iterator[tuple[str, dict[str, float]]]:
    """(engine, agreement of our answers by our rule of streets with those by its rule)."""

    def minutes(streets: StreetNetwork) -> pd.Series:
        times = travel_times(place.timetable, streets, place.origins, place.destinations, place.spec)
        return pd.Series(times.percentile_s(50.0).ravel()) / 60

    ours = minutes(read_streets(place.streets))
    for reference in (CAFEIN, R5):
        yield reference.name, agreement(ours, minutes(read_streets_by(reference.rule, place.streets)))


def page() -> str:
    """The page of results."""
    timetable = read_timetable()
    found = {reference.name: kinds_of_difference(timetable, reference) for reference in (CAFEIN, R5)}
    lines = [
        "# Agreement with other engines",
        "",
        "`python -m benchmarks.agreement` wrote this page. Porto Alegre: 1,227 origins, 9 destinations, the median of",
        "120 departures; the answers of cafein 0.29 and R5 7.5.1 are those beside the data (`benchmarks/porto_alegre.py`).",
        "",
        "| within 1 minute | by our rule of streets | by the other's rule, in our engine |",
        "|---|---|---|",
        *(f"| {name} | {shares['ours']:.1%} | {shares['theirs']:.1%} |" for name, (shares, _) in found.items()),
        "",
        "Of the pairs more than a minute apart by our rule, how many agree once we walk as the other does on ...",
        "",
        "| kind | cafein: pairs | % of all | R5: pairs | % of all |",
        "|---|---|---|---|---|",
        *_kind_rows([kinds for _, kinds in found.values()]),
        "",
        "The two contradict each other: cafein walks through private ways and along bus lanes, R5 on no private road at all, so",
        "that people behind a gate step over the fence to the next street. To walk through private ways, or on ways closed to",
        "all, brings us nearer to cafein and takes us further from R5, so no rule for these ways has 97 % with both.",
        "What remains by the other's whole rule is traced in `tests/accessibility/search/test_porto_alegre.py`.",
        "",
        "Elsewhere no answers of others are at hand. Our engine by our rule of streets beside itself by theirs, 07:00-09:00:",
        "",
        "| place | rule of | pairs | only by one reached | within 1 min | within 2 min | within 5 min |",
        "|---|---|---|---|---|---|---|",
    ]
    for place in elsewhere():
        for name, shares in rules_elsewhere(place):
            cells = [f"{shares[f'within {n} min']:.1%}" for n in (1, 2, 5)]
            lines.append(
                f"| {place.name} | {name} | {shares['pairs']:,} | {shares['only one reaches']:,} | {' | '.join(cells)} |"
            )
    return "\n".join(lines) + "\n"


def _kind_rows(found: list[pd.DataFrame]) -> Iterator[str]:
    for rows in zip(*(one.itertuples(index=False) for one in found), strict=True):
        cells = " | ".join(f"{row.pairs:,} | {row.share:.2%}" for row in rows)
        yield f"| {rows[0].kind} | {cells} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))
