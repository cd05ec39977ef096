"""Days and times of day in English words, whatever the locale of the machine: the same run writes the same bytes everywhere."""

import datetime as dt

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_words(day: dt.date) -> str:
    """ "Tuesday 3 March 2026", for sentences and titles."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def time_words(seconds: float) -> str:
    """ "HH:MM" of seconds after midnight; hours may pass 24, and the seconds of a minute are left out."""
    minutes = int(seconds) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
