"""Writes the style of a layer for QGIS (QML) and in OGC's standard (SLD) for other programs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple
from xml.etree import ElementTree

Shape = Literal["polygon", "line", "point"]

_SYMBOLS = {"polygon": ("fill", "SimpleFill"), "line": ("line", "SimpleLine"), "point": ("marker", "SimpleMarker")}
_OUTLINE = "#666666"
_MISSING = "#d9d9d9"
_LINE_MM, _POINT_MM, _OUTLINE_MM, _BORDER_MM = 0.8, 2.5, 0.5, 0.1
_PIXELS_PER_MM = 1 / 0.28  # SLD's standard pixel
_LABEL_PT, _HALO, _HALO_MM = 9, "#ffffff", 0.8
# Values of QgsPalLayerSettings: labels across polygons, above lines, at the best of several positions around points; where
# labels overlap, those of points have priority over those of lines, and these over those of polygons.
_PLACEMENTS: Mapping[Shape, Mapping[str, str]] = {
    "polygon": {"placement": "4", "priority": "1"},
    "line": {"placement": "2", "placementFlags": "10", "dist": "1", "distUnits": "MM", "priority": "5"},
    "point": {
        "placement": "6", "predefinedPositionOrder": "TR,TL,BR,BL,R,L,TSR,BSR",
        "dist": "1", "distUnits": "MM", "priority": "9",
    },
}  # fmt: skip
_SLD, _SE, _OGC = "http://www.opengis.net/sld", "http://www.opengis.net/se", "http://www.opengis.net/ogc"

Element = ElementTree.Element


class StyleClass(NamedTuple):
    """A class of values from `lower` to `upper`, drawn in `colour` (#rrggbb); only the last class includes `upper`.

    `upper` may be infinite. `size_mm` is the width of a line, of the outline of an unfilled polygon or of a point; 0
    stands for the default width.
    """

    lower: float
    upper: float
    colour: str
    label: str
    size_mm: float = 0.0


@dataclass(frozen=True)
class Style:
    """One style of a layer: by classes of `column`, or the same for all features if there are no classes."""

    name: str
    shape: Shape
    colour: str = _MISSING
    filled: bool = True  # of polygons
    column: str = ""
    classes: Sequence[StyleClass] = ()
    missing: str = "no data"
    size_mm: float = 0.0
    label: str = ""  # the column with the text of the labels


def qml_text(style: Style, aliases: Mapping[str, str] | None = None) -> str:
    """The style as QML; features in no class are grey and labelled as missing. `aliases` are column -> title."""
    return "<!DOCTYPE qgis>\n" + ElementTree.tostring(qml_element(style, aliases or {}), encoding="unicode")


def qml_element(style: Style, aliases: Mapping[str, str]) -> Element:
    """The QGIS element of the renderer, the labels and the column titles, for a style file or a project."""
    labelled = str(int(bool(style.label)))
    root = ElementTree.Element(
        "qgis", version="3.22.0", styleCategories="Symbology|Labeling|Fields", labelsEnabled=labelled
    )
    _renderer(root, style)
    if style.label:
        _labels(root, style)
    if aliases:
        alias_list = ElementTree.SubElement(root, "aliases")
        for index, (column, title) in enumerate(aliases.items()):
            ElementTree.SubElement(alias_list, "alias", {"index": str(index), "field": column, "name": title})
    return root


def _renderer(root: Element, style: Style) -> None:
    kind = "RuleRenderer" if style.classes else "singleSymbol"
    renderer = ElementTree.SubElement(root, "renderer-v2", type=kind, symbollevels="0", enableorderby="0")
    if not style.classes:
        symbols = ElementTree.SubElement(renderer, "symbols")
        _symbol(symbols, "0", style, style.colour, style.size_mm)
        return
    rules = ElementTree.SubElement(renderer, "rules", key="root")
    symbols = ElementTree.SubElement(renderer, "symbols")
    for number, style_class in enumerate(style.classes):
        attributes = {
            "key": f"r{number}",
            "filter": _condition(style, number),
            "label": style_class.label,
            "symbol": str(number),
        }
        ElementTree.SubElement(rules, "rule", attributes)
        _symbol(symbols, str(number), style, style_class.colour, style_class.size_mm)
    rest = str(len(style.classes))
    ElementTree.SubElement(rules, "rule", key=f"r{rest}", filter="ELSE", label=style.missing, symbol=rest)
    _symbol(symbols, rest, style, _MISSING, 0.0)


def _labels(root: Element, style: Style) -> None:
    labeling = ElementTree.SubElement(root, "labeling", type="simple")
    settings = ElementTree.SubElement(labeling, "settings")
    text = {"fieldName": style.label, "isExpression": "0", "fontSize": f"{_LABEL_PT}", "fontSizeUnit": "Point"}
    look = {"fontWeight": "75", "textColor": _rgba(style.colour), "textOpacity": "1"}
    written = ElementTree.SubElement(settings, "text-style", text | look)
    halo = {"bufferDraw": "1", "bufferSize": f"{_HALO_MM}", "bufferSizeUnits": "MM", "bufferColor": _rgba(_HALO)}
    ElementTree.SubElement(written, "text-buffer", halo | {"bufferOpacity": "1", "bufferNoFill": "1"})
    ElementTree.SubElement(settings, "placement", dict(_PLACEMENTS[style.shape]))
    ElementTree.SubElement(settings, "rendering", obstacle="0")


def _condition(style: Style, number: int) -> str:
    name, style_class = '"' + style.column.replace('"', '""') + '"', style.classes[number]
    if math.isinf(style_class.upper):
        return f"{name} >= {style_class.lower:.12g}"
    end = "<=" if number == len(style.classes) - 1 else "<"
    return f"{name} >= {style_class.lower:.12g} AND {name} {end} {style_class.upper:.12g}"


def _symbol(parent: Element, name: str, style: Style, colour: str, size_mm: float) -> None:
    kind, layer_class = _SYMBOLS[style.shape]
    symbol = ElementTree.SubElement(parent, "symbol", type=kind, name=name, alpha="1")
    layer = ElementTree.SubElement(symbol, "layer", {"class": layer_class, "enabled": "1", "locked": "0", "pass": "0"})
    properties = {
        "polygon": {
            "color": _rgba(colour),
            "style": "solid" if style.filled else "no",
            "outline_color": _rgba(_OUTLINE if style.filled else colour),
            "outline_width": f"{_outline_mm(style, size_mm):g}",
        },
        "line": {"line_color": _rgba(colour), "line_width": f"{size_mm or _LINE_MM:g}", "capstyle": "round"},
        "point": {
            "color": _rgba(colour),
            "name": "circle",
            "size": f"{size_mm or _POINT_MM:g}",
            "outline_color": _rgba(_OUTLINE),
        },
    }[style.shape]
    for key, value in properties.items():
        ElementTree.SubElement(layer, "prop", k=key, v=value)


def _outline_mm(style: Style, size_mm: float) -> float:
    return _BORDER_MM if style.filled else size_mm or _OUTLINE_MM


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"{red},{green},{blue},255"


def sld_text(style: Style, layer: str) -> str:
    """The style as an OGC Styled Layer Descriptor 1.1 with Symbology Encoding, for programs other than QGIS."""
    for prefix, address in (("sld", _SLD), ("se", _SE), ("ogc", _OGC)):
        ElementTree.register_namespace(prefix, address)
    root = ElementTree.Element(f"{{{_SLD}}}StyledLayerDescriptor", version="1.1.0")
    named_layer = ElementTree.SubElement(root, f"{{{_SLD}}}NamedLayer")
    _text(named_layer, _SE, "Name", layer)
    user = ElementTree.SubElement(named_layer, f"{{{_SLD}}}UserStyle")
    _text(user, _SE, "Name", style.name)
    drawn = ElementTree.SubElement(user, f"{{{_SE}}}FeatureTypeStyle")
    for number, style_class in enumerate(style.classes):
        rule = _rule(drawn, style_class.label)
        _filter(rule, style, number)
        _symbolizer(rule, style, style_class.colour, style_class.size_mm)
    rule = _rule(drawn, style.missing if style.classes else style.name)
    if style.classes:
        ElementTree.SubElement(rule, f"{{{_SE}}}ElseFilter")
    _symbolizer(rule, style, _MISSING if style.classes else style.colour, style.size_mm)
    if style.label:
        _text_symbolizer(rule if not style.classes else _rule(drawn, style.label), style)
    return ElementTree.tostring(root, encoding="unicode")


def _rule(parent: Element, label: str) -> Element:
    rule = ElementTree.SubElement(parent, f"{{{_SE}}}Rule")
    _text(rule, _SE, "Name", label)
    return rule


def _filter(rule: Element, style: Style, number: int) -> None:
    style_class, last = style.classes[number], number == len(style.classes) - 1
    both = ElementTree.SubElement(ElementTree.SubElement(rule, f"{{{_OGC}}}Filter"), f"{{{_OGC}}}And")
    ends = [("PropertyIsGreaterThanOrEqualTo", style_class.lower)]
    if not math.isinf(style_class.upper):
        ends.append(("PropertyIsLessThanOrEqualTo" if last else "PropertyIsLessThan", style_class.upper))
    for comparison, value in ends:
        compared = ElementTree.SubElement(both, f"{{{_OGC}}}{comparison}")
        _text(compared, _OGC, "PropertyName", style.column)
        _text(compared, _OGC, "Literal", f"{value:.12g}")


def _symbolizer(rule: Element, style: Style, colour: str, size_mm: float) -> None:
    if style.shape == "point":
        point = ElementTree.SubElement(rule, f"{{{_SE}}}PointSymbolizer")
        graphic = ElementTree.SubElement(point, f"{{{_SE}}}Graphic")
        mark = ElementTree.SubElement(graphic, f"{{{_SE}}}Mark")
        _text(mark, _SE, "WellKnownName", "circle")
        _paint(mark, "Fill", {"fill": colour})
        _text(graphic, _SE, "Size", f"{(size_mm or _POINT_MM) * _PIXELS_PER_MM:.1f}")
        return
    if style.shape == "line":
        line = ElementTree.SubElement(rule, f"{{{_SE}}}LineSymbolizer")
        _paint(line, "Stroke", {"stroke": colour, "stroke-width": f"{(size_mm or _LINE_MM) * _PIXELS_PER_MM:.1f}"})
        return
    polygon = ElementTree.SubElement(rule, f"{{{_SE}}}PolygonSymbolizer")
    if style.filled:
        _paint(polygon, "Fill", {"fill": colour})
    width = f"{_outline_mm(style, size_mm) * _PIXELS_PER_MM:.1f}"
    _paint(polygon, "Stroke", {"stroke": _OUTLINE if style.filled else colour, "stroke-width": width})


def _text_symbolizer(rule: Element, style: Style) -> None:
    text = ElementTree.SubElement(rule, f"{{{_SE}}}TextSymbolizer")
    _text(ElementTree.SubElement(text, f"{{{_SE}}}Label"), _OGC, "PropertyName", style.label)
    _paint(text, "Font", {"font-size": f"{_LABEL_PT}"})
    halo = ElementTree.SubElement(text, f"{{{_SE}}}Halo")
    _text(halo, _SE, "Radius", f"{_HALO_MM * _PIXELS_PER_MM:.1f}")
    _paint(halo, "Fill", {"fill": _HALO})
    _paint(text, "Fill", {"fill": style.colour})


def _paint(parent: Element, kind: str, parameters: Mapping[str, str]) -> None:
    paint = ElementTree.SubElement(parent, f"{{{_SE}}}{kind}")
    for name, value in parameters.items():
        ElementTree.SubElement(paint, f"{{{_SE}}}SvgParameter", name=name).text = value


def _text(parent: Element, namespace: str, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{namespace}}}{tag}").text = text
