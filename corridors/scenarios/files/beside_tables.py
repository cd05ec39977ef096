"""Tables `[[edit]]` of what is beside the lines: changing, streets, land, whole feeds."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from accessibility import Interchange, LandUse, ReplaceFeed, StreetClose, StreetLink, read_feed
from corridors.config.values import Text
from corridors.scenarios.files.edit_tables import EditTable, Stops

Position = tuple[float, float]  # latitude, longitude


class InterchangeTable(EditTable):
    """Changing takes so many minutes."""

    places: Stops
    minutes: Annotated[float, Field(ge=0, le=120)]

    def edit(self, ident: str) -> Interchange:
        """The edit of the engine."""
        return Interchange(ident, tuple(stop.place() for stop in self.places), round(60 * self.minutes))


class StreetLinkTable(EditTable):
    """A new way for walking."""

    start: Position
    end: Position
    metres: float | None = None
    both_ways: bool = True

    def edit(self, ident: str) -> StreetLink:
        """The edit of the engine."""
        return StreetLink(ident, self.start, self.end, self.metres, self.both_ways)


class StreetCloseTable(EditTable):
    """Streets that are closed."""

    start: Position
    end: Position
    radius_m: float = 10.0

    def edit(self, ident: str) -> StreetClose:
        """The edit of the engine."""
        return StreetClose(ident, self.start, self.end, self.radius_m)


class LandUseTable(EditTable):
    """Homes, jobs, or a place of a kind of destination of the run, at a point."""

    use: Text  # "homes", "jobs", or the id of a kind of destination
    at: Position
    count: float = 1
    people_per_home: Annotated[float, Field(gt=0, le=20)] | None = None
    name: str = ""

    def edit(self, ident: str) -> LandUse:
        """The edit of the engine."""
        return LandUse(ident, self.use, self.at, self.count, self.name)


class ReplaceFeedTable(EditTable):
    """Another timetable instead of the one there is."""

    files: Annotated[list[Path], Field(min_length=1)]

    def edit(self, ident: str) -> ReplaceFeed:
        """The edit of the engine; its feed is read. Raises `FeedError`."""
        return ReplaceFeed(ident, read_feed(list(self.files)))
