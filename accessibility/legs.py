"""Walking legs between points, in whole seconds: one type of table for access, egress, transfer and direct walks."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyproj
from scipy.spatial import cKDTree

from accessibility.compressed_rows import least_of_pairs, offsets_of, ranges, row_numbers
from accessibility.errors import PointsError, SearchSpecError
from accessibility.globe import positions_in_space_m

if TYPE_CHECKING:
    import geopandas as gpd

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float = npt.NDArray[np.float64]

# Pairs of points that walks may join: the table takes half a gigabyte, the search for them several times that.
MOST_LEGS = 50_000_000
_STARTS_AT_ONCE = 16_384  # whose legs are sought at a time: a pair takes ten times the memory of its leg meanwhile
# Float noise a leg may carry before it is rounded up to a whole second.
_ROUNDING_TOLERANCE_S = 1e-6


class Points(NamedTuple):
    """Places on the map. Within `radius_m` of a place (straight line), people count as having arrived at it."""

    ids: npt.NDArray[np.object_]  # (n,) text
    lon: Float  # (n,) degrees, WGS84
    lat: Float  # (n,) degrees, WGS84
    radius_m: float = 0.0


class LegTable(NamedTuple):
    """Walks in compressed sparse rows: those from point `i` lead to `target[offset[i]:offset[i + 1]]`, ascending."""

    offset: Int64  # (n_from + 1,)
    target: Int32  # (n_legs,)
    seconds: Int32  # (n_legs,) rounded up

    def sources(self) -> Int64:
        """(n_legs,) the point that each leg starts from."""
        return row_numbers(self.offset)

    def transposed(self, n_to: int) -> "LegTable":
        """The same legs listed by the `n_to` points they lead to."""
        return legs_from_triples(n_to, self.target, self.sources(), self.seconds)

    def of_sources(self, rows: Int64) -> "LegTable":
        """The legs from the points `rows` only, in this order."""
        length = np.diff(self.offset)[rows]
        legs = ranges(self.offset[rows], length)
        return LegTable(offsets_of(length), self.target[legs], self.seconds[legs])

    def within(self, longest_s: int) -> "LegTable":
        """The legs that take at most `longest_s` seconds."""
        short = self.seconds <= longest_s
        return legs_from_triples(len(self.offset) - 1, self.sources()[short], self.target[short], self.seconds[short])


@dataclass(frozen=True)
class Walk:
    """Assumptions about walking: speed, longest single leg, and the detour factor used where there are no streets.

    Raises `SearchSpecError` for values out of range.
    """

    speed_kmh: float = 4.8
    max_s: int = 1200
    detour: float = 1.3

    def __post_init__(self) -> None:
        if not 0.1 <= self.speed_kmh <= 20:
            raise SearchSpecError(f"walking speed must be between 0.1 and 20 km/h, not {self.speed_kmh}")
        if not 0 <= self.max_s <= 14_400:
            raise SearchSpecError(f"longest walking leg must be between 0 and 240 minutes, not {self.max_s / 60:g}")
        if not 1.0 <= self.detour <= 5.0:
            raise SearchSpecError(f"detour factor must be between 1 and 5, not {self.detour}")

    @property
    def speed_m_s(self) -> float:
        """The walking speed in metres per second."""
        return self.speed_kmh / 3.6


def points(
    ids: "npt.ArrayLike | gpd.GeoDataFrame",
    lon: npt.ArrayLike | None = None,
    lat: npt.ArrayLike | None = None,
    radius_m: float = 0.0,
) -> Points:
    """`Points` from (n,) ids, longitudes and latitudes in WGS84 degrees, checked.

    Or from a GeoDataFrame alone: points of any CRS, or polygons, each represented by a point inside; the ids are its column
    `id`, else its index. Raises `PointsError` that names the first bad point, for duplicate ids, missing coordinates, shapes
    that are neither, or coordinates that are not degrees (projected metres, or a latitude beyond +-90 because the two were
    swapped).
    """
    if lon is None or lat is None:
        ids, lon, lat = _of_frame(ids)
    table = Points(
        np.asarray(ids, dtype=object), np.asarray(lon, dtype=float), np.asarray(lat, dtype=float), float(radius_m)
    )
    unique, counts = np.unique(table.ids.astype(str), return_counts=True)
    if (counts > 1).any():
        raise PointsError(
            f"{int((counts > 1).sum())} point id(s) occur more than once, first {unique[counts > 1][0]!r}; "
            "each origin or destination needs an id of its own"
        )
    bad = ~(np.isfinite(table.lon) & np.isfinite(table.lat) & (np.abs(table.lon) <= 180) & (np.abs(table.lat) <= 90))
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        raise PointsError(
            f"{int(bad.sum())} point(s) have no usable longitude/latitude, first {table.ids[first]!r} "
            f"(lon {table.lon[first]}, lat {table.lat[first]}); expected WGS84 degrees"
        )
    return table


def _of_frame(frame: Any) -> tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike]:
    """Ids, longitudes and latitudes of a GeoDataFrame. Raises `PointsError` where it is none, or not of points or polygons."""
    if not hasattr(frame, "geometry"):
        raise PointsError("points need ids, lon and lat, or a GeoDataFrame of points or polygons")
    shapes, ids = frame.geometry, frame.get("id", frame.index)
    if shapes.crs is None:
        raise PointsError("the GeoDataFrame has no CRS; set the one its coordinates are in (set_crs)")
    kinds = shapes.geom_type.where(~shapes.is_empty)
    other = ~kinds.isin(["Point", "Polygon", "MultiPolygon"]).to_numpy()
    if other.any():
        first = int(np.flatnonzero(other)[0])
        raise PointsError(
            f"{int(other.sum())} row(s) are neither points nor polygons, first {str(np.asarray(ids)[first])!r} "
            f"({shapes.geom_type.iloc[first] or 'no shape'})"
        )
    placed = shapes.representative_point().to_crs("EPSG:4326")
    return np.asarray(ids), placed.x.to_numpy(), placed.y.to_numpy()


def place_key(places: Points) -> bytes:
    """A digest of the points' coordinates and radius: equal for the same places in the same order."""
    digest = hashlib.blake2b(np.float64(places.radius_m).tobytes(), digest_size=16)
    digest.update(np.ascontiguousarray(places.lon).tobytes())
    digest.update(np.ascontiguousarray(places.lat).tobytes())
    return digest.digest()


def middle(lon: Float, lat: Float) -> tuple[float, float]:
    """Longitude and latitude of the middle of the bounding box of points, which may lie on both sides of 180 degrees."""
    east = lon % 360 if np.ptp(lon) > 180 else lon
    return float((east.min() + east.max()) / 2), float((lat.min() + lat.max()) / 2)


def local_metres(lon: Float, lat: Float, centre_lon: float, centre_lat: float) -> Float:
    """(n, 2) metres east and north of a centre, from degrees (azimuthal equidistant, WGS84; within 0.1 % over 100 km)."""
    # A transformer between two coordinate systems takes forty times as long to make, and gives the same metres.
    to_metres = pyproj.Proj(f"+proj=aeqd +lat_0={centre_lat} +lon_0={centre_lon} +datum=WGS84 +units=m")
    return np.column_stack(to_metres(np.asarray(lon), np.asarray(lat)))


def legs_from_triples(n_from: int, source: npt.ArrayLike, target: npt.ArrayLike, seconds: npt.ArrayLike) -> LegTable:
    """A `LegTable` from (n,) sources, targets and seconds in any order; the shortest leg of each pair is kept."""
    offset, column, least = least_of_pairs(n_from, np.asarray(source), np.asarray(target), np.asarray(seconds))
    return LegTable(offset, column, least.astype(np.int32))


def whole_seconds(seconds: Float) -> Int32:
    """(n,) int32 seconds rounded up, so that nobody walks faster than the stated speed."""
    return np.ceil(np.asarray(seconds) - _ROUNDING_TOLERANCE_S).astype(np.int32)


def require_few_legs(start: Points, end: Points, walk: Walk) -> None:
    """Raises `SearchSpecError` if walks of the longest allowed duration join more than `MOST_LEGS` pairs of points."""
    if len(start.ids) * len(end.ids) <= MOST_LEGS:
        return
    reach_m = _reach_m(end, walk)
    pairs = int(cKDTree(_in_space_m(start)).count_neighbors(cKDTree(_in_space_m(end)), reach_m))
    if pairs > MOST_LEGS:
        raise SearchSpecError(
            f"walks of up to {walk.max_s / 60:g} minutes at {walk.speed_kmh:g} km/h join {pairs:,} pairs of points, of "
            f"{len(start.ids):,} and {len(end.ids):,}; at most {MOST_LEGS:,} are kept: shorten the longest walk, or ask for "
            "fewer points"
        )


def _reach_m(end: Points, walk: Walk) -> float:
    return walk.max_s * walk.speed_m_s / walk.detour + end.radius_m


def _in_space_m(places: Points) -> Float:
    return positions_in_space_m(places.lon, places.lat)


def straight_line_legs(start: Points, end: Points, walk: Walk) -> LegTable:
    """Legs from `start` to `end` over the straight-line distance times `walk.detour`, of at most `walk.max_s` seconds.

    A leg ends at the edge of the radius of `end`. A distance depends on its two ends alone, whichever other points there
    are (see `positions_in_space_m`).
    """
    if not len(start.ids) or not len(end.ids):
        return LegTable(np.zeros(len(start.ids) + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.int32))
    starts_m, tree = _in_space_m(start), cKDTree(_in_space_m(end))

    def of_some(some_m: Float) -> LegTable:
        pairs = cKDTree(some_m).sparse_distance_matrix(tree, _reach_m(end, walk), output_type="ndarray")
        metres = np.maximum(pairs["v"] - end.radius_m, 0.0) * walk.detour
        seconds = whole_seconds(metres / walk.speed_m_s)
        walked = seconds <= walk.max_s
        return legs_from_triples(len(some_m), pairs["i"][walked], pairs["j"][walked], seconds[walked])

    parts = [of_some(starts_m[first : first + _STARTS_AT_ONCE]) for first in range(0, len(starts_m), _STARTS_AT_ONCE)]
    return LegTable(
        offsets_of(np.concatenate([np.diff(part.offset) for part in parts])),
        np.concatenate([part.target for part in parts]),
        np.concatenate([part.seconds for part in parts]),
    )
