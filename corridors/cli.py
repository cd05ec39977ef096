"""The command line: `run`, `check`, `init`, `scenario`, `matrix`, `report`, `export`, `fetch`, `baseline` and more."""

import errno
import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from accessibility import AccessibilityError
from corridors.errors import CorridorsError
from corridors.live.commands import serve
from corridors.matrix.command import matrix
from corridors.pack.commands import pack
from corridors.portfolio.commands import portfolio
from corridors.runs.commands import compare_map, export, report
from corridors.runtime.command_options import Finished, LogJson, Quiet, Verbose
from corridors.runtime.command_words import as_published, require_values, usage_problem
from corridors.runtime.interrupts import listen
from corridors.runtime.printing import arrived, complain, say, show_table
from corridors.runtime.progress import Progress
from corridors.runtime.texts import small_texts
from corridors.scenarios.commands import scenario_app
from corridors.services.commands import diff, lines
from corridors.setup.commands import init, schema
from corridors.version import VERSION
from layers import LayersError
from maps import MapError

USER_ERRORS = (AccessibilityError, CorridorsError, LayersError, MapError)
EXIT_USER_ERROR = 2
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}  # Windows has no EDQUOT
_CONFIG = "The .toml file that describes the run, or west_midlands after corridors fetch west_midlands."

cache_app = typer.Typer(
    help="List or delete the files that this tool keeps to make the next run faster.", no_args_is_help=True
)
app = typer.Typer(
    help="Measure how many residents reach strategic centres by public transport in time, by area and by corridor.",
    no_args_is_help=True,
    suggest_commands=False,  # "report" is near to "export" in letters only
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(cache_app, name="cache")
app.add_typer(scenario_app, name="scenario")


def main() -> None:
    """Run the command line. An error that the user can correct ends with one message and exit code 2."""
    listen()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # so that a terminal without a letter does not make the command fail
    try:
        require_values(sys.argv[1:])
        sys.exit(app(prog_name="corridors", standalone_mode=False))
    except typer.TyperException as error:
        if problem := usage_problem(error):
            complain(f"corridors: {problem}")
        sys.exit(EXIT_USER_ERROR)
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
def _about(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    if version:
        say(VERSION)
        raise typer.Exit


@app.command()
def run(  # noqa: PLR0913, PLR0917  # one parameter for each option
    config: Annotated[
        Path | None,
        typer.Argument(help=f"{_CONFIG} Without it the bundled demonstration region is run, whose data are invented."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for the results; made where it is missing.")] = Path("out"),
    no_scenarios: Annotated[
        bool, typer.Option("--no-scenarios", help="Leave out the scenarios that the configuration lists.")
    ] = False,
    only: Annotated[
        str,
        typer.Option(
            "--only", help="Write only these parts, separated by commas: report, papers, map, layers, tables."
        ),
    ] = "",
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_json: LogJson = None,
) -> None:
    """Measure access in a region and write the report, web map, tables and GIS layers.

    Reads the files that the configuration names: timetables, streets, zones, tables, places.
    Prints the headline and a table of the corridors.
    """
    from corridors.config.run_config import load_config
    from corridors.demo.cached import demo_config
    from corridors.fetch.west_midlands import named_config
    from corridors.inputs.files import named_files
    from corridors.nation.command import print_nation, run_nation
    from corridors.outputs.run_folder import NAMES, parts_named, require_all_parts, write_results
    from corridors.runs.configuration import configuration_words
    from corridors.runtime.staging import claimed, require_writable
    from corridors.scenarios.shown.listed import run as run_listed

    parts = parts_named(only)
    require_writable(out)
    with small_texts(), Progress(quiet, verbose, log_json) as progress:
        if config is None:
            with progress.stage("building the demonstration region"):
                path = demo_config()
        else:
            path = named_config(config)
        loaded = load_config(path)
        if loaded.scale is not None:
            require_all_parts(parts)
            regions = run_nation(loaded, path, out, progress, with_scenarios=not no_scenarios)
            if not quiet:
                print_nation(regions, loaded, out)
            return
        with claimed(out, NAMES, [path, *(file for _, file in named_files(loaded))]) as claim:
            command = as_published(sys.argv[1:])
            results = run_listed(loaded, command=command, stage=progress.stage, with_scenarios=not no_scenarios)
            progress.warn(results.warnings)
            known = configuration_words(config, path, claim.folder)
            with progress.stage("writing layers, tables, map and report"):
                report = write_results(results, claim, lambda: {**progress.times(), **known}, loaded.outputs, parts)
    if not quiet:
        from corridors.report.terminal import print_summary

        print_summary(results, report)


@app.command()
def check(
    config: Annotated[Path, typer.Argument(help=_CONFIG)],
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_json: LogJson = None,
) -> None:
    """Read every input of a configuration and print all problems; nothing is computed or written.

    An error would stop a run. A warning would not; it tells how many records it is about,
    and their effect on the figures.
    """
    from corridors.checks import check_inputs
    from corridors.config.run_config import load_config
    from corridors.fetch.west_midlands import named_config

    with small_texts(), Progress(quiet, verbose, log_json) as progress:
        checked = check_inputs(load_config(named_config(config)), progress.stage)
        progress.warn(checked.warnings)
    for problem in checked.problems:
        complain(f"error: {problem}")
    if not quiet:
        for warning in checked.warnings:
            say(f"warning: {warning.code}: {warning.count:,} ({warning.share:.1%}). {warning.effect}")
        if checked.days:
            say(f"other days with usual service: {', '.join(checked.days)}")
        say(
            f"maps draw under the zones: {checked.base_map or 'nothing; [streets] file or [base_map] file would give it'}"
        )
        say(f"{len(checked.problems)} error(s), {len(checked.warnings)} warning(s)")
    if checked.problems:
        raise typer.Exit(EXIT_USER_ERROR)


app.command()(matrix)
app.command()(lines)
app.command()(diff)
app.command()(serve)
app.command()(init)
app.command()(schema)
app.command()(portfolio)


app.command()(export)
app.command()(report)
app.command()(pack)
app.command()(compare_map)


@app.command()
def fetch(  # noqa: PLR0913, PLR0917  # one parameter for each option
    region: Annotated[str, typer.Argument(help="Name of the bundled configuration to fetch data for: west_midlands.")],
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Fetch this source only; repeat it for several.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Folder for the files. Default: the data folder that corridors sources names."),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option("--date", help="Day of the run, YYYY-MM-DD, with the timetable that was archived on it."),
    ] = None,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Use no network: check the files that are there, list those that are missing."),
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask publishers for newer versions of files that are there.")
    ] = False,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", help="Allow publishers to redirect to this host; repeat it for several."),
    ] = None,
    accept_rows: Annotated[
        list[str] | None,
        typer.Option(
            "--accept-rows", help="Accept any number of rows of this source, as of a new edition; repeatable."
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Download the real data of a bundled configuration into one folder, with its configuration and licences.

    Files that are there already are kept. Prints one line for each source.
    """
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
        accept_rows=tuple(accept_rows or ()),
        quiet=quiet,
    )
    if fetch_region(options).problems:
        raise typer.Exit(EXIT_USER_ERROR)


@app.command()
def baseline(
    results: Finished,
    out: Annotated[
        Path, typer.Option("--out", help="Folder to write the file to; it is made where it is missing.")
    ] = Path("baselines"),
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Day that the baseline describes, YYYY-MM-DD. Default: the day of the run."),
    ] = None,
) -> None:
    """Write the social baseline of a finished run as a dated, sealed file, to measure change against later.

    A sealed file is never overwritten, and is refused on reading if anybody has changed it.
    """
    from corridors.outputs.baseline_file import freeze

    say(f"sealed as {freeze(results, out, as_of)}")


@app.command()
def compare(
    first: Annotated[
        Path, typer.Argument(help="The earlier baseline: a sealed file, or the folder of a finished run.")
    ],
    second: Annotated[Path, typer.Argument(help="The later baseline: a sealed file, or the folder of a finished run.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the comparison of every value, as CSV files.")
    ] = None,
) -> None:
    """Compare two baselines value by value, and tell changes of data from changes of definition.

    Prints how many values changed and why, and the largest changes.
    """
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
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Folder to look for the files in. Default: the user's data folder.")
    ] = None,
    probe: Annotated[
        bool,
        typer.Option(
            "--probe", help="Ask each publisher once whether its address answers, and print the answers instead."
        ),
    ] = False,
) -> None:
    """List the sources of real data: publisher, licence, age, name of the file, and whether the file is there."""
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
    """List the kept files: what each holds, its size, and whether it is whole."""
    from corridors.runtime.cache import KINDS, cache_home, entries

    states = {True: "whole", False: "damaged: will be made again"}
    rows = [
        (entry.path.name, KINDS[entry.kind], f"{entry.n_bytes / 1e6:.1f}", states[entry.whole]) for entry in entries()
    ]
    show_table(f"Kept in {cache_home()}", ("kept", "what", "MB", "state"), rows)


@cache_app.command()
def clear() -> None:
    """Delete the kept files. This is always safe: the next run makes them again."""
    from corridors.runtime.cache import cache_home
    from corridors.runtime.cache import clear as clear_cache

    cleared = clear_cache()
    say(f"{cleared.n_bytes / 1e6:.1f} MB freed in {cache_home()}")
    if cleared.in_use:
        say(f"{cleared.in_use} kept folder(s) are in use by another command and stay")


if __name__ == "__main__":
    main()
