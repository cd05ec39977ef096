"""TransXChange as a timetable: what a journey comes to, on which days, what is refused, and the Metro against its GTFS."""

import datetime as dt
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from accessibility.errors import FeedError, FeedFileNotFoundError, ServiceDateError
from accessibility.feed import Feed, read_feed
from accessibility.repairs import Repair
from accessibility.timetable.timetable import build_timetable
from accessibility.transxchange import gtfs_writer, journeys
from accessibility.transxchange import xml as txc_elements
from accessibility.transxchange.bank_holidays import holiday_dates
from benchmarks.shared import SHARED
from tests.support.cli import corridors
from tests.support.feeds import repairs_of, spoken, write_zip
from tests.support.small_region import SmallRegion
from tests.support.transxchange import WEEKDAYS, document, journey, links, stop_points, written

TUESDAY = dt.date(2025, 3, 25)
DAY_S = 86_400
ABC = links("A 5 B 7 C")


def feed_of(folder: Path, text: str) -> Feed:
    return read_feed(written(folder / "lines.xml", text))


def said(folder: Path, text: str, date: dt.date = TUESDAY) -> list[str]:
    """Every trip of a day; none where no trip runs."""
    return said_by(feed_of(folder, text), date)


def said_by(feed: Feed, date: dt.date) -> list[str]:
    """Every trip of a day of a feed; none where no trip runs."""
    try:
        return spoken(build_timetable(feed, date))
    except ServiceDateError:
        return []


def only_repair(feed: Feed) -> Repair:
    assert len(feed.repairs) == 1, feed.repairs
    return feed.repairs[0]


# What one journey comes to.


def test_run_times_add_up_from_the_departure(tmp_path: Path) -> None:
    assert said(tmp_path, document(ABC, journey("J1", "08:00:00"))) == ["J1: A 08:00 | B 08:05 | C 08:12"]


@pytest.mark.parametrize("written", ["PT420S", "PT0H7M", "P0DT7M", "P0Y0M0DT0H7M0.000S"])
def test_a_run_time_is_read_in_every_way_it_is_written(tmp_path: Path, written: str) -> None:
    text = document(ABC, journey("J1", "08:00:00")).replace("PT7M", written)
    assert said(tmp_path, text) == ["J1: A 08:00 | B 08:05 | C 08:12"]


def test_a_stop_is_left_after_the_waits_of_both_its_links_but_the_first_at_the_departure(tmp_path: Path) -> None:
    waits = links(
        "A 5 B 7 C",
        from_1="<WaitTime>PT9M</WaitTime>",
        to_1="<WaitTime>PT1M</WaitTime>",
        from_2="<WaitTime>PT30S</WaitTime>",
    )
    assert said(tmp_path, document(waits, journey("J1", "08:00:00"))) == ["J1: A 08:00 | B 08:05-08:06:30 | C 08:13:30"]


def test_a_journeys_own_times_win_over_its_patterns(tmp_path: Path) -> None:
    own = (
        "<VehicleJourneyTimingLink><JourneyPatternTimingLinkRef>JPS1-2</JourneyPatternTimingLinkRef>"
        "<RunTime>PT10M</RunTime><From><WaitTime>PT2M</WaitTime></From></VehicleJourneyTimingLink>"
    )
    text = document(ABC, journey("J1", "08:00:00", more=own), journey("J2", "09:00:00"))
    assert said(tmp_path, text) == ["J1: A 08:00 | B 08:05-08:07 | C 08:17", "J2: A 09:00 | B 09:05 | C 09:12"]


def test_a_pattern_runs_through_its_sections_in_order(tmp_path: Path) -> None:
    text = document((links("A 5 B", "JPS1"), links("B 3 C", "JPS2")), journey("J1", "08:00:00"))
    assert said(tmp_path, text) == ["J1: A 08:00 | B 08:05 | C 08:08"]


def test_a_journey_like_another_takes_from_it_what_it_does_not_say(tmp_path: Path) -> None:
    like = (
        "<VehicleJourney><VehicleJourneyCode>J2</VehicleJourneyCode><ServiceRef>S</ServiceRef>"
        "<VehicleJourneyRef>J1</VehicleJourneyRef><DepartureTime>10:00:00</DepartureTime></VehicleJourney>"
    )
    text = document(ABC, journey("J1", "08:00:00"), like)
    assert said(tmp_path, text) == ["J1: A 08:00 | B 08:05 | C 08:12", "J2: A 10:00 | B 10:05 | C 10:12"]
    assert said(tmp_path, text, dt.date(2025, 3, 29)) == []  # a Saturday: J1's Monday to Friday too


def test_a_day_shift_puts_the_departure_past_midnight_of_the_days_it_runs(tmp_path: Path) -> None:
    friday = "<RegularDayType><DaysOfWeek><Friday/></DaysOfWeek></RegularDayType>"
    text = document(
        ABC,
        journey("J1", "00:30:00", friday, "<DepartureDayShift>1</DepartureDayShift>"),
        journey("J2", "00:15:00", friday),
    )
    assert said(tmp_path, text, dt.date(2025, 3, 28)) == [
        "J2: A 00:15 | B 00:20 | C 00:27",
        "J1: A 24:30 | B 24:35 | C 24:42",
    ]


def test_a_headway_is_laid_out_until_its_end(tmp_path: Path) -> None:
    often = (
        "<Frequency><EndTime>08:30:00</EndTime><Interval><ScheduledFrequency>PT10M</ScheduledFrequency></Interval>"
        "</Frequency>"
    )
    trips = said(tmp_path, document(ABC, journey("J1", "08:00:00", more=often)))
    assert [words.split(": ")[1].split(" |")[0] for words in trips] == ["A 08:00", "A 08:10", "A 08:20"]


def test_activities_say_where_people_may_board_and_alight(tmp_path: Path) -> None:
    activities = links(
        "A 5 B 5 C 5 D",
        to_1="<Activity>pickUp</Activity>",
        from_2="<Activity>pickUp</Activity>",
        to_2="<Activity>pass</Activity>",
        from_3="<Activity>pass</Activity>",
    )
    timetable = build_timetable(feed_of(tmp_path, document(activities, journey("J1", "08:00:00"))), TUESDAY)
    ids = list(timetable.stops["stop_id"].to_numpy()[timetable.position_stop])
    boards = {stop for stop, can in zip(ids, timetable.position_can_board, strict=True) if can}
    alights = {stop for stop, can in zip(ids, timetable.position_can_alight, strict=True) if can}
    assert "C" not in boards | alights and "B" in boards and "B" not in alights and "D" in alights


def test_lines_operators_and_modes_become_routes(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, document(ABC, journey("J1", "08:00:00"), mode="coach", line="X1"))
    route = feed.routes.iloc[0]
    assert (route["short_name"], route["long_name"], route["mode"]) == ("X1", "There and back", "coach")
    assert route["agency"] == "The Operator"
    assert list(feed.trips["headsign"]) == ["Stop C"] and list(feed.stops["name"]) == ["Stop A", "Stop B", "Stop C"]


def test_a_document_without_namespace_reads_the_same(tmp_path: Path) -> None:
    bare = document(ABC, journey("J1", "08:00:00"), namespace="").replace(' xmlns=""', "")
    assert said(tmp_path, bare) == said(tmp_path, document(ABC, journey("J1", "08:00:00")))


# On which days.


def regular(days: str) -> str:
    return f"<RegularDayType><DaysOfWeek>{days}</DaysOfWeek></RegularDayType>"


def runs_on(folder: Path, profile: str, start: str, days: int, **described: str) -> list[str]:
    """The dates, of so many from `start`, on which a journey of this profile runs."""
    feed = feed_of(folder, document(ABC, journey("J1", "08:00:00", profile), **described))
    found = []
    for step in range(days):
        date = dt.date.fromisoformat(start) + dt.timedelta(days=step)
        try:
            build_timetable(feed, date)
        except ServiceDateError:
            continue
        found.append(date.isoformat()[5:])
    return found


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("<MondayToFriday/>", "24 25 26 27 28"),
        ("<MondayToSaturday/>", "24 25 26 27 28 29"),
        ("<Weekend/>", "29 30"),
        ("<Monday/><Sunday/>", "24 30"),
        ("<NotSaturday/>", "24 25 26 27 28 30"),
        ("", "24 25 26 27 28 29 30"),
    ],
)
def test_weekdays_are_read_in_every_way_they_are_written(tmp_path: Path, days: str, expected: str) -> None:
    assert runs_on(tmp_path, regular(days), "2025-03-24", 7) == [f"03-{day}" for day in expected.split()]


def test_a_bank_holiday_rests_and_a_holiday_by_name_runs(tmp_path: Path) -> None:
    resting = (
        f"{WEEKDAYS}<BankHolidayOperation><DaysOfNonOperation><AllBankHolidays/></DaysOfNonOperation>"
        "</BankHolidayOperation>"
    )
    sundays = (
        f"{regular('<Sunday/>')}<BankHolidayOperation><DaysOfOperation><EasterMonday/></DaysOfOperation>"
        "</BankHolidayOperation>"
    )
    # Easter 2025: Good Friday is 18 April, Easter Monday 21 April.
    assert runs_on(tmp_path, resting, "2025-04-16", 8) == ["04-16", "04-17", "04-22", "04-23"]
    assert runs_on(tmp_path, sundays, "2025-04-16", 8) == ["04-20", "04-21"]


def test_a_date_written_out_wins_over_a_holiday_by_name(tmp_path: Path) -> None:
    # As in the Metro's file: New Year's Eve rests, except the one of 2025.
    profile = (
        f"{WEEKDAYS}<SpecialDaysOperation><DaysOfOperation><DateRange><StartDate>2025-12-31</StartDate>"
        "<EndDate>2025-12-31</EndDate></DateRange></DaysOfOperation></SpecialDaysOperation>"
        "<BankHolidayOperation><DaysOfNonOperation><NewYearsEve/></DaysOfNonOperation></BankHolidayOperation>"
    )
    assert "12-31" in runs_on(tmp_path, profile, "2025-12-29", 5, end="2026-12-31")
    assert "12-31" not in runs_on(tmp_path, profile, "2026-12-29", 3, end="2026-12-31")


def test_of_running_and_resting_alike_resting_wins(tmp_path: Path) -> None:
    span = "<DateRange><StartDate>2025-03-25</StartDate><EndDate>2025-03-26</EndDate></DateRange>"
    one = "<DateRange><StartDate>2025-03-29</StartDate></DateRange>"
    profile = (
        f"{WEEKDAYS}<SpecialDaysOperation><DaysOfOperation>{span}{one}</DaysOfOperation>"
        f"<DaysOfNonOperation>{span}</DaysOfNonOperation></SpecialDaysOperation>"
    )
    assert runs_on(tmp_path, profile, "2025-03-24", 7) == ["03-24", "03-27", "03-28", "03-29"]


def test_holidays_only_means_bank_holidays(tmp_path: Path) -> None:
    only = "<RegularDayType><HolidaysOnly/></RegularDayType>"
    assert runs_on(tmp_path, only, "2025-05-01", 31) == ["05-05", "05-26"]


def test_a_silent_journey_runs_as_its_service_says(tmp_path: Path) -> None:
    saturdays = f"<OperatingProfile>{regular('<Saturday/>')}</OperatingProfile>"
    assert runs_on(tmp_path, "", "2025-03-24", 7, service=saturdays) == ["03-29"]


def special(kind: str, start: str, end: str) -> str:
    span = f"<DateRange><StartDate>{start}</StartDate><EndDate>{end}</EndDate></DateRange>"
    return f"<SpecialDaysOperation><{kind}>{span}</{kind}></SpecialDaysOperation>"


def test_a_journeys_own_profile_stands_alone(tmp_path: Path) -> None:
    closed = (
        f"<OperatingProfile>{WEEKDAYS}{special('DaysOfNonOperation', '2025-03-25', '2025-03-25')}</OperatingProfile>"
    )
    assert runs_on(tmp_path, WEEKDAYS, "2025-03-24", 3, service=closed) == ["03-24", "03-25", "03-26"]
    assert runs_on(tmp_path, "", "2025-03-24", 3, service=closed) == ["03-24", "03-26"]
    extra = special("DaysOfOperation", "2025-03-29", "2025-03-29")  # weekdays, which it lacks, are the service's
    assert runs_on(tmp_path, extra, "2025-03-24", 7, service=closed)[-2:] == ["03-28", "03-29"]


def test_a_journey_without_any_profile_runs_every_day_and_is_counted(tmp_path: Path) -> None:
    assert len(runs_on(tmp_path, "", "2025-03-24", 7)) == 7
    assert only_repair(feed_of(tmp_path, document(ABC, journey("J1", "08:00:00", "")))).code == "txc_days_unsaid"


# A school that works from Monday 17 to Friday 28 March, with its holidays on 20 March and from 1 to 4 April.
SCHOOL = (
    "<ServicedOrganisations><ServicedOrganisation><OrganisationCode>SCH</OrganisationCode>{days}"
    "</ServicedOrganisation></ServicedOrganisations>"
)
TERM = (
    "<WorkingDays><DateRange><StartDate>2025-03-17</StartDate><EndDate>2025-03-28</EndDate></DateRange></WorkingDays>"
)
CLOSED = "<Holidays><DateRange><StartDate>2025-03-20</StartDate><EndDate>2025-03-24</EndDate></DateRange></Holidays>"
ONLY_HOLIDAYS = "<RegularDayType><HolidaysOnly/></RegularDayType>"


def serving(kind: str, days: str) -> str:
    reference = "<ServicedOrganisationRef>SCH</ServicedOrganisationRef>"
    return f"<ServicedOrganisationDayType><{kind}><{days}>{reference}</{days}></{kind}></ServicedOrganisationDayType>"


@pytest.mark.parametrize(
    ("regular_days", "kind", "days", "given", "expected"),
    [
        (WEEKDAYS, "DaysOfOperation", "WorkingDays", TERM, "17 18 19 20 21 24 25 26 27 28"),
        (WEEKDAYS, "DaysOfNonOperation", "WorkingDays", TERM, "14 31"),
        (WEEKDAYS, "DaysOfOperation", "Holidays", TERM + CLOSED, "20 21 24"),
        (WEEKDAYS, "DaysOfNonOperation", "Holidays", CLOSED, "14 17 18 19 25 26 27 28 31"),
        (WEEKDAYS, "DaysOfOperation", "WorkingDays", CLOSED, "14 17 18 19 25 26 27 28 31"),  # all but its holidays
        (ONLY_HOLIDAYS, "DaysOfOperation", "WorkingDays", TERM, "17 18 19 20 21 22 23 24 25 26 27 28"),
    ],
)
def test_days_of_a_school_are_those_the_file_gives(
    tmp_path: Path, regular_days: str, kind: str, days: str, given: str, expected: str
) -> None:
    text = document(ABC, journey("J1", "08:00:00", regular_days + serving(kind, days)))
    text = text.replace("<StopPoints>", SCHOOL.format(days=given) + "<StopPoints>")
    feed = feed_of(tmp_path, text)
    dates = [dt.date(2025, 3, day) for day in range(14, 32)]
    assert [str(date.day) for date in dates if said_by(feed, date)] == expected.split()
    assert not feed.repairs


def test_a_journey_of_holidays_only_for_a_school_without_days_never_runs_and_that_is_said(tmp_path: Path) -> None:
    profile = ONLY_HOLIDAYS + serving("DaysOfOperation", "WorkingDays")
    feed = feed_of(tmp_path, document(ABC, journey("J1", "08:00:00", profile), journey("J2", "08:30:00")))
    assert spoken(build_timetable(feed, TUESDAY)) == ["J2: A 08:30 | B 08:35 | C 08:42"]
    assert only_repair(feed).code == "txc_journeys_never_run"
    assert "run on no day" in only_repair(feed).effect


@pytest.mark.parametrize(
    ("dead", "expected"),
    [
        ("<StartDeadRun>{part}</StartDeadRun>", "J1: B 08:00 | C 08:07"),
        ("<EndDeadRun>{part}</EndDeadRun>", "J1: A 08:00 | B 08:05 | C 08:12"),
    ],
)
def test_a_short_working_serves_its_part_only_and_is_counted(tmp_path: Path, dead: str, expected: str) -> None:
    part = "<ShortWorking><JourneyPatternTimingLinkRef>JPS1-2</JourneyPatternTimingLinkRef></ShortWorking>"
    text = document(
        links("A 5 B 7 C 9 D") if "End" in dead else ABC, journey("J1", "08:00:00", more=dead.format(part=part))
    )
    assert said(tmp_path, text) == [expected]
    assert only_repair(feed_of(tmp_path, text)).code == "txc_short_workings"


def test_a_short_working_of_an_unknown_link_is_incomplete(tmp_path: Path) -> None:
    part = "<ShortWorking><JourneyPatternTimingLinkRef>?</JourneyPatternTimingLinkRef></ShortWorking>"
    text = document(
        ABC, journey("J1", "08:00:00", more=f"<StartDeadRun>{part}</StartDeadRun>"), journey("J2", "09:00:00")
    )
    assert only_repair(feed_of(tmp_path, text)).code == "txc_journeys_incomplete"


def test_a_file_without_journeys_does_not_stop_the_others(tmp_path: Path) -> None:
    empty = document(ABC).replace("<ServiceCode>S<", "<ServiceCode>T<")
    path = write_zip(tmp_path / "lines.zip", {"a.xml": empty, "b.xml": document(ABC, journey("J1", "08:00:00"))})
    feed = read_feed(path)
    assert [words.split(": ")[1] for words in spoken(build_timetable(feed, TUESDAY))] == ["A 08:00 | B 08:05 | C 08:12"]
    repair = only_repair(feed)
    assert (repair.code, repair.count, repair.sample) == ("txc_files_without_journeys", 1, ("lines.zip: a.xml",))
    with pytest.raises(FeedError, match=r"^lines\.zip: a\.xml: has no usable <VehicleJourney>"):
        read_feed(write_zip(tmp_path / "lines.zip", {"a.xml": empty}))


@pytest.mark.parametrize("word", ["delete", "archive"])
def test_journeys_marked_as_deleted_are_left_out_and_counted(tmp_path: Path, word: str) -> None:
    gone = journey("J1", "08:00:00").replace("<VehicleJourney>", f'<VehicleJourney Modification="{word}">')
    revised = journey("J2", "09:00:00").replace("<VehicleJourney>", '<VehicleJourney Modification="revise">')
    text = document(ABC, gone, revised)
    assert said(tmp_path, text) == ["J2: A 09:00 | B 09:05 | C 09:12"]
    repair = only_repair(feed_of(tmp_path, text))
    assert (repair.code, repair.count, repair.sample) == ("txc_records_withdrawn", 1, ("lines.xml: VehicleJourney J1",))


@pytest.mark.parametrize("tag", ["<Service>", "<TransXChange "])
def test_a_deleted_service_or_file_runs_nothing(tmp_path: Path, tag: str) -> None:
    deleted = document(ABC, journey("J1", "08:00:00")).replace(tag, f'{tag[:-1]} Modification="delete"{tag[-1]}')
    other = document(ABC, journey("J1", "09:00:00")).replace(">S<", ">T<")
    feed = read_feed(write_zip(tmp_path / "lines.zip", {"a.xml": deleted, "b.xml": other}))
    assert [words.split(": ")[1] for words in spoken(build_timetable(feed, TUESDAY))] == ["A 09:00 | B 09:05 | C 09:12"]
    assert "txc_records_withdrawn" in {repair.code for repair in feed.repairs}
    with pytest.raises(FeedError, match=r"has no usable <Service>.*marked as deleted: a\.xml: Service S"):
        read_feed(written(tmp_path / "a.xml", deleted))


def test_an_open_ended_service_is_laid_out_for_five_years(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, document(ABC, journey("J1", "08:00:00"), end="2099-12-31"))
    assert list(feed.calendar["end_date"]) == [pd.Timestamp(2029, 12, 31)]


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("GoodFriday", 2026, ["2026-04-03"]),
        ("EasterMonday", 2024, ["2024-04-01"]),
        ("MayDay", 2020, ["2020-05-08"]),  # moved for VE Day
        ("SpringBank", 2025, ["2025-05-26"]),
        ("LateSummerBankHolidayNotScotland", 2026, ["2026-08-31"]),
        ("NewYearsDayHoliday", 2022, ["2022-01-03"]),  # 1 January was a Saturday
        ("NewYearsDayHoliday", 2025, []),
        ("Christmas", 2021, ["2021-12-25", "2021-12-26", "2021-12-27", "2021-12-28"]),
        ("BoxingDayHoliday", 2026, ["2026-12-28"]),
        ("HolidayMondays", 2025, ["2025-04-21", "2025-05-05", "2025-05-26", "2025-08-25"]),
        ("AllHolidaysExceptChristmas", 2023, [
            "2023-01-01", "2023-01-02", "2023-04-07", "2023-04-10", "2023-05-01", "2023-05-08", "2023-05-29", "2023-08-28",
        ]),
    ],
)  # fmt: skip
def test_bank_holidays_are_those_the_government_published(name: str, year: int, expected: list[str]) -> None:
    found = holiday_dates([name], dt.date(year, 1, 1), dt.date(year, 12, 31))
    assert sorted(day.isoformat() for day in found) == expected


# Where stops are.


def test_stops_without_a_place_take_that_of_the_table_given(tmp_path: Path) -> None:
    text = document(ABC, journey("J1", "08:00:00"), stops=stop_points(("A", "B", "C"), placed=False))
    table = written(
        tmp_path / "naptan.csv", "ATCOCode,Longitude,Latitude\nB,-1.5,52.5\nA,-1.4,52.4\nC,-1.6,52.6\nZ,0,0\n"
    )
    stops = read_feed(written(tmp_path / "lines.xml", text), table).stops
    assert list(zip(stops["stop_id"], stops["lon"], stops["lat"], strict=True)) == [
        ("A", -1.4, 52.4),
        ("B", -1.5, 52.5),
        ("C", -1.6, 52.6),
    ]


def test_eastings_and_northings_become_degrees(tmp_path: Path) -> None:
    # NaPTAN gives both for stop 43000000101: 436403, 280955 and 52.425376, -1.466086.
    grid = "<Location><Easting>436403</Easting><Northing>280955</Northing></Location>"
    stops = stop_points(("A", "B", "C")).replace(
        stop_points(("A",)), stop_points(("A",), placed=False).replace("</CommonName>", f"</CommonName>{grid}")
    )
    placed = feed_of(tmp_path, document(ABC, journey("J1", "08:00:00"), stops=stops)).stops.iloc[0]
    assert (placed["lon"], placed["lat"]) == pytest.approx((-1.466086, 52.425376), abs=0.0001)


def test_without_any_place_the_error_says_what_to_give(tmp_path: Path) -> None:
    text = document(ABC, journey("J1", "08:00:00"), stops=stop_points(("A", "B", "C"), placed=False))
    path = written(tmp_path / "lines.xml", text)
    with pytest.raises(FeedError, match=r"lines\.xml: none of its 3 stops .* give a table of stops .*NaPTAN"):
        read_feed(path)
    elsewhere = written(tmp_path / "naptan.csv", "ATCOCode,Longitude,Latitude\nZ,0,0\n")
    with pytest.raises(FeedError, match=r"naptan\.csv has none of them"):
        read_feed(path, elsewhere)
    with pytest.raises(FeedError, match=r"not a table of stops: expected the columns ATCOCode .* found a, b"):
        read_feed(path, written(tmp_path / "other.csv", "a,b\n1,2\n"))
    with pytest.raises(FeedFileNotFoundError, match=r"nowhere\.csv: no such file"):
        read_feed(path, tmp_path / "nowhere.csv")


def test_a_stop_that_nothing_places_is_counted(tmp_path: Path) -> None:
    stops = stop_points(("A", "B")) + stop_points(("C",), placed=False)
    repairs = repairs_of(feed_of(tmp_path, document(ABC, journey("J1", "08:00:00"), stops=stops)))
    assert repairs["stops_without_place"].sample == ("C",)


# Several documents.


def test_two_files_with_the_same_ids_stay_two_timetables(tmp_path: Path) -> None:
    feed = read_feed(
        write_zip(
            tmp_path / "lines.zip",
            {
                "one.xml": document(ABC, journey("J1", "08:00:00"), line="1"),
                "two.xml": document(links("D 3 E"), journey("J1", "08:00:00"), line="2"),
            },
        )
    )
    assert spoken(build_timetable(feed, TUESDAY)) == [
        "one:J1: A 08:00 | B 08:05 | C 08:12",
        "two:J1: D 08:00 | E 08:03",
    ]
    assert sorted(feed.routes["short_name"]) == ["1", "2"]


def test_a_higher_revision_takes_over_from_its_first_day(tmp_path: Path) -> None:
    old = document(ABC, journey("J1", "08:00:00"))
    new = document(ABC, journey("J1", "08:10:00"), revision="2", start="2025-03-25")
    feed = read_feed(write_zip(tmp_path / "lines.zip", {"new.xml": new, "old.xml": old}))
    assert spoken(build_timetable(feed, dt.date(2025, 3, 24))) == ["old:J1: A 08:00 | B 08:05 | C 08:12"]
    assert spoken(build_timetable(feed, TUESDAY)) == ["new:J1: A 08:10 | B 08:15 | C 08:22"]
    repair = only_repair(feed)
    assert (repair.code, repair.count, repair.sample) == (
        "txc_services_superseded",
        1,
        ("lines.zip: old.xml: Service S revision 1",),
    )


def test_files_of_one_revision_all_run_and_are_counted_where_they_begin_on_different_days(tmp_path: Path) -> None:
    """Nobody can say whether the later one replaces the earlier or adds to it; of equal periods they are parts of one."""
    first = document(ABC, journey("J1", "08:00:00"))
    for start, counted in (("2025-03-25", True), ("2025-01-01", False)):
        other = document(ABC, journey("J1", "08:10:00"), start=start)
        feed = read_feed(write_zip(tmp_path / f"{start}.zip", {"one.xml": first, "two.xml": other}))
        assert spoken(build_timetable(feed, TUESDAY)) == [
            "one:J1: A 08:00 | B 08:05 | C 08:12",
            "two:J1: A 08:10 | B 08:15 | C 08:22",
        ]
        told = [(one.code, one.count) for one in feed.repairs]
        assert told == ([("txc_services_together", 2)] if counted else [])


def test_transxchange_and_gtfs_are_read_together(tmp_path: Path) -> None:
    xml = written(tmp_path / "lines.xml", document(ABC, journey("J1", "08:00:00")))
    other = write_zip(tmp_path / "more.zip", {"deep/er/two.xml": document(links("A 4 D"), journey("J9", "09:00:00"))})
    trips = spoken(build_timetable(read_feed([xml, other]), TUESDAY))
    assert trips == [
        "lines:J1: lines:A 08:00 | lines:B 08:05 | lines:C 08:12",
        "more:J9: more:A 09:00 | more:D 09:04",
    ]


# What is left out is counted.

MANY_DAYS = (
    "<SpecialDaysOperation><DaysOfOperation>"
    + 1_001 * "<DateRange><StartDate>2025-01-01</StartDate><EndDate>2099-01-01</EndDate></DateRange>"
    + "</DaysOfOperation></SpecialDaysOperation>"
)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (("08:00:00", "8 o'clock"), 'VehicleJourney J1: DepartureTime "8 o\'clock" is not a time'),
        (("<VehicleJourneyCode>J1</VehicleJourneyCode>", ""), "VehicleJourney: it has no VehicleJourneyCode"),
        (("<MondayToFriday/></DaysOfWeek>", "<Doomsday/></DaysOfWeek>"), "DaysOfWeek has the unknown day <Doomsday>"),
        (
            ("<LineRef>", "<DepartureDayShift>-9</DepartureDayShift><LineRef>"),
            "DepartureDayShift '-9' is not 0, 1 or 2",
        ),
        (("<LineRef>", "<Frequency/><LineRef>"), "its Frequency has no EndTime"),
        (
            ("<LineRef>", 1_001 * "<VehicleJourneyTimingLink/>" + "<LineRef>"),
            "it has 1,001 timing links; at most 1,000",
        ),
        (("</RegularDayType>", f"</RegularDayType>{MANY_DAYS}"), "DaysOfOperation names 1,001 days; at most 1,000"),
    ],
)
def test_one_bad_journey_is_left_out_named_and_counted(tmp_path: Path, damage: tuple[str, str], reason: str) -> None:
    bad = journey("J1", "08:00:00").replace(*damage)
    feed = feed_of(tmp_path, document(ABC, bad, journey("J2", "09:00:00")))
    repair = only_repair(feed)
    assert list(feed.trips["trip_id"]) == ["J2"]
    assert repair.code == "txc_records_unreadable" and repair.count == 1
    assert repair.sample[0].startswith("lines.xml: VehicleJourney") and reason in repair.sample[0]


@pytest.mark.parametrize("run_time", ["", "PT", "P", "P1Y", "5 minutes", "-PT5M", "PT99999999999H"])
def test_a_bad_link_costs_the_journeys_that_run_over_it(tmp_path: Path, run_time: str) -> None:
    sound = links("A 5 B 7 C", "JPS1")
    broken = sound.xml.replace("PT7M", run_time)
    text = document(sound, journey("J1", "08:00:00")).replace(sound.xml, broken)
    named = (
        r"lines\.xml: JourneyPatternSection JPS1: JourneyPatternTimingLink JPS1-2: (RunTime .* is|it has no RunTime)"
    )
    with pytest.raises(FeedError, match=rf"no journey of it can be used; .*{named}.*VehicleJourney J1: incomplete"):
        feed_of(tmp_path, text)


def test_journeys_of_unknown_patterns_services_or_with_gaps_are_counted(tmp_path: Path) -> None:
    gap = (links("A 5 B", "JPS1"), links("C 5 D", "JPS2"))
    text = document(ABC, journey("J1", "08:00:00"), journey("J2", "08:00:00", pattern="JP9"))
    text = text.replace("</VehicleJourneys>", journey("J3", "08:00:00").replace(">S<", ">T<") + "</VehicleJourneys>")
    repair = only_repair(feed_of(tmp_path, text))
    assert (repair.code, repair.count, repair.total) == ("txc_journeys_incomplete", 2, 3)
    assert repair.sample == ("lines.xml: VehicleJourney J2", "lines.xml: VehicleJourney J3")
    with pytest.raises(FeedError, match=r"no journey of it can be used; .*J1: incomplete"):
        feed_of(tmp_path, document(gap, journey("J1", "08:00:00")))


def test_days_of_a_school_that_gives_none_are_read_past_and_counted(tmp_path: Path) -> None:
    school = (
        f"{WEEKDAYS}<ServicedOrganisationDayType><DaysOfOperation><WorkingDays><ServicedOrganisationRef>X"
        "</ServicedOrganisationRef></WorkingDays></DaysOfOperation></ServicedOrganisationDayType>"
    )
    feed = feed_of(tmp_path, document(ABC, journey("J1", "08:00:00", school), journey("J2", "09:00:00")))
    repair = only_repair(feed)
    assert (repair.code, repair.count, repair.total) == ("txc_organisations_unknown", 1, 2)
    assert repair.sample == ("lines.xml: VehicleJourney J1 X",)
    assert len(spoken(build_timetable(feed, TUESDAY))) == 2


def test_journeys_that_refer_to_each_other_in_a_circle_end_as_incomplete(tmp_path: Path) -> None:
    circle = "".join(
        f"<VehicleJourney><VehicleJourneyCode>{one}</VehicleJourneyCode><ServiceRef>S</ServiceRef>"
        f"<VehicleJourneyRef>{other}</VehicleJourneyRef></VehicleJourney>"
        for one, other in (("J2", "J3"), ("J3", "J2"))
    )
    feed = feed_of(tmp_path, document(ABC, journey("J1", "08:00:00"), circle))
    assert only_repair(feed).count == 2 and list(feed.trips["trip_id"]) == ["J1"]


# What is refused.

# Each entity is ten of the one before: the last would be 10^20 letters.
LAUGHS = '<!DOCTYPE t [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{10 * ("&" + before + ";")}">' for before, name in pairwise("abcdefghijklmnopqrstu")
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        LAUGHS,
        '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE t [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>',
        '<!DOCTYPE TransXChange SYSTEM "http://127.0.0.1:9/TransXChange.dtd">',
        "<!DOCTYPE TransXChange>",
        f"<!--{'-'.join('x' * 70_000)}--><!DOCTYPE TransXChange>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_anything_in_it_is_read(tmp_path: Path, head: str, encoding: str) -> None:
    text = document(ABC, journey("J1", "08:00:00"), head=head).replace("There and back", "&x; &u;")
    path = tmp_path / "lines.xml"
    path.write_bytes(text.replace('encoding="utf-8"', f'encoding="{encoding}"').encode(encoding))
    with pytest.raises(
        FeedError, match=r"^lines\.xml: declares a document type \(<!DOCTYPE>\).*Remove the declaration"
    ):
        read_feed(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not well-formed XML (no element found"),
        (b"<TransXChange><Services>", "not well-formed XML"),
        (b"PK\x03\x04", "not well-formed XML"),
        (b"<TransXChange>&nbsp;</TransXChange>", "not well-formed XML (undefined entity"),
        (b"<html><body/></html>", "its root element is <html>; expected <TransXChange>"),
        (b"<TransXChange/>", "has no usable <Service> and no usable <VehicleJourney>"),
        (b'<TransXChange ModificationDateTime="soon"/>', "<TransXChange>: ModificationDateTime 'soon' is not a date"),
        (b'<?xml version="1.0" encoding="no-such"?><TransXChange/>', "not well-formed XML"),
    ],
)
def test_what_is_no_transxchange_is_refused_by_name(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "lines.xml"
    path.write_bytes(content)
    with pytest.raises(FeedError, match=rf"^lines\.xml: .*{re.escape(message)}"):
        read_feed(path)


def test_every_bad_document_of_a_zip_is_named_at_once(tmp_path: Path) -> None:
    good = document(ABC, journey("J1", "08:00:00"))
    path = write_zip(tmp_path / "lines.zip", {"a.xml": "<html/>", "b.xml": good, "c.xml": good[:900]})
    with pytest.raises(FeedError) as error:
        read_feed(path)
    assert [line.split(": ")[1] for line in str(error.value).splitlines()] == ["a.xml", "c.xml"]


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FeedFileNotFoundError, match=r"none\.xml: no such file; expected a TransXChange \.xml"):
        read_feed(tmp_path / "none.xml")


def test_the_size_of_documents_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(txc_elements, "MAX_XML_BYTES", 1_000)
    text = document(ABC, journey("J1", "08:00:00"))
    for path in (
        written(tmp_path / "lines.xml", text),
        write_zip(tmp_path / "lines.zip", {"a.xml": text[:800], "b.xml": text[:800]}),
    ):
        with pytest.raises(FeedError, match=r"of XML; at most .* GB are read"):
            read_feed(path)


@pytest.mark.parametrize(
    "endless", ["<a b='{}'/>", "<!--{}-->", "<?a {}?>", "<Services>{}</Services>", "<a>{}"], ids=lambda words: words[:5]
)
@pytest.mark.parametrize("inside", [True, False])
def test_a_tag_text_or_comment_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endless: str, inside: bool
) -> None:
    monkeypatch.setattr(txc_elements, "_CHUNK_BYTES", 100_000)
    monkeypatch.setattr(txc_elements, "MAX_TOKEN_BYTES", 2**20)
    text = endless.format("> " * 600_000)
    path = written(tmp_path / "lines.xml", f"<TransXChange>{text}</TransXChange>" if inside else text)
    with pytest.raises(
        FeedError, match=r"^lines\.xml: (has a tag, text or comment of more than 1 MB|its root element)"
    ):
        read_feed(path)


def test_a_small_file_that_means_endless_calls_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gtfs_writer, "MAX_ROWS", 8)
    three = [journey(f"J{n}", "08:00:00") for n in range(3)]  # 3 calls each
    with pytest.raises(FeedError, match=r"lines\.xml: its journeys make more than 8 calls"):
        feed_of(tmp_path, document(ABC, *three))
    monkeypatch.setattr(journeys, "MAX_LINKS", 1)
    with pytest.raises(FeedError, match=r"no journey of it can be used; .*J1: incomplete"):
        feed_of(tmp_path, document(ABC, journey("J1", "08:00:00")))


def test_names_that_would_break_a_table_come_through_as_they_are(tmp_path: Path) -> None:
    hostile = """="x",<script>alert(1)</script>\n'q'"""
    escaped = hostile.replace("&", "&amp;").replace("<", "&lt;")
    feed = feed_of(tmp_path, document(ABC, journey("J1", "08:00:00")).replace("Stop B", escaped))
    assert feed.stops["name"][1] == " ".join(hostile.split())


def test_the_matrix_command_takes_transxchange_and_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    good = written(tmp_path / "lines.xml", document(ABC, journey("J1", "08:00:00")))
    bad = written(tmp_path / "bad.xml", document(ABC, journey("J1", "08:00:00"), head="<!DOCTYPE x>"))
    points = written(tmp_path / "points.csv", "id,lon,lat\na,-1.9,52.40\nc,-1.9,52.42\n")
    out = tmp_path / "out.csv"
    asked = [
        "--origins",
        points,
        "--destinations",
        points,
        "--date",
        "2025-03-25",
        "--window",
        "08:00-08:01",
        "--out",
        out,
    ]
    assert corridors("matrix", "--gtfs", good, *asked, "--max-walk-min", "5").code == 0
    times = pd.read_csv(out).set_index(["from_id", "to_id"])["p50_s"]
    assert times["a", "c"] == 12 * 60
    out.unlink()
    refused = corridors("matrix", "--gtfs", bad, *asked)
    assert refused.code == 2 and "bad.xml: declares a document type" in refused.err and not out.exists()


def test_a_configuration_names_transxchange_and_where_its_stops_are(region: SmallRegion) -> None:
    unplaced = stop_points(("A", "B", "C"), placed=False)
    written(region.folder / "lines.xml", document(ABC, journey("J1", "08:00:00"), stops=unplaced, end="2026-12-31"))
    written(region.folder / "naptan.csv", "ATCOCode,Longitude,Latitude\nA,-1.9,52.40\nB,-1.9,52.41\nC,-1.9,52.42\n")
    region.replace("config.toml", 'feeds = ["feed.zip"]', 'feeds = ["feed.zip", "lines.xml"]')
    without = corridors("check", region.config)
    assert without.code == 2 and "lines.xml: none of its 3 stops" in without.err
    region.replace("config.toml", "feeds = [", 'stop_locations = "naptan.csv"\nfeeds = [')
    assert corridors("check", region.config).code == 0
    (region.folder / "naptan.csv").unlink()
    missing = corridors("check", region.config)
    assert missing.code == 2 and "timetable.stop_locations: there is no file at" in missing.err


# The Metro: a real document beside a GTFS feed that someone else made from it.

TIMETABLES, NAPTAN = SHARED / "west_midlands" / "timetable", SHARED / "west_midlands" / "stops" / "naptan_430.csv"
needs_metro = pytest.mark.skipif(
    not (TIMETABLES / "metro_transxchange.xml").exists(),
    reason="the shared Metro timetable (../shared/data/west_midlands/timetable) is not on this machine",
)
Called = tuple[tuple[str, int, int], ...]


@pytest.fixture(scope="module")
def metro() -> tuple[Feed, Feed]:
    """(from TransXChange, from the GTFS beside it)."""
    return read_feed(TIMETABLES / "metro_transxchange.xml", NAPTAN), read_feed(TIMETABLES / "metro_2025_gtfs.zip")


def calls_by_trip(feed: Feed) -> dict[str, Called]:
    """trip_id -> (stop, arrival, departure) of every call."""
    times = feed.stop_times
    ends = np.searchsorted(times.trip, np.arange(len(feed.trips) + 1))
    stop_ids = feed.stops["stop_id"].to_numpy()
    rows = list(zip(stop_ids[times.stop], times.arrival_s.tolist(), times.departure_s.tolist(), strict=True))
    return {trip: tuple(rows[ends[n] : ends[n + 1]]) for n, trip in enumerate(feed.trips["trip_id"])}


def departures(feed: Feed, day: str) -> Counter[Called]:
    """What leaves its first stop between midnight and midnight of a date."""
    timetable = build_timetable(feed, dt.date.fromisoformat(day))
    found: Counter[Called] = Counter()
    stop_ids = timetable.stops["stop_id"].to_numpy()
    for pattern in range(len(timetable.pattern_route)):
        first, last = timetable.pattern_position_offset[pattern : pattern + 2]
        stops = stop_ids[timetable.position_stop[first:last]]
        start, end = timetable.pattern_event_offset[pattern : pattern + 2]
        for event in range(start, end, last - first):
            span = slice(event, event + last - first)
            found[
                tuple(zip(stops, timetable.arrival_s[span].tolist(), timetable.departure_s[span].tolist(), strict=True))
            ] += 1
    return Counter({calls: count for calls, count in found.items() if 0 <= calls[0][2] < DAY_S})


@needs_metro
def test_every_journey_of_the_metro_has_the_stops_and_times_of_the_gtfs_beside_it(metro: tuple[Feed, Feed]) -> None:
    """Of 693 journeys 675 are equal to the second. The other 18 leave between 00:00 and 01:00: TransXChange says
    "00:15 on Tuesday to Saturday" (the tail of the evening before: they rest on the day after a bank holiday), and the
    GTFS writes 24:15 on the same weekdays, which is a day late."""
    from_txc, from_gtfs = (calls_by_trip(feed) for feed in metro)
    assert len(from_txc) == len(from_gtfs) == 693 and from_txc.keys() == from_gtfs.keys()
    differing = {trip for trip in from_txc if from_txc[trip] != from_gtfs[trip]}
    assert len(differing) == 18
    for trip in differing:
        assert 0 <= from_txc[trip][0][2] <= 3_600
        assert from_gtfs[trip] == tuple((stop, a + DAY_S, d + DAY_S) for stop, a, d in from_txc[trip])
    assert metro[0].repairs == ()


@needs_metro
def test_every_journey_of_the_metro_runs_on_the_weekdays_of_the_gtfs_beside_it(metro: tuple[Feed, Feed]) -> None:
    weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    per_trip = [
        feed.trips.merge(feed.calendar, on="service_id").set_index("trip_id")[weekdays].sort_index() for feed in metro
    ]
    pd.testing.assert_frame_equal(*per_trip)
    # Mondays: 257 of Monday to Friday and 2 of Mondays; Tuesdays to Fridays: 257 and 6; Saturdays 258 and 6; Sundays 170.
    assert list(per_trip[0].sum()) == [259, 263, 263, 263, 263, 264, 170]


@needs_metro
@pytest.mark.parametrize(
    ("day", "same", "only_in_gtfs", "only_in_txc"),
    [
        # An ordinary week. Each difference is one of the 18: what TransXChange runs at 00:00 to 01:00 of its own days the
        # GTFS runs a day later, so that a day differs where the day before has other late trips: Tuesday lacks 4 (Monday has
        # 2 late trips, not 6), Sunday has 6 for 10, Monday 10 for 2; Wednesday to Saturday follow a day like themselves.
        ("2025-02-04", 259, 0, 4),
        ("2025-02-05", 263, 0, 0),
        ("2025-02-06", 263, 0, 0),
        ("2025-02-07", 263, 0, 0),
        ("2025-02-08", 264, 0, 0),
        ("2025-02-09", 164, 2, 6),
        ("2025-02-10", 257, 10, 2),
        # Good Friday: the GTFS has no bank holidays. Only the six late trips of Thursday evening are in the TransXChange.
        ("2025-04-18", 6, 257, 0),
    ],
)
def test_the_metro_leaves_as_in_the_gtfs_beside_it_but_for_the_hour_after_midnight(
    metro: tuple[Feed, Feed], day: str, same: int, only_in_gtfs: int, only_in_txc: int
) -> None:
    from_txc, from_gtfs = (departures(feed, day) for feed in metro)
    assert (from_txc & from_gtfs).total() == same
    late = [calls[0][2] <= 3_600 for calls in (from_gtfs - from_txc) | (from_txc - from_gtfs)]
    assert (from_gtfs - from_txc).total() == only_in_gtfs and (from_txc - from_gtfs).total() == only_in_txc
    assert all(late) or day == "2025-04-18"


@needs_metro
def test_the_metro_keeps_boxing_day_and_its_new_years_eve_by_date(metro: tuple[Feed, Feed]) -> None:
    from_txc, _ = metro
    with pytest.raises(ServiceDateError, match="no trip runs on Friday 2025-12-26"):
        build_timetable(from_txc, dt.date(2025, 12, 26))
    # New Year's Eve rests by name, but for six late trips that the file gives 2025-12-31 by date.
    early = [calls for calls in departures(from_txc, "2025-12-31") if calls[0][2] <= 3_600]
    assert len(early) == 6
