"""`corridors lines` and `corridors diff`."""

import sys
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from corridors.runtime.command_options import LogJson, Quiet, Verbose
from corridors.runtime.printing import say, show_table
from corridors.runtime.progress import Progress
from corridors.runtime.texts import small_texts

_SHOWN = 12  # lines on the terminal
_MANIFEST = "services.json"
_NAMES = (_MANIFEST, "report.html", "tables")  # all that is written into a folder


def lines(
    config: Annotated[
        Path | None,
        typer.Argument(help="The .toml file of a run; without it the bundled demonstration region is used."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for tables and page; made where it is missing.")] = Path(
        "lines"
    ),
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_json: LogJson = None,
) -> None:
    """Withdraw each line in turn: who loses the test, a centre or another destination, and whom it alone serves.

    Then pairs of lines that are harmless alone and not together. Whether a loss is material is for officers to say.
    """
    from corridors.config.run_config import load_config
    from corridors.demo.cached import demo_config
    from corridors.fetch.west_midlands import named_config
    from corridors.inputs.files import named_files
    from corridors.outputs.page_folder import write_folder
    from corridors.runtime.command_words import as_published
    from corridors.runtime.staging import claimed, require_writable
    from corridors.scenarios.worlds import read_base
    from corridors.services.lines_page import page_of_lines
    from corridors.services.withdrawals import withdraw_each

    require_writable(out)
    with small_texts(), Progress(quiet, verbose, log_json) as progress:
        path = demo_config() if config is None else named_config(config)
        loaded = load_config(path)
        with claimed(out, _NAMES, [path, *(file for _, file in named_files(loaded))], _MANIFEST) as claim:
            base = read_base(loaded, progress.stage)
            found = withdraw_each(base, progress.stage)
            facts = {
                "command": as_published(sys.argv[1:]),
                "people": found.people,
                "people_within": found.people_within,
            }
            inputs = base.context.provenance + base.network.provenance
            page = page_of_lines(found, loaded)
            written = write_folder(claim, page, found.items(), facts=facts, inputs=inputs, times=progress.times)
    if not quiet:
        if page.caution:
            say((page.caution, "bold yellow"))
        _print_lines(found.lines)
        say(
            f"{found.pairs_searched:,} pairs of lines that are harmless alone were withdrawn together; {len(found.pairs):,} of "
            "them take something from somebody. Whether a loss is material is for officers to say."
        )
        say(f"Written to {written}")


def diff(  # noqa: PLR0913, PLR0917  # one parameter for each option
    first: Annotated[Path, typer.Argument(help="A timetable: a GTFS or TransXChange file, or a folder of them.")],
    second: Annotated[Path, typer.Argument(help="The timetable to compare with it.")],
    config: Annotated[
        Path | None,
        typer.Option("--config", help="The .toml file of a run: says who gains and who loses, on its date."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for tables and page; made where it is missing.")] = Path(
        "diff"
    ),
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_json: LogJson = None,
) -> None:
    """Compare two timetables line by line: what came, went and changed on a weekday, a Saturday and a Sunday.

    With a configuration also who gains and who loses by the second instead of the first.
    """
    from corridors.catalogue.cutoff_names import outside_table
    from corridors.config.run_config import load_config
    from corridors.fetch.west_midlands import named_config
    from corridors.inputs.files import named_files
    from corridors.outputs.page_folder import write_folder
    from corridors.runtime.command_words import as_published
    from corridors.runtime.own_files import sha256_of
    from corridors.runtime.staging import claimed, require_writable
    from corridors.services.changes import compared_lines, feeds_in, side_of
    from corridors.services.diff_page import page_of_changes
    from corridors.services.gains import who_gains

    require_writable(out)
    with small_texts(), Progress(quiet, verbose, log_json) as progress:
        loaded = load_config(named_config(config)) if config else None
        given = [first, second, *([config, *(file for _, file in named_files(loaded))] if config and loaded else [])]
        with claimed(out, _NAMES, given, _MANIFEST) as claim:
            section = loaded.timetable if loaded else None
            near, places = (section.date, section.stop_locations) if section else (None, None)
            with progress.stage("reading two timetables"):
                before, after = (side_of(path, near, places) for path in (first, second))
            with progress.stage("comparing their lines"):
                lines = compared_lines(before, after)
            gains = who_gains(loaded, feeds_in(first), after.feed, progress.stage) if loaded else None
            whose = (
                [(name, outside_table(one, gains.before.cutoff_min)) for name, one in gains.items()] if gains else []
            )
            tables = [("lines", lines), *whose]
            facts = {
                "command": as_published(sys.argv[1:]),
                "first": {one.name: sha256_of(one) for one in feeds_in(first) if one.is_file()},
                "second": {one.name: sha256_of(one) for one in feeds_in(second) if one.is_file()},
            }
            page, inputs = page_of_changes(before, after, lines, gains, loaded), gains.provenance if gains else ()
            written = write_folder(claim, page, tables, facts=facts, inputs=inputs, times=progress.times)
    if not quiet:
        _print_changes(lines)
        if gains:
            counts = gains.gainers_losers.set_index("measure").loc["minutes_to_needed"]
            say(
                f"{gains.before.share:.1%} of residents meet the test with the first, {gains.after.share:.1%} with the second; "
                f"{counts['people_gaining']:,.0f} people gain a minute or more, {counts['people_losing']:,.0f} lose."
            )
            for one in gains.warnings:
                say(one.effect)
        say(f"Written to {written}")


def _print_changes(table: pd.DataFrame) -> None:
    counts = table.groupby(["day", "change"], sort=False).size().unstack(fill_value=0)
    names = ("came", "went", "changed", "same")
    rows = [(str(day), *(f"{int(row.get(name, 0)):,}" for name in names)) for day, row in counts.iterrows()]
    show_table("Lines of the second timetable beside the first", ("day", *names), rows, right=True)


def _print_lines(table: pd.DataFrame) -> None:
    rows = [
        (
            f"{row['line']} ({row['operator']})",
            f"{row['vehicle_hours']:,.1f}",
            *(f"{row[f'people_{what}']:,.0f}" for what in ("losing_test", "losing_a_centre", "only_service")),
        )
        for row in table.head(_SHOWN).to_dict("records")
    ]
    show_table(
        f"People who lose by the withdrawal of each line: the first {len(rows):,} of {len(table):,}",
        ("line", "vehicle-hours", "the test", "a centre", "their only service"),
        rows,
        right=True,
    )
