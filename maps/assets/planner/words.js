// Elements made from text only (nothing here reads markup), and values as people read them.
planner.element = function (tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === null) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) {
    made.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return made;
};

planner.valueWords = function (value, kind, unit, missing) {
  if (value === null || value === undefined || value === '') return missing;
  if (kind === 'text' || kind === 'category') return String(value);
  if (kind === 'flag') return value ? 'Yes' : 'No';
  if (kind === 'minutes') return value.toFixed(1) + ' min';
  if (kind === 'seconds') return Math.floor(value / 60) + ' min ' + (value % 60) + ' s';
  if (kind === 'share') return (100 * value).toFixed(1) + ' %';
  const whole = value === Math.round(value) || Math.abs(value) >= 100;
  const digits = whole ? 0 : 1;
  const text = value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace(/^-(?=0(\.0)?$)/, ''); // no less than nothing
  return (kind === 'number' || kind === 'change') && unit ? text + ' ' + unit : text;
};

// A field of a layer's feature: of the run, or of both runs with an arrow between; empty where there is nothing to say.
planner.fieldWords = function (field, number) {
  const words = (values) => planner.valueWords(values[number], field.kind, field.unit, field.missing);
  return field.second ? words(field.values) + ' \u2192 ' + words(field.second) : words(field.values);
};

planner.zoneWords = function (indicator, zone) {
  const missing = indicator.missing.pattern === 'unreachable' ? 'Not reachable' : 'No data';
  return planner.valueWords(indicator.values[zone], indicator.kind, indicator.unit, missing);
};

planner.zoneName = function (zone) {
  const { zones } = planner.data;
  return zones.names[zone] || zones.ids[zone];
};

// "012B (near Northfield)": with the place by which people know a zone whose name is a code.
planner.knownName = function (zone) {
  const near = planner.data.zones.near[zone];
  return planner.zoneName(zone) + (near ? ' (near ' + near + ')' : '');
};

planner.say = function (words) {
  document.getElementById('said').textContent = words;
};
