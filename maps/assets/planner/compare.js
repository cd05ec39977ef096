// A second map beside the first, on the same view, when there is something to compare.
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
