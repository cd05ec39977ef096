// What lies at a position: points first, then lines, then the zone and the areas around it.
planner.pick = (function () {
  const { zones, layers } = planner.data;
  const POINT_PX = 12;
  const LINE_PX = 7;

  // Even-odd rule over all rings, so that holes and islands need no special case.
  function inside([lat, lon], rings) {
    let odd = false;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [y1, x1] = ring[i];
        const [y2, x2] = ring[j];
        if ((y1 > lat) !== (y2 > lat) && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) odd = !odd;
      }
    }
    return odd;
  }

  function inBox([lat, lon], box, marginLat, marginLon) {
    return box !== null && lat >= box[0] - marginLat && lat <= box[2] + marginLat
      && lon >= box[1] - marginLon && lon <= box[3] + marginLon;
  }

  function zoneAt(position) {
    return zones.boxes.findIndex((box, zone) => inBox(position, box, 0, 0) && inside(position, zones.shapes[zone]));
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

  // Catchments and pilots round a position, shown or not.
  function areasAround(position) {
    const found = [];
    for (const layer of layers) {
      if (layer.drawing !== 'area' || layer.id === 'districts') continue;
      layer.shapes.forEach((shape, number) => {
        if (inBox(position, layer.boxes[number], 0, 0) && inside(position, shape)) found.push({ layer, number });
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
