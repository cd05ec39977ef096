// For paper (print button, Ctrl+P, the browser's menu) the maps are laid out anew: the shape of the sheet, the same land.
planner.preparePaper = function (map) {
  const sheet = document.documentElement.classList;
  const { state } = planner;
  let screen = null; // the view to come back to, while the page is laid out for paper

  function toPaper() {
    if (screen) return;
    screen = { centre: map.getCenter(), zoom: map.getZoom(), patterns: state.chosen.patterns };
    if (state.chosen.paperPatterns && !screen.patterns) state.change({ patterns: true });
    const seen = map.getBounds();
    sheet.add('paper');
    planner.refit(map, seen);
    planner.canvas.drawFinely(true);
  }

  function toScreen() {
    if (!screen) return;
    const { centre, zoom, patterns } = screen;
    screen = null;
    if (patterns !== state.chosen.patterns) state.change({ patterns });
    sheet.remove('paper');
    map.invalidateSize({ animate: false });
    map.setView(centre, zoom, { animate: false });
    planner.canvas.drawFinely(false);
  }

  window.addEventListener('beforeprint', toPaper);
  window.addEventListener('afterprint', toScreen);
  matchMedia('print').addEventListener('change', ({ matches }) => (matches ? toPaper() : toScreen()));
  document.getElementById('print').addEventListener('click', () => window.print());
};
