"""`corridors portfolio`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridors.runtime.command_options import LogJson, Quiet, Verbose
from corridors.runtime.printing import say, show_table
from corridors.runtime.progress import Progress
from corridors.runtime.texts import small_texts

if TYPE_CHECKING:
    from corridors.portfolio.results import PortfolioResults


def portfolio(  # one parameter for each option
    file: Annotated[Path, typer.Argument(help="The portfolio's .toml file: candidates, budgets, what to choose for.")],
    config: Annotated[
        Path | None,
        typer.Argument(help="The .toml file of a run; without it the bundled demonstration region is used."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for the answers; made where it is missing.")] = Path(
        "portfolio"
    ),
    quiet: Quiet = False,
    verbose: Verbose = False,
    log_json: LogJson = None,
) -> None:
    """Search which changes to choose within each budget, and write what they do, how sure it is, and a scenario file of each.

    Every set of up to 12 candidates is searched; of more, the best found is not claimed to be the best there is.
    """
    from corridors.config.run_config import load_config
    from corridors.demo.cached import demo_config
    from corridors.fetch.west_midlands import named_config
    from corridors.inputs.files import named_files
    from corridors.pipeline import region_of
    from corridors.portfolio.files.read import read_portfolio
    from corridors.portfolio.run import run_portfolio
    from corridors.portfolio.shown.folder import MANIFEST, NAMES, write_portfolio
    from corridors.runtime.command_words import as_published
    from corridors.runtime.staging import claimed, require_writable
    from corridors.scenarios.worlds import read_base

    require_writable(out)
    with small_texts(), Progress(quiet, verbose, log_json) as progress:
        asked = read_portfolio(file)
        path = demo_config() if config is None else named_config(config)
        loaded = load_config(path)
        inputs = [file, *(one.path for one in asked.chosen.scenarios), path, *(one for _, one in named_files(loaded))]
        with claimed(out, NAMES, inputs, MANIFEST) as claim:
            base = read_base(loaded, progress.stage)
            results = run_portfolio(base, asked, progress.stage)
            command = as_published(sys.argv[1:])
            written = write_portfolio(results, claim, progress, command)
    if not quiet:
        if caution := region_of(loaded).caution:
            say((caution, "bold yellow"))
        _print(results)
        say(f"Written to {written}")


def _print(results: "PortfolioResults") -> None:
    from corridors.portfolio.shown.wording import robust_words, searched_words
    from corridors.report.blocks.tables import records

    rows = [
        (
            f"{row['budget']:g}",
            row["candidates"] or "nothing",
            f"{row['cost']:,.1f}",
            f"{row['people']:+,.0f}",
            f"{row['gap_minutes']:+,.0f}",
        )
        for row in records(results.tables.budgets)
    ]
    titles = ("budget", "best set", "cost", "people who meet the test", "person-minutes of the gap closed")
    show_table(f"Chosen for: {results.goal_words}; costs in {results.unit}", titles, rows, right=True)
    for words in (*searched_words(results), *robust_words(results)):
        say(words)
