"""Layouts of the report's tables about other hours: by hour, by period, by place, and the way back."""

from corridors.report.blocks.layouts import PEOPLE_WITHIN
from corridors.report.blocks.tables import Column, Layout
from corridors.report.blocks.wording import count, percent, words

_SHARE = Column("share", "% of residents", percent, bar=True)

HOURS = Layout(
    "The headline by hour",
    (Column("start", "Leaving from", words, text=True), Column("end", "to", words, text=True), _SHARE, PEOPLE_WITHIN),
    dense=True,
)
PERIODS = Layout(
    "The headline by period",
    (
        Column("period", "Period", words, text=True),
        Column("day", "Day", words, text=True),
        Column("hours", "Leaving", words, text=True),
        _SHARE,
        PEOPLE_WITHIN,
        Column("people_only_at_headline", "Residents who meet it in the headline's hours and not then", count),
        Column("people_only_then", "Residents who meet it then and not in the headline's hours", count),
    ),
    dense=True,
)
WAY_BACK = Layout(
    "There and back",
    (
        Column("home_after", "Home after", words, text=True),
        Column("people_there", "Residents who are there in time", count),
        Column("people_home", "Residents who are home in time", count),
        Column("people_both", "Residents for whom both hold of enough centres", count),
        Column("share", "% of residents for whom both hold", percent, bar=True),
    ),
)


def by_place(noun: str, columns: tuple[Column, ...], *, cut: bool) -> Layout:
    """The layout of places (`noun`, "corridors") with one column for each period; `cut` where there are more periods."""
    notes = ("The first periods; all are in tables/periods_by_place.csv.",) if cut else ()
    names = Column("place", "Place", words, text=True)
    return Layout(f"% of residents who meet the test, {noun} by period", (names, *columns), notes, dense=True)
