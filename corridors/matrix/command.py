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
            "--gtfs",
            help="Timetable: GTFS (zip or folder) or TransXChange (.xml or a zip of it); repeat for more feeds.",
        ),
    ],
    origins: Annotated[
        Path,
        typer.Option("--origins", help="Points to leave from: CSV with id, lon, lat (degrees), or a layer of points."),
    ],
    destinations: Annotated[
        Path,
        typer.Option("--destinations", help="Points to reach: CSV with id, lon, lat (degrees), or a layer of points."),
    ],
    date: Annotated[str, typer.Option("--date", help="Service day of the journeys, YYYY-MM-DD.")],
    window: Annotated[
        str,
        typer.Option("--window", help="Times of leaving (of arriving, with --arrive-by): HH:MM-HH:MM, end excluded."),
    ],
    out: Annotated[Path, typer.Option("--out", help="File to write, .parquet or .csv.")],
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
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_json: LogJson = None,
) -> None:
    """Compute travel times by public transport and on foot from every origin to every destination.

    Reads timetables and two files of points. Writes one row for each pair, in seconds:
    percentiles of its travel time over the window, and the share of departures that reach it.
    """
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
