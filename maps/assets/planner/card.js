// The card of what was chosen: a zone with all its figures, or a feature of a layer.
planner.cardParts = []; // functions of a zone, whose elements stand first on its card
planner.buildCard = function () {
  const make = planner.element;
  const { data } = planner;
  const { zones, offered } = data;
  const place = document.getElementById('card');
  const MOST_OTHERS = 6;
  let opener = null;

  function line(title, words, item) {
    const value = make('dd', {});
    if (item) value.append(planner.canvas.paintSwatch(make('span', { class: 'swatch', 'aria-hidden': 'true' }), item));
    value.append(words);
    return make('div', {}, make('dt', {}, title), value);
  }

  function button(words, action) {
    const made = make('button', { type: 'button' }, words);
    made.addEventListener('click', action);
    return made;
  }

  function open(heading, under, parts, byKeyboard) {
    if (place.hidden || !place.contains(document.activeElement)) opener = document.activeElement;
    const title = make('h2', { id: 'card-heading', tabindex: '-1' }, heading);
    const closer = button('Close', close);
    closer.classList.add('close');
    place.replaceChildren(make('div', { class: 'card-top' }, title, closer), make('p', { class: 'under' }, under), ...parts);
    place.hidden = false;
    place.scrollTop = 0;
    if (byKeyboard) title.focus();
    if (getComputedStyle(place).position === 'fixed') document.getElementById('map-section').scrollIntoView({ block: 'start' });
    planner.say(heading + ', ' + under);
  }

  function close() {
    const within = place.contains(document.activeElement);
    place.hidden = true;
    if (within && opener) opener.focus({ preventScroll: true });
    planner.state.change({ zone: -1, feature: null });
  }

  function notesOf(zone) {
    return zones.notes.filter((note) => note.words[zone]).flatMap((note) => [make('h3', {}, note.title), make('p', {}, note.words[zone])]);
  }

  function groupsOf(zone) {
    const groups = new Map();
    for (const indicator of offered) {
      if (indicator.offCard) continue;
      const lines = groups.get(indicator.group) || [];
      const words = [indicator, indicator.second].filter(Boolean).map((each) => planner.zoneWords(each, zone));
      lines.push(line(indicator.title, words.join(' \u2192 '), planner.classOf(indicator, zone)));
      groups.set(indicator.group, lines);
    }
    return [...groups].flatMap(([group, lines]) => [make('h3', {}, group), make('dl', {}, ...lines)]);
  }

  function choose(part) {
    planner.state.change(part, { byKeyboard: true });
  }

  function listOf(heading, features) {
    if (!features.length) return [];
    const items = features.slice(0, MOST_OTHERS).map(({ layer, number }) => make('li', {},
      button(layer.names[number] + ' (' + layer.one + ')', () => choose({ feature: { layer, number } }))));
    return [make('h3', {}, heading), make('ul', { class: 'others' }, ...items)];
  }

  const ownParts = (zone) => planner.cardParts.flatMap((partsOf) => partsOf(zone));

  function showZone(zone, byKeyboard) {
    const around = zones.points[zone] ? planner.pick.areasAround(zones.points[zone]) : [];
    const under = [data.codes && planner.zoneName(zone) !== zones.ids[zone] ? zones.ids[zone] : '', zones.parts[zone]].filter(Boolean).join(', ');
    open(planner.knownName(zone), under, [...ownParts(zone), ...notesOf(zone), ...groupsOf(zone), ...listOf('Inside', around)], byKeyboard);
  }

  // A place has few figures of its own: those of the zone that holds it follow.
  function zoneHere(layer, number) {
    if (!['point', 'name'].includes(layer.drawing)) return [];
    const zone = planner.pick.zoneOf(layer, number);
    if (zone < 0) return [make('p', {}, 'This place lies outside the zones of this map, which has no figures for it.')];
    return [make('h3', {}, 'The zone that holds it'), button(planner.knownName(zone), () => choose({ zone })),
      ...ownParts(zone), ...notesOf(zone), ...groupsOf(zone)];
  }

  function showFeature({ layer, number }, byKeyboard, others) {
    const lines = layer.fields.map((field) => {
      const words = planner.fieldWords(field, number);
      return words === '' ? null : line(field.title, words);
    }).filter(Boolean);
    const own = lines.length ? [make('dl', {}, ...lines)] : [];
    open(layer.names[number], layer.one, [...own, ...listOf('Also here', others || []), ...zoneHere(layer, number)], byKeyboard);
  }

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || place.hidden) return;
    close();
    document.activeElement.scrollIntoView({ block: 'nearest' }); // a keyboard goes on from there
  });
  planner.state.onChange((chosen, part, how) => {
    if (!('zone' in part || 'feature' in part)) return;
    if (chosen.zone >= 0) showZone(chosen.zone, how.byKeyboard);
    else if (chosen.feature) showFeature(chosen.feature, how.byKeyboard, how.others);
    else place.hidden = true;
  });
};
