"""Layouts of the tables of a scenario's report."""

from corridors.report.blocks.tables import Column, Layout
from corridors.report.blocks.wording import (
    count,
    decimal,
    note,
    percent,
    signed,
    signed_count,
    signed_points,
    words,
)
from corridors.scenario_results import RANGE_WORDS

GAINING = Column("people_gaining", "Residents who gain", count)
LOSING = Column("people_losing", "Residents who lose", count)
MEMBERS_GAINING = Column("people_gaining", "Members who gain", count)  # of a group, which may be of households
MEMBERS_LOSING = Column("people_losing", "Members who lose", count)
ENTERING = Column("people_entering", "Enter the test", count)
LEAVING = Column("people_leaving", "Leave the test", count)
_SHARES = (
    Column("kpi_share_base", "Meet the test before, % of residents", percent, rate=True),
    Column("kpi_share", "After", percent, rate=True),
    Column("kpi_share_change", "Change, points", signed_points, rate=True),
)
GAIN_MEANS = (
    "To gain or lose is to need a minute or more less or more to the last centre needed, at the median departure. To enter "
    "or leave the test is to meet it after and not before, or before and not after."
)

HEADS = Layout(
    "What the scenario files say of themselves",
    (
        Column("title", "Scenario", words, text=True),
        Column("status", "Status, as stated", words, text=True),
        Column("as_of", "As of", words, text=True),
        Column("source", "Source", words, text=True),
        Column("note", "Note", note, text=True),
        Column("file", "File (first 12 characters of its SHA-256)", words, text=True),
    ),
    ("The status is what the file's author states of the scheme. It is no forecast and no decision of this tool.",),
)

NUMBERS = Layout(
    "Every number of the edits, with its basis",
    (
        Column("edit_id", "Edit", words, text=True),
        Column("number", "Number", words, text=True),
        Column("value", "Value", words, text=True),
        Column("basis", "Basis", words, text=True),
    ),
    dense=True,
)

VARIANTS = Layout(
    "The headline and each changed question, before and after",
    (
        Column("name", "Definition", words, text=True),
        Column("people_within_base", "Residents who meet it before", count),
        Column("people_within", "After", count),
        Column("people_within_change", "Change", signed_count),
        Column("share_base", "% before", percent),
        Column("share", "% after", percent),
        Column("share_change", "Change, points", signed_points),
    ),
    (
        "The change is of those who enter the test less those who leave it. One question may count fewer people where others "
        "count more: a vehicle that passes a stop earlier misses some, and where the first wait does not count, the journey "
        "that arrives first may wait less and ride longer.",
    ),
    dense=True,
)

PLACES = Layout(
    "Who gains and who loses",
    (
        Column("place", "Place", words, text=True),
        Column("people_base", "Residents", count),
        GAINING,
        LOSING,
        ENTERING,
        LEAVING,
        *_SHARES,
    ),
    (GAIN_MEANS,),
)

_MEMBERS = (
    Column("group", "Group", words, text=True),
    Column("people", "Members", count),
    Column("people_share", "% of all", percent),
    MEMBERS_GAINING,
    MEMBERS_LOSING,
    ENTERING,
    LEAVING,
)
_OF_AREAS = "Members of a group are taken to have the access of the area they live in."
GROUPS = Layout(
    "Groups: share of the gain beside share of people, in the style of TAG unit A4.2",
    (
        *_MEMBERS,
        Column("gain_share", "% of all person-minutes saved", percent),
        Column("difference_points", "Difference, points", signed),
        Column("word", "In words", note, text=True),
    ),
    (
        f"{_OF_AREAS} The share of the gain counts person-minutes saved by those who gain; losses stand beside it and are not "
        "taken off.",
    ),
    dense=True,
)
LOSSES = Layout("Groups: who loses", _MEMBERS, (_OF_AREAS,), dense=True)

MEASURES = Layout(
    "Who gains and who loses by each measure",
    (
        Column("title", "Measure", words, text=True),
        Column("least", "Smallest change counted", words, text=True),
        GAINING,
        Column("mean_gain_words", "Their mean gain", words),
        LOSING,
        Column("mean_loss_words", "Their mean loss", words),
        Column("people_unchanged", "No change", count),
    ),
    (
        "Of minutes, fewer are a gain; a place that is not reached counts with the longest time searched. To be near but "
        "disconnected is to take far longer than was usual before, so to be so no more is a gain. Of all other measures, more is "
        "a gain.",
    ),
    dense=True,
)

PERIODS = Layout(
    "Vehicles that headway services need, by period",
    (
        Column("edit_id", "Edit", words, text=True),
        Column("period", "Period", words, text=True),
        Column("headway_min", "Headway, minutes", decimal),
        Column("round_trip_min", "There and back, minutes", decimal),
        Column("layover_min", "Layover, minutes", decimal),
        Column("vehicles", "Vehicles", count),
    ),
    ("Vehicles: there and back plus layover, divided by the headway, rounded up.",),
)

DAYS = Layout(
    "What the edits take on the day",
    (
        Column("edit_id", "Edit", words, text=True),
        Column("departures_changed", "Departures changed", count),
        Column("departures_added", "Added", count),
        Column("departures_withdrawn", "Withdrawn", count),
        Column("vehicle_hours_change", "Vehicle-hours, change", signed),
        Column("vehicle_km_change", "Vehicle-km, change", signed_count),
        Column("vehicles_at_once_base", "Under way at once, before", count),
        Column("vehicles_at_once", "After", count),
        Column("cost_words", "Cost a day, change", words, text=True),
    ),
    (
        "Distances are straight lines from stop to stop, shorter than the way. Vehicles under way at once are counted without "
        "layovers: of an edit those of the trips it touches, of all edits those of the whole timetable.",
    ),
    says_absent_columns=False,
)

ATTRIBUTION = Layout(
    "What each edit does to the number of residents who meet the test",
    (
        Column("edit_id", "Edit", words, text=True),
        Column("alone", "Alone", signed_count),
        Column("last", "Last, after all others", signed_count),
        Column("shapley", "Its part of the whole", signed_count),
        Column("error", "Standard error of the part", count),
    ),
    says_absent_columns=False,
)

GAP = Layout(
    "What each edit does to the gap: person-minutes beyond the time limit to the last centre needed",
    ATTRIBUTION.columns,
    ("Fewer person-minutes are better. The gap counts progress that does not carry anybody over the limit.",),
    says_absent_columns=False,
)

INTERACTIONS = Layout(
    "What two edits do together beyond what each does alone",
    (
        Column("pair", "Edits", words, text=True),
        Column("people_within", "Residents who meet the test", signed_count),
        Column("gap", "Gap, person-minutes (below 0 they help each other)", signed_count),
    ),
    dense=True,
)

TIMETABLES = Layout(
    f"The {RANGE_WORDS}: one result for each timetable tried",
    (
        Column("number", "Timetable", words, text=True),
        Column("phases", "First departure after the start of the period, minutes:seconds", words, text=True),
        Column("people_within", "Residents who meet the test", count),
        Column("people_within_change", "Change from the base", signed_count),
        Column("gap_change", "Change of the gap, person-minutes", signed_count),
    ),
    dense=True,
)

RUN_TIMES = Layout(
    "Run times: at the timetable shown, low, central and high",
    (
        Column("run_times", "Run times", words, text=True),
        Column("people_within", "Residents who meet the test", count),
        Column("people_within_change", "Change from the base", signed_count),
        Column("gap_change", "Change of the gap, person-minutes", signed_count),
    ),
)

JOURNEYS = Layout(
    "The journey before and after, for the areas that change most",
    (
        Column("zone", "Area", words, text=True),
        Column("to", "To", words, text=True),
        Column("when", "When", words, text=True),
        Column("departs", "Leaves", words, text=True),
        Column("arrives", "Arrives", words, text=True),
        Column("minutes", "Minutes", decimal),
        Column("legs", "How", words, text=True),
    ),
    dense=True,
)

DICTIONARY = Layout(
    "Measures in the table and the layer of zones",
    (
        Column("column", "Column", words, text=True),
        Column("title", "What it is", words, text=True),
        Column("unit", "Unit", words, text=True),
    ),
    dense=True,
)

_SCENARIO = Column("title", "Scenario", words, text=True)
SCENARIOS = Layout(
    "The scenarios side by side: who meets the test, who gains and who loses",
    (
        _SCENARIO,
        Column("share_base", "Meet the test before, % of residents", percent),
        Column("share", "After", percent),
        Column("share_change", "Change, points", signed_points),
        ENTERING,
        LEAVING,
        GAINING,
        LOSING,
        Column("vehicle_hours_change", "Vehicle-hours of the day, change", signed),
        Column("vehicles_at_once_base", "Vehicles under way at once, before", count),
        Column("vehicles_at_once", "After", count),
    ),
    (
        GAIN_MEANS,
        "Scenarios may contain each other, so their rows must not be added up. Each stands at its own middle timetable: a longer "
        "line may show fewer residents who gain than a part of it. Nothing is cut to pay for what is added.",
    ),
)

SCENARIO_PLACES = Layout(
    "Corridors and districts, scenario by scenario",
    (
        Column("place", "Place", words, text=True),
        Column("scenario", "Scenario", words, text=True),
        GAINING,
        LOSING,
        ENTERING,
        LEAVING,
        Column("share_base", "Meet the test before, % of residents", percent, rate=True),
        Column("share", "After", percent, rate=True),
        Column("share_change", "Change, points", signed_points, rate=True),
    ),
    (
        "Places in which nobody moves are left out. Corridors overlap and share areas with districts: never add them up.",
    ),
    dense=True,
)

SCENARIO_RANGES = Layout(
    "Residents who meet the test with each scenario",
    (
        _SCENARIO,
        Column("people_within_base", "Without it", count),
        Column("people_within", "With it, as shown", count),
        Column("timetables", "Timetables tried", count),
        Column("people_within_lowest", "Lowest of the timetables", count),
        Column("people_within_highest", "Highest of the timetables", count),
        Column("people_within_low_run_times", "With the shortest run times", count),
        Column("people_within_high_run_times", "With the longest run times", count),
    ),
    says_absent_columns=False,
)
