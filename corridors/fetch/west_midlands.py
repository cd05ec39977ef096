"""The bundled West Midlands configuration, written into the folder that `corridors fetch west_midlands` fills."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from corridors.bundled import bundled_data
from corridors.config.run_config import load_config
from corridors.config.schema import CONFIG_SCHEMA, FIRST_LINE, config_schema, schema_text
from corridors.errors import InputMissingError, OutputError
from corridors.fetch.job import DATED_BUS, LIVE_BUS, RAIL
from corridors.fetch.lockfile import Entry, put_own_files, read_lock
from corridors.fetch.registry import Source, data_folder, read_sources_registry
from corridors.inputs.files import named_files
from corridors.runtime.printing import complain
from layers import check_path

NAME = "west_midlands"
CONFIG_FILE = "config.toml"
_NOTE = "by LSOA of 2021"  # the end of the region's note in the bundled configuration
_BUS = (LIVE_BUS, DATED_BUS)
_PLACES = ("centres.csv", "corridors.csv", "corridors_facts.csv", "pilots.csv", "sites.csv")


def bundled_config() -> Path:
    """Path of the bundled configuration, which does not know yet which timetable was fetched."""
    return bundled_data() / NAME / CONFIG_FILE


def districts() -> tuple[str, ...]:
    """GSS codes of the region's districts."""
    return tuple(load_config(bundled_config()).region.districts)


def named_config(config: Path) -> Path:
    """The path of a configuration: the file named, else for `west_midlands` the one in the folder of fetched files."""
    check_path(config)
    return fetched_config(data_folder()) if str(config) == NAME and not config.exists() else config


def lay_out(folder: Path) -> Path:
    """Write the configuration and the places into `folder` for the files that are there; returns the configuration's path.

    The timetable is the one fetched last, with its day, and the rail timetable where the user has put one there. Files that
    this tool did not write, or that were changed since, stay as they are, and the error stream says so.
    Raises `OutputError` where the folder can't be written.
    """
    entries = read_lock(folder)
    text = _with_retrieval_days(bundled_config().read_text(encoding="utf-8"), entries)
    values = _timetable(folder, entries)
    texts = {name: (bundled_data() / "places" / name).read_text(encoding="utf-8") for name in _PLACES}
    text, absent = _without_absent(_with_timetable(text, values) if values else text, folder)
    noted = text.replace(_NOTE, f"{_NOTE}; without {'; '.join(absent)} (not fetched)") if absent else text
    texts |= {CONFIG_FILE: FIRST_LINE + noted, CONFIG_SCHEMA: schema_text(config_schema())}
    try:
        say_kept(folder, put_own_files(folder, texts))
    except OSError as error:
        raise OutputError(f"{folder} can't be written: {error.strerror}; name another in CORRIDORS_DATA") from error
    return folder / CONFIG_FILE


def say_kept(folder: Path, names: Sequence[str]) -> None:
    """Print which files stay as the user has them, and how to get the bundled ones."""
    if names:
        complain(
            f"corridors: kept as they are, because they were changed or placed by hand: {', '.join(names)} in {folder}. "
            "Move them away to get the bundled ones"
        )


def fetched_config(folder: Path) -> Path:
    """Path of the configuration in `folder`. Raises `InputMissingError` that names the sources still to be fetched."""
    fetch_first = f"run `corridors fetch {NAME}` first, or put the files there by hand"
    if not folder.is_dir():
        raise InputMissingError(f"nothing has been fetched for {NAME} yet ({folder} is not there): {fetch_first}")
    path = lay_out(folder)
    missing = {file.name for _, file in named_files(load_config(path)) if not file.exists()}
    if missing:
        file_lines = [f"  {file} ({_source_of(file)})" for file in sorted(missing)]
        lines = [f"{len(missing)} file(s) of {NAME} are not in {folder}: {fetch_first}", *file_lines]
        raise InputMissingError("\n".join(lines))
    return path


def _source_of(file: str) -> str:
    return next((source.id for source in read_sources_registry() if source.file == file), "written by fetch")


def _with_retrieval_days(text: str, entries: Mapping[str, Entry]) -> str:
    """The configuration's text with days of retrieval in place of "as fetched" and "when fetched" in vintages."""
    days = {entry.file: entry.retrieved_at[:10] for entry in entries.values()}
    sections = text.split("\n[")
    for number, section in enumerate(sections):
        named = re.search(r'^file = "(.+)"$', section, re.MULTILINE)
        if named and named[1] in days:
            day = days[named[1]]
            sections[number] = section.replace("as fetched", f"retrieved {day}").replace("when fetched", f"on {day}")
    return "\n[".join(sections)


def _without_absent(text: str, folder: Path) -> tuple[str, list[str]]:
    """The configuration's text without what names files that are not there and not needed; and the titles of those files."""
    absent = [source for source in read_sources_registry() if not (source.needed or (folder / source.file).exists())]
    files = [source.file for source in absent if f'"{source.file}"' in text]
    sections = text.split("\n[")
    gone = [section for section in sections if any(_is_of(section, file) for file in files)]
    fields = [field for section in gone for field in re.findall(r"^fields\.(\w+)", section, re.MULTILINE)]
    # Editions of scores are made of the fields of a layer.
    gone += [section for section in sections if any(f'"{field}"' in section for field in fields)]
    kept = "\n[".join(section for section in sections if section not in gone)
    for file in files:
        kept = re.sub(rf'^\w+ = {{ file = "{re.escape(file)}".*\n', "", kept, flags=re.MULTILINE)
        kept = re.sub(rf'"{re.escape(file)}"(, )?', "", kept)
    return kept.replace(", ]", "]"), [source.title for source in absent if source.file in files]


def _is_of(section: str, file: str) -> bool:
    """Whether a section of a configuration is that of a file, or of a layer that is looked up in it."""
    named = re.escape(file)
    return bool(re.search(rf'^(file = "{named}"|lookup = {{ file = "{named}")', section, re.MULTILINE))


def _timetable(folder: Path, entries: Mapping[str, Entry]) -> dict[str, str]:
    """Lines of the `[timetable]` section, as TOML; empty where no bus timetable has been fetched."""
    buses = [entries[name] for name in _BUS if name in entries and (folder / entries[name].file).exists()]
    if not buses:
        return {}
    bus = max(buses, key=lambda entry: entry.retrieved_at)
    registry = read_sources_registry()
    of_bus = next(source for source in registry if source.file == bus.file)
    rail = [source for ident in RAIL for source in registry if source.id == ident and (folder / source.file).exists()]
    feeds = [of_bus, *rail[:1]]
    return {
        "feeds": json.dumps([source.file for source in feeds]),
        "date": bus.day,
        "source": json.dumps("; ".join(source.publisher for source in feeds)),
        "licence": json.dumps("; ".join(source.licence for source in feeds)),
        "vintage": json.dumps(_vintage(bus, feeds)),
    }


def _vintage(bus: Entry, feeds: list[Source]) -> str:
    rail = f"with {feeds[1].title}" if len(feeds) > 1 else "bus and Metro only, no National Rail"
    return f"retrieved {bus.retrieved_at[:10]}, {rail}"


def _with_timetable(text: str, values: dict[str, str]) -> str:
    """The configuration's text with new values of keys in its `[timetable]` section; comments and order stay."""
    before, mark, rest = text.partition("[timetable]\n")
    section, end, after = rest.partition("\n[")
    lines = [line.partition(" = ") for line in section.split("\n")]
    changed = "\n".join(f"{key} = {values[key]}" if key in values else key + sep + old for key, sep, old in lines)
    return before + mark + changed + end + after
