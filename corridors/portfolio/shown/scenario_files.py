"""The scenario file of a set of candidates: its edits as the files have them, to be run by `corridors scenario run`."""

from collections.abc import Mapping

import tomli_w

from corridors.portfolio.candidates import Choice
from corridors.portfolio.choosing import Chosen
from corridors.scenarios.files.read import CostTable
from corridors.scenarios.worlds import written_for

_LINES = ("line", "first", "second", "lines")


def scenario_of(choice: Choice, chosen: Chosen, number: int) -> str:
    """The text of the file of a point of the frontier.

    Numbers of trips that edits expect are left out: they are of the timetable before the other edits of the set.
    """
    head = choice.portfolio.head
    edits = [choice.small.chosen.edits[one].id for one in sorted(n for c in chosen for n in choice.candidates[c].edits)]
    scenario: dict[str, object] = {
        "id": f"{head.id}_point_{number}",
        "title": f"{head.title}: {', '.join(choice.candidates[one].title for one in sorted(chosen))}"[:2000],
        "status": "chosen by a search of portfolios, not decided by anybody",
        "as_of": head.as_of,
        "source": head.source,
        "base": written_for(choice.small.base),
    }
    if costs := _costs(choice):
        scenario["costs"] = costs.model_dump()
    return tomli_w.dumps({"scenario": scenario, "edit": [_plain({**choice.texts[one], "id": one}) for one in edits]})


def _costs(choice: Choice) -> CostTable | None:
    """The unit costs of the scenario files, where all give the same."""
    given = [one.head.costs for one in choice.portfolio.chosen.scenarios]
    return given[0] if given and all(one == given[0] for one in given) else None


def _plain(edit: Mapping[str, object]) -> dict[str, object]:
    return {key: _without_trips(value) if key in _LINES else value for key, value in edit.items()}


def _without_trips(value: object) -> object:
    if isinstance(value, list):
        return [_without_trips(one) for one in value]
    return {key: one for key, one in value.items() if key != "expect_trips"} if isinstance(value, dict) else value
