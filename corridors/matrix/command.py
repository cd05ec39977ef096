"""The command `corridors matrix`, with one parameter for each option."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from corridors.errors import ConfigError
from corridors.runtime.command_options import LogJson, Quiet, Verbose
from corridors.runtime.printing import say
from corridors.runtime.progress import Progress

if TYPE_CHECKING:
    from accessibility import EngineName
    from corridors.matrix.by_blocks import Answering
    from corridors.matrix.travel_matrix import MatrixSummary

Stage = Callable[[str], AbstractContextManager[None]]


def matrix(  # noqa: PLR0913, PLR0917  # one parameter for each option
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Argument(
            help="The .toml file of a run, whose zones, timetables, streets and search are used; then only --to and --out."
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", help="With a configuration: points to reach, CSV with id, lon, lat, or a layer of points."
        ),
    ] = None,
    to_layer: Annotated[
        str | None, typer.Option("--to-layer", help="Layer to read in the file of --to, where it holds several.")
    ] = None,
    gtfs: Annotated[
        list[Path] | None,
        typer.Option(
            "--gtfs",
            help="Timetable: GTFS (zip or folder) or TransXChange (.xml or a zip of it); repeat for more feeds.",
        ),
    ] = None,
    origins: Annotated[
        Path | None,
        typer.Option("--origins", help="Points to leave from: CSV with id, lon, lat (degrees), or a layer of points."),
    ] = None,
    destinations: Annotated[
        Path | None,
        typer.Option("--destinations", help="Points to reach: CSV with id, lon, lat (degrees), or a layer of points."),
    ] = None,
    date: Annotated[str | None, typer.Option("--date", help="Service day of the journeys, YYYY-MM-DD.")] = None,
    window: Annotated[
        str | None,
        typer.Option("--window", help="Times of leaving (of arriving, with --arrive-by): HH:MM-HH:MM, end excluded."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="File to write, .parquet or .csv; with a configuration a .gpkg of the zones beside it. A name without a "
            "suffix is a folder of Parquet shards in whole minutes, for questions too large for one table.",
        ),
    ] = None,
    origins_layer: Annotated[
        str | None,
        typer.Option("--origins-layer", help="Layer to read in the file of --origins, where it holds several."),
    ] = None,
    destinations_layer: Annotated[
        str | None,
        typer.Option(
            "--destinations-layer", help="Layer to read in the file of --destinations, where it holds several."
        ),
    ] = None,
    stop_locations: Annotated[
        Path | None,
        typer.Option(
            "--stop-locations",
            help="CSV of stops and their coordinates, such as NaPTAN, for TransXChange without them.",
        ),
    ] = None,
    osm: Annotated[
        Path | None,
        typer.Option(
            "--osm",
            help="Streets to walk on: .osm.pbf, .osm, .osm.gz, .osm.bz2 or .graphml. Without it people walk straight lines.",
        ),
    ] = None,
    elevation: Annotated[
        Path | None,
        typer.Option(
            "--elevation", help="GeoTIFF of heights in metres, so that slopes change the walking speed; needs --osm."
        ),
    ] = None,
    step: Annotated[
        int,
        typer.Option("--step", help="Seconds between the times of leaving that are computed; 0 takes every instant."),
    ] = 60,
    percentiles: Annotated[
        str, typer.Option("--percentiles", help="Percentiles of the travel time over the window, one column each.")
    ] = "25,50,75",
    walk_kmh: Annotated[float, typer.Option("--walk-kmh", help="Walking speed on level ground, km/h.")] = 4.8,
    max_walk_min: Annotated[float, typer.Option("--max-walk-min", help="Longest single walk, minutes.")] = 20.0,
    max_min: Annotated[
        float, typer.Option("--max-min", help="Longest journey, minutes; longer ones count as unreachable.")
    ] = 120.0,
    board_slack: Annotated[
        int, typer.Option("--board-slack", help="Least seconds between reaching a stop and boarding there.")
    ] = 0,
    max_rides: Annotated[
        int | None, typer.Option("--max-rides", help="Most rides in one journey. Default: no limit.")
    ] = None,
    max_change_walk_min: Annotated[
        float | None,
        typer.Option("--max-change-walk-min", help="Longest walk between two rides, minutes. Default: --max-walk-min."),
    ] = None,
    modes: Annotated[str | None, typer.Option("--modes", help="Modes to ride, such as bus,tram. Default: all.")] = None,
    wheelchair: Annotated[
        str | None,
        typer.Option(
            "--wheelchair",
            help="Ride only vehicles and stops marked as accessible (required), or also unmarked ones (required_or_unknown).",
        ),
    ] = None,
    arrive_by: Annotated[
        bool,
        typer.Option(
            "--arrive-by",
            help="Take the window as times to arrive by: travel time runs from the latest leaving to that time.",
        ),
    ] = False,
    headway_draws: Annotated[
        int,
        typer.Option(
            "--headway-draws",
            help="Random starts to draw for trips known only by a headway; 0: at the start of its period.",
        ),
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the random numbers of --headway-draws.")] = 0,
    detour: Annotated[float, typer.Option("--detour", help="Factor on straight-line walks, used without --osm.")] = 1.3,
    radius_m: Annotated[
        float, typer.Option("--radius-m", help="Metres from a destination within which it counts as reached.")
    ] = 0.0,
    engine: Annotated[
        str,
        typer.Option("--engine", help="Who searches: local (the threads of this machine) or dask (the extra cluster)."),
    ] = "local",
    address: Annotated[
        str | None,
        typer.Option("--address", help="Dask scheduler, such as tcp://10.0.0.5:8786. Default: one of this machine."),
    ] = None,
    parts: Annotated[
        int,
        typer.Option(
            "--parts",
            help="Parts in which the network is prepared, one after another: more need less memory and give the same answers.",
        ),
    ] = 1,
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_json: LogJson = None,
) -> None:
    """Compute travel times by public transport and on foot from every origin to every destination.

    Reads timetables and two files of points, or takes all but the destinations from a configuration. Writes one row for
    each pair, in seconds: percentiles of its travel time over the window, and the share of departures that reach it.
    """
    from corridors.matrix.by_blocks import Answering
    from corridors.matrix.request import MatrixRequest
    from corridors.matrix.travel_matrix import MatrixSummary, write_matrix

    def wrote(stage: Stage, answering: Answering) -> MatrixSummary:
        if config is not None:
            return _of_zones(context, to, to_layer, stage, answering)
        if not (gtfs and origins and destinations and date and window and out):
            raise ConfigError(_missing(context))
        request = MatrixRequest(
            gtfs=gtfs,
            stop_locations=stop_locations,
            osm=osm,
            elevation=elevation,
            origins=origins,
            origins_layer=origins_layer,
            destinations=destinations,
            destinations_layer=destinations_layer,
            date=date,
            window=window,
            step_s=step,
            percentiles=percentiles,
            walk_kmh=walk_kmh,
            max_walk_min=max_walk_min,
            max_min=max_min,
            board_slack_s=board_slack,
            max_rides=max_rides,
            max_change_walk_min=max_change_walk_min,
            modes=modes,
            wheelchair=wheelchair,
            arrive_by=arrive_by,
            headway_draws=headway_draws,
            seed=seed,
            detour=detour,
            radius_m=radius_m,
        )
        return write_matrix(request, out, stage, answering)

    with Progress(quiet, verbose, log_json) as progress:
        answering = Answering(cast("EngineName", engine), address, parts, progress.counted, progress.tell)
        written = wrote(progress.stage, answering)
        progress.warn(written.warnings)
    if not quiet:
        reached = f"{written.reached_share:.1%} reached by at least one {written.moment}"
        say(f"{written.rows:,} pairs, {reached}; {written.walking}")
        say(f"written to {out}" + (f", and the zones to {out.with_suffix('.gpkg')}" if config and out else ""))


_NEEDED = ("gtfs", "origins", "destinations", "date", "window", "out")
_OF_A_CONFIG = {
    "config",
    "to",
    "to_layer",
    "radius_m",
    "out",
    "engine",
    "address",
    "parts",
    "quiet",
    "verbose",
    "log_json",
}


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _missing(context: typer.Context) -> str:
    """What lacks where no configuration is given."""
    if context.params["to"]:
        return "--to is for a configuration: give one, or --destinations instead"
    missing = ", ".join(_option(name) for name in _NEEDED if not context.params[name])
    return f"missing {missing}; a configuration with --to and --out would do too"


def _of_zones(
    context: typer.Context, to: Path | None, to_layer: str | None, stage: Stage, answering: "Answering"
) -> "MatrixSummary":
    """The matrix of a configuration. Raises `ConfigError` where --to or --out lacks, or what it says already is given too."""
    from corridors.fetch.west_midlands import named_config
    from corridors.matrix.of_config import ZonesMatrix, write_zones_matrix

    given = context.params
    typed = [name for name in sorted(given) if str(context.get_parameter_source(name)).endswith("COMMANDLINE")]
    if others := [_option(name) for name in typed if name not in _OF_A_CONFIG]:
        raise ConfigError(
            f"{', '.join(others)} can't be used with a configuration, which says it already; leave it out"
        )
    if to is None or given["out"] is None:
        missing = [_option(name) for name in ("to", "out") if not given[name]]
        raise ConfigError(f"missing {' and '.join(missing)}: the points to reach, and the table to write")
    asked = ZonesMatrix(named_config(given["config"]), to, to_layer, given["radius_m"], given["out"])
    return write_zones_matrix(asked, stage, answering)
