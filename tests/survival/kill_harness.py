"""Kills a run at random moments, starts it again, and compares every byte with an undisturbed run.

`python -m tests.survival.kill_harness CONFIG [--kills 100] [--seed 1] [--cold]`: every second run is killed over the results
of an earlier one, which must stay whole until new ones take their place; with `--cold`, nothing is kept when a run begins,
so that it is also killed while it compiles and builds. Prints a line for each kill and a summary.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = "run.json"
# All that may differ between two equal runs.
TIMES = ("started", "finished", "timings_s")


@dataclass(frozen=True)
class Kill:
    """One run killed and started again."""

    after_s: float  # since the process began; the run had ended by itself when `killed` is False
    killed: bool
    left: str  # what stood in the output folder: "nothing", "old results", "new results", "no manifest"
    same: bool  # whether the restarted run's files are those of the undisturbed one
    clean: bool  # whether nothing else is left in the folder
    rebuilt: tuple[str, ...]  # kept folders that the restart made again although they were finished


def harness(  # noqa: PLR0913  # each is an option of the script or of the test
    config: Path | None,
    kills: int,
    out: Path,
    cache: Path,
    *,
    seed: int = 1,
    cold: bool = False,
    program: str = "corridors",
) -> Iterator[Kill]:
    """Kill `kills` runs of a configuration (None: the bundled region) into `out`, each restarted and compared."""
    rng = random.Random(seed)
    command = [sys.executable, "-m", program, "run", *([str(config)] if config else []), "--out", str(out)]
    if not cold and not cache.exists():
        _undisturbed(command, out, cache)
    lasted_s, reference = _undisturbed(command, out, cache)
    for number in range(kills):
        over_old = number % 2 == 1
        if not over_old:
            shutil.rmtree(out)
        if cold:
            shutil.rmtree(cache)
        before, kept = digests(out), _kept(cache)
        after_s = rng.uniform(0.0, lasted_s)
        killed = _run_and_kill(command, cache, after_s)
        left = _left(out, before, reference, over_old)
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=_environment(cache))
        clean = not list(out.rglob(".*"))
        rebuilt = tuple(sorted(name for name, age in kept.items() if _kept(cache).get(name) != age))
        yield Kill(after_s, killed, left, digests(out) == reference, clean, rebuilt)


def digests(out: Path) -> dict[str, str]:
    """SHA-256 of each finished file of a run, the manifest's without its times."""
    return {
        str(path.relative_to(out)): hashlib.sha256(_content(path)).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(out).parts)
    }


def _content(path: Path) -> bytes:
    if path.name != MANIFEST:
        return path.read_bytes()
    manifest = json.loads(path.read_bytes())
    return json.dumps({key: value for key, value in manifest.items() if key not in TIMES}, sort_keys=True).encode()


def _environment(cache: Path) -> dict[str, str]:
    return {**os.environ, "CORRIDORS_CACHE": str(cache)}


def _undisturbed(command: list[str], out: Path, cache: Path) -> tuple[float, dict[str, str]]:
    """How long a run lasts that nobody disturbs, and its files."""
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=_environment(cache))
    return time.monotonic() - started, digests(out)


def _run_and_kill(command: list[str], cache: Path, after_s: float) -> bool:
    """Whether the run was still going when it was killed."""
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=_environment(cache)
    ) as process:
        try:
            process.wait(after_s)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            return True
    return False


def _left(out: Path, before: dict[str, str], reference: dict[str, str], over_old: bool) -> str:
    after = digests(out)
    if not after:
        return "nothing"
    if MANIFEST not in after:
        return "no manifest"
    # Old and new results are the same bytes; what tells them apart does not matter, that they are whole does.
    assert after in (before, reference), "the folder holds a manifest, and yet not all of one run"
    return "old results" if over_old else "new results"


def _kept(cache: Path) -> dict[str, float]:
    """Kept folders and when each was finished."""
    return {
        path.name: path.stat().st_mtime for path in cache.glob("*-*") if path.is_dir() and "kernels" not in path.name
    }


def main() -> None:
    """The command line of this script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path, nargs="?", help="a run's .toml; without one, the bundled region")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cold", action="store_true", help="keep nothing between runs")
    wanted = parser.parse_args()
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for one in harness(
            wanted.config, wanted.kills, home / "out", home / "cache", seed=wanted.seed, cold=wanted.cold
        ):
            rounds.append(one)
            print(
                f"{len(rounds):4d}  killed after {one.after_s:6.2f} s  left {one.left:12s}  same {one.same}  "
                f"clean {one.clean}  rebuilt {', '.join(one.rebuilt) or 'nothing'}",
                flush=True,
            )
    good = sum(one.same and one.clean and not one.rebuilt for one in rounds)
    print(
        f"{sum(one.killed for one in rounds)} of {len(rounds)} runs killed on their way; {good} restarts ended with the"
    )
    print("bytes of an undisturbed run, nothing left behind, no finished folder of the cache made again")
    sys.exit(good < len(rounds))


if __name__ == "__main__":
    main()
