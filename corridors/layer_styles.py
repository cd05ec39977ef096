"""How the published layers look when QGIS opens them."""

from layers.styles import StyleClass, classes_qml, single_qml
from maps.styles import centres_scale

_MOST_CENTRES = 10


def qml_of(layer: str) -> str:
    """The QML style of a published layer: zones by centres reached, everything else in one plain symbol."""
    if layer == "zones":
        classes = centres_scale(_MOST_CENTRES).classes
        return classes_qml(
            "polygon", "centres_within_45", [StyleClass(c.lower, c.upper, c.colour, c.label) for c in classes]
        )
    if layer in {"districts", "corridor_catchments", "pilots"}:
        return single_qml("polygon", {"districts": "#4a4a4a", "pilots": "#7b3294"}.get(layer, "#b3006e"), filled=False)
    if layer in {"corridors", "network_links"}:
        return single_qml("line", "#b3006e" if layer == "corridors" else "#6b6b6b")
    return single_qml("point", {"centres": "#111111", "sites": "#a6611a"}.get(layer, "#0072b2"))
