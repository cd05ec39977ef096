"""The commands that read a finished run: `corridors export`, `corridors report` and `corridors compare-map`."""

from pathlib import Path
from typing import Annotated

import typer

from corridors.errors import ConfigError
from corridors.runtime.command_options import Finished
from corridors.runtime.printing import say


def export(
    results: Finished,
    layer: Annotated[
        str, typer.Option("--layer", help="Name of the layer: zones, corridors, stops, network_links and others.")
    ],
    file_format: Annotated[
        str,
        typer.Option(
            "--format", help="Format of the file: gpkg, parquet, csv, xlsx or another; a wrong word lists all."
        ),
    ] = "gpkg",
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write. Default: LAYER.FORMAT in the current folder.")
    ] = None,
) -> None:
    """Write one layer of a finished run as a file in another format, for GIS programs and spreadsheets."""
    from corridors.runs.export import export_layer

    say(f"written to {export_layer(results, layer, file_format, out)}")


def report(
    results: Finished,
    corridor: Annotated[
        str | None, typer.Option("--corridor", help="Id of the corridor, as in tables/corridors.csv.")
    ] = None,
    pilot: Annotated[
        str | None, typer.Option("--pilot", help="Id of the town-centre pilot, as in tables/pilots.csv.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder to write to; made where it is missing. Default: report_ID.")
    ] = None,
) -> None:
    """Write the report of one corridor or pilot of a finished run: a few pages, with its map for publication.

    HTML, Word, PDF, and the figures as PNG (300 dots to an inch) and SVG.
    """
    from corridors.runs.place_report import write_place_report

    if (corridor is None) == (pilot is None):
        raise ConfigError(
            "give one of --corridor and --pilot; the ids are in tables/corridors.csv and tables/pilots.csv of the run"
        )
    kind, ident = ("corridor", corridor) if corridor is not None else ("pilot", str(pilot))
    say(f"written to {write_place_report(results, kind, str(ident), to)}")


def compare_map(
    first: Finished,
    second: Annotated[Path, typer.Argument(help="Folder of another finished run of the same zones.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Page to write. Default: maps/compare.html of the second run.")
    ] = None,
) -> None:
    """Write a web page that compares two finished runs of the same zones on one map.

    Both runs are drawn in the same classes of colours; a line on the map moves between them.
    The map can also show the change from the first run to the second.
    """
    from corridors.runs.compare_map import write_comparison

    say(f"written to {write_comparison(first, second, out or second / 'maps' / 'compare.html')}")
