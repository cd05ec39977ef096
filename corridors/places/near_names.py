"""Names by which people know zones whose own names are codes: the named place that is nearest to each."""

import re
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from corridors.landmarks import bundled_landmarks, known_name
from layers import cleaned
from maps import BaseMap

COLUMN = "near_place"
MOST_M = 4000.0  # a place farther away says little of where a zone lies
_FEW = 0.5  # of the zones: where no more names are codes, publishers name zones after places, and a few look like codes
_TRIED = 8  # nearest places of a zone, among which those that its own name says already are passed over
# Words that name no place: what zones are called, beside a number.
_PLAIN = frozenset({"area", "block", "cell", "district", "hexagon", "sector", "square", "tract", "ward", "zone"})
_WORD = re.compile(r"[^\W\d_]{3,}")


def nearest_places(zones: gpd.GeoDataFrame, points: pd.DataFrame, base_map: BaseMap | None) -> pd.DataFrame:
    """For each zone the named place nearest to its point, as the column `near_place`; "" where none is within `MOST_M`.

    Named places are those bundled and those of the base map. Zones whose own names name a place (`is_code`) need none, and
    a place that the zone's district is called after tells nothing new. Without the column where no zone has such a place,
    or most have names that people know.
    `zones` has the index zone_id, name, district_name and a CRS in metres; `points` x and y in it, on the same index.
    """
    places = _places(zones, base_map)
    texts = [zones[column].astype(str).to_numpy() for column in ("name", "district_name")]
    coded = np.array(
        [is_code(name, str(ident), part) for ident, name, part in zip(zones.index, *texts, strict=True)], bool
    )
    rows = np.flatnonzero(coded)
    if places.empty or len(rows) <= _FEW * len(zones):
        return pd.DataFrame(index=zones.index)
    tree = cKDTree(places.geometry.get_coordinates().to_numpy())
    xy = points.loc[zones.index, ["x", "y"]].to_numpy()[rows]
    _, nearest = tree.query(xy, k=range(1, _TRIED + 1), distance_upper_bound=MOST_M)
    names = [*places["name"].astype(str), ""]  # the number after the last one says that none is so near
    found = np.full(len(zones), "", object)
    for row, tried in zip(rows, nearest.tolist(), strict=True):
        known = f" {texts[0][row]} {texts[1][row]} ".casefold()
        found[row] = next((names[one] for one in tried if f" {names[one].casefold()} " not in known), "")
    return pd.DataFrame({COLUMN: found} if any(found) else {}, index=zones.index)


def known_names(zones: gpd.GeoDataFrame, points: pd.DataFrame, base_map: BaseMap | None) -> pd.Series:
    """The names of the zones by which people know them: a code with the place near it (`known_name`, `nearest_places`)."""
    near = nearest_places(zones, points, base_map).reindex(columns=[COLUMN], fill_value="")[COLUMN]
    return pd.Series([known_name(*one) for one in zip(zones["name"].astype(str), near, strict=True)], zones.index, str)


def is_code(name: str, ident: str, district: str) -> bool:
    """Whether the name of a zone names no place: it is its id, or numbers beside its district's name or a word such as zone."""
    known = set(_words(district)) | _PLAIN
    return name == ident or all(word in known for word in _words(name))


def _words(text: str) -> Iterator[str]:
    """The words of a text, of three letters or more, without numbers and what hangs on them."""
    for part in text.casefold().split():
        if not any(letter.isdigit() for letter in part):
            yield from _WORD.findall(part)


def _places(zones: gpd.GeoDataFrame, base_map: BaseMap | None) -> gpd.GeoDataFrame:
    """Named places (name, geometry) in the CRS of the zones: bundled ones, then those of the base map."""
    own = [] if base_map is None else [base_map.of_shape("point")]
    frames = [frame[["name", "geometry"]].to_crs(zones.crs) for frame in (bundled_landmarks()["places"], *own)]
    places = pd.concat(frames, ignore_index=True)
    places["name"] = places["name"].astype(str).map(cleaned).str.strip()
    finite = np.isfinite(places.geometry.get_coordinates().to_numpy()).all(axis=1)
    return places[finite & (places["name"] != "")]
