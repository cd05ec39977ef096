"""The type of a measure: its names, the figure it gives for places, and where it is shown."""

from dataclasses import dataclass
from typing import Literal

from maps import HeadlineTest, Kind

Dimension = Literal["need", "opportunity", "connectivity"]
PlaceValue = Literal["count", "share", "rate", "mean"]


@dataclass(frozen=True)
class OnMap:
    """Settings of a measure on the web map."""

    group: str
    kind: Kind  # of colours
    unit: str = ""  # as a legend writes it
    in_table: bool = False
    note: str = ""  # instead of the data dictionary's words
    cutoff_min: float | None = None  # minutes at which colours turn, instead of the headline's cutoff

    def test_of_colours(self, headline: HeadlineTest) -> HeadlineTest:
        """The test at which colours turn: the headline's, or that of the measure's own cutoff."""
        return headline if self.cutoff_min is None else HeadlineTest(self.cutoff_min)


@dataclass(frozen=True)
class Scored:
    """Settings of a measure as an indicator of need, opportunity or connectivity."""

    dimension: Dimension
    higher_is_more: bool = True
    logarithmic: bool = False  # counts that span orders of magnitude are scored on log(1 + x)
    usual: bool = True  # else only where a configuration asks for it: it would count something twice


@dataclass(frozen=True)
class Change:
    """Settings of a measure in the comparison of two runs."""

    title: str
    unit: str
    better: Literal[1, -1]  # +1 where more is better


@dataclass(frozen=True)
class England:
    """England's value of a measure, to compare with where the layer is of the same source and year."""

    value: float
    vintage: str  # compared only with a layer of this vintage
    source: str


@dataclass(frozen=True)
class Measure:
    """One measure. `column` is its column of the zones.

    For a place it gives the figure `of_place`, in which a zone counts with the part of its people that lives there:

    count  the sum of `counted`
    share  the sum of `counted` over the sum of `base`
    rate   the mean of `counted` (a rate, or a yes or no, of zones) weighted by `base`
    mean   the mean of `counted` weighted by `base`, in `unit`
    """

    column: str
    title: str
    unit: str
    meaning: str = ""  # in the data dictionary, where there is more to say than the title
    of_place: PlaceValue | None = None
    base: str = ""  # field by which zones are weighted, or of which a share is
    field: str = ""  # what is counted, where it is not `column`
    place_column: str = ""  # its name as a figure of places, where it is not `column`
    in_frames: bool = False  # whether districts, corridors and pilots carry it
    place_title: str = ""  # in words as a figure of places, where it is not `title`
    heading: str = ""  # in the report's table of a corridor's indicators, with what it is a share or mean of
    domain: str = ""  # of the social baseline
    inputs: tuple[str, ...] = ()  # fields and files it is computed from beside `counted` and `base`
    england: England | None = None
    on_map: OnMap | None = None
    gis_style: bool = False  # whether published layers can be coloured by it
    scored: Scored | None = None
    change: Change | None = None

    @property
    def counted(self) -> str:
        """The field that a place's figure is computed from."""
        return self.field or self.column

    @property
    def ident(self) -> str:
        """The measure's name as a figure of places: a column of their frames, an item of the baseline."""
        return self.place_column or self.column

    @property
    def of_places(self) -> tuple[str, str]:
        """(title, unit) of the measure as a figure of places."""
        unit = "share 0-1" if self.of_place in {"share", "rate"} else self.unit
        return self.place_title or self.title, unit
