"""The text of a new region's configuration: what was found in its files, and what may be written beside it, as comments."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from corridors.config.schema import FIRST_LINE, config_schema
from corridors.config.toml_file import plain_line, quoted_text
from corridors.setup.feed_proposal import FeedProposal
from corridors.setup.zones_proposal import ZonesProposal

POPULATION, CENTRES, DISTRICTS = "population.csv", "centres.csv", "districts.csv"
OPTIONAL = {"corridors": "corridors.csv", "pilots": "pilots.csv", "sites": "sites.csv"}  # section -> its file
_NOT_STATED = '"not stated" # who published it'
_ASKED = ("search", "kpi")  # sections whose usual values stand as comments


@dataclass(frozen=True)
class RegionFiles:
    """The files that the configuration names, as it writes them."""

    zones: str
    feeds: tuple[str, ...]
    streets: str | None
    base_map: str | None = None
    base_map_layer: str | None = None


def worded(name: str, slug: str, files: RegionFiles, zones: ZonesProposal, feed: FeedProposal, drawn: str) -> str:
    """The whole configuration. `drawn` says what maps draw under the zones, "" where nothing."""
    travel = (_timetable(files, feed), _streets(files), _base_map(files, drawn))
    tables = (_zones(files, zones), _population(zones), _centres(feed), _optional(), _asked(feed))
    lines = [line for part in (_head(name), _region(name, slug, zones), *travel, *tables) for line in part]
    return FIRST_LINE + "\n".join(lines) + "\n"


def _head(name: str) -> Iterator[str]:
    yield f"# {plain_line(name)}: a configuration to start from, written by corridors init."
    yield "# docs/configuration.md lists every key. A line that begins with # is a comment: take the # away to use it."
    yield "# Read the lines marked CHECK: they are proposals, made from the files."
    yield ""


def _region(name: str, slug: str, zones: ZonesProposal) -> Iterator[str]:
    yield "[region]"
    yield f"name = {quoted_text(name)}"
    yield f"slug = {quoted_text(slug)}"
    yield f"crs = {quoted_text(zones.crs)}"
    if zones.population is None:
        yield "illustrative = true # CHECK: until population.csv has real residents; then false"
        yield f'note = "{zones.geography}; every zone counts as {PEOPLE_OF_A_ZONE:,} residents until they are given" # CHECK'
    else:
        yield "illustrative = false"
        yield f"note = {quoted_text(f'by {zones.geography}')} # CHECK: which geography the figures are for"
    yield ""
    yield "[region.districts] # CHECK: code = name"
    yield from (f"{quoted_text(code)} = {quoted_text(title)}" for code, title in zones.districts.items())
    yield ""


PEOPLE_OF_A_ZONE = 1000


def _timetable(files: RegionFiles, feed: FeedProposal) -> Iterator[str]:
    yield "[timetable]"
    yield f"feeds = [{', '.join(map(quoted_text, files.feeds))}]"
    yield f"date = {feed.date.isoformat()} # CHECK: {feed.day}, a usual working day with {feed.trips:,} trips"
    yield "synthetic = false"
    yield from _sourced()
    yield ""


def _sourced() -> Iterator[str]:
    yield f"source = {_NOT_STATED}"
    yield 'licence = "not stated"'
    yield 'vintage = "not stated" # how old it is'


def _streets(files: RegionFiles) -> Iterator[str]:
    if files.streets is None:
        yield "# Without streets people walk in straight lines times 1.3."
        yield from ("# [streets]", '# file = "region.osm.pbf"', "")
        return
    yield "[streets]"
    yield f"file = {quoted_text(files.streets)}"
    if ".osm" in files.streets:
        yield 'source = "OpenStreetMap contributors"'
        yield 'licence = "ODbL 1.0"'
    yield ""


def _base_map(files: RegionFiles, drawn: str) -> Iterator[str]:
    """The section that names a layer of its own, or how to write one, as comments."""
    if files.base_map is not None:
        yield f"# What maps draw under and between the zones: {drawn or 'nothing of it lies near the zones'}."
        yield "[base_map]"
        yield f"file = {quoted_text(files.base_map)}"
        if files.base_map_layer is not None:
            yield f"layer = {quoted_text(files.base_map_layer)}"
        if ".osm" in files.base_map:
            yield from ('source = "© OpenStreetMap contributors"', 'licence = "ODbL 1.0"')
        else:
            yield 'source = "not stated" # CHECK: its makers, as every picture has to name them'
            yield 'licence = "not stated"'
        yield ""
        return
    if drawn:
        yield f"# Maps draw under and between the zones what the streets' file holds: {drawn}."
        yield "# For none, or for another file in its place (docs/map.md, Base map):"
    else:
        yield "# Maps have nothing to draw under the zones: a streets' file of OpenStreetMap gives it, or a file of its own"
        yield "# (docs/map.md, Base map):"
    yield from ("# [base_map]", "# show = false", '# file = "ground.gpkg" # or .osm.pbf', "")


def _zones(files: RegionFiles, zones: ZonesProposal) -> Iterator[str]:
    yield "[zones]"
    yield f"file = {quoted_text(files.zones)}"
    if zones.layer is not None:
        yield f"layer = {quoted_text(zones.layer)}"
    yield f"id = {quoted_text(zones.id)} # CHECK: the column of their codes"
    yield f"name = {quoted_text(zones.name)} # CHECK: the column of their names"
    yield f"geography = {quoted_text(zones.geography)} # CHECK"
    yield from _sourced()
    if zones.district is None:
        yield "# CHECK: the file gives no district, so all zones are of one"
        yield f'district = {{ file = "{DISTRICTS}", zone = "zone_id", district = "district" }}'
    else:
        yield f"district = {{ column = {quoted_text(zones.district)} }} # CHECK"
    yield '# points = { file = "points.csv", id = "zone_id" } # where people live in each zone; by default a point inside'
    yield ""


def _population(zones: ZonesProposal) -> Iterator[str]:
    given = f"from the column {zones.population} of the zones" if zones.population else "CHECK: put real residents in"
    yield "[[layers]]"
    yield 'id = "people"'
    yield 'title = "Residents"'
    yield f'file = "{POPULATION}" # {plain_line(given)}'
    yield 'key = "zone_id"'
    yield f"geography = {quoted_text(zones.geography)}"
    yield from _sourced()
    yield 'fields.population = { column = "population", kind = "count", unit = "people" }'
    yield "# More fields, each a column of a table: deprivation, households without a car, jobs ..."
    yield '# fields.jobs = { column = "jobs", kind = "count", unit = "jobs" }'
    yield '# fields.imd_decile = { column = "decile", kind = "decile" }'
    yield ""


def _centres(feed: FeedProposal) -> Iterator[str]:
    yield "[centres]"
    yield f'file = "{CENTRES}" # CHECK: the {len(feed.centres)} places with most departures that day; put your centres there'
    yield ""


def _optional() -> Iterator[str]:
    yield "# May be left out. Fill in the tables, then take the # away."
    for section, file in OPTIONAL.items():
        yield from (f"# [{section}]", f'# file = "{file}"')
    yield ""


def _asked(feed: FeedProposal) -> Iterator[str]:
    """The usual values of the search and the headline as comments, and the number of centres where there are few."""
    whole = config_schema()
    for section in _ASKED:
        yield f"[{section}]"
        for key, value in whole["definitions"][f"{section.capitalize()}Section"]["properties"].items():
            if key == "centres_at_least":
                yield f"{key} = {min(value['default'], len(feed.centres))} # {value['description']}"
            elif "default" in value:
                yield f"# {key} = {_toml(value['default'])} # {value['description']}"
        yield ""


def _toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return quoted_text(value)
        case list():
            return f"[{', '.join(map(_toml, value))}]"
    return f"{value:g}"
