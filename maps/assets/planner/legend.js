// One legend for each map on show: classes with their counts, unit, source, and the class of missing values.
planner.legend = function (indicator, heading) {
  const make = planner.element;
  const row = (item) => make('li', {},
    planner.canvas.paintSwatch(make('span', { class: 'swatch', 'aria-hidden': 'true' }), item),
    make('span', { class: 'class' }, item.label),
    make('span', { class: 'count' }, item.count.toLocaleString('en-GB')));
  const items = indicator.missing.count ? [...indicator.classes, indicator.missing] : indicator.classes;
  const total = planner.data.zones.ids.length.toLocaleString('en-GB');
  const legend = make('div', { class: 'legend' },
    make('h3', {}, heading + indicator.title),
    make('p', { class: 'unit' },
      make('span', {}, indicator.unit && indicator.unit !== 'centres' ? 'Unit: ' + indicator.unit : 'Class'),
      make('span', {}, 'Zones (' + total + ')')),
    make('ul', {}, ...items.map(row)));
  if (indicator.note) legend.append(make('p', { class: 'note' }, indicator.note));
  if (indicator.source) legend.append(make('p', { class: 'source' }, 'Source: ' + indicator.source));
  return legend;
};

planner.showLegends = function () {
  const place = document.querySelector('#legends > div');
  const show = (chosen) => {
    const { indicatorOf } = planner.data;
    const second = indicatorOf.get(chosen.compared);
    const legends = [planner.legend(indicatorOf.get(chosen.indicator), second ? 'First map: ' : '')];
    if (second) legends.push(planner.legend(second, 'Second map: '));
    place.replaceChildren(...legends);
  };
  planner.state.onChange((chosen, part) => {
    if ('indicator' in part || 'compared' in part) show(chosen);
  });
  show(planner.state.chosen);
};
