"""The demonstration region, built once and kept by content: deleting the cache is always safe."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

from corridors.bundled import bundled_data
from corridors.demo import build_demo_region
from corridors.errors import OutputError
from corridors.version import VERSION


def demo_config() -> Path:
    """Path of the demonstration region's configuration, building the region if it is not cached yet."""
    home = Path(os.environ.get("CORRIDORS_CACHE") or user_cache_path("corridors"))
    kept = home / f"demo-{_key()}"
    if (kept / "config.toml").is_file():
        return kept / "config.toml"
    try:
        home.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix="demo-building-", dir=home))
    except OSError as error:
        raise OutputError(
            f"{home} can't be written: {error.strerror}; name another folder in CORRIDORS_CACHE"
        ) from error
    try:
        build_demo_region(building)
        building.replace(kept)
    except OSError as error:
        if not (kept / "config.toml").is_file():  # else another run was faster, and its region is the same
            raise OutputError(f"{kept} can't be written: {error}; name another folder in CORRIDORS_CACHE") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return kept / "config.toml"


def _key() -> str:
    """Digest of everything the region is made from: authored files, the generator's code, the version."""
    digest = hashlib.sha256(VERSION.encode())
    data = bundled_data()
    code = sorted(Path(__file__).parent.glob("demo*.py"))
    for file in [*sorted((data / "demo").iterdir()), *sorted((data / "places").iterdir()), *code]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
