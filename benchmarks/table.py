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
_COLUMNS = ("case", "ours", "processors", "peak", "asked", "aim")
_PEER_COLUMNS = ("case", "peer", "its time", "processors", "peak", "ratio", "ratio of processors")
_FLOOR_COLUMNS = (
    *("case", "preparing, once", "warm", "walks to stops", "where to board", "walks from stops", "walks all the way"),
    *("the search", "floor", "search / floor"),
)


def ours_table(answers: Mapping[str, Answer]) -> str:
    """Our times: one line a row."""
    lines = []
    for row in ROWS:
        if row.case in answers:
            wall, cpu = _times(answers[row.case])
            lines.append([row.title, wall, cpu, _megabytes(answers[row.case]), row.asked, row.aim])
    return _table(_COLUMNS, lines)


def peers_table(answers: Mapping[str, Answer], peers: Mapping[str, Sequence[Answer]]) -> str:
    """The peers' times and how many times as long they take: one line a row and peer."""
    lines = []
    for row in ROWS:
        for peer in peers.get(row.case, ()):
            name = peer["peer"] + (f" ({peer['note']})" if "note" in peer else "")
            if "error" in peer:
                lines.append([row.title, name, peer["error"], "", "", "", ""])
                continue
            theirs, own = their_time(peer), Spent(*answers[row.case]["warm"])
            ratios = [f"{theirs.wall_s / own.wall_s:.3g} x", f"{theirs.cpu_s / own.cpu_s:.3g} x"]
            lines.append([row.title, name, _seconds(theirs.wall_s), _seconds(theirs.cpu_s), _megabytes(peer), *ratios])
    return _table(_PEER_COLUMNS, lines)


def floor_table(answers: Mapping[str, Answer]) -> str:
    """What a warm call is spent on, in processor seconds, and what the search takes of its floor."""
    lines = []
    for row in ROWS:
        answer = answers.get(row.case, {})
        if "parts_cpu_s" in answer:
            parts = list(answer["parts_cpu_s"].values())
            warm, floor_s = Spent(*answer["warm"]).cpu_s, float(answer["floor_s"])
            rest = warm - sum(parts)
            seconds = [Spent(*answer["prepare"]).cpu_s, warm, *parts, rest, floor_s]
            lines.append([row.title, *(_seconds(value) for value in seconds), f"{rest / floor_s:.3g}"])
    return _table(_FLOOR_COLUMNS, lines)


def their_time(peer: Answer) -> Spent:
    """The peer's time that stands against ours: its last call, or its building where that is the case."""
    return Spent(*(peer["calls"][-1] if "calls" in peer else peer["build"]))


def _times(answer: Answer) -> tuple[str, str]:
    spent = Spent(*answer["warm"])
    return _seconds(spent.wall_s), _seconds(spent.cpu_s)


def _megabytes(answer: Answer) -> str:
    return f"{answer['peak_mb']:,.0f} MB" if "peak_mb" in answer else ""


def _seconds(value: float) -> str:
    return f"{value:.4f} s" if value < 0.01 else f"{value:.3f} s" if value < 1 else f"{value:.2f} s"


def _table(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [columns, ["---"] * len(columns), *lines]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
