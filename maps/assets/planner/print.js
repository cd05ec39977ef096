// On paper the maps keep the size they have on the screen and are scaled to the page: a canvas drawn anew while a browser
// prints comes out blank.
planner.keepPrintSize = function () {
  const PAGE_PX = [690, 620];
  const maps = document.getElementById('maps');
  const keep = () => {
    if (matchMedia('print').matches) return;
    const { clientWidth: width, clientHeight: height } = maps;
    maps.style.setProperty('--screen-width', width + 'px');
    maps.style.setProperty('--screen-height', height + 'px');
    maps.style.setProperty('--print-zoom', Math.min(PAGE_PX[0] / width, PAGE_PX[1] / height));
  };
  document.getElementById('print').addEventListener('click', () => {
    planner.canvas.drawFinely(true);
    requestAnimationFrame(() => setTimeout(() => window.print()));
  });
  window.addEventListener('afterprint', () => planner.canvas.drawFinely(false));
  new ResizeObserver(keep).observe(maps);
  keep();
};
