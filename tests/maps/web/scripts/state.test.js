'use strict';
const assert = require('node:assert');
const test = require('node:test');
const load = require('./load.js');

const DATA = {
  origin: [0, 0], units: 100000, runs: [],
  zones: { ids: ['A', 'B'], names: ['', ''], near: ['', ''], parts: ['', ''], shapes: [[[0, 0, 9, 0, 0, 9]], []], points: [[3, 3], []], notes: [] },
  indicators: [
    { column: 'need', pair: '', values: [1, 2], classes: [], classOf: [] },
    { column: 'jobs', pair: '', values: { of: ['x'], at: [0, 0] }, classes: [], classOf: [] },
  ],
  layers: [
    { id: 'rivers', title: 'Rivers', joiner: ' ', shown: true, keys: [], names: [['Rea', 'Rea']], shapes: [[], []], points: [], fields: [] },
    { id: 'stops', title: 'Stops', joiner: ' ', shown: false, keys: ['s:1'], names: [['']], shapes: [[]], points: [], fields: [] },
  ],
};

// The state of a fresh page whose data block holds DATA, at the address given.
function opened(hash = '') {
  const location = { hash };
  const history = { steps: [], pushState: (_, __, address) => { history.steps.push(location.hash = address); },
    replaceState: (_, __, address) => { location.hash = address; } };
  const document = { getElementById: () => ({ textContent: JSON.stringify(DATA) }) };
  const L = { latLngBounds: (corners) => corners };
  const window = { addEventListener: () => {} };
  const planner = load(['shapes.js', 'address.js', 'data.js', 'words.js', 'state.js'], { document, location, history, window, L });
  const map = { getZoom: () => 9, getCenter: () => ({ lat: 52, lng: -2 }), on: () => {}, setView: () => {}, getMinZoom: () => 3,
    getMaxZoom: () => 18, getBounds: () => ({ intersects: () => true }) };
  planner.state.keepInAddress(map);
  return { planner, location, history };
}

test('a page opens on its first indicator and the layers that are shown at first', () => {
  const { planner, location } = opened();
  assert.strictEqual(location.hash, '#by=need&over=rivers&at=9/52.00000/-2.00000');
  assert.strictEqual(planner.state.chosen.zone, -1);
  assert.strictEqual(planner.data.zones.points[1], null);
});

test('an address brings back what it says, and nothing that the page does not hold', () => {
  const { planner } = opened('#by=jobs&zone=B&over=stops.nowhere');
  const { indicator, zone, shown } = planner.state.chosen;
  assert.deepStrictEqual([indicator, zone, [...shown]], ['jobs', 1, ['stops']]);
  assert.strictEqual(opened('#by=__proto__&zone=C').planner.state.chosen.indicator, 'need');
});

test('a feature keeps its address by its key, one of two of a name by its number', () => {
  const { planner, location } = opened('#feature=rivers%3ARea%20%231');
  assert.strictEqual(planner.state.chosen.feature.number, 1);
  planner.state.change({ feature: { layer: planner.data.layerOf.get('stops'), number: 0 } });
  assert.match(location.hash, /feature=stops%3As%3A1/);
});

test('at most one of zone and feature is chosen, and what opens a card is a step of its own', () => {
  const { planner, history } = opened('#feature=rivers%3ARea');
  planner.state.change({ zone: 0 });
  assert.strictEqual(planner.state.chosen.feature, null);
  planner.state.change({ values: true });
  assert.strictEqual(history.steps.length, 1);
});
