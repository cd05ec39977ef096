"""Opens a GTFS feed, a zip or a folder, and gives its tables as byte streams; nothing is unpacked to disk."""

import io
import itertools
import lzma
import os
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from accessibility.errors import FeedError, FeedFileNotFoundError
from accessibility.repairs import Repair

MAX_UNPACKED_BYTES = 8 * 2**30
MAX_RATIO = 200  # real feeds are compressed 5 to 30 to 1; a zip bomb 1,000 to 1
MAX_ENTRIES = 10_000
_SMALL_BYTES = 2**20  # too small to be a bomb, whatever its ratio
_MAX_DEPTH = 4  # levels of folders below the given one that are searched for tables
_SNIFFED_BYTES = 1024
_LOCAL_HEADER_BYTES = 30  # of a zip's entry, before its name
_ENCRYPTED_FLAG, _UTF8_FLAG = 0x1, 0x800
# Errors raised for files that are cut short, damaged, compressed in a way the standard library can't read, or locked.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, UnicodeDecodeError, EOFError, NotImplementedError, OSError,
)  # fmt: skip
# Compression methods that the standard library can't read, by their number in the zip (PKWARE's APPNOTE, 4.4.5).
_PACKED_BY = {1: "Shrink", 6: "Implode", 9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd"}


@dataclass(frozen=True)
class Archive:
    """One feed on disk: the zip member or file of each table, by lower-case table name such as `stops.txt`.

    A feed converted from another format has the bytes of its tables in `made` instead, and the conversion's repairs in
    `repairs`.
    """

    path: Path
    members: Mapping[str, str]
    made: Mapping[str, bytes] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()

    def has(self, table: str) -> bool:
        """Whether the feed has this table."""
        return table in self.members or table in self.made

    def open(self, table: str) -> IO[bytes]:
        """A binary stream of one table. Raises `FeedError` if the archive is damaged there or compressed unreadably."""
        if table in self.made:
            return io.BytesIO(self.made[table])
        try:
            if self.path.is_dir():
                return (self.path / self.members[table]).open("rb")
            archive = zipfile.ZipFile(self.path)
            self._check_packing(archive.getinfo(self.members[table]))
            return archive.open(self.members[table])
        except DAMAGE as error:
            raise damaged(self.path, error) from error

    def _check_packing(self, entry: zipfile.ZipInfo) -> None:
        if entry.compress_type in _PACKED_BY:
            raise FeedError(
                f"{self.path}: {entry.filename} is packed by the method {_PACKED_BY[entry.compress_type]}, which can't be "
                "read here; unpack the zip and pack it again by the usual method, Deflate"
            )

    def read(self, table: str) -> bytes:
        """All bytes of one table. Raises `FeedError` if the archive is damaged there or compressed unreadably."""
        try:
            with self.open(table) as stream:
                return stream.read()
        except DAMAGE as error:
            raise damaged(self.path, error) from error


def open_archive(path: Path) -> Archive:
    """The archive of the feed at `path`; its tables may be in a folder inside the zip or folder.

    Raises `FeedFileNotFoundError` if `path` does not exist, `FeedError` if it is not a feed or not safe to read.
    """
    if not path.exists():
        raise FeedFileNotFoundError(f"{path}: no such file or folder; expected a GTFS zip or a folder of GTFS tables")
    names = _folder_names(path) if path.is_dir() else [entry.filename for entry in zip_entries(path)]
    return Archive(path, _tables(path, names))


def damaged(path: Path, error: BaseException) -> FeedError:
    """The error for a feed that can't be read to its end."""
    if path.is_dir() or isinstance(error, PermissionError):
        return FeedError(f"{path}: can't be read ({error}); check the disk and your rights to the files")
    return FeedError(f"{path}: the zip is truncated or damaged ({error}); fetch the feed again")


def _folder_names(folder: Path) -> list[str]:
    names: list[str] = []
    for parent, subfolders, files in os.walk(folder):
        relative = Path(parent).relative_to(folder)
        if len(relative.parts) >= _MAX_DEPTH:
            subfolders.clear()
        names += [str(PurePosixPath(relative / name)) for name in files if (folder / relative / name).is_file()]
        if len(names) > MAX_ENTRIES:
            raise _too_many(folder, "more than")
    return names


def _too_many(path: Path, how_many: str) -> FeedError:
    return FeedError(
        f"{path}: holds {how_many} {MAX_ENTRIES:,} files; a GTFS feed has a few dozen: name its own folder"
    )


def zip_entries(path: Path) -> list[zipfile.ZipInfo]:
    """The entries of the files in a zip. Raises `FeedError` if `path` is not a zip or not safe to read."""
    if not path.is_file():
        raise FeedError(f"{path}: not a file and not a folder; expected a GTFS feed")
    try:
        with path.open("rb") as file:
            is_zip = file.read(2) == b"PK" or zipfile.is_zipfile(path)
        if not is_zip:
            raise FeedError(f"{path}: not a zip file and not a folder; expected a GTFS feed{_no_zip_hint(path)}")
        with zipfile.ZipFile(path) as archive:
            # Not `is_dir()`: it fails on an entry without a name.
            entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    except DAMAGE as error:
        raise damaged(path, error) from error
    _check_safe(path, entries)
    return entries


def _no_zip_hint(path: Path) -> str:
    """The end of an error message: what a file that is not a zip is instead, if it is empty or a web page."""
    with path.open("rb") as file:
        start = file.read(_SNIFFED_BYTES).lstrip().lower()
    if not start:
        return ". It is empty: fetch the feed again"
    if not start.startswith((b"<!doctype html", b"<html")):
        return ""
    return ". It is a web page, such as a login or an error message: open it in a browser, then fetch the feed again"


def _check_safe(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise FeedError(f"{path}: the zip is encrypted; unlock it and save it without a password")
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if unpacked > MAX_UNPACKED_BYTES:
        raise FeedError(
            f"{path}: unpacks to {unpacked / 2**30:.1f} GB; at most {MAX_UNPACKED_BYTES // 2**30} GB are read: name "
            "the feed of one region, or take out tables that are not read, such as shapes.txt"
        )
    if unpacked > _SMALL_BYTES and unpacked / packed > MAX_RATIO:
        raise FeedError(
            f"{path}: unpacks to {unpacked / packed:,.0f} times its size; at most {MAX_RATIO} times is trusted: fetch "
            "the feed again, from its publisher"
        )
    if len(entries) > MAX_ENTRIES:
        raise _too_many(path, f"{len(entries):,}, more than")
    _check_apart(path, entries)


def _check_apart(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    # Entries that share bytes let a small zip unpack to any size. Ordinary tools never write such zips.
    by_offset = sorted(entries, key=lambda entry: entry.header_offset)
    for entry, following in itertools.pairwise(by_offset):
        name = entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8_FLAG else "cp437", errors="replace")
        end = entry.header_offset + _LOCAL_HEADER_BYTES + len(name) + entry.compress_size
        if end > following.header_offset:
            raise FeedError(
                f"{path}: the entries {entry.filename} and {following.filename} overlap, as in no honest zip; fetch the "
                "feed again, from its publisher"
            )


def _tables(path: Path, names: Iterable[str]) -> dict[str, str]:
    """Table -> member, from the only folder that has a stops.txt; the least deep folder, if there are several."""
    files = sorted(name for name in names if not _is_clutter(name))
    folders = {_member_path(name).parent for name in files if _member_path(name).name.lower() == "stops.txt"}
    if not folders:
        raise FeedError(f"{path}: {_no_stops_message(files)}")
    depth = min(len(folder.parts) for folder in folders)
    shallow = sorted(folder for folder in folders if len(folder.parts) == depth)
    if len(shallow) > 1:
        raise FeedError(
            f"{path}: holds {len(shallow)} feeds ({', '.join(map(str, shallow))}); name each one separately"
        )
    members = [name for name in files if _member_path(name).parent == shallow[0]]
    tables = [_member_path(name).name.lower() for name in members]
    repeated = [
        name for name, table in zip(members, tables, strict=True) if tables.count(table) > 1 and table.endswith(".txt")
    ]
    if repeated:
        raise FeedError(f"{path}: a table stands in it more than once ({', '.join(repeated[:8])}); remove all but one")
    return dict(zip(tables, members, strict=True))


def _member_path(name: str) -> PurePosixPath:
    return PurePosixPath(name.replace("\\", "/"))  # zips made by some Windows tools


def _is_clutter(name: str) -> bool:
    """Whether an entry has no name, is hidden, was added by macOS, or has a path outside of the archive."""
    path = _member_path(name)
    return not path.name or path.is_absolute() or any(part == "__MACOSX" or part.startswith(".") for part in path.parts)


def _no_stops_message(files: list[str]) -> str:
    inner_zips = [name for name in files if name.lower().endswith(".zip")]
    if inner_zips:
        return f"holds another zip ({inner_zips[0]}) and no stops.txt; unpack the outer zip and name the inner one"
    first_files = ", ".join(files[:8]) or "nothing"
    return f"no stops.txt in it; expected the tables of a GTFS feed, found {first_files}"
