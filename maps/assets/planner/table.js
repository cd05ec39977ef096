// The figures of every feature of one layer in both runs, side by side; a figure that differs stands out.
planner.buildBothRuns = function () {
  const make = planner.element;
  const { layerOf, runs, runTable } = planner.data;
  const layer = runTable && layerOf.get(runTable.layer);
  const fields = layer ? layer.fields.filter((field) => field.second) : [];
  if (!fields.length) return;
  const cell = (field, number) => {
    const same = field.values[number] === field.second[number];
    const words = same ? planner.valueWords(field.values[number], field.kind, field.unit, field.missing) : planner.fieldWords(field, number);
    return make('td', { class: same ? 'number same' : 'number differs' }, words);
  };
  const place = document.getElementById('both-runs');
  place.append(make('div', { class: 'table-box', tabindex: '0', role: 'region', 'aria-label': runTable.title + ', table, scrolls sideways' },
    make('table', {},
      make('caption', {}, make('span', {}, runs[0] + ' \u2192 ' + runs[1] + '; one figure where both have the same. ' + runTable.note)),
      make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'Figure'),
        ...layer.names.map((name) => make('th', { scope: 'col', class: 'number' }, name)))),
      make('tbody', {}, ...fields.map((field) => make('tr', {}, make('th', { scope: 'row' }, field.title),
        ...layer.names.map((_, number) => cell(field, number))))))));
  place.hidden = false;
};

// Order of two sorted values. Missing values come last whichever way a column is sorted: they are neither most nor least.
planner.compareValues = function (x, y, down) {
  if (x === y) return 0;
  if (x === null || x === '') return 1;
  if (y === null || y === '') return -1;
  const order = typeof x === 'string' ? x.localeCompare(y, 'en-GB', { numeric: true }) : x - y;
  return down ? -order : order;
};

// The same figures as a table: sortable by every column, narrowed to a part of the region, a page at a time.
planner.buildTable = function () {
  const ROWS = 25;
  const make = planner.element;
  const { zones, offered, indicatorOf, parts } = planner.data;
  const place = document.getElementById('figures');
  const sorted = { by: 'name', down: false };
  let part = '';
  let page = 0;

  const table = make('table', {});
  const count = make('span', { role: 'status' });
  const narrow = make('select', { id: 'part' }, make('option', { value: '' }, parts ? parts.all : ''),
    ...[...new Set(zones.parts)].filter(Boolean).sort().map((name) => make('option', { value: name }, name)));

  function button(words, action) {
    const made = make('button', { type: 'button' }, words);
    made.addEventListener('click', action);
    return made;
  }
  const before = button('Previous', () => { page -= 1; show(); });
  const after = button('Next', () => { page += 1; show(); });

  function columns() {
    const { indicator, compared } = planner.state.chosen;
    const first = [indicator, compared].filter(Boolean).map((column) => indicatorOf.get(column));
    return [...new Set([...first, ...offered.filter((each) => each.inTable && !each.second)])];
  }

  function keyOf(zone) {
    if (sorted.by === 'name') return planner.zoneName(zone);
    return sorted.by === 'part' ? zones.parts[zone] : indicatorOf.get(sorted.by).values[zone];
  }

  function compare(a, b) {
    return planner.compareValues(keyOf(a), keyOf(b), sorted.down) || a - b;
  }

  function heading(key, words, numeric) {
    const here = sorted.by === key;
    const arrow = here ? (sorted.down ? ' \u2193' : ' \u2191') : ' \u2195';
    const sorter = button(words, () => {
      sorted.down = here ? !sorted.down : false;
      sorted.by = key;
      page = 0;
      show();
      table.querySelector('[data-key="' + CSS.escape(key) + '"]').focus();
    });
    sorter.dataset.key = key;
    sorter.append(make('span', { 'aria-hidden': 'true' }, arrow));
    return make('th', {
      scope: 'col', class: numeric ? 'number' : false, 'aria-sort': here ? (sorted.down ? 'descending' : 'ascending') : false,
    }, sorter);
  }

  // Without the unit that the heading has already named.
  function plain(indicator) {
    return indicator.title.toLowerCase().includes(indicator.unit) ? { ...indicator, unit: '' } : indicator;
  }

  function row(zone, shown) {
    const go = button(planner.knownName(zone), () => planner.state.change({ zone }, { byKeyboard: true, zoomTo: 13 }));
    return make('tr', {}, make('th', { scope: 'row' }, go), ...(parts ? [make('td', {}, zones.parts[zone])] : []),
      ...shown.map((each) => make('td', { class: each.kind === 'category' ? false : 'number' }, planner.zoneWords(plain(each), zone))));
  }

  function show() {
    const shown = columns();
    if (!['name', 'part', ...shown.map((each) => each.column)].includes(sorted.by)) sorted.by = 'name';
    const chosen = zones.ids.map((_, zone) => zone).filter((zone) => !part || zones.parts[zone] === part).sort(compare);
    const last = Math.max(Math.ceil(chosen.length / ROWS) - 1, 0);
    page = Math.min(Math.max(page, 0), last);
    const here = chosen.slice(page * ROWS, (page + 1) * ROWS);
    table.replaceChildren(
      make('caption', {}, make('span', {}, 'Zones and their figures. A heading sorts by its column; the name of a zone shows it on the map.')),
      make('thead', {}, make('tr', {}, heading('name', 'Zone'), ...(parts ? [heading('part', parts.one)] : []),
        ...shown.map((each) => heading(each.column, planner.titleOf(each), each.kind !== 'category')))),
      make('tbody', {}, ...here.map((zone) => row(zone, shown))));
    count.textContent = chosen.length
      ? 'Rows ' + (page * ROWS + 1) + ' to ' + (page * ROWS + here.length) + ' of ' + chosen.length.toLocaleString('en-GB')
      : 'No rows';
    before.disabled = page === 0;
    after.disabled = page === last;
  }

  narrow.addEventListener('change', () => {
    part = narrow.value;
    page = 0;
    show();
  });
  place.append(
    make('div', { class: 'table-tools' }, ...(parts ? [make('label', { for: 'part' }, parts.one), narrow] : []), before, after, count),
    make('div', { class: 'table-box', tabindex: '0', role: 'region', 'aria-label': 'Table of zones, scrolls sideways' }, table));
  planner.state.onChange((chosen, changed) => {
    if ('indicator' in changed || 'compared' in changed) show();
  });
  show();
};
