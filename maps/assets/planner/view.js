// One map with everything on it: zones coloured by the indicator that `key` of the state names, layers, names, and choosing.
planner.mapView = function (map, groups, key) {
  const { state, data } = planner;
  const colourZones = planner.paintZones(map);
  const marks = L.layerGroup().addTo(map);
  planner.drawLayers(map, groups);
  const placeNames = planner.nameFeatures(map);
  const writeValues = planner.writeValues(map, key, placeNames);
  const showTitle = planner.furnish(map);
  planner.hint(map, key);
  planner.letChoose(map);

  function showLayers() {
    for (const [id, group] of Object.entries(groups)) {
      if (state.chosen.shown.has(id)) group.addTo(map);
      else group.remove();
    }
    const credit = document.getElementById('map-base');
    if (credit) credit.hidden = !data.layers.some((layer) => layer.drawing === 'ground' && state.chosen.shown.has(layer.id));
    placeNames.place();
    writeValues();
  }

  function colour() {
    const indicator = data.indicatorOf.get(state.chosen[key]);
    if (indicator) colourZones(indicator);
    showTitle(indicator);
    writeValues();
  }

  // The zone that is chosen, or that holds the place that is.
  function chosenZone() {
    const { zone, feature } = state.chosen;
    return feature && ['point', 'name'].includes(feature.layer.drawing) ? planner.pick.zoneOf(feature.layer, feature.number) : zone;
  }

  // Moves the map to what is chosen, or out from under the card.
  function bringIntoView(how) {
    const { feature } = state.chosen;
    const zone = chosenZone();
    const box = zone >= 0 ? data.zones.boxes[zone] : feature && feature.layer.boxes[feature.number];
    if (!box || how.stay) return;
    if (how.zoomTo) planner.goTo(map, box, how.zoomTo);
    else if (zone >= 0 || feature.layer.drawing === 'point') planner.uncover(map, box);
  }

  function mark() {
    const { feature } = state.chosen;
    const zone = chosenZone();
    marks.clearLayers();
    if (zone >= 0) planner.markChosen(marks, 'area', data.zones.shapes[zone]);
    if (feature) planner.markChosen(marks, feature.layer.drawing, feature.layer.shapes[feature.number]);
    placeNames.place();
  }

  map.on('moveend', writeValues);
  state.onChange((chosen, part, how) => {
    if (key in part || 'compared' in part || 'patterns' in part) colour();
    if ('shown' in part) showLayers();
    if ('values' in part) writeValues();
    if ('zone' in part || 'feature' in part) {
      mark();
      if (key === 'indicator') bringIntoView(how);
    }
  });
  colour();
  showLayers();
  mark();
};

// What stands on a map besides the zones: zoom, scale, north, the cross of the keyboard, a title when there are two.
planner.furnish = function (map) {
  const { element } = planner;
  const box = map.getContainer();
  const title = element('div', { class: 'pane-title', 'aria-hidden': 'true' });
  box.append(title, element('div', { class: 'cross', 'aria-hidden': 'true' }),
    element('div', { class: 'north', role: 'img', 'aria-label': 'North is up' }, '\u2191 N'));
  L.control.zoom({ position: 'topleft' }).addTo(map);
  L.control.scale({ position: 'bottomleft', maxWidth: 120 }).addTo(map);
  return (indicator) => {
    title.textContent = indicator ? planner.runOf(indicator) || indicator.title : '';
    title.hidden = !planner.state.chosen.compared;
  };
};

// The name and value of the zone under the pointer, where there is a pointer.
planner.hint = function (map, key) {
  const { zones, indicatorOf } = planner.data;
  const box = map.getContainer();
  const hint = planner.element('div', { class: 'hint', 'aria-hidden': 'true', hidden: true });
  box.append(hint);

  function follow({ latlng, containerPoint: { x, y } }) {
    const zone = planner.pick.zoneAt([latlng.lat, latlng.lng]);
    hint.hidden = zone < 0;
    if (zone < 0) return;
    const indicator = indicatorOf.get(planner.state.chosen[key]);
    hint.textContent = planner.knownName(zone) + ': ' + planner.zoneWords(indicator, zone);
    const onLeft = x + 14 + hint.offsetWidth > box.clientWidth;
    hint.style.left = x + (onLeft ? -14 - hint.offsetWidth : 14) + 'px';
    hint.style.top = Math.min(y + 14, box.clientHeight - hint.offsetHeight) + 'px';
  }

  if (matchMedia('(hover: hover)').matches) map.on('mousemove', L.Util.throttle(follow, 40));
  map.on('mouseout dragstart', () => { hint.hidden = true; });
};

// Choosing by click or tap, and from the keyboard what lies under the cross in the middle.
planner.letChoose = function (map) {
  const box = map.getContainer();
  box.setAttribute('tabindex', '0');

  function choose(at, byKeyboard) {
    const position = [at.lat, at.lng];
    const [top, ...others] = planner.pick.featuresAt(map, position);
    const zone = planner.pick.zoneAt(position);
    if (top) planner.state.change({ feature: { layer: top.layer, number: top.number } }, { byKeyboard, others });
    else if (zone >= 0) planner.state.change({ zone }, { byKeyboard });
    else planner.say('Nothing here');
  }

  map.on('click', (event) => choose(event.latlng, false));
  box.addEventListener('keydown', (event) => {
    if (event.target !== box) return;
    box.classList.add('by-keyboard');
    if (event.key !== 'Enter') return;
    event.preventDefault();
    choose(map.getCenter(), true);
  });
  box.addEventListener('keyup', () => box.classList.add('by-keyboard')); // Tab into the map
  box.addEventListener('pointerdown', () => box.classList.remove('by-keyboard'));
};

// The part of a map that the card leaves free, in pixels of its frame. Maps side by side move together: free on all of them.
planner.freeFrame = function (map) {
  const EDGE_PX = 8;
  const LEAST_PX = 80; // a smaller part is no place to show anything: then the card covers what it covers
  const { x: width, y: height } = map.getSize();
  const free = { left: EDGE_PX, top: EDGE_PX, right: width - EDGE_PX, bottom: height - EDGE_PX };
  const card = document.getElementById('card');
  const place = getComputedStyle(card).position;
  if (card.hidden || !['fixed', 'sticky'].includes(place)) return free;
  const cover = card.getBoundingClientRect();
  for (const each of document.querySelectorAll('.pane:not([hidden]) > .leaflet-container')) {
    const here = each.getBoundingClientRect();
    const [right, bottom] = [cover.left - here.left - EDGE_PX, cover.top - here.top - EDGE_PX];
    if (place === 'fixed' && bottom >= LEAST_PX) free.bottom = Math.min(free.bottom, bottom);
    if (place === 'sticky' && right >= LEAST_PX) free.right = Math.min(free.right, right);
  }
  return free;
};

// Nothing glides for people who ask for less motion.
planner.motion = (map) => (map.options.zoomAnimation ? {} : { animate: false });

// Pans so that a box (south, west, north, east) lies in the free part of the map; in its middle where it is too large.
planner.uncover = function (map, [south, west, north, east]) {
  const free = planner.freeFrame(map);
  const [low, high] = [map.latLngToContainerPoint([north, west]), map.latLngToContainerPoint([south, east])];
  const shift = (from, to, first, last) => {
    if (to - from > last - first) return (from + to - first - last) / 2;
    return Math.min(from - first, 0) || Math.max(to - last, 0);
  };
  const by = [shift(low.x, high.x, free.left, free.right), shift(low.y, high.y, free.top, free.bottom)];
  if (by[0] || by[1]) map.panBy(by, planner.motion(map));
};

// Shows a box (south, west, north, east) as large as `maxZoom` and the free part of the map allow.
planner.goTo = function (map, [south, west, north, east], maxZoom) {
  const AROUND_PX = 22;
  const free = planner.freeFrame(map);
  const { x: width, y: height } = map.getSize();
  map.fitBounds([[south, west], [north, east]], {
    ...planner.motion(map),
    maxZoom,
    paddingTopLeft: [free.left + AROUND_PX, free.top + AROUND_PX],
    paddingBottomRight: [width - free.right + AROUND_PX, height - free.bottom + AROUND_PX],
  });
};
