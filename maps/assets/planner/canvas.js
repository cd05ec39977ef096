// Drawing on canvas with hatching, so that "no data" and "not reachable" never hang on colour alone.
planner.canvas = (function () {
  const SIZE = 8;

  // A square of hatching that repeats: one way for missing data, crossed for places that can't be reached.
  function hatch(pattern, colour) {
    const tile = document.createElement('canvas');
    tile.width = tile.height = SIZE;
    const pen = tile.getContext('2d');
    pen.fillStyle = '#ffffff';
    pen.fillRect(0, 0, SIZE, SIZE);
    pen.strokeStyle = colour;
    pen.lineWidth = pattern === 'unreachable' ? 2 : 1.5;
    pen.beginPath();
    for (const shift of [-SIZE, 0, SIZE]) {
      pen.moveTo(shift, SIZE);
      pen.lineTo(shift + SIZE, 0);
      if (pattern === 'unreachable') {
        pen.moveTo(shift, 0);
        pen.lineTo(shift + SIZE, SIZE);
      }
    }
    pen.stroke();
    return tile;
  }

  const HatchingCanvas = L.Canvas.extend({
    _fillStroke: function (pen, layer) {
      const options = layer.options;
      if (options.fill && options.hatch) {
        pen.globalAlpha = 1;
        pen.fillStyle = pen.createPattern(options.hatch, 'repeat');
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
    if (item.pattern) {
      square.style.backgroundImage = 'url(' + hatch(item.pattern, item.colour).toDataURL() + ')';
    } else {
      square.style.backgroundColor = item.colour;
    }
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
    const before = L.Browser.retina;
    if (!finely || !before) {
      L.Browser.retina = finely || devicePixelRatio > 1;
      for (const canvas of drawn.filter((each) => each._map)) {
        canvas._update();
        canvas._redraw();
      }
    }
  }

  return { hatch, paintSwatch, on, drawFinely };
})();
