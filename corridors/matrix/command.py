"""The command `corridors matrix`, with one parameter for each option."""

from pathlib import Path
from typing import Annotated

import typer

from corridors.runtime.command_options import LogJson, Quiet, Verbose
from corridors.runtime.printing import say
from corridors.runtime.progress import Progress


def matrix(  # noqa: PLR0913, PLR0917  # one parameter for each option
    gtfs: Annotated[
        list[Path],
        typer.Option(
            "--gtfs", help="A GTFS zip or folder, or TransXChange (.xml, a zip of .xml); again for more feeds."
        ),
    ],
    origins: Annotated[Path, typer.Option("--origins", help="CSV or GeoPackage of points: id, lon, lat.")],
    destinations: Annotated[Path, typer.Option("--destinations", help="CSV or GeoPackage of points: id, lon, lat.")],
    date: Annotated[str, typer.Option("--date", help="Service day, YYYY-MM-DD.")],
    window: Annotated[
        str,
        typer.Option("--window", help="Departures, or deadlines; HH:MM-HH:MM, the end not included."),
    ],
    out: Annotated[Path, typer.Option("--out", help="Result, .parquet or .csv.")],
    origins_layer: Annotated[
        str | None, typer.Option("--origins-layer", help="Layer of the origins, where their file holds several.")
    ] = None,
    destinations_layer: Annotated[
        str | None, typer.Option("--destinations-layer", help="Layer of the destinations, likewise.")
    ] = None,
    stop_locations: Annotated[
        Path | None, typer.Option("--stop-locations", help="CSV such as NaPTAN, for TransXChange without coordinates.")
    ] = None,
    osm: Annotated[
        Path | None, typer.Option("--osm", help="Streets: .osm.pbf, .osm, .osm.gz, .osm.bz2 or .graphml.")
    ] = None,
    elevation: Annotated[
        Path | None, typer.Option("--elevation", help="GeoTIFF of heights in metres, for slope.")
    ] = None,
    step: Annotated[int, typer.Option("--step", help="Seconds between departures; 0 for every instant.")] = 60,
    percentiles: Annotated[str, typer.Option("--percentiles", help="Percentiles of the travel time.")] = "25,50,75",
    walk_kmh: Annotated[float, typer.Option("--walk-kmh", help="Walking speed on the flat.")] = 4.8,
    max_walk_min: Annotated[float, typer.Option("--max-walk-min", help="Longest single walk.")] = 20.0,
    max_min: Annotated[float, typer.Option("--max-min", help="Longest journey.")] = 120.0,
    board_slack: Annotated[int, typer.Option("--board-slack", help="Seconds before every boarding.")] = 0,
    max_rides: Annotated[int | None, typer.Option("--max-rides", help="Most rides in a journey.")] = None,
    max_change_walk_min: Annotated[
        float | None, typer.Option("--max-change-walk-min", help="Longest walk between rides; else --max-walk-min.")
    ] = None,
    modes: Annotated[
        str | None, typer.Option("--modes", help="Ride only these, such as bus,tram; else all that run.")
    ] = None,
    wheelchair: Annotated[
        str | None,
        typer.Option(
            "--wheelchair",
            help="Board only what is said to be accessible (required), or also what nothing is said of (required_or_unknown).",
        ),
    ] = None,
    arrive_by: Annotated[
        bool,
        typer.Option("--arrive-by", help="The window is one of deadlines: from leaving at the latest to the deadline."),
    ] = False,
    headway_draws: Annotated[
        int,
        typer.Option("--headway-draws", help="Draws of when trips known only by a headway come; 0: from its start."),
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Seed of --headway-draws.")] = 0,
    detour: Annotated[float, typer.Option("--detour", help="Detour factor, used only without --osm.")] = 1.3,
    radius_m: Annotated[float, typer.Option("--radius-m", help="A destination counts as reached within this.")] = 0.0,
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_json: LogJson = None,
) -> None:
    """Travel times from every origin to every destination, over every departure of a window, exact to the second."""
    from corridors.matrix.request import MatrixRequest
    from corridors.matrix.travel_matrix import write_matrix

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
    with Progress(quiet, verbose, log_json) as progress:
        written = write_matrix(request, out, progress.stage)
        progress.warn(written.warnings)
    if not quiet:
        reached = f"{written.reached_share:.1%} reached by at least one {written.moment}"
        say(f"{written.rows:,} pairs, {reached}; {written.walking}")
        say(f"written to {out}")
