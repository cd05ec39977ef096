// As people type: no accents, no capitals, no apostrophes or full stops, hyphens as blanks.
planner.fold = function (words) {
  return words.normalize('NFD').replace(/[\u0300-\u036f'\u2019.]/g, '').replace(/[\s\u2010-\u2015-]+/g, ' ').trim().toLowerCase();
};

// 0 the very name, 1 the name begins so, 2 one of its words begins so, 3 it stands inside a word, 4 the place that it is
// near begins so; -1 not at all
planner.fit = function ({ key, code, near = '' }, asked) {
  if (key === asked || code === asked) return 0;
  if (key.startsWith(asked) || code.startsWith(asked)) return 1;
  const at = key.indexOf(asked);
  if (at < 0) return near.startsWith(asked) ? 4 : -1;
  return key.includes(' ' + asked) ? 2 : 3;
};

// How many letters differ between what is asked and the beginning of a name (one left out, added, another, or two changed
// about count as one); Infinity above `most`.
planner.lettersOff = function (asked, name, most) {
  let [before, row] = [null, Array.from({ length: asked.length + 1 }, (_, at) => at)];
  let best = row[asked.length];
  for (let i = 1; i <= Math.min(name.length, asked.length + most); i++) {
    const next = [i];
    for (let j = 1; j <= asked.length; j++) {
      const same = asked[j - 1] === name[i - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same);
      if (i > 1 && j > 1 && asked[j - 1] === name[i - 2] && asked[j - 2] === name[i - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
    best = Math.min(best, row[asked.length]);
  }
  return best <= most ? best : Infinity;
};

// 3 and the letters that differ from the name, or from it where one of its words begins; -1 where too many do.
planner.nearFit = function ({ key }, asked) {
  const most = asked.length < 4 ? 0 : asked.length < 7 ? 1 : 2;
  if (!most) return -1;
  const starts = [0, ...[...key.matchAll(/ /g)].map(({ index }) => index + 1)];
  const off = Math.min(...starts.map((start) => planner.lettersOff(asked, key.slice(start), most)));
  return off === Infinity ? -1 : 3 + off;
};

// A place by its own name comes before the many that are named after it, whose names do not stand on the map.
planner.byFit = function (a, b) {
  const unnamed = ({ entry: { layer } }) => Boolean(layer && !layer.naming);
  return (a.fit >= 3) - (b.fit >= 3) || unnamed(a) - unnamed(b) || a.fit - b.fit || a.entry.rank - b.entry.rank;
};

planner.postcodes = new Map(); // of a file of the reader's: "b11aa" -> position

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
  let near = false; // what was found is only spelt alike

  const entries = [];
  const searched = layers.filter((layer) => layer.searchRank).sort((a, b) => a.searchRank - b.searchRank);
  for (const layer of searched) {
    layer.names.forEach((words, number) => entries.push({ words, key: fold(words), code: '', rank: layer.searchRank, layer, number }));
  }
  zones.ids.forEach((id, zone) => {
    const [key, near] = [planner.zoneName(zone), zones.near[zone]].map(fold);
    entries.push({ words: planner.knownName(zone), key, near, code: fold(id), rank: Number.MAX_SAFE_INTEGER, zone });
  });

  // In which zone, and which part of the region, a place lies: "Hill 3, North District".
  function where({ words, layer, number, zone }) {
    const place = layer ? (['point', 'name'].includes(layer.drawing) ? planner.pick.zoneOf(layer, number) : -2) : zone;
    if (place === -2) return '';
    if (place === -1) return 'outside the zones';
    const part = zones.parts[place];
    const name = layer ? (words === zones.near[place] ? planner.zoneName : planner.knownName)(place) : '';
    return [name, name.includes(part) ? '' : part].filter(Boolean).join(', ');
  }

  function kindOf(entry) {
    const kind = entry.layer ? entry.layer.one : 'Zone';
    const code = entry.layer || !planner.data.codes || planner.zoneName(entry.zone) === zones.ids[entry.zone] ? '' : zones.ids[entry.zone];
    return [kind, code, where(entry)].filter(Boolean).join(', ');
  }

  // Postcodes of the reader's file that begin so.
  function postcodes(asked) {
    const code = asked.replaceAll(' ', '');
    if (code.length < 3) return [];
    return [...planner.postcodes].filter(([key]) => key.startsWith(code)).slice(0, MOST).map(([key, position]) => ({
      words: key.slice(0, -3).toUpperCase() + ' ' + key.slice(-3).toUpperCase(), zone: planner.pick.zoneAt(position), kind: 'Postcode',
    })).filter((entry) => entry.zone >= 0);
  }

  // The best entries; those that read alike (the stops of one name in one zone) once.
  function lookUp(words) {
    const asked = fold(words);
    if (!asked) return [];
    const fitting = (fitOf) => entries.map((entry) => ({ entry, fit: fitOf(entry, asked) })).filter((each) => each.fit >= 0);
    const exact = fitting(planner.fit).sort(planner.byFit);
    near = !exact.length;
    const fits = near ? fitting(planner.nearFit).sort((a, b) => a.fit - b.fit || planner.byFit(a, b)) : exact;
    const best = new Map();
    for (const entry of [...postcodes(asked), ...fits.map((each) => each.entry)]) {
      if (best.size === MOST) break;
      const kind = entry.kind ? entry.kind + ', ' + planner.knownName(entry.zone) : kindOf(entry);
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

  function told() {
    if (!found.length) return 'Nothing by that name';
    return (near ? 'Nothing by that name, spelt alike: ' : '') + found.length + (found.length === 1 ? ' match' : ' matches');
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
    if (fold(field.value)) planner.say(told());
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
