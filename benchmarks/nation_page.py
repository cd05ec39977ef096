"""`python -m benchmarks.nation_page FIGURES.json...`: the figures of `benchmarks.nation` as a table and growth plots."""

import itertools
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from accessibility.scale.plan import BLOCK
from benchmarks.made_nation import LSOAS, OUTPUT_AREAS, STOP_TIMES
from benchmarks.shared import PROJECT

_RESULTS = PROJECT / "benchmarks" / "results"
_STEPS = ("read", "lay_out", "prepare", "join", "share")
_HEADINGS = (
    "stop times, million",
    "of the day, million",
    "connections of the span, million",
    "transfers, million",
    "read, CPU s",
    "lay out, CPU s",
    "prepare, CPU s",
    "most held, MB",
    "origins x destinations",
    "workers",
    "answer, CPU s",
    "CPU s a destination",
    "a worker's own memory, MB",
    "shards, MB",
)
Found = dict[str, Any]


def page(found: Sequence[Found]) -> str:
    """The table in Markdown."""
    rows = ["| " + " | ".join(_HEADINGS) + " |", "|" + "---|" * len(_HEADINGS)]
    rows += ["| " + " | ".join(_cells(one)) + " |" for one in found]
    return "\n".join(rows) + "\n"


def _cells(one: Found) -> Iterable[str]:
    yield f"{one['share'] * STOP_TIMES / 1e6:.1f}"
    yield f"{one['calls_of_day'] / 1e6:.1f}"
    yield f"{one['connections'] / 1e6:.2f}"
    yield f"{one['transfers'] / 1e6:.0f}"
    yield from (f"{one[f'{step}_cpu_s']:,.0f}" for step in ("read", "lay_out", "prepare"))
    yield f"{one['share_peak_mb']:,}"
    yield f"{one['origins']:,} x {one['n_destinations']:,}"
    yield str(one["workers"] or "threads")
    yield f"{one['block_cpu_s']:,.0f}"
    yield f"{one['block_cpu_s'] / one['n_destinations']:.3f}"
    yield f"{one['most_private_mb']:,.0f}"
    yield f"{one['shards_mb']:,.1f}"


def draw(found: Sequence[Found], file: Path) -> None:
    """Processor seconds against stop times, destinations and workers; a dashed line is in proportion to the last point."""
    by_size = {one["share"]: one for one in found if not one["workers"]}
    sizes = [by_size[share] for share in sorted(by_size)]
    some = max({one["share"] for one in found}, key=lambda share: sum(one["share"] == share for one in found))
    of_some = [one for one in found if one["share"] == some]
    with mpl.rc_context({"svg.hashsalt": "nation"}):
        figure = Figure(figsize=(9, 6.4), layout="constrained")
        read, search, destinations, workers = figure.subplots(2, 2).flat
        prepared = [sum(one[f"{step}_cpu_s"] for step in _STEPS) for one in sizes]
        calls = [one["share"] * STOP_TIMES / 1e6 for one in sizes]
        _plot(read, calls, prepared, "million stop times: read and prepare")
        _plot(
            search,
            calls,
            [one["block_cpu_s"] / one["n_destinations"] for one in sizes],
            "million stop times: a destination",
        )
        spent = list(itertools.accumulate(sizes[-1].get("blocks_cpu_s", [])))
        counts = [min(BLOCK * (block + 1), sizes[-1]["n_destinations"]) for block in range(len(spent))]
        _plot(destinations, counts, spent, "destinations of the largest size, block by block")
        by_workers = sorted((one["workers"], one["block_cpu_s"]) for one in of_some if one["workers"])
        _plot(workers, [n for n, _ in by_workers], [s for _, s in by_workers], "workers", proportional=False)
        figure.savefig(file, metadata={"Date": None})


def _plot(axes: Axes, x: Sequence[float], y: Sequence[float], label: str, *, proportional: bool = True) -> None:
    if proportional and x:
        axes.plot([0, x[-1]], [0, y[-1]], color="0.75", linestyle="--", linewidth=1)
    axes.plot(x, y, marker="o", color="#1f5a94")
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set(xlabel=label, ylabel="processor seconds", xlim=(0, None), ylim=(0, 1.05 * max(y)))
    axes.spines[["top", "right"]].set_visible(False)


def main() -> None:
    """Write the plots, and print the table with what all output areas would cost."""
    found = [one for file in sys.argv[1:] for one in json.loads(Path(file).read_text(encoding="utf-8"))]
    draw(found, _RESULTS / "nation.svg")
    print(page(found))
    whole = [one for one in found if one["share"] == 1.0]
    if whole:
        each_s = whole[-1]["block_cpu_s"] / whole[-1]["n_destinations"]
        hours = each_s * OUTPUT_AREAS / 3600
        print(
            f"{OUTPUT_AREAS:,} destinations at {each_s:.3f} s each from {LSOAS:,} origins: {hours:,.0f} processor hours"
        )


if __name__ == "__main__":
    main()
