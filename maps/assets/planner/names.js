// Names on the map, the more important first; a name that would lie on another is left out until there is room.
planner.nameFeatures = function (map) {
  const SAME_WORDS_PX = 140;
  const LINE_PX = 17;
  const DOT_PX = 6;
  const CHOSEN_PX = 10;
  const NUMBER_PX = 14; // height of a road's number
  const SAME_NUMBER_PX = 300;
  const EDGE_PX = 3;
  const { zones } = planner.data;
  const { clash } = planner.shapes;
  const SIDES = ['right', 'left', 'above', 'below'];
  const ALONG = [0.5, 0.35, 0.65, 0.2, 0.8, 0.05, 0.95]; // of a line's length: where its name may stand
  const drawn = L.layerGroup().addTo(map);
  let taken = [];

  const names = [];
  const named = planner.data.layers.filter((layer) => layer.naming).sort((a, b) => a.naming.rank - b.naming.rank);
  for (const layer of named) {
    layer.shapes.forEach((shape, number) => {
      if (shape.length) names.push({ layer, words: layer.names[number], at: layer.points[number], shape });
    });
  }

  function marker(name, at, side) {
    const { look, colour } = name.layer.naming;
    const label = planner.element('span', { class: 'name name-' + look + ' ' + side }, name.words);
    label.style.color = colour;
    const icon = L.divIcon({ html: label, className: 'name-place', iconSize: null });
    const [left, , right] = box(name, at, side);
    const foot = ['above', 'below'].includes(side) ? L.point((left + right) / 2, at.y) : at;
    return L.marker(map.containerPointToLatLng(foot), { icon, interactive: false, keyboard: false, pane: 'markerPane' });
  }

  const pen = document.createElement('canvas').getContext('2d');
  pen.font = '600 12px ' + getComputedStyle(document.body).fontFamily;
  const numberPen = document.createElement('canvas').getContext('2d');
  numberPen.font = '700 10px ' + getComputedStyle(document.body).fontFamily;
  names.forEach((name) => { name.width = pen.measureText(name.words).width + 8; });

  // Where a name would stand, in pixels: over its place, or on one side of it.
  function box({ width }, { x, y }, side) {
    const inside = Math.max(Math.min(x - width / 2, map.getSize().x - width), 0); // not cut off by the frame
    const left = { right: x + DOT_PX, left: x - DOT_PX - width, over: x - width / 2 }[side] ?? inside;
    const top = y - LINE_PX / 2 + ({ above: -LINE_PX + 2, below: LINE_PX - 2 }[side] || 0);
    return [left, top, left + width, top + LINE_PX];
  }

  function around({ x, y }, by) {
    return [x - by, y - by, x + by, y + by];
  }

  // Features of several layers may share a name: once is enough while they lie close together.
  function said(name, here) {
    return taken.some((other) => other.words === name.words && Math.abs(other.box[0] - here[0]) < SAME_WORDS_PX
      && Math.abs(other.box[1] - here[1]) < SAME_WORDS_PX);
  }

  // Points every few pixels along a line, with the share of its length up to each.
  function walk(shape) {
    const ends = shape[0].map((position) => map.latLngToContainerPoint(position));
    const found = [];
    let gone = 0;
    for (let i = 1; i < ends.length; i++) {
      const length = ends[i].distanceTo(ends[i - 1]);
      for (let step = 0; step < length; step += LINE_PX / 2) {
        found.push({ at: ends[i - 1].add(ends[i].subtract(ends[i - 1]).multiplyBy(step / length)), gone: gone + step });
      }
      gone += length;
    }
    return found.map(({ at, gone: here }) => ({ at, share: here / gone }));
  }

  function spots(name) {
    if (['area', 'name'].includes(name.layer.drawing)) return [[map.latLngToContainerPoint(name.at), 'over']];
    if (name.layer.drawing === 'point') return SIDES.map((side) => [map.latLngToContainerPoint(name.at), side]);
    const steps = walk(name.shape);
    const places = ALONG.flatMap((share) => steps.find((step) => step.share >= share) || []);
    return places.flatMap(({ at }) => SIDES.map((side) => [at, side]));
  }

  // Numbers of roads, where no name stands, from the middle of the map outward; again only at a distance.
  function numberRoads() {
    const size = map.getSize();
    const middle = size.divideBy(2);
    const roads = planner.data.layers.filter((layer) => planner.state.chosen.shown.has(layer.id)).flatMap((layer) => layer.numbers || []);
    for (const { words, dark, spots: of } of roads.filter(({ fromZoom }) => map.getZoom() >= fromZoom)) {
      const wide = numberPen.measureText(words).width / 2 + 5;
      const own = [];
      const near = of.map((position) => map.latLngToContainerPoint(position)).sort((a, b) => a.distanceTo(middle) - b.distanceTo(middle));
      for (const at of near) {
        const here = [at.x - wide, at.y - NUMBER_PX / 2, at.x + wide, at.y + NUMBER_PX / 2];
        const isInside = here[0] >= EDGE_PX && here[1] >= EDGE_PX && here[2] <= size.x - EDGE_PX && here[3] <= size.y - EDGE_PX;
        if (!isInside || own.some((other) => other.distanceTo(at) < SAME_NUMBER_PX) || taken.some((other) => clash(here, other.box))) continue;
        own.push(at);
        taken.push({ box: here });
        const label = planner.element('span', { class: 'road-number' + (dark ? ' dark' : '') }, words);
        const icon = L.divIcon({ html: label, className: 'name-place', iconSize: null });
        drawn.addLayer(L.marker(map.containerPointToLatLng(at), { icon, interactive: false, keyboard: false, pane: 'markerPane' }));
      }
    }
  }

  function place() {
    const { x: width, y: height } = map.getSize();
    const { zone } = planner.state.chosen;
    const pixels = (position) => map.latLngToContainerPoint(position);
    const here = names.filter(({ layer }) => planner.state.chosen.shown.has(layer.id)
      && map.getZoom() >= layer.naming.from_zoom);
    const lines = here.filter(({ layer }) => layer.drawing === 'line').flatMap(({ shape }) => walk(shape))
      .map(({ at }) => around(at, 4));
    const frame = map.getContainer().getBoundingClientRect();
    taken = [...document.querySelectorAll('.leaflet-control, .north, #map-foot p')].map((control) => {
      const { left, top, right, bottom } = control.getBoundingClientRect();
      return { box: [left - frame.left, top - frame.top, right - frame.left, bottom - frame.top] };
    }).concat(here.filter(({ layer }) => layer.naming.points_clear)
      .map(({ at }) => ({ box: around(pixels(at), DOT_PX - 1) })));
    if (zone >= 0 && zones.points[zone]) taken.push({ box: around(pixels(zones.points[zone]), CHOSEN_PX) });
    drawn.clearLayers();
    for (const name of here) {
      const free = spots(name).filter(([at, side]) => {
        const own = box(name, at, side);
        return at.x >= 0 && at.x <= width && own[0] >= 0 && own[2] <= width && own[1] >= 0 && own[3] <= height
          && !taken.some((other) => clash(own, other.box)) && !said(name, own);
      });
      const clear = ([at, side]) => !lines.some((line) => clash(box(name, at, side), line));
      const best = (name.layer.drawing === 'line' && free.find(clear)) || free[0];
      if (!best) continue;
      taken.push({ words: name.words, box: box(name, ...best) });
      drawn.addLayer(marker(name, ...best));
    }
    numberRoads();
  }

  map.on('moveend', place);
  return { place, covers: (at, by) => taken.some((other) => clash(around(at, by), other.box)) };
};
