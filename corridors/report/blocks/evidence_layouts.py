"""Layouts of the report's tables on groups of residents, uncertainty of ranks, inputs and repairs."""

from corridors.report.blocks.layouts import PEOPLE, ZONES
from corridors.report.blocks.tables import Column, Layout
from corridors.report.blocks.wording import (
    count,
    index_number,
    percent,
    signed,
    words,
    yes_no,
)

NO_CAR_BY_PLACE = Layout(
    "The test for all residents and for households without a car",
    (
        Column("place", "Place", words, text=True),
        Column("people", "Residents", count),
        Column("share", "Meet the test, % of residents", percent, bar=True, rate=True),
        Column("no_car_households", "Households without a car", count),
        Column("no_car_share", "Meet the test, % of households without a car", percent, bar=True, rate=True),
    ),
    ("Households are counted by the area they live in: a household meets the test where its area does.",),
    dense=True,
)

DOUBLY_DISADVANTAGED = Layout(
    "Residents of doubly disadvantaged areas",
    (
        Column("place", "Place", words, text=True),
        ZONES,
        PEOPLE,
        Column("people_share", "% of the place's residents", percent, bar=True, rate=True),
        Column("no_car_households", "Households without a car", count),
    ),
    says_absent_columns=False,
    dense=True,
)

GROUPS = Layout(
    "Groups: share of those who meet the test beside share of all",
    (
        Column("group", "Group", words, text=True),
        Column("people", "Members", count),
        Column("people_share", "% of all", percent),
        Column("access_share", "% of those who meet the test", percent),
        Column("difference_points", "Difference, points", signed),
        Column("word", "In words", words, text=True),
    ),
    (
        "Members are residents or households of areas; a group's people are spread over areas as the last census or "
        "estimate has them. The words describe a state, not the effect of a scheme.",
    ),
    dense=True,
)

INEQUALITY = Layout(
    "Measures of inequality",
    (
        Column("title", "Of what", words, text=True),
        Column("statistic", "Measure", words, text=True),
        Column("value", "Value", index_number),
        Column("people", "Of residents", count),
        Column("note", "How to read it", words, text=True),
    ),
    ("Much deprivation is central and well served: an index that favours the deprived does not mean no problem.",),
    dense=True,
)

FAILING = Layout(
    "Residents out of reach by what they lose most time by, % of them",
    (
        Column("place", "Place", words, text=True),
        Column("people_out_of_reach", "Residents out of reach", count),
        Column("walk", "Walking", percent),
        Column("first_wait", "First wait", percent),
        Column("distance", "Riding far", percent),
        Column("slow_service", "Slow services", percent),
        Column("change", "Changing", percent),
        Column("no_service", "No journey found", percent),
    ),
)

INFLUENCE = Layout(  # and two columns for each measure
    "What the ranks hang on, in figures",
    (Column("title", "What is varied", words, text=True),),
    (
        "Part of the spread: a total-effect index, the share of the variation of ranks that would remain if everything "
        "but this were known; shares overlap and need not add up to 100 %. Places moved: the mean when it alone is changed, "
        "n/a where it is drawn at random only.",
    ),
    dense=True,
)

WARNINGS = Layout(
    "Problems found in the input, and what they cost",
    (
        Column("code", "Problem", words, text=True),
        Column("count", "Records", count),
        Column("share", "% of records checked", percent),
        Column("effect", "Effect", words, text=True),
        Column("sample", "For example", words, text=True),
    ),
    dense=True,
)

DAYS = Layout(
    "The run's day, and others that could as well be asked about",
    (
        Column("day", "Day", words, text=True),
        Column("trips", "Trips", count),
        Column("in_use", "In use", yes_no, text=True),
        Column("proposed", "Proposed", yes_no, text=True),
    ),
    ("A line that is registered twice counts once.",),
    dense=True,
)

PROVENANCE = Layout(
    "What was read",
    (
        Column("title", "Input", words, text=True),
        Column("source", "Source and attribution", words, text=True),
        Column("licence", "Licence", words, text=True),
        Column("aged", "Vintage; geography", words, text=True),
        Column("rows", "Rows", count),
        Column("bytes", "File (first 12 characters of its SHA-256)", words, text=True),
    ),
    dense=True,
)

INPUT_EFFECTS = Layout(
    "What dropped or repaired trips cost, place by place",
    (
        Column("cause", "Problem", words, text=True),
        Column("place", "Place", words, text=True),
        Column("place_kind", "Kind", words, text=True),
        Column("trips_touched", "Trips dropped or repaired", count),
        Column("trips_in_window", "of trips in the departure window", count),
        Column("touched_share", "% of them", percent),
        Column("first", "The first of them", words, text=True),
    ),
    (
        "A trip belongs to a place when it calls there in the departure window: within a corridor's main buffer, or near "
        "a centre. Corridors overlap and a trip calls at several places, so rows must not be added up.",
    ),
    dense=True,
)
