"""The second hundred configurations of `test_agree.py`."""

from pathlib import Path

from tests.corridors.agree import require_agreement


def test_check_and_run_agree_on_any_configuration(tmp_path: Path) -> None:
    require_agreement(100, 101, tmp_path)
