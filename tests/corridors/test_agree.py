"""Whatever `check` passes, `run` finishes with every output readable; whatever it refuses, it refuses in our words.

Three hundred configurations made by a generator in every test run: a hundred here, as many in each of the two files beside, so
that several workers share them. `python -m tests.corridors.agree --count 5000` asks more of them.
"""

from pathlib import Path

from tests.corridors.agree import require_agreement


def test_check_and_run_agree_on_any_configuration(tmp_path: Path) -> None:
    require_agreement(100, 100, tmp_path)
