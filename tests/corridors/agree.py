"""`python -m tests.corridors.agree --count 5000`: configurations by the thousand, each refused by `check` or run to its end.

Prints how many were refused and how many ran, and every kind of disagreement with one configuration that shows it.
"""

import argparse
import gc
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.support.agreement import RAN, REFUSED, DisagreementError, outcome
from tests.support.configurations import Configuration, configurations
from tests.support.tiny_regions import PLACES, TinyRegion, write_tiny_region

WHOLE_EVERY = 50  # one configuration in so many has its pictures drawn too, and is run also where it is refused


def write_bases(folder: Path) -> dict[str, TinyRegion]:
    """The base of every working CRS."""
    return {crs: write_tiny_region(folder / crs.replace(":", "_"), crs, place) for crs, place in PLACES.items()}


def main(argv: list[str]) -> int:
    """Run the command; 1 where anything disagrees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder to keep configurations that disagree in")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        counts, disagreements = examine(asked.count, asked.seed, Path(folder), asked.keep)
    print(", ".join(f"{word} {count:,}" for word, count in sorted(counts.items())))
    for words, where in disagreements.items():
        print(f"\n{where}\n{words}")
    return 1 if disagreements else 0


def examine(count: int, number: int, folder: Path, keep: Path | None = None) -> tuple[Counter[str], dict[str, str]]:
    """(configurations by outcome, one message and place for each kind of disagreement)."""
    bases, counts, found = write_bases(folder / "bases"), Counter[str](), dict[str, str]()
    kinds: set[str] = set()

    @seed(number)
    @settings(
        max_examples=count, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(configurations(bases))
    def each(drawn: Configuration) -> None:
        place = counts.total()
        with scratch(folder / f"c{place}") as here:
            config = drawn.write(here / "region", bases)
            try:
                counts[outcome(config, here / "out", whole=place % WHOLE_EVERY == 0)] += 1
            except DisagreementError as error:
                counts["disagree"] += 1
                kind = re.sub(r"[\d.]+|'[^']*'", "#", str(error)[-250:])
                if kind not in kinds:
                    kinds.add(kind)
                    found[str(error)[-2500:]] = _kept(here, keep, place)
                    print(found[str(error)[-2500:]], str(error)[-2500:], file=sys.stderr, flush=True)
        if counts.total() % 20 == 0:
            gc.collect()
            print(dict(counts), file=sys.stderr, flush=True)

    with _rare_collections():
        each()
    return counts, found


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Garbage is collected every twenty configurations: to look through what stays for good at every run takes a tenth of it."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def require_agreement(count: int, number: int, folder: Path) -> None:
    """A test of `count` configurations drawn from the seed `number`, the same ones every time."""
    counts, disagreements = examine(count, number, folder)
    assert not disagreements, "\n".join(disagreements)
    assert counts.total() >= count
    assert min(counts[REFUSED], counts[RAN]) > count / 10, counts


def _kept(here: Path, keep: Path | None, place: int) -> str:
    if keep is None:
        return f"configuration {place}"
    return str(shutil.copytree(here / "region", keep / f"c{place}", dirs_exist_ok=True))


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder that goes when the block ends."""
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
