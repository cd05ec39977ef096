// What is chosen (indicators, zone or feature, layers shown), who wants to know, and the address that keeps it.
planner.state = (function () {
  const data = planner.data;
  const chosen = {
    indicator: data.indicators[0].column,
    compared: data.indicators[0].pair,
    swipe: data.runs.length ? 50 : null, // per cent of the width left to the first map; null: side by side
    zone: -1,
    feature: null, // { layer, number }: at most one of zone and feature is chosen
    values: false, // written in the zones
    patterns: false, // drawn on the colours of the classes
    shown: new Set(data.layers.filter((layer) => layer.shown).map((layer) => layer.id)),
  };
  const listeners = [];

  // `how` goes to the listeners only: whether the keyboard chose, and what else lies there.
  function change(part, how) {
    if (part.indicator && data.runs.length) part.compared = data.indicatorOf.get(part.indicator).pair;
    if (part.zone >= 0) part.feature = null;
    if (part.feature) part.zone = -1;
    Object.assign(chosen, part);
    listeners.forEach((listener) => listener(chosen, part, how || {}));
  }

  // "corridors:perry_barr_a34" -> the feature; null for anything the page does not hold
  function featureOf(words) {
    const [id, ...rest] = (words || '').split(':');
    const layer = data.layerOf.get(id);
    const number = layer ? layer.numberOf.get(rest.join(':')) : undefined;
    return number === undefined ? null : { layer, number };
  }

  // "#by=centres_within_45&zone=E01&over=districts.centres&at=11.5/52.48/-1.9": only known names are taken from it
  function read(hash) {
    const asked = new URLSearchParams(hash.replace(/^#/, ''));
    const part = {};
    if (data.offered.some((each) => each.column === asked.get('by'))) part.indicator = asked.get('by');
    part.compared = data.indicatorOf.has(asked.get('with')) ? asked.get('with') : '';
    const swipe = parseInt(asked.get('swipe'), 10);
    part.swipe = swipe >= 0 && swipe <= 100 ? swipe : null;
    part.zone = data.zones.numberOf.has(asked.get('zone')) ? data.zones.numberOf.get(asked.get('zone')) : -1;
    part.feature = featureOf(asked.get('feature'));
    part.values = asked.get('values') === 'written';
    part.patterns = asked.get('patterns') === 'drawn';
    if (asked.has('over')) part.shown = new Set(asked.get('over').split('.').filter((id) => data.layerOf.has(id)));
    const at = (asked.get('at') || '').split('/').map(Number);
    const view = at.length === 3 && at.every(Number.isFinite) ? { zoom: at[0], centre: [at[1], at[2]] } : null;
    return { part, view };
  }

  function write(map) {
    const centre = map.getCenter();
    const kept = {
      by: chosen.indicator,
      with: chosen.compared,
      swipe: chosen.compared && chosen.swipe !== null ? String(chosen.swipe) : '',
      zone: chosen.zone < 0 ? '' : data.zones.ids[chosen.zone],
      feature: chosen.feature ? chosen.feature.layer.id + ':' + chosen.feature.layer.keys[chosen.feature.number] : '',
      values: chosen.values ? 'written' : '',
      patterns: chosen.patterns ? 'drawn' : '',
      over: [...chosen.shown].join('.') || 'none',
      at: [map.getZoom(), centre.lat.toFixed(5), centre.lng.toFixed(5)].join('/'),
    };
    const words = (value) => encodeURIComponent(value).replaceAll('%2F', '/');
    return '#' + Object.entries(kept).filter(([, value]) => value).map(([key, value]) => key + '=' + words(value)).join('&');
  }

  // The address follows the page, and the page follows an address that is pasted or gone back to.
  function keepInAddress(map) {
    let own = '';
    const keep = () => {
      own = write(map);
      history.replaceState(null, '', own);
    };
    const follow = () => {
      if (location.hash === own || !location.hash.includes('by=')) return;
      const { part, view } = read(location.hash);
      change(part);
      if (view) map.setView(view.centre, view.zoom, { animate: false });
    };
    follow();
    window.addEventListener('hashchange', follow);
    map.on('moveend', keep);
    listeners.push(keep);
    keep();
  }

  return { chosen, change, keepInAddress, onChange: (listener) => listeners.push(listener) };
})();
