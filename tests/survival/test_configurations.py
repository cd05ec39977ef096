"""Configurations that can't be answered, or hardly: one message before the work, or a counted warning."""

from collections.abc import Callable

import pytest

from corridors.config.run_config import load_config
from corridors.errors import CorridorsError
from corridors.inputs.read import read_context
from corridors.places.requirements import require_answerable
from layers.errors import LayersError
from tests.support.case_table import CaseTable
from tests.support.small_region import SmallRegion, people, place

Damage = Callable[[SmallRegion], None]


def option(section: str, line: str) -> Damage:
    """The line under its section, which may stand in the file already."""

    def damage(region: SmallRegion) -> None:
        text, heading = region.config.read_text(encoding="utf-8"), f"[{section}]\n"
        text = text.replace(heading, heading + line + "\n") if heading in text else f"{text}\n{heading}{line}\n"
        region.config.write_text(text, encoding="utf-8")

    return damage


def rows(table: str, *places: dict[str, object]) -> Damage:
    return lambda region: region.table(f"{table}.csv", places)


def nobody(region: SmallRegion) -> None:
    region.table("people.csv", [{**row, "population": 0} for row in people()])


def changed(old: str, new: str) -> Damage:
    return lambda region: region.replace("config.toml", old, new)


LINES = [{**place(stop, "K"), "id": f"k{n}", "order": i} for n in range(101) for i, stop in enumerate("BE")]
REFUSED: tuple[tuple[int, str, Damage], ...] = (
    (120, "`cutoff_min = inf`", option("kpi", "cutoff_min = inf")),
    (120, "a buffer of nan metres", option("corridors", "buffers_beside_m = [nan]")),
    (120, "a buffer of -500 m", option("corridors", "buffers_beside_m = [-500]")),
    (121, "101 cutoffs", option("search", f"cutoffs_min = {list(range(1, 102))}")),
    (121, "2,000 buffers", option("corridors", f"buffers_beside_m = {list(range(1, 2001))}")),
    (121, "101 corridors", rows("corridors", *LINES)),
    (122, "two centres where three are asked for", rows("centres", place("A", "South"), place("C", "Middle"))),
    (123, "a population of 0 everywhere", nobody),
    (124, "a centre's name of 20,000 letters", rows("centres", place("A", "x" * 20_000))),
    (125, "a path of Windows between double quotes", option("streets", r'file = "C:\Users\me\streets.osm"')),
    (126, "lists nested 5,000 deep", option("search", "window = " + "[" * 5000)),
    (127, "a section that is a number", changed('district = { column = "district" }', "district = 3")),
    (128, "a cutoff beyond the longest journey", option("search", "cutoffs_min = [45, 150]")),
    (123, "no layer with the field population", changed("fields.population", "fields.residents")),
    (129, "a layer's field with the name of a column of the run's", changed("fields.jobs", "fields.meets_kpi")),
)  # fmt: skip


@pytest.mark.parametrize(("number", "named", "damage"), REFUSED, ids=[named for _, named, _ in REFUSED])
def test_what_can_not_be_answered_is_one_message_before_the_work(
    region: SmallRegion, case: CaseTable, number: int, named: str, damage: Damage
) -> None:
    damage(region)
    with pytest.raises((CorridorsError, LayersError)) as caught:
        config = load_config(region.config)
        require_answerable(config, read_context(config))
    case.error(number, named, str(caught.value))


def test_one_place_under_three_ids_is_counted(region: SmallRegion, case: CaseTable) -> None:
    region.table("centres.csv", [{**place("C", f"Name {n}"), "id": f"c{n}"} for n in range(3)])
    (found,) = (one for one in read_context(load_config(region.config)).warnings if one.code == "places_at_one_spot")
    case.warning(130, "one centre under three ids", f"{found.count} ({found.share:.1%}). {found.effect}")
