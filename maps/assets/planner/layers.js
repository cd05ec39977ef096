// The layers over the zones, drawn into the feature groups that folium made.
planner.drawLayers = function (map, groups) {
  const LINK_WIDTHS = [1, 1.8, 3, 4.5];
  const PANE = { area: 'areas', line: 'lines', point: 'points' };
  const renderers = new Map();

  function onPane(pane) {
    if (!renderers.has(pane)) renderers.set(pane, planner.canvas.on(pane));
    return { pane, renderer: renderers.get(pane), interactive: false };
  }

  function colourOf(layer, number) {
    return layer.modes ? layer.modes.colours[layer.modes.at[number]] : layer.colour;
  }

  function area(layer, shape) {
    const dashes = { catchments: '6 5', pilots: '2 4' };
    const weight = layer.id === 'districts' ? 1.4 : 2;
    return [L.polygon(shape, {
      ...onPane(layer.id === 'districts' ? 'outlines' : 'areas'),
      fill: false, color: layer.colour, weight, opacity: 0.9, dashArray: dashes[layer.id] || null,
    })];
  }

  function line(layer, shape, number) {
    if (layer.weights) {
      return [L.polyline(shape, {
        ...onPane('links'), color: colourOf(layer, number), weight: LINK_WIDTHS[layer.weights[number]], opacity: 0.75,
      })];
    }
    const casing = L.polyline(shape, { ...onPane(PANE.line), color: '#ffffff', weight: 8, opacity: 0.9 });
    return [casing, L.polyline(shape, { ...onPane(PANE.line), color: layer.colour, weight: 4.5 })];
  }

  // Thousands of stops would hide the zones when the whole region is in view.
  function stopRadius() {
    return map.getZoom() < 11.5 ? 1.1 : map.getZoom() < 13.5 ? 2.2 : 3.6;
  }

  function point(layer, shape, number) {
    const radius = { centres: 6, sites: 5, stops: stopRadius() }[layer.id];
    const [edge, fill] = layer.hollow.includes(number) ? [layer.colour, '#ffffff'] : ['#ffffff', colourOf(layer, number)];
    return [L.circleMarker(shape[0][0], {
      ...onPane(layer.id === 'stops' ? 'stops' : PANE.point), radius, square: layer.id === 'sites', color: edge,
      weight: layer.id === 'stops' ? 0.4 : 1.8, fillColor: fill, fillOpacity: 1,
    })];
  }

  const draw = { area, line, point };
  for (const layer of planner.data.layers) {
    if (!draw[layer.drawing]) continue;
    layer.shapes.forEach((shape, number) => {
      if (!shape.length) return;
      draw[layer.drawing](layer, shape, number).forEach((drawn) => drawn.addTo(groups[layer.id]));
    });
  }
  if (groups.stops) map.on('zoomend', () => groups.stops.eachLayer((stop) => stop.setRadius(stopRadius())));
};
