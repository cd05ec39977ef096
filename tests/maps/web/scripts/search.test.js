'use strict';
const assert = require('node:assert');
const test = require('node:test');
const load = require('./load.js');

const { fold, fit, byFit } = load(['shapes.js', 'search.js']);

test('names are compared as people type them', () => {
  assert.strictEqual(fold(' St. Paul\u2019s '), 'st pauls');
  assert.strictEqual(fold('Moor\u2013Digbeth'), 'moor digbeth');
  assert.strictEqual(fold('Caf\u00e9  ROW'), 'cafe row');
  assert.strictEqual(fold('- . \u2019'), '');
});

test('the very name fits best, then its beginning, then a word of it, then any part', () => {
  const names = ['dudley', 'dudley port', 'west dudley', 'undudley', 'walsall'];
  assert.deepStrictEqual(names.map((key) => fit({ key, code: '' }, 'dudley')), [0, 1, 2, 3, -1]);
});

test('a zone is found by its code or the beginning of it', () => {
  const zone = { key: 'birmingham 001a', code: 'e01009417' };
  assert.strictEqual(fit(zone, 'e01009417'), 0);
  assert.strictEqual(fit(zone, 'e0100'), 1);
  assert.strictEqual(fit(zone, '09417'), -1);
});

test('what bears the name comes before what is named after it, and a part of a word comes last', () => {
  const named = { naming: { rank: 1 } };
  const found = [
    { words: 'stop, part of a word', fit: 3, entry: { layer: { naming: null }, rank: 1 } },
    { words: 'zone, part of a word', fit: 3, entry: { rank: 99 } },
    { words: 'stop, the name', fit: 0, entry: { layer: { naming: null }, rank: 1 } },
    { words: 'zone, begins', fit: 1, entry: { rank: 99 } },
    { words: 'station, begins', fit: 1, entry: { layer: named, rank: 3 } },
    { words: 'place, begins', fit: 1, entry: { layer: named, rank: 2 } },
    { words: 'station, the name', fit: 0, entry: { layer: named, rank: 3 } },
  ];
  assert.deepStrictEqual(found.sort(byFit).map(({ words }) => words), [
    'station, the name', 'place, begins', 'station, begins', 'zone, begins', 'stop, the name', 'zone, part of a word',
    'stop, part of a word',
  ]);
});
