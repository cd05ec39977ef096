"""The report's page on other hours: its sentences follow the tables and the configuration, and there is none without them."""

from dataclasses import replace

import pandas as pd

from corridors.catalogue.periods import ONLY_THEN, OtherHours, Period
from corridors.report import view_report
from corridors.report.blocks.view import Section, Table
from corridors.report.hours.page import other_hours
from corridors.results import Results
from tests.corridors import fake_results as fake
from tests.corridors.report.report_text import section_texts

PERIODS = (
    Period("late", "Late shift", "weekday", "20:00", "23:00"),
    Period("market", "Market day", "saturday", "08:00", "12:00"),
)
PERIOD_ROWS = [
    ("late", "Late shift", "weekday", "2026-03-24", "20:00", "23:00", 1000.0, 100.0, 0.1, 300.0, 0.0),
    ("market", "Market day", "saturday", "2026-03-28", "08:00", "12:00", 1000.0, 250.0, 0.25, 150.0, 12.0),
]
PERIOD_COLUMNS = [
    *("period_id", "period", "days", "date", "start", "end", "people", "people_within", "share"),
    *("people_only_at_headline", "people_only_then"),
]


def with_hours(hours: int = 4) -> Results:
    run = fake.fake_results()
    by_hour = [(f"{20 + n}:00", f"{21 + n}:00", "2026-03-24", 400.0 - 100 * n, 0.4 - 0.1 * n) for n in range(hours)]
    by_place = [
        (one.id, one.title, kind, "p1", "The Place", False, 50.0, 5.0, share)
        for kind in ("corridor", "pilot")
        for one, share in zip(PERIODS, (0.1, 0.2), strict=True)
    ]
    tables = replace(
        run.tables,
        periods=pd.DataFrame(PERIOD_ROWS, columns=PERIOD_COLUMNS),
        periods_by_place=pd.DataFrame(
            by_place,
            columns=[
                *("period_id", "period", "place_kind", "place_id", "place", "suppressed"),
                *("people", "people_within", "share"),
            ],
        ),
        hours=pd.DataFrame(by_hour, columns=["start", "end", "date", "people_within", "share"]),
        way_back=pd.DataFrame(
            [("08:30", "21:15", "2026-03-24", 1000.0, 420.0, 300.0, 260.0, 0.26)],
            columns=[
                *("there_by", "home_after", "date", "people", "people_there", "people_home", "people_both", "share"),
            ],
        ),
    )
    zones = run.zones.assign(**{ONLY_THEN: [True, *[False] * (len(run.zones) - 1)]})
    return replace(run, tables=tables, zones=zones, other_hours=OtherHours(PERIODS, "08:30", ("21:15",)))


def section_of(results: Results) -> Section:
    (section,) = other_hours(results)
    return section


def test_sentences_are_made_from_the_tables_and_the_configuration() -> None:
    results = with_hours()
    words = " ".join(section_texts(section_of(results)))
    assert "leave between 20:00 and 21:00 (40.0 %), fewest between 23:00 and 24:00 (10.0 %)" in words
    assert "The Saturday asked about is Saturday 28 March 2026" in words
    assert "For a working day" not in words  # it is the run's own date
    first = results.zones["population"].iloc[0]
    assert f"{first:,.0f} residents" in words
    assert "be in 3 centres by 08:30" in words
    assert "Of them 260 are home in time after 21:15." in words
    assert not any(hour in words for hour in ("17:30", "09:00 and"))


def test_places_have_a_column_for_each_period() -> None:
    (periods, _) = section_of(with_hours()).sections
    captions = [block.caption for block in periods.blocks if isinstance(block, Table)]
    assert captions == [
        "The headline by period",
        "% of residents who meet the test, corridors by period",
        "% of residents who meet the test, pilots by period",
    ]
    by_corridor = next(block for block in periods.blocks if isinstance(block, Table) and "corridors" in block.caption)
    assert [heading.title for heading in by_corridor.headings] == ["Place", "Late shift", "Market day"]
    assert [cell.text for cell in by_corridor.rows[0].cells] == ["The Place", "10.0 %", "20.0 %"]


def test_equal_hours_are_not_ranked_and_two_hours_make_no_curve() -> None:
    results = with_hours(2)
    hours = results.tables.hours
    assert hours is not None
    equal = replace(results, tables=replace(results.tables, hours=hours.assign(share=0.3)))
    section = section_of(equal)
    assert "the share is 30.0 % in every hour asked about" in " ".join(section_texts(section))
    assert all(block.kind != "figure" for block in section.blocks)
    assert any(block.kind == "figure" for block in section_of(with_hours()).blocks)


def test_a_run_that_asked_for_no_other_hours_has_no_such_page() -> None:
    assert other_hours(fake.fake_results()) == ()
    assert "hours" not in [section.id for section in view_report(fake.fake_results()).sections]
    assert "hours" in [section.id for section in view_report(with_hours()).sections]
