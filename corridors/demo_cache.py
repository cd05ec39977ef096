"""The demonstration region, built once and kept."""

from inspect import getfile
from pathlib import Path

from corridors import demo, demo_lines, demo_people, demo_timetable, demo_zones
from corridors.bundled import bundled_data
from corridors.cache import digest_of_files, kept
from corridors.demo import build_demo_region
from corridors.version import VERSION


def demo_config() -> Path:
    """Path of the demonstration region's configuration, building the region if it is not kept yet."""
    return kept("demo", _key(), build_demo_region) / "config.toml"


def _key() -> str:
    """Digest of everything the region is made from: authored files, the generator's code, the version."""
    data = bundled_data()
    code = [Path(getfile(module)) for module in (demo, demo_lines, demo_people, demo_timetable, demo_zones)]
    return digest_of_files([*sorted((data / "demo").iterdir()), *sorted((data / "places").iterdir()), *code], VERSION)
