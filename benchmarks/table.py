"""The rows of the performance table, and how they are written."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

Answer = Mapping[str, object]  # one line of JSON of a case or a peer


class Row(NamedTuple):
    """One case: what is asked for, in words, and which peers can answer it."""

    case: str
    title: str
    asked: str  # what issue 3 says must be reached
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
        "wm_read", "West Midlands feeds (1.81 m stop times) to a ready timetable", "6 s, under 2 GB", "2 s", ("cafein",)
    ),
    Row(
        "poa_build",
        "Porto Alegre: OSM and GTFS to a ready network, no cache",
        "5 s",
        "2 s",
        ("cafein", "ferrobus", "iduedu"),
    ),
    Row("first_call", "first call in a fresh process: kernels kept / none kept", "+0.5 s / +20 s", ""),
)


def markdown(rows: Sequence[tuple[Row, Answer, Sequence[Answer]]]) -> str:
    """The table: one line a row and peer."""
    lines = [
        "| case | ours | peak | floor, multiple | peer | its time | its peak | ratio | asked | aim |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row, ours, peers in rows:
        own = [row.title, _ours(ours), _megabytes(ours), _floor(ours)]
        theirs = [_peer(ours, peer) for peer in peers] or [["", "", "", ""]]
        for place, columns in enumerate(theirs):
            cells = [*(own if place == 0 else [""] * 4), *columns, *([row.asked, row.aim] if place == 0 else ["", ""])]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def breakdown(rows: Sequence[tuple[Row, Answer, Sequence[Answer]]]) -> str:
    """What a warm call is spent on."""
    lines = [
        "| case | preparing, once | warm | walks to stops | where to board | walks from stops | walks all the way | the search |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row, ours, _ in rows:
        parts = ours.get("parts_s")
        if isinstance(parts, Mapping):
            rest = _number(ours, "warm_s") - sum(parts.values())
            seconds = [_number(ours, "prepare_s"), _number(ours, "warm_s"), *parts.values(), rest]
            lines.append(f"| {row.title} | {' | '.join(_seconds(value) for value in seconds)} |")
    return "\n".join(lines)


def their_seconds(peer: Answer) -> float:
    """The peer's time that stands against ours: its last call, or its building where that is the case."""
    calls = peer.get("calls_s")
    return float(calls[-1]) if isinstance(calls, list) else _number(peer, "build_s")


def _ours(ours: Answer) -> str:
    cold = ours.get("cold_s")
    return _seconds(_number(ours, "warm_s")) + (f" / {_seconds(float(str(cold)))}" if cold is not None else "")


def _floor(ours: Answer) -> str:
    if "floor_s" not in ours:
        return ""
    return f"{_seconds(_number(ours, 'floor_s'))}, {_number(ours, 'warm_s') / _number(ours, 'floor_s'):.3g} x"


def _peer(ours: Answer, peer: Answer) -> list[str]:
    name = str(peer["peer"]) + (f" ({peer['note']})" if "note" in peer else "")
    if "error" in peer:
        return [name, str(peer["error"]), "", ""]
    ratio = their_seconds(peer) / _number(ours, "warm_s")
    return [name, _seconds(their_seconds(peer)), _megabytes(peer), f"{ratio:.3g} x"]


def _megabytes(answer: Answer) -> str:
    return f"{_number(answer, 'peak_mb'):,.0f} MB"


def _number(answer: Answer, key: str) -> float:
    return float(str(answer[key]))


def _seconds(value: float) -> str:
    return f"{value:.4f} s" if value < 0.01 else f"{value:.3f} s" if value < 1 else f"{value:.2f} s"
