"use strict";
// The page of switches: minutes and the test of every combination are in the data block; bit k of a combination is switch k.

const toggles = (() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const tenths = new DataView(bytes(data.minutes).buffer), bits = bytes(data.meets);
  const zones = data.names.length, row = Math.ceil(zones / 8), count = data.switches.length;
  const CLASSES = [
    [10, "10 min or more saved", "#084594"], [5, "5 to 10 min saved", "#4292c6"], [1, "1 to 5 min saved", "#9ecae1"],
    [-1, "no change (less than a minute)", "#f2f0eb"], [-5, "1 to 5 min lost", "#fdbe85", true],
    [-10, "5 to 10 min lost", "#e6550d", true], [-Infinity, "10 min or more lost", "#8c2d04", true],
  ];
  let shapes = [], map = null;

  const minutesOf = (combination, zone) => {
    const value = tenths.getUint16(2 * (combination * zones + zone), true);
    return value === data.notReached ? null : value / 10;
  };
  const meets = (combination, zone) => (bits[combination * row + (zone >> 3)] >> (zone & 7)) & 1;
  const longest = Math.max(0, ...Array.from({ length: zones }, (_, zone) => minutesOf(0, zone) ?? 0));
  const saved = (combination, zone) => {
    const before = minutesOf(0, zone), after = minutesOf(combination, zone);
    if (before === null && after === null) return 0;
    return (before ?? Math.max(longest, after)) - (after ?? Math.max(longest, before));
  };
  const classOf = (value) => CLASSES.find(([least]) => (least >= 1 ? value >= least : least === -1 ? value > -1 : value > least)) || CLASSES[6];
  const whole = (value) => Math.round(value).toLocaleString("en-GB");
  const signed = (value) => (Math.round(value) > 0 ? "+" : "") + whole(value);
  const share = (part, all) => (all ? `${(100 * part / all).toFixed(1)} %` : "nobody");

  function make(tag, text) {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function chosen() {
    return [...document.querySelectorAll("#switches input")].reduce((sum, box, k) => sum + (box.checked ? 1 << k : 0), 0);
  }

  function outline(steps) {
    let [x, y] = data.origin;
    const points = [];
    for (let i = 0; i < steps.length; i += 2) { x += steps[i]; y += steps[i + 1]; points.push([y / data.units, x / data.units]); }
    return points;
  }

  function paint() {
    const on = chosen();
    const counts = new Map(CLASSES.map((one) => [one, 0])), everybody = data.members[0].people;
    for (let zone = 0; zone < zones; zone++) {
      const found = classOf(saved(on, zone));
      counts.set(found, counts.get(found) + everybody[zone]);
      shapes[zone].setStyle({ fillColor: found[2], fillOpacity: 0.9, color: found[3] ? "#000" : "#777", weight: found[3] ? 1.5 : 0.4, dashArray: found[3] ? "4 3" : null });
    }
    $("legend").replaceChildren(...CLASSES.map((one) => {
      const item = make("li"), swatch = make("span");
      swatch.style.setProperty("background", one[2]);
      if (one[3]) swatch.className = "dashed";
      item.append(swatch, `${one[1]}: ${whole(counts.get(one))} people`);
      return item;
    }));
    showTable(on);
    showZone();
    history.replaceState(null, "", `#on=${[...Array(count).keys()].map((k) => (on >> k) & 1).join("")}`);
    document.documentElement.dataset.combination = String(on);
  }

  function showTable(on) {
    const lines = data.members.map(({ name, people }) => {
      let all = 0, before = 0, after = 0, gain = 0, lose = 0;
      for (let zone = 0; zone < zones; zone++) {
        const minutes = saved(on, zone);
        all += people[zone];
        if (meets(0, zone)) before += people[zone];
        if (meets(on, zone)) after += people[zone];
        if (minutes >= 1) gain += people[zone];
        if (minutes <= -1) lose += people[zone];
      }
      return [name, share(before, all), share(after, all), signed(after - before), whole(gain), whole(lose)];
    });
    const head = make("thead"), body = make("tbody"), top = make("tr");
    for (const text of ["Place or group", "Before", "With these", "People", "Gain", "Lose"]) { const cell = make("th", text); cell.scope = "col"; top.append(cell); }
    head.append(top);
    for (const line of lines) { const one = make("tr"); one.append(...line.map((text) => make("td", text))); body.append(one); }
    $("figures").replaceChildren(head, body);
    $("headline").textContent = `${lines[0][2]} of residents meet the test with these changes, ${lines[0][1]} without any (${lines[0][3]} people).`;
  }

  function showZone() {
    const zone = data.names.indexOf($("zone").value), words = (value) => (value === null ? "not reached" : `${value.toFixed(1)} min`);
    $("card").textContent = zone < 0 ? "" : `${data.names[zone]}: ${words(minutesOf(0, zone))} to the last centre needed without any change, ${words(minutesOf(chosen(), zone))} with these.`;
  }

  function start(given) {
    map = given;
    data.switches.forEach((words, k) => {
      const label = make("label"), box = make("input");
      box.type = "checkbox";
      box.id = `switch-${k}`;
      box.checked = new URLSearchParams(location.hash.slice(1)).get("on")?.[k] === "1";
      box.addEventListener("change", paint);
      label.append(box, make("span", words));
      $("switches").append(label);
    });
    for (const [id, on] of [["all", true], ["none", false]]) {
      $(id).addEventListener("click", () => { document.querySelectorAll("#switches input").forEach((box) => { box.checked = on; }); paint(); });
    }
    $("zones").append(...data.names.map((name) => { const option = make("option"); option.value = name; return option; }));
    $("zone").addEventListener("change", showZone);
    shapes = data.shapes.map((rings, zone) => L.polygon(rings.map(outline)).on("click", () => { $("zone").value = data.names[zone]; showZone(); }).addTo(map));
    map.fitBounds(L.featureGroup(shapes).getBounds(), { animate: false });
    paint();
    document.documentElement.dataset.ready = "yes";
  }

  return { start };
})();
