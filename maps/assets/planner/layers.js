// The layers over the zones, drawn into the feature groups that folium made.
planner.drawLayers = function (map, groups) {
  const PANE = { area: 'areas', line: 'lines', point: 'points' };
  const renderers = new Map();
  const CASED_PX = 1.5; // thinner lines get no pale edge

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
    if (layer.frequencies) {
      const { colour, width } = layer.frequencies.of[layer.frequencies.at[number]];
      const drawn = L.polyline(shape, { ...onPane('links'), color: colour, weight: width, opacity: 0.9 });
      const casing = { ...onPane('links'), color: '#ffffff', weight: width + 1.6, opacity: 0.55 };
      return width < CASED_PX ? [drawn] : [L.polyline(shape, casing), drawn];
    }
    if (layer.background) {
      return [L.polyline(shape, { ...onPane('links'), color: '#ffffff', weight: 3.6, opacity: 0.8 }),
        L.polyline(shape, { ...onPane('links'), color: layer.colour, weight: 2 })];
    }
    const casing = L.polyline(shape, { ...onPane(PANE.line), color: '#ffffff', weight: 8, opacity: 0.9 });
    return [casing, L.polyline(shape, { ...onPane(PANE.line), color: layer.colour, weight: 4.5 })];
  }

  // Thousands of stops would hide the zones when the whole region is in view.
  const SIZES = { stops: [1.1, 2.2, 3.6], tramstops: [1.4, 2.4, 3.6], stations: [1.8, 2.8, 4] };

  function radiusOf(id) {
    const near = map.getZoom() < 11.5 ? 0 : map.getZoom() < 13.5 ? 1 : 2;
    return SIZES[id] ? SIZES[id][near] : id === 'sites' ? 5 : 6;
  }

  function point(layer, shape, number) {
    const radius = radiusOf(layer.id);
    const [edge, fill] = layer.hollow.includes(number) ? [layer.colour, '#ffffff'] : ['#ffffff', colourOf(layer, number)];
    return [L.circleMarker(shape[0][0], {
      ...onPane(SIZES[layer.id] ? 'stops' : PANE.point), radius, square: ['sites', 'stations'].includes(layer.id), color: edge,
      weight: SIZES[layer.id] ? 0.4 : 1.8, fillColor: fill, fillOpacity: 1,
    })];
  }

  // Frequent services lie over rare ones.
  function inDrawingOrder(layer) {
    const numbers = layer.shapes.map((_, number) => number);
    return layer.frequencies ? numbers.sort((a, b) => layer.frequencies.at[a] - layer.frequencies.at[b]) : numbers;
  }

  const draw = { area, line, point };
  for (const layer of planner.data.layers) {
    if (!draw[layer.drawing]) continue;
    inDrawingOrder(layer).forEach((number) => {
      if (!layer.shapes[number].length) return;
      draw[layer.drawing](layer, layer.shapes[number], number).forEach((drawn) => drawn.addTo(groups[layer.id]));
    });
  }
  map.on('zoomend', () => Object.keys(SIZES).forEach((id) => {
    if (groups[id]) groups[id].eachLayer((stop) => stop.setRadius(radiusOf(id)));
  }));
};
