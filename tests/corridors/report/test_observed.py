"""The report's page on observed days: its sentences follow the tables, coverage stands beside every share, none without days."""

from dataclasses import replace

import pandas as pd

from corridors.catalogue.observed import AS_TIMETABLED, WAYS, ObservedDays
from corridors.report import view_report
from corridors.report.blocks.view import Section, Table
from corridors.report.observed.page import on_observed_days
from corridors.results import Results
from tests.corridors import fake_results as fake
from tests.corridors.report.report_text import section_texts

DAYS = {"2026-03-24": (0.3, 0.25), "2026-03-25": (0.3, 0.21)}


def with_days(days: dict[str, tuple[float, float]] | None = None, *, synthetic: bool = False) -> Results:
    run, chosen = fake.fake_results(), DAYS if days is None else days
    rows = [
        {
            "date": date, "observation": f"{date}.zip", "synthetic": synthetic, "trips": 200, "trips_matched": 150,
            "trips_matched_share": 0.75, "calls_matched_share": 0.7, "trips_added": 3, "median_delay_s": -90.0,
            "late_delay_s": 300.0, "unmatched": way, "people": 1000.0, "people_within_timetabled": 1000 * timetabled,
            "people_within_observed": 1000 * observed, "share_timetabled": timetabled,
            "share_observed": observed - 0.01 * number, "people_only_timetabled": 60.0, "people_only_observed": 10.0,
        }
        for date, (timetabled, observed) in chosen.items()
        for number, way in enumerate(WAYS)
    ]  # fmt: skip
    places = [("corridor", "p1", "The Place", False, way, 2, 0.75, 50.0, 0.4, 0.35, 0.31, 0.39) for way in WAYS]
    place_columns = [
        *(
            "place_kind",
            "place_id",
            "place",
            "suppressed",
            "unmatched",
            "observed_days",
            "trips_matched_share",
            "people",
        ),
        *("share_timetabled", "share_observed", "share_observed_lowest", "share_observed_highest"),
    ]
    lines = pd.DataFrame([("51", "The Operator", "bus", 40, 30, 0.75, 60.0, 240.0)], columns=[
        *("line", "operator", "mode", "trips", "trips_matched", "trips_matched_share", "median_delay_s", "late_delay_s"),
    ])  # fmt: skip
    tables = replace(
        run.tables,
        observed_days=pd.DataFrame(rows),
        observed_by_place=pd.DataFrame(places, columns=place_columns),
        observed_lines=lines,
    )
    met = [0.5, 1.0, *[0.0] * (len(run.zones) - 2)]
    zones = run.zones.assign(observed_days_share=met, timetabled_days_share=[1.0, 1.0, *[0.0] * (len(met) - 2)])
    return replace(run, tables=tables, zones=zones, observed=ObservedDays(tuple(chosen), synthetic))


def section_of(results: Results) -> Section:
    (section,) = on_observed_days(results)
    return section


def test_sentences_are_made_from_the_tables() -> None:
    results = with_days()
    words = " ".join(section_texts(section_of(results)))
    assert "30.0 % of residents meet the test by the timetable and 23.0 % as observed, −7.0 percentage points" in words
    assert "75.0 % of the 400 trips in the headline's hours were matched" in words
    assert "The lowest day was Wednesday 25 March 2026 (21.0 %), the highest Tuesday 24 March 2026 (25.0 %)" in words
    first, second = results.zones["population"].iloc[:2]
    assert f"{second:,.0f} residents live in areas that met the test on every observed day" in words
    assert f"{first:,.0f} live in areas that meet it by the timetable on every one of these days" in words
    assert "by rule" not in words
    assert "They were made by rule, not observed." in " ".join(section_texts(section_of(with_days(synthetic=True))))


def test_coverage_stands_beside_every_share() -> None:
    section = section_of(with_days())
    blocks = [*section.blocks, *(block for part in section.sections for block in part.blocks)]
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [one.caption.split(",")[0].split(":")[0] for one in tables] == [
        "The headline by day", "What the trips that were not matched change", "Corridors",
        "Lines with the most trips in the headline's hours",
    ]  # fmt: skip
    for one in tables:
        titles = [heading.title for heading in one.headings]
        assert "Trips matched" in titles
        assert all(row.cells[titles.index("Trips matched")].text == "75.0 %" for row in one.rows)
    ways = [[cell.text for cell in row.cells] for row in tables[1].rows]
    assert ways == [
        ["run as timetabled", "75.0 %", "30.0 %", "23.0 %", "−7.0"],
        ["did not run", "75.0 %", "30.0 %", "22.0 %", "−8.0"],
        ["left out of both", "75.0 %", "30.0 %", "21.0 %", "−9.0"],
    ]
    assert tables[0].rows[0].cells[-2].text == "−1.5"


def test_one_day_is_neither_the_lowest_nor_a_mean() -> None:
    words = " ".join(section_texts(section_of(with_days({"2026-03-24": (0.3, 0.3)}))))
    assert (
        "On Tuesday 24 March 2026, 30.0 % of residents meet the test by the timetable and 30.0 % as observed, 0"
        in words
    )
    assert "lowest day was" not in words


def test_a_run_without_observed_days_has_no_such_page() -> None:
    assert on_observed_days(fake.fake_results()) == ()
    assert "observed" not in [section.id for section in view_report(fake.fake_results()).sections]
    assert "observed" in [section.id for section in view_report(with_days()).sections]
    assert with_days().tables.observed_days is not None and AS_TIMETABLED in WAYS
