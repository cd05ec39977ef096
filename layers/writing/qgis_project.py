"""Writes a QGIS project for a GeoPackage: its layers in order, with their styles, by a relative path."""

from collections.abc import Collection, Sequence
from pathlib import Path
from xml.etree import ElementTree

from layers.writing.files import written_whole
from layers.writing.geopackage import NamedLayer, all_aliases
from layers.writing.metadata import LayerMetadata
from layers.writing.styles import qml_element

_GEOMETRY = {"polygon": "Polygon", "line": "Line", "point": "Point"}

Element = ElementTree.Element


def write_qgis_project(
    path: Path, package: str, layers: Sequence[NamedLayer], title: str, hidden: Collection[str] = ()
) -> Path:
    """Write a .qgs project for the GeoPackage `package` (a file name in the same folder); the first layer is on top.

    It has the layers with a style, in one group named `title`; each is drawn in its first style, and the others can be
    chosen. Layers named in `hidden` are switched off. Raises LayerWriteError if the file can't be written.
    """
    styled = [layer for layer in layers if layer.styles]
    root = ElementTree.Element("qgis", version="3.22.0", projectname=title)
    ElementTree.SubElement(root, "title").text = title
    if styled:
        ElementTree.SubElement(root, "projectCrs").append(_reference(styled[0]))
        systems = ElementTree.SubElement(ElementTree.SubElement(root, "properties"), "SpatialRefSys")
        ElementTree.SubElement(systems, "ProjectionsEnabled", type="int").text = "1"
    tree = ElementTree.SubElement(ElementTree.SubElement(root, "layer-tree-group"), "layer-tree-group")
    tree.attrib.update(name=title, checked="Qt::Checked", expanded="1")
    for layer in styled:
        checked = "Qt::Unchecked" if layer.name in hidden else "Qt::Checked"
        expanded = str(int(bool(layer.styles[0].classes)))
        attributes = {"id": _ident(layer), "name": _words(layer), "checked": checked, "expanded": expanded}
        ElementTree.SubElement(tree, "layer-tree-layer", attributes)
    made = ElementTree.SubElement(root, "projectlayers")
    for layer in styled:
        made.append(_layer(layer, package))
    ElementTree.SubElement(ElementTree.SubElement(root, "layerorder"), "layer", id="")
    if styled:
        root.append(_canvas(styled))
    text = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ElementTree.tostring(
        root, encoding="unicode"
    )
    with written_whole(path) as partial:
        partial.write_text(text, encoding="utf-8")
    return path


def _layer(layer: NamedLayer, package: str) -> Element:
    style, aliases = layer.styles[0], all_aliases(layer)
    made = ElementTree.Element("maplayer", type="vector", geometry=_GEOMETRY[style.shape])
    for tag, text in (
        ("id", _ident(layer)),
        ("datasource", f"./{package}|layername={layer.name}"),
        ("layername", _words(layer)),
    ):
        ElementTree.SubElement(made, tag).text = text
    ElementTree.SubElement(made, "srs").append(_reference(layer))
    ElementTree.SubElement(made, "provider", encoding="UTF-8").text = "ogr"
    if layer.metadata:
        made.append(_metadata(layer.metadata))
    drawn = qml_element(style, aliases)
    made.set("labelsEnabled", drawn.get("labelsEnabled", "0"))
    made.extend(drawn)
    manager = ElementTree.SubElement(made, "map-layer-style-manager", current=style.name)
    ElementTree.SubElement(manager, "map-layer-style", name=style.name)  # the current style is in the layer itself
    for other in layer.styles[1:]:
        ElementTree.SubElement(manager, "map-layer-style", name=other.name).append(qml_element(other, aliases))
    return made


def _metadata(metadata: LayerMetadata) -> Element:
    made = ElementTree.Element("resourceMetadata")
    for tag, text in (
        ("type", "dataset"),
        ("title", metadata.title),
        ("abstract", f"{metadata.abstract} {metadata.caution}".strip()),
        *(("license", licence) for licence in metadata.licences),
        *(("history", line) for line in metadata.lineage),
    ):
        ElementTree.SubElement(made, tag).text = text
    return made


def _ident(layer: NamedLayer) -> str:
    return f"layer_of_{layer.name}"  # QGIS replaces ids without an underscore by random ones


def _words(layer: NamedLayer) -> str:
    return layer.metadata.title if layer.metadata else layer.title or layer.name


def _reference(layer: NamedLayer) -> Element:
    system = ElementTree.Element("spatialrefsys")
    ElementTree.SubElement(system, "wkt").text = layer.frame.crs.to_wkt()
    code = layer.frame.crs.to_epsg()
    if code:
        ElementTree.SubElement(system, "authid").text = f"EPSG:{code}"
    return system


def _canvas(layers: Sequence[NamedLayer]) -> Element:
    canvas = ElementTree.Element("mapcanvas", name="theMapCanvas")
    extent = ElementTree.SubElement(canvas, "extent")
    bounds = max((layer.frame.total_bounds for layer in layers), key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    for side, value in zip(("xmin", "ymin", "xmax", "ymax"), bounds, strict=True):
        ElementTree.SubElement(extent, side).text = f"{value:.3f}"
    return canvas
