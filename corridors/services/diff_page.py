"""The page of `corridors diff`: which lines came, went and changed, and who gains and who loses."""

import pandas as pd

from corridors.config.run_config import RunConfig
from corridors.dates import day_words
from corridors.pipeline import region_of
from corridors.report.blocks.tables import Column, Layout, cut_note, first_rows, records, table
from corridors.report.blocks.view import Block, Bullets, Paragraph, Report, Section
from corridors.report.blocks.wording import count, decimal, percent, signed_count, words
from corridors.report.scenarios.layouts import ENTERING, GAINING, LEAVING, LOSING, MEMBERS_GAINING, MEMBERS_LOSING
from corridors.report.scenarios.view import marks
from corridors.services.changes import CAME, CHANGED, SAME, WENT, Side
from corridors.services.gains import WhoGains

_LIMITS = (
    "A line is a number of one operator; where the operator changed, a line of the same number with half of its stops or more.",
    "A line has changed if a departure, its duration or a stop is another. Days are of the week in which most trips run on a "
    "Tuesday, in each timetable by itself.",
    "A line that is registered twice for a day counts once: the larger registration.",
    "No demand, crowding or fares.",
)


def page_of_changes(
    before: Side, after: Side, lines: pd.DataFrame, gains: WhoGains | None, config: RunConfig | None
) -> Report:
    """The page of two timetables compared; `gains` and `config` where a configuration was given."""
    region = region_of(config) if config else None
    sections = [Section(f"lines-{day}", f"Lines: {day}", _of_day(day, lines)) for day in dict.fromkeys(lines["day"])]
    found = (_gains(gains),) if gains else ()
    return Report(
        title=f"{after.name} compared with {before.name}",
        subtitle="; ".join(
            f"{name}: {day_words(day)} and {day_words(after.days[name])}"
            for name, day in before.days.items()
            if name in after.days
        ),
        date=next(iter(after.days.values())),
        caution=region.caution if region else "",
        marks=marks(region) if region else (),
        sections=(*found, *sections, Section("limits", "What this does not say", (Bullets(_LIMITS),))),
    )


def _of_day(day: str, lines: pd.DataFrame) -> tuple[Block, ...]:
    own = lines[lines["day"] == day]
    counts = own["change"].value_counts()
    numbers = [f"{int(counts.get(name, 0)):,} {name}" for name in (CAME, WENT, CHANGED, SAME)]
    other = own[own["change"] != SAME]
    layout = Layout(
        f"Lines that differ: {day}",
        (
            Column("line", "Line", words, text=True),
            Column("change", "Change", words, text=True),
            Column("operator_a", "Operator before", words, text=True),
            Column("operator_b", "after", words, text=True),
            *(
                Column(f"{figure}_{suffix}", f"{title}{when}", wording)
                for figure, title, wording in (
                    ("trips", "Trips ", count),
                    ("headway_min", "Minutes between departures ", decimal),
                    ("run_min", "Run time, min ", decimal),
                    ("stops", "Stops ", count),
                )
                for suffix, when in (("a", "before"), ("b", "after"))
            ),
        ),
        notes=cut_note(other, "lines"),
        dense=True,
    )
    if not len(other):
        return (Paragraph(f"No line differs: {len(own):,} lines are the same."),)
    return Paragraph(f"Lines: {', '.join(numbers)}."), table(first_rows(other), layout)


def _gains(gains: WhoGains) -> Section:
    layout = Layout(
        "People who gain and lose a minute or more to the last centre needed",
        (
            Column("place", "Place", words, text=True),
            GAINING,
            LOSING,
            ENTERING,
            LEAVING,
        ),
        dense=True,
    )
    groups = Layout(
        "The same by group of people",
        (Column("group", "Group", words, text=True), MEMBERS_GAINING, MEMBERS_LOSING, ENTERING, LEAVING),
        notes=("A group's members are taken to have their zone's access.",),
        dense=True,
    )
    change = gains.after.people_within - gains.before.people_within
    answer = Paragraph(
        f"{percent(gains.before.share)} of residents meet the test with the first timetable, {percent(gains.after.share)} with "
        f"the second: {signed_count(change)} people."
    )
    kinds = gains.by_place[gains.by_place["place_kind"].isin(["region", "district", "corridor", "pilot"])]
    named = kinds.assign(place=kinds["place"] + " (" + kinds["place_kind"] + ")")
    hidden = (Paragraph(one.effect) for one in gains.warnings)
    blocks: tuple[Block, ...] = (answer, *hidden, table(records(named), layout), table(records(gains.groups), groups))
    return Section("gains", "Who gains and who loses", blocks)
