"use strict";
// The live page: changes go to the server as edits of a scenario file; what comes back is painted. Text is only ever set as text.

const $ = (id) => document.getElementById(id);
const state = { region: null, document: null, edits: [], past: [], future: [], answer: null, reach: null, zone: -1, placing: false, editing: null, picked: [], asked: 0 };

function make(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

async function ask(name, question = {}) {
  const response = await fetch(`/api/${name}`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(question),
  });
  let told;
  try { told = await response.json(); } catch { told = { error: `the server answered with ${response.status}` }; }
  if (!response.ok) throw new Error(told.error || `the server answered with ${response.status}`);
  return told;
}

const whole = (value) => Math.round(value).toLocaleString("en-GB");
const signed = (value) => (Math.round(value) > 0 ? "+" : "") + whole(value);
const percent = (value) => (value === null || value === undefined ? "not given" : `${(100 * value).toFixed(1)} %`);
const minutes = (value) => (value === null ? "not reached" : `${value.toFixed(1)} min`);

// ---- the map ----

const CHANGE = [
  [10, "10 min or more saved", "#084594"], [5, "5 to 10 min saved", "#4292c6"], [1, "1 to 5 min saved", "#9ecae1"],
  [-1, "no change (less than a minute)", "#f2f0eb"], [-5, "1 to 5 min lost", "#fdbe85", true], [-10, "5 to 10 min lost", "#e6550d", true],
  [-Infinity, "10 min or more lost", "#8c2d04", true],
];
const TIMES = [
  [15, "up to 15 min", "#08306b"], [30, "15 to 30 min", "#2171b5"], [45, "30 to 45 min", "#6baed6"], [60, "45 to 60 min", "#c6dbef"],
  [90, "60 to 90 min", "#fdd0a2"], [Infinity, "longer, or not reached", "#d9d9d9"],
];
const canvas = L.canvas({ padding: 0.3 }); // one for all: of two, the upper one would keep clicks from the lower
// Without zooming by double click: two stops tapped one after the other would be one.
const map = L.map("map", { renderer: canvas, attributionControl: false, zoomSnap: 0.25, doubleClickZoom: false });
const layers = { zones: [], lines: L.layerGroup(), made: L.layerGroup(), stops: L.layerGroup(), picked: L.layerGroup(), chosen: L.layerGroup() };
const SHOWN = { change: "Minutes saved and lost", before: "Minutes to the last centre needed, before", after: "The same, after" };

function classOfChange(saved) {
  return CHANGE.find(([least]) => (least >= 1 ? saved >= least : least === -1 ? saved > -1 : saved > least)) || CHANGE[6];
}

function classOfTime(value) {
  return value === null ? TIMES[TIMES.length - 1] : TIMES.find(([most]) => value <= most);
}

function valuesShown() {
  const after = state.answer ? state.answer.needed_min : state.region.needed_min;
  const longest = state.region.longest_min;
  const saved = (before, later) => before.map((one, i) => (one ?? longest) - (later[i] ?? longest));
  switch ($("shown").value) {
    case "before": return [state.region.needed_min, classOfTime, TIMES];
    case "after": return [after, classOfTime, TIMES];
    case "to-before": return [state.reach.before, classOfTime, TIMES];
    case "to-after": return [state.reach.after, classOfTime, TIMES];
    case "to-change": return [saved(state.reach.before, state.reach.after), classOfChange, CHANGE];
    default: return [saved(state.region.needed_min, after), classOfChange, CHANGE];
  }
}

function paint() {
  const [values, classOf, classes] = valuesShown();
  const counts = new Map(classes.map((one) => [one, 0]));
  values.forEach((value, i) => {
    const found = classOf(value);
    counts.set(found, counts.get(found) + state.region.zones.people[i]);
    layers.zones[i].setStyle({
      fillColor: found[2], fillOpacity: 0.85, color: found[3] ? "#000" : "#777", weight: found[3] ? 1.5 : 0.4,
      dashArray: found[3] ? "4 3" : null,
    });
  });
  $("legend").replaceChildren(...classes.map((one) => {
    const item = make("li"), swatch = make("span");
    swatch.style.background = one[2];
    if (one[3]) swatch.className = "dashed";
    item.append(swatch, `${one[1]}: ${whole(counts.get(one))} people`);
    return item;
  }));
  document.documentElement.dataset.painted = String(state.asked);
}

function drawRegion() {
  const { zones, corridors, centres } = state.region;
  layers.zones = zones.outlines.map((rings, i) => {
    const shape = L.polygon(rings);
    shape.on("click", (event) => { L.DomEvent.stopPropagation(event); if (!pickAt(event.latlng)) chooseZone(i); });
    return shape.addTo(map);
  });
  map.on("click", (event) => pickAt(event.latlng));
  for (const one of corridors) for (const path of one.paths) {
    L.polyline(path, { color: "#333", weight: 2, dashArray: "8 5", interactive: false }).addTo(map);
  }
  for (const one of centres) {
    L.circleMarker([one.lat, one.lon], { radius: one.counts ? 6 : 4, color: "#000", fillColor: "#ffd92f", fillOpacity: 1, weight: 2 })
      .bindTooltip(textTip(one.name)).addTo(map);
  }
  for (const name of ["lines", "made", "stops", "picked", "chosen"]) layers[name].addTo(map);
  fitRegion();
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe($("map"));
  map.on("moveend", () => { drawStops(); keepAddress(); });
}

// What the changes make: lines along their stops, stops, and places of homes and jobs.
function drawMade() {
  layers.made.clearLayers();
  const { ids, lat, lon } = state.region.stops;
  const where = (one) => {
    if (typeof one !== "string" && one.at) return one.at;
    const i = ids.indexOf(typeof one === "string" ? one : one.id);
    return i < 0 ? null : [lat[i], lon[i]];
  };
  for (const edit of state.edits) {
    const ends = edit.kind === "extend" ? [edit.at, ...edit.stops] : edit.kind === "new_line" ? edit.stops : [];
    const path = ends.map(where).filter(Boolean);
    if (path.length > 1) L.polyline(path, { color: "#d7191c", weight: 4, interactive: false }).addTo(layers.made);
    const places = [...path, ...(edit.stop ? [where(edit.stop)] : []), ...(edit.kind === "land_use" ? [edit.at] : [])].filter(Boolean);
    for (const at of places) {
      L.circleMarker(at, { radius: 5, color: "#d7191c", weight: 2, fillColor: "#fff", fillOpacity: 1, interactive: false }).addTo(layers.made);
    }
  }
}

function fitRegion() { map.fitBounds(L.featureGroup(layers.zones).getBounds(), { animate: false }); }

function textTip(text) { return make("span", text); }

function drawStops() {
  layers.stops.clearLayers();
  if (map.getZoom() < 13) return;
  const { stops } = state.region, view = map.getBounds();
  for (let i = 0; i < stops.ids.length; i++) {
    if (!view.contains([stops.lat[i], stops.lon[i]])) continue;
    L.circleMarker([stops.lat[i], stops.lon[i]], { radius: 3, color: "#222", weight: 1, fillColor: "#fff", fillOpacity: 1, interactive: false })
      .addTo(layers.stops);
  }
}

function nearestStop(at, within) {
  const { stops } = state.region;
  let best = -1, least = within;
  for (let i = 0; i < stops.ids.length; i++) {
    if (Math.abs(stops.lat[i] - at.lat) > 0.01) continue;
    const metres = map.distance(at, [stops.lat[i], stops.lon[i]]);
    if (metres <= least) { best = i; least = metres; }
  }
  return best;
}

// ---- the form: what can be changed ----

const KINDS = {
  new_line: ["A new line", ["number", "mode", "stops", "service", "speed"]],
  headway: ["More or fewer departures of a line", ["line", "every"]],
  run_time: ["A line faster or slower", ["line", "factor"]],
  withdraw: ["Withdraw a line", ["line", "hours"]],
  skip_stop: ["A line skips stops", ["line", "way", "stops"]],
  extend: ["A line goes further", ["line", "way", "from", "stops", "speed"]],
  add_stop: ["A new stop or station on a line", ["line", "way", "hop", "stops"]],
  homes: ["New homes", ["place", "count", "per_home"]],
  jobs: ["New jobs", ["place", "count"]],
};
const FIELDS = {
  number: () => input("Number of the line", "number", "N1"),
  mode: () => select("Mode", "mode", state.region.modes.map((one) => [one, one])),
  line: () => { const box = input("Line", "line", "", { list: "line-list", required: "" }); box.querySelector("input").addEventListener("change", refreshLine); return box; },
  way: () => select("Way", "way", []),
  from: () => select("From the stop", "from", []),
  hop: () => select("Between", "hop", []),
  every: () => [select("Departures", "how", [["half", "Half the headway (twice as often)"], ["double", "Twice the headway (half as often)"], ["every", "At a headway of ..."]]),
    input("Headway, minutes", "every", "10", { type: "number", min: 1, max: 240 })],
  factor: () => input("Run time as a share of today's, %", "factor", "90", { type: "number", min: 20, max: 300 }),
  hours: () => [input("Departures from (empty: all)", "from_time", "", { type: "time" }), input("until", "to_time", "", { type: "time" })],
  service: () => [input("From", "from_time", "06:00", { type: "time" }), input("until", "to_time", "23:00", { type: "time" }),
    input("Every, minutes", "every", "10", { type: "number", min: 1, max: 240 })],
  speed: () => input("Speed between stops, km/h (straight line, an assumption)", "speed", "20", { type: "number", min: 3, max: 300 }),
  count: () => input("How many", "count", "500", { type: "number", min: 1, max: 1000000 }),
  per_home: () => input("People in a home", "per_home", "2.4", { type: "number", min: 0.1, max: 20, step: 0.1 }),
  place: () => stopPicker("Place", "Click on the map, or write latitude, longitude."),
  stops: () => stopPicker("Stops", "Click on the map: the nearest stop within 200 m, else a new one. Or choose by name."),
};

function input(words, name, value, attributes = {}) {
  const label = make("label", words + " ");
  const box = make("input", undefined, { name, ...attributes });
  box.value = value;
  label.append(box);
  return label;
}

function select(words, name, options) {
  const label = make("label", words + " ");
  const box = make("select", undefined, { name });
  box.append(...options.map(([value, text]) => make("option", text, { value })));
  label.append(box);
  return label;
}

function stopPicker(words, help) {
  const set = make("fieldset");
  const entry = make("input", undefined, { id: "stop", list: "stop-list", "aria-label": `${words}: name of a stop, or latitude, longitude` });
  const add = make("button", "Add", { type: "button", class: "small", id: "add-stop" });
  add.addEventListener("click", addTyped);
  entry.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); addTyped(); } });
  set.append(make("legend", words), make("p", help), entry, add, make("ol", undefined, { id: "picked" }));
  return set;
}

function showFields() {
  state.picked = [];
  state.editing = null;
  $("make").textContent = "Make this change";
  $("fields").replaceChildren(...KINDS[$("kind").value][1].flatMap((name) => FIELDS[name]()));
  refreshLine();
  drawPicked();
}

function value(name) { const box = $("form").elements[name]; return box ? box.value : ""; }
function lineChosen() { return state.region.lines.find((one) => lineWords(one) === value("line")); }
function lineWords(line) { return line.operator ? `${line.number} (${line.operator})` : line.number; }

function refreshLine() {
  const line = lineChosen(), { names } = state.region.stops;
  layers.lines.clearLayers();
  if (!line) return;
  for (const way of line.ways) {
    L.polyline(way.map((i) => [state.region.stops.lat[i], state.region.stops.lon[i]]), { color: "#7a0177", weight: 4, opacity: 0.8, interactive: false }).addTo(layers.lines);
  }
  const boxes = $("form").elements;
  if (boxes.way) {
    boxes.way.replaceChildren(...line.ways.map((way, i) => make("option", `${names[way[0]]} to ${names[way[way.length - 1]]}`, { value: i })));
    boxes.way.onchange = refreshWay;
    refreshWay();
  }
}

function refreshWay() {
  const line = lineChosen(), boxes = $("form").elements;
  const way = line ? line.ways[Number(value("way"))] || [] : [], { ids, names } = state.region.stops;
  if (boxes.from) boxes.from.replaceChildren(...[...new Set([way[way.length - 1], way[0]])].map((i) => make("option", names[i], { value: ids[i] })));
  if (boxes.hop) boxes.hop.replaceChildren(...way.slice(1).map((stop, i) => make("option", `${names[way[i]]} and ${names[stop]}`, { value: JSON.stringify([ids[way[i]], ids[stop]]) })));
}

function addTyped() {
  const text = $("stop").value.trim(), { ids, names, lat, lon } = state.region.stops;
  const place = text.match(/^(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)$/);
  const known = ids.findIndex((id, i) => stopWords(i) === text || id === text);
  if (place) pick({ at: [Number(place[1]), Number(place[2])] });
  else if (known >= 0) pick({ id: ids[known], name: names[known], at: [lat[known], lon[known]], known: true });
  else { problem(`No stop is called ${text || "nothing"}: choose one of the list, or write latitude, longitude.`); return; }
  $("stop").value = "";
  $("stop").focus();
}

function stopWords(i) { return `${state.region.stops.names[i]} [${state.region.stops.ids[i]}]`; }

function pickAt(at) {
  if (state.placing) {
    choosingPlace(false);
    $("place").value = `${at.lat.toFixed(5)}, ${at.lng.toFixed(5)}`;
    return true;
  }
  if (!$("picked")) return false;
  const wantsStop = !KINDS[$("kind").value][1].includes("place");
  const near = wantsStop && $("kind").value !== "add_stop" ? nearestStop(at, 200) : -1;
  const { ids, names, lat, lon } = state.region.stops;
  if (near >= 0) pick({ id: ids[near], name: names[near], at: [lat[near], lon[near]], known: true });
  else if ($("kind").value === "skip_stop") return false;
  else pick({ at: [Number(at.lat.toFixed(5)), Number(at.lng.toFixed(5))] });
  return true;
}

function pick(place) {
  problem("");
  const single = KINDS[$("kind").value][1].includes("place") || $("kind").value === "add_stop";
  if (!place.known) place.name = place.name || (single && !KINDS[$("kind").value][1].includes("stops") ? "" : `New stop ${state.edits.length + 1}.${state.picked.length + 1}`);
  state.picked = single ? [place] : [...state.picked, place];
  drawPicked();
}

function drawPicked() {
  layers.picked.clearLayers();
  const list = $("picked");
  if (!list) return;
  state.picked.forEach((one, i) => L.circleMarker(one.at, { radius: 7, color: "#b30000", weight: 3, fillOpacity: 0.2, interactive: false }).bindTooltip(textTip(String(i + 1)), { permanent: true }).addTo(layers.picked));
  if (state.picked.length > 1 && $("kind").value !== "skip_stop") L.polyline(state.picked.map((one) => one.at), { color: "#b30000", weight: 3, interactive: false }).addTo(layers.picked);
  list.replaceChildren(...state.picked.map((one, i) => {
    const item = make("li", `${one.name || "Place"}${one.known ? "" : ` at ${one.at.join(", ")}`} `);
    const name = one.name || `place ${i + 1}`;
    const buttons = [["Earlier", -1], ["Remove", 0]].map(([words, step]) => {
      const button = make("button", words, { type: "button", class: "small", "aria-label": `${words}: ${name}` });
      button.addEventListener("click", () => {
        const [moved] = state.picked.splice(i, 1);
        if (step) state.picked.splice(Math.max(0, i - 1), 0, moved);
        drawPicked();
      });
      return button;
    });
    item.append(...buttons);
    return item;
  }));
}

// A change that was made, back in the form.
function editAgain(edit) {
  $("kind").value = edit.kind === "land_use" ? edit.use : edit.kind;
  showFields();
  const boxes = $("form").elements, { ids, names, lat, lon } = state.region.stops;
  const fill = (name, given) => { if (boxes[name] && given !== undefined) boxes[name].value = given; };
  const place = (one) => {
    const i = ids.indexOf(typeof one === "string" ? one : one.id);
    return i < 0 ? { name: one.name || "", at: one.at } : { id: ids[i], name: names[i], at: [lat[i], lon[i]], known: true };
  };
  const line = edit.line && state.region.lines.find((one) => one.number === edit.line.number && (!edit.line.operator || one.operator === edit.line.operator));
  if (line) { fill("line", lineWords(line)); refreshLine(); }
  fill("number", edit.line?.number); fill("mode", edit.mode); fill("speed", edit.speed_kmh); fill("from", edit.at);
  const service = edit.service?.[0], minutesOf = (words) => words && words.match(/^[\d.]+/)[0];
  fill("from_time", service?.from ?? edit.line?.from); fill("to_time", service?.to ?? edit.line?.to);
  fill("every", minutesOf(service?.every ?? edit.every));
  fill("how", edit.every ? "every" : edit.factor === 2 ? "double" : "half");
  if (edit.kind === "run_time") fill("factor", Math.round(1000 * edit.factor) / 10);
  fill("count", edit.count); fill("per_home", edit.people_per_home);
  if (edit.between) fill("hop", JSON.stringify(edit.between));
  const places = edit.stops || (edit.stop ? [edit.stop] : edit.kind === "land_use" ? [{ at: edit.at }] : []);
  state.picked = places.map(place);
  state.editing = edit.id;
  $("make").textContent = "Change it";
  if (!sameEdit(editOfForm(), edit)) {
    showFields();
    problem("This change says more than the form can hold: remove it, or edit the saved file.");
    return;
  }
  drawPicked();
  $("kind").focus();
}

function sameEdit(one, other) {
  const ordered = (value) => (Array.isArray(value) ? value.map(ordered) : value && typeof value === "object"
    ? Object.keys(value).sort().map((key) => [key, ordered(value[key])]) : value);
  return JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));
}

function stopsOfEdit(ident) {
  return state.picked.map((one, i) => (one.known ? one.id : { id: `${ident}_${i + 1}`, name: one.name, at: one.at }));
}

function editOfForm() {
  const numbers = state.edits.map((one) => Number((one.id.match(/^e(\d+)$/) || [0, 0])[1]));
  const kind = $("kind").value, id = state.editing || `e${Math.max(0, ...numbers) + 1}`, edit = { id, kind, basis: "proposed" };
  const line = lineChosen();
  if (KINDS[kind][1].includes("line")) {
    if (!line) throw new Error(`No line is called ${value("line") || "nothing"}: choose one of the list.`);
    edit.line = { number: line.number, ...(line.operator ? { operator: line.operator } : {}) };
  }
  const places = KINDS[kind][1].some((one) => ["stops", "place"].includes(one));
  if (places && !state.picked.length) throw new Error("Choose a place first: on the map, or by its name.");
  const number = (name) => { const found = Number(value(name)); if (!Number.isFinite(found) || value(name) === "") throw new Error("A number is missing."); return found; };
  switch (kind) {
    case "new_line":
      Object.assign(edit, { line: { number: value("number") }, mode: value("mode"), stops: stopsOfEdit(id), speed_kmh: number("speed"),
        service: [{ from: value("from_time"), to: value("to_time"), every: `${number("every")} min` }] });
      break;
    case "headway":
      if (value("how") === "every") edit.every = `${number("every")} min`; else edit.factor = value("how") === "half" ? 0.5 : 2;
      break;
    case "run_time": edit.factor = number("factor") / 100; break;
    case "withdraw":
      if (value("from_time")) edit.line.from = value("from_time");
      if (value("to_time")) edit.line.to = value("to_time");
      break;
    case "skip_stop": edit.stops = stopsOfEdit(id); break;
    case "extend": Object.assign(edit, { at: value("from"), stops: stopsOfEdit(id), speed_kmh: number("speed") }); break;
    case "add_stop": Object.assign(edit, { stop: stopsOfEdit(id)[0], between: JSON.parse(value("hop") || "[]") }); break;
    case "homes": case "jobs":
      Object.assign(edit, { kind: "land_use", use: kind, at: state.picked[0].at, count: number("count") });
      if (kind === "homes") edit.people_per_home = number("per_home");
  }
  return edit;
}

// ---- answers ----

function problem(words) { $("problem").textContent = words; }

async function change(edits, past) {
  const before = state.edits;
  state.edits = edits;
  try {
    await update();
    if (past) { state.past.push(before); state.future = []; }
    problem("");
    return true;
  } catch (error) {
    state.edits = before;
    problem(error.message);
    $("status").textContent = "Nothing was changed.";
    return false;
  } finally { showEdits(); }
}

async function update() {
  const asked = ++state.asked;
  $("status").textContent = "Searching ...";
  const question = { document: state.document.document, title: $("title").value, note: $("note").value, edits: state.edits };
  const told = await ask("answer", question);
  if (asked !== state.asked) return;
  show(told);
  if (!told.phases.length) { await refreshTried(); return; }
  $("status").textContent = `${told.seconds} s. When the new service runs within its headway is not known: searching all timetables ...`;
  ask("range", { document: state.document.document }).then((all) => {
    if (asked === state.asked) { show(all); refreshTried(); }
  }).catch((error) => { if (asked === state.asked) problem(error.message); });
}

function show(told) {
  state.answer = told;
  state.reach = null;
  shownOptions();
  paint();
  const range = told.range;
  const rows = [
    ["Meet the test, before", `${percent(told.people_within_base / told.people)} · ${whole(told.people_within_base)}`],
    ["Meet the test, after", `${percent(told.people_within / told.people_after)} · ${whole(told.people_within)}`],
    ...(range ? [[`Range over ${range.timetables} possible timetables`, `${whole(range.people_within[0])} to ${whole(range.people_within[1])}`]] : []),
    ["Enter the test", whole(told.people_entering)], ["Leave the test", whole(told.people_leaving)],
    ["Gain a minute or more", whole(told.people_gaining)], ["Lose a minute or more", whole(told.people_losing)],
    ...(told.people_added ? [["People of new homes", whole(told.people_added)], ["of them meet the test", whole(told.people_added_within)]] : []),
  ];
  $("figures").replaceChildren(...rows.flatMap(([words, figure]) => [make("dt", words), make("dd", figure)]));
  $("status").textContent = told.seconds === undefined ? "At the middle of all timetables tried, as in the whole report." : `Answered in ${told.seconds} s.`;
  const moved = (one) => one.people_gaining || one.people_losing || one.people_entering || one.people_leaving;
  table("places", ["Place", "Before", "After", "In", "Out", "Gain", "Lose"], told.places.filter((one) => ["region", "corridor", "pilot"].includes(one.kind) || moved(one))
    .map((one) => [one.name, percent(one.share_base), percent(one.share), ...["entering", "leaving", "gaining", "losing"].map((what) => whole(one[`people_${what}`]))]));
  table("groups", ["Group", "People", "In", "Out", "Gain", "Lose"], told.groups
    .map((one) => [one.name, whole(one.people), ...["entering", "leaving", "gaining", "losing"].map((what) => whole(one[`people_${what}`]))]));
  table("resources", ["Change", "Vehicles", "Vehicle-hours a day", "Vehicle-km a day"], told.edits.flatMap((one) => one.resources.map((row) => row.vehicles
    ? [`${one.id}, ${row.period_from} to ${row.period_to}`, whole(row.vehicles), "", ""]
    : [one.id, "", row.vehicle_hours_change === null ? "" : signed(row.vehicle_hours_change), row.vehicle_km_change === null ? "" : signed(row.vehicle_km_change)])));
  showEdits();
  keepAddress();
  if (state.zone >= 0) showJourneys();
}

function table(id, heads, rows) {
  const top = make("tr");
  top.append(...heads.map((text) => make("th", text, { scope: "col" })));
  const body = rows.map((row) => { const line = make("tr"); line.append(...row.map((text) => make("td", text))); return line; });
  const head = make("thead"), rest = make("tbody");
  head.append(top); rest.append(...body);
  $(id).replaceChildren(head, rest);
}

function showEdits() {
  const words = new Map((state.answer ? state.answer.edits : []).map((one) => [one.id, one]));
  $("edits").replaceChildren(...state.edits.map((one, i) => {
    const told = words.get(one.id), item = make("li", `${told ? told.what : one.kind} `);
    for (const note of told ? told.notes : []) item.append(make("small", `(${note}) `));
    const button = make("button", "Remove", { type: "button", class: "small", "aria-label": `Remove change ${i + 1}` });
    button.addEventListener("click", () => change(state.edits.filter((_, n) => n !== i), true));
    const again = make("button", "Edit", { type: "button", class: "small", "aria-label": `Edit change ${i + 1}` });
    again.addEventListener("click", () => editAgain(one));
    if (KINDS[one.kind === "land_use" ? one.use : one.kind]) item.append(again);
    item.append(button);
    return item;
  }));
  drawMade();
  $("undo").disabled = !state.past.length;
  $("redo").disabled = !state.future.length;
}

async function step(from, to) {
  const wanted = state[from].pop(), now = state.edits;
  if (!wanted) return;
  if (await change(wanted, false)) state[to].push(now); else state[from].push(wanted);
  showEdits();
}

async function refreshTried() {
  const told = await ask("document", { document: state.document.document });
  $("tried-count").textContent = String(told.tried.length);
  $("tried").replaceChildren(...told.tried.map((one) => make("li", `${one.at.slice(11, 16)}: ${one.what}: ${signed(one.people_within_change)} people`)));
}

// ---- one zone, one place ----

function zoneName(i) { return `${state.region.zones.names[i]}, ${state.region.zones.districts[i]}`; }
function zoneWords(i) { return `${zoneName(i)} [${state.region.zones.ids[i]}]`; } // in the list two zones may have one name

function chooseZone(i) {
  state.zone = i;
  $("zone").value = zoneWords(i);
  layers.chosen.clearLayers();
  L.polygon(state.region.zones.outlines[i], { color: "#000", weight: 3, fill: false, interactive: false }).addTo(layers.chosen);
  showJourneys();
}

async function showJourneys() {
  const zone = state.zone;
  const told = await ask("journeys", { document: state.document.document, zone: state.region.zones.ids[zone] }).catch((error) => { problem(error.message); });
  if (!told || zone !== state.zone) return;
  const part = (words, one) => {
    const list = make("ol");
    for (const leg of one.legs) list.append(make("li", `${leg.departs} ${leg.kind}${leg.line ? ` ${leg.line}` : ""}${leg.to ? ` to ${leg.to}` : ""}, ${leg.minutes} min`));
    return [make("h4", `${words}: ${minutes(one.median_min)} at the median departure`), one.legs.length ? list : make("p", "No journey at this moment.")];
  };
  $("card").replaceChildren(make("p", `${zoneName(zone)}: ${whole(state.region.zones.people[zone])} people. To ${told.centre}, the last centre needed:`),
    ...part("Before", told.before), ...part("After", told.after));
}

// The place that is written, else the point of the chosen zone.
function placeAsked() {
  const written = $("place").value.trim().match(/^(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)$/);
  if (written) return { words: written[0], lat: Number(written[1]), lon: Number(written[2]) };
  if ($("place").value.trim()) throw new Error("A place is written as latitude, longitude: 52.48, -1.90.");
  if (state.zone < 0) throw new Error("Choose a zone or a place first.");
  const [lat, lon] = state.region.zones.points[state.zone];
  return { words: state.region.zones.names[state.zone], lat, lon };
}

async function askReach(way) {
  try {
    const place = placeAsked(), asked = state.asked;
    const told = await ask(way, { document: state.document.document, lat: place.lat, lon: place.lon });
    if (asked !== state.asked) return;
    state.reach = { ...told, words: `${way} ${place.words}` };
  } catch (error) { problem(error.message); return; }
  problem("");
  shownOptions();
  $("shown").value = "to-after";
  paint();
}

function choosingPlace(on) {
  state.placing = on;
  $("on-map").setAttribute("aria-pressed", String(on));
}

function shownOptions() {
  const now = $("shown").value, here = state.reach ? state.reach.words : "";
  const more = state.reach ? { "to-before": `Minutes ${here}, before`, "to-after": `Minutes ${here}, after`, "to-change": `Minutes saved ${here}` } : {};
  const every = Object.entries({ ...SHOWN, ...more });
  $("shown").replaceChildren(...every.map(([value, text]) => make("option", text, { value })));
  $("shown").value = every.some(([value]) => value === now) ? now : "change";
}

// ---- files, reports, address ----

function keepAddress() {
  if (!state.answer) return;
  const at = map.getCenter();
  history.replaceState({ document: state.document.document }, "", `#s=${state.answer.digest}&at=${at.lat.toFixed(4)},${at.lng.toFixed(4)},${map.getZoom()}`);
}

function take(document_) {
  state.document = document_;
  state.edits = document_.edits; state.past = []; state.future = []; state.answer = null;
  $("title").value = document_.title; $("note").value = document_.note;
  $("save").href = `/scenario/${document_.document}.toml`;
  $("gtfs").href = `/gtfs/${document_.document}.zip`;
}

async function openFile(file) {
  try {
    take(await ask("open", { toml: await file.text() }));
    await change(state.edits, false);
  } catch (error) { problem(error.message); }
}

async function makeReport() {
  try {
    const { job } = await ask("report", { document: state.document.document });
    for (;;) {
      const told = await ask("job", { job });
      if (told.done && told.problem) { $("job").textContent = told.problem; return; }
      if (told.done) {
        const link = make("a", "Read the report", { href: `/report/${job}`, target: "_blank", rel: "noopener" });
        $("job").replaceChildren(link, make("span", `; all files are in ${told.folder}`));
        return;
      }
      $("job").textContent = `Report: ${told.steps.length} steps done${told.steps.length ? `, last: ${told.steps[told.steps.length - 1]}` : ""} ...`;
      await new Promise((done) => setTimeout(done, 1000));
    }
  } catch (error) { $("job").textContent = error.message; }
}

// A tab that is loaded again keeps its scenario; an address opened anew gets a copy, so that two tabs never mix.
async function documentOf(digest) {
  const again = performance.getEntriesByType("navigation")[0]?.type === "reload" && history.state?.document;
  if (again) {
    try { return await ask("document", { document: again }); } catch { /* of a server that ended: by the digest then */ }
  }
  return ask("document", { digest });
}

async function start() {
  const region = state.region = await ask("region");
  document.title = `Live page: ${region.region}`;
  $("heading").textContent = `Live page: ${region.region}`;
  $("caution").textContent = region.caution; $("caution").hidden = !region.caution;
  if (region.radius_m) $("place-note").textContent = `Minutes are to and from the point itself; the test counts a centre as reached ${region.radius_m.toLocaleString("en-GB")} m from its point, so that it is sooner there.`;
  $("test").textContent = `The test: ${region.at_least} or more strategic centres within ${region.cutoff_min} minutes, at the median departure of ${region.day}, ${region.window}. Timetable times.`;
  $("attributions").textContent = region.attributions.join("; ");
  $("kind").append(...Object.entries(KINDS).map(([value, [text]]) => make("option", text, { value })));
  $("stop-list").append(...region.stops.ids.map((_, i) => make("option", undefined, { value: stopWords(i) })));
  $("line-list").append(...region.lines.map((one) => make("option", `${one.trips} trips`, { value: lineWords(one) })));
  $("zone-list").append(...region.zones.ids.map((_, i) => make("option", undefined, { value: zoneWords(i) })));
  shownOptions();
  drawRegion();
  showFields();
  const asked = new URLSearchParams(location.hash.slice(1));
  take(await documentOf(asked.get("s") || ""));
  const at = (asked.get("at") || "").split(",").map(Number);
  $("kind").addEventListener("change", showFields);
  $("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const edit = editOfForm(), known = state.edits.findIndex((one) => one.id === edit.id);
      const edits = known < 0 ? [...state.edits, edit] : state.edits.map((one, i) => (i === known ? edit : one));
      if (await change(edits, true)) showFields();
    } catch (error) { problem(error.message); }
  });
  $("undo").addEventListener("click", () => step("past", "future"));
  $("redo").addEventListener("click", () => step("future", "past"));
  $("shown").addEventListener("change", paint);
  $("zone").addEventListener("change", () => { const i = region.zones.ids.findIndex((_, n) => zoneWords(n) === $("zone").value); if (i >= 0) chooseZone(i); });
  for (const way of ["to", "from"]) $(`${way}-here`).addEventListener("click", () => askReach(way));
  $("on-map").addEventListener("click", () => choosingPlace(!state.placing));
  for (const id of ["title", "note"]) $(id).addEventListener("change", () => change(state.edits, false));
  $("open").addEventListener("change", () => { if ($("open").files[0]) openFile($("open").files[0]); });
  $("report").addEventListener("click", makeReport);
  await change(state.edits, false);
  map.invalidateSize({ animate: false }); // the legend has taken its room
  if (at.length === 3 && at.every(Number.isFinite)) map.setView([at[0], at[1]], at[2], { animate: false }); else fitRegion();
  document.documentElement.dataset.ready = "yes";
}

start().catch((error) => { $("status").textContent = error.message; });
