"""Writes the metadata record of a layer by ISO 19115 (as ISO 19139 XML), with the elements that UK GEMINI requires."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

import geopandas as gpd

from layers.geometries import WGS84

STANDARD_URI = "http://www.isotc211.org/2005/gmd"
_GMD, _GCO, _GML = STANDARD_URI, "http://www.isotc211.org/2005/gco", "http://www.opengis.net/gml/3.2"
_CODES = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml"

Element = ElementTree.Element


@dataclass(frozen=True)
class LayerMetadata:
    """The metadata of one layer. `lineage` and `licences` are lines; `vintage` is the ISO date of the content."""

    title: str
    abstract: str
    lineage: Sequence[str]
    licences: Sequence[str]
    keywords: Sequence[str] = ()
    vintage: str = ""
    topic: str = "transportation"
    caution: str = ""


def iso_xml(metadata: LayerMetadata, frame: gpd.GeoDataFrame) -> str:
    """The metadata record of a layer as XML; extent and reference system are those of `frame`, which must have a CRS.

    The record has no time of writing, so that equal data have equal bytes, and no contact: the organisation that
    publishes the layer adds its own.
    """
    for prefix, address in (("gmd", _GMD), ("gco", _GCO), ("gml", _GML)):
        ElementTree.register_namespace(prefix, address)
    root = ElementTree.Element(f"{{{_GMD}}}MD_Metadata")
    _code(root, "language", "LanguageCode", "eng")
    _code(root, "characterSet", "MD_CharacterSetCode", "utf8")
    _code(root, "hierarchyLevel", "MD_ScopeCode", "dataset")
    _missing(root, "contact", "missing")
    _missing(root, "dateStamp", "unknown")
    _string(root, "metadataStandardName", "UK GEMINI, in shape; not checked against its schema")
    _string(root, "metadataStandardVersion", "2.3")
    _reference_system(root, frame)
    _identification(root, metadata, frame)
    _quality(root, metadata)
    return ElementTree.tostring(root, encoding="unicode")


def _reference_system(root: Element, frame: gpd.GeoDataFrame) -> None:
    code = frame.crs.to_epsg()
    identifier = _nested(
        root, "referenceSystemInfo", "MD_ReferenceSystem", "referenceSystemIdentifier", "RS_Identifier"
    )
    _string(identifier, "code", f"http://www.opengis.net/def/crs/EPSG/0/{code}" if code else frame.crs.to_wkt())


def _identification(root: Element, metadata: LayerMetadata, frame: gpd.GeoDataFrame) -> None:
    identification = _nested(root, "identificationInfo", "MD_DataIdentification")
    citation = _nested(identification, "citation", "CI_Citation")
    _string(citation, "title", metadata.title)
    if metadata.vintage:
        date = _nested(citation, "date", "CI_Date")
        ElementTree.SubElement(_nested(date, "date"), f"{{{_GCO}}}Date").text = metadata.vintage
        _code(date, "dateType", "CI_DateTypeCode", "creation")
    _string(identification, "abstract", f"{metadata.abstract} {metadata.caution}".strip())
    if metadata.keywords:
        words = _nested(identification, "descriptiveKeywords", "MD_Keywords")
        for keyword in metadata.keywords:
            _string(words, "keyword", keyword)
    for licence in metadata.licences:
        limits = _nested(identification, "resourceConstraints", "MD_LegalConstraints")
        _code(limits, "useConstraints", "MD_RestrictionCode", "otherRestrictions")
        _string(limits, "otherConstraints", licence)
    if metadata.caution:
        _string(_nested(identification, "resourceConstraints", "MD_Constraints"), "useLimitation", metadata.caution)
    _code(identification, "spatialRepresentationType", "MD_SpatialRepresentationTypeCode", "vector")
    _code(identification, "language", "LanguageCode", "eng")
    ElementTree.SubElement(
        _nested(identification, "topicCategory"), f"{{{_GMD}}}MD_TopicCategoryCode"
    ).text = metadata.topic
    _extent(identification, metadata, frame)


def _extent(identification: Element, metadata: LayerMetadata, frame: gpd.GeoDataFrame) -> None:
    west, south, east, north = frame.geometry.to_crs(WGS84).total_bounds
    extent = _nested(identification, "extent", "EX_Extent")
    box = _nested(extent, "geographicElement", "EX_GeographicBoundingBox")
    sides = {
        "westBoundLongitude": west,
        "eastBoundLongitude": east,
        "southBoundLatitude": south,
        "northBoundLatitude": north,
    }
    for side, degrees in sides.items():
        ElementTree.SubElement(_nested(box, side), f"{{{_GCO}}}Decimal").text = f"{degrees:.4f}"
    if metadata.vintage:
        when = _nested(extent, "temporalElement", "EX_TemporalExtent", "extent")
        period = ElementTree.SubElement(when, f"{{{_GML}}}TimePeriod", {f"{{{_GML}}}id": "vintage"})
        for end in ("beginPosition", "endPosition"):
            ElementTree.SubElement(period, f"{{{_GML}}}{end}").text = metadata.vintage


def _quality(root: Element, metadata: LayerMetadata) -> None:
    quality = _nested(root, "dataQualityInfo", "DQ_DataQuality")
    _code(_nested(quality, "scope", "DQ_Scope"), "level", "MD_ScopeCode", "dataset")
    _string(_nested(quality, "lineage", "LI_Lineage"), "statement", "\n".join(metadata.lineage))


def _nested(parent: Element, *tags: str) -> Element:
    for tag in tags:
        parent = ElementTree.SubElement(parent, f"{{{_GMD}}}{tag}")
    return parent


def _string(parent: Element, tag: str, text: str) -> None:
    ElementTree.SubElement(_nested(parent, tag), f"{{{_GCO}}}CharacterString").text = text


def _code(parent: Element, tag: str, codelist: str, value: str) -> None:
    attributes = {"codeList": f"{_CODES}#{codelist}", "codeListValue": value}
    ElementTree.SubElement(_nested(parent, tag), f"{{{_GMD}}}{codelist}", attributes).text = value


def _missing(parent: Element, tag: str, reason: str) -> None:
    _nested(parent, tag).set(f"{{{_GCO}}}nilReason", reason)
