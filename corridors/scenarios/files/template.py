"""A scenario file to start from, made of a line's timetable: its stops, headways by period and run times, as comments."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from accessibility import Day, Feed, Problem, Selection, Trip, clock_text, matched
from corridors.config.toml_file import plain_line, quoted_text
from corridors.errors import ScenarioFileError
from corridors.scenarios.files.schema import SCENARIO_SCHEMA

_HOUR_S = 3600


def scenario_template(day: Day, line: Selection, feeds: Mapping[str, str]) -> str:
    """The text of a file that changes the headway of a line, with what the timetable says of it in comments.

    `feeds` are the digests of the timetable's files, by name. Raises `ScenarioFileError` where the line is not found.
    """
    try:
        trips = matched(day, line, "new").inside
    except Problem as problem:
        raise ScenarioFileError(f"--line: {problem}") from None
    return "\n".join([*_head(day, line, feeds), *_described(day.feed, trips), *_edit(line, trips)]) + "\n"


def _head(day: Day, line: Selection, feeds: Mapping[str, str]) -> Iterator[str]:
    digests = ", ".join(f"{quoted_text(name)} = {quoted_text(f'sha256:{digest}')}" for name, digest in feeds.items())
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in line.number.lower())
    yield f"#:schema ./{SCENARIO_SCHEMA}"  # by which editors find it
    yield "[scenario]"
    yield f"id = {quoted_text(f'line_{plain}'[:40])}"
    yield f"title = {quoted_text(f'Line {line.number}: what changes')} # in a few words, for readers"
    yield 'status = "proposed here" # what public sources say of it, if it is somebody else\'s'
    yield f"as_of = {day.date.isoformat()}"
    yield 'source = "your name or office"'
    yield f"base = {{ date = {day.date.isoformat()}, feeds = {{ {digests} }} }} # what it is written for"
    yield '# costs = { currency = "GBP", vehicle_hour = 0, vehicle_km = 0, peak_vehicle = 0 } # only if money is to be counted'
    yield ""


def _described(feed: Feed, trips: Sequence[Trip]) -> Iterator[str]:
    """Comments: each way the line runs, its stops, headways and run times."""
    names = dict(zip(feed.stops["stop_id"], feed.stops["name"], strict=True))
    ways: dict[tuple[str, tuple[str, ...]], list[Trip]] = {}
    for trip in trips:
        ways.setdefault((trip.direction, trip.stop_ids), []).append(trip)
    ordered = sorted(ways.items(), key=lambda way: (way[0][0], -_departures(way[1]), way[0][1]))
    for number, ((direction, stops), group) in enumerate(ordered, start=1):
        minutes = np.array([trip.duration_s for trip in group]) / 60
        yield (
            f"# Way {number}: direction {direction or 'not given'}, {_departures(group)} departures, run time "
            f"{minutes.min():.0f} to {minutes.max():.0f} min"
        )
        yield from (f"#   departures {words}" for words in _headways(group))
        run_s = group[0].calls[0].departure_s
        for stop, call in zip(stops, group[0].calls, strict=True):
            yield f"#   {(call.arrival_s - run_s) / 60:6.1f} min  {quoted_text(stop)}  {plain_line(str(names[stop]))}"
    yield ""


def _departures(trips: Sequence[Trip]) -> int:
    return sum(len(trip.starts()) for trip in trips)


def _headways(trips: Sequence[Trip]) -> Iterator[str]:
    """The departures and the usual headway of each hour in words; hours of equal headway stand together."""
    starts = np.array(sorted(start for trip in trips for start in trip.starts()))
    hours, counts = np.unique(starts // _HOUR_S, return_counts=True)
    first = 0
    for place in range(1, len(hours) + 1):
        if place == len(hours) or counts[place] != counts[first] or hours[place] != hours[place - 1] + 1:
            begin, end = (
                clock_text(int(hours[first]) * _HOUR_S)[:5],
                clock_text(int(hours[place - 1] + 1) * _HOUR_S)[:5],
            )
            yield f"{begin} to {end}: {counts[first]} an hour, every {60 / counts[first]:.3g} min"
            first = place


def _edit(line: Selection, trips: Sequence[Trip]) -> Iterator[str]:
    operator = f", operator = {quoted_text(line.operator)}" if line.operator else ""
    yield "# An edit to begin with; docs/scenarios.md lists every kind."
    yield "[[edit]]"
    yield 'id = "often"'
    yield 'kind = "headway"'
    yield 'basis = "proposed" # stated, proposed, claimed, computed, recalled or assumed'
    yield f"line = {{ number = {quoted_text(line.number)}{operator}, expect_trips = {_departures(trips)} }}"
    yield "factor = 0.5 # half the headway, twice the departures; exact departures stay exact"
    yield '# every = "6 min" # instead of factor: a headway service, whose departures within the headway are unknown'
    yield "# Other edits of this line:"
    first, last = trips[0].stop_ids[0], trips[0].stop_ids[-1]
    ends = f"[{quoted_text(first)}, {quoted_text(last)}]"
    yield f'# [[edit]] id = "faster", kind = "run_time", line = ..., between = {ends}, factor = 0.9'
    yield '# [[edit]] id = "gone", kind = "withdraw", line = { ..., from = "19:00" }'
