"""The commands to begin with: `corridors schema` and `corridors init`."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from corridors.runtime.command_options import LogJson, Quiet, Verbose
from corridors.runtime.printing import say
from corridors.runtime.progress import Progress


def schema(
    scenario: Annotated[
        bool, typer.Option("--scenario", help="Give the schema of scenario files instead of that of configurations.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="File to write. Default: print the schema.")] = None,
) -> None:
    """Give the JSON Schema of configurations or of scenario files, by which editors complete and check them.

    An editor finds it by the first line of a file: #:schema ./corridors.schema.json
    """
    from corridors.config.schema import config_schema, is_schema, schema_text
    from corridors.errors import OutputError
    from corridors.runtime.whole_files import whole_file
    from corridors.scenarios.files.schema import scenario_schema

    text = schema_text(scenario_schema() if scenario else config_schema())
    if out is None:
        say(text.rstrip())
        return
    if out.exists() and not is_schema(out):
        raise OutputError(
            f"{out} is there already and is no schema of this tool; move it away, or choose another --out"
        )
    with whole_file(out) as partial:
        partial.write_text(text, encoding="utf-8")
    say(f"written to {out}")


def init(  # noqa: PLR0913, PLR0917  # one parameter for each option
    name: Annotated[str, typer.Argument(help="Name of the region, as titles will give it.")],
    zones: Annotated[
        Path,
        typer.Option("--zones", help="Areas whose residents are counted: .gpkg, .geojson, .shp, .fgb or .parquet."),
    ],
    gtfs: Annotated[list[Path], typer.Option("--gtfs", help="Timetable: GTFS (zip or folder); repeat for more feeds.")],
    osm: Annotated[
        Path | None, typer.Option("--osm", help="Streets to walk on. Without them people walk straight lines.")
    ] = None,
    base_map: Annotated[
        Path | None,
        typer.Option(
            "--base-map",
            help="What maps draw under the zones: another OpenStreetMap file, or a layer with kind, class and name. "
            "Default: what --osm holds.",
        ),
    ] = None,
    base_map_layer: Annotated[
        str | None, typer.Option("--base-map-layer", help="Layer of --base-map, where it holds several.")
    ] = None,
    layer: Annotated[str | None, typer.Option("--layer", help="Layer of --zones, where it holds several.")] = None,
    id_column: Annotated[
        str | None, typer.Option("--id", help="Column of the zones' codes. Default: the one that looks like it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to; made where it is missing. Default: NAME in short.")
    ] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_json: LogJson = None,
) -> None:
    """Write the configuration of a new region, made from its zones and timetables, and the tables that it needs.

    Proposes columns, districts, a coordinate system, a usual day, and the busiest places as centres.
    Nothing that is there is replaced. The configuration passes corridors check; its comments say what to look at.
    """
    from corridors.config.sections import BaseMapSection
    from corridors.setup.feed_proposal import plain_id
    from corridors.setup.new_region import NewRegion, begin

    ground = BaseMapSection(file=base_map, layer=base_map_layer)
    asked = NewRegion(name, zones, layer, id_column, gtfs, osm, ground, out or Path(plain_id(name) or "region"))
    with Progress(quiet, verbose, log_json) as progress:
        begun = begin(asked, dt.date.today(), progress.stage)
    if quiet:
        return
    found, feed = begun.zones, begun.feed
    people = (
        f"residents from its column {found.population}" if found.population else "no residents: fill in population.csv"
    )
    say(f"{len(found.ids):,} zones by {found.id}, in {found.crs}, {len(found.districts):,} district(s), {people}")
    say(
        f"{feed.day}: {feed.trips:,} trips; {len(feed.centres)} places proposed as centres: {', '.join(feed.centres['name'])}"
    )
    say(f"maps draw under the zones: {begun.base_map or 'nothing (give --osm or --base-map)'}")
    say(f"written to {asked.folder}: {', '.join(begun.files)}")
    say(f"Read the lines marked CHECK, then: corridors check {begun.config}")
