"""Damages a good feed, table or file in one way: good bytes in, bad bytes out."""

import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.support.feeds import write_zip

_LOCAL, _CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
_LOCAL_FLAGS, _CENTRAL_FLAGS, _CENTRAL_SIZE, _CENTRAL_OFFSET = 6, 8, 24, 42


# ---- zips ----


def in_another_zip(path: Path) -> None:
    """The zip becomes the only member of a zip of its name."""
    inner = path.read_bytes()
    write_zip(path, {"gtfs.zip": inner})


def cut_short(path: Path, share: float = 0.5) -> None:
    """The first part of the file only."""
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])


def flipped(path: Path, place: float, bit: int = 0) -> None:
    """One bit turned over, `place` (0-1) of the way through the file."""
    content = bytearray(path.read_bytes())
    content[min(int(place * len(content)), len(content) - 1)] ^= 1 << bit
    path.write_bytes(content)


def encrypted(path: Path) -> None:
    """Every entry says that it is locked with a password."""
    _change_headers(path, _LOCAL_FLAGS, _CENTRAL_FLAGS, 0x1)


def overlapping(path: Path) -> None:
    """Every entry points at the content of the first: little on disk, much when unpacked."""
    content = bytearray(path.read_bytes())
    for place in _places(content, _CENTRAL):
        struct.pack_into("<I", content, place + _CENTRAL_OFFSET, 0)
    path.write_bytes(content)


def declared_size(path: Path, size: int) -> None:
    """Every entry says that it unpacks to `size` bytes."""
    content = bytearray(path.read_bytes())
    for place in _places(content, _CENTRAL):
        struct.pack_into("<I", content, place + _CENTRAL_SIZE, size)
    path.write_bytes(content)


def with_entries(path: Path, entries: Mapping[str, bytes | str]) -> None:
    """More entries at the end."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


def renamed(path: Path, new_name: Callable[[str], str]) -> None:
    """Every entry under another name."""
    with zipfile.ZipFile(path) as archive:
        content = {new_name(name): archive.read(name) for name in archive.namelist()}
    write_zip(path, content)


def with_symlink(path: Path, name: str, target: str) -> None:
    """The entry `name` becomes a symbolic link to `target`, as Unix zips store them."""
    with zipfile.ZipFile(path) as archive:
        content = {entry: archive.read(entry) for entry in archive.namelist() if entry != name}
    write_zip(path, content)
    link = zipfile.ZipInfo(name)
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with_entries_of(path, link, target)


def with_entries_of(path: Path, entry: zipfile.ZipInfo, content: str) -> None:
    """One more entry, described by hand."""
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, content)


def changed_tables(path: Path, change: Callable[[bytes], bytes], *tables: str) -> None:
    """The bytes of these tables (all without any named) as `change` makes them."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    write_zip(path, {name: change(raw) if name in (tables or content) else raw for name, raw in content.items()})


def without_table(path: Path, table: str) -> None:
    """The zip without one of its tables."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist() if name != table}
    write_zip(path, content)


def _change_headers(path: Path, local: int, central: int, bit: int) -> None:
    content = bytearray(path.read_bytes())
    for mark, field in ((_LOCAL, local), (_CENTRAL, central)):
        for place in _places(content, mark):
            content[place + field] |= bit
    path.write_bytes(content)


def _places(content: bytes | bytearray, mark: bytes) -> list[int]:
    places, start = [], 0
    while (start := content.find(mark, start)) >= 0:
        places.append(start)
        start += len(mark)
    return places


# ---- text ----


def mixed_line_ends(raw: bytes) -> bytes:
    """The line ends of Windows and Unix in turn."""
    lines = raw.split(b"\n")
    return b"".join(line + (b"\r\n" if place % 2 else b"\n") for place, line in enumerate(lines[:-1]))


def padded(raw: bytes) -> bytes:
    """Blanks round every value, the header's included."""
    lines = raw.decode().splitlines()
    return "".join(",".join(f" {cell} " for cell in line.split(",")) + "\n" for line in lines).encode()


def duplicate_header(raw: bytes) -> bytes:
    """The header twice, as files glued together have it."""
    header, _, rest = raw.partition(b"\n")
    return header + b"\n" + header + b"\n" + rest


def repeated_column(raw: bytes, column: str) -> bytes:
    """One column twice."""
    lines = raw.decode().splitlines()
    place = lines[0].split(",").index(column)
    return "".join(f"{line},{line.split(',')[place]}\n" for line in lines).encode()


def header_only(raw: bytes) -> bytes:
    """No rows."""
    return raw.partition(b"\n")[0] + b"\n"
