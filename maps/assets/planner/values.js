// The values written in the zones, for people who cannot tell the colours apart, as soon as few enough zones are in view.
planner.writeValues = function (map, key, placeNames) {
  const MOST = 250;
  const { zones, indicatorOf } = planner.data;
  const written = L.layerGroup().addTo(map);

  function words(zone, indicator) {
    const value = indicator.values[zone];
    if (value === null || value === '') return planner.zoneWords(indicator, zone);
    return indicator.kind === 'minutes' ? value.toFixed(1) : planner.valueWords(value, indicator.kind, '', '');
  }

  return function show() {
    const { chosen } = planner.state;
    const indicator = indicatorOf.get(chosen[key]);
    written.clearLayers();
    if (!chosen.values || !indicator) return;
    const view = map.getBounds();
    const inView = zones.points.flatMap((point, zone) => (point && view.contains(point) ? [zone] : []));
    if (inView.length > MOST) return;
    for (const zone of inView) {
      if (placeNames.covers(map.latLngToContainerPoint(zones.points[zone]), 7)) continue;
      const label = planner.element('span', { class: 'name value' }, words(zone, indicator));
      const icon = L.divIcon({ html: label, className: 'name-place', iconSize: null });
      written.addLayer(L.marker(zones.points[zone], { icon, interactive: false, keyboard: false }));
    }
  };
};
