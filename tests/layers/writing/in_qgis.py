"""What QGIS makes of a GeoPackage and a project beside it; run by the Python that has QGIS, prints one line of JSON.

`QT_QPA_PLATFORM=offscreen /usr/bin/python3 in_qgis.py PROJECT.qgs PICTURE.png` also draws what the project shows at first.
"""

import json
import os
import sys
from pathlib import Path

from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

WIDTH_PX, HEIGHT_PX = 1400, 1000


def facts_of(layer):
    """What a person with QGIS would see of a layer."""
    renderer, fields = layer.renderer(), layer.fields()
    return {
        "valid": layer.isValid(),
        "features": layer.featureCount(),
        "crs": layer.crs().authid(),
        "spatial_index": layer.hasSpatialIndex() == 2,
        "shapes_valid": all(feature.geometry().isGeosValid() for feature in layer.getFeatures()),
        "renderer": renderer.type() if renderer else "",
        "legend": [item.label() for item in renderer.legendSymbolItems()] if renderer else [],
        "aliases": {field.name(): layer.attributeDisplayName(number) for number, field in enumerate(fields)},
        "types": {field.name(): field.typeName() for field in fields},
        "abstract": layer.metadata().abstract(),
        "licences": list(layer.metadata().licenses()),
        "labels": layer.labelsEnabled(),
        "styles": styles_of(layer),
        "choices": layer.styleManager().styles(),
    }


def styles_of(layer):
    """The names of the styles that are kept for a layer; QGIS lists those of other layers after them."""
    related, _, names, *_ = layer.listStylesInDatabase()
    return names[:related]


def draw(layers, extent, path):
    """The layers, first on top, as a picture."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[0].crs())
    settings.setExtent(extent)
    settings.setOutputSize(QSize(WIDTH_PX, HEIGHT_PX))
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(str(path))


def main(project_file, picture):
    """Open, look, draw, tell."""
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    read = project.read(str(project_file))
    nodes = project.layerTreeRoot().findLayers()
    package = project_file.with_suffix(".gpkg")
    whole = QgsVectorLayer(str(package), "", "ogr")
    names = [sub.split("!!::!!")[1] for sub in whole.dataProvider().subLayers()]
    opened = {
        name: QgsVectorLayer(f"{package}|layername={name}", name, "ogr") for name in names if name != "layer_styles"
    }
    answer = {
        "read": read,
        "title": project.title(),
        "groups": [group.name() for group in project.layerTreeRoot().findGroups()],
        "shown": [node.name() for node in nodes if node.isVisible()],
        "project": {node.layerId(): facts_of(node.layer()) for node in nodes},
        "package": {name: facts_of(layer) for name, layer in opened.items()},
    }
    extent = opened["zones"].extent()
    extent.scale(1.05)
    draw([node.layer() for node in nodes if node.isVisible()], extent, picture)
    print(json.dumps(answer), flush=True)
    os._exit(0)  # QGIS without a window does not always end well


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
