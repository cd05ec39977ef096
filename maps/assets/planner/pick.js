// What lies at a position: points first, then lines, then the zone and the areas around it.
planner.pick = (function () {
  const { zones, layers } = planner.data;
  const { inside, inBox } = planner.shapes;
  const POINT_PX = 12;
  const LINE_PX = 7;

  function zoneAt(position) {
    return zones.boxes.findIndex((box, zone) => inBox(position, box) && inside(position, zones.shapes[zone]));
  }

  function distancePx(map, at, layer, shape) {
    const points = shape.map((part) => part.map((position) => map.latLngToLayerPoint(position)));
    if (layer.drawing === 'point') return at.distanceTo(points[0][0]);
    let nearest = Infinity;
    for (const part of points) {
      for (let i = 1; i < part.length; i++) nearest = Math.min(nearest, L.LineUtil.pointToSegmentDistance(at, part[i - 1], part[i]));
    }
    return nearest;
  }

  // Points and lines within reach of a finger or pointer, nearest first, among the layers on show.
  function featuresAt(map, position) {
    const at = map.latLngToLayerPoint(position);
    const [lat, lon] = position;
    const near = map.layerPointToLatLng(at.add([POINT_PX, POINT_PX]));
    const margins = [Math.abs(near.lat - lat), Math.abs(near.lng - lon)];
    const found = [];
    for (const layer of layers) {
      if (layer.background || !['point', 'line'].includes(layer.drawing) || !planner.state.chosen.shown.has(layer.id)) continue;
      const isPoint = layer.drawing === 'point';
      layer.shapes.forEach((shape, number) => {
        if (!inBox(position, layer.boxes[number], ...margins)) return;
        const distance = distancePx(map, at, layer, shape);
        if (distance <= (isPoint ? POINT_PX : LINE_PX)) found.push({ layer, number, rank: (isPoint ? 0 : POINT_PX) + distance });
      });
    }
    return found.sort((a, b) => a.rank - b.rank);
  }

  // Areas round a position, shown or not, but those that make up the region.
  function areasAround(position) {
    const found = [];
    for (const layer of layers) {
      if (layer.drawing !== 'area' || layer.boundary) continue;
      layer.shapes.forEach((shape, number) => {
        if (inBox(position, layer.boxes[number]) && inside(position, shape)) found.push({ layer, number });
      });
    }
    return found;
  }

  // The zone that holds a point or a name; -1 where none does.
  function zoneOf(layer, number) {
    const [part] = layer.shapes[number];
    return part ? zoneAt(part[0]) : -1;
  }

  return { zoneAt, zoneOf, featuresAt, areasAround };
})();
