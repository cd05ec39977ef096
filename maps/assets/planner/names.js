// Names on the map, the more important first; a name that would lie on another is left out until there is room.
planner.nameFeatures = function (map) {
  const RANK = ['centres', 'corridors', 'pilots', 'sites', 'districts', 'places', 'stations', 'tramstops'];
  const FROM_ZOOM = { corridors: 10, pilots: 11, sites: 11, places: 11, stations: 12.5, tramstops: 13 };
  const SAME_WORDS_PX = 140;
  const LINE_PX = 17;
  const drawn = L.layerGroup().addTo(map);

  const names = [];
  for (const id of RANK) {
    const layer = planner.data.layerOf.get(id);
    if (!layer || !layer.named) continue;
    layer.shapes.forEach((shape, number) => {
      if (shape.length) names.push({ layer, words: layer.names[number], at: layer.points[number] });
    });
  }

  function marker(name, side) {
    const words = planner.element('span', { class: 'name name-' + name.layer.id + ' ' + side }, name.words);
    const icon = L.divIcon({ html: words, className: 'name-place', iconSize: null });
    return L.marker(name.at, { icon, interactive: false, keyboard: false, pane: 'markerPane' });
  }

  const pen = document.createElement('canvas').getContext('2d');
  pen.font = '600 12px ' + getComputedStyle(document.body).fontFamily;
  names.forEach((name) => { name.width = pen.measureText(name.words).width + 8; });

  // Where a name would stand, in pixels: over its place, or on one side of it.
  function box(name, side) {
    const at = map.latLngToContainerPoint(name.at);
    const left = { over: at.x - name.width / 2, right: at.x + 6, left: at.x - 6 - name.width }[side];
    return [left, at.y - LINE_PX / 2, left + name.width, at.y + LINE_PX / 2];
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
    const { x: width } = map.getSize();
    const taken = [];
    drawn.clearLayers();
    for (const name of names) {
      if (!planner.state.chosen.shown.has(name.layer.id) || map.getZoom() < (FROM_ZOOM[name.layer.id] || 0)) continue;
      const sides = ['area', 'name'].includes(name.layer.drawing) ? ['over'] : ['right', 'left'];
      const free = sides.find((side) => {
        const here = box(name, side);
        return here[0] >= 0 && here[2] <= width && !taken.some((other) => clash(here, other.box)) && !said(name, here, taken);
      });
      if (!free) continue;
      taken.push({ words: name.words, box: box(name, free) });
      drawn.addLayer(marker(name, free));
    }
  }

  map.on('moveend', place);
  return place;
};
