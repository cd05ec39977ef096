"""`python -m benchmarks [--peers PYTHON ...]`: the performance tables, ours and the peers' times in one run.

Every case and every peer runs in a process of its own, one after the other. Peers are never dependencies: install each in
an environment of its own (`pip install cafein`, `ferrobus pandas`, `iduedu[pbf]`) and name their interpreters.
Writes `results.md`, `results.json` and `growth.svg` into the folder of `--to`.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.growth import draw, growths
from benchmarks.shared import PROJECT, SHARED
from benchmarks.table import ROWS, Answer, Row, floor_table, ours_table, peers_table

_PEERS = Path(__file__).parent / "peers"
_RESULTS = Path(__file__).parent / "results"
_LONGEST_S = 1800


def measure(case: str) -> Answer:
    """Our own answer to a case."""
    return _json_of([sys.executable, "-m", "benchmarks.cases", case])


def measure_peers(row: Row, interpreters: Sequence[str]) -> list[Answer]:
    """The answers of the peers of a case that are installed for one of the interpreters."""
    answers = []
    for peer in row.peers:
        python = next((one for one in interpreters if _has(one, peer)), None)
        if python:
            answers.append(_json_of([python, str(_PEERS / f"{peer}_peer.py"), row.case, str(SHARED)], peer))
    return answers


def _has(python: str, package: str) -> bool:
    return subprocess.run([python, "-c", f"import {package}"], capture_output=True, check=False).returncode == 0


def _json_of(command: list[str], name: str = "") -> Answer:
    try:
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=_LONGEST_S, check=True)
    except subprocess.TimeoutExpired:
        return {"peer": name, "error": f"more than {_LONGEST_S / 60:.0f} min"}
    except subprocess.CalledProcessError as failed:
        if not name:
            raise RuntimeError(failed.stderr) from failed
        return {"peer": name, "error": "failed"}
    answer: Answer = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def _machine() -> str:
    """What the figures were taken on, in words."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    version = platform.python_version()
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {version}, load before the run {load}"


def _report(machine: str, answers: Mapping[str, Answer], peers: Mapping[str, Sequence[Answer]]) -> str:
    tables = [ours_table(answers), peers_table(answers, peers), floor_table(answers)]
    return "\n\n".join([f"Measured on {machine}.", *tables]) + "\n"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", nargs="*", default=[], metavar="PYTHON", help="interpreters that have peers")
    parser.add_argument("--only", nargs="*", choices=[row.case for row in ROWS], help="these cases only")
    parser.add_argument("--no-growth", action="store_true", help="leave the plots of growth as they are")
    parser.add_argument("--to", type=Path, default=_RESULTS)
    given = parser.parse_args()
    machine, answers, peers = _machine(), {}, {}
    for row in ROWS:
        if not given.only or row.case in given.only:
            print(f"{row.title} ...", file=sys.stderr, flush=True)
            answers[row.case], peers[row.case] = measure(row.case), measure_peers(row, given.peers)
    report = _report(machine, answers, peers)
    print(report)
    given.to.mkdir(parents=True, exist_ok=True)
    (given.to / "results.md").write_text(report, encoding="utf-8")
    (given.to / "results.json").write_text(
        json.dumps({"ours": answers, "peers": peers}, indent=1) + "\n", encoding="utf-8"
    )
    if not given.no_growth:
        draw(list(growths()), given.to / "growth.svg")


if __name__ == "__main__":
    main()
