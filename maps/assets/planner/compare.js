// One map with everything on it; and a second beside it, on the same view, when there is something to compare.
planner.mapView = function (map, groups, key) {
  const { state, data, element } = planner;
  const box = map.getContainer();
  const zones = planner.paintZones(map);
  planner.drawLayers(map, groups);
  const placeNames = planner.nameFeatures(map);
  const title = element('div', { class: 'pane-title', 'aria-hidden': 'true' });
  const hint = element('div', { class: 'hint', 'aria-hidden': 'true', hidden: true });
  box.append(hint, title, element('div', { class: 'cross', 'aria-hidden': 'true' }), element('div', { class: 'north', role: 'img', 'aria-label': 'North is up' }, '\u2191 N'));
  L.control.zoom({ position: 'topleft' }).addTo(map);
  L.control.scale({ position: 'bottomleft', maxWidth: 120 }).addTo(map);
  box.setAttribute('tabindex', '0');

  function showLayers() {
    for (const [id, group] of Object.entries(groups)) {
      if (state.chosen.shown.has(id)) group.addTo(map);
      else group.remove();
    }
    placeNames();
  }

  function colour() {
    const indicator = data.indicatorOf.get(state.chosen[key]);
    title.textContent = indicator ? indicator.title : '';
    title.hidden = !state.chosen.compared;
    if (indicator) zones.colourBy(indicator);
  }

  function choose(at, byKeyboard) {
    const position = [at.lat, at.lng];
    const [top, ...others] = planner.pick.featuresAt(map, position);
    const zone = planner.pick.zoneAt(position);
    if (top) planner.card.showFeature(top.layer, top.number, byKeyboard, others);
    else if (zone >= 0) state.change({ zone, byKeyboard });
    else planner.say('Nothing here');
  }

  // A zone that the card covers is moved out from under it.
  function uncover(zone) {
    const card = document.getElementById('card');
    if (card.hidden || !data.zones.points[zone]) return;
    const [cover, here] = [card.getBoundingClientRect(), box.getBoundingClientRect()];
    const { x, y } = map.latLngToContainerPoint(data.zones.points[zone]);
    const [right, top] = [cover.left - here.left, cover.top - here.top];
    if (getComputedStyle(card).position === 'fixed') {
      if (y > top - 30) map.panBy([0, y - top / 2]);
    } else if (x > right - 30 && y < cover.bottom - here.top && right > 60) {
      map.panBy([x - right + 60, 0]);
    }
  }

  function hover(event) {
    const zone = planner.pick.zoneAt([event.latlng.lat, event.latlng.lng]);
    hint.hidden = zone < 0;
    if (zone < 0) return;
    const indicator = data.indicatorOf.get(state.chosen[key]);
    hint.textContent = (data.zones.names[zone] || data.zones.ids[zone]) + ': ' + planner.zoneWords(indicator, zone);
    const left = event.containerPoint.x + 14 + hint.offsetWidth > box.clientWidth;
    hint.style.left = event.containerPoint.x + (left ? -14 - hint.offsetWidth : 14) + 'px';
    hint.style.top = Math.min(event.containerPoint.y + 14, box.clientHeight - hint.offsetHeight) + 'px';
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
  if (matchMedia('(hover: hover)').matches) map.on('mousemove', L.Util.throttle(hover, 40));
  map.on('mouseout dragstart', () => { hint.hidden = true; });
  state.onChange((chosen, part) => {
    if (key in part || 'compared' in part) colour();
    if ('zone' in part) zones.outline(chosen.zone);
    if (chosen.zone >= 0 && part.zone >= 0 && key === 'indicator') uncover(chosen.zone);
    if ('shown' in part) showLayers();
  });
  colour();
  zones.outline(state.chosen.zone);
  showLayers();
  return map;
};

planner.buildCompare = function (first) {
  const { state, data, element } = planner;
  const pane = document.getElementById('second-pane');
  let second = null;

  function copyGround(to) {
    first.eachLayer((layer) => {
      if (layer instanceof L.GeoJSON && layer.options.pane === 'ground') {
        let style = {};
        layer.eachLayer((part) => { style = part.options; });
        L.geoJSON(layer.toGeoJSON(), { pane: 'ground', interactive: false, style: () => style }).addTo(to);
      }
      if (layer instanceof L.TileLayer) L.tileLayer(layer._url, layer.options).addTo(to);
    });
  }

  function keepTogether(a, b) {
    let moving = false;
    const follow = (leader, follower) => leader.on('move zoom', () => {
      if (moving) return;
      moving = true;
      follower.setView(leader.getCenter(), leader.getZoom(), { animate: false });
      moving = false;
    });
    follow(a, b);
    follow(b, a);
  }

  function make() {
    const box = element('div', { role: 'application', 'aria-label': 'Second map', 'aria-describedby': 'map-keys' });
    pane.append(box);
    const map = L.map(box, { ...first.options, center: first.getCenter(), zoom: first.getZoom() });
    for (const [name, holder] of Object.entries(first.getPanes())) {
      if (!map.getPane(name)) map.createPane(name).style.zIndex = holder.style.zIndex;
    }
    copyGround(map);
    const groups = Object.fromEntries(data.layers.map((layer) => [layer.id, L.featureGroup()]));
    planner.mapView(map, groups, 'compared');
    keepTogether(first, map);
    return map;
  }

  function show(chosen) {
    const seen = first.getBounds();
    const resized = pane.hidden === Boolean(chosen.compared);
    pane.hidden = !chosen.compared;
    first.invalidateSize({ animate: false });
    if (resized) first.fitBounds(seen.contains(data.bounds) ? data.bounds : seen, { animate: false, padding: [8, 8] });
    if (!chosen.compared) return;
    if (!second) second = make();
    second.invalidateSize({ animate: false });
    second.setView(first.getCenter(), first.getZoom(), { animate: false });
  }

  state.onChange((chosen, part) => {
    if ('compared' in part) show(chosen);
  });
  if (state.chosen.compared) show(state.chosen);
};
