"""Who gains and who loses by one timetable instead of another, in a configuration's region."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from accessibility import Feed, build_timetable
from corridors.access.unreached import search_end_warnings
from corridors.catalogue.cutoff_names import worded_titles
from corridors.config.run_config import RunConfig
from corridors.inputs.timetables import as_configured
from corridors.pipeline import Stage
from corridors.results import Kpi, Provenance, RunWarning
from corridors.scenarios.answers import full_answer
from corridors.scenarios.differences import Comparison, by_place, gainers_losers, groups_table, kpi_table
from corridors.scenarios.worlds import read_base


@dataclass(frozen=True)
class WhoGains:
    """The tables of a scenario (`ScenarioTables`) that need no edits, and the headline before and after."""

    before: Kpi
    after: Kpi
    kpi: pd.DataFrame
    by_place: pd.DataFrame
    gainers_losers: pd.DataFrame
    groups: pd.DataFrame
    provenance: tuple[Provenance, ...]
    warnings: tuple[RunWarning, ...] = ()  # that the search hides what lies beyond the cutoff

    def items(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """(name, table) of every table."""
        return ((name, getattr(self, name)) for name in ("kpi", "by_place", "gainers_losers", "groups"))


def who_gains(config: RunConfig, before: Sequence[Path], after: Feed, stage: Stage) -> WhoGains:
    """The configuration's region with the feeds `before` and with the feed `after`, on the configuration's date.

    Raises as a run does, and `ServiceDateError` where no trip of one of them runs on the date.
    """
    section = config.timetable.model_copy(update={"feeds": list(before)})
    own = config.model_copy(update={"timetable": section})
    base = read_base(own, stage)
    with stage("building the second timetable"):
        second = as_configured(after, section.date, section)  # as `read_base` has the first
        network = replace(base.network, timetable=build_timetable(second, section.date))
    first = full_answer(own, base.context, base.network, stage, "first")
    comparison = Comparison(first, full_answer(own, base.context, network, stage, "second", beside=first))
    measures, test = own.measures, comparison.base.kpi.test
    return WhoGains(
        before=comparison.base.kpi,
        after=comparison.scenario.kpi,
        kpi=kpi_table(comparison),
        by_place=by_place(comparison, measures),
        gainers_losers=worded_titles(gainers_losers(comparison, measures), test),
        groups=groups_table(comparison),
        provenance=base.context.provenance + base.network.provenance,
        warnings=search_end_warnings(first.access, base.context.values["population"], comparison.scenario.access),
    )
