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
    paperPatterns: true, // the same on paper, which is often grey
    shown: new Set(data.layers.filter((layer) => layer.shown).map((layer) => layer.id)),
  };
  const listeners = [];

  // `how` goes to the listeners only: byKeyboard, others (what else lies there), zoomTo (the map goes there, this near),
  // stay (the map does not move).
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
  function read(asked) {
    const part = {};
    if (data.offered.some((each) => each.column === asked.get('by'))) part.indicator = asked.get('by');
    part.compared = data.indicatorOf.has(asked.get('with')) ? asked.get('with') : '';
    if (data.runs.length) part.compared = data.indicatorOf.get(part.indicator || chosen.indicator).pair;
    const swipe = parseInt(asked.get('swipe'), 10);
    part.swipe = swipe >= 0 && swipe <= 100 ? swipe : null;
    if (data.runs.length && !asked.has('by')) part.swipe = chosen.swipe;
    part.zone = data.zones.numberOf.has(asked.get('zone')) ? data.zones.numberOf.get(asked.get('zone')) : -1;
    part.feature = featureOf(asked.get('feature'));
    part.values = asked.get('values') === 'written';
    part.patterns = asked.get('patterns') === 'drawn';
    if (asked.has('over')) part.shown = new Set(asked.get('over').split('.').filter((id) => data.layerOf.has(id)));
    return part;
  }

  function write(map) {
    return planner.address.hashOf({
      by: chosen.indicator,
      with: chosen.compared,
      swipe: chosen.compared && chosen.swipe !== null ? String(chosen.swipe) : '',
      zone: chosen.zone < 0 ? '' : data.zones.ids[chosen.zone],
      feature: chosen.feature ? chosen.feature.layer.id + ':' + chosen.feature.layer.keys[chosen.feature.number] : '',
      values: chosen.values ? 'written' : '',
      patterns: chosen.patterns ? 'drawn' : '',
      over: [...chosen.shown].join('.') || 'none',
      at: planner.address.viewWords(map.getZoom(), map.getCenter()),
    });
  }

  // The address follows the page, and the page follows an address that is pasted or gone back to. What opens a card is a
  // step of its own in the browser's history: Back closes the card and brings back what was seen before.
  function keepInAddress(map) {
    const KEYS = ['by', 'with', 'swipe', 'zone', 'feature', 'values', 'patterns', 'over', 'at'];
    let own = '';
    let following = false;

    function keep(part) {
      if (following || location.hash !== own) return; // gone back already, which `follow` is about to hear of
      const address = write(map);
      if ((part.zone >= 0 || part.feature) && address !== own) history.pushState(null, '', address);
      else history.replaceState(null, '', address);
      own = address;
    }

    function show(view) {
      const zoom = Math.min(Math.max(view.zoom, map.getMinZoom()), map.getMaxZoom());
      map.setView(view.centre, zoom, { animate: false });
      if (!map.getBounds().intersects(data.bounds)) map.fitBounds(data.bounds, { animate: false }); // nothing to see there
    }

    function follow() {
      if (location.hash === own) return;
      own = location.hash;
      const asked = new URLSearchParams(own.replace(/^#/, ''));
      if (!KEYS.some((key) => asked.has(key))) return;
      following = true;
      const view = planner.address.viewOf(asked.get('at'));
      if (view) show(view);
      change(read(asked), { stay: Boolean(view) });
      following = false;
      keep({});
    }

    follow();
    window.addEventListener('hashchange', follow);
    map.on('moveend', () => keep({}));
    listeners.unshift((_, part) => keep(part)); // before the map moves: the step that is left keeps its view
    keep({});
  }

  return { chosen, change, keepInAddress, onChange: (listener) => listeners.push(listener) };
})();
