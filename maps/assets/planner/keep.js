// What one takes away: the address, code to embed the page, the table as CSV, the zones as GeoJSON. All are made in the page.
planner.csvOf = function (rows) {
  const cell = (value) => {
    if (value === null || value === undefined) return '';
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? "'" + value : value; // a spreadsheet would compute it
    return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };
  return rows.map((row) => row.map(cell).join(',') + '\r\n').join('');
};

// The rings of a shape (of [lat, lon], even-odd) as polygons of GeoJSON: an outer ring, then its holes.
planner.polygonsOf = function (rings) {
  const holders = rings.map((ring) => rings.filter((other) => other !== ring && planner.shapes.inside(ring[0], [other])));
  const closed = (ring) => [...ring, ring[0]].map(([lat, lon]) => [Number(lon.toFixed(6)), Number(lat.toFixed(6))]);
  return rings.flatMap((ring, at) => {
    if (holders[at].length % 2) return [];
    const holes = rings.filter((_, hole) => holders[hole].includes(ring) && holders[hole].length === holders[at].length + 1);
    return [[closed(ring), ...holes.map(closed)]];
  });
};

planner.frameOf = function (address, title) {
  const safe = (words) => words.replace(/[&<>"]/g, (letter) => '&#' + letter.charCodeAt(0) + ';');
  return '<iframe src="' + safe(address) + '" title="' + safe(title) + '" width="100%" height="700" loading="lazy"></iframe>';
};

planner.buildKeep = function () {
  const make = planner.element;
  const { data, state } = planner;
  const { zones, offered } = data;
  const place = document.getElementById('keep');
  const copy = document.getElementById('copy');
  const isLocal = location.protocol === 'file:';
  const note = make('p', { role: 'status' });

  function button(words, action) {
    const made = make('button', { type: 'button' }, words);
    made.addEventListener('click', action);
    place.append(made);
    return made;
  }

  function save(name, kind, text) {
    const address = URL.createObjectURL(new Blob([text], { type: kind }));
    make('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    planner.say('Saved as ' + name);
  }

  const shown = () => [...new Set([...offered, ...offered.map((each) => each.second).filter(Boolean)])];
  const value = (each, zone) => (each.kind === 'flag' && each.values[zone] !== null ? Boolean(each.values[zone]) : each.values[zone]);

  const hasNear = zones.near.some(Boolean);

  function table() {
    const columns = shown().filter((each) => !each.way || each.values.some((one) => one !== null));
    const isNamed = ({ title, unit }) => title.toLowerCase().split(/[^a-z]+/).includes(unit.toLowerCase());
    const unit = (each) => (each.unit && !isNamed(each) ? ' (' + each.unit + ')' : '');
    const head = [...(data.codes ? ['Zone'] : []), 'Name', ...(hasNear ? ['Near'] : []), ...(data.parts ? [data.parts.one] : []), ...columns.map((each) => planner.titleOf(each) + unit(each)),
      ...(data.caution ? ['Caution'] : [])];
    const rows = zones.ids.map((id, zone) => [...(data.codes ? [id] : []), planner.zoneName(zone), ...(hasNear ? [zones.near[zone]] : []), ...(data.parts ? [zones.parts[zone]] : []),
      ...columns.map((each) => value(each, zone)), ...(data.caution ? [data.caution] : [])]);
    return '\ufeff' + planner.csvOf([head, ...rows]); // with the mark by which spreadsheets know UTF-8
  }

  function features() {
    const columns = shown().filter((each) => !each.way);
    return JSON.stringify({
      type: 'FeatureCollection',
      note: 'Outlines are simplified for the screen. ' + data.caution,
      features: zones.ids.map((id, zone) => ({
        type: 'Feature',
        id,
        properties: Object.fromEntries([['name', planner.zoneName(zone)], ...(hasNear ? [['near_place', zones.near[zone]]] : []), ...columns.map((each) => [each.column, value(each, zone)])]),
        geometry: { type: 'MultiPolygon', coordinates: planner.polygonsOf(zones.shapes[zone]) },
      })),
    });
  }

  copy.hidden = !navigator.clipboard; // not there on a page that came over plain http
  copy.addEventListener('click', () => navigator.clipboard.writeText(location.href).then(() => {
    copy.textContent = 'Address copied';
    note.textContent = isLocal ? 'This page is a file on this computer: the address opens nothing elsewhere. Send the file with it.' : '';
  }, () => { copy.textContent = 'Copying is not allowed here'; }));
  state.onChange(() => { copy.textContent = 'Copy the address'; });
  button('Table as CSV', () => save('zones.csv', 'text/csv', table()));
  button('Zones as GeoJSON', () => save('zones.geojson', 'application/geo+json', features()));
  const code = make('textarea', { readonly: true, rows: 3, 'aria-label': 'Code to embed this page', hidden: true });
  button('Code to embed it', () => {
    code.value = planner.frameOf(location.href, document.title);
    code.hidden = false;
    code.focus();
    code.select();
    note.textContent = isLocal ? 'This page is a file on this computer: put it on a web server, and its address there into the code.' : '';
  });
  place.append(code, note);
};
