// Drawing on canvas with hatching: always for "no data" and "not reachable", for every class where patterns are asked for.
planner.canvas = (function () {
  const SIZE = 8;
  const RISING = 'M-8 8L8-8M0 8L8 0M0 16L16 0';
  const FALLING = 'M-8 0L8 16M0 0L8 8M0-8L16 8';
  // [width of the pen, its path over the tile]
  const MISSING = { 'no data': [1.5, RISING], unreachable: [2, RISING + FALLING] };
  const OF_CLASSES = [ // in the order of the classes; the first stays plain
    [0, ''], [2.6, 'M4 4h.1'], [1.2, RISING], [1.2, 'M0 4h8'], [2.6, 'M2 2h.1M6 6h.1'], [1.2, FALLING], [1.2, 'M4 0v8'],
    [1.2, 'M0 4h8M4 0v8'], [3, 'M0 4h8'], [3, 'M4 0v8'], [3.4, RISING],
  ];

  // A square that repeats: hatching, or dots.
  function tile(ground, ink, [width, path]) {
    const made = document.createElement('canvas');
    made.width = made.height = SIZE;
    const pen = made.getContext('2d');
    pen.fillStyle = ground;
    pen.fillRect(0, 0, SIZE, SIZE);
    pen.strokeStyle = ink;
    pen.lineWidth = width;
    pen.lineCap = 'round';
    pen.stroke(new Path2D(path));
    return made;
  }

  function inkOn(colour) {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    return 0.3 * red + 0.6 * green + 0.1 * blue > 110 ? '#00000099' : '#ffffffcc';
  }

  // The tile that a class is filled with (a class that another is as dark as is hatched), null where its colour says it all.
  function tileOf(item) {
    if (item.pattern) return tile('#ffffff', item.colour, MISSING[item.pattern]);
    if (item.hatched && !planner.state.chosen.patterns) return tile(item.colour, inkOn(item.colour), [1.2, RISING]);
    const [width, path] = OF_CLASSES[planner.state.chosen.patterns ? item.number % OF_CLASSES.length : 0];
    return path ? tile(item.colour, inkOn(item.colour), [width, path]) : null;
  }

  const HatchingCanvas = L.Canvas.extend({
    _fillStroke: function (pen, layer) {
      const options = layer.options;
      if (options.fill && options.tile) {
        pen.globalAlpha = 1;
        pen.fillStyle = pen.createPattern(options.tile, 'repeat');
        pen.fill('evenodd');
        L.Canvas.prototype._fillStroke.call(this, pen, { options: Object.assign({}, options, { fill: false }) });
      } else {
        L.Canvas.prototype._fillStroke.call(this, pen, layer);
      }
    },
    _updateCircle: function (layer) {
      if (!layer.options.square || !this._drawing || layer._empty()) {
        L.Canvas.prototype._updateCircle.call(this, layer);
        return;
      }
      const half = layer._radius;
      this._ctx.beginPath();
      this._ctx.rect(layer._point.x - half, layer._point.y - half, 2 * half, 2 * half);
      this._fillStroke(this._ctx, layer);
    },
  });

  // Colours a legend's square. Styles are set as properties: the page's policy allows no style attributes.
  function paintSwatch(square, item) {
    const filled = tileOf(item);
    if (filled) square.style.backgroundImage = 'url(' + filled.toDataURL() + ')';
    else square.style.backgroundColor = item.colour;
    return square;
  }

  const drawn = [];

  function on(pane) {
    const canvas = new HatchingCanvas({ pane, padding: 0.3 });
    drawn.push(canvas);
    return canvas;
  }

  // All canvases drawn at once, at twice the screen's resolution or at its own: paper shows more than a screen.
  function drawFinely(finely) {
    L.Browser.retina = finely || devicePixelRatio > 1;
    drawn.filter((each) => each._map).forEach((canvas) => canvas._update());
  }

  return { tileOf, paintSwatch, on, drawFinely };
})();
