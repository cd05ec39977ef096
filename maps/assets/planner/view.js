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
    placeNames.place();
    writeValues();
  }

  function colour() {
    const indicator = data.indicatorOf.get(state.chosen[key]);
    if (indicator) colourZones(indicator);
    showTitle(indicator);
    writeValues();
  }

  function mark() {
    const { zone, feature } = state.chosen;
    if (feature) planner.markChosen(marks, feature.layer.drawing, feature.layer.shapes[feature.number]);
    else planner.markChosen(marks, 'area', zone < 0 ? [] : data.zones.shapes[zone]);
    placeNames.place();
  }

  map.on('moveend', writeValues);
  state.onChange((chosen, part) => {
    if (key in part || 'compared' in part || 'patterns' in part) colour();
    if ('shown' in part) showLayers();
    if ('values' in part) writeValues();
    if ('zone' in part || 'feature' in part) mark();
    if (part.zone >= 0 && key === 'indicator') planner.uncover(map, data.zones.points[part.zone]);
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
    hint.textContent = (zones.names[zone] || zones.ids[zone]) + ': ' + planner.zoneWords(indicator, zone);
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

// A place that the card covers is moved out from under it.
planner.uncover = function (map, point) {
  const card = document.getElementById('card');
  if (card.hidden || !point) return;
  const [cover, here] = [card.getBoundingClientRect(), map.getContainer().getBoundingClientRect()];
  const { x, y } = map.latLngToContainerPoint(point);
  const [right, top] = [cover.left - here.left, cover.top - here.top];
  if (getComputedStyle(card).position === 'fixed') {
    if (y > top - 30) map.panBy([0, y - top / 2]);
  } else if (x > right - 30 && y < cover.bottom - here.top && right > 60) {
    map.panBy([x - right + 60, 0]);
  }
};
