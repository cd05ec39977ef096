"""Pages of `corridors lines`: tables that are read without a script, and what the figures do not say."""

from dataclasses import replace

import pandas as pd

from corridors.config.run_config import RunConfig
from corridors.dates import day_words
from corridors.pipeline import region_of
from corridors.report.blocks.tables import Column, Layout, cut_note, first_rows, table
from corridors.report.blocks.view import Block, Bullets, Cell, Heading, Paragraph, Report, Section, Table
from corridors.report.blocks.wording import count, decimal, words
from corridors.report.scenarios.view import marks
from corridors.services.withdrawals import MOST_PAIRS, Withdrawals

_LINE = (Column("line", "Line", words, text=True), Column("operator", "Operator", words, text=True))


def page_of_lines(found: Withdrawals, config: RunConfig) -> Report:
    """The page of the withdrawals, in reading order."""
    region, test = region_of(config), _test_words(config)
    harmless = int((_losing(found.lines) == 0).sum())
    answer = Paragraph(
        f"Of {len(found.lines):,} lines that run on the day, {harmless:,} can be withdrawn one at a time without anyone losing "
        f"{test}, a centre or another destination of this configuration. {found.people_within:,.0f} of {found.people:,.0f} "
        "residents meet the test with all lines."
    )
    return Report(
        title=f"Each line withdrawn in turn: {region.name}",
        subtitle=f"Timetable of {day_words(config.timetable.date)}" + (f"; {region.note}" if region.note else ""),
        date=config.timetable.date,
        caution=region.caution,
        marks=marks(region),
        sections=(
            Section("answer", "What depends on one line", (answer, _lines_table(found, config))),
            Section("groups", "Whose losses they are", (_groups_table(found),)),
            Section("pairs", "Harmless alone, not together", _pairs(found)),
            Section("limits", "What this does not say", (Bullets(_limits(test)),)),
        ),
    )


def _test_words(config: RunConfig) -> str:
    return f"the test ({config.kpi.centres_at_least} or more centres within {config.kpi.cutoff_min:g} minutes)"


def _losing(lines: pd.DataFrame) -> pd.Series:
    """The most people who lose one thing by each line."""
    return lines[[name for name in lines if str(name).startswith("people_losing_")]].max(axis=1)


def _lines_table(found: Withdrawals, config: RunConfig) -> Block:
    layout = Layout(
        "People who lose by each line's withdrawal",
        (
            *_LINE,
            Column("trips", "Trips a day", count),
            Column("vehicle_hours", "Vehicle-hours a day", decimal),
            Column("people_losing_test", "People who lose the test", count),
            Column("people_losing_a_centre", "People who lose a centre", count),
            *(
                Column(f"people_losing_{kind.id}", f"People who lose: {kind.title}", count)
                for kind in config.kinds_of_destination
            ),
            Column("people_later", "People a minute or more later at the last centre needed", count),
            Column("people_only_service", "People of zones that it alone serves", count),
        ),
        notes=cut_note(found.lines, "lines"),
        says_absent_columns=False,
        dense=True,
    )
    made = table(first_rows(found.lines), layout)
    return _with_blank(made) if isinstance(made, Table) else made


def _with_blank(made: Table) -> Table:
    """The table with a column for officers to fill in."""
    rows = tuple(replace(row, cells=(*row.cells, Cell("", blank=True))) for row in made.rows)
    return replace(made, headings=(*made.headings, Heading("Material? (for officers)")), rows=rows)


def _groups_table(found: Withdrawals) -> Block:
    losing = found.groups[found.groups["people_losing_test"] + found.groups["people_losing_a_centre"] > 0]
    ordered = losing.sort_values(
        ["people_losing_test", "people_losing_a_centre"], ascending=False, kind="stable", ignore_index=True
    )
    layout = Layout(
        "People of groups who lose by a line's withdrawal",
        (
            *_LINE,
            Column("group", "Group", words, text=True),
            Column("people_losing_test", "Lose the test", count),
            Column("people_losing_a_centre", "Lose a centre", count),
            Column("people", "People of the group", count),
        ),
        notes=("A group's members are taken to have their zone's access.", *cut_note(ordered, "groups")),
        dense=True,
    )
    return table(first_rows(ordered), layout)


def _pairs(found: Withdrawals) -> tuple[Block, ...]:
    how = Paragraph(
        f"Lines whose withdrawal alone takes the test, a centre or another destination from nobody make {found.pairs_possible:,} "
        "pairs that people who meet the test can both walk to. The pairs that most such people share were withdrawn together, "
        f"at most {MOST_PAIRS:,}: {found.pairs_searched:,} here. Their answer is exact; of the other pairs nothing is said."
    )
    layout = Layout(
        "Pairs that take something from somebody together",
        (
            Column("line_a", "Line", words, text=True),
            Column("operator_a", "Operator", words, text=True),
            Column("line_b", "and line", words, text=True),
            Column("operator_b", "Operator", words, text=True),
            Column("people_losing_test", "People who lose the test", count),
            Column("people_losing_a_centre", "People who lose a centre", count),
        ),
        notes=cut_note(found.pairs, "pairs"),
        dense=True,
    )
    if not len(found.pairs):
        return how, Paragraph("None of the pairs searched takes anything from anybody.")
    return how, table(first_rows(found.pairs), layout)


def _limits(test: str) -> tuple[str, ...]:
    return (
        "Whether a loss is material is for officers: the column is left empty.",
        f"Access is that of the median departure: a person loses {test}, a centre or another destination where the median "
        "departure made it before and no longer does.",
        "A line is a number of one operator; trips that two feeds both have count once.",
        "A zone is alone served by a line where people can walk to no other that leaves in the time searched.",
        "No demand, crowding or fares; the other lines stay as they are.",
    )
