// "Where can I get to from here?": the zones coloured by minutes from the zone that is chosen, or to it, as two more indicators.
// The start is the zone chosen last; closing its card leaves it. Only pages that hold times between zones have this script.
planner.anyZone = (function () {
  const { data, state, address, times } = planner;
  const { zones } = data;
  const held = data.anyZone;
  const PLAIN = { from: 'Minutes from a zone that you choose', to: 'Minutes to a zone that you choose' };
  let start = -1;
  let before = state.chosen.indicator; // to come back to

  function indicatorOf(way) {
    return {
      column: 'minutes_' + way + '_zone', title: PLAIN[way], kind: 'number', unit: 'min', group: 'From and to any zone', source: '',
      note: held.note, inTable: false, offCard: true, pair: '', second: null, way,
      classes: held.classes.map((item, number) => ({ ...item, number })), missing: { ...held.missing },
      classOf: zones.ids.map(() => -1), values: zones.ids.map(() => null),
    };
  }

  const own = times.supported && !data.runs.length ? Object.keys(PLAIN).map(indicatorOf) : [];
  for (const indicator of own) {
    data.indicators.push(indicator);
    data.offered.push(indicator);
    data.indicatorOf.set(indicator.column, indicator);
  }
  const columnOf = (way) => own.find((each) => each.way === way).column;
  const isOwn = (column) => own.some((each) => each.column === column);
  const isOn = () => isOwn(state.chosen.indicator) || isOwn(state.chosen.compared);
  const wayOf = () => (own.find((each) => each.column === state.chosen.indicator)
    || own.find((each) => each.column === state.chosen.compared) || own[0]).way;

  // The two indicators take the values of a start.
  function take(zone) {
    start = zone;
    if (!times.isRead(zone)) return;
    for (const indicator of own) {
      const steps = times.of(zone, indicator.way);
      indicator.title = 'Minutes ' + indicator.way + ' ' + planner.knownName(zone);
      indicator.values = Array.from(steps, (each) => (each === held.unreached ? null : Math.round(each * held.stepMin * 100) / 100));
      indicator.classOf = Array.from(steps, (each) => held.classOf[each]);
      indicator.classes.forEach((item) => { item.count = 0; });
      indicator.missing.count = 0;
      zones.ids.forEach((_, each) => { planner.classOf(indicator, each).count += 1; });
    }
  }

  // What lies within the cutoff of a start: zones, sums over them, and from it also its own figures and places with minutes.
  function within(zone, way) {
    const steps = times.of(zone, way);
    const near = zones.ids.map((_, each) => each).filter((each) => steps[each] <= held.cutoffSteps);
    const known = ({ column }) => data.indicatorOf.has(column);
    const minutes = ({ column }) => data.indicatorOf.get(column).values[zone];
    const sum = (values) => near.reduce((total, each) => total + (values[each] || 0), 0);
    const figures = held.figures.filter(known).filter((each) => each.summed || way === 'from').map((each) => {
      const { values, unit } = data.indicatorOf.get(each.column);
      return { title: each.title, value: each.summed ? sum(values) : values[zone], unit };
    });
    const places = way === 'to' ? [] : held.places.map((kind) => ({
      title: kind.title,
      reached: kind.places.filter((each) => known(each) && each.near.includes(zone))
        .map((each) => ({ name: each.name, minutes: minutes(each) })).sort((a, b) => a.minutes - b.minutes),
    }));
    return { zones: near.length, figures, places };
  }

  // The zone that is chosen, or that holds the place that is; -1 where there is none.
  function chosenZone() {
    const { zone, feature } = state.chosen;
    return feature && ['point', 'name'].includes(feature.layer.drawing) ? planner.pick.zoneOf(feature.layer, feature.number) : zone;
  }

  // "#by=minutes_from_zone&start=E01": only a known zone is taken from the address.
  function follow() {
    const asked = zones.numberOf.get(new URLSearchParams(location.hash.replace(/^#/, '')).get('start'));
    if (asked !== undefined) take(asked);
  }

  const { hashOf } = address;
  address.hashOf = (kept) => hashOf({ ...kept, start: start >= 0 && (isOwn(kept.by) || isOwn(kept.with)) ? zones.ids[start] : '' });
  // Before everything else that listens: the card and the map then show what was taken.
  state.onChange((chosen, part) => {
    if (part.indicator && !isOwn(part.indicator)) before = part.indicator;
    if (!isOn()) return;
    const zone = chosenZone();
    if (zone >= 0 && zone !== start) take(zone);
  });
  follow();
  window.addEventListener('hashchange', follow); // before the page itself follows

  return { own, held, isOn, wayOf, columnOf, take, within, start: () => start, before: () => before };
})();

// The rows of what lies within the cutoff, as on the card.
planner.withinRows = function (zone, way) {
  const make = planner.element;
  const row = (title, words) => make('div', {}, make('dt', {}, title), make('dd', {}, words));
  const { figures, places, zones } = planner.anyZone.within(zone, way);
  const minutes = (value) => planner.valueWords(value, 'minutes');
  return [
    ...figures.map(({ title, value, unit }) => row(title, planner.valueWords(value, 'number', unit, 'No data'))),
    row('Zones', zones.toLocaleString('en-GB') + ' of ' + planner.data.zones.ids.length.toLocaleString('en-GB')),
    ...places.map(({ title, reached }) => row(title,
      reached.map((each) => each.name + ' ' + minutes(each.minutes)).join(', ') || 'None')),
  ];
};

// The button and the choice of a direction under the list of indicators, and the part of a card.
planner.buildAnyZone = function (map) {
  const make = planner.element;
  const { state, anyZone, times } = planner;
  const { held } = anyZone;
  const WORDS = { from: 'From here', to: 'To here' };
  const place = make('div', { class: 'any-zone' });
  document.getElementById('indicator').parentElement.after(place);
  if (!times.supported) {
    place.append(make('p', {}, 'This browser is too old to unpack the travel times between zones.'));
    return;
  }

  function button(words, action) {
    const made = make('button', { type: 'button' }, words);
    made.addEventListener('click', action);
    return made;
  }

  // The zone in the middle of the map, or the one nearest to it.
  function middle() {
    const centre = map.getCenter();
    const here = planner.pick.zoneAt([centre.lat, centre.lng]);
    if (here >= 0) return here;
    const far = planner.data.zones.points.map((point) => (point ? map.distance(centre, point) : Infinity));
    return far.indexOf(Math.min(...far));
  }

  const enter = (way) => state.change({ indicator: anyZone.columnOf(way) });

  function leave() {
    const within = place.contains(document.activeElement);
    const second = planner.data.indicatorOf.get(state.chosen.compared);
    state.change({ indicator: anyZone.before(), ...(second && second.way ? { compared: '' } : {}) });
    if (within) open.focus();
    planner.say('Map coloured by ' + planner.data.indicatorOf.get(anyZone.before()).title);
  }

  const open = button('Where can I get to from here?', () => {
    enter('from');
    radios.from.focus();
  });
  const radios = Object.fromEntries(Object.keys(WORDS).map((way) => {
    const radio = make('input', { type: 'radio', name: 'way', id: 'way-' + way, value: way });
    radio.addEventListener('change', () => enter(way));
    return [way, radio];
  }));
  const words = make('p', { id: 'any-zone-words' });
  const ways = Object.entries(radios).map(([way, radio]) => make('div', { class: 'choice' }, radio, make('label', { for: radio.id }, WORDS[way])));
  const box = make('fieldset', { hidden: true }, make('legend', {}, 'Minutes from or to any zone'),
    make('div', { class: 'ways' }, ...ways, button('Leave (Escape)', leave)), words);
  place.append(open, box);

  // "From Hill 3 within 45 minutes: 120,300 residents"
  function told(way) {
    const start = anyZone.start();
    const [first] = anyZone.within(start, way).figures;
    return (way === 'from' ? 'From ' : 'To ') + planner.knownName(start) + ' within ' + held.limit
      + (first ? ': ' + planner.valueWords(first.value, 'number', first.unit, 'No data') : '');
  }

  let shown = '';
  function show() {
    const on = anyZone.isOn();
    open.hidden = on;
    box.hidden = !on;
    if (!on) {
      shown = '';
      return;
    }
    const way = anyZone.wayOf();
    radios[way].checked = true;
    if (!times.isRead(anyZone.start())) {
      words.textContent = 'Reading the travel times\u2026';
      return;
    }
    const now = told(way);
    words.textContent = now + '. Choose another zone on the map, in the search or in the table.';
    if (now !== shown) planner.say(now);
    shown = now;
  }

  // All that shows values is told again: map, legend, table.
  function redraw() {
    const { indicator, compared } = state.chosen;
    state.change(planner.data.runs.length ? { indicator } : { indicator, compared }, { stay: true });
  }

  async function begin() {
    if (anyZone.start() < 0) anyZone.take(middle());
    const asked = anyZone.start();
    try {
      await times.read(asked);
    } catch (problem) {
      words.textContent = problem.message;
      planner.say(problem.message);
      return;
    }
    if (anyZone.start() !== asked) return; // another was chosen meanwhile
    anyZone.take(asked);
    redraw();
  }

  let drawn = -1;
  state.onChange((chosen, part) => {
    if (!anyZone.isOn()) drawn = -1;
    else if (!times.isRead(anyZone.start())) begin();
    else if (drawn !== anyZone.start()) {
      drawn = anyZone.start();
      redraw();
    }
    show();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && anyZone.isOn()) leave();
  });

  let filled = () => {}; // writes the part of the card that is open anew
  planner.cardParts.push((zone) => {
    const list = make('dl', {});
    const heading = make('h3', {});
    const part = make('div', { class: 'card-times' }, heading);
    const choices = Object.keys(WORDS).map((way) => button(WORDS[way], () => enter(way)));
    const fill = () => {
      const on = anyZone.isOn() && anyZone.start() === zone && times.isRead(zone);
      const way = anyZone.wayOf();
      heading.textContent = on ? WORDS[way] + ' within ' + held.limit : 'Where can I get to from here?';
      choices.forEach((each, number) => each.setAttribute('aria-pressed', String(on && Object.keys(WORDS)[number] === way)));
      list.replaceChildren(...(on ? planner.withinRows(zone, way) : []));
    };
    part.append(make('div', { role: 'group', 'aria-label': 'Colour the map by minutes' }, ...choices), list);
    filled = fill;
    fill();
    return [part];
  });
  state.onChange(() => filled());
  show();
  if (anyZone.isOn()) begin();
  if (state.chosen.zone >= 0) state.change({ zone: state.chosen.zone }, { stay: true }); // its card was open before
};

// A dot on the start, on every map.
planner.mapView = (function (mapView) {
  return function (map, groups, key) {
    mapView(map, groups, key);
    const marks = L.layerGroup().addTo(map);
    const mark = () => {
      const point = planner.anyZone.isOn() && planner.data.zones.points[planner.anyZone.start()];
      marks.clearLayers();
      if (point) {
        marks.addLayer(L.circleMarker(point, {
          pane: 'chosen', interactive: false, radius: 7, color: '#000000', weight: 2.5, fillColor: '#ffd60a', fillOpacity: 1,
        }));
      }
    };
    planner.state.onChange(mark);
    mark();
  };
})(planner.mapView);

planner.start = (function (start) {
  return function (map, groups) {
    start(map, groups);
    planner.buildAnyZone(map);
  };
})(planner.start);
