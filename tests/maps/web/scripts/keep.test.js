'use strict';
const assert = require('node:assert');
const test = require('node:test');
const load = require('./load.js');

const { csvOf, polygonsOf, frameOf, postcodesOf } = load(['shapes.js', 'find.js', 'keep.js'], { document: {}, location: {} });

// Values of another context have other prototypes.
const plain = (value) => JSON.parse(JSON.stringify(value));

test('a table is written so that no cell breaks a line or is computed', () => {
  assert.strictEqual(csvOf([['Name', 'a "b", c'], ['=1+1', 2.5], [null, true], ['-x', '']]),
    'Name,"a ""b"", c"\r\n\'=1+1,2.5\r\n,true\r\n\'-x,\r\n');
});

test('rings become polygons with their holes, and islands in holes polygons of their own', () => {
  const square = (from, to) => [[from, from], [from, to], [to, to], [to, from]];
  const found = plain(polygonsOf([square(0, 9), square(1, 8), square(2, 7), square(20, 21)]));
  assert.deepStrictEqual(found.map((polygon) => polygon.length), [2, 1, 1]);
  assert.deepStrictEqual(found[0][1][0], [1, 1]);
  assert.deepStrictEqual(found[2][0], [[20, 20], [21, 20], [21, 21], [20, 21], [20, 20]]);
});

test('an address with quotation marks ends no attribute', () => {
  assert.ok(frameOf('x"><script>', 'a & b').startsWith('<iframe src="x&#34;&#62;&#60;script&#62;" title="a &#38; b"'));
});

test('postcodes are read from the columns of publishers, those of elsewhere left out', () => {
  const text = '\ufeffpcds,LAT,long\r\n"B1 1AA",52.5,-1.9\r\nZE1 0AA,60.1,-1.1\r\nB1 1AB,,\r\n';
  assert.deepStrictEqual([...postcodesOf(text, [52, -3, 53, -1])].map(plain), [['b11aa', [52.5, -1.9]]]);
  assert.strictEqual(postcodesOf('a,b\n1,2', [0, 0, 1, 1]), null);
});
