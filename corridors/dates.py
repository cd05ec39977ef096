"""Days and times of day in English words, independent of the machine's locale, so that runs give the same bytes everywhere."""

import datetime as dt

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_words(day: dt.date) -> str:
    """The day in words, "Tuesday 3 March 2026", for sentences and titles."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def time_words(seconds: float) -> str:
    """The time of day "HH:MM" of seconds after midnight; hours may pass 24, seconds of a minute are left out."""
    minutes = int(seconds) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def moment_s(clock: str) -> int:
    """Seconds after midnight of "HH:MM", as `time_words` writes it."""
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60
