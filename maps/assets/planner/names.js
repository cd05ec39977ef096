// Names on the map, the more important first; a name that would lie on another is left out until there is room.
planner.nameFeatures = function (map) {
  const RANK = ['centres', 'corridors', 'pilots', 'sites', 'places', 'districts'];
  const FROM_ZOOM = { corridors: 10, pilots: 11, sites: 11, places: 10.5 };
  const SAME_WORDS_PX = 90;
  const LINE_PX = 17;
  const drawn = L.layerGroup().addTo(map);

  function anchor(layer, number) {
    const part = layer.shapes[number][0];
    if (layer.drawing === 'area') return layer.points[number];
    return layer.drawing === 'line' ? part[Math.floor(part.length / 2)] : part[0];
  }

  const names = [];
  for (const id of RANK) {
    const layer = planner.data.layerOf.get(id);
    if (!layer || !layer.named) continue;
    layer.shapes.forEach((shape, number) => {
      if (shape.length) names.push({ layer, words: layer.names[number], at: anchor(layer, number) });
    });
  }

  function marker(name) {
    const words = planner.element('span', { class: 'name name-' + name.layer.id }, name.words);
    const icon = L.divIcon({ html: words, className: 'name-place', iconSize: null });
    return L.marker(name.at, { icon, interactive: false, keyboard: false, pane: 'markerPane' });
  }

  const pen = document.createElement('canvas').getContext('2d');
  pen.font = '600 12px ' + getComputedStyle(document.body).fontFamily;
  names.forEach((name) => { name.width = pen.measureText(name.words).width + 8; });

  function box(name, zoom) {
    const centred = name.layer.drawing === 'area' || name.layer.drawing === 'name';
    const at = map.project(name.at, zoom);
    const { width } = name;
    const left = centred ? at.x - width / 2 : at.x + 6;
    return [left, at.y - LINE_PX / 2, left + width, at.y + LINE_PX / 2];
  }

  function clash(a, b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }

  // A district, its centre and a station may share a name: once is enough while they lie close together.
  function said(name, here, taken) {
    return taken.some((other) => other.words === name.words && Math.abs(other.box[0] - here[0]) < SAME_WORDS_PX
      && Math.abs(other.box[1] - here[1]) < SAME_WORDS_PX);
  }

  function place() {
    const zoom = map.getZoom();
    const taken = [];
    drawn.clearLayers();
    for (const name of names) {
      if (!planner.state.chosen.shown.has(name.layer.id) || zoom < (FROM_ZOOM[name.layer.id] || 0)) continue;
      const here = box(name, zoom);
      if (taken.some((other) => clash(here, other.box)) || said(name, here, taken)) continue;
      taken.push({ words: name.words, box: here });
      drawn.addLayer(marker(name));
    }
  }

  map.on('zoomend', place);
  return place;
};
