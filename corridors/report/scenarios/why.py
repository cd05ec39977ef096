"""Why areas gain or lose: the journey before and after."""

from collections.abc import Iterator, Sequence

from corridors.landmarks import known_name
from corridors.report.blocks.tables import Record, records, table
from corridors.report.blocks.view import Absent, Paragraph, Section
from corridors.report.blocks.wording import count
from corridors.report.scenarios import layouts
from corridors.scenario_results import ScenarioResults


def journeys(results: ScenarioResults) -> Section:
    """The section on the journeys of the areas that change most."""
    title, rows = "The journey before and after", list(_journeys(results))
    if not rows:
        return Section("journeys", title, (Absent("No area changes, so no journey is compared."),))
    text = (
        "For the areas with most person-minutes saved or lost: the journey before and after, leaving at the same moment, to that "
        "of the centres needed whose time changes most. Of all departures the one is shown that changes most nearly as much as "
        "the median does."
    )
    return Section("journeys", title, (Paragraph(text), table(rows, layouts.JOURNEYS)))


def _journeys(results: ScenarioResults) -> Iterator[Record]:
    zones = results.places["zones"]
    near = zones["near_place"].to_dict() if "near_place" in zones else {}
    names = dict(zip(results.places["centres"].index, results.places["centres"]["name"], strict=True))
    legs: dict[tuple[int, str], list[Record]] = {}
    for row in records(results.tables.journeys):
        legs.setdefault((int(row["rank"]), str(row["when"])), []).append(row)
    for (_, when), parts in legs.items():
        first = parts[0]
        travelled = [part for part in parts if part["kind"] != "no journey"]
        yield {
            "zone": f"{known_name(first['zone'], near.get(first['zone_id'], ''))} ({count(first['people'])} residents)",
            "to": names.get(first["centre_id"], first["centre_id"]),
            "when": when,
            "departs": str(travelled[0]["departs"])[:5] if travelled else "–",
            "arrives": str(travelled[-1]["arrives"])[:5] if travelled else "–",
            "legs": leg_words(travelled) if travelled else "no journey in the time searched",
            **({"minutes": sum(float(part["minutes"]) for part in travelled)} if travelled else {}),
        }


def leg_words(legs: Sequence[Record]) -> str:
    """The legs of a journey in words: "walk 9.9 min to A; wait 2.1 min; bus 1, 35.2 min, to B"."""
    return "; ".join(_leg(leg) for leg in legs)


def _leg(leg: Record) -> str:
    minutes = f"{float(leg['minutes']):.1f} min"
    if leg["kind"] == "ride":
        return f"{leg['mode']} {leg['route']}, {minutes}, to {leg['to_name']}"
    if leg["kind"] == "wait":
        return f"wait {minutes}"
    return f"{leg['kind']} {minutes} to {leg['to_name']}"
