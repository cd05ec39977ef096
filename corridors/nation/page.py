"""The page of a run over many regions: the headline of each with its own centres, and what scenarios change."""

import pandas as pd

from corridors.config.run_config import RunConfig
from corridors.dates import day_words
from corridors.nation.answers import BASE
from corridors.nation.tables import ALL
from corridors.pipeline import region_of
from corridors.report.blocks.tables import Column, Layout, cut_note, first_rows, table
from corridors.report.blocks.view import Block, Bullets, Definitions, Paragraph, Report, Section
from corridors.report.blocks.wording import count, decimal, percent, plural, signed_count, words
from corridors.report.scenarios.view import marks

_LIMITS = (
    "A centre belongs to the region in which it lies; one outside all zones is nobody's own, and only nearest.",
    "Corridors, pilots, jobs, variants and ranks are those of a region: run it with a configuration of its own.",
    "Headway services of a scenario start at the beginning of their periods: the range over unknown timetables is not "
    "searched here.",
    "No demand, crowding or fares; timetable times, not observed ones.",
)


def page_of_nation(table_of_regions: pd.DataFrame, definition: dict[str, str], config: RunConfig) -> Report:
    """The page, from the table of regions and the definition of the headline in words."""
    region, base = region_of(config), table_of_regions[table_of_regions["scenario"] == BASE]
    sections = [Section("answer", "The headline by region", (_answer(base, config), _regions(base, config)))]
    if len(base) < len(table_of_regions):
        changes = _changes(table_of_regions, config)
        sections.append(Section("scenarios", "What scenarios change", (changes,)))
    sections += [
        Section("definition", "What is counted", (Definitions(tuple(definition.items())),)),
        Section("limits", "What this does not say", (Bullets(_LIMITS),)),
    ]
    return Report(
        title=f"Centres within reach, region by region: {region.name}",
        subtitle=f"Timetable of {day_words(config.timetable.date)}" + (f"; {region.note}" if region.note else ""),
        date=config.timetable.date,
        caution=region.caution,
        marks=marks(region),
        sections=tuple(sections),
    )


def _answer(base: pd.DataFrame, config: RunConfig) -> Block:
    every = base[base["region"] == ALL].iloc[0]
    k, cutoff = config.kpi.centres_at_least, f"{config.kpi.cutoff_min:g} minutes"
    bare = int((base.loc[base["region"] != ALL, "centres"] < k).sum())
    lie = f"{plural(bare, 'region', 'regions')} {'holds' if bare == 1 else 'hold'} fewer than {k} centres"
    without = f" {lie}: there it can't be asked." if bare else ""
    return Paragraph(
        f"{percent(every['share'])} of {residents_asked(every, k)} reach {k} or more centres of their own region within "
        f"{cutoff}, and {percent(every['share_any'])} of all residents as many of any region.{without} "
        f"{percent(every['share_nearest_across'])} of all residents have their nearest centre in another region."
    )


def residents_asked(every: "pd.Series[float]", k: int) -> str:
    """Of whom the share of a row of regions is: all residents, or those whose region has `k` centres."""
    if every["people_asked"] == every["people"]:
        return f"{count(every['people'])} residents"
    return f"the {count(every['people_asked'])} residents of regions with {k} or more centres"


def _regions(base: pd.DataFrame, config: RunConfig) -> Block:
    k = config.kpi.centres_at_least
    ordered = base[base["region"] != ALL].sort_values(["share", "region"], kind="stable", ignore_index=True)
    layout = Layout(
        f"Residents who reach {k} or more centres within {config.kpi.cutoff_min:g} minutes; the lowest shares first",
        (
            Column("region_name", "Region", words, text=True),
            Column("people", "Residents", count),
            Column("centres", "Centres in it", count),
            Column("share", "Reach enough of its own", percent, bar=True),
            Column("share_any", "Reach enough of any region", percent),
            Column("share_nearest_across", "Nearest centre is in another region", percent),
            Column("mean_nearest_min", "Minutes to the nearest, mean of those who reach one", decimal),
            Column("people_reaching_none", "Reach none", count),
        ),
        notes=cut_note(ordered, "regions"),
        dense=True,
    )
    return table(first_rows(ordered), layout)


def _changes(table_of_regions: pd.DataFrame, config: RunConfig) -> Block:
    """People who meet the test in each scenario and region, beside the base; regions without a change are left out."""
    key = ["region", "region_name"]
    base = table_of_regions[table_of_regions["scenario"] == BASE].set_index(key)
    others = table_of_regions[table_of_regions["scenario"] != BASE].set_index(key)
    before = base.loc[others.index]
    changed = others.assign(
        change=others["people_within"].to_numpy() - before["people_within"].to_numpy(),
        change_any=others["people_within_any"].to_numpy() - before["people_within_any"].to_numpy(),
    ).reset_index()
    shown = changed[(changed["region"] == ALL) | (changed["change"].fillna(0) != 0) | (changed["change_any"] != 0)]
    layout = Layout(
        f"Residents who reach {config.kpi.centres_at_least} or more centres, scenario less base",
        (
            Column("scenario", "Scenario", words, text=True),
            Column("region_name", "Region", words, text=True),
            Column("people_within", "With its own centres", count),
            Column("change", "more (+) or fewer (-)", signed_count),
            Column("people_within_any", "With any region's", count),
            Column("change_any", "more (+) or fewer (-)", signed_count),
        ),
        notes=cut_note(shown, "rows"),
        dense=True,
    )
    return table(first_rows(shown.reset_index(drop=True)), layout)
