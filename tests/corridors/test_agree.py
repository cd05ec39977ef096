"""Whatever `check` passes, `run` finishes with every output readable; whatever it refuses, it refuses in our words.

Sixty configurations made by a generator in every test run, for each costs seconds: `python -m tests.corridors.agree --count 300`
asks more of them.
"""

from pathlib import Path

from tests.corridors.agree import examine
from tests.support.agreement import RAN, REFUSED

COUNT = 60


def test_check_and_run_agree_on_any_configuration(tmp_path: Path) -> None:
    """The same ones every time."""
    counts, disagreements = examine(COUNT, 100, tmp_path)
    assert not disagreements, "\n".join(disagreements)
    assert counts.total() >= COUNT
    assert min(counts[REFUSED], counts[RAN]) > COUNT / 10, counts
