"""The columns of the CSV files that a configuration names: for templates of them and for docs/configuration.md.

Tables whose columns are named by keys of the configuration (points, layers, lookups, jobs outside) are not among them.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Column(NamedTuple):
    """A column of a CSV file."""

    name: str
    needed: bool
    meaning: str


_ID = Column("id", True, "Short id, unique in the file.")
_NAME = Column("name", True, "Name, as the report gives it.")
_PLACE = (
    Column("lat", True, "Latitude in degrees (WGS84)."),
    Column("lon", True, "Longitude in degrees (WGS84)."),
)
_BASIS = Column("basis", False, "Where the row comes from: stated, computed, recalled or proposed.")
_DEFAULT = "false for a row that only variants use."

# Setting that names the file -> its columns. A layer of points (of lines for corridors) has the same, but for lat and lon.
TABLE_COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "centres.file": (
        Column("id", True, "Letters, digits and _, unique in the file; names columns and rasters."),
        _NAME,
        *_PLACE,
        Column("default", False, _DEFAULT),
        Column("other_lat", False, "Latitude of another point where the centre may be said to lie."),
        Column("other_lon", False, "Longitude of that point."),
        _BASIS,
    ),
    "corridors.file": (
        Column("id", True, "Id of the corridor, on each of its waypoints."),
        Column("name", True, "Name of the corridor, the same on each of its waypoints."),
        Column("order", True, "Number of the waypoint along the corridor."),
        *_PLACE,
        _BASIS,
    ),
    "corridors.facts": (
        Column("id", True, "Id of the corridor."),
        Column("topic", True, "What the fact is about."),
        Column("fact", True, "The fact, in a sentence."),
        Column("basis", True, "Where it comes from."),
    ),
    "pilots.file": (
        _ID,
        _NAME,
        *_PLACE,
        Column("radius_m", True, "Metres round the point within which a zone belongs to the pilot."),
        Column("default", False, _DEFAULT),
        _BASIS,
    ),
    "sites.file": (
        _ID,
        _NAME,
        *_PLACE,
        Column("status", True, "open, permitted, allocated or housing (which is no employment land)."),
        Column("ha", False, "Hectares; blank where they are not known."),
        Column("claimed_jobs", False, "Jobs as their promoter claims them, in words; never added up."),
        Column("claimed_by", False, "Who claims them."),
        Column("claim_date", False, "When."),
        Column("note", False, "Anything that readers should know."),
        _BASIS,
    ),
    "destinations.file": (_ID, _NAME, *_PLACE, _BASIS),
}
