// Three steps that say what the page is for; they begin when asked for, and Escape ends them.
planner.buildTour = function () {
  const make = planner.element;
  const STEPS = [
    ['controls', 'Choose', 'Search for a place, or choose a figure: the zones of the map take its colours.'],
    ['legends', 'Read', 'The legend says what each colour means, how many zones have it, and what the figure is.'],
    ['map-section', 'Ask', 'Choose a zone, by click, tap or the Enter key, for all its figures; its card also shows where one gets to from there.'],
  ];
  const opener = make('button', { type: 'button', id: 'tour-start' }, 'How to use this map');
  const title = make('h2', { id: 'tour-heading', tabindex: '-1' });
  const words = make('p', {});
  const back = make('button', { type: 'button' }, 'Back');
  const next = make('button', { type: 'button' }, 'Next');
  const end = make('button', { type: 'button' }, 'End');
  const box = make('section', { id: 'tour', 'aria-labelledby': 'tour-heading', hidden: true }, title, words, make('div', {}, back, next, end));
  let step = 0;
  document.querySelector('header').append(opener);
  document.querySelector('main').after(box);

  function show() {
    const [place, heading, text] = STEPS[step];
    document.querySelectorAll('.toured').forEach((each) => each.classList.remove('toured'));
    document.getElementById(place).classList.add('toured');
    document.getElementById(place).scrollIntoView({ block: 'nearest' });
    title.textContent = heading + ' (' + (step + 1) + ' of ' + STEPS.length + ')';
    words.textContent = text;
    back.disabled = step === 0;
    next.hidden = step === STEPS.length - 1;
    title.focus({ preventScroll: true });
  }

  function close() {
    box.hidden = true;
    document.querySelectorAll('.toured').forEach((each) => each.classList.remove('toured'));
    opener.focus();
  }

  opener.addEventListener('click', () => {
    step = 0;
    box.hidden = false;
    show();
  });
  for (const [button, by] of [[back, -1], [next, 1]]) {
    button.addEventListener('click', () => {
      step += by;
      show();
    });
  }
  end.addEventListener('click', close);
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault(); // a card stays
    close();
  });
};
