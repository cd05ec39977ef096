"""The tables of other hours: what each bad one is told, in one line; and nothing at all without them."""

import datetime as dt
import re

import pytest

from corridors.catalogue.measures import MEASURES
from corridors.config.periods import usual_periods
from corridors.config.run_config import load_config
from corridors.errors import ConfigError
from tests.support.small_region import SmallRegion
from tests.support.week_region import PERIODS, ask_for

ONE = '\n[[periods]]\nid = "late"\ntitle = "Late"\ndays = "weekday"\nfrom = "19:00"\nto = "22:00"\n'
BAD = {
    "the same id": (ONE + ONE.replace("Late", "Later"), "two periods are called 'late'"),
    "the same title": (ONE + ONE.replace('"late"', '"later"'), "two periods have the title 'Late'"),
    "an id of the usual ones": (
        ONE.replace('"late"', '"evening"') + "\n[hours]\nusual_periods = true\n",
        "two periods are called 'evening'",
    ),
    "ends before it starts": (ONE.replace("22:00", "02:00"), "from 19:00 to 02:00: ends before it starts"),
    "no time at all": (ONE.replace("22:00", "19:00"), "from 19:00 to 19:00: ends before it starts"),
    "no time of day": (ONE.replace("22:00", "10 pm"), "'10 pm' is not a time of day; write HH:MM"),
    "unknown day": (ONE.replace("weekday", "monday"), "must be one of weekday, saturday, sunday, or a date"),
    "a day with a time": (ONE.replace('"weekday"', "2026-03-28T08:00:00"), "must be one of weekday, saturday, sunday"),
    "a day long ago": (ONE.replace('"weekday"', "1066-10-14"), "1066-10-14 is not a day of the years 1970 to 2099"),
    "longer than a day": (ONE.replace("22:00", "43:01"), "from 19:00 to 43:01: is longer than a day"),
    "two days later": (
        ONE.replace("19:00", "48:00").replace("22:00", "49:00"),
        "from 48:00 to 49:00: starts at 48:00 or later",
    ),
    "too fine a step": (
        ONE.replace("22:00", "24:00") + "\n[search]\nstep_s = 1\n",
        "periods.late: a step of 1 s makes 18,000 departures of the window",
    ),
    "no end": (ONE.replace('to = "22:00"', ""), "periods.0.to: missing"),
    "an unknown key": (ONE + 'form = "19:00"\n', "periods.0.form: unknown key; check the spelling (is 'from' meant?)"),
    "an id for no file": (ONE.replace('"late"', '"late night"'), "'late night' must be 1 to 40 of a-z, 0-9 and _"),
    "no list": ("\n[periods]\nid = 1\n", "periods: must be a list"),
    "half an hour of a curve": ('\n[hours]\ncurve = "05:00-05:30"\n', "05:00-05:30 is not a number of whole hours"),
    "a curve of two days": ('\n[hours]\ncurve = "05:00-30:00"\n', "05:00-30:00: is longer than a day"),
    "home before work": ('\n[hours]\nhome_after = ["08:00"]\n', "home_after 08:00: not after there_by 09:00"),
    "home twice": ('\n[hours]\nhome_after = ["22:00", "22:00"]\n', "a time is given twice"),
    "never home": ("\n[hours]\nhome_after = []\n", "hours.home_after: must hold at least 1 entries"),
    "there tomorrow": ('\n[hours]\nthere_by = "24:30"\n', "24:30 is not a time after 00:00 and by 24:00"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_table_is_told_in_one_line(region: SmallRegion, case: str) -> None:
    tables, words = BAD[case]
    ask_for(region, tables)
    with pytest.raises(ConfigError) as told:
        load_config(region.config)
    first, *lines = str(told.value).splitlines()
    assert first.endswith("has 1 problem(s):")
    assert [line for line in lines if words in line] == lines


def test_all_problems_of_periods_are_told_at_once(region: SmallRegion) -> None:
    bad = PERIODS.replace('to = "06:00"', 'to = "04:00"').replace('"saturday"', '"someday"')
    ask_for(region, bad)
    with pytest.raises(ConfigError, match=re.compile(r"2 problem.*periods\.0: .*periods\.4\.days: ", re.DOTALL)):
        load_config(region.config)


def test_a_date_may_stand_in_quotes(region: SmallRegion) -> None:
    ask_for(region, ONE.replace('"weekday"', '"2026-03-28"'))
    assert load_config(region.config).periods[0].days == dt.date(2026, 3, 28)


def test_a_layer_gives_no_field_with_the_name_of_a_periods_figure(region: SmallRegion) -> None:
    region.replace("config.toml", "fields.jobs =", "fields.meets_kpi_late =")
    load_config(region.config)
    ask_for(region, ONE)
    with pytest.raises(ConfigError, match="the field 'meets_kpi_late' has the name of a period's figure"):
        load_config(region.config)


def test_without_the_tables_nothing_is_asked_or_said(region: SmallRegion) -> None:
    config = load_config(region.config)
    assert (config.asked_hours, config.other_hours, config.asked_periods) == (None, None, ())
    assert config.measures == MEASURES
    assert {"periods", "hours"}.isdisjoint(config.settings())
    ask_for(region)
    assert load_config(region.config).settings()["periods"][0] == {
        "id": "early", "title": "Early", "days": "weekday", "from": "04:30", "to": "06:00",
    }  # fmt: skip


def test_the_usual_periods_stand_before_ones_own_and_one_has_the_headlines_hours(region: SmallRegion) -> None:
    ask_for(region, ONE + '\n[hours]\nusual_periods = true\n[search]\nwindow = "06:30-08:30"\n')
    config = load_config(region.config)
    usual = usual_periods("06:30-08:30")
    assert config.asked_periods == (*usual, *config.periods)
    assert [one.id for one in usual if (one.start, one.end) == ("06:30", "08:30")] == ["morning_peak"]
    assert {str(one.days) for one in usual} == {"weekday", "saturday", "sunday"}
    assert len(usual) == 8
