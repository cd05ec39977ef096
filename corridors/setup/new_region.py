"""`corridors init`: a folder with the configuration of a new region and the tables that it needs, made from its files."""

import csv
import datetime as dt
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corridors.config.run_config import load_config
from corridors.config.schema import CONFIG_SCHEMA, config_schema, schema_text
from corridors.config.sections import BaseMapSection
from corridors.config.table_columns import TABLE_COLUMNS
from corridors.errors import ConfigError, InputMissingError, OutputError
from corridors.inputs.base_map import base_map_from
from corridors.pipeline import Stage
from corridors.runtime.whole_files import whole_file
from corridors.setup.config_text import (
    CENTRES,
    DISTRICTS,
    OPTIONAL,
    PEOPLE_OF_A_ZONE,
    POPULATION,
    RegionFiles,
    worded,
)
from corridors.setup.feed_proposal import FeedProposal, plain_id, propose_from_feeds
from corridors.setup.zones_proposal import ZonesProposal, propose_zones


@dataclass(frozen=True)
class NewRegion:
    """What is asked for: the region's name, its files, the column of codes where it has to be told, and the folder."""

    name: str
    zones: Path
    layer: str | None
    id_column: str | None
    feeds: Sequence[Path]
    streets: Path | None
    base_map: BaseMapSection  # its file as the command line gives it
    folder: Path


@dataclass(frozen=True)
class Begun:
    """What was written, and what it was made from."""

    config: Path
    files: tuple[str, ...]
    zones: ZonesProposal
    feed: FeedProposal
    base_map: str  # what maps draw under the zones, in words; "" where nothing


def begin(asked: NewRegion, today: dt.date, stage: Stage) -> Begun:
    """Write the configuration and its tables into the folder, which is made where it is missing.

    Raises `OutputError` for files that are there already, `ConfigError` for a name that names no file, and the errors of
    the readers for files of no use. Nothing is written then.
    """
    slug = plain_id(asked.name)
    if not slug:
        raise ConfigError(f"{asked.name!r} has no letter of a-z or digit to name files by; give another NAME")
    beside = [path for path in (asked.streets, asked.base_map.file) if path]
    _require_there((asked.zones, *asked.feeds, *beside))
    config = asked.folder / f"{slug}.toml"
    with stage("reading zones"):
        zones = propose_zones(asked.zones, asked.layer, asked.name, asked.id_column)
    texts = {config.name: "", CONFIG_SCHEMA: "", POPULATION: "", CENTRES: "", **dict.fromkeys(OPTIONAL.values(), "")}
    texts |= {} if zones.district else {DISTRICTS: ""}
    _require_free(asked.folder, texts)
    with stage("reading the base map"):
        outlines = zones.degrees.to_crs(zones.crs).to_frame("geometry")
        base = base_map_from(asked.base_map, [asked.streets] if asked.streets else [], outlines)
    with stage("reading timetables"):
        feed = propose_from_feeds(asked.feeds, zones, today)
    files = RegionFiles(
        _written_path(asked.zones, asked.folder),
        tuple(_written_path(path, asked.folder) for path in asked.feeds),
        None if asked.streets is None else _written_path(asked.streets, asked.folder),
        None if asked.base_map.file is None else _written_path(asked.base_map.file, asked.folder),
        asked.base_map.layer,
    )
    texts |= {CONFIG_SCHEMA: schema_text(config_schema()), **_tables(zones, feed)}
    texts[config.name] = worded(asked.name, slug, files, zones, feed, base.drawn_words)
    for name, text in sorted(texts.items(), key=lambda one: one[0] == config.name):  # the configuration last
        _write_new(asked.folder / name, text)
    load_config(config)
    return Begun(config, tuple(texts), zones, feed, base.drawn_words)


def _require_there(paths: Iterable[Path]) -> None:
    if missing := [str(path) for path in paths if not path.exists()]:
        raise InputMissingError(f"there is no file at {', '.join(missing)}; give the path of one that is there")


def _require_free(folder: Path, names: Iterable[str]) -> None:
    there = [name for name in names if (folder / name).exists() or (folder / name).is_symlink()]
    if there:
        raise OutputError(
            f"{folder} has {', '.join(there)} already, and no file is replaced: move them away, or choose another folder with "
            "--out"
        )


def _write_new(path: Path, text: str) -> None:
    try:
        with whole_file(path, make_folder=True, keep_existing=True) as partial:
            partial.write_text(text, encoding="utf-8")
    except FileExistsError:
        _require_free(path.parent, [path.name])


def _written_path(path: Path, folder: Path) -> str:
    """The path as a configuration in `folder` writes it, with / on every system; whole where the two share no folder."""
    whole, home = path.resolve(), folder.resolve()
    shared = [one for one in home.parents if one in whole.parents and one.parent != one]
    return Path(os.path.relpath(whole, home)).as_posix() if shared or home in whole.parents else whole.as_posix()


def _tables(zones: ZonesProposal, feed: FeedProposal) -> dict[str, str]:
    """File name -> text of the tables: those a run needs with rows, those that may be left out with headings alone."""
    people = zones.frame[zones.population].tolist() if zones.population else [PEOPLE_OF_A_ZONE] * len(zones.ids)
    basis = f"proposed: {{:,}} departures near here on {feed.day}; put your own centres in"
    centres = [
        {"id": row.id, "name": row.name, "lat": row.lat, "lon": row.lon, "basis": basis.format(row.departures)}
        for row in feed.centres.itertuples(index=False)
    ]
    texts = {
        POPULATION: _csv(
            ["zone_id", "population"],
            [{"zone_id": code, "population": value} for code, value in zip(zones.ids, people, strict=True)],
        ),
        CENTRES: _csv([column.name for column in TABLE_COLUMNS["centres.file"]], centres),
        **{file: _csv([column.name for column in TABLE_COLUMNS[f"{key}.file"]], []) for key, file in OPTIONAL.items()},
    }
    if zones.district is None:
        texts[DISTRICTS] = _csv(["zone_id", "district"], [{"zone_id": code, "district": "all"} for code in zones.ids])
    return texts


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
