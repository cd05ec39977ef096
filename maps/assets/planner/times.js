planner.packedTimes = null; // the text of the file beside the page, while it is read

// Times between all zones, unpacked once when they are first asked for: times.from(3)[7] is steps from zone 3 to zone 7.
planner.times = (function () {
  const held = planner.data.anyZone;
  const n = planner.data.zones.ids.length;
  const supported = typeof DecompressionStream === 'function';
  let steps = null;
  let reading = null;

  // The packed differences of differences, in the order of neighbours -> steps in the order of the zones.
  function unpack(packed) {
    const near = new Uint8Array(n * n);
    for (let row = 0; row < n; row++) {
      let down = 0;
      for (let column = 0; column < n; column++) {
        const at = row * n + column;
        down += packed[at];
        near[at] = down + (row ? near[at - n] : 0);
      }
    }
    const made = new Uint8Array(n * n);
    held.order.forEach((from, row) => {
      held.order.forEach((to, column) => { made[from * n + to] = near[row * n + column]; });
    });
    return made;
  }

  async function inflate(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(plain).arrayBuffer());
  }

  // The file beside the page, which is a script that leaves its text in `planner`.
  function textBeside() {
    return new Promise((done, failed) => {
      const script = planner.element('script', { src: held.file });
      script.addEventListener('load', () => done(planner.packedTimes));
      script.addEventListener('error', () => failed(new Error('The file ' + held.file + ' is not beside this page.')));
      document.head.append(script);
    });
  }

  async function read() {
    const block = document.getElementById('zone-times');
    steps = unpack(await inflate(block ? block.textContent : await textBeside()));
    planner.packedTimes = null;
    if (block) block.remove();
  }

  // Steps from a zone to each ("from"), or to it from each ("to").
  function of(zone, direction) {
    if (direction === 'from') return steps.subarray(zone * n, (zone + 1) * n);
    return Uint8Array.from({ length: n }, (_, other) => steps[other * n + zone]);
  }

  return { supported, of, isRead: () => steps !== null, read: () => (reading = reading || read()) };
})();
