"""The command line: `run`, `check`, `matrix`, `export`, `fetch`, `baseline`, `compare`, `compare-map`, `sources`."""

import errno
import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from accessibility import AccessibilityError
from corridors.errors import CorridorsError
from corridors.matrix.command import matrix
from corridors.runtime.command_options import LogJson, Quiet, Verbose
from corridors.runtime.command_words import as_published, require_values
from corridors.runtime.interrupts import listen
from corridors.runtime.printing import arrived, complain, say, show_table
from corridors.runtime.progress import Progress
from corridors.runtime.texts import small_texts
from corridors.version import VERSION
from layers import LayersError
from maps import MapError

USER_ERRORS = (AccessibilityError, CorridorsError, LayersError, MapError)
EXIT_USER_ERROR = 2
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}  # Windows has no EDQUOT

cache_app = typer.Typer(help="What is kept between runs, and where.", no_args_is_help=True)
app = typer.Typer(
    help="Who reaches strategic centres by public transport in time, who is left behind, and what would change it.",
    no_args_is_help=True,
    suggest_commands=False,  # "report" is near to "export" in letters only
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(cache_app, name="cache")


def main() -> None:
    """Run the command line. An error that the user can correct ends with one message and exit code 2."""
    listen()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # so that a terminal without a letter does not make the command fail
    try:
        require_values(sys.argv[1:])
        app()
    except USER_ERRORS as error:
        complain(f"corridors: {error}")
        sys.exit(EXIT_USER_ERROR)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        complain(f"corridors: {error.filename or 'what was printed'} can't be written: {error.strerror}")
        sys.exit(EXIT_USER_ERROR)
    finally:
        if not arrived():
            sys.exit(EXIT_USER_ERROR)


@app.callback(invoke_without_command=True)
def _about(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    if version:
        say(VERSION)
        raise typer.Exit


@app.command()
def run(
    config: Annotated[
        Path | None,
        typer.Argument(
            help="A run's .toml file, or west_midlands once it is fetched; without one, the demonstration region."
        ),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("out"),
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_json: LogJson = None,
) -> None:
    """The main job: access, layers, corridors, pilots, map, report, tables and GIS layers from one configuration."""
    from corridors.config.run_config import load_config
    from corridors.demo.cached import demo_config
    from corridors.inputs.read import named_files
    from corridors.outputs.run_folder import NAMES, write_results
    from corridors.pipeline import run as run_pipeline
    from corridors.runtime.staging import claimed, require_writable

    require_writable(out)
    with small_texts(), Progress(quiet, verbose, log_json) as progress:
        if config is None:
            with progress.stage("building the demonstration region"):
                config = demo_config()
        path = _config_path(config)
        loaded = load_config(path)
        with claimed(out, NAMES, [path, *(file for _, file in named_files(loaded))]) as claim:
            results = run_pipeline(loaded, command=as_published(sys.argv[1:]), stage=progress.stage)
            progress.warn(results.warnings)
            with progress.stage("writing layers, tables, map and report"):
                report = write_results(results, claim, progress.times, loaded.outputs)
    if not quiet:
        from corridors.report.terminal import print_summary

        print_summary(results, report)


def _config_path(config: Path) -> Path:
    """The path of a configuration: the file named, else for `west_midlands` the bundled one in the folder of fetched files."""
    from corridors.fetch.registry import data_folder
    from corridors.fetch.west_midlands import NAME, fetched_config
    from layers import check_path

    check_path(config)
    return fetched_config(data_folder()) if str(config) == NAME and not config.exists() else config


@app.command()
def check(
    config: Annotated[Path, typer.Argument(help="A run's .toml file, or west_midlands once it is fetched.")],
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_json: LogJson = None,
) -> None:
    """Read and check every input, print every problem at once and what each costs; run nothing."""
    from corridors.checks import check_inputs
    from corridors.config.run_config import load_config

    with small_texts(), Progress(quiet, verbose, log_json) as progress:
        checked = check_inputs(load_config(_config_path(config)), progress.stage)
        progress.warn(checked.warnings)
    for problem in checked.problems:
        complain(f"error: {problem}")
    if not quiet:
        for warning in checked.warnings:
            say(f"warning: {warning.code}: {warning.count:,} ({warning.share:.1%}). {warning.effect}")
        say(f"{len(checked.problems)} error(s), {len(checked.warnings)} warning(s)")
    if checked.problems:
        raise typer.Exit(EXIT_USER_ERROR)


app.command()(matrix)


@app.command()
def export(
    results: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    layer: Annotated[str, typer.Option("--layer", help="zones, corridors, stops, network_links, ...")],
    file_format: Annotated[str, typer.Option("--format", help="gpkg, parquet, fgb, geojson, csv or xlsx.")] = "gpkg",
    out: Annotated[Path | None, typer.Option("--out", help="File to write; by default LAYER.FORMAT here.")] = None,
) -> None:
    """One layer of a finished run, in the format a GIS officer asks for."""
    from corridors.runs.export import export_layer

    say(f"written to {export_layer(results, layer, file_format, out)}")


@app.command()
def compare_map(
    first: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    second: Annotated[Path, typer.Argument(help="Folder of another finished run of the same zones.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Page to write; by default maps/compare.html of the second run.")
    ] = None,
) -> None:
    """Two finished runs on one map: the same classes, a line to move between them, and who gains or loses."""
    from corridors.runs.compare_map import write_comparison

    say(f"written to {write_comparison(first, second, out or second / 'maps' / 'compare.html')}")


@app.command()
def fetch(  # noqa: PLR0913, PLR0917  # one parameter for each option
    region: Annotated[str, typer.Argument(help="The bundled configuration to fetch for: west_midlands.")],
    only: Annotated[list[str] | None, typer.Option("--only", help="Only this source; give it again for more.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Folder for the files; else the user's data folder.")] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="Run on this day, with the timetable as archived on it.")
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody: check what is there, say what is missing.")
    ] = False,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask again also for files that are there.")] = False,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", help="Also allow redirects to this host.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Download what the bundled real configuration needs; what is there already is kept."""
    from corridors.fetch.command import Options
    from corridors.fetch.command import fetch as fetch_region

    options = Options(
        region=region,
        only=tuple(only or ()),
        to=to,
        date=date,
        offline=offline,
        refresh=refresh,
        allow_hosts=tuple(allow_host or ()),
        quiet=quiet,
    )
    if fetch_region(options).problems:
        raise typer.Exit(EXIT_USER_ERROR)


@app.command()
def baseline(
    results: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    out: Annotated[Path, typer.Option("--out", help="Folder that baselines are kept in.")] = Path("baselines"),
    as_of: Annotated[str | None, typer.Option("--as-of", help="Day it speaks of, YYYY-MM-DD; else the run's.")] = None,
) -> None:
    """Seal a run's social baseline as a dated file that is never overwritten."""
    from corridors.outputs.baseline_file import freeze

    say(f"sealed as {freeze(results, out, as_of)}")


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(help="A sealed baseline, or the folder of a finished run.")],
    second: Annotated[Path, typer.Argument(help="The one to set against it.")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the whole comparison as CSV.")] = None,
) -> None:
    """What changed between two baselines because the data did, and what because the definition did."""
    from corridors.outputs.baseline_file import read_baseline
    from corridors.runs.baseline_comparison import compare as compare_baselines
    from corridors.runs.baseline_comparison import print_comparison, write_comparison

    one, other = read_baseline(first), read_baseline(second)
    comparison = compare_baselines(one, other)
    print_comparison(comparison, one, other)
    if out:
        say(f"written to {write_comparison(comparison, out)}")


@app.command()
def sources(
    folder: Annotated[Path | None, typer.Option("--dir", help="Where downloads are looked for.")] = None,
    probe: Annotated[
        bool, typer.Option("--probe", help="Ask each publisher once whether the address answers.")
    ] = False,
) -> None:
    """The registry of sources: what each is, whose, how old, where it would be on disk, and whether it is there."""
    from corridors.fetch.registry import data_folder, read_sources_registry

    if probe:
        from corridors.fetch.command import probe as ask_each

        ask_each()
        return
    home = folder or data_folder()
    rows = [
        (source.id, source.publisher, source.licence, source.vintage, source.file, _yes((home / source.file).exists()))
        for source in read_sources_registry()
    ]
    headings = ("id", "publisher", "licence", "vintage", "file", "present")
    show_table(f"Sources, looked for in {home}", headings, rows)


def _yes(present: bool) -> str:
    return "yes" if present else "no"


@cache_app.command()
def info() -> None:
    """List what is kept, how large it is, and whether it is as it was written."""
    from corridors.runtime.cache import KINDS, cache_home, entries

    states = {True: "whole", False: "damaged: will be made again"}
    rows = [
        (entry.path.name, KINDS[entry.kind], f"{entry.n_bytes / 1e6:.1f}", states[entry.whole]) for entry in entries()
    ]
    show_table(f"Kept in {cache_home()}", ("kept", "what", "MB", "state"), rows)


@cache_app.command()
def clear() -> None:
    """Delete what is kept; the next run makes it again."""
    from corridors.runtime.cache import cache_home
    from corridors.runtime.cache import clear as clear_cache

    cleared = clear_cache()
    say(f"{cleared.n_bytes / 1e6:.1f} MB freed in {cache_home()}")
    if cleared.in_use:
        say(f"{cleared.in_use} kept folder(s) are in use by another command and stay")


if __name__ == "__main__":
    main()
