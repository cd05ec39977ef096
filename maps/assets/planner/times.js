planner.packed = {}; // name of a tile -> its text, which the tile's file leaves here

// Times between all zones, unpacked when they are first asked for. They stand in square tiles of the zones in an order that
// brings neighbours together: one tile in the page, or many in files beside it, of which those of a zone's row and column are
// read. times.of(3, 'from')[7] is steps from zone 3 to zone 7.
planner.times = (function () {
  const MOST_TILES = 64; // kept: a megabyte each
  const held = planner.data.anyZone;
  const n = planner.data.zones.ids.length;
  const side = held.side || n;
  const supported = typeof DecompressionStream === 'function';
  const place = new Uint32Array(n); // of a zone in the order
  held.order.forEach((zone, at) => { place[zone] = at; });
  const lots = Array.from({ length: Math.ceil(n / side) }, (_, lot) => lot);
  const wide = (lot) => Math.min(side, n - lot * side);
  const tiles = new Map(); // name -> steps, those used last at the end
  const reading = new Map(); // name -> promise

  // The packed differences of differences -> steps, row by row.
  function unpack(packed, columns) {
    const near = new Uint8Array(packed.length);
    for (let row = 0, at = 0; at < packed.length; row++) {
      let down = 0;
      for (let column = 0; column < columns; column++, at++) {
        down += packed[at];
        near[at] = down + (row ? near[at - columns] : 0);
      }
    }
    return near;
  }

  async function inflate(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(plain).arrayBuffer());
  }

  // A file beside the page, which is a script that leaves its text in `planner`.
  function textBeside(name) {
    const file = held.folder + '/' + name + '.js';
    return new Promise((done, failed) => {
      const script = planner.element('script', { src: file });
      script.addEventListener('load', () => {
        done(planner.packed[name]);
        delete planner.packed[name];
        script.remove();
      });
      script.addEventListener('error', () => {
        script.remove();
        failed(new Error('The file ' + file + ' is not beside this page.'));
      });
      document.head.append(script);
    });
  }

  async function readTile(name) {
    const block = document.getElementById('zone-times');
    const text = block ? block.textContent : await textBeside(name);
    tiles.set(name, unpack(await inflate(text), wide(Number(name.split('_')[1]))));
    if (block) block.remove();
  }

  // The tiles with the times from a zone, and to it.
  function namesOf(zone) {
    const own = Math.floor(place[zone] / side);
    return [...new Set(lots.flatMap((lot) => [own + '_' + lot, lot + '_' + own]))];
  }

  const isRead = (zone) => zone >= 0 && namesOf(zone).every((name) => tiles.has(name));

  async function read(zone) {
    const names = namesOf(zone);
    await Promise.all(names.filter((name) => !tiles.has(name)).map((name) => {
      if (!reading.has(name)) reading.set(name, readTile(name).finally(() => reading.delete(name)));
      return reading.get(name);
    }));
    for (const name of names) { // now the ones used last
      const steps = tiles.get(name);
      tiles.delete(name);
      tiles.set(name, steps);
    }
    for (const name of [...tiles.keys()].slice(0, Math.max(tiles.size - Math.max(MOST_TILES, names.length), 0))) tiles.delete(name);
  }

  // Steps from a zone to each ("from"), or to it from each ("to").
  function of(zone, direction) {
    const own = Math.floor(place[zone] / side);
    const at = place[zone] % side;
    const made = new Uint8Array(n);
    for (const lot of lots) {
      const from = direction === 'from';
      const tile = tiles.get(from ? own + '_' + lot : lot + '_' + own);
      const columns = wide(from ? lot : own);
      for (let each = 0; each < wide(lot); each++) {
        made[held.order[lot * side + each]] = tile[from ? at * columns + each : each * columns + at];
      }
    }
    return made;
  }

  return { supported, of, isRead, read };
})();
