"""Days in English words, whatever the locale of the machine: the same run writes the same bytes everywhere."""

import datetime as dt

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def weekday_words(date: dt.date) -> str:
    """ "Tuesday"."""
    return _WEEKDAYS[date.weekday()]


def day_words(date: dt.date) -> str:
    """ "Tuesday 24 March 2026"."""
    return f"{weekday_words(date)} {date.day:02d} {_MONTHS[date.month - 1]} {date.year}"
