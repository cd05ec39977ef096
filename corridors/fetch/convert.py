"""From what publishers send to the files a run reads; each is checked before it takes the place of the one before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from corridors.fetch.errors import FetchError
from corridors.fetch.http.downloader import Downloader
from corridors.fetch.publishers.arcgis import fetch_rows
from corridors.fetch.publishers.brownfield import brownfield_table
from corridors.fetch.publishers.deprivation import deprivation_table
from corridors.fetch.publishers.holidays import holidays_table
from corridors.fetch.publishers.nomis import fetch_table
from corridors.fetch.publishers.stops import stops_table
from corridors.fetch.publishers.terrain import CELL_M, read_heights
from corridors.fetch.region import Region
from corridors.fetch.registry import ArcGisLayer, NomisTable, Source
from corridors.fetch.validate import check_file
from corridors.inputs.provenance import sha256_of
from layers import BRITISH_NATIONAL_GRID, read_text, read_vector, write_csv, write_heights, write_layer, written_whole

Notes = tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """A file in its place, and what is to be remembered of it."""

    rows: int | None
    day: str = ""  # a timetable's: the day to ask about
    service: str = ""
    download_sha256: str = ""
    notes: Notes = ()


def make_from_answers(source: Source, ask: ArcGisLayer | NomisTable, region: Region, web: Downloader) -> Made:
    """A table or layer that is put together from many small answers."""
    if isinstance(ask, NomisTable):
        return _placed(source, fetch_table(ask, region.districts, web), region)
    wanted = region.districts if ask.select == "districts" else zone_codes(region)
    rows = fetch_rows(ask, wanted, web)
    return replace(_placed(source, rows.frame, region), service=rows.service, notes=rows.notes)


def make_from_download(source: Source, download: Path, region: Region) -> Made:
    """A file that a publisher sends whole: changed into what a run reads, or moved as it is.

    `download` is used up by a move and left by a change.
    """
    digest = sha256_of(download)
    if source.sha256 and digest != source.sha256:
        raise FetchError(f"{download.name}: sha256 {digest} where the registry says {source.sha256}: another version?")
    if source.id not in _CHANGES:
        checked = check_file(source, download, region)
        download.replace(region.folder / source.file)
        return Made(checked.rows, checked.day, notes=checked.notes)
    return replace(_CHANGES[source.id](source, download, region), download_sha256=digest)


def zone_codes(region: Region) -> tuple[str, ...]:
    """The region's LSOA codes, from the lookup that is fetched first."""
    path = region.folder / "lsoa21_ward_lad.csv"
    if not path.exists():
        raise FetchError("the region's zones are not known yet: fetch lsoa21_ward_lad first (or too)")
    return tuple(sorted(read_text(path).rows["lsoa21_code"]))


def _placed(source: Source, frame: pd.DataFrame, region: Region, notes: Notes = ()) -> Made:
    """Write a table or layer in order of its first column, check it, and only then give it its name."""
    ordered = frame.sort_values(list(frame.columns[:2])).reset_index(drop=True)
    with written_whole(region.folder / source.file) as partial:
        if isinstance(ordered, gpd.GeoDataFrame):
            write_layer(partial, ordered, name=Path(source.file).stem)
        else:
            write_csv(partial, ordered)
        checked = check_file(source, partial, region)
    return Made(checked.rows, notes=notes)


def _deprivation(source: Source, download: Path, region: Region) -> Made:
    key = source.columns[0]
    return _placed(source, deprivation_table(download, key, "2011" if key == "lsoa11_code" else "2021"), region)


def _stops(source: Source, download: Path, region: Region) -> Made:
    stops = stops_table(download)
    return _placed(source, stops.table, region, stops.notes)


def _brownfield(source: Source, download: Path, region: Region) -> Made:
    land = brownfield_table(download, _zones(region))
    return _placed(source, land.table, region, land.notes)


def _holidays(source: Source, download: Path, region: Region) -> Made:
    return _placed(source, holidays_table(download), region)


def _terrain(source: Source, download: Path, region: Region) -> Made:
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
    return Made(None)


def _zones(region: Region) -> gpd.GeoDataFrame:
    path = region.folder / "lsoa21.gpkg"
    if not path.exists():
        raise FetchError("the zones' boundaries are needed for this: fetch lsoa21_bgc first (or too)")
    return read_vector(path)


_CHANGES: Mapping[str, Callable[[Source, Path, Region], Made]] = {
    "iod2025_file7": _deprivation,
    "iod2019_file7": _deprivation,
    "naptan_430": _stops,
    "pd_brownfield_land": _brownfield,
    "bank_holidays": _holidays,
    "os_terrain50": _terrain,
}
