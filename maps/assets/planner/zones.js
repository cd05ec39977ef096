// The zones of one map, coloured by one indicator.
planner.paintZones = function (map) {
  const { zones, tiles: online } = planner.data;
  const renderer = planner.canvas.on('zones');
  const edges = { color: '#ffffff', weight: 0.5, opacity: 0.55 };
  const polygons = zones.shapes.map((shape) => L.polygon(shape, {
    pane: 'zones', renderer, interactive: false, smoothFactor: 0.5, ...edges, fillOpacity: online ? 0.7 : 0.92,
  }));
  L.layerGroup(polygons).addTo(map);
  return function colourBy(indicator) {
    const tiles = new Map([...indicator.classes, indicator.missing].map((item) => [item, planner.canvas.tileOf(item)]));
    polygons.forEach((polygon, zone) => {
      const item = planner.classOf(indicator, zone);
      polygon.setStyle({ tile: tiles.get(item), fillColor: item.colour });
    });
  };
};

// A black line with a white edge round what is chosen: a zone, or a feature of a layer.
planner.markChosen = function (marks, drawing, shape) {
  if (!shape.length) return;
  const draw = {
    area: (style) => L.polygon(shape, { ...style, fill: false }),
    line: (style) => L.polyline(shape, style),
  }[drawing] || ((style) => L.circleMarker(shape[0][0], { ...style, fill: false, radius: 10 }));
  const base = { pane: 'chosen', interactive: false };
  marks.addLayer(draw({ ...base, color: '#ffffff', weight: 6 }));
  marks.addLayer(draw({ ...base, color: '#000000', weight: 3 }));
};
