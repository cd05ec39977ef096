// The page's scripts in a context of their own, without a page: `planner` as they leave it. Names follow the page's order.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const FOLDER = path.resolve(__dirname, '../../../../maps/assets/planner');

// `globals` stand in for what a browser would give: { document, location, ... }.
module.exports = function load(names, globals = {}) {
  const text = names.map((name) => fs.readFileSync(path.join(FOLDER, name), 'utf8')).join('\n');
  return vm.runInNewContext(text + '\nplanner', { URLSearchParams, ...globals });
};
