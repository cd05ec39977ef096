'use strict';
const assert = require('node:assert');
const test = require('node:test');
const load = require('./load.js');

const { compareValues } = load(['shapes.js', 'table.js']);
const sorted = (values, down) => [...values].sort((a, b) => compareValues(a, b, down));

test('missing values come last whichever way a column is sorted', () => {
  assert.deepStrictEqual(sorted([3, null, -1, null, 10], false), [-1, 3, 10, null, null]);
  assert.deepStrictEqual(sorted([3, null, -1, null, 10], true), [10, 3, -1, null, null]);
  assert.deepStrictEqual(sorted(['b', '', 'a'], true), ['b', 'a', '']);
});

test('numbers in names count as numbers, and zero is a value', () => {
  assert.deepStrictEqual(sorted(['Zone 10', 'Zone 9', '\u00c9den'], false), ['\u00c9den', 'Zone 9', 'Zone 10']);
  assert.deepStrictEqual(sorted([1, 0, null], false), [0, 1, null]);
});
