"""How a layer looks, written for QGIS (QML) and for everything else that draws by OGC's standard (SLD)."""

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
# As QgsPalLayerSettings reads them: across polygons, above lines, at the best of several places round points; where names
# meet, those of points stay before those of lines and of polygons.
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
    """Values from `lower` up to but not including `upper` (the last class includes it), drawn in `colour` (#rrggbb).

    `upper` may be infinite. `size_mm` is the width of a line, an outline that is not filled or a point, 0 for the usual.
    """

    lower: float
    upper: float
    colour: str
    label: str
    size_mm: float = 0.0


@dataclass(frozen=True)
class Style:
    """One way to draw a layer: in classes of `column`, or every feature alike where there are none."""

    name: str
    shape: Shape
    colour: str = _MISSING
    filled: bool = True  # of polygons
    column: str = ""
    classes: Sequence[StyleClass] = ()
    missing: str = "no data"
    size_mm: float = 0.0
    label: str = ""  # the column whose text stands beside each feature


def qml_text(style: Style, aliases: Mapping[str, str] | None = None) -> str:
    """The style as QGIS stores it; what is in no class is grey and labelled as missing. `aliases`: column -> title."""
    return "<!DOCTYPE qgis>\n" + ElementTree.tostring(qml_element(style, aliases or {}), encoding="unicode")


def qml_element(style: Style, aliases: Mapping[str, str]) -> Element:
    """The QGIS element that holds the renderer, the labels and the titles of columns, for a style file or a project."""
    labelled = str(int(bool(style.label)))
    root = ElementTree.Element(
        "qgis", version="3.22.0", styleCategories="Symbology|Labeling|Fields", labelsEnabled=labelled
    )
    _renderer(root, style)
    if style.label:
        _labels(root, style)
    if aliases:
        named = ElementTree.SubElement(root, "aliases")
        for index, (column, title) in enumerate(aliases.items()):
            ElementTree.SubElement(named, "alias", {"index": str(index), "field": column, "name": title})
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
    for number, each in enumerate(style.classes):
        named = {"key": f"r{number}", "filter": _condition(style, number), "label": each.label, "symbol": str(number)}
        ElementTree.SubElement(rules, "rule", named)
        _symbol(symbols, str(number), style, each.colour, each.size_mm)
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
    name, each = '"' + style.column.replace('"', '""') + '"', style.classes[number]
    if math.isinf(each.upper):
        return f"{name} >= {each.lower:.12g}"
    end = "<=" if number == len(style.classes) - 1 else "<"
    return f"{name} >= {each.lower:.12g} AND {name} {end} {each.upper:.12g}"


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
    """The style as an OGC Styled Layer Descriptor 1.1 with Symbology Encoding, for other programs than QGIS."""
    for prefix, address in (("sld", _SLD), ("se", _SE), ("ogc", _OGC)):
        ElementTree.register_namespace(prefix, address)
    root = ElementTree.Element(f"{{{_SLD}}}StyledLayerDescriptor", version="1.1.0")
    named = ElementTree.SubElement(root, f"{{{_SLD}}}NamedLayer")
    _text(named, _SE, "Name", layer)
    user = ElementTree.SubElement(named, f"{{{_SLD}}}UserStyle")
    _text(user, _SE, "Name", style.name)
    drawn = ElementTree.SubElement(user, f"{{{_SE}}}FeatureTypeStyle")
    for number, each in enumerate(style.classes):
        rule = _rule(drawn, each.label)
        _filter(rule, style, number)
        _symbolizer(rule, style, each.colour, each.size_mm)
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
    each, last = style.classes[number], number == len(style.classes) - 1
    both = ElementTree.SubElement(ElementTree.SubElement(rule, f"{{{_OGC}}}Filter"), f"{{{_OGC}}}And")
    ends = [("PropertyIsGreaterThanOrEqualTo", each.lower)]
    if not math.isinf(each.upper):
        ends.append(("PropertyIsLessThanOrEqualTo" if last else "PropertyIsLessThan", each.upper))
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
