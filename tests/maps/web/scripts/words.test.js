'use strict';
const assert = require('node:assert');
const test = require('node:test');
const load = require('./load.js');

const planner = load(['shapes.js', 'words.js']);

test('values read as people write them', () => {
  const { valueWords } = planner;
  assert.strictEqual(valueWords(44.96, 'minutes', 'min', ''), '45.0 min');
  assert.strictEqual(valueWords(190, 'seconds', '', ''), '3 min 10 s');
  assert.strictEqual(valueWords(0.41, 'share', 'of residents', ''), '41.0 %');
  assert.strictEqual(valueWords(1234567, 'number', 'jobs', ''), '1,234,567 jobs');
  assert.strictEqual(valueWords(12.34, 'number', 'ha', ''), '12.3 ha');
  assert.strictEqual(valueWords(123.4, 'number', '', ''), '123');
  assert.strictEqual(valueWords(51.25, 'score', '0-100', ''), '51.3');
  assert.strictEqual(valueWords(true, 'flag', '', ''), 'Yes');
  assert.strictEqual(valueWords(0, 'flag', '', ''), 'No');
});

test('nothing is less than nothing', () => {
  assert.strictEqual(planner.valueWords(-0.04, 'change', 'min', ''), '0.0 min');
  assert.strictEqual(planner.valueWords(-0.06, 'change', 'min', ''), '-0.1 min');
});

test('a missing value says so, a zero does not', () => {
  for (const missing of [null, undefined, '']) assert.strictEqual(planner.valueWords(missing, 'number', '', 'n/a'), 'n/a');
  assert.strictEqual(planner.valueWords(0, 'number', '', 'n/a'), '0');
});

test('a field of two runs has an arrow between its values', () => {
  const field = { kind: 'share', unit: '', missing: 'n/a', values: [0.25], second: [null] };
  assert.strictEqual(planner.fieldWords(field, 0), '25.0 % \u2192 n/a');
  assert.strictEqual(planner.fieldWords({ ...field, second: undefined }, 0), '25.0 %');
});
