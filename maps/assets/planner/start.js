// Puts the page together round the map and the feature groups that folium made.
planner.start = function (map, groups) {
  planner.buildControls();
  planner.mapView(map, groups, 'indicator');
  planner.showLegends();
  planner.buildSearch(map);
  planner.buildTable(map);
  const maps = planner.buildCompare(map);
  planner.watchPrinting(maps);
  planner.state.keepInAddress(map);
  document.documentElement.dataset.ready = 'yes';
};
