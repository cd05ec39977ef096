"""`corridors scenario new`, `check` and `run`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from corridors.errors import ScenarioFileError
from corridors.runtime.command_options import LogJson, Quiet, Verbose
from corridors.runtime.printing import complain, say
from corridors.runtime.progress import Progress
from corridors.runtime.texts import small_texts

scenario_app = typer.Typer(
    help="Change the timetable, the streets or the land by a file, and see who gains and who loses.",
    no_args_is_help=True,
)
_FILES = "Scenario files, then the .toml file of a run; without one the bundled demonstration region is used."
Files = Annotated[list[Path], typer.Argument(help=_FILES)]
Rebase = Annotated[
    bool,
    typer.Option(
        "--rebase", help="Use the files with other inputs than they were written for, and say what no longer matches."
    ),
]


@scenario_app.command()
def new(
    line: Annotated[str, typer.Option("--line", help="Number of the line, as the timetable has it.")],
    config: Annotated[
        Path | None,
        typer.Argument(help="The .toml file of a run; without it the bundled demonstration region is used."),
    ] = None,
    operator: Annotated[str, typer.Option("--operator", help="Its operator, where several have such a line.")] = "",
) -> None:
    """Print a scenario file to start from: a line's stops, headways and run times as comments, and one edit of it."""
    from accessibility import Selection, day_of, read_feed
    from corridors.config.run_config import load_config
    from corridors.demo.cached import demo_config
    from corridors.fetch.west_midlands import named_config
    from corridors.scenarios.files.template import scenario_template
    from corridors.scenarios.worlds import feed_digests

    loaded = load_config(demo_config() if config is None else named_config(config))
    section = loaded.timetable
    day = day_of(read_feed(section.feeds, section.stop_locations), section.date)
    say(scenario_template(day, Selection(line, operator), feed_digests(loaded)).rstrip("\n"))


@scenario_app.command()
def check(
    files: Files, rebase: Rebase = False, quiet: Quiet = False, verbose: Verbose = False, log_json: LogJson = None
) -> None:
    """Say what each edit of a scenario matches and costs; nothing is searched or written.

    Prints departures, calls, vehicle-minutes and vehicles before and after, and one trip as an example.
    """
    from corridors.config.run_config import load_config
    from corridors.scenarios.asked import asked_files
    from corridors.scenarios.files.read import read_scenarios
    from corridors.scenarios.matching import described, matchings
    from corridors.scenarios.worlds import base_problems, read_base, world_of

    with small_texts(), Progress(quiet, verbose, log_json) as progress:
        scenarios, config = asked_files(files, progress.stage)
        chosen = read_scenarios(scenarios)
        base = read_base(load_config(config), progress.stage)
        differences = base_problems(base, chosen)
        try:
            with progress.stage("applying the edits"):
                world = world_of(base, chosen)
        except ScenarioFileError as error:
            raise ScenarioFileError("\n".join([*differences, str(error)])) from None
        found = matchings(base, chosen, world)
    for difference in differences:
        complain(f"{'warning' if rebase else 'error'}: {difference}")
    if not quiet:
        for one in found:
            say("\n".join(described(one)))
        unknown = f"{len(world.edited.phases)} headway service(s) whose departures within the headway are unknown"
        say(f"{len(found)} edit(s), {unknown}" if found else "no edit: nothing is modelled")
    if differences and not rebase:
        raise typer.Exit(2)


@scenario_app.command()
def run(  # noqa: PLR0913, PLR0917  # one parameter for each option
    files: Files,
    out: Annotated[Path, typer.Option("--out", help="Folder for the answers; made where it is missing.")],
    export_gtfs: Annotated[
        Path | None, typer.Option("--export-gtfs", help="New GTFS file to write the edited timetable to.")
    ] = None,
    finished: Annotated[
        Path | None, typer.Option("--base", help="Folder of a finished run of the configuration, whose jobs are read.")
    ] = None,
    rebase: Rebase = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_json: LogJson = None,
) -> None:
    """Answer base and scenario with the same search, and write who gains, who loses, what it takes and which edit did it.

    Several scenario files are applied one after the other, as one.
    """
    from corridors.config.run_config import load_config
    from corridors.inputs.files import named_files
    from corridors.runtime.command_words import as_published
    from corridors.runtime.own_files import SCENARIO_MANIFEST
    from corridors.runtime.staging import claimed, require_writable
    from corridors.scenarios.asked import asked_files
    from corridors.scenarios.files.read import read_scenarios
    from corridors.scenarios.run import run_scenarios
    from corridors.scenarios.shown.outputs import NAMES, require_new, write_scenario
    from corridors.scenarios.shown.outputs import export_gtfs as write_feed
    from corridors.scenarios.worlds import base_problems, read_base, require_same_base

    require_writable(out)
    require_new(export_gtfs)
    with small_texts(), Progress(quiet, verbose, log_json) as progress:
        scenarios, path = asked_files(files, progress.stage)
        chosen, config = read_scenarios(scenarios), load_config(path)
        inputs = [*scenarios, path, *(file for _, file in named_files(config))]
        with claimed(out, NAMES, inputs, SCENARIO_MANIFEST) as claim:
            base = read_base(config, progress.stage)
            if not rebase:
                require_same_base(base, chosen)
            differences, command = base_problems(base, chosen), as_published(sys.argv[1:])
            results, world = run_scenarios(
                base, chosen, progress.stage, command=command, differences=differences, finished=finished
            )
            progress.warn(results.warnings)
            if export_gtfs is not None:
                write_feed(world.edited.feed, export_gtfs)
            with progress.stage("writing report, tables and layers"):
                written = write_scenario(results, claim, progress.times, papers=config.outputs.papers)
    if not quiet:
        from corridors.scenarios.shown.summary import print_scenario

        print_scenario(results, written)


@scenario_app.command()
def toggles(
    files: Files,
    out: Annotated[Path, typer.Option("--out", help="New HTML file for the page.")],
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_json: LogJson = None,
) -> None:
    """Write one offline page on which anybody switches up to 6 edits on and off: every combination is computed."""
    from corridors.config.run_config import load_config
    from corridors.runtime.staging import writing_to
    from corridors.scenarios.asked import asked_files
    from corridors.scenarios.files.read import read_scenarios
    from corridors.scenarios.shown.outputs import require_new
    from corridors.scenarios.shown.toggles import toggle_page
    from corridors.scenarios.worlds import read_base, require_same_base

    require_new(out, "--out")
    with small_texts(), Progress(quiet, verbose, log_json) as progress:
        scenarios, path = asked_files(files, progress.stage)
        chosen = read_scenarios(scenarios)
        base = read_base(load_config(path), progress.stage)
        require_same_base(base, chosen)
        page = toggle_page(base, chosen, progress.stage)
        with writing_to(out.parent):
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(page, encoding="utf-8")
    if not quiet:
        say(f"Written to {out}: {2 ** len(chosen.edits)} combinations of {len(chosen.edits)} edit(s)")
