"""The output folder of a portfolio: page, tables, a scenario file of each point, and the map of what the chosen set "
"does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corridors.outputs.page_folder import PAGE, TABLES, write_folder
from corridors.portfolio.point_tables import POINTS, file_of
from corridors.portfolio.results import PortfolioResults
from corridors.portfolio.shown.page import page_of_portfolio
from corridors.results import Provenance
from corridors.runtime.progress import Progress
from corridors.runtime.staging import Claim, writing_to
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.run import provenance_of, run_scenarios
from corridors.webmap.scenario_map import render_scenario_map

MANIFEST, MAP = "portfolio.json", "map.html"
NAMES = (MANIFEST, PAGE, TABLES, POINTS, MAP)  # all that is written into a folder


def write_portfolio(results: PortfolioResults, claim: Claim, progress: Progress, command: str) -> Path:
    """Write everything into a folder that is claimed already, and return the path of the page.

    The map is of the best set of the largest budget; where nothing gains anything there is none. Raises `OutputError` where
    the folder can't be written.
    """
    base = results.choice.small.base
    with writing_to(claim.folder):
        for name, text in results.files.items():
            (claim.stage / name).parent.mkdir(exist_ok=True)
            (claim.stage / name).write_text(text, encoding="utf-8")
    if point := results.best_point:
        chosen = read_scenarios([claim.stage / file_of(point)])
        shown, _ = run_scenarios(base, chosen, progress.stage, command=command, parts=False)
        with writing_to(claim.folder), progress.stage("drawing the map of the chosen set"):
            (claim.stage / MAP).write_text(render_scenario_map(shown), encoding="utf-8")
    page = page_of_portfolio(results, base.config)
    inputs = base.context.provenance + base.network.provenance + _own_inputs(results)
    facts = _facts(results, command)
    return write_folder(claim, page, results.tables.items(), facts=facts, inputs=inputs, times=progress.times)


def _own_inputs(results: PortfolioResults) -> tuple[Provenance, ...]:
    asked = results.choice.portfolio
    head = asked.head
    own = Provenance(
        f"portfolio_{head.id}", f"Portfolio {head.title}", head.source, "not stated", str(head.as_of), "candidates",
        asked.path.name, asked.sha256, len(asked.candidates),
    )  # fmt: skip
    return own, *provenance_of(asked.chosen)


def _facts(results: PortfolioResults, command: str) -> Mapping[str, Any]:
    found, head = results.found, results.choice.portfolio.head
    return {
        "command": command,
        "seed": results.choice.small.base.config.scoring.seed,
        "candidates": len(results.choice.candidates),
        "sets_searched": len(found.within(found.question.budgets[-1])),
        "all_sets_searched": found.exhausted,
        "objective": head.objective,
        "unit": results.unit,
        "floors": [" ".join(("no", *filter(None, floor), "loses")) for floor in head.floors],
        "base": dict(results.before),
        "budgets": results.tables.budgets.to_dict("records"),
        "frontier": results.tables.frontier.to_dict("records"),
        "map_of_point": results.best_point or None,
    }
