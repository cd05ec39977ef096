"""The demonstration region's lines: bus, rail and tram lines with their stops and the seconds between them."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Transformer

from layers import BRITISH_NATIONAL_GRID, WGS84

Mode = Literal["bus", "metro", "rail"]
MetroStage = Literal["S1", "S2", "S3"]

PERIODS = ("early", "am_peak", "day", "pm_peak", "evening")
_STAGES: tuple[MetroStage, ...] = ("S1", "S2", "S3")
_TO_METRES = Transformer.from_crs(WGS84, BRITISH_NATIONAL_GRID, always_xy=True)


class DemoStop(NamedTuple):
    """One stop; WGS84 degrees."""

    stop_id: str
    name: str
    lat: float
    lon: float


class DemoLine(NamedTuple):
    """One line in its outward direction; on the way back it calls at the same stops in reverse order."""

    line_id: str
    short_name: str
    long_name: str
    mode: Mode
    stops: tuple[DemoStop, ...]
    hop_s: dict[str, npt.NDArray[np.int64]]  # period -> (n_stops - 1,) seconds from stop to stop
    headway_min: dict[str, int]  # period -> minutes between departures; without the periods in which nothing runs
    offset_min: int  # minutes from the start of service to the first departure


def demo_lines(data: Path, metro_stage: MetroStage | None = None) -> list[DemoLine]:
    """All lines of the demonstration region, from the text files in `data` (see data/README.md).

    `metro_stage` adds Metro Line 2 as far as that stage; without it Line 2 does not run, as today.
    """
    return [*_bus_lines(data / "demo"), *_rail_lines(data), *_metro_lines(data, metro_stage)]


def text_id(name: str) -> str:
    """An id made from a name: lower-case letters, digits and underscores ("Sandwell & Dudley": `sandwell_and_dudley`)."""
    plain = name.lower().replace("'", "").replace("&", "and")
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def metres_between(stops: Iterable[DemoStop]) -> npt.NDArray[np.float64]:
    """Straight-line metres from each stop to the next, (n_stops - 1,)."""
    lon_lat = np.array([(stop.lon, stop.lat) for stop in stops])
    x, y = _TO_METRES.transform(lon_lat[:, 0], lon_lat[:, 1])
    metres: npt.NDArray[np.float64] = np.hypot(np.diff(x), np.diff(y))
    return metres


def _bus_lines(demo: Path) -> Iterator[DemoLine]:
    towns = {
        row["name"]: DemoStop(f"bus_{text_id(row['name'])}", row["name"], row["lat"], row["lon"])
        for _, row in pd.read_csv(demo / "towns.csv").iterrows()
    }
    speeds = pd.read_csv(demo / "speeds.csv").set_index("speed_class")
    for _, row in pd.read_csv(demo / "bus_lines.csv").iterrows():
        speed = speeds.loc[row["speed_class"]]
        calls = [towns[name] for name in row["places"].split(" > ")]
        stops = _stops_along(calls, spacing_m=float(speed["stop_spacing_m"]))
        hop_m = metres_between(stops)
        yield DemoLine(
            line_id=row["id"],
            short_name=str(row["short_name"]),
            long_name=f"{calls[0].name} - {calls[-1].name}",
            mode="bus",
            stops=stops,
            hop_s={period: np.rint(hop_m / speed[f"{period}_kmh"] * 3.6).astype(np.int64) for period in PERIODS},
            headway_min=_headways(row),
            offset_min=row["offset_min"],
        )


def _stops_along(calls: list[DemoStop], spacing_m: float) -> tuple[DemoStop, ...]:
    """The calls, with stops about every `spacing_m` metres on the straight lines between them (0: none between)."""
    stops = [calls[0]]
    for start, end in pairwise(calls):
        stops += [*(_stops_between(start, end, spacing_m) if spacing_m > 0 else ()), end]
    return tuple(stops)


def _stops_between(start: DemoStop, end: DemoStop, spacing_m: float) -> list[DemoStop]:
    """Evenly spaced stops between two towns, the same ones for every line and in either direction."""
    first, last = sorted((start, end), key=lambda stop: stop.name)
    steps = max(1, round(float(metres_between((first, last))[0]) / spacing_m))
    stops = [
        DemoStop(
            stop_id=f"{first.stop_id}_{text_id(last.name)}_{step}",
            name=f"{first.name} towards {last.name} {step}",
            lat=round(first.lat + (last.lat - first.lat) * step / steps, 6),
            lon=round(first.lon + (last.lon - first.lon) * step / steps, 6),
        )
        for step in range(1, steps)
    ]
    return stops if first == start else stops[::-1]


def _rail_lines(data: Path) -> Iterator[DemoLine]:
    tables = [pd.read_csv(path) for path in (data / "places" / "stations.csv", data / "demo" / "more_stations.csv")]
    stations = {
        row["name"]: DemoStop(f"rail_{row['id']}", f"{row['name']} station", row["lat"], row["lon"])
        for _, row in pd.concat(tables).iterrows()
    }
    for _, row in pd.read_csv(data / "demo" / "rail_services.csv").iterrows():
        calls = [call.rsplit(" ", 1) for call in row["calls"].split(" > ")]
        hop_s = np.diff([60 * int(minutes) for _, minutes in calls])
        yield DemoLine(
            line_id=row["id"],
            short_name=row["id"].upper(),
            long_name=row["name"],
            mode="rail",
            stops=tuple(stations[name] for name, _ in calls),
            hop_s=dict.fromkeys(PERIODS, hop_s),
            headway_min=_headways(row),
            offset_min=row["offset_min"],
        )


def _metro_lines(data: Path, metro_stage: MetroStage | None) -> Iterator[DemoLine]:
    stops = pd.read_csv(data / "places" / "metro_stops.csv").sort_values(["line", "order"])
    services = pd.read_csv(data / "demo" / "metro_services.csv", keep_default_na=False)
    for _, row in services[services["stage"].isin(["open", metro_stage])].iterrows():
        built = ["open", *_STAGES[: _STAGES.index(row["stage"]) + 1]] if row["stage"] in _STAGES else ["open"]
        skipped = row["not_calling_at"].split(" > ")
        calls = stops[(stops["line"] == row["line"]) & stops["stage"].isin(built) & ~stops["name"].isin(skipped)]
        tram_stops = tuple(
            DemoStop(f"metro_{text_id(call['name'])}", f"{call['name']} tram stop", call["lat"], call["lon"])
            for _, call in calls.iterrows()
        )
        since_start_s = np.cumsum([0.0, *metres_between(tram_stops)])
        since_start_s *= 60 * int(row["minutes_end_to_end"]) / since_start_s[-1]
        yield DemoLine(
            line_id=row["id"],
            short_name=f"Metro {row['line']}",
            long_name=row["name"],
            mode="metro",
            stops=tram_stops,
            hop_s=dict.fromkeys(PERIODS, np.diff(np.rint(since_start_s)).astype(np.int64)),
            headway_min=_headways(row),
            offset_min=row["offset_min"],
        )


def _headways(row: "pd.Series[str]") -> dict[str, int]:
    minutes = {period: row[f"{period}_min"] for period in PERIODS}
    return {period: int(value) for period, value in minutes.items() if not pd.isna(value)}
