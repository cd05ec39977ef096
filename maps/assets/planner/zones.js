// The zones of one map, coloured by one indicator.
planner.paintZones = function (map) {
  const { zones, tiles } = planner.data;
  const renderer = planner.canvas.on('zones');
  const edges = { color: '#ffffff', weight: 0.5, opacity: 0.55 };
  const polygons = zones.shapes.map((shape) => L.polygon(shape, {
    pane: 'zones', renderer, interactive: false, smoothFactor: 0.5, ...edges, fillOpacity: tiles ? 0.7 : 0.92,
  }));
  L.layerGroup(polygons).addTo(map);
  const outline = L.polygon([], {
    pane: 'chosen', renderer: planner.canvas.on('chosen'), interactive: false, fill: false, color: '#000000', weight: 3,
  }).addTo(map);
  const casing = L.polygon([], {
    pane: 'chosen', renderer: outline.options.renderer, interactive: false, fill: false, color: '#ffffff', weight: 6,
  }).addTo(map);

  return {
    colourBy(indicator) {
      const hatch = planner.canvas.hatch(indicator.missing.pattern, indicator.missing.colour);
      polygons.forEach((polygon, zone) => {
        const item = planner.classOf(indicator, zone);
        polygon.setStyle(item.pattern ? { hatch } : { hatch: null, fillColor: item.colour });
      });
    },
    outline(zone) {
      for (const line of [casing, outline]) {
        line.setLatLngs(zone < 0 ? [] : zones.shapes[zone]);
        line.bringToFront();
      }
    },
  };
};
