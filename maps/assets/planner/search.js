// Search by place or zone: a combobox over zone names and ids and the names in every layer.
planner.buildSearch = function (map) {
  const MOST = 8;
  const { zones, layerOf } = planner.data;
  const field = document.getElementById('search');
  const list = document.getElementById('search-results');
  let found = [];
  let active = -1;

  const fold = (words) => words.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  const entries = [];
  function addLayer(id) {
    const layer = layerOf.get(id);
    const known = new Set();
    (layer ? layer.names : []).forEach((words, number) => {
      if (!known.has(words)) entries.push({ words, kind: layer.title, key: fold(words), layer, number });
      known.add(words);
    });
  }
  ['centres', 'corridors', 'pilots', 'sites', 'districts', 'places', 'stations', 'tramstops'].forEach(addLayer);
  zones.ids.forEach((id, zone) => {
    entries.push({ words: zones.names[zone] || id, kind: 'Zone ' + id, key: fold(zones.names[zone] + ' ' + id), zone });
  });
  addLayer('stops');

  function lookUp(words) {
    const key = fold(words.trim());
    if (!key) return [];
    const starts = entries.filter((entry) => entry.key.startsWith(key));
    const holds = starts.length >= MOST ? [] : entries.filter((entry) => entry.key.indexOf(key) > 0);
    return [...starts, ...holds].slice(0, MOST);
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
    if (field.value.trim() && !found.length) options.push(planner.element('li', { class: 'nothing' }, 'Nothing by that name'));
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

  function go(entry, byKeyboard) {
    shut();
    field.value = entry.words;
    const box = entry.layer ? entry.layer.boxes[entry.number] : zones.boxes[entry.zone];
    if (box) map.fitBounds([[box[0], box[1]], [box[2], box[3]]], { maxZoom: 14, padding: [30, 30] });
    if (entry.layer) {
      const shown = new Set([...planner.state.chosen.shown, entry.layer.id]);
      planner.state.change({ feature: { layer: entry.layer, number: entry.number }, shown }, { byKeyboard });
    } else {
      planner.state.change({ zone: entry.zone }, { byKeyboard });
    }
  }

  field.addEventListener('input', () => {
    found = lookUp(field.value);
    active = -1;
    show();
    if (field.value.trim()) planner.say(found.length + (found.length === 1 ? ' match' : ' matches'));
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') shut();
    if (event.key === 'Enter' && found.length) go(found[Math.max(active, 0)], true);
    if (!['ArrowDown', 'ArrowUp'].includes(event.key) || !found.length) return;
    event.preventDefault();
    active = (active + (event.key === 'ArrowDown' ? 1 : found.length - 1) + (active < 0 && event.key === 'ArrowUp' ? 1 : 0)) % found.length;
    show();
  });
  field.addEventListener('blur', shut);
};
