"""Zones of two runs, or of a region before and after: indicators in pairs on one scale, and the changes between them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from corridors.catalogue.measure import Measure
from corridors.catalogue.measures import PEOPLE
from corridors.webmap.indicators import indicators_of
from maps import SECOND_RUN, HeadlineTest, Indicator, Kind, MapClass, Scale, scale_for


class Sides(NamedTuple):
    """What is compared, in words: the group of the changes, and where each side's figures hold ("in the second run")."""

    group: str
    first: str
    second: str

    @property
    def tests(self) -> tuple[tuple[str, str], ...]:
        """(words, colour) of who gains and loses the test: gained, lost, met by both, met by neither."""
        return (
            (f"Gained: meets the test {self.second} only", "#01665e"),
            (f"Lost: meets the test {self.first} only", "#8c510a"),
            ("Meets the test in both", "#c6dbef"),
            ("Meets the test in neither", "#ededed"),
        )


def paired_zones(
    a: gpd.GeoDataFrame,
    b: gpd.GeoDataFrame,
    centres: "pd.Series[str]",
    sides: Sides,
    test: HeadlineTest,
    measures: Sequence[Measure],
) -> tuple[gpd.GeoDataFrame, list[Indicator]]:
    """Zones of the first run with the second's figures beside, and the indicators: pairs on one scale, then changes."""
    both = pd.concat([pd.DataFrame(a.drop(columns="geometry")), pd.DataFrame(b.drop(columns="geometry"))])
    indicators: list[Indicator] = []
    beside = {}
    for indicator in indicators_of(both, centres, pd.DataFrame(), test, measures):
        scale = indicator.scale or scale_for(both[indicator.column], indicator.kind, indicator.unit, test)
        if indicator.column not in a or indicator.column not in b:
            continue
        if indicator.group == PEOPLE:  # who lives there is no finding of a run: as the first has it
            indicators.append(replace(indicator, scale=scale, in_table=False))
            continue
        column = f"{indicator.column}{SECOND_RUN}"
        beside[column] = b[indicator.column]
        indicators.append(replace(indicator, scale=scale, pair=column))
        indicators.append(replace(indicator, scale=scale, column=column))
    changes = list(_changes(a, b, sides, test, measures))
    beside |= {indicator.column: values for indicator, values in changes}
    return a.assign(**beside), [*indicators, *(indicator for indicator, _ in changes)]


def _changes(
    a: pd.DataFrame, b: pd.DataFrame, sides: Sides, test: HeadlineTest, measures: Sequence[Measure]
) -> Iterator[tuple[Indicator, pd.Series]]:
    if "meets_kpi" in a and "meets_kpi" in b:
        before, after = a["meets_kpi"].astype(bool), b["meets_kpi"].astype(bool)
        words = pd.Series(sides.tests[3][0], index=a.index)
        for number, where in enumerate((after & ~before, before & ~after, before & after)):
            words[where] = sides.tests[number][0]
        classes = tuple(
            MapClass(text, colour, n, n + 1, hatched=text.startswith("Lost"))
            for n, (text, colour) in enumerate(sides.tests)
        )
        scale = Scale("category", "", classes, categories=tuple(text for text, _ in sides.tests))
        yield (
            Indicator(
                "change_meets_kpi", "Who gains and who loses the test", "category", group=sides.group, scale=scale
            ),
            words,
        )
    note = f"Brown is worse {sides.second}, green is better. No figure where a place is out of reach in either."
    kind: Kind = "change"
    for one in measures:
        column, change = one.column, one.change
        if change and column in a and column in b:
            gain = change.better * (b[column] - a[column])
            yield (
                Indicator(
                    f"change_{column}",
                    test.worded(change.title),
                    kind,
                    change.unit,
                    sides.group,
                    note=note,
                    in_table=True,
                ),
                gain,
            )
