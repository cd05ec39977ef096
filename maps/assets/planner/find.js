// Other ways to a zone: where the reader is, and the postcodes of a file of the reader's. Both stay in this page.
// A table with postcode, lat and lon under the names that publishers give them; positions outside `box` are left out.
planner.postcodesOf = function (text, box) {
  const NAMES = { code: ['postcode', 'pcds', 'pcd', 'pcd7', 'pcd8'], lat: ['lat', 'latitude'], lon: ['lon', 'long', 'lng', 'longitude'] };
  const cells = (line) => line.split(',').map((cell) => cell.trim().replace(/^"|"$/g, ''));
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const head = cells(lines[0] || '').map((cell) => cell.toLowerCase());
  const at = Object.fromEntries(Object.entries(NAMES).map(([key, names]) => [key, head.findIndex((cell) => names.includes(cell))]));
  if (Object.values(at).some((column) => column < 0)) return null;
  const found = new Map();
  for (const line of lines.slice(1)) {
    const row = cells(line);
    const position = [row[at.lat], row[at.lon]].map((cell) => (cell ? Number(cell) : NaN));
    if (planner.shapes.inBox(position, box)) found.set(row[at.code].replace(/\s/g, '').toLowerCase(), position);
  }
  return found;
};

planner.buildFind = function () {
  const make = planner.element;
  const { bounds } = planner.data;
  const box = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
  const note = make('p', { role: 'status', id: 'find-note' });
  const here = make('button', { type: 'button' }, 'Show where I am');
  const file = make('input', { type: 'file', id: 'postcodes', accept: '.csv,text/csv' });
  const tell = (words) => { note.textContent = words; };
  document.querySelector('.searching').after(make('details', { class: 'finding' },
    make('summary', {}, 'By position or postcode'), here,
    make('label', { for: 'postcodes' }, 'Postcodes: a CSV with postcode, lat, lon. It stays on this computer.'), file, note));

  here.addEventListener('click', () => {
    if (!navigator.geolocation) {
      tell('This browser tells no position.');
      return;
    }
    tell('Asking your browser, which may ask its own location service\u2026');
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const zone = planner.pick.zoneAt([coords.latitude, coords.longitude]);
      tell(zone < 0 ? 'You are outside the zones of this map.' : 'You are in ' + planner.knownName(zone) + '.');
      if (zone >= 0) planner.state.change({ zone }, { zoomTo: 14 });
    }, () => tell('Your browser gives no position. Search for a place instead.'), { timeout: 15000 });
  });
  file.addEventListener('change', async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    const found = planner.postcodesOf(await chosen.text(), box);
    planner.postcodes.clear();
    if (found) found.forEach((position, code) => planner.postcodes.set(code, position));
    if (!found) tell('This file has no columns postcode, lat and lon in its first line.');
    else tell(found.size.toLocaleString('en-GB') + ' postcodes of this region can now be searched.');
  });
};
