// The map on the page: what is shown, where it is looked at from, and the details of what is chosen.
const READABLE = 0.7; // of the drawn size: labels of 9 pixels
function makeViewer(root, data) {
  const state = { map: 0, show: "count", level: 0, picture: 0, grouped: false, at: [], box: null };
  const maps = data.maps, now = () => maps[state.map];
  const level = () => now().levels[state.level], canGroup = () => state.picture < level().grouped.length;
  const picture = () => (state.grouped && canGroup() ? level().grouped : level().pictures)[state.picture];
  let drawn = null;

  const stage = el("div", { class: "stage", tabindex: "0", role: "region", "aria-label": "Map. Arrow keys move it, plus and minus zoom, 0 shows all of it." });
  const canvas = el("div", {});
  const status = el("p", { class: "status", role: "status" }), lede = el("p", { class: "lede" }), details = el("div", { class: "details", "aria-live": "polite" });
  const key = el("ul", { class: "key" }), found = el("span", { class: "label", role: "status" });
  const table = el("details", { class: "astable", ontoggle: () => fillTable() }, el("summary", {}, "As table"));
  const kinds = choice("Map of", "kind", maps.map((m, i) => [String(i), m.kind === "teams" ? "Teams" : "Activities"]), (v) => open(Number(v)));
  const shows = choice("Arrows show", "show", [["count", "How often"], ["time", "How long"], ...(data.costed ? [["cost", "What it costs"]] : [])], (v) => { state.show = v; draw(true); });
  const slider = (text, change) => {
    const input = el("input", { type: "range", min: 0, step: 1, oninput: () => change(Number(input.value)) }), label = el("span", {}, text);
    return { input, label, node: el("label", {}, label, input) };
  };
  const steps = slider("Activities", (v) => { goTo(v); state.at = []; draw(); });
  const paths = slider("Paths", (v) => { state.picture = v; draw(); });
  const group = el("input", { type: "checkbox", onchange: () => { state.grouped = group.checked; draw(); remember(); } });
  const groups = el("label", { class: "check" }, group, " Group by silo");
  const search = el("input", { type: "search", id: "map-search", autocomplete: "off", list: "map-names", oninput: () => look(), onkeydown: (e) => { if (e.key === "Enter") pickFirst(); } });
  const names = el("datalist", { id: "map-names" });
  const button = (text, label, act) => el("button", { type: "button", "aria-label": label, onclick: act }, text);
  stage.append(canvas, el("div", { class: "zoom" }, button("+", "Zoom in", () => zoom(0.8)), button("−", "Zoom out", () => zoom(1.25)), button("All", "Show all of the map", () => fit(true))));
  root.append(lede, el("div", { class: "tools" }, maps.length > 1 ? kinds.node : null, shows.node, steps.node, paths.node, groups,
    el("label", {}, el("span", {}, "Search"), search), names), found, status, el("div", { class: "panes" }, stage, details), key, table);
  root.hidden = false;

  const closest = (counts, wanted) => counts.reduce((best, n, i) => (Math.abs(n - wanted) < Math.abs(counts[best] - wanted) ? i : best), 0);
  const nearest = (at, wanted) => closest(now().levels[at].pictures.map((p) => p.n), wanted);
  // Another level, with about as many paths as now.
  function goTo(index) {
    const { n } = picture();
    state.level = index;
    state.picture = nearest(index, n);
  }
  function open(index) {
    Object.assign(state, { map: index, level: maps[index].level, picture: maps[index].picture, at: [] });
    search.value = "";
    draw();
  }
  function draw(keep) {
    const map = now(), box = keep ? state.box : null, noun = map.kind === "teams" ? "Teams" : "Activities";
    drawn = drawMap(map, level(), picture(), state.show);
    canvas.replaceChildren(drawn.root);
    lede.replaceChildren(data.sentences[state.map]);
    names.replaceChildren(...map.steps.map((s) => el("option", { value: nameOf(s) })));
    steps.input.max = map.levels.length - 1; steps.input.value = state.level; steps.input.disabled = map.levels.length < 2;
    paths.input.max = level().pictures.length - 1; paths.input.value = state.picture; paths.input.disabled = level().pictures.length < 2;
    steps.label.textContent = `${noun}: ${level().steps}`; paths.label.textContent = `Paths: ${picture().n}`;
    steps.input.setAttribute("aria-valuetext", String(level().steps)); paths.input.setAttribute("aria-valuetext", String(picture().n));
    kinds.set(String(state.map)); shows.set(state.show);
    groups.hidden = !now().levels.some((l) => l.grouped.length); group.disabled = !canGroup(); group.checked = state.grouped;
    const ways = map.kind === "teams" ? "handoff paths" : "paths";
    status.textContent = `Showing ${number(level().steps)} of ${number(map.all)} ${noun.toLowerCase()} and ${number(picture().n)} of the ${number(level().total)} ${ways} between them; `
      + `${percent(picture().visible, map.journeys)} of journeys are fully visible.${hint(map)}`;
    drawKey();
    drawn.steps.forEach((node, i) => listen(node, [i]));
    drawn.paths.forEach((node, i) => listen(node, level().paths[i].slice(0, 2)));
    if (box) setBox(box); else fit();
    choose(state.at, false); look(); fillTable();
  }
  const hint = (map) => (level().steps === map.all && picture().n === level().total ? "" : map.kind === "teams"
    ? " Handoffs to and from hidden teams are hidden too." : level().steps < map.all ? " Arrows skip over hidden activities." : "");
  function listen(node, at) {
    node.addEventListener("click", (e) => { e.stopPropagation(); if (!stage.classList.contains("moving")) choose(at); });
    node.addEventListener("keydown", (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); e.stopPropagation(); choose(at); } });
  }
  function drawKey() {
    const line = (band) => svg("svg", { viewBox: "0 0 24 8", "aria-hidden": "true" }, svg("path", { class: `t${band}`, d: "M0 4H24", "stroke-width": 4 }));
    const stripe = (i) => svg("svg", { viewBox: "0 0 24 8", "aria-hidden": "true", class: `s${Math.min(i, 8)}` }, svg("rect", { width: 12, height: 8, x: 6, rx: 2, fill: "currentColor" }));
    const here = [...new Set(now().steps.map((s) => s[4]))].filter((i) => i >= 0).sort((a, b) => a - b);
    const silos = picture().groups.some(Boolean) || !here.length ? [] : [el("li", {}, "Stripe: the silo where most of it happens:"), ...here.slice(0, 9).map((i) => el("li", {}, stripe(i), bdi(now().silos[i])))];
    key.replaceChildren(...(state.show === "time" ? [el("li", {}, "Thicker: more time in total. Colour: median wait"), ...BANDS.map(([, text], i) => el("li", {}, line(i), text))]
      : state.show === "cost" ? [el("li", {}, `Thicker: costs more. At the arrows: ${data.priced ? `money${data.currency ? `, in ${data.currency}` : ""}` : "hours"} of fragmentation: the wait and the extra work after it`)]
      : [el("li", {}, "Thicker: more often. Darker boxes: more journeys."), el("li", {}, "Drag to move, Ctrl and wheel or + and − to zoom.")]), ...silos);
  }

  // What is chosen: [] nothing, [step], or [tail, head].
  function choose(at, save = true) {
    const path = at.length === 2 ? level().paths.slice(0, picture().n).findIndex((p) => p[0] === at[0] && p[1] === at[1]) : -1;
    state.at = at;
    const near = (p) => !at.length || (at.length === 1 ? p[0] === at[0] || p[1] === at[0] : p[0] === at[0] && p[1] === at[1]);
    const shown = new Set(at);
    drawn.paths.forEach((node, i) => {
      const p = level().paths[i], lit = near(p);
      if (lit && at.length === 1) { shown.add(p[0]); shown.add(p[1]); }
      node.classList.toggle("dim", !lit); node.classList.toggle("picked", i === path); drawn.labels[i].classList.toggle("dim", !lit);
    });
    drawn.steps.forEach((node, i) => {
      node.classList.toggle("dim", at.length > 0 && !shown.has(i)); node.classList.toggle("picked", at.includes(i));
      node.setAttribute("aria-pressed", String(at.length === 1 && at[0] === i));
    });
    details.replaceChildren(...(at.length === 1 ? aboutStep(at[0]) : path >= 0 ? aboutPath(level().paths[path]) : about()));
    if (save) remember();
  }
  function remember() {
    const map = now();
    writePlace("map", { kind: map.kind, show: state.show, steps: level().steps, paths: picture().n, group: state.grouped && canGroup() ? "silo" : "", at: state.at.map((i) => nameOf(map.steps[i])) });
  }
  const to = (text, at) => el("button", { type: "button", class: "link", onclick: () => choose(at) }, bdi(text));
  const facts = (pairs) => el("dl", {}, pairs.filter(Boolean).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
  const label = (i) => nameOf(now().steps[i]);
  const money = (x) => `${number(x)}${data.currency ? `\u00a0${data.currency}` : ""}`;
  const inAll = (p) => (state.show === "time" ? hours(p[6]) : state.show === "cost" && p[10] !== undefined ? money(p[10]) : state.show === "cost" ? hours(p[9] || 0) : number(p[2]));
  function list(title, found, text) {
    return found.length ? [el("h4", {}, title), el("ul", {}, found.slice(0, 8).map((p) => el("li", {}, to(text(p), [p[0], p[1]]), el("span", {}, inAll(p)))))] : [];
  }
  const seen = () => level().paths.slice(0, picture().n);
  function about() {
    const top = [...seen()].sort((a, b) => weightOf(b, state.show) - weightOf(a, state.show));
    return [el("h3", {}, "Details"), el("p", { class: "soft" }, "Choose a box or an arrow to see its numbers and example journeys."),
      ...list({ count: "Most often", time: "Most time", cost: "Costs most" }[state.show], top, (p) => `${label(p[0])} → ${label(p[1])}`)];
  }
  function aboutStep(i) {
    const step = now().steps[i], teams = now().kind === "teams";
    const into = seen().filter((p) => p[1] === i && p[0] !== i), out = seen().filter((p) => p[0] === i && p[1] !== i);
    const start = level().starts.find(([s]) => s === i), end = level().ends.find(([s]) => s === i);
    const ids = [...new Set([...into, ...out].flatMap((p) => [p[7], p[8]]))].filter((x) => x >= 0);
    return [el("h3", {}, bdi(nameOf(step))), step[4] >= 0 && el("p", { class: "soft" }, teams ? "" : "mostly in ", bdi(now().silos[step[4]])),
      facts([[teams ? "Visits" : "Times", number(step[5])], ["Journeys", `${number(step[6])} of ${number(now().journeys)} (${percent(step[6], now().journeys)})`],
        step[7] !== null && ["Time inside, median", duration(step[7])], start && ["Journeys begin here", number(start[1])], end && ["Journeys end here", number(end[1])]]),
      ...list("Comes from", into, (p) => label(p[0])), ...list("Goes to", out, (p) => label(p[1])), ...examples(ids), back()].filter(Boolean);
  }
  function aboutPath(p) {
    return [el("h3", {}, bdi(label(p[0])), " → ", bdi(label(p[1]))),
      facts([["Times", number(p[2])], ["Journeys", `${number(p[3])} of ${number(now().journeys)} (${percent(p[3], now().journeys)})`],
        ["Median wait", duration(p[4])], ["95 % within", duration(p[5])], ["Total wait", hours(p[6])],
        p[9] !== undefined && ["Total cost", hours(p[9])], p[10] !== undefined && ["Money", money(p[10])]]),
      ...examples([p[7], p[8]].filter((x, i, all) => x >= 0 && all.indexOf(x) === i), ["a median wait", "the longest wait"], p), el("p", {}, to(label(p[0]), [p[0]]), " · ", to(label(p[1]), [p[1]])), back()];
  }
  function examples(ids, said, path) {
    if (!ids.length) return [];
    return [el("h4", {}, "Example journeys"), el("ul", {}, ids.slice(0, 5).map((i) => el("li", {}, el("a", { href: `#journeys?id=${encode(data.journeys[i][0])}` }, bdi(data.journeys[i][0])),
      said && el("span", {}, path[7] === i ? said[0] : said[1]))))];
  }
  const back = () => el("p", {}, el("button", { type: "button", class: "link", onclick: () => choose([]) }, "Show everything again"));

  function look() {
    const text = search.value.trim().toLowerCase(), hits = text ? now().steps.flatMap((s, i) => (nameOf(s).toLowerCase().includes(text) ? [i] : [])) : [];
    drawn.steps.forEach((node, i) => node.classList.toggle("found", hits.includes(i)));
    const hidden = hits.filter((i) => i >= level().steps).length;
    found.textContent = !text ? "" : !hits.length ? "No match on the map." : `${number(hits.length)} found${hidden ? `, ${number(hidden)} of them hidden at this level: Enter shows the first` : "; Enter shows the first"}.`;
    return hits;
  }
  function pickFirst() {
    const exact = now().steps.findIndex((s) => nameOf(s) === search.value.trim()), hits = look();
    if (hits.length) show([exact >= 0 ? exact : hits[0]]);
  }
  // Choose steps, at a level where they are shown.
  function show(at) {
    if (Math.max(...at) >= level().steps) goTo(now().levels.findIndex((l) => l.steps > Math.max(...at)));
    if (at.length === 2) {
      const rank = level().paths.findIndex((p) => p[0] === at[0] && p[1] === at[1]);
      const enough = level().pictures.findIndex((p) => p.n > rank);
      if (rank < 0 || enough < 0) at = at.slice(0, 1);
      else if (picture().n <= rank) state.picture = enough;
    }
    state.at = at;
    draw(); remember();
  }

  function setBox(box) {
    state.box = box;
    drawn.root.setAttribute("viewBox", box.map((v) => v.toFixed(1)).join(" "));
    stage.classList.toggle("zoomed", box[2] < drawn.size[0] * 0.98);
  }
  // All of the map; at first not smaller than can be read, then it begins where the journeys do.
  function fit(all) {
    const [width, height] = drawn.size, { clientWidth: w, clientHeight: h } = stage;
    const whole = Math.min(1.15, w / width, h / height), scale = all ? whole : Math.max(READABLE, whole);
    const across = w / scale, down = h / scale, [sx, sy] = picture().marks[0] || [picture().at[0], 0];
    const place = (size, room, at) => (room >= size ? (size - room) / 2 : Math.min(Math.max(0, at - room / 2), size - room)) - MARGIN;
    setBox([place(width, across, sx), place(height, down, sy), across, down]);
  }
  function zoom(factor, fx = 0.5, fy = 0.5) {
    const [x, y, w, h] = state.box, limit = Math.min(Math.max(w * factor, 120), 6 * Math.max(...drawn.size)), real = limit / w;
    setBox([x + w * (1 - real) * fx, y + h * (1 - real) * fy, w * real, h * real]);
  }
  const move = (dx, dy) => setBox([state.box[0] + dx, state.box[1] + dy, state.box[2], state.box[3]]);
  stage.addEventListener("keydown", (e) => {
    const far = state.box[2] / 10, act = { ArrowLeft: () => move(-far, 0), ArrowRight: () => move(far, 0), ArrowUp: () => move(0, -far), ArrowDown: () => move(0, far),
      "+": () => zoom(0.8), "=": () => zoom(0.8), "-": () => zoom(1.25), 0: () => fit(true), Escape: () => choose([]) }[e.key];
    if (act && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); act(); }
  });
  stage.addEventListener("wheel", (e) => {
    if (!e.ctrlKey && !e.metaKey) return;
    e.preventDefault();
    const r = stage.getBoundingClientRect();
    zoom(Math.exp(e.deltaY / 300), (e.clientX - r.left) / r.width, (e.clientY - r.top) / r.height);
  }, { passive: false });
  const touching = new Map();
  let pinch = 0;
  stage.addEventListener("pointerdown", (e) => { if (!e.target.closest("button")) touching.set(e.pointerId, [e.clientX, e.clientY, e.clientX, e.clientY]); pinch = 0; });
  stage.addEventListener("pointermove", (e) => {
    const at = touching.get(e.pointerId);
    if (!at) return;
    const [x, y] = at, perPixel = state.box[2] / stage.clientWidth;
    if (!stage.classList.contains("moving") && Math.hypot(e.clientX - at[2], e.clientY - at[3]) < 5) return;
    if (!stage.classList.contains("moving")) { stage.classList.add("moving"); stage.setPointerCapture(e.pointerId); }
    touching.set(e.pointerId, [e.clientX, e.clientY, at[2], at[3]]);
    if (touching.size === 1) { move((x - e.clientX) * perPixel, (y - e.clientY) * perPixel); return; }
    const [a, b] = [...touching.values()], apart = Math.hypot(a[0] - b[0], a[1] - b[1]), r = stage.getBoundingClientRect();
    if (pinch) zoom(pinch / apart, ((a[0] + b[0]) / 2 - r.left) / r.width, ((a[1] + b[1]) / 2 - r.top) / r.height);
    pinch = apart;
  });
  const release = (e) => { touching.delete(e.pointerId); pinch = 0; setTimeout(() => { if (!touching.size) stage.classList.remove("moving"); }); };
  for (const name of ["pointerup", "pointercancel"]) stage.addEventListener(name, release);
  new ResizeObserver(() => { if (drawn && stage.clientWidth) fit(); }).observe(stage);

  function fillTable() {
    while (table.children.length > 1) table.lastChild.remove();
    if (!table.open) return;
    const rows = seen().map((p) => [label(p[0]), label(p[1]), [number(p[2]), p[2]], [number(p[3]), p[3]], [duration(p[4]), p[4]], [duration(p[5]), p[5]], [hours(p[6]), (p[6] / HOUR).toFixed(3)],
      ...(data.costed ? [[hours(p[9] || 0), ((p[9] || 0) / HOUR).toFixed(3)]] : []), ...(data.priced ? [[number(p[10] || 0), p[10] || 0]] : [])]);
    table.append(makeTable(`${now().kind}-map`, "The paths of this map", [["From"], ["To"], ["Times", ""], ["Journeys", ""], ["Median wait", "seconds"], ["95 % within", "seconds"], ["Time waited", "hours"], ...(data.costed ? [["Cost", "hours"]] : []), ...(data.priced ? [["Money", data.currency]] : [])], rows));
  }
  function restore(values) {
    const one = (name) => (values[name] || [])[0];
    const index = Math.max(0, maps.findIndex((m) => m.kind === one("kind")));
    const map = maps[index];
    Object.assign(state, { map: index, show: ["time", data.costed && "cost"].includes(one("show")) ? one("show") : "count", level: map.level, picture: map.picture, grouped: one("group") === "silo", at: [] });
    if (one("steps")) goTo(closest(map.levels.map((l) => l.steps), Number(one("steps"))));
    if (one("paths")) state.picture = nearest(state.level, Number(one("paths")));
    const at = (values.at || []).map((name) => map.steps.findIndex((s) => nameOf(s) === name)).filter((i) => i >= 0).slice(0, 2);
    if (at.length) show(at); else draw();
  }
  open(0);
  return { restore };
}
