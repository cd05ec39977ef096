// On paper the map has another size: it is drawn again to show the same place, and put back afterwards.
planner.watchPrinting = function (maps) {
  const fit = () => maps().forEach((map) => {
    const centre = map.getCenter();
    map.invalidateSize({ animate: false, pan: false });
    map.setView(centre, map.getZoom(), { animate: false });
  });
  matchMedia('print').addEventListener('change', fit);
  window.addEventListener('beforeprint', fit);
  window.addEventListener('afterprint', fit);
};
