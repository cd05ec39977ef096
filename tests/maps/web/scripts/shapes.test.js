'use strict';
const assert = require('node:assert');
const test = require('node:test');
const load = require('./load.js');

const { positions, boxOf, inside, inBox, clash } = load(['shapes.js']).shapes;
const plain = (value) => JSON.parse(JSON.stringify(value)); // arrays of another context are never deepStrictEqual

const SQUARE = [[0, 0], [0, 4], [4, 4], [4, 0]];
const HOLE = [[1, 1], [1, 3], [3, 3], [3, 1]];

test('steps are added up from the origin, east before north', () => {
  const page = { origin: [-190000, 5250000], units: 100000 };
  assert.deepStrictEqual(plain(positions([0, 0, 10000, 20000, -5000, 0], page)), [[52.5, -1.9], [52.7, -1.8], [52.7, -1.85]]);
  assert.deepStrictEqual(plain(positions([], page)), []);
});

test('the box of a shape holds all its parts; a shape without parts has none', () => {
  assert.deepStrictEqual(plain(boxOf([SQUARE, [[-1, 2], [9, 5]]])), [-1, 0, 9, 5]);
  assert.strictEqual(boxOf([]), null);
});

test('a hole is outside, an island in it is inside', () => {
  const island = [[1.5, 1.5], [1.5, 2.5], [2.5, 2.5], [2.5, 1.5]];
  assert.ok(inside([0.5, 0.5], [SQUARE, HOLE]));
  assert.ok(!inside([2, 2], [SQUARE, HOLE]));
  assert.ok(inside([2, 2], [SQUARE, HOLE, island]));
  assert.ok(!inside([5, 2], [SQUARE, HOLE]));
  assert.ok(!inside([2, 2], []));
});

test('two squares that share an edge hold each of its points once', () => {
  const east = SQUARE.map(([lat, lon]) => [lat, lon + 4]);
  for (const lat of [0.5, 2, 3.5]) assert.strictEqual([SQUARE, east].filter((ring) => inside([lat, 4], [ring])).length, 1);
});

test('a margin widens a box on each axis by its own measure', () => {
  assert.ok(inBox([4, 4], [0, 0, 4, 4]));
  assert.ok(!inBox([4.5, 4], [0, 0, 4, 4]));
  assert.ok(inBox([4.5, 4], [0, 0, 4, 4], 0.5, 0));
  assert.ok(!inBox([4, 4.5], [0, 0, 4, 4], 0.5, 0));
  assert.ok(!inBox([0, 0], null));
});

test('boxes clash where they overlap, and not where they touch', () => {
  assert.ok(clash([0, 0, 2, 2], [1, 1, 3, 3]));
  assert.ok(clash([0, 0, 9, 9], [1, 1, 2, 2]));
  assert.ok(!clash([0, 0, 2, 2], [2, 0, 4, 2]));
  assert.ok(!clash([0, 0, 2, 2], [0, 3, 2, 4]));
});
