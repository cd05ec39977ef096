"""Which services run on which day, and what is said when none does."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.errors import ServiceDateError
from accessibility.feed import Feed, read_feed
from accessibility.repair_log import RepairLog
from accessibility.repairs import Repair
from accessibility.timetable.service_calendar import ServiceDays, service_days, weekday
from accessibility.timetable.service_dates import check_service_date, good_date, good_days
from tests.support.feeds import FeedText, Trip, clock, feed_of, feed_text, read, service, trip

MONDAY = dt.date(2026, 3, 23)


def _named(name: str, service_id: str) -> Trip:
    return trip(name, "A 08:00 | B 08:10", service=service_id)


def _running(feed: Feed, date: dt.date) -> set[str]:
    services = service_days(feed)
    return set(services.service_ids[services.running(np.array([date], dtype="datetime64[D]"))[0]])


def _checked(feed: Feed, date: dt.date) -> dict[str, Repair]:
    log = RepairLog()
    check_service_date(feed, service_days(feed), date, log)
    return {repair.code: repair for repair in log.repairs()}


def test_weekdays_count_from_monday() -> None:
    days = np.array(["2026-03-23", "1970-01-01", "1969-12-28", "2024-02-29"], dtype="datetime64[D]")
    assert list(weekday(days)) == [0, 3, 6, 3]


def test_a_service_runs_on_its_weekdays_between_its_first_and_last_day_inclusive() -> None:
    feed = feed_of(_named("T1", "WK"), calendar=[service("WK", "1010000", "20260323", "20260330")])
    days = {day: _running(feed, dt.date(2026, 3, day)) for day in range(20, 32)}
    assert {day for day, services in days.items() if services} == {23, 25, 30}


def test_exceptions_add_and_remove_single_days() -> None:
    text = feed_text(_named("T1", "WK"), _named("T2", "EXTRA"), calendar=[service("WK", "1111100")]).adding(
        "calendar_dates.txt",
        {"service_id": "WK", "date": "20260324", "exception_type": "2"},
        {"service_id": "EXTRA", "date": "20260324", "exception_type": "1"},
        {"service_id": "EXTRA", "date": "20260328", "exception_type": "1"},
    )
    feed = read(text)
    assert [_running(feed, MONDAY + dt.timedelta(days)) for days in (0, 1, 2, 5)] == [
        {"WK"},
        {"EXTRA"},
        {"WK"},
        {"EXTRA"},
    ]


def test_a_service_with_no_weekday_runs_only_where_it_is_added() -> None:
    text = feed_text(_named("T1", "NEVER"), calendar=[service("NEVER", "0000000")])
    assert _running(read(text), MONDAY) == set()
    added = text.adding("calendar_dates.txt", {"service_id": "NEVER", "date": "20260323", "exception_type": "1"})
    assert _running(read(added), MONDAY) == {"NEVER"}


@settings(deadline=None)
@given(
    weekdays=st.lists(st.lists(st.booleans(), min_size=7, max_size=7), min_size=1, max_size=4),
    spans=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=4, max_size=4),
    exceptions=st.dictionaries(st.tuples(st.integers(0, 3), st.integers(-5, 45)), st.booleans(), max_size=8),
    asked=st.integers(-5, 45),
)
def test_running_agrees_with_reading_the_calendar_day_by_day(
    weekdays: list[list[bool]],
    spans: list[tuple[int, int]],
    exceptions: dict[tuple[int, int], bool],
    asked: int,
) -> None:
    n, first = len(weekdays), np.datetime64("2026-01-01")
    exceptions = {key: added for key, added in exceptions.items() if key[0] < n}
    services = ServiceDays(
        service_ids=np.arange(n),  # type: ignore[arg-type]
        weekdays=np.array(weekdays),
        start=first + np.array([span[0] for span in spans[:n]]),
        end=first + np.array([sum(span) for span in spans[:n]]),
        exception_service=np.array([key[0] for key in exceptions], dtype=np.int64),
        exception_day=first + np.array([key[1] for key in exceptions], dtype=np.int64),
        exception_added=np.array(list(exceptions.values()), dtype=bool),
        of_trip=np.empty(0, np.int32),
    )
    days = first + np.arange(asked, asked + 3)
    expected = [
        [
            exceptions.get(
                (s, asked + d),
                spans[s][0] <= asked + d <= sum(spans[s])
                and weekdays[s][(dt.date(2026, 1, 1) + dt.timedelta(asked + d)).weekday()],
            )
            for s in range(n)
        ]
        for d in range(3)
    ]
    assert services.running(days).tolist() == expected


# A date with no service is an error that helps.


def test_a_date_after_the_feed_names_the_range_and_a_good_day() -> None:
    feed = feed_of(_named("T1", "WK"), _named("T2", "WK"))
    with pytest.raises(ServiceDateError) as caught:
        _checked(feed, dt.date(2027, 5, 4))
    assert str(caught.value) == (
        "no trip runs on Tuesday 2027-05-04: the date is outside the timetable, which covers 2026-01-01 to 2026-12-31 "
        "(feed: 2026-01-01 to 2026-12-31). A good date: Thursday 2026-12-31 (2 trips)"
    )


def test_a_day_inside_the_range_without_service_says_so() -> None:
    with pytest.raises(ServiceDateError, match="no trip runs on Saturday 2026-03-28: no service runs that day"):
        _checked(feed_of(_named("T1", "WK")), dt.date(2026, 3, 28))


def test_yesterdays_trips_past_midnight_do_not_make_a_day_of_service() -> None:
    feed = feed_of(trip("NIGHT", "A 23:30 | B 25:30"), calendar=[service("WK", "0000100")])
    with pytest.raises(ServiceDateError, match="Saturday 2026-03-28"):
        _checked(feed, dt.date(2026, 3, 28))


def test_the_good_day_is_the_nearest_usual_one_not_the_fullest() -> None:
    """Five trips a day, doubled in April by a successor that overlaps; on 10 March a strike leaves two.

    Days are those from Tuesday to Thursday; 17 March is further from the 10th than the 11th, and the 9th a Monday.
    """
    text = feed_text(
        *(_named(f"S{i}", "NEXT") for i in range(5)), *(_named(f"T{i}", "WK") for i in range(3)), _named("D1", "DAILY"),
        _named("D2", "DAILY"),
        calendar=[service("WK", "1111100", "20260202", "20260430"), service("NEXT", "1111100", "20260401", "20261231"),
                  service("DAILY", "1111111", "20260202", "20260430")],
    ).adding("calendar_dates.txt", {"service_id": "WK", "date": "20260310", "exception_type": "2"})  # fmt: skip
    found = good_days(read(text), dt.date(2026, 3, 10))
    assert found[0] == (dt.date(2026, 3, 11), 5)
    assert {one.date.weekday() for one in found} == {1, 2, 3}
    assert {dt.date(2026, 3, 10)}.isdisjoint(one.date for one in found)
    assert max(abs((one.date - dt.date(2026, 3, 10)).days) for one in found) <= 28
    # Wednesdays and Thursdays of April have ten trips, which 95 % of a median of five is below.
    assert {one.trips for one in found} == {5, 10}


def test_unusual_days_and_bank_holidays_of_england_are_not_proposed() -> None:
    feed = feed_of(_named("T1", "WK"))
    assert good_days(feed, dt.date(2026, 1, 1))[0].date == dt.date(2026, 1, 6)  # the 1st is a Thursday
    in_march = good_days(feed, dt.date(2026, 2, 18), lambda day: day.month == 2)
    assert in_march[0].date == dt.date(2026, 3, 3)
    abroad = feed_text(_named("T1", "WK")).setting(
        "agency.txt", {"agency_id": "AG", "agency_name": "The Agency", "agency_timezone": "Europe/Paris"}
    )
    assert good_days(read(abroad), dt.date(2026, 1, 1))[0].date == dt.date(2026, 1, 1)


def test_a_good_day_may_be_asked_for_by_its_weekday() -> None:
    """Saturdays of one feed's services alone, thin on 7 March; no trip runs on a Sunday, whatever day is near."""
    text = feed_text(
        *(_named(f"S{i}", "SAT") for i in range(4)), _named("T1", "WK"), _named("D1", "DAILY"),
        calendar=[service("WK", "1111100", "20260202", "20260430"), service("SAT", "0000010", "20260202", "20260430"),
                  service("DAILY", "1111110", "20260202", "20260430")],
    ).adding("calendar_dates.txt", {"service_id": "SAT", "date": "20260307", "exception_type": "2"})  # fmt: skip
    found = good_days(read(text), dt.date(2026, 3, 8), weekdays=[5])
    assert found[0] == (dt.date(2026, 3, 14), 5)
    assert {one.date.weekday() for one in found} == {5}
    assert good_days(read(text), dt.date(2026, 3, 8), weekdays=[6]) == []


def test_lines_registered_twice_count_once_where_days_are_weighed() -> None:
    """In the two weeks in which the line stands there twice there is no more service than before."""
    starts = range(6 * 60, 20 * 60, 20)
    old = [trip(f"O{m}", f"A {clock(60 * m)} | B {clock(60 * m + 600)}", service="OLD") for m in starts]
    new = [trip(f"N{m}", f"A {clock(60 * m + 60)} | B {clock(60 * m + 660)}", service="NEW") for m in starts[1:]]
    calendar = [service("OLD", "1111100", "20260301", "20260331"), service("NEW", "1111100", "20260316", "20260531")]
    found = good_days(feed_of(*old, *new, calendar=calendar), dt.date(2026, 3, 18))
    assert found[0] == (dt.date(2026, 3, 18), len(starts))
    assert {one.trips for one in found} == {len(starts), len(starts) - 1}


# What feed_info.txt says.


def _with_feed_info(start: str, end: str) -> FeedText:
    text = feed_text(_named("T1", "WK"), calendar=[service("WK", "1111100", "20260101", "20991231")])
    return text.adding("feed_info.txt", {"feed_publisher_name": "P", "feed_start_date": start, "feed_end_date": end})


def test_a_date_outside_what_feed_info_says_is_warned_about_and_never_proposed() -> None:
    feed = read(_with_feed_info("20260901", "20261130"))
    assert _checked(feed, dt.date(2026, 10, 6)) == {}
    repair = _checked(feed, dt.date(2027, 3, 2))["date_outside_feed_info"]
    assert repair.effect == (
        "WARNING: Tuesday 2027-03-02 is outside the days for which 1 of 1 timetable feeds say they hold (feed_info.txt): "
        "feed (2026-09-01 to 2026-11-30). Services are thinned there, whatever their calendars say. A good date: Thursday "
        "2026-11-26 (1 trips)"
    )
    days = [one.date for one in good_days(feed, dt.date(2026, 8, 1))]
    assert days[0] == dt.date(2026, 9, 1) and max(days) <= dt.date(2026, 11, 30)


@pytest.mark.parametrize(("start", "end"), [("", ""), ("soon", "2026-11-30")])
def test_a_feed_info_that_says_nothing_readable_says_nothing(start: str, end: str) -> None:
    feed = read(_with_feed_info(start, end))
    assert feed.stated == ((None, None),)
    assert _checked(feed, dt.date(2027, 3, 2)) == {}


def test_each_feeds_own_days_hold_for_all_together(tmp_path: Path) -> None:
    bus, rail = _with_feed_info("", "20261231"), _with_feed_info("20261015", "")
    feed = read_feed([bus.zip(tmp_path / "bus.zip"), rail.zip(tmp_path / "rail.zip")])
    assert feed.stated == ((None, dt.date(2026, 12, 31)), (dt.date(2026, 10, 15), None))
    assert good_days(feed, dt.date(2026, 8, 3))[0].date == dt.date(2026, 10, 15)
    assert "rail (2026-10-15 to no end)" in _checked(feed, dt.date(2026, 8, 4))["date_outside_feed_info"].effect


def test_without_any_tuesday_the_fullest_day_is_suggested() -> None:
    feed = feed_of(_named("T1", "SA"), _named("T2", "SA"), _named("T3", "SU"), calendar=[
        service("SA", "0000010", "20260301", "20260331"), service("SU", "0000001", "20260301", "20260331")
    ])  # fmt: skip
    assert good_date(feed, dt.date(2026, 3, 10)) == (dt.date(2026, 3, 7), 2)


def test_a_feed_that_never_runs_says_so() -> None:
    feed = feed_of(_named("T1", "NEVER"), calendar=[service("NEVER", "0000000")])
    with pytest.raises(ServiceDateError, match="No other day has trips either"):
        _checked(feed, MONDAY)
    ghost = feed_of(_named("T1", "GHOST"), calendar=[service("OTHER", "1111111")])
    with pytest.raises(ServiceDateError, match="nor on any other day: no service of feed has a date"):
        _checked(ghost, MONDAY)


def test_a_calendar_that_never_ends_is_searched_near_the_date_asked_for() -> None:
    feed = feed_of(_named("T1", "WK"), calendar=[service("WK", "0100000", "19000101", "99991231")])
    assert good_date(feed, dt.date(2026, 3, 23)) == (dt.date(2026, 3, 24), 1)


# Several feeds.


def _two_feeds(tmp_path: Path) -> Feed:
    bus = feed_text(_named("T1", "WK"), calendar=[service("WK", "1111111", "20260101", "20261231")])
    rail = feed_text(_named("T1", "WK"), calendar=[service("WK", "1111100", "20251214", "20260516")])
    return read_feed([bus.zip(tmp_path / "bus.zip"), rail.zip(tmp_path / "rail.zip")])


def test_one_silent_feed_among_others_is_a_loud_warning(tmp_path: Path) -> None:
    repair = _checked(_two_feeds(tmp_path), dt.date(2026, 9, 1))["feed_without_service_on_date"]
    assert (repair.count, repair.total, repair.sample) == (1, 2, ("rail",))
    assert repair.effect == (
        "WARNING: 1 of 2 timetable feeds have no service on Tuesday 2026-09-01: rail (2025-12-14 to 2026-05-16). "
        "Everything they run is missing from the results. A good date: Thursday 2026-05-14 (2 trips)"
    )


def test_a_date_on_which_all_feeds_run_is_not_warned_about(tmp_path: Path) -> None:
    assert _checked(_two_feeds(tmp_path), dt.date(2026, 3, 24)) == {}


def test_the_error_names_the_range_of_every_feed(tmp_path: Path) -> None:
    with pytest.raises(
        ServiceDateError, match=r"2025-12-14 to 2026-12-31 \(bus: 2026-01-01 to 2026-12-31; rail: 2025-12-14"
    ):
        _checked(_two_feeds(tmp_path), dt.date(2030, 1, 1))


def test_a_date_with_far_fewer_trips_than_its_weekday_has_is_warned_about() -> None:
    text = feed_text(*(_named(f"T{i}", "WK") for i in range(4)), _named("H", "DAILY"), calendar=[
        service("WK", "1111100"), service("DAILY", "1111111")
    ]).adding("calendar_dates.txt", {"service_id": "WK", "date": "20260407", "exception_type": "2"})  # fmt: skip
    feed = read(text)
    repair = _checked(feed, dt.date(2026, 4, 7))["few_trips_on_date"]
    assert (repair.count, repair.total) == (4, 5)
    assert "1 trips run on Tuesday 2026-04-07, where 5 are usual on that weekday" in repair.effect
    assert _checked(feed, dt.date(2026, 4, 14)) == {}
