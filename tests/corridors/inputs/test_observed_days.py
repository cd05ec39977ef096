"""Bad observed data: each kind ends in one clear error, in a run and in `corridors check`; and thin data in a warning."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import pandas as pd
import pytest

from corridors.checks import check_inputs
from corridors.config.run_config import load_config
from corridors.errors import ConfigError, CorridorsError
from corridors.inputs.read import read_network_and_feed
from layers import LayersError
from tests.corridors.access.observed.test_answers import THURSDAY, later, observe
from tests.support.feeds import FeedText, feed_text, route, service, stop, trip
from tests.support.small_region import SmallRegion, good_feed

DAY = THURSDAY.strftime("%Y%m%d")
ROW = {"line": "north", "stop": "A", "hour": 7, "delay_s": 60}


@dataclass(frozen=True)
class Bad:
    """A kind of bad data: what writes it, how the configuration names it, and words of the one error."""

    words: str
    entry: str
    write: Callable[[SmallRegion], object] = str


def feed(text: Callable[[], FeedText], name: str = "ran.zip") -> Callable[[SmallRegion], object]:
    return lambda region: text().zip(region.path(name))


def table(*rows: dict[str, object]) -> Callable[[SmallRegion], object]:
    return lambda region: region.table("delays.csv", rows)


def on_thursday(*trips: object, **more: object) -> FeedText:
    return feed_text(*trips, calendar=(service("WK", "1111111", DAY, DAY),), **more)  # type: ignore[arg-type]


def raw(name: str, content: bytes) -> Callable[[SmallRegion], object]:
    return lambda region: region.path(name).write_bytes(content)


BAD = {
    "no feed but text": Bad("observed[0]: ", '"ran.zip"', raw("ran.zip", b"not a zip at all")),
    "a feed cut short": Bad(
        "stop_times.txt is missing", '"ran.zip"', feed(lambda: later(0, THURSDAY).without("stop_times.txt"))
    ),
    "several days without a date": Bad("say which one ran so: date =", '"ran.zip"', feed(good_feed)),
    "a day on which the observed feed has nothing": Bad(
        "observed[0]: no trip runs on Saturday 2026-03-28",
        '{ feeds = ["ran.zip"], date = 2026-03-28 }',
        feed(good_feed),
    ),
    "a day that the timetable does not have": Bad(
        "observed[0]: an observed day is compared with the timetable of that day: no trip runs on Friday 2027-03-26",
        '"ran.zip"',
        feed(
            lambda: feed_text(
                trip("N", "A 08:00 | B 08:05", route="north"), calendar=(service("WK", "1111111", "20270326", "20270326"),)
            )
        ),
    ),
    "another region's stops": Bad(
        "no stop_id of the observed feed is one of the timetable: it has X, Y",
        '"ran.zip"',
        feed(lambda: on_thursday(trip("N", "X 08:00 | Y 08:05", route="north"), stops=[stop("X", 52.4, -1.9)])),
    ),
    "other lines": Bad(
        "no line of the observed feed is one of the timetable: it has 99",
        '"ran.zip"',
        feed(lambda: on_thursday(trip("N", "A 08:00 | B 08:05", route="99"))),
    ),
    "times of another time zone": Bad(
        "is near a trip of the same line in the timetable; is the date right, and are its times local ones?",
        '"ran.zip"',
        feed(lambda: on_thursday(trip("x", "A 20:00 | B 20:05", route="north"))),
    ),
    "two sources for one day": Bad(
        "observed[1]: 2026-03-26 is also the day of ran.zip",
        '"ran.zip", "delays.csv"',
        lambda region: (
            later(0, THURSDAY).zip(region.path("ran.zip")),
            region.table("delays.csv", [{"date": "2026-03-26", **ROW}]),
        ),
    ),
    "a table without delays": Bad(
        "delays.csv has no column 'delay_s'; it has line, stop, hour, delay",
        '"delays.csv"',
        table({"line": "north", "stop": "A", "hour": 7, "delay": 60}),
    ),
    "a column that is named and not there": Bad(
        "has no column 'LineRef'", '{ delays = "delays.csv", columns = { line = "LineRef" } }', table(ROW)
    ),
    "words for delays": Bad(
        "column delay_s is to hold numbers of seconds; 1 row(s) do not (late)", '"delays.csv"', table({**ROW, "delay_s": "late"})
    ),
    "milliseconds": Bad("at most 21,600 late and 3,600 early", '"delays.csv"', table({**ROW, "delay_s": 60_000})),
    "an hour that no day has": Bad("column hour is to hold whole hours of 0 to 47", '"delays.csv"', table({**ROW, "hour": 48})),
    "a time for an hour": Bad("column hour is to hold whole hours of 0 to 47", '"delays.csv"', table({**ROW, "hour": "07:30"})),
    "a date that is none": Bad("column date is to hold days such as 2026-03-24", '"delays.csv"', table({**ROW, "date": "26th"})),
    "a stop left blank": Bad("column stop is to hold filled cells", '"delays.csv"', table({**ROW, "stop": ""})),
    "two delays for one hour": Bad(
        "give one delay for each, such as the median", '"delays.csv"', table(ROW, {**ROW, "delay_s": 90})
    ),
    "no rows": Bad("it has no rows", '"delays.csv"', raw("delays.csv", b"line,stop,hour,delay_s\n")),
    "lines that do not run": Bad(
        "no row of delays.csv for 2026-03-24 is of a line, stop and hour of the timetable; the table's lines are 99",
        '"delays.csv"',
        table({**ROW, "line": "99"}),
    ),
    "damaged Parquet": Bad("can't be read as Parquet", '"delays.parquet"', raw("delays.parquet", b"PAR1 and then nothing")),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_bad_observed_data_ends_in_one_clear_error(region: SmallRegion, kind: str) -> None:
    bad = BAD[kind]
    bad.write(region)
    observe(region, bad.entry)
    config = load_config(region.config)
    with pytest.raises((CorridorsError, LayersError)) as told:
        read_network_and_feed(config, other_days=True)
    assert bad.words in str(told.value)
    assert "Traceback" not in str(told.value) and len(str(told.value)) < 700


def test_the_check_tells_bad_observed_data_and_reads_no_more_than_it_needs(region: SmallRegion) -> None:
    BAD["milliseconds"].write(region)
    observe(region, '"delays.csv"')
    config = load_config(region.config)
    (problem,) = check_inputs(config, lambda _: nullcontext()).problems
    assert "at most 21,600 late" in problem
    assert read_network_and_feed(config)[0].observed == ()


def test_a_file_that_is_not_there_is_told_with_its_place(region: SmallRegion) -> None:
    observe(region, '"ran.zip"')
    (problem,) = check_inputs(load_config(region.config), lambda _: nullcontext()).problems
    assert problem.startswith("observed[0]: there is no file at ")


def test_a_day_of_which_little_was_matched_is_a_warning(region: SmallRegion) -> None:
    later(0, THURSDAY, leave_out=10).zip(region.path("ran.zip"))
    observe(region, '"ran.zip"')
    warnings = {one.code: one for one in read_network_and_feed(load_config(region.config), other_days=True)[0].warnings}
    told = warnings["observed_trips_not_matched"]
    assert (told.count, round(told.share, 3)) == (20, 0.333)
    assert "20 of 60 trips were not matched" in told.effect


def test_operators_set_apart_lines_of_one_number(region: SmallRegion) -> None:
    two = [{"agency_id": name, "agency_name": name, "agency_timezone": "Europe/London"} for name in ("One", "Two")]
    routes = [route(name, route_short_name="5", agency_id=agency) for name, agency in (("r1", "One"), ("r2", "Two"))]
    trips = [trip("a", "A 08:00 | B 08:05", route="r1"), trip("b", "A 08:02 | B 08:07", route="r2")]
    region.feed(feed_text(*trips, routes=routes).setting("agency.txt", *two))
    rows = [
        {"line": "5", "operator": name, "stop": "A", "hour": 8, "delay_s": late}
        for name, late in (("one", 60), ("TWO", 120))
    ]
    region.table("delays.csv", rows)
    observe(region, '"delays.csv"')
    (day,) = read_network_and_feed(load_config(region.config), other_days=True)[0].observed
    late = dict(
        zip(day.times.planned.trip_id, day.times.departure_s[::2] - day.times.planned.departure_s[::2], strict=True)
    )
    assert late == {"a": 60, "b": 120}


def test_whole_numbers_of_a_spreadsheet_are_read(region: SmallRegion) -> None:
    pd.DataFrame([{**ROW, "hour": 7.0, "delay_s": 59.6}]).to_parquet(region.path("delays.parquet"))
    observe(region, '"delays.parquet"')
    (day,) = read_network_and_feed(load_config(region.config), other_days=True)[0].observed
    assert set((day.times.departure_s - day.times.planned.departure_s)[day.times.called]) == {60}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{ modes = ['bus'] }", "observed.0: give feeds (corrected feeds of one day) or delays (a table), one of the two"),
        ("{ feeds = ['a.zip'], delays = 'b.csv' }", "observed.0: give feeds (corrected feeds of one day) or delays"),
        ("{ delays = 'b.xlsx' }", "observed.0: delays: b.xlsx is no table; give a .csv or .parquet file"),
        ("{ feeds = ['a.zip'], columns = { line = 'L' } }", "columns are those of a table of delays"),
        ("{ delays = 'a.csv', columns = { trip = 'T' } }", "'trip' is no column of delays; those are line, stop, hour"),
        ("{ feeds = ['a.zip'], modes = ['busses'] }", "observed.0.modes: 'busses' is not a mode; those known are"),
        ("{ feeds = ['a.zip'], date = 1066-10-14 }", "1066-10-14 is not a day of the years 1970 to 2099"),
        ("{ feeds = ['a.zip'], day = 2026-03-24 }", "observed.0.day: unknown key"),
        (
            "{ feeds = ['a.zip'], date = 2026-03-24 }, { feeds = ['b.zip'], date = 2026-03-24 }",
            "two entries of observed are of 2026-03-24",
        ),
        ("'a.zip', 'a.zip'", "observed names a.zip twice"),
        ("'https://example.org/a.zip'", "is an address, not a file"),
    ],
)  # fmt: skip
def test_a_bad_entry_is_told_in_one_line(region: SmallRegion, entry: str, words: str) -> None:
    observe(region, entry)
    with pytest.raises(ConfigError) as told:
        load_config(region.config)
    first, *lines = str(told.value).splitlines()
    assert first.endswith("has 1 problem(s):") and len(lines) == 1
    assert words in lines[0]


def test_without_observed_days_nothing_is_asked_or_said(region: SmallRegion) -> None:
    config = load_config(region.config)
    assert "observed" not in config.settings()
    assert not [one for one in config.measures if "days_share" in one.column]
    observe(region, '"ran.zip"', '{ delays = "delays.csv" }')
    said = load_config(region.config).settings()["observed"]
    assert isinstance(said, list) and [one["feeds"] or one["delays"] for one in said] == [["ran.zip"], "delays.csv"]
