// Puts the page together round the map and the feature groups that folium made.
planner.start = function (map, groups) {
  const head = document.querySelector('main').getBoundingClientRect().top + scrollY;
  document.documentElement.style.setProperty('--head', head + 'px');
  map.invalidateSize({ animate: false });
  map.fitBounds(planner.data.bounds, { animate: false, padding: [8, 8] });
  planner.buildControls();
  planner.buildCard();
  planner.mapView(map, groups, 'indicator');
  planner.showLegends();
  planner.buildSearch();
  planner.buildFind();
  planner.buildKeep();
  planner.buildTour();
  planner.buildBothRuns();
  planner.buildTable();
  planner.buildCompare(map);
  planner.preparePaper(map);
  planner.state.keepInAddress(map);
  document.documentElement.dataset.ready = 'yes';
};
