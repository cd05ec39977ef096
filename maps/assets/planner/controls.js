// The indicator lists and the grouped list of layers.
planner.buildControls = function () {
  const make = planner.element;
  const { indicators, layers } = planner.data;
  const { state } = planner;

  function grouped(items, groupOf) {
    const groups = new Map();
    items.forEach((item) => groups.set(groupOf(item), [...(groups.get(groupOf(item)) || []), item]));
    return [...groups];
  }

  function fill(list, key) {
    for (const [group, items] of grouped(indicators, (each) => each.group)) {
      list.append(make('optgroup', { label: group }, ...items.map((each) => make('option', { value: each.column }, each.title))));
    }
    list.addEventListener('change', () => {
      state.change({ [key]: list.value });
      planner.say('Map coloured by ' + list.selectedOptions[0].textContent);
    });
    const follow = () => { list.value = state.chosen[key]; };
    state.onChange(follow);
    follow();
  }

  // A small picture of how the layer is drawn, and one for each mode where it is coloured by mode.
  function key(layer, colour) {
    const square = make('span', { class: 'key key-' + layer.drawing + ' key-' + layer.id, 'aria-hidden': 'true' });
    square.style.color = colour;
    return square;
  }

  function keys(layer) {
    const line = (look) => {
      const square = key(layer, look.colour);
      square.style.setProperty('--thick', look.width + 'px');
      return make('li', {}, square, look.label);
    };
    const items = layer.frequencies ? layer.frequencies.of.map(line)
      : layer.modes.of.map((mode, number) => make('li', {}, key(layer, layer.modes.colours[number]), mode || 'other'));
    return make('ul', { class: 'modes' }, ...items);
  }

  function choice(layer) {
    const box = make('input', { type: 'checkbox', id: 'layer-' + layer.id });
    const follow = () => { box.checked = state.chosen.shown.has(layer.id); };
    box.addEventListener('change', () => {
      const shown = new Set(state.chosen.shown);
      if (box.checked) shown.add(layer.id);
      else shown.delete(layer.id);
      state.change({ shown });
    });
    state.onChange(follow);
    follow();
    const many = layer.modes || layer.frequencies;
    const label = make('label', { for: box.id }, ...(layer.drawing === 'name' || many ? [] : [key(layer, layer.colour)]), layer.title);
    return make('div', { class: 'choice' }, box, label, ...(many ? [keys(layer)] : []));
  }

  const compared = document.getElementById('compared');
  compared.append(make('option', { value: '' }, 'Nothing (one map)'));
  fill(document.getElementById('indicator'), 'indicator');
  fill(compared, 'compared');
  const place = document.getElementById('layers');
  for (const [group, items] of grouped(layers, (each) => each.group)) {
    place.append(make('fieldset', {}, make('legend', {}, group), ...items.map(choice)));
  }

  const written = make('input', { type: 'checkbox', id: 'values' });
  written.addEventListener('change', () => state.change({ values: written.checked }));
  state.onChange((chosen) => { written.checked = chosen.values; });
  place.append(make('fieldset', {}, make('legend', {}, 'Zones'), make('div', { class: 'choice' }, written,
    make('label', { for: 'values' }, 'Values written in the zones (zoom in)'))));
};
