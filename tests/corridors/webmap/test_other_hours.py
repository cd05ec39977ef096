"""What the map has of other hours: an indicator with a slider of hours and one of periods, in the headline's classes."""

from dataclasses import replace

import pandas as pd

from corridors.results import Results
from corridors.webmap.build import render_map
from tests.corridors.report.test_other_hours import PERIODS, with_hours
from tests.corridors.webmap.test_build import payload_of, results_with


def with_zones() -> Results:
    """Four hours in which minutes grow by ten, and two periods; the headline's window begins in the second hour."""
    told, run = with_hours(), results_with()
    ids = run.zones.index
    by_hour = pd.DataFrame({f"needed_minutes_at_{20 + n}00": 30.0 + 10 * n for n in range(4)}, index=ids)
    zones = run.zones.assign(**{one.minutes: 50.0 for one in PERIODS})
    tables = replace(told.tables, zones_by_hour=by_hour.rename_axis("zone_id").reset_index())
    definition = {**run.kpi.definition, "window": "every instant of 21:30-22:30"}
    kpi = replace(run.kpi, definition=definition)
    return replace(run, zones=zones, tables=tables, kpi=kpi, other_hours=told.other_hours)


def test_the_slider_has_every_hour_and_every_period_with_its_share() -> None:
    payload = payload_of(render_map(with_zones()))
    by_hour, by_period = payload["series"]
    assert [step["key"] for step in by_hour["steps"]] == ["2000", "2100", "2200", "2300"]
    assert by_hour["start"] == 1
    assert by_hour["steps"][0]["words"] == "Leaving 20:00 to 21:00: 40.0 % of residents meet the test"
    assert [step["words"] for step in by_period["steps"]] == [
        "Late shift (working day, 20:00 to 23:00): 10.0 % of residents meet the test",
        "Market day (Saturday, 08:00 to 12:00): 25.0 % of residents meet the test",
    ]
    (indicator,) = (one for one in payload["indicators"] if one["column"] == by_hour["indicator"])
    assert indicator["values"] == by_hour["steps"][1]["values"]
    classes = [indicator["classes"][step["classOf"][0]]["label"] for step in by_hour["steps"]]
    assert classes == ["Over 15 to 30", "Over 30 to 45", "Over 45 to 60", "Over 45 to 60"]


def test_a_map_without_other_hours_holds_no_word_of_them() -> None:
    page = render_map(results_with())
    assert "series" not in payload_of(page)
    assert "planner.buildSeries" not in page
    assert "planner.buildSeries" in render_map(with_zones())
