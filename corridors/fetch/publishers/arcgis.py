"""ArcGIS feature services of the ONS: the newest service by name, and its rows in blocks and pages."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.fetch.errors import FetchError, TryAgainError, UnansweredError
from corridors.fetch.http.downloader import Downloader
from corridors.fetch.registry import ArcGisLayer
from layers import cleaned

BLOCK = 200  # codes in one request: the list goes by POST, and servers limit its length
_MAX_PAGES = 1_000
_FEATURES = "FeatureServer"
_WKID = {"none": 4326, "points": 4326, "polygons": 27700}


class Rows(NamedTuple):
    """Rows of a service: our columns (text), with geometry or lon and lat where asked for, and the service's name."""

    frame: pd.DataFrame
    service: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Service:
    name: str
    address: str
    object_id: str
    key: str
    fields: Mapping[str, str]  # our name -> the service's


def fetch_rows(ask: ArcGisLayer, wanted: Sequence[str], web: Downloader) -> Rows:
    """All rows of the layer whose key is among `wanted`.

    Raises `FetchError` where no service has the fields, or where a page can't be fetched.
    """
    service, features, notes = _features_of_newest(ask, wanted, web)
    columns = {
        ours: [cleaned(str(feature["attributes"].get(theirs) or "")).strip() for feature in features]
        for ours, theirs in service.fields.items()
    }
    frame = pd.DataFrame(columns)
    if ask.shape == "points":
        frame["lon"], frame["lat"] = _coordinates(features, service.name)
    elif ask.shape == "polygons":
        outlines = [_outline(feature, service.name) for feature in features]
        frame = gpd.GeoDataFrame(frame, geometry=outlines, crs=_WKID["polygons"])
    return Rows(frame, service.name, notes)


def _features_of_newest(
    ask: ArcGisLayer, wanted: Sequence[str], web: Downloader
) -> tuple[_Service, list[dict[str, Any]], tuple[str, ...]]:
    """The newest service that has the fields and answers, by year and version in the name; its features; and notes."""
    try:
        names = sorted(set(_service_names(ask, web)), key=lambda name: _version(ask.pattern, name), reverse=True)
        notes: tuple[str, ...] = ()
    except FetchError as error:
        names, notes = [], (f"the list of services could not be had ({error}); the pinned name was used",)
    refusals: list[str] = []
    for name in dict.fromkeys([*names, ask.pinned]):
        try:
            service = _describe(ask, name, web)
            starts = range(0, len(wanted), BLOCK)
            features = [one for start in starts for one in _pages(ask, service, wanted[start : start + BLOCK], web)]
        except (_UnfitError, UnansweredError) as error:
            refusals.append(f"{name}: {error}")
        else:
            passed = (f"newer services were passed over ({'; '.join(refusals)})",) if refusals else ()
            return service, features, (*notes, *passed)
    raise FetchError("no service has the fields needed and answers: " + "; ".join(refusals))


class _UnfitError(Exception):
    """Raised where a service with a fitting name lacks a needed field."""


def _service_names(ask: ArcGisLayer, web: Downloader) -> Iterator[str]:
    listed = web.json(ask.base, query={"f": "json"}, judge=_judge).get("services")
    for item in listed if isinstance(listed, list) else []:
        name = str(item.get("name", "")).rpartition("/")[2] if isinstance(item, dict) else ""
        # Maps of the same name can't be asked for rows; versions are written _v3 or _V3.
        if item.get("type", _FEATURES) == _FEATURES and re.fullmatch(ask.pattern, name, re.IGNORECASE):
            yield name


def _version(pattern: str, name: str) -> tuple[int, ...]:
    match = re.fullmatch(pattern, name, re.IGNORECASE)
    return tuple(int(group or 0) for group in match.groups()) if match else ()


def _describe(ask: ArcGisLayer, name: str, web: Downloader) -> _Service:
    address = f"{ask.base}/{name}/FeatureServer/0"
    try:
        about = web.json(address, query={"f": "json"}, judge=_judge)
    except FetchError as error:
        raise _UnfitError(str(error)) from error
    listed = about.get("fields")
    listed = listed if isinstance(listed, list) else []
    names = [str(field.get("name", "")) for field in listed if isinstance(field, dict)]
    object_id = str(about.get("objectIdField") or "FID")
    fields = {ours: _one_field(names, pattern) for ours, pattern in ask.fields.items()}
    return _Service(name, address, object_id, _one_field(names, ask.key), fields)


def _one_field(names: Sequence[str], pattern: str) -> str:
    fitting = [name for name in names if re.fullmatch(pattern, name, re.IGNORECASE)]
    if len(fitting) != 1:
        raise _UnfitError(f"expected one field named like {pattern}, found {', '.join(fitting or names) or 'none'}")
    return fitting[0]


def _pages(ask: ArcGisLayer, service: _Service, keys: Sequence[str], web: Downloader) -> Iterator[dict[str, Any]]:
    """Features page by page, in order of object id, because paging by offset skips rows when a service is busy."""
    listed, last = ", ".join(f"'{key}'" for key in keys), -1
    for _ in range(_MAX_PAGES):
        form = {
            "where": f"{service.key} IN ({listed}) AND {service.object_id} > {last}",
            "outFields": ",".join(dict.fromkeys([service.object_id, *service.fields.values()])),
            "returnGeometry": "false" if ask.shape == "none" else "true",
            "outSR": str(_WKID[ask.shape]),
            "orderByFields": service.object_id,
            "f": "json",
        }
        answer = web.json(f"{service.address}/query", form=form, judge=_judge)
        features = answer.get("features")
        if not isinstance(features, list) or not all(map(_has_attributes, features)):
            raise FetchError(f"{service.name}: the answer holds no features, or some without attributes")
        _check_reference(ask, service, answer)
        yield from features
        if not features or not answer.get("exceededTransferLimit"):
            return
        last = max(_object_id(feature, service) for feature in features)
    raise FetchError(f"{service.name}: more than {_MAX_PAGES:,} pages; it repeats itself")


def _has_attributes(feature: object) -> bool:
    return isinstance(feature, dict) and isinstance(feature.get("attributes"), dict)


def _object_id(feature: Mapping[str, Any], service: _Service) -> int:
    try:
        return int(feature["attributes"][service.object_id])
    except (KeyError, TypeError, ValueError):
        raise FetchError(
            f"{service.name}: a row has no {service.object_id}, so its pages can't be told apart"
        ) from None


def _judge(answer: object) -> None:
    """Raise `TryAgainError` for an error in an answer: ArcGIS sends it with status 200, sometimes for valid requests."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if error is not None:
        words = error.get("message", "") if isinstance(error, dict) else error
        code = error.get("code", "") if isinstance(error, dict) else ""
        raise TryAgainError(f"the service reports an error ({code} {words})".replace("( ", "("))


def _check_reference(ask: ArcGisLayer, service: _Service, answer: Mapping[str, Any]) -> None:
    if ask.shape == "none" or not answer["features"]:
        return
    reference = answer.get("spatialReference")
    ids = reference if isinstance(reference, dict) else {}
    wkids = [ids[key] for key in ("wkid", "latestWkid") if key in ids]
    if _WKID[ask.shape] not in wkids:
        raise FetchError(f"{service.name}: answers in coordinates {wkids} where {_WKID[ask.shape]} was asked for")


def _coordinates(features: Sequence[Mapping[str, Any]], service: str) -> tuple[list[float], list[float]]:
    try:
        places = [(float(feature["geometry"]["x"]), float(feature["geometry"]["y"])) for feature in features]
    except (KeyError, TypeError, ValueError):
        raise FetchError(f"{service}: a row has no point") from None
    if not all(math.isfinite(x) and math.isfinite(y) for x, y in places):
        raise FetchError(f"{service}: a row has a point that is nowhere")
    return [x for x, _ in places], [y for _, y in places]


def _outline(feature: Mapping[str, Any], service: str) -> shapely.Geometry | None:
    """The polygon of a feature's rings; Esri does not say which rings are holes, so nested rings are."""
    try:
        rings = (feature.get("geometry") or {}).get("rings") or []
        lines = [shapely.linestrings([point[:2] for point in ring]) for ring in rings if len(ring) >= 4]
    except (AttributeError, TypeError, ValueError, LookupError, shapely.errors.ShapelyError):
        raise FetchError(f"{service}: a row has an outline that can't be read") from None
    if not np.isfinite(shapely.get_coordinates(lines)).all():
        raise FetchError(f"{service}: a row has an outline with a corner that is nowhere")
    return shapely.build_area(shapely.multilinestrings(lines)) if lines else None
