"""What a file of zones says of itself: which column tells zones apart, which names them, their districts, residents and CRS."""

import re
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from corridors.errors import ConfigError
from layers import BRITISH_NATIONAL_GRID, WGS84, LayersError, code_texts, in_degrees, read_vector, working_crs

_CODE = re.compile(r"(code|cd|id|gss|fid|key|nr|number)$|^(code|id)", re.IGNORECASE)
_NAME = re.compile(r"(name|nm|title|label)$|^name", re.IGNORECASE)
_DISTRICT = re.compile(
    r"lad|ltla|utla|district|local_?auth|council|borough|municip|county|commune|region", re.IGNORECASE
)
_PEOPLE = re.compile(r"^(all_|usual_|total_)?(pop|people|residents|inhabitants|persons)", re.IGNORECASE)
_GEOGRAPHY = re.compile(r"^(oa|lsoa|msoa|ward|wd|dz|iz|ltla|lad)(\d\d)", re.IGNORECASE)
_GSS = re.compile(r"[ENSW]\d{8}")
_MOST_DISTRICTS = 1000


@dataclass(frozen=True)
class ZonesProposal:
    """Columns of a file of zones, and what is made of them."""

    frame: gpd.GeoDataFrame  # as stored in the file
    layer: str | None
    ids: pd.Series  # codes of the zones as text
    id: str
    name: str  # column of names; that of the codes where there is none
    geography: str
    crs: str
    district: str | None  # column of the district codes
    districts: dict[str, str]  # code -> name; of the whole region where no column gives districts
    population: str | None  # column of residents

    @property
    def degrees(self) -> gpd.GeoSeries:
        """The outlines in WGS84."""
        return in_degrees(self.frame.geometry, "the zones")


def propose_zones(path: Path, layer: str | None, region: str, id_column: str | None = None) -> ZonesProposal:
    """The proposal for a file. Raises `ConfigError` where no column tells zones apart, LayersError for files of no use."""
    frame = read_vector(path, layer, "--layer")
    ident = id_column or _id_column(frame, path)
    if ident not in _columns(frame):
        raise ConfigError(
            f"--id {ident}: {path.name} has no such column; it has {', '.join(_columns(frame)) or 'none'}"
        )
    ids = code_texts(frame[ident], path.name)
    name = next((one for one in _columns(frame) if one != ident and _NAME.search(one) and _texts(frame, one)), ident)
    district = _district_column(frame, ident)
    return ZonesProposal(
        frame,
        layer,
        ids,
        ident,
        name,
        _geography(ident, path),
        _crs(frame, path),
        district,
        _districts(frame, district) if district else {"all": region},
        next((one for one in _columns(frame) if _PEOPLE.search(one) and _counts(frame[one])), None),
    )


def _columns(frame: gpd.GeoDataFrame) -> list[str]:
    return [str(column) for column in frame.columns if column != frame.geometry.name]


def _id_column(frame: gpd.GeoDataFrame, path: Path) -> str:
    """The column of codes: unique, filled, and called like one; else the first unique one without spaces in it."""
    columns = [one for one in _columns(frame) if not _PEOPLE.search(one)]
    unique = [one for one in columns if frame[one].notna().all() and frame[one].astype(str).is_unique]
    called = [one for one in unique if _CODE.search(one)]
    plain = [one for one in unique if not frame[one].astype(str).str.contains(" ").any()]
    found = next((one for one in (*called, *plain, *unique)), None)
    if found is None:
        raise ConfigError(
            f"no column of {path.name} is filled and different for each zone; it has {', '.join(_columns(frame)) or 'none'}: add "
            "one that gives each zone a code of its own"
        )
    return found


def _district_column(frame: gpd.GeoDataFrame, ident: str) -> str | None:
    """The column of district codes: called like one, filled, shared by zones; codes before names."""
    shared = [
        one
        for one in _columns(frame)
        if one != ident and _DISTRICT.search(one) and frame[one].notna().all()
        and frame[one].astype(str).str.strip().ne("").all() and frame[one].nunique() <= min(_MOST_DISTRICTS, len(frame))
    ]  # fmt: skip
    return next((one for one in shared if _CODE.search(one)), next(iter(shared), None))


def _districts(frame: gpd.GeoDataFrame, column: str) -> dict[str, str]:
    """Code -> name; the names of another column that has one for each code, else the codes."""
    codes = frame[column].astype(str).str.strip()
    for other in _columns(frame):
        if other != column and _DISTRICT.search(other) and _NAME.search(other):
            names = frame[other].astype(str).groupby(codes).agg(["first", "nunique"])
            if (names["nunique"] == 1).all():
                return {str(code): str(name) for code, name in names["first"].items()}
    return {code: code for code in sorted(codes.unique())}


def _geography(ident: str, path: Path) -> str:
    known = _GEOGRAPHY.search(ident)
    return f"{known[1].upper()} 20{known[2]}" if known else f"zones of {path.stem}"


def _crs(frame: gpd.GeoDataFrame, path: Path) -> str:
    """The file's own system where a region can be measured in it; else the British grid, or the UTM zone."""
    own = frame.crs.to_authority() if frame.crs else None
    west, south, east, north = in_degrees(frame.geometry, path.name).total_bounds
    british = [BRITISH_NATIONAL_GRID] if west >= -8.8 and east <= 1.9 and south >= 49.8 and north <= 60.9 else []
    for name in ([":".join(own)] if own else []) + british:
        try:
            working_crs(name)
        except LayersError:
            continue
        if name != "EPSG:3857":  # of web maps: no metre of it is one
            return name
    degrees = gpd.GeoSeries.from_xy([west, east], [south, north], crs=WGS84)
    return f"EPSG:{degrees.estimate_utm_crs().to_epsg()}"


def _texts(frame: gpd.GeoDataFrame, column: str) -> bool:
    return bool(pd.api.types.is_string_dtype(frame[column]))


def _counts(values: pd.Series) -> bool:
    return bool(
        pd.api.types.is_numeric_dtype(values) and values.notna().all() and (values >= 0).all() and values.sum() > 0
    )
