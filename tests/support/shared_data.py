"""The shared real layers, for tests that need them and skip where they are absent."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEST_MIDLANDS = ROOT.parent / "shared" / "data" / "west_midlands"
PLACES = ROOT / "data" / "places"

needs_west_midlands = pytest.mark.skipif(
    not WEST_MIDLANDS.is_dir(), reason="the shared West Midlands layers (../shared/data/west_midlands) are not here"
)
NEWPORT = ROOT.parent / "shared" / "data" / "newport"
needs_newport = pytest.mark.skipif(
    not NEWPORT.is_dir(), reason="the shared timetable and streets of Newport (../shared/data/newport) are not here"
)
