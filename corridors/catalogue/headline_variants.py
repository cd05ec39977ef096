"""What a variant of the headline changes, in words, and the ids of the variants that are named elsewhere."""

from collections.abc import Mapping

HEADLINE = "headline"  # id of the definition that variants differ from
REGISTRATIONS = "other_registrations"  # id of the variant in which overlapping registrations are treated the other way
# What a variant changes -> in words. Changed questions ask something else; technical choices answer the same question, and
# nobody can say which of them is right.
CHANGED_QUESTIONS: Mapping[str, str] = {
    "percentile": "Which departure counts",
    "wait": "The first wait",
    "cutoff": "Time limit",
    "window": "Hours",
    "at_once": "All from one departure",
    "centres": "Centres to reach",
    "centre_set": "Which centres count",
    "residents": "Which residents count",
}
TECHNICAL_CHOICES: Mapping[str, str] = {
    "walk": "Longest walk",
    "boarding": "Time to board",
    "speed": "Walking speed",
    "detour": "Detour of walks",
    "radius": "Size of a centre",
    "position": "Where centres lie",
    "origins": "Where people start",
    "registrations": "Lines registered twice",
    "arrangement": "Calls by arrangement",
}
CHANGES: Mapping[str, str] = {**CHANGED_QUESTIONS, **TECHNICAL_CHOICES}
# Setting of `timetable.calls_by_arrangement` -> the variant in words.
ARRANGEMENTS: Mapping[str, str] = {
    "open": "all of them open",
    "ask_driver": "only those open that are agreed with the driver",
    "closed": "all of them closed",
}


def ordinal(number: float) -> str:
    """A number of 0 to 100 as an ordinal: "1st", "90th", "37.5th"."""
    last = int(number) % 10 if number == int(number) and int(number) not in {11, 12, 13} else 0
    return f"{number:g}{({1: 'st', 2: 'nd', 3: 'rd'}).get(last, 'th')}"
