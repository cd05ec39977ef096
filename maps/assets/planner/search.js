// As people type: no accents, no capitals, no apostrophes or full stops, hyphens as blanks.
planner.fold = function (words) {
  return words.normalize('NFD').replace(/[\u0300-\u036f'\u2019.]/g, '').replace(/[\s\u2010-\u2015-]+/g, ' ').trim().toLowerCase();
};

// 0 the very name, 1 the name begins so, 2 one of its words begins so, 3 it stands inside a word; -1 not at all
planner.fit = function ({ key, code }, asked) {
  if (key === asked || code === asked) return 0;
  if (key.startsWith(asked) || code.startsWith(asked)) return 1;
  const at = key.indexOf(asked);
  if (at < 0) return -1;
  return key.includes(' ' + asked) ? 2 : 3;
};

// A place by its own name comes before the many that are named after it, whose names do not stand on the map.
planner.byFit = function (a, b) {
  const unnamed = ({ entry: { layer } }) => Boolean(layer && !layer.naming);
  return (a.fit === 3) - (b.fit === 3) || unnamed(a) - unnamed(b) || a.fit - b.fit || a.entry.rank - b.entry.rank;
};

// Search by place or zone: a combobox over the names in every layer, and over the names and codes of the zones.
planner.buildSearch = function () {
  const MOST = 8;
  const ZOOM = 14;
  const { zones, layers } = planner.data;
  const { fold } = planner;
  const field = document.getElementById('search');
  const list = document.getElementById('search-results');
  let found = [];
  let active = -1;

  const entries = [];
  const searched = layers.filter((layer) => layer.searchRank).sort((a, b) => a.searchRank - b.searchRank);
  for (const layer of searched) {
    layer.names.forEach((words, number) => entries.push({ words, key: fold(words), code: '', rank: layer.searchRank, layer, number }));
  }
  zones.ids.forEach((id, zone) => {
    entries.push({ words: planner.zoneName(zone), key: fold(planner.zoneName(zone)), code: fold(id), rank: Number.MAX_SAFE_INTEGER, zone });
  });

  // In which zone, and which part of the region, a place lies: "Hill 3, North District".
  function where({ layer, number, zone }) {
    const place = layer ? (['point', 'name'].includes(layer.drawing) ? planner.pick.zoneOf(layer, number) : -2) : zone;
    if (place === -2) return '';
    if (place === -1) return 'outside the zones';
    const part = zones.parts[place];
    const name = layer ? planner.zoneName(place) : '';
    return [name, name.includes(part) ? '' : part].filter(Boolean).join(', ');
  }

  function kindOf(entry) {
    const kind = entry.layer ? entry.layer.one : 'Zone';
    const code = entry.layer || !planner.data.codes || entry.words === zones.ids[entry.zone] ? '' : zones.ids[entry.zone];
    return [kind, code, where(entry)].filter(Boolean).join(', ');
  }

  // The best entries; those that read alike (the stops of one name in one zone) once.
  function lookUp(words) {
    const asked = fold(words);
    if (!asked) return [];
    const fitting = entries.map((entry) => ({ entry, fit: planner.fit(entry, asked) })).filter((each) => each.fit >= 0).sort(planner.byFit);
    const best = new Map();
    for (const { entry } of fitting) {
      if (best.size === MOST) break;
      const kind = kindOf(entry);
      const line = JSON.stringify([entry.words, kind]);
      if (!best.has(line)) best.set(line, { ...entry, kind });
    }
    return [...best.values()];
  }

  function show() {
    const options = found.map((entry, number) => {
      const option = planner.element('li', { role: 'option', id: 'found-' + number, 'aria-selected': String(number === active) },
        planner.element('span', {}, entry.words), planner.element('small', {}, entry.kind));
      option.addEventListener('mousedown', (event) => {
        event.preventDefault();
        go(entry, false);
      });
      return option;
    });
    if (fold(field.value) && !found.length) {
      options.push(planner.element('li', { class: 'nothing', role: 'option', 'aria-disabled': 'true' }, 'Nothing by that name'));
    }
    list.replaceChildren(...options);
    list.hidden = !options.length;
    field.setAttribute('aria-expanded', String(!list.hidden));
    if (active >= 0) field.setAttribute('aria-activedescendant', 'found-' + active);
    else field.removeAttribute('aria-activedescendant');
  }

  function shut() {
    found = [];
    active = -1;
    list.hidden = true;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  }

  function go({ words, layer, number, zone }, byKeyboard) {
    shut();
    field.value = words;
    const how = { byKeyboard, zoomTo: ZOOM };
    if (layer) planner.state.change({ feature: { layer, number }, shown: new Set([...planner.state.chosen.shown, layer.id]) }, how);
    else planner.state.change({ zone }, how);
  }

  field.addEventListener('input', () => {
    found = lookUp(field.value);
    active = -1;
    show();
    if (fold(field.value)) planner.say(found.length ? found.length + (found.length === 1 ? ' match' : ' matches') : 'Nothing by that name');
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault(); // the card stays
      shut();
    }
    if (event.key === 'Enter' && found.length) go(found[Math.max(active, 0)], true);
    if (!['ArrowDown', 'ArrowUp'].includes(event.key) || !found.length) return;
    event.preventDefault();
    active = (active + (event.key === 'ArrowDown' ? 1 : found.length - 1) + (active < 0 && event.key === 'ArrowUp' ? 1 : 0)) % found.length;
    show();
  });
  field.addEventListener('blur', shut);
};
