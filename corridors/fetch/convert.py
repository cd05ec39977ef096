"""Conversion of what publishers send to the files that a run reads, each checked before it replaces an older one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from accessibility import AccessibilityError
from corridors.fetch.errors import FetchError
from corridors.fetch.http.downloader import Downloader
from corridors.fetch.publishers.arcgis import fetch_rows
from corridors.fetch.publishers.brownfield import brownfield_table
from corridors.fetch.publishers.deprivation import deprivation_table
from corridors.fetch.publishers.holidays import holidays_table
from corridors.fetch.publishers.nomis import fetch_table
from corridors.fetch.publishers.outside_jobs import jobs_near
from corridors.fetch.publishers.stops import stops_table
from corridors.fetch.publishers.streets_near import write_streets_near
from corridors.fetch.publishers.terrain import CELL_M, read_heights
from corridors.fetch.region import Region
from corridors.fetch.registry import ArcGisLayer, NomisTable, Source
from corridors.fetch.validate import check_file
from corridors.inputs.provenance import sha256_of
from layers import BRITISH_NATIONAL_GRID, read_text, read_vector, write_csv, write_heights, write_layer, written_whole

Notes = tuple[str, ...]
# (source, what its file holds) of tables that are asked for the rows of others; each is called like its source.
_LOOKUPS: Mapping[str, tuple[str, str]] = {
    "region": ("lsoa21_ward_lad", "the region's zones"),
    "neighbours": ("lsoa21_lad_near", "the neighbours' zones"),
    "output areas": ("c21_ts001_oa", "the region's output areas"),
}
_POINTS_NEAR = ("lsoa21_pwc_near", "the points of the neighbours' zones")


@dataclass(frozen=True)
class MadeFile:
    """Facts of a file that is in its place, for the lock."""

    rows: int | None
    day: str = ""  # of a timetable: its service day to use
    service: str = ""
    download_sha256: str = ""
    notes: Notes = ()


def make_from_answers(source: Source, ask: ArcGisLayer | NomisTable, region: Region, web: Downloader) -> MadeFile:
    """Make the file of a source, a table or layer, from many small answers. Raises `FetchError`."""
    districts = region.neighbours if source.area == "neighbours" else region.districts
    if isinstance(ask, NomisTable):
        wanted = (lambda: _zones_wanted(source, region)) if ask.by == "LSOA 2021" else None
        table, notes = fetch_table(ask, districts, web, wanted)
        if source.id == "bres_lsoa21_near":
            joined = jobs_near(table, _table_of(region, *_POINTS_NEAR), _zones(region))
            return _write_checked(source, joined.table, region, (*notes, *joined.notes))
        return _write_checked(source, table, region, notes)
    of = source.area if ask.select == "zones" else ask.select
    rows = fetch_rows(ask, districts if of == "districts" else _codes(region, of), web)
    frame = rows.frame
    if ask.select == "output areas":
        frame = frame.merge(_table_of(region, *_LOOKUPS[ask.select]), on=source.columns[0])
    return replace(_write_checked(source, frame, region), service=rows.service, notes=rows.notes)


def make_from_download(source: Source, download: Path, region: Region) -> MadeFile:
    """Make the file of a source from a whole file of the publisher, by converting it, or by moving it as it is.

    A move takes `download` away; a conversion leaves it. Raises `FetchError` where it is another version or faulty.
    """
    digest = sha256_of(download)
    if source.sha256 and digest != source.sha256:
        raise FetchError(f"{download.name}: sha256 {digest} where the registry says {source.sha256}: another version?")
    if source.id not in _CONVERSIONS:
        checked = check_file(source, download, region)
        download.replace(region.folder / source.file)
        return MadeFile(checked.rows, checked.day, notes=checked.notes)
    return replace(_CONVERSIONS[source.id](source, download, region), download_sha256=digest)


def _zones_wanted(source: Source, region: Region) -> tuple[str, ...]:
    return _codes(region, "neighbours" if source.area == "neighbours" else "region")


def _codes(region: Region, of: str) -> tuple[str, ...]:
    """Codes of small areas, from the table that is fetched first. Raises `FetchError` where it is missing."""
    return tuple(sorted(_table_of(region, *_LOOKUPS[of]).iloc[:, 0]))


def _table_of(region: Region, ident: str, what: str) -> pd.DataFrame:
    """The cells of the file of a source that is fetched earlier; `what` names its content."""
    path = region.folder / f"{ident}.csv"
    if not path.exists():
        raise FetchError(f"{what} are not known yet: fetch {ident} first (or too)")
    return read_text(path).rows


def _write_checked(source: Source, frame: pd.DataFrame, region: Region, notes: Notes = ()) -> MadeFile:
    """Write a table or layer, sorted by its first columns, check it, and then give it its name."""
    ordered = frame.sort_values(list(frame.columns[:2])).reset_index(drop=True)
    with written_whole(region.folder / source.file) as partial:
        if isinstance(ordered, gpd.GeoDataFrame):
            write_layer(partial, ordered, name=Path(source.file).stem)
        else:
            write_csv(partial, ordered)
        checked = check_file(source, partial, region)
    return MadeFile(checked.rows, notes=notes)


def _deprivation(source: Source, download: Path, region: Region) -> MadeFile:
    key = source.columns[0]
    return _write_checked(source, deprivation_table(download, key, "2011" if key == "lsoa11_code" else "2021"), region)


def _stops(source: Source, download: Path, region: Region) -> MadeFile:
    stops = stops_table(download)
    return _write_checked(source, stops.table, region, stops.notes)


def _brownfield(source: Source, download: Path, region: Region) -> MadeFile:
    land = brownfield_table(download, _zones(region))
    return _write_checked(source, land.table, region, land.notes)


def _holidays(source: Source, download: Path, region: Region) -> MadeFile:
    return _write_checked(source, holidays_table(download), region)


def _terrain(source: Source, download: Path, region: Region) -> MadeFile:
    west, south, east, north = (float(bound) for bound in _zones(region).total_bounds)
    heights = read_heights(download, (west, south, east, north))
    with written_whole(region.folder / source.file) as partial:
        write_heights(
            partial,
            heights.cells,
            left_m=heights.left_m,
            top_m=heights.top_m,
            cell_m=CELL_M,
            crs=BRITISH_NATIONAL_GRID,
        )
        check_file(source, partial, region)
    return MadeFile(None)


def _streets_near(source: Source, download: Path, region: Region) -> MadeFile:
    with written_whole(region.folder / source.file) as partial:
        try:
            near = write_streets_near(download, partial, _zones(region))
        except AccessibilityError as error:
            raise FetchError(f"{download.name}: damaged or cut short; fetch it again") from error
        check_file(source, partial, region)
    return MadeFile(near.ways, notes=near.notes)


def _zones(region: Region) -> gpd.GeoDataFrame:
    path = region.folder / "lsoa21.gpkg"
    if not path.exists():
        raise FetchError("the zones' boundaries are needed for this: fetch lsoa21_bgc first (or too)")
    return read_vector(path)


_CONVERSIONS: Mapping[str, Callable[[Source, Path, Region], MadeFile]] = {
    "iod2025_file7": _deprivation,
    "iod2019_file7": _deprivation,
    "naptan_430": _stops,
    "pd_brownfield_land": _brownfield,
    "bank_holidays": _holidays,
    "os_terrain50": _terrain,
    **{f"osm_geofabrik_{county}": _streets_near for county in ("staffordshire", "warwickshire", "worcestershire")},
}
