// The indicator lists and the grouped list of layers.
planner.buildControls = function () {
  const make = planner.element;
  const { offered, layers, runs } = planner.data;
  const { state } = planner;

  function grouped(items, groupOf) {
    const groups = new Map();
    items.forEach((item) => groups.set(groupOf(item), [...(groups.get(groupOf(item)) || []), item]));
    return [...groups];
  }

  function fill(list, key) {
    for (const [group, items] of grouped(offered, (each) => each.group)) {
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
    return make('div', { class: 'choice' }, box, make('label', { for: box.id }, ...planner.keysOf(layer), layer.title), ...planner.kindsOf(layer));
  }

  // Two runs, or a region before and after, are compared figure by figure: there is nothing to choose but how.
  if (runs.length) {
    document.getElementById('comparing-heading').textContent = 'Compared: ' + runs.join(' and ');
    document.getElementById('comparing-choice').hidden = true;
  }
  const over = document.getElementById('over');
  over.addEventListener('change', () => state.change({ swipe: over.checked ? 50 : null }));
  const followSwipe = () => {
    over.checked = state.chosen.swipe !== null;
    document.getElementById('over-choice').hidden = !state.chosen.compared;
  };
  state.onChange(followSwipe);
  followSwipe();
  const compared = document.getElementById('compared');
  compared.append(make('option', { value: '' }, 'Nothing (one map)'));
  fill(document.getElementById('indicator'), 'indicator');
  fill(compared, 'compared');
  const place = document.getElementById('layers');
  for (const [group, items] of grouped(layers, (each) => each.group)) {
    place.append(make('fieldset', {}, make('legend', {}, group), ...items.map(choice)));
  }

  function option(key, words) {
    const box = make('input', { type: 'checkbox', id: key });
    box.addEventListener('change', () => state.change({ [key]: box.checked }));
    const follow = () => { box.checked = state.chosen[key]; };
    state.onChange(follow);
    follow();
    return make('div', { class: 'choice' }, box, make('label', { for: key }, words));
  }
  place.append(make('fieldset', {}, make('legend', {}, 'Without relying on colour'),
    option('patterns', 'Patterns on the colours'), option('paperPatterns', 'Patterns on paper'), option('values', 'Values written in the zones (zoom in)')));
};
