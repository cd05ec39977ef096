"""The demonstration region, built once and kept in the cache."""

from pathlib import Path

from corridors.bundled import bundled_data
from corridors.runtime.cache import cached_folder, digest_of_files
from corridors.version import VERSION


def demo_config() -> Path:
    """Path of the demonstration region's configuration; the region is built where the cache does not hold it."""
    return cached_folder("demo", _key(), _build) / "config.toml"


def _build(folder: Path) -> None:
    from corridors.demo.build import build_demo_region  # takes a second to import, and is seldom needed

    build_demo_region(folder)


def _key() -> str:
    """Digest of all that the region is made from: text files, the code of this folder and of the configuration, the version."""
    data = bundled_data()
    own = Path(__file__).parent
    code = (file for folder in (own, own.parent / "config") for file in sorted(folder.glob("*.py")))
    texts = (file for name in ("demo", "places", "scenarios") for file in sorted((data / name).iterdir()))
    return digest_of_files([*texts, *code], VERSION)
