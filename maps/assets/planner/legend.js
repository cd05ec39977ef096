// One legend for each map on show: classes with their counts, unit, source, and the class of missing values.
planner.legend = function (indicator, heading) {
  const make = planner.element;
  const { zones, runs } = planner.data;
  const held = indicator.second ? [indicator, indicator.second] : [indicator];
  const number = (value) => make('span', { class: 'count' }, value.toLocaleString('en-GB'));
  const row = (item, counts) => make('li', {},
    planner.canvas.paintSwatch(make('span', { class: 'swatch', 'aria-hidden': 'true' }), item),
    make('span', { class: 'class' }, item.label), ...counts.map(number));
  const rows = indicator.classes.map((item, at) => row(item, held.map((each) => each.classes[at].count)));
  if (held.some((each) => each.missing.count)) rows.push(row(indicator.missing, held.map((each) => each.missing.count)));
  const total = zones.ids.length.toLocaleString('en-GB');
  const legend = make('div', { class: 'legend' },
    make('h3', {}, heading + indicator.title),
    make('p', { class: 'unit' },
      make('span', {}, indicator.unit ? 'Unit: ' + indicator.unit : 'Class'),
      make('span', {}, 'Zones (' + total + ')' + (indicator.second ? ': ' + runs.join(' | ') : ''))),
    make('ul', {}, ...rows));
  if (indicator.note) legend.append(make('p', { class: 'note' }, indicator.note));
  if (indicator.source) legend.append(make('p', { class: 'source' }, 'Source: ' + indicator.source));
  return legend;
};

// A small picture of how a layer is drawn, for a layer that is drawn in one way.
planner.keyOf = function (layer, colour) {
  const looks = [layer.drawing, layer.outline, layer.square && 'square', layer.many && 'many', layer.background && 'background'];
  const classes = ['key', ...looks.filter(Boolean).map((look) => 'key-' + look)].join(' ');
  const square = planner.element('span', { class: classes, 'aria-hidden': 'true' });
  square.style.color = colour;
  return square;
};

planner.keysOf = function (layer) {
  return layer.drawing === 'name' || layer.kinds || layer.grades ? [] : [planner.keyOf(layer, layer.colour)];
};

// A list of pictures for a layer that is coloured by kind, or drawn by grade.
planner.kindsOf = function (layer) {
  const make = planner.element;
  const line = (look) => {
    const square = planner.keyOf(layer, look.colour);
    square.style.setProperty('--thick', look.width + 'px');
    return make('li', {}, square, look.label);
  };
  const dot = (kind, number) => make('li', {}, planner.keyOf(layer, layer.kinds.colours[number]), kind || 'other');
  const ofBase = ({ label, colour, area, width }) => {
    const square = planner.keyOf({ drawing: area ? 'field' : 'line' }, colour);
    square.style.setProperty('--thick', width + 'px');
    return make('li', {}, square, label);
  };
  if (layer.drawing === 'ground') return [make('ul', { class: 'kinds' }, ...layer.kinds.map(ofBase))];
  if (layer.grades) return [make('ul', { class: 'kinds' }, ...layer.grades.of.map(line))];
  return layer.kinds ? [make('ul', { class: 'kinds' }, ...layer.kinds.of.map(dot))] : [];
};

// What is drawn over the zones: on paper only, where the list of layers is left out.
planner.drawnKeys = function () {
  const make = planner.element;
  const drawn = planner.data.layers.filter((layer) => layer.drawing !== 'name' && planner.state.chosen.shown.has(layer.id));
  const items = drawn.map((layer) => make('li', {}, ...planner.keysOf(layer), make('span', { class: 'class' }, layer.title), ...planner.kindsOf(layer)));
  return make('div', { class: 'drawn' }, make('h3', {}, 'Drawn over the zones'), make('ul', {}, ...items));
};

planner.showLegends = function () {
  const place = document.querySelector('#legends > div');
  const show = (chosen) => {
    const { indicatorOf } = planner.data;
    const first = indicatorOf.get(chosen.indicator);
    const second = indicatorOf.get(first.second ? '' : chosen.compared);
    const legends = [planner.legend(first, second ? 'First map: ' : '')];
    if (second) legends.push(planner.legend(second, 'Second map: '));
    place.replaceChildren(...legends, planner.drawnKeys());
  };
  planner.state.onChange((chosen, part) => {
    if (['indicator', 'compared', 'shown', 'patterns'].some((key) => key in part)) show(chosen);
  });
  show(planner.state.chosen);
};
