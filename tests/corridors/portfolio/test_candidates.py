"""Generated candidates: a few are judged at once, and how many makes no difference."""

from pathlib import Path

import pytest

from corridors.portfolio import candidates
from corridors.portfolio.candidates import choice_of
from corridors.portfolio.files.read import read_portfolio
from corridors.scenarios.worlds import Base
from tests.corridors.portfolio.conftest import PEOPLE, REQUIRES, write_portfolio


def test_proposals_judged_one_by_one_are_those_judged_together(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_portfolio(
        tmp_path, PEOPLE + REQUIRES + 'generate = ["halve_headways", "missing_links"]\nmost_generated = 3\n'
    )
    together = choice_of(read_portfolio(path), base)
    monkeypatch.setattr(candidates, "_ALONE_TOGETHER", 1)
    one_by_one = choice_of(read_portfolio(path), base)
    assert [one for one in together.candidates if one.way]
    assert together.candidates == one_by_one.candidates
    assert together.dropped == one_by_one.dropped
