"""The rows of the performance table, and how they are written."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from benchmarks.peers.measuring import Spent

Answer = Mapping[
    str, Any
]  # one line of JSON of a case or a peer; what something took is [seconds on the clock, of processors]


class Row(NamedTuple):
    """One case: what is asked for, in words, and which peers can answer it."""

    case: str
    title: str
    asked: str
    aim: str
    peers: tuple[str, ...] = ()


ROWS = (
    Row(
        "poa_9",
        "Porto Alegre, 1,227 origins x 9 destinations x 120 departures",
        "100 x cafein",
        "400 x",
        ("cafein", "iduedu"),
    ),
    Row("poa_all", "the same, all 1,227 destinations", "5 x cafein", "20 x", ("cafein", "ferrobus", "iduedu")),
    Row("wm_oa", "West Midlands (synthetic), 8,468 origins x 9 centres x 120 departures", "0.5 s", "0.1 s"),
    Row("wm_lsoa", "the same, 1,719 LSOAs to 1,719 LSOAs", "60 s, under 3 GB", "15 s"),
    Row(
        "wm_read",
        "West Midlands feeds (1.81 m stop times) to a ready timetable",
        "6 s, under 2 GB",
        "2 s",
        ("cafein",),
    ),
    Row(
        "poa_build",
        "Porto Alegre: OSM and GTFS to a ready network, no cache",
        "5 s",
        "2 s",
        ("cafein", "ferrobus", "iduedu"),
    ),
    Row("first_call", "first call in a fresh process beyond a second, kernels kept", "+0.5 s", ""),
    Row("first_call_compiling", "the same, none kept", "+20 s", ""),
)
_COLUMNS = ("case", "ours, same points", "processors", "ours, new points", "processors", "peak", "asked", "aim")
_PEER_COLUMNS = (
    *("case", "peer", "its time", "processors", "peak", "ratio, new points", "of processors"),
    *("ratio, same points", "of processors"),
)
_FLOOR_COLUMNS = (
    *(
        "case",
        "preparing, once",
        "new points",
        "walks to stops",
        "where to board",
        "walks from stops",
        "walks all the way",
    ),
    *("the search", "floor", "search / floor"),
)


def ours_table(answers: Mapping[str, Answer]) -> str:
    """Our times: one line a row."""
    lines = []
    for row in ROWS:
        if row.case in answers:
            answer = answers[row.case]
            new = _times(answer["new_points"]) if "new_points" in answer else ("", "")
            lines.append([row.title, *_times(answer["warm"]), *new, _megabytes(answer), row.asked, row.aim])
    return _table(_COLUMNS, lines)


def peers_table(answers: Mapping[str, Answer], peers: Mapping[str, Sequence[Answer]]) -> str:
    """The peers' times and how many times as long they take: one line a row and peer."""
    lines = []
    for row in ROWS:
        for peer in peers.get(row.case, ()):
            name = peer["peer"] + (f" ({peer['note']})" if "note" in peer else "")
            if "error" in peer:
                lines.append([row.title, name, peer["error"], *[""] * 6])
                continue
            theirs, answer = their_time(peer), answers[row.case]
            ratios = _ratios(theirs, answer.get("new_points", answer["warm"]))
            ratios += _ratios(theirs, answer["warm"]) if "new_points" in answer else ["", ""]
            lines.append([row.title, name, *_times(theirs), _megabytes(peer), *ratios])
    return _table(_PEER_COLUMNS, lines)


def floor_table(answers: Mapping[str, Answer]) -> str:
    """What a call about new points is spent on, in processor seconds, and how far the search is from its floor."""
    lines = []
    for row in ROWS:
        answer = answers.get(row.case, {})
        if "parts_cpu_s" in answer:
            parts = list(answer["parts_cpu_s"].values())
            whole, floor_s = Spent(*answer["new_points"]).cpu_s, float(answer["floor_s"])
            rest = whole - sum(parts)
            seconds = [Spent(*answer["prepare"]).cpu_s, whole, *parts, rest, floor_s]
            lines.append([row.title, *(_seconds(value) for value in seconds), f"{rest / floor_s:.3g}"])
    return _table(_FLOOR_COLUMNS, lines)


def their_time(peer: Answer) -> Spent:
    """The peer's time that stands against ours: its last call, or its building where that is the case."""
    return Spent(*(peer["calls"][-1] if "calls" in peer else peer["build"]))


def _times(spent: Sequence[float]) -> tuple[str, str]:
    wall_s, cpu_s = spent
    return _seconds(wall_s), _seconds(cpu_s)


def _ratios(theirs: Spent, ours: Sequence[float]) -> list[str]:
    return [f"{their_s / our_s:.3g} x" for their_s, our_s in zip(theirs, ours, strict=True)]


def _megabytes(answer: Answer) -> str:
    return f"{answer['peak_mb']:,.0f} MB" if "peak_mb" in answer else ""


def _seconds(value: float) -> str:
    return f"{value:.4f} s" if value < 0.01 else f"{value:.3f} s" if value < 1 else f"{value:.2f} s"


def _table(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [columns, ["---"] * len(columns), *lines]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
