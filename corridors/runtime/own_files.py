"""Files that may be replaced: those that a run's manifest lists, and pages that carry their own digest.

Any other file in a folder belongs to the user, and so does one that was changed after a run wrote it.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corridors.errors import OutputError

MANIFEST = "run.json"
SCENARIO_MANIFEST = "scenario.json"
FILES, SEAL = "files", "seal"
_MOMENTS = ("started", "finished", "timings_s")  # differ between equal runs, and so stay out of the seal
_SEAL_LINE = "<!-- SHA-256 of everything above this line: "
_SEAL_END = " -->\n"
_CHUNK_BYTES = 1 << 20
_NAMED = 5  # names in a message; the others are counted

Digests = Mapping[str, str]  # path relative to a folder, with "/" -> SHA-256 as hex


def sha256_of(file: Path) -> str:
    """Hex digest of a file's bytes."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_CHUNK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def digests_in(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Path -> digest of the files and folders named `names` in `folder`, folders with all files below them."""
    return {path: sha256_of(folder / path) for path in sorted(_below(folder, names))}


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with a digest of its content, which leaves out times of the clock."""
    return {**content, SEAL: _seal_of(content)}


def listed_files(folder: Path, manifest: str = MANIFEST) -> Digests:
    """Path -> digest of the files that the manifest in `folder` lists, and of itself; empty if it is damaged or changed."""
    try:
        raw = (folder / manifest).read_bytes()
        content = json.loads(raw)
        if content[SEAL] != _seal_of(content):
            return {}
        return {**{str(path): str(digest) for path, digest in content[FILES].items()}, manifest: _digest(raw)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def require_ours(folder: Path, names: Iterable[str], ours: Sequence[Digests]) -> None:
    """Raise `OutputError` for files named or below `names` in `folder` that are not in `ours`, or were changed."""
    foreign = sorted(path for path in _below(folder, names) if not _is_ours(folder, path, ours))
    if foreign:
        raise OutputError(
            f"{folder} holds {len(foreign)} file(s) where results would go, and this tool replaces only what an earlier "
            f"run wrote there: {_some(foreign)}{_why(foreign, ours)}. Move them away, or choose another folder with --out"
        )


def _why(foreign: Sequence[str], ours: Sequence[Digests]) -> str:
    if manifests := [name for name in (MANIFEST, SCENARIO_MANIFEST) if name in foreign]:
        return (
            f"; {manifests[0]} was changed, or is no whole manifest of this version, so it can't say what a run wrote"
        )
    changed = [path for path in foreign if any(path in digests for digests in ours)]
    return f"; changed since the run wrote them: {_some(changed)} (QGIS can do so on opening a file)" if changed else ""


def require_no_input(targets: Iterable[Path], inputs: Iterable[Path], option: str = "--out") -> None:
    """Raise `OutputError` where writing to one of `targets` (files or folders) would replace one of `inputs`."""
    identities = {target: _identity(target.resolve()) for target in targets}
    for path in inputs:
        source = path.resolve()
        own = set().union(*map(_identity, (source, *source.parents)))
        for target, identity in identities.items():
            if own & identity:
                raise OutputError(f"{option}: {target} would replace the input {path}; choose another name")


def with_seal(text: str) -> str:
    """The page (HTML, XML or text) followed by its digest, by which `is_sealed` knows it as written here and unchanged."""
    text = text if text.endswith("\n") else text + "\n"
    return f"{text}{_SEAL_LINE}{_digest(text.encode())}{_SEAL_END}"


def is_sealed(file: Path) -> bool:
    """Whether the file ends with the digest of everything above that line."""
    try:
        text, _, end = file.read_bytes().rpartition(_SEAL_LINE.encode())
    except OSError:
        return False
    return bool(text) and end == f"{_digest(text)}{_SEAL_END}".encode()


def _is_ours(folder: Path, path: str, ours: Sequence[Digests]) -> bool:
    file = folder / path
    if file.is_symlink() or not file.is_file():
        return False
    known = {digests[path] for digests in ours if path in digests}
    return sha256_of(file) in known if known else is_sealed(file)


def _below(folder: Path, names: Iterable[str]) -> Iterator[str]:
    """Paths of the files and links named or below `names`; links are not followed."""
    for name in names:
        top = folder / name
        if top.is_dir() and not top.is_symlink():
            for home, folders, files in os.walk(top):
                linked = [inner for inner in folders if (Path(home) / inner).is_symlink()]
                yield from ((Path(home) / inner).relative_to(folder).as_posix() for inner in (*files, *linked))
        elif top.exists() or top.is_symlink():
            yield name


def _identity(path: Path) -> set[object]:
    """The identity of a file or folder: its path, and its number on its disk if it exists."""
    try:
        status = path.stat()
    except OSError:
        return {path}
    return {path, (status.st_dev, status.st_ino)}


def _some(paths: Sequence[str]) -> str:
    more = len(paths) - _NAMED
    return ", ".join(paths[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _seal_of(content: Mapping[str, Any]) -> str:
    unsealed = {key: value for key, value in content.items() if key not in (*_MOMENTS, SEAL)}
    return _digest(json.dumps(unsealed, sort_keys=True, ensure_ascii=False).encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
