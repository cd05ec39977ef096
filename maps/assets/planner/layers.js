// The layers over the zones, drawn into the feature groups that folium made.
planner.drawLayers = function (map, groups) {
  const DASHES = { solid: null, dashed: '6 5', dotted: '2 4' };
  const renderers = new Map();
  const CASED_PX = 1.5; // thinner lines get no pale edge

  function onPane(pane) {
    if (!renderers.has(pane)) renderers.set(pane, planner.canvas.on(pane));
    return { pane, renderer: renderers.get(pane), interactive: false };
  }

  function colourOf(layer, number) {
    return layer.kinds ? layer.kinds.colours[layer.kinds.at[number]] : layer.colour;
  }

  function area(layer, shape) {
    return [L.polygon(shape, {
      ...onPane(layer.boundary ? 'outlines' : 'areas'),
      fill: false, color: layer.colour, weight: layer.boundary ? 1.4 : 2, opacity: 0.9, dashArray: DASHES[layer.outline],
    })];
  }

  function line(layer, shape, number) {
    if (layer.grades) {
      const { colour, width } = layer.grades.of[layer.grades.at[number]];
      const drawn = L.polyline(shape, { ...onPane('thin_lines'), color: colour, weight: width, opacity: 0.9 });
      const casing = { ...onPane('thin_lines'), color: '#ffffff', weight: width + 1.6, opacity: 0.55 };
      return width < CASED_PX ? [drawn] : [L.polyline(shape, casing), drawn];
    }
    if (layer.background) {
      return [L.polyline(shape, { ...onPane('thin_lines'), color: '#ffffff', weight: 3.6, opacity: 0.8 }),
        L.polyline(shape, { ...onPane('thin_lines'), color: layer.colour, weight: 2 })];
    }
    const casing = L.polyline(shape, { ...onPane('lines'), color: '#ffffff', weight: 8, opacity: 0.9 });
    return [casing, L.polyline(shape, { ...onPane('lines'), color: layer.colour, weight: 4.5 })];
  }

  // Thousands of large dots would hide the zones when the whole region is in view.
  function radiusOf(layer) {
    return layer.radii[map.getZoom() < 11.5 ? 0 : map.getZoom() < 13.5 ? 1 : 2];
  }

  function point(layer, shape, number) {
    const [edge, fill] = layer.hollow.includes(number) ? [layer.colour, '#ffffff'] : ['#ffffff', colourOf(layer, number)];
    return [L.circleMarker(shape[0][0], {
      ...onPane(layer.many ? 'dots' : 'points'), radius: radiusOf(layer), square: layer.square, color: edge,
      weight: layer.many ? 0.4 : 1.8, fillColor: fill, fillOpacity: 1,
    })];
  }

  // The base map: areas and lines of each class as one shape, thinner and fewer the more land is in view.
  function ground(layer, group) {
    const widthOf = (width) => width * [0.55, 0.8, 1.1, 1.6][[11, 13, 15].filter((zoom) => map.getZoom() >= zoom).length];
    const drawn = layer.classes.flatMap((each) => {
      const on = onPane(each.under ? 'base_under' : 'base_over');
      if (each.area) {
        const look = { ...on, fillRule: 'nonzero', fillColor: each.colour, color: each.edge, smoothFactor: 1.5 };
        return [[each, 0, L.polygon([each.parts], { ...look, weight: 0.7, opacity: 0.7, fillOpacity: { water: 0.9, green: 0.3 }[each.kind] ?? 1 })]];
      }
      const look = { ...on, smoothFactor: 1.5 };
      return [[each, 1.3, L.polyline(each.parts, { ...look, color: '#ffffff', opacity: 0.55 })],
        [each, 0, L.polyline(each.parts, { ...look, color: each.colour, opacity: 0.9, dashArray: each.dashes.length ? each.dashes : null })]];
    });
    function follow() {
      for (const [each, more, shape] of drawn) {
        if (map.getZoom() < each.fromZoom) group.removeLayer(shape);
        else group.addLayer(shape);
        if (!each.area) shape.setStyle({ weight: widthOf(each.width) + more });
      }
    }
    map.on('zoomend', follow);
    follow();
  }

  // Higher grades lie over lower ones.
  function inDrawingOrder(layer) {
    const numbers = layer.shapes.map((_, number) => number);
    return layer.grades ? numbers.sort((a, b) => layer.grades.at[a] - layer.grades.at[b]) : numbers;
  }

  const draw = { area, line, point };
  for (const layer of planner.data.layers) {
    if (layer.drawing === 'ground') ground(layer, groups[layer.id]);
    if (!draw[layer.drawing]) continue;
    inDrawingOrder(layer).forEach((number) => {
      if (!layer.shapes[number].length) return;
      draw[layer.drawing](layer, layer.shapes[number], number).forEach((drawn) => drawn.addTo(groups[layer.id]));
    });
  }
  const resized = planner.data.layers.filter((layer) => layer.many);
  map.on('zoomend', () => resized.forEach((layer) => groups[layer.id].eachLayer((dot) => dot.setRadius(radiusOf(layer)))));
};
