"""Styles as QGIS (QML) and OGC's standard (SLD) hold them: every class has a symbol, and what is missing has one too."""

import math
from xml.etree import ElementTree

import pytest

from layers.writing.styles import Shape, Style, StyleClass, qml_text, sld_text

SE, OGC = "{http://www.opengis.net/se}", "{http://www.opengis.net/ogc}"
CLASSES = (StyleClass(0, 15, "#ffffcc", "under 15"), StyleClass(15, 45, "#bd0026", '15 to 45 "peak" <&>'))
ODD = Style("Minutes", "polygon", column='odd "name"', classes=CLASSES)


def qml(style: Style) -> ElementTree.Element:
    return ElementTree.fromstring(qml_text(style, {"a": "Title of <a>"}).removeprefix("<!DOCTYPE qgis>"))


def test_qml_has_a_symbol_for_every_class_and_one_for_no_data() -> None:
    root = qml(ODD)
    rules = root.findall(".//rule")
    assert [rule.get("label") for rule in rules] == ["under 15", '15 to 45 "peak" <&>', "no data"]
    assert rules[0].get("filter") == '"odd ""name""" >= 0 AND "odd ""name""" < 15'
    assert rules[1].get("filter") == '"odd ""name""" >= 15 AND "odd ""name""" <= 45'
    assert rules[2].get("filter") == "ELSE"
    assert {symbol.get("name") for symbol in root.findall(".//symbol")} == {rule.get("symbol") for rule in rules}


def test_qml_names_columns_for_people() -> None:
    (alias,) = qml(ODD).findall(".//alias")
    assert (alias.get("field"), alias.get("name")) == ("a", "Title of <a>")


def test_an_open_class_has_no_upper_end() -> None:
    style = Style("Minutes", "polygon", column="minutes", classes=[StyleClass(120, math.inf, "#000000", "120 or more")])
    assert qml(style).findall(".//rule")[0].get("filter") == '"minutes" >= 120'
    assert "inf" not in sld_text(style, "zones").lower()


def test_sld_filters_hold_the_same_ends() -> None:
    first, second, rest = ElementTree.fromstring(sld_text(ODD, "zones")).findall(f".//{SE}Rule")
    assert [one.text for one in first.findall(f".//{OGC}Literal")] == ["0", "15"]
    assert first.find(f".//{OGC}PropertyIsLessThan") is not None
    assert second.find(f".//{OGC}PropertyIsLessThanOrEqualTo") is not None
    assert {one.text for one in second.findall(f".//{OGC}PropertyName")} == {'odd "name"'}
    assert rest.find(f"{SE}ElseFilter") is not None


@pytest.mark.parametrize(
    ("shape", "symbolizer"),
    [("polygon", "PolygonSymbolizer"), ("line", "LineSymbolizer"), ("point", "PointSymbolizer")],
)
def test_sld_draws_each_shape_its_own_way(shape: Shape, symbolizer: str) -> None:
    root = ElementTree.fromstring(sld_text(Style("Plain", shape, "#ff8000"), "layer"))
    drawn = root.find(f".//{SE}{symbolizer}")
    assert drawn is not None
    assert "#ff8000" in {one.text for one in drawn.iter(f"{SE}SvgParameter")}


def test_an_outline_has_no_fill() -> None:
    style = Style("Districts", "polygon", "#4a4a4a", filled=False)
    assert ElementTree.fromstring(sld_text(style, "districts")).find(f".//{SE}Fill") is None
    assert {one.get("k"): one.get("v") for one in qml(style).findall(".//prop")}["style"] == "no"


def test_outlines_in_classes_are_not_filled_and_differ_in_width() -> None:
    classes = [StyleClass(800, 801, "#b3006e", "0.8 km", 0.15), StyleClass(1200, 1201, "#b3006e", "1.2 km", 0.5)]
    style = Style("Catchments", "polygon", filled=False, column="buffer_m", classes=classes)
    symbols = [{one.get("k"): one.get("v") for one in symbol.iter("prop")} for symbol in qml(style).iter("symbol")]
    assert {one["style"] for one in symbols} == {"no"}
    assert [one["outline_width"] for one in symbols[:2]] == ["0.15", "0.5"]
    widths = ElementTree.fromstring(sld_text(style, "c")).findall(f".//{SE}SvgParameter[@name='stroke-width']")
    assert [one.text for one in widths[:2]] == ["0.5", "1.8"]


def test_names_stand_beside_features_in_both_languages() -> None:
    style = Style("Centres", "point", "#111111", label="name")
    root = qml(style)
    text = root.find("labeling/settings/text-style")
    assert text is not None and text.get("fieldName") == "name" and root.get("labelsEnabled") == "1"
    written = ElementTree.fromstring(sld_text(style, "centres")).find(f".//{SE}TextSymbolizer/{SE}Label")
    assert written is not None and [one.text for one in written] == ["name"]
    assert qml(ODD).find("labeling") is None and qml(ODD).get("labelsEnabled") == "0"


def test_a_line_carries_its_colour_and_width() -> None:
    properties = {
        one.get("k"): one.get("v") for one in qml(Style("Line", "line", "#ff8000", size_mm=1.4)).findall(".//prop")
    }
    assert properties["line_color"] == "255,128,0,255"
    assert properties["line_width"] == "1.4"
