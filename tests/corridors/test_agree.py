"""Whatever `check` passes, `run` finishes with every output readable; whatever it refuses, it refuses in our words.

300 configurations made by a generator; `python -m tests.corridors.agree --count 5000` asks more of them.
"""

from pathlib import Path

import pytest

from tests.corridors.agree import examine
from tests.support.agreement import RAN, REFUSED

PARTS, EACH = 6, 50


@pytest.mark.parametrize("part", range(PARTS))
def test_check_and_run_agree_on_any_configuration(part: int, tmp_path: Path) -> None:
    """In parts that can run side by side, the same ones every time."""
    counts, disagreements = examine(EACH, 100 + part, tmp_path)
    assert not disagreements, "\n".join(disagreements)
    assert counts.total() >= EACH
    assert min(counts[REFUSED], counts[RAN]) > EACH / 10, counts
