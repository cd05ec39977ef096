'use strict';
const assert = require('node:assert');
const test = require('node:test');
const load = require('./load.js');

const { fold, fit, byFit, lettersOff, nearFit } = load(['shapes.js', 'search.js']);

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

test('a zone is found by the place that it is near, after all that bear the name', () => {
  const zone = { key: 'birmingham 113d', code: 'e01009417', near: 'northfield' };
  assert.strictEqual(fit(zone, 'northf'), 4);
  assert.strictEqual(fit(zone, 'field'), -1);
  const found = [{ fit: 4, entry: { rank: 99 } }, { fit: 1, entry: { layer: { naming: null }, rank: 8 } }];
  assert.deepStrictEqual(found.sort(byFit).map(({ fit: one }) => one), [1, 4]);
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

test('small spelling mistakes are forgiven in names of four letters or more', () => {
  const off = (asked, key) => nearFit({ key }, asked);
  assert.strictEqual(off('bilstn', 'bilston'), 4);
  assert.strictEqual(off('wolverhmapton', 'wolverhampton station'), 4);
  assert.strictEqual(off('wlasal', 'walsall'), 4);
  assert.strictEqual(off('norhtfeild', 'northfield'), 5);
  assert.strictEqual(off('prot', 'dudley port'), 4);
  assert.strictEqual(off('xyz', 'xya'), -1);
  assert.strictEqual(off('coventry', 'walsall'), -1);
});

test('letters that differ are counted as the slow way counts them', () => {
  // Each change once: the obvious recursion.
  const slow = (a, b) => {
    if (!a.length || !b.length) return a.length + b.length;
    const ways = [slow(a.slice(1), b) + 1, slow(a, b.slice(1)) + 1, slow(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1)];
    if (a[0] === b[1] && a[1] === b[0] && a.length > 1) ways.push(slow(a.slice(2), b.slice(2)) + 1);
    return Math.min(...ways);
  };
  let seed = 7;
  const word = (length) => Array.from({ length }, () => 'abc'[(seed = (seed * 16807) % 2147483647) % 3]).join('');
  for (let round = 0; round < 200; round++) {
    const [asked, name] = [word(1 + (round % 5)), word(round % 6)];
    const beginnings = Array.from({ length: name.length + 1 }, (_, end) => slow(asked, name.slice(0, end)));
    const best = Math.min(...beginnings);
    assert.strictEqual(lettersOff(asked, name, 2), best <= 2 ? best : Infinity, asked + ' ' + name);
  }
});
