"""The content of a web map: words, zones with their indicators, and the layers drawn over them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from maps.errors import MapContentError
from maps.styles import NO_TEST, HeadlineTest, Kind, Scale, as_text, scale_for
from maps.web.any_zone import ZoneToZone
from maps.web.overlays import MapLayer


@dataclass(frozen=True)
class Indicator:
    """A column of the zones, numbers or words, by which the map can be coloured; it also stands in the table and on cards."""

    column: str
    title: str
    kind: Kind
    unit: str = ""
    group: str = "Indicators"
    source: str = ""
    vintage: str = ""
    note: str = ""  # one plain sentence under the legend
    in_table: bool = False  # stands in the table whichever indicator is chosen
    scale: Scale | None = None  # given where several maps or runs must share their breaks
    pair: str = ""  # the column of the same figure in the second of two runs; an indicator with the same scale


@dataclass(frozen=True)
class ZoneNote:
    """A text column of the zones that is shown on the zone card only: a journey, or why it fails."""

    column: str
    title: str


# Nothing in it can end a directive of the page's policy or leave the server that it names.
TILE_ADDRESS = re.compile(
    r"(https://)(\{s\}\.)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?)/[\w{}./?=&%~@+-]+", re.ASCII
)


@dataclass(frozen=True)
class Tiles:
    """Online background tiles. Only with them does the page ask the network for anything."""

    url: str  # "https://{s}.example.org/{z}/{x}/{y}.png"
    attribution: str

    def __post_init__(self) -> None:
        """Raise MapContentError where `url` is not an address of map tiles."""
        if not TILE_ADDRESS.fullmatch(self.url) or not all(part in self.url for part in ("{z}", "{x}", "{y}")):
            raise MapContentError(
                f"tiles: {self.url!r} is not the address of map tiles; write https://SERVER/{{z}}/{{x}}/{{y}}.png"
            )

    @property
    def server(self) -> str:
        """The only server that the page may ask, with a star for several: "https://*.example.org"."""
        scheme, one_of_several, host = TILE_ADDRESS.findall(self.url)[0]
        return f"{scheme}{'*.' if one_of_several else ''}{host}"


@dataclass(frozen=True)
class ZoneParts:
    """The parts of the region that zones lie in, such as districts; the table of zones can show one part only."""

    column: str
    one: str  # "District"
    all: str  # "All districts"


class Step(NamedTuple):
    """One time of a `Series`: the column of the zones with its values."""

    key: str  # in the page's address
    name: str  # behind the series' title
    words: str  # beside the slider
    column: str


@dataclass(frozen=True)
class Series:
    """Several times of one indicator, among which a slider chooses; all have the indicator's kind and scale."""

    indicator: str  # the column of an indicator, which takes the values of the chosen step
    title: str
    label: str  # of the slider
    steps: tuple[Step, ...]
    start: int = 0  # the step that is shown at first


@dataclass(frozen=True)
class RunTable:
    """A table of one layer's features with the figures of both runs. `note` stands under its heading."""

    layer: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class MapContent:
    """All that a web map shows. Frames in any CRS; `zones` has the zone id as index and a `name` column.

    A column `near_place` of the zones names a place near each, where its own name says little.

    `layers` are in drawing order; empty ones are left out.
    """

    title: str
    zones: gpd.GeoDataFrame
    indicators: tuple[Indicator, ...]
    caution: str = ""  # stays on the page, in the map and in print; can't be switched off
    headline: str = ""
    date: str = ""  # words: "Tuesday 24 March 2026, 07:00 to 09:00"
    layers: tuple[MapLayer, ...] = ()
    parts: ZoneParts | None = None
    notes: tuple[ZoneNote, ...] = ()
    attributions: tuple[str, ...] = ()
    base_credit: str = ""  # of the base map: stands in the corner of the map while it is drawn
    tiles: Tiles | None = None
    codes: bool = True  # zone ids are codes that people know, such as E01009417: they stand on cards
    runs: tuple[str, ...] = ()  # names of the two runs compared, where indicators come in pairs
    run_table: RunTable | None = None
    series: tuple[Series, ...] = ()
    test: HeadlineTest = NO_TEST  # the headline's, at which colours turn and which titles name
    zone_to_zone: ZoneToZone | None = None  # the map answers where one can get to from any zone
    left_out: str = ""  # said under the choices: what the page doesn't have, and where to get it

    def __post_init__(self) -> None:
        """Raise MapContentError that lists every problem of the content."""
        problems = list(_problems(self))
        if problems:
            raise MapContentError("The map can't be drawn:\n" + "\n".join(f"- {problem}" for problem in problems))

    def scale_of(self, indicator: Indicator) -> Scale:
        """The indicator's own Scale where it has one, else the usual one for its kind and values."""
        return indicator.scale or scale_for(self.zones[indicator.column], indicator.kind, indicator.unit, self.test)

    @property
    def short_caution(self) -> str:
        """The key words of the caution, for the corner of the map: "ILLUSTRATIVE. SYNTHETIC TIMETABLE"."""
        return ". ".join(sentence.split(":")[0].strip() for sentence in self.caution.split(". "))

    def drawn_layers(self) -> list[MapLayer]:
        """The layers that have features, in drawing order."""
        return [layer for layer in self.layers if len(layer.frame)]

    def zone_text(self, column: str) -> pd.Series:
        """A text column of the zones; empty texts for missing values, and throughout where there is no such column."""
        if column not in self.zones:
            return pd.Series("", index=self.zones.index, dtype=object)
        return as_text(self.zones[column])


def _problems(content: MapContent) -> Iterator[str]:
    yield from _column_problems(content)
    if any(indicator.pair for indicator in content.indicators) and len(content.runs) != 2:
        yield f"runs: indicators that come in pairs need the names of two runs, not {len(content.runs)}"
    if not content.zones.index.is_unique:
        twice = content.zones.index[content.zones.index.duplicated()].unique()[:5]
        yield f"zones: ids must be unique; more than once: {', '.join(map(str, twice))}"
    if content.zone_to_zone and content.zone_to_zone.steps.shape != (len(content.zones), len(content.zones)):
        yield f"zone_to_zone: times of {content.zone_to_zone.steps.shape} for {len(content.zones)} zones"
    if content.zones.geometry.isna().all():
        yield "zones: none has a geometry"
    idents = [layer.ident for layer in content.layers]
    for ident in sorted({ident for ident in idents if idents.count(ident) > 1}):
        yield f"layers: '{ident}' is given more than once"
    if content.run_table and content.run_table.layer not in idents:
        yield f"run_table: no layer is called '{content.run_table.layer}'; there are {', '.join(idents) or 'none'}"
    for name, frame in [("zones", content.zones), *((layer.ident, layer.frame) for layer in content.layers)]:
        if frame.crs is None and len(frame):
            yield f"{name}: no coordinate reference system; set that of its coordinates"


def _step_columns(content: MapContent) -> Iterator[str]:
    return (step.column for series in content.series for step in series.steps)


def _column_problems(content: MapContent) -> Iterator[str]:
    columns = [indicator.column for indicator in content.indicators]
    if not columns:
        yield "no indicators: give at least one column of the zones to colour by"
    for column in sorted({column for column in columns if columns.count(column) > 1}):
        yield f"indicators: column '{column}' is given more than once"
    for series in content.series:
        if series.indicator not in columns:
            yield f"series: '{series.indicator}' is not an indicator"
        if not 0 <= series.start < len(series.steps):
            yield f"series: '{series.indicator}' starts at step {series.start} of {len(series.steps)}"
    for pair in sorted({indicator.pair for indicator in content.indicators} - {"", *columns}):
        yield f"indicators: the pair '{pair}' is not an indicator"
    for column in dict.fromkeys([*columns, *(note.column for note in content.notes), "name", *_step_columns(content)]):
        if column not in content.zones:
            yield f"zones: no column '{column}'; it has {', '.join(map(str, content.zones.columns))}"
