"""Reads strategic centres, corridors and pilots, and computes their catchments and the zones in them.

The input is CSV of points or ordered waypoints, or a layer such as GeoJSON or GeoPackage; the output are frames on the
place's id.
"""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.errors import LayerError, raise_together
from layers.files import read_vector
from layers.findings import Finding, findings_of, first_few
from layers.geometries import BRITISH_NATIONAL_GRID, WGS84, in_working_crs
from layers.tables.codes import code_texts
from layers.tables.coordinates import degree_problems
from layers.tables.number_cells import to_numbers
from layers.tables.read import key_problems, read_text, require_columns

BUFFERS_M = (800.0, 1200.0, 2000.0)  # walks of 10, 15 and 25 minutes at 4.8 km/h; always shown together
MOST_ID_LETTERS, MOST_NAME_LETTERS = 100, 200
MAX_RADIUS_M = 20_000.0  # of a pilot's catchment; the same limit as for buffers of corridors
_ARC_SEGMENTS = 32  # segments per quarter circle: the polygon's edge is within 0.03 % of the true radius
_TRUTH_WORDS = {
    "true": True,
    "yes": True,
    "1": True,
    "1.0": True,
    "": True,
    "false": False,
    "no": False,
    "0": False,
    "0.0": False,
}


def require_names(places: pd.DataFrame, name: str) -> None:
    """Raise LayerError for ids and names (index id; name) of file `name` that are too long for a map, chart or heading."""
    problems = []
    for noun, texts, most in (
        ("ids", places.index.astype("str"), MOST_ID_LETTERS),
        ("names", places["name"].astype("str"), MOST_NAME_LETTERS),
    ):
        long = [(str(ident), text) for ident, text in zip(places.index, texts, strict=True) if len(text) > most]
        shown = first_few(f"{ident[:20]}: {text[:20]}..." for ident, text in long)
        if long:
            problems.append(f"{noun} of more than {most} letters fit no map or heading ({shown}); shorten them")
    raise_together(name, problems)


def shared_positions(places: gpd.GeoDataFrame, name: str, effect: str) -> tuple[Finding, ...]:
    """A finding on the places of file `name` at the same position as another (to a metre), with the sentence `effect`."""
    cells = pd.Series(list(zip(places.geometry.x.round(), places.geometry.y.round(), strict=True)), index=places.index)
    shared = cells.index[cells.duplicated(keep=False)]
    return findings_of("places_at_one_spot", shared, len(places), f"{name}: these places stand at one spot. {effect}")


def read_point_places(path: Path | str, crs: str = BRITISH_NATIONAL_GRID) -> gpd.GeoDataFrame:
    """Places from a CSV with id, name, lat, lon, or a point layer with id, name.

    Index id; name, the file's other columns as text, basis, lon, lat (WGS84 degrees), geometry (points in `crs`). Raises
    LayerError for missing columns, blank or duplicate ids, and points outside the area of the working CRS.
    """
    name = Path(path).name
    texts, points = _csv_points(path) if Path(path).suffix.lower() == ".csv" else _layer_points(path)
    raise_together(name, key_problems(texts["id"], "id"))
    texts, points = texts.set_index("id"), points.set_axis(pd.Index(texts["id"], name="id"))
    require_names(texts, name)
    # A file with only a header has no places, which is allowed.
    placed = gpd.GeoSeries([], crs=crs) if points.empty else in_working_crs(points, crs, name)
    degrees = placed.to_crs(WGS84)
    places = gpd.GeoDataFrame(texts, geometry=placed)
    basis = places["basis"] if "basis" in places.columns else ""
    return places.assign(basis=basis, lon=degrees.x, lat=degrees.y)


def _csv_points(path: Path | str) -> tuple[pd.DataFrame, gpd.GeoSeries]:
    name = Path(path).name
    rows = read_text(path, ["id", "name", "lat", "lon"]).rows
    return rows.drop(columns=["lat", "lon"]), _points_from(rows, name)


def _layer_points(path: Path | str) -> tuple[pd.DataFrame, gpd.GeoSeries]:
    name = Path(path).name
    places = read_vector(path)
    require_columns(name, places.columns, ["id", "name"])
    ids = code_texts(places["id"], name)
    points = single_points(places.geometry.set_axis(ids), name)
    texts = pd.DataFrame(places.drop(columns="geometry")).astype("object")
    return texts.where(texts.notna(), "").astype("str").assign(id=ids), points


def single_points(shapes: gpd.GeoSeries, where: str) -> gpd.GeoSeries:
    """The points of file `where`, on an index of ids; multi-points of one point, which GIS programs save, become points.

    Raises LayerError that names the rows without a point, with several points, or with another shape.
    """
    values = shapes.to_numpy()
    if ((shapely.get_type_id(values) == shapely.GeometryType.POINT) & ~shapely.is_empty(values)).all():
        return shapes
    single = shapes.geom_type.eq("MultiPoint") & (shapely.get_num_geometries(shapes.to_numpy()) == 1)
    points = shapes.where(~single, gpd.GeoSeries(shapely.get_geometry(shapes.to_numpy(), 0), shapes.index, shapes.crs))
    empty = points.isna() | points.is_empty
    other = ~empty & ~points.geom_type.eq("Point")
    kinds = first_few(sorted(set(map(str, points.geom_type[other]))))
    problems = {
        f"{empty.sum():,} of {len(points):,} rows have no point ({first_few(points.index[empty])})": empty,
        f"one point a row is expected; {other.sum():,} rows are {kinds} ({first_few(points.index[other])})": other,
    }
    raise_together(where, [problem for problem, rows in problems.items() if rows.any()])
    return points


def read_centres(path: Path | str, crs: str = BRITISH_NATIONAL_GRID) -> gpd.GeoDataFrame:
    """Strategic centres as from `read_point_places`, with `default` (bool), `other_lat` and `other_lon` (degrees, or NaN).

    `default` says whether a centre is in the default set, or only in a variant. The other point is where it may also be
    said to lie. Raises LayerError for half an other point, or one that is nowhere.
    """
    name = Path(path).name
    centres = _with_default(read_point_places(path, crs), name)
    found, problems = {}, []
    for column in ("other_lat", "other_lon"):
        texts = centres[column] if column in centres else pd.Series("", index=centres.index, name=column)
        found[column], _, wrong = to_numbers(texts, name)
        problems += wrong
    half = centres.index[found["other_lat"].isna() != found["other_lon"].isna()]
    if len(half):
        problems.append(f"give both other_lat and other_lon, or neither ({first_few(half)})")
    raise_together(name, problems or degree_problems(found["other_lon"], found["other_lat"], blank_allowed=True))
    return centres.assign(**found)


def read_pilots(path: Path | str, crs: str = BRITISH_NATIONAL_GRID) -> gpd.GeoDataFrame:
    """Town-centre pilots as from `read_point_places`, with `radius_m` (float, metres) and `default` (bool).

    Raises LayerError for radii that are not above 0 and at most `MAX_RADIUS_M`.
    """
    name = Path(path).name
    pilots = _with_default(read_point_places(path, crs), name)
    require_columns(name, pilots.columns, ["radius_m"])
    radius_m, _, problems = to_numbers(pilots["radius_m"], name)
    odd = radius_m.index[~radius_m.between(0, MAX_RADIUS_M, inclusive="right")]
    if not problems and len(odd):
        problems = [f"radius_m must be metres above 0 and at most {MAX_RADIUS_M:,.0f} ({first_few(odd)})"]
    raise_together(name, problems)
    return pilots.assign(radius_m=radius_m)


def read_corridors(path: Path | str, crs: str = BRITISH_NATIONAL_GRID) -> gpd.GeoDataFrame:
    """Corridors from a CSV of waypoints (id, name, order, lat, lon), joined in `order`, or a line layer with id, name.

    Index id; name, basis, length_km, geometry (lines in `crs`). Raises LayerError for bad waypoints, ids that no list can
    hold, lines without length, and a file without corridors.
    """
    name = Path(path).name
    lines = _waypoint_lines(path) if Path(path).suffix.lower() == ".csv" else _line_layer(path)
    if lines.empty:
        raise LayerError(f"{name} holds no corridor; write at least one.")
    require_names(lines, name)
    unlisted = [repr(ident) for ident in lines.index if not ident or ";" in ident]
    problem = f"ids of corridors stand in lists with ; between, so none is blank or holds one ({first_few(unlisted)})"
    raise_together(name, [problem] if unlisted else [])
    lines = lines.set_geometry(in_working_crs(lines.geometry, crs, name))
    lines["length_km"] = lines.length / 1000
    short = lines.index[~(lines["length_km"] > 0)]
    if len(short):
        raise LayerError(f"{name}: corridors without length ({first_few(short)}); two different waypoints are needed.")
    return lines[["name", "basis", "length_km", "geometry"]]


def catchments(corridors: gpd.GeoDataFrame, buffers_m: Sequence[float] = BUFFERS_M) -> gpd.GeoDataFrame:
    """The straight-line catchments of corridors, one per corridor and buffer (metres): they may overlap.

    RangeIndex; corridor_id, buffer_m, geometry (polygons).
    """
    lines = np.tile(corridors.geometry.to_numpy(), len(buffers_m))
    radii_m = np.repeat(np.asarray(buffers_m, dtype="float64"), len(corridors))
    polygons = shapely.buffer(lines, radii_m, quad_segs=_ARC_SEGMENTS)
    columns = {"corridor_id": np.tile(corridors.index, len(buffers_m)), "buffer_m": radii_m, "geometry": polygons}
    return gpd.GeoDataFrame(columns, crs=corridors.crs)


def pilot_catchments(pilots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The circular catchments of pilots, by their `radius_m`: RangeIndex; pilot_id, buffer_m, geometry (polygons)."""
    radius_m = pilots["radius_m"].to_numpy()
    circles = shapely.buffer(pilots.geometry.to_numpy(), radius_m, quad_segs=_ARC_SEGMENTS)
    return gpd.GeoDataFrame({"pilot_id": pilots.index, "buffer_m": radius_m, "geometry": circles}, crs=pilots.crs)


def members(points: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """The pairs of areas and the zones in them: one row per pair, sorted; the columns of `areas` and zone_id.

    `points` has index zone_id and columns x, y in the areas' CRS (`ZonePoints.frame`). A zone is in an area if its point
    is inside or on the edge. It may be in several areas, so totals of areas must never be added up.
    """
    placed = gpd.GeoSeries.from_xy(points["x"], points["y"], index=points.index, crs=areas.crs)
    area, point = placed.sindex.query(areas.geometry, predicate="intersects")
    pairs = pd.DataFrame(areas.drop(columns="geometry")).iloc[area].reset_index(drop=True)
    pairs["zone_id"] = points.index.to_numpy()[point]
    ordered: pd.DataFrame = pairs.sort_values(list(pairs.columns), ignore_index=True)
    return ordered


def _points_from(rows: pd.DataFrame, name: str) -> gpd.GeoSeries:
    lat, _, lat_problems = to_numbers(rows["lat"], name)
    lon, _, lon_problems = to_numbers(rows["lon"], name)
    problems = lat_problems + lon_problems
    raise_together(name, problems or degree_problems(lon, lat))
    return gpd.GeoSeries.from_xy(lon, lat, index=rows.index, crs=WGS84)


def _with_default(places: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    if "default" not in places.columns:
        return places.assign(default=True)
    words = places["default"].str.strip().str.lower()
    wrong = places.index[~words.isin(_TRUTH_WORDS.keys())]
    raise_together(name, [f"column default must be true or false ({first_few(wrong)})"] if len(wrong) else [])
    return places.assign(default=words.map(_TRUTH_WORDS).astype("bool"))


def _waypoint_lines(path: Path | str) -> gpd.GeoDataFrame:
    name = Path(path).name
    rows = read_text(path, ["id", "name", "order", "lat", "lon"]).rows
    order, _, problems = to_numbers(rows["order"], name)
    ids, names, written, orders = (column.tolist() for column in (rows["id"], rows["name"], rows["order"], order))
    own: dict[str, list[int]] = {}  # id -> its rows, in the file's order
    for row, ident in enumerate(ids):
        own.setdefault(ident, []).append(row)
    repeated = rows.assign(order=order).duplicated(["id", "order"]) & order.notna()
    twice = [f"{ids[row]} order {written[row]}" for row in np.flatnonzero(repeated)]
    problems += [f"waypoints repeated: {first_few(twice)}"] if twice else []
    problems += [f"order is blank at {first_few(rows['id'][order.isna()])}"] if order.isna().any() else []
    alone = [ident for ident, numbers in own.items() if len(numbers) < 2]
    problems += [f"corridors with one waypoint: {first_few(alone)}"] if alone else []
    several = sorted(ident for ident, numbers in own.items() if len({names[row] for row in numbers}) > 1)
    problems += [f"corridors with two names: {first_few(several)}"] if several else []
    raise_together(name, problems)
    spots = shapely.get_coordinates(_points_from(rows, name).to_numpy())
    paths = [sorted(numbers, key=orders.__getitem__) for numbers in own.values()]
    lines = {
        "name": [names[path[0]] for path in paths],
        "basis": [rows["basis"].iloc[path[0]] if "basis" in rows.columns else "" for path in paths],
        "geometry": [shapely.LineString(spots[path]) for path in paths],
    }
    return gpd.GeoDataFrame(lines, index=pd.Index(own, name="id"), geometry="geometry", crs=WGS84)


def _line_layer(path: Path | str) -> gpd.GeoDataFrame:
    name = Path(path).name
    lines = read_vector(path)
    require_columns(name, lines.columns, ["id", "name"])
    if not lines.geom_type.isin(["LineString", "MultiLineString"]).all():
        raise LayerError(f"{name} must hold lines only; it holds {first_few(sorted(set(map(str, lines.geom_type))))}.")
    ids = code_texts(lines["id"], name)
    raise_together(name, key_problems(ids, "id"))
    basis = lines["basis"] if "basis" in lines.columns else ""
    return lines.assign(id=ids, basis=basis).set_index("id")
