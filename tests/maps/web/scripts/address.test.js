'use strict';
const assert = require('node:assert');
const test = require('node:test');
const load = require('./load.js');

const { ownKeys, viewOf, viewWords, hashOf } = load(['shapes.js', 'address.js']).address;
const plain = (value) => JSON.parse(JSON.stringify(value));

test('a view comes back from its own words', () => {
  assert.strictEqual(viewWords(11.504, { lat: 52.48, lng: -1.9 }), '11.5/52.48000/-1.90000');
  assert.deepStrictEqual(plain(viewOf('11.5/52.48000/-1.90000')), { zoom: 11.5, centre: [52.48, -1.9] });
});

test('words that are no view on the globe give none', () => {
  for (const words of [null, '', '11', '11/52', '11/52/', '/52/1', '11/86/0', '11/0/181', '11/a/b', 'Infinity/0/0', '11/52/-1.9/4']) {
    assert.strictEqual(viewOf(words), null, String(words));
  }
});

test('keys that repeat get a number, so that each feature has an address of its own', () => {
  const keys = plain(ownKeys(['a', 'b', 'a', 'a']));
  assert.deepStrictEqual(keys, ['a', 'b', 'a #2', 'a #3']);
});

test('what is empty is left out of an address', () => {
  assert.strictEqual(hashOf({ by: 'need', zone: '', at: '11.5/52/-1' }), '#by=need&at=11.5/52/-1');
  assert.strictEqual(hashOf({}), '#');
});

test('hostile words come back from an address as they were', () => {
  for (const words of ['<script>&zone=x#', 'a%2Fb', '100 % + more', 'caf\u00e9 \u{1f68b}']) {
    assert.strictEqual(new URLSearchParams(hashOf({ feature: words }).slice(1)).get('feature'), words);
  }
});

test('half of a surrogate pair is replaced and not thrown at', () => {
  assert.strictEqual(hashOf({ feature: 'a\ud800b' }), '#feature=a%EF%BF%BDb');
});
