// The page's data, read once from its inert block and unpacked.
planner.data = (function () {
  const data = JSON.parse(document.getElementById('planner-data').textContent);

  function unpack(held) {
    return Array.isArray(held) ? held : held.at.map((code) => held.of[code]);
  }

  const { boxOf } = planner.shapes;
  const positions = (steps) => planner.shapes.positions(steps, data);
  const position = (steps) => (steps.length ? positions(steps)[0] : null);
  const { zones } = data;
  zones.parts = unpack(zones.parts);
  zones.near = unpack(zones.near);
  zones.shapes = zones.shapes.map((shape) => shape.map(positions));
  zones.boxes = zones.shapes.map(boxOf);
  zones.points = zones.points.map(position);
  zones.notes.forEach((note) => { note.words = unpack(note.words); });
  zones.numberOf = new Map(zones.ids.map((id, number) => [id, number]));

  for (const indicator of data.indicators) {
    indicator.values = unpack(indicator.values);
    indicator.classes.forEach((item, number) => { item.number = number; });
  }
  for (const layer of data.layers) {
    const parts = layer.names.map(unpack);
    layer.classes?.forEach((each) => { each.parts = planner.shapes.unpack(each.parts, data, layer.step); });
    layer.numbers?.forEach((road) => { road.spots = positions(road.spots); });
    layer.shapes = layer.shapes.map((shape) => shape.map(positions));
    layer.points = layer.points.map(position);
    layer.boxes = layer.shapes.map(boxOf);
    layer.names = layer.shapes.map((_, number) => parts.map((words) => words[number]).join(layer.joiner) || layer.title);
    layer.keys = planner.address.ownKeys(layer.keys.length === 0 ? layer.names : unpack(layer.keys));
    layer.numberOf = new Map(layer.keys.map((key, number) => [key, number]));
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
