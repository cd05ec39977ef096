// Shapes as the page's data holds them, and what lies in them. Positions are [lat, lon], boxes [south, west, north, east].
'use strict';
const planner = {};

planner.shapes = (function () {
  // [x, y, dx, dy, ...] in whole units from the page's origin -> positions
  function positions(steps, { origin, units }) {
    const found = [];
    let [x, y] = origin;
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      found.push([y / units, x / units]);
    }
    return found;
  }

  const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  // The text of a class of the base map -> lines and rings of positions; `maps/web/base_data.py` says how it is written.
  function unpack(text, { origin, units }, step) {
    let at = 0;
    function number() {
      let value = 0;
      for (let bits = 0; ; bits += 5) {
        const digit = LETTERS.indexOf(text[at++]);
        value += (digit & 31) * 2 ** bits;
        if (digit < 32) return value % 2 ? -(value + 1) / 2 : value / 2;
      }
    }
    const parts = [];
    let [x, y] = [0, 0];
    while (at < text.length) {
      parts.push(Array.from({ length: number() }, () => {
        x += number();
        y += number();
        return [(origin[1] + y * step) / units, (origin[0] + x * step) / units];
      }));
    }
    return parts;
  }

  // The box of a shape (parts of positions); null where there is none.
  function boxOf(shape) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const part of shape) {
      for (const [lat, lon] of part) {
        box[0] = Math.min(box[0], lat);
        box[1] = Math.min(box[1], lon);
        box[2] = Math.max(box[2], lat);
        box[3] = Math.max(box[3], lon);
      }
    }
    return box[0] === Infinity ? null : box;
  }

  // Even-odd rule over all rings, so that holes and islands need no special case.
  function inside([lat, lon], rings) {
    let odd = false;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [y1, x1] = ring[i];
        const [y2, x2] = ring[j];
        if ((y1 > lat) !== (y2 > lat) && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) odd = !odd;
      }
    }
    return odd;
  }

  function inBox([lat, lon], box, marginLat = 0, marginLon = 0) {
    return box !== null && lat >= box[0] - marginLat && lat <= box[2] + marginLat
      && lon >= box[1] - marginLon && lon <= box[3] + marginLon;
  }

  // Whether two boxes overlap, of any two axes; boxes that only touch do not.
  function clash(a, b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }

  return { positions, unpack, boxOf, inside, inBox, clash };
})();
