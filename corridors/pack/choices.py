"""Chapters of a pack about choices: scenarios, what levels of funding buy, and services that places depend on."""

from collections.abc import Iterator

import pandas as pd

from corridors.pack.chapters import with_judgement
from corridors.pack.folders import LINES, PORTFOLIO, SCENARIO, Answered, PackFolders
from corridors.report.blocks.tables import LONGEST, Column, Layout, first_rows, records, table
from corridors.report.blocks.view import Absent, Block, Paragraph, Section
from corridors.report.blocks.wording import count, decimal, listed, percent, signed_count, signed_points, words
from corridors.report.scenarios.places import measure_words

_KPI = (
    Column("variant_name", "Definition", words, text=True),
    Column("people_within_base", "Meet it before", count),
    Column("people_within", "Meet it after", count),
    Column("people_within_change", "Change", signed_count),
    Column("share_base", "% before", percent),
    Column("share", "% after", percent, bar=True),
    Column("share_change", "Points", signed_points),
)
_BUDGETS = (
    Column("budget", "Budget", decimal),
    Column("candidates", "Best set found", words, text=True),
    Column("cost", "Cost", decimal),
    Column("people", "People who come to meet the test", signed_count),
    Column("gap_minutes", "Person-minutes of the gap closed", signed_count),
    Column("no_car_households", "Households without a car", signed_count),
    Column("most_deprived_fifth", "People of the most deprived fifth", signed_count),
    Column("sets", "Sets searched", count),
    Column("regret", "Second best gains less by", decimal),
)
_FRONTIER = (
    Column("point", "Point", words, text=True),
    Column("candidates", "Candidates", words, text=True),
    Column("cost", "Cost", decimal),
    Column("people", "People who come to meet the test", signed_count),
    Column("people_within_lowest", "Meet it, lowest timetable", count),
    Column("people_within_highest", "Meet it, highest timetable", count),
)
_JUDGED = (
    Column("point", "Point", words, text=True),
    Column("judged_on", "At", words, text=True),
    Column("gain", "Gain there", decimal),
    Column("people_within_base", "Meet the test before", count),
    Column("people_within", "Meet the test after", count),
)
_LINES = (
    Column("line", "Line", words, text=True),
    Column("operator", "Operator", words, text=True),
    Column("trips", "Trips a day", count),
    Column("vehicle_hours", "Vehicle-hours a day", decimal),
    Column("people_losing_test", "Lose the test", count),
    Column("people_losing_a_centre", "Lose a centre", count),
    Column("people_later", "A minute or more later", count),
    Column("people_only_service", "People whom it alone serves", count),
)
_LINE_GROUPS = (
    Column("line", "Line", words, text=True),
    Column("operator", "Operator", words, text=True),
    Column("group", "Group", words, text=True),
    Column("people_losing_test", "Lose the test", count),
    Column("people_losing_a_centre", "Lose a centre", count),
    Column("people", "People of the group", count),
)
_CANDIDATES = (
    Column("candidate", "Candidate", words, text=True),
    Column("title", "What it is", words, text=True),
    Column("origin", "From", words, text=True),
    Column("cost", "Cost", decimal),
    Column("cost_basis", "Cost is", words, text=True),
)
_HEADLINE = "headline"
_LOSSES = ["people_losing_test", "people_losing_a_centre"]
_OF_CENTRES = ("minutes_to_", "reach_share_")  # beginnings of measures of single centres
_OF_ENOUGH = ("minutes_to_needed", "minutes_to_nearest")


def scenarios(folders: PackFolders) -> tuple[Section, ...]:
    """What each scenario changes; none where none was given."""
    found = folders.of_kind(SCENARIO)
    if not found:
        return ()
    parts = tuple(
        Section(f"scenario_{number}", one.title, tuple(_of_scenario(one))) for number, one in enumerate(found, start=1)
    )
    intro = Paragraph(
        "Each scenario is answered by the same search as the base. Status and source are those that its file states."
    )
    return (Section("scenarios", "What would change it", (intro,), parts, starts_page=True),)


def _of_scenario(one: Answered) -> Iterator[Block]:
    for head in one.manifest.get("scenarios", ()):
        yield Paragraph(f"{head['title']}: {head['status']}; as of {head['as_of']}; source: {head['source']}.")
    kpi = one.tables["kpi"]
    chosen = kpi[kpi["variant"] == _HEADLINE] if "variant" in kpi else kpi.head(1)
    yield table(records(chosen), Layout("The headline before and after", _KPI, says_absent_columns=False))
    moved = one.tables["gainers_losers"]
    shown = moved[~moved["measure"].str.startswith(_OF_CENTRES) | moved["measure"].isin(_OF_ENOUGH)]
    gains = (
        Column("title", "Measure", words, text=True),
        Column("people_gaining", "Gain", count),
        Column("people_losing", "Lose", count),
        Column("people_unchanged", "Unchanged", count),
        Column("mean_gain_words", "Mean gain", words, text=True),
        Column("mean_loss_words", "Mean loss", words, text=True),
    )
    notes = ("Single centres stand in the workbook.",)
    layout = Layout("Gainers and losers, never a net figure alone", gains, notes, dense=True)
    yield with_judgement(table([measure_words(row) for row in records(shown)], layout))


def funding(folders: PackFolders) -> Section:
    """Bus connectivity by level of funding: the best sets found at each budget, and the frontier."""
    found = folders.of_kind(PORTFOLIO)
    blocks: list[Block] = [
        Paragraph(
            "The best network found at several levels of funding, by what people can reach; costs and objective are those of the "
            "portfolio's file. No set is recommended."
        )
    ]
    for one in found:
        blocks += _of_portfolio(one)
    if not found:
        blocks.append(
            Absent("No portfolio was given. corridors portfolio makes one; name its folder beside the run's.")
        )
    return Section("funding", "Bus connectivity by level of funding", tuple(blocks), starts_page=bool(found))


def _of_portfolio(one: Answered) -> Iterator[Block]:
    said, tables = one.manifest, one.tables
    how = (
        "all sets within the budgets were searched"
        if said.get("all_sets_searched")
        else "the best found, with no guarantee that it is the best"
    )
    objective = listed(
        [str(name).replace("_", " ") for name, weight in dict(said.get("objective", {})).items() if weight]
    )
    yield Paragraph(
        f"{one.title}: chosen for {objective or 'the objective of its file'}; costs in "
        f"{said.get('unit', 'the unit of its file')}; {count(said.get('sets_searched'))} sets, {how}."
    )
    yield with_judgement(
        table(records(tables["budgets"]), Layout("Levels of funding", _BUDGETS, says_absent_columns=False, dense=True)),
        "Chosen? (for people)",
    )
    every = tables["candidates"].drop_duplicates("candidate")
    yield table(records(every), Layout("Candidates", _CANDIDATES, says_absent_columns=False, dense=True))
    notes = ("Lowest and highest are the range over unknown timetables of headway services.",)
    yield table(
        records(tables["frontier"]),
        Layout("The frontier: no cheaper set gains as much", _FRONTIER, notes, says_absent_columns=False, dense=True),
    )
    if len(tables.get("judged", ())):
        yield table(
            records(tables["judged"]),
            Layout(
                "The same sets at hours that the search did not see", _JUDGED, says_absent_columns=False, dense=True
            ),
        )


def necessary_services(folders: PackFolders) -> Section:
    """Socially necessary services: what each line's withdrawal takes from whom."""
    found = folders.of_kind(LINES)
    blocks: list[Block] = [
        Paragraph(
            "The Bus Services Act 2025 asks local transport authorities to list socially necessary local services. Each line is "
            "withdrawn alone here and its passengers keep all others: who loses the test or a centre, and whom it alone serves. "
            "Whether a service is socially necessary is left blank."
        )
    ]
    for one in found:
        lines = one.tables["lines"].sort_values(
            [*_LOSSES, "people_only_service"],
            ascending=False,
            kind="stable",
            ignore_index=True,
        )
        layout = Layout("What depends on one line", _LINES, _cut(lines), says_absent_columns=False, dense=True)
        blocks.append(with_judgement(table(first_rows(lines), layout), "Socially necessary? (for people)"))
        groups = one.tables["groups"]
        losing = groups[groups["people_losing_test"] + groups["people_losing_a_centre"] > 0].sort_values(
            _LOSSES, ascending=False, kind="stable", ignore_index=True
        )
        layout = Layout(
            "Groups who lose by a line's withdrawal",
            _LINE_GROUPS,
            _cut(losing),
            says_absent_columns=False,
            dense=True,
        )
        blocks.append(
            table(first_rows(losing), layout)
            if len(losing)
            else Absent("No group loses the test or a centre by the withdrawal of one line.")
        )
    if not found:
        blocks.append(
            Absent("No withdrawals were given. corridors lines makes them; name their folder beside the run's.")
        )
    return Section("necessary_services", "Socially necessary services", tuple(blocks), starts_page=bool(found))


def _cut(frame: pd.DataFrame) -> tuple[str, ...]:
    """The note of a table that shows the first rows of a longer frame; none where it shows all."""
    return (f"The first {LONGEST} of {len(frame):,} rows; all stand in the workbook.",) if len(frame) > LONGEST else ()
