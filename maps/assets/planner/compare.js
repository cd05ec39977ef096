// Shows the same land after the map's frame has changed.
planner.refit = function (map, seen) {
  const before = map.getSize();
  map.invalidateSize({ animate: false });
  if (before.equals(map.getSize())) return;
  const { bounds } = planner.data;
  map.fitBounds(seen.contains(bounds) ? bounds : seen, { animate: false, padding: [8, 8] });
};

// A second map beside the first or over it, on the same view, when there is something to compare.
planner.buildCompare = function (first) {
  const { state, data, element } = planner;
  const pane = document.getElementById('second-pane');
  const maps = document.getElementById('maps');
  const slider = document.getElementById('swipe');
  const line = document.getElementById('swipe-line');
  const THUMB_PX = 44; // as in the style sheet
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

  // The second map is cut off on the left of the line; the slider's thumb stands on the line.
  function cut() {
    const { swipe, compared } = state.chosen;
    const swiping = Boolean(compared) && swipe !== null;
    maps.classList.toggle('swiping', swiping);
    slider.hidden = line.hidden = !swiping;
    if (swiping) {
      const x = THUMB_PX / 2 + ((maps.clientWidth - THUMB_PX) * swipe) / 100;
      line.style.left = x + 'px';
      pane.style.clipPath = 'inset(0 0 0 ' + x + 'px)';
      slider.value = swipe;
      slider.setAttribute('aria-valuetext', swipe + ' % first map, ' + (100 - swipe) + ' % second');
    } else {
      pane.style.clipPath = '';
    }
  }

  function show(chosen) {
    const seen = first.getBounds();
    pane.hidden = !chosen.compared;
    cut();
    planner.refit(first, seen);
    if (chosen.compared && !second) second = make();
    follow();
  }

  function follow() {
    cut();
    if (!second || pane.hidden) return;
    second.invalidateSize({ animate: false });
    second.setView(first.getCenter(), first.getZoom(), { animate: false });
  }

  slider.addEventListener('input', () => state.change({ swipe: Number(slider.value) }));
  first.on('resize', follow);
  let wasSwiping = state.chosen.swipe !== null;
  state.onChange((chosen, part) => {
    const swiping = chosen.swipe !== null;
    if ('compared' in part || swiping !== wasSwiping) show(chosen);
    else if ('swipe' in part) cut();
    wasSwiping = swiping;
  });
  if (state.chosen.compared) show(state.chosen);
};
