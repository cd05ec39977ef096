// Figures of one indicator at several times: a slider chooses the time. Only pages that have such figures hold this script.
planner.series = (function () {
  const { data } = planner;
  const held = data.series || [];
  const stepOf = new Map();

  const of = (column) => held.find((each) => each.indicator === column);

  // The indicator takes the values of a step, as if it had no others.
  function take(series, number) {
    const step = series.steps[number];
    const indicator = data.indicatorOf.get(series.indicator);
    indicator.values = step.values;
    indicator.classOf = step.classOf;
    indicator.classes.forEach((item, at) => { item.count = step.counts[at]; });
    indicator.missing.count = step.counts[step.counts.length - 1];
    indicator.title = series.title + ', ' + step.name;
    stepOf.set(series, number);
  }

  // "#by=minutes_by_hour&hour=2200": only known steps are taken from the address.
  function follow() {
    const asked = new URLSearchParams(location.hash.replace(/^#/, ''));
    const series = of(asked.get('by'));
    const number = series ? series.steps.findIndex((step) => step.key === asked.get('hour')) : -1;
    if (number >= 0) take(series, number);
  }

  const { hashOf } = planner.address;
  planner.address.hashOf = function (kept) {
    const series = of(kept.by);
    return hashOf({ ...kept, hour: series ? series.steps[stepOf.get(series)].key : '' });
  };
  held.forEach((series) => take(series, series.start));
  follow();
  window.addEventListener('hashchange', follow); // before the page itself follows, which then draws what was taken
  return { of, take, stepOf };
})();

// The slider under the list of indicators, while an indicator is chosen that has several times.
planner.buildSeries = function () {
  const make = planner.element;
  const { state, series } = planner;
  const label = make('label', { for: 'series' });
  const slider = make('input', { type: 'range', id: 'series', min: 0, step: 1 });
  const words = make('p', { id: 'series-words' });
  const box = make('div', { class: 'series' }, label, make('div', {}, slider, words));
  document.getElementById('controls').append(box);

  function show() {
    const shown = series.of(state.chosen.indicator);
    box.hidden = !shown;
    if (!shown) return;
    const number = series.stepOf.get(shown);
    const step = shown.steps[number];
    label.textContent = shown.label;
    slider.max = shown.steps.length - 1;
    slider.value = number;
    words.textContent = step.words;
    slider.setAttribute('aria-valuetext', step.words);
  }

  slider.addEventListener('input', () => {
    const shown = series.of(state.chosen.indicator);
    series.take(shown, Number(slider.value));
    state.change({ indicator: shown.indicator });
    const beside = getComputedStyle(document.getElementById('card')).position !== 'fixed';
    if (state.chosen.zone >= 0 && beside) state.change({ zone: state.chosen.zone }, { stay: true }); // its card is written anew
  });
  state.onChange((chosen, part) => {
    if ('indicator' in part) show();
  });
  show();
};

planner.start = (function (start) {
  return function (map, groups) {
    start(map, groups);
    planner.buildSeries();
  };
})(planner.start);
