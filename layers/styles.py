"""QGIS styles (QML) as text: one symbol for a layer, or classes by a column with a class for missing values."""

from collections.abc import Sequence
from typing import Literal, NamedTuple
from xml.etree import ElementTree

Shape = Literal["polygon", "line", "point"]

_SYMBOLS = {"polygon": ("fill", "SimpleFill"), "line": ("line", "SimpleLine"), "point": ("marker", "SimpleMarker")}
_OUTLINE = "#666666"
_MISSING = "#d9d9d9"


class StyleClass(NamedTuple):
    """Values from `lower` up to but not including `upper` (the last class includes it), drawn in `colour` (#rrggbb)."""

    lower: float
    upper: float
    colour: str
    label: str


def single_qml(shape: Shape, colour: str, *, filled: bool = True) -> str:
    """Every feature alike; a polygon with `filled=False` is an outline only."""
    root, renderer = _document("singleSymbol")
    symbols = ElementTree.SubElement(renderer, "symbols")
    _symbol(symbols, "0", shape, colour, filled=filled)
    return _text(root)


def classes_qml(shape: Shape, column: str, classes: Sequence[StyleClass], missing: str = "no data") -> str:
    """Features by class of `column`; what is in no class is grey and labelled `missing`."""
    root, renderer = _document("RuleRenderer")
    rules = ElementTree.SubElement(renderer, "rules", key="root")
    symbols = ElementTree.SubElement(renderer, "symbols")
    name = '"' + column.replace('"', '""') + '"'
    for number, each in enumerate(classes):
        end = "<=" if number == len(classes) - 1 else "<"
        condition = f"{name} >= {each.lower:g} AND {name} {end} {each.upper:g}"
        ElementTree.SubElement(rules, "rule", key=f"r{number}", filter=condition, label=each.label, symbol=str(number))
        _symbol(symbols, str(number), shape, each.colour, filled=True)
    rest = str(len(classes))
    ElementTree.SubElement(rules, "rule", key=f"r{rest}", filter="ELSE", label=missing, symbol=rest)
    _symbol(symbols, rest, shape, _MISSING, filled=True)
    return _text(root)


def _document(renderer: str) -> tuple[ElementTree.Element, ElementTree.Element]:
    root = ElementTree.Element("qgis", version="3.22.0", styleCategories="Symbology")
    return root, ElementTree.SubElement(root, "renderer-v2", type=renderer, symbollevels="0", enableorderby="0")


def _symbol(parent: ElementTree.Element, name: str, shape: Shape, colour: str, *, filled: bool) -> None:
    kind, layer_class = _SYMBOLS[shape]
    symbol = ElementTree.SubElement(parent, "symbol", type=kind, name=name, alpha="1")
    layer = ElementTree.SubElement(symbol, "layer", {"class": layer_class, "enabled": "1", "locked": "0", "pass": "0"})
    properties = {
        "polygon": {
            "color": _rgba(colour),
            "style": "solid" if filled else "no",
            "outline_color": _rgba(_OUTLINE if filled else colour),
            "outline_width": "0.1" if filled else "0.5",
        },
        "line": {"line_color": _rgba(colour), "line_width": "0.8"},
        "point": {"color": _rgba(colour), "name": "circle", "size": "2.5", "outline_color": _rgba(_OUTLINE)},
    }[shape]
    for key, value in properties.items():
        ElementTree.SubElement(layer, "prop", k=key, v=value)


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _text(root: ElementTree.Element) -> str:
    return "<!DOCTYPE qgis>\n" + ElementTree.tostring(root, encoding="unicode")
