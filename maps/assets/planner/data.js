// The page's data, read once from its inert block and unpacked.
'use strict';
const planner = {};

planner.data = (function () {
  const data = JSON.parse(document.getElementById('planner-data').textContent);

  function unpack(held) {
    return Array.isArray(held) ? held : held.at.map((code) => held.of[code]);
  }

  // [x, y, dx, dy, ...] in whole units from the page's origin -> [[lat, lon], ...]
  function positions(steps) {
    const found = [];
    let x = data.origin[0];
    let y = data.origin[1];
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      found.push([y / data.units, x / data.units]);
    }
    return found;
  }

  function position(steps) {
    return steps.length ? positions(steps)[0] : null;
  }

  // south, west, north, east of a shape; null where there is none
  function boundsOf(shape) {
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

  const zones = data.zones;
  zones.districts = unpack(zones.districts);
  zones.shapes = zones.shapes.map((shape) => shape.map(positions));
  zones.boxes = zones.shapes.map(boundsOf);
  zones.points = zones.points.map(position);
  zones.notes.forEach((note) => { note.words = unpack(note.words); });
  zones.numberOf = new Map(zones.ids.map((id, number) => [id, number]));

  for (const indicator of data.indicators) {
    indicator.values = unpack(indicator.values);
    indicator.classes.forEach((item, number) => { item.number = number; });
  }
  for (const layer of data.layers) {
    const parts = layer.names.map(unpack);
    layer.shapes = layer.shapes.map((shape) => shape.map(positions));
    layer.points = layer.points.map(position);
    layer.boxes = layer.shapes.map(boundsOf);
    layer.names = layer.shapes.map((_, number) => parts.map((words) => words[number]).join(layer.joiner) || layer.title);
    const keys = layer.keys.length === 0 ? layer.names : unpack(layer.keys);
    layer.numberOf = new Map();
    layer.keys = keys.map((key, number) => {
      const own = layer.numberOf.has(key) ? key + ' #' + number : key; // names may repeat, addresses may not
      layer.numberOf.set(own, number);
      return own;
    });
    layer.fields.forEach((field) => {
      field.values = unpack(field.values);
      if (field.second) field.second = unpack(field.second);
    });
  }
  data.bounds = L.latLngBounds(zones.boxes.filter(Boolean).flatMap(([s, w, n, e]) => [[s, w], [n, e]]));
  data.indicatorOf = new Map(data.indicators.map((indicator) => [indicator.column, indicator]));
  // Where two runs are compared: `second` has the figures of the second run, and is offered only beside its first.
  for (const indicator of data.indicators) {
    indicator.second = data.indicatorOf.get(indicator.pair) || null;
    if (indicator.second) indicator.second.isSecond = true;
  }
  data.offered = data.indicators.filter((indicator) => !indicator.isSecond);
  data.layerOf = new Map(data.layers.map((layer) => [layer.id, layer]));
  return data;
})();

// The class of a zone under an indicator: its own entry of the legend.
planner.classOf = function (indicator, zone) {
  const number = indicator.classOf[zone]; // -1: no value
  return number < 0 ? indicator.missing : indicator.classes[number];
};

// The run that an indicator is of, where there are two.
planner.runOf = function (indicator) {
  const { runs } = planner.data;
  return indicator.second ? runs[0] : indicator.isSecond ? runs[1] : '';
};

planner.titleOf = function (indicator) {
  const run = planner.runOf(indicator);
  return indicator.title + (run ? ' (' + run + ')' : '');
};
