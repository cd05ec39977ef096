"""Only our words reach the terminal: no library's warning with its source path, no log line, whatever the input."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from corridors.runtime.cache import cache_home
from tests.support.cli import corridors, corridors_process
from tests.support.small_region import SmallRegion, place, write_small_region

NAME = "東京 שלום Ⴀ"  # ideographs and old Georgian: whatever the machine has, hardly all three


@pytest.fixture
def region(tmp_path: Path) -> SmallRegion:
    region = write_small_region(tmp_path / "region")
    region.table("corridors.csv", [{**place(s, NAME), "id": "line", "order": i} for i, s in enumerate("BE")])
    return region


def test_a_run_with_letters_that_no_font_has_says_so_once(region: SmallRegion, tmp_path: Path) -> None:
    """Without a home folder, where matplotlib would keep its fonts, as well. Compiled kernels are where they were."""
    env = {
        "HOME": "/nonexistent",
        "MPLCONFIGDIR": "/nonexistent/matplotlib",
        "CORRIDORS_CACHE": str(cache_home()),
    }
    ran = corridors_process("run", region.config, "--out", tmp_path / "out", env=env)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    rows = (tmp_path / "out/tables/warnings.csv").read_text(encoding="utf-8").splitlines()
    assert sum(row.startswith("letters_not_drawn,1,") for row in rows) == 1


def test_a_library_that_warns_on_its_own_is_not_heard() -> None:
    """Each of the ways: a warning under a filter of its own, and a line of a log."""
    code = (
        "import logging, sys, warnings\n"
        "from corridors.runtime.quiet import own_words_only\n"
        "with own_words_only():\n"
        "    warnings.simplefilter('always')\n"
        "    warnings.warn('of a library')\n"
        "    logging.getLogger('library').warning('of a library')\n"
        "    sys.stderr.write('ours')\n"
    )
    assert _said(code) == "ours"
    assert "of a library" in _said(code, "-Wdefault")


def _said(code: str, *options: str) -> str:
    done = subprocess.run([sys.executable, *options, "-c", code], check=True, capture_output=True, text=True)
    return done.stderr


def test_european_names_are_drawn_without_a_word(tmp_path: Path) -> None:
    region = write_small_region(tmp_path / "region")
    region.table("centres.csv", [place(stop, f"Αθήνα Київ Łódź {stop}") for stop in "ACF"])
    ran = corridors("check", region.config)
    assert (ran.code, re.sub(r".*\n", "", ran.out.strip())) == (0, "0 error(s), 0 warning(s)")
