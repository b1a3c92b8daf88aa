// One journey on lanes of teams: time to the right, long gaps folded, the channel as shape.
const GUTTER = 128, LANE = 44, TOP = 44, STEP = 18, FOLD = 72;
const LADDER = [60, 300, 900, 3600, 4 * 3600, 12 * 3600, 86400, 3 * 86400, 7 * 86400, 28 * 86400, Infinity];
const SHAPES = {
  voice: "M-7 0A7 7 0 1 0 7 0A7 7 0 1 0-7 0z", video: "M-7 0A7 7 0 1 0 7 0A7 7 0 1 0-7 0z", chat: "M-6.5-6.5H6.5V6.5H-6.5z", messaging: "M-6.5-6.5H6.5V6.5H-6.5z", sms: "M-6.5-6.5H6.5V6.5H-6.5z",
  email: "M0-8.5L8.5 0L0 8.5L-8.5 0z", web_form: "M0-8L8 6.5H-8z", task: "M-8-6.5H8L0 8z", callback: "M-8 0L-4-7H4L8 0L4 7H-4z", social: "M0-8L7.5-2.5L4.5 6.5H-4.5L-7.5-2.5z", unknown: "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0-5 0z",
};
const shapeOf = (channel) => SHAPES[channel] || SHAPES.unknown;
const kindOf = (lane) => (lane === "Customer" ? "of-customer" : lane === "System" || lane === "Phone menu" || lane === "No team" ? "of-system" : "");

// Where each moment stands: stretches without any step that are longer than a limit are folded, the rest is to scale.
function timeline(steps, room) {
  const moments = [...new Set(steps.flatMap((s) => [s[0], s[0] + s[1]]))].sort((a, b) => a - b);
  const busy = (from, to) => steps.some((s) => s[0] < to && s[0] + s[1] > from);
  const gaps = moments.slice(1).map((to, i) => ({ from: moments[i], to, free: !busy(moments[i], to) }));
  const limit = LADDER.find((t) => gaps.filter((g) => g.free && g.to - g.from > t).length <= 5);
  gaps.forEach((g) => { g.folded = g.free && g.to - g.from > limit; });
  const folds = gaps.filter((g) => g.folded).length, plain = gaps.reduce((sum, g) => sum + (g.folded ? 0 : g.to - g.from), 0);
  const scale = plain ? Math.max(40, room - folds * FOLD - steps.length * STEP) / plain : 0;
  const at = new Map(), xs = [], marks = [];
  let x = 16;
  moments.forEach((moment, i) => {
    if (i) { const g = gaps[i - 1], before = x; x += g.folded ? FOLD : (g.to - g.from) * scale; if (g.folded) marks.push([before, x, g.to - g.from]); }
    at.set(moment, x);
    steps.forEach((s, n) => { if (s[0] === moment) { xs[n] = x; x += STEP; } });
  });
  return { xs, end: (s) => at.get(s[0] + s[1]), folds: marks, width: x + 16 };
}

function makeLanes(root, data) {
  const state = { journey: 0, step: 0 };
  const find = el("input", { type: "text", id: "journey-id", list: "journey-ids", autocomplete: "off", onchange: () => byId(find.value), onkeydown: (e) => { if (e.key === "Enter") byId(find.value); } });
  const said = el("p", { class: "status", role: "status" }), facts = el("p", {}), text = el("p", { class: "step-text", "aria-live": "polite" });
  const frame = el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Journey. Left and right arrow keys go from step to step." });
  const key = el("ul", { class: "key shapes" }), table = el("details", { class: "astable", ontoggle: () => fillTable() }, el("summary", {}, "As table"));
  const go = (label, act) => el("button", { type: "button", onclick: act }, label);
  root.append(el("div", { class: "tools" }, el("label", {}, el("span", {}, "Find a journey by its id"), find), el("datalist", { id: "journey-ids" }, data.journeys.map((j) => el("option", { value: j[0] }))),
    el("div", {}, go("‹ Previous", () => open(state.journey - 1)), " ", go("Next journey ›", () => open(state.journey + 1)))), said, facts,
  el("div", { class: "lanes" }, frame, text), el("div", { class: "tools" }, el("div", {}, go("‹ Step back", () => pick(state.step - 1)), " ", go("Next step ›", () => pick(state.step + 1)))), key, table);
  root.hidden = false;
  const journey = () => data.journeys[state.journey], steps = () => journey()[7];
  const lane = (s) => data.lanes[s[3]], channel = (s) => data.channels[s[4]].replaceAll("_", " ");
  const when = new Intl.DateTimeFormat("en-GB", { timeZone: data.zone, weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
  let now = null, spots = [];

  function byId(id) {
    const index = data.journeys.findIndex((j) => j[0] === id.trim());
    said.textContent = index >= 0 || !id.trim() ? "" : "This journey is not among the examples on this page. Get it from the workspace with: miner export events.";
    if (index >= 0) { open(index); remember(); }
  }
  const remember = () => writePlace("journeys", { id: journey()[0], step: state.step + 1 });
  function open(index, step = 0) {
    state.journey = (index + data.journeys.length) % data.journeys.length;
    find.value = journey()[0];
    draw();
    pick(step, false);
    fillTable();
  }
  function draw() {
    const [id, intent, outcome, started, elapsed, handoffs, more, list] = journey();
    facts.replaceChildren("Journey ", bdi(id), intent ? ", about " : "", intent ? bdi(intent) : "", `: ${plural(list.length + more, "step")}, ${plural(handoffs, "handoff")}, ${duration(elapsed)} from first to last`,
      outcome ? ", outcome " : "", outcome ? bdi(outcome) : "", `. It began ${when.format(started * 1000)} (${data.zone}).`, more ? ` The first ${list.length} steps are drawn.` : "");
    const lanes = [...new Set(list.map((s) => s[3]))], y = (s) => TOP + lanes.indexOf(s[3]) * LANE + LANE / 2;
    const gutter = frame.clientWidth && frame.clientWidth < 600 ? 96 : GUTTER, line = timeline(list, Math.max(280, (frame.clientWidth || 900) - gutter - 32));
    const width = gutter + line.width, height = TOP + lanes.length * LANE + 12, bottom = height - 12;
    const short = (name) => (name.length > (gutter > 100 ? 17 : 12) ? name.slice(0, gutter > 100 ? 16 : 11) + "…" : name);
    spots = list.map((s, i) => [gutter + line.xs[i], y(s)]);
    now = svg("circle", { class: "now", r: 12 });
    const marks = list.map((s, i) => svg("g", { onclick: () => pick(i) }, s[1] > 0 && line.end(s) > line.xs[i] + 4 ? svg("rect", { class: "length", x: spots[i][0], y: spots[i][1] - 6, width: gutter + line.end(s) - spots[i][0], height: 12, rx: 2 }) : null,
      svg("path", { class: `mark ${kindOf(lane(s))}`, d: shapeOf(data.channels[s[4]]), transform: `translate(${spots[i]})` }), svg("title", {}, sentence(i))));
    frame.replaceChildren(svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Journey ${id} on ${plural(lanes.length, "lane")}; its steps are in the table below` },
      lanes.map((l, i) => [svg("line", { class: "rule", x1: 0, x2: width, y1: TOP + i * LANE, y2: TOP + i * LANE }), svg("text", { class: "lane", x: 16, y: TOP + i * LANE + LANE / 2 + 4 }, short(data.lanes[l]), svg("title", {}, data.lanes[l]))]),
      line.folds.map(([from, to, length]) => fold(gutter + from, gutter + to, bottom, length)), moves(list), marks, now));
    const used = [...new Set(list.map((s) => s[4]))];
    key.replaceChildren(...used.map((c) => el("li", {}, svg("svg", { viewBox: "-10 -10 20 20", "aria-hidden": "true" }, svg("path", { d: shapeOf(data.channels[c]), fill: "currentColor" })), data.channels[c].replaceAll("_", " "))),
      el("li", {}, "Hollow: the customer. Bars: how long a step takes. Arrows: handoffs; dashed: back to a team that had it before. Shaded: a long gap, folded."));
  }
  function fold(from, to, bottom, length) {
    const mid = (from + to) / 2 + 4;
    let d = `M${mid} ${TOP}`;
    for (let y = TOP; y < bottom; y += 12) d += "l-4 3l8 6l-4 3";
    return svg("g", {}, svg("rect", { class: "fold", x: from + 22, y: TOP, width: Math.max(4, to - from - 34), height: bottom - TOP }), svg("path", { class: "zig", d }), svg("text", { class: "when", x: mid, y: TOP - 10 }, duration(length)));
  }
  function moves(list) {
    const drawn = [];
    let last = -1;
    list.forEach((s, i) => {
      if (s[5] < 0) return;
      if (last >= 0 && list[last][5] !== s[5]) {
        const [x1, y1] = spots[last], [x2, y2] = spots[i], down = y2 > y1 ? 1 : -1, end = y2 - 10 * down, back = s[6] ? "return" : "";
        drawn.push(svg("path", { class: `go ${back}`, d: `M${x1} ${y1 + 9 * down}C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${end - 6 * down}` }),
          svg("path", { class: `gone ${back ? "returned" : ""}`, d: `M${x2} ${end}l-4.5 ${-8 * down}h9z` }));
      }
      last = i;
    });
    return drawn;
  }
  function sentence(i) {
    const list = steps(), s = list[i], before = i ? Math.max(...list.slice(0, i).map((p) => p[0] + p[1])) : s[0];
    const opened = s[5] > 0 && list.findIndex((p) => p[5] === s[5]) === i;
    return [`Step ${i + 1} of ${list.length}`, lane(s), data.activities[s[2]], channel(s) === "unknown" ? "" : channel(s), i ? `${duration(s[0])} after the start` : when.format(journey()[3] * 1000),
      s[0] > before ? `${duration(s[0] - before)} after the previous step` : "", s[1] ? `takes ${duration(s[1])}` : "", opened ? (s[6] ? "handed back" : "handed over") : ""].filter(Boolean).join(" · ");
  }
  function pick(i, save = true) {
    if (!steps().length) return;
    state.step = Math.min(Math.max(0, i), steps().length - 1);
    const [x, y] = spots[state.step];
    now.setAttribute("cx", x); now.setAttribute("cy", y);
    text.textContent = sentence(state.step);
    if (x < frame.scrollLeft + 40 || x > frame.scrollLeft + frame.clientWidth - 40) frame.scrollLeft = x - frame.clientWidth / 2;
    if (save) remember();
  }
  frame.addEventListener("keydown", (e) => {
    const act = { ArrowRight: () => pick(state.step + 1), ArrowLeft: () => pick(state.step - 1), Home: () => pick(0), End: () => pick(steps().length - 1), ArrowDown: () => open(state.journey + 1), ArrowUp: () => open(state.journey - 1) }[e.key];
    if (act) { e.preventDefault(); act(); }
  });
  function fillTable() {
    while (table.children.length > 1) table.lastChild.remove();
    if (!table.open) return;
    table.append(makeTable("journey", `Steps of journey ${journey()[0]}`, [["After", "seconds"], ["Team"], ["Step"], ["Channel"], ["Takes", "seconds"]],
      steps().map((s) => [[duration(s[0]), s[0]], lane(s), data.activities[s[2]], channel(s), [duration(s[1]), s[1]]])));
  }
  let width = 0;
  new ResizeObserver(() => { if (frame.clientWidth !== width) { width = frame.clientWidth; draw(); pick(state.step, false); } }).observe(frame);
  open(0);
  return { restore: (values) => {
    const index = data.journeys.findIndex((j) => j[0] === (values.id || [])[0]);
    if (index >= 0) open(index, Number((values.step || [])[0] || 1) - 1);
    else if (values.id) { find.value = values.id[0]; byId(values.id[0]); }
  } };
}
