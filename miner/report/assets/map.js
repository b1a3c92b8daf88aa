// Draws one picture of a map from its numbers; the same drawing as miner/report/maps/svg.py.
const MARGIN = 12, LINE = 17;
const BANDS = [[900, "under 15 min"], [3600, "under 1 h"], [28800, "under 8 h"], [86400, "under 1 d"], [259200, "under 3 d"], [Infinity, "3 d and more"]];
const bandOf = (seconds) => BANDS.findIndex(([limit]) => seconds < limit);

const nameOf = (step) => step[1] || step[0].join(" ");
const noteOf = (map, step, show) => (show === "time" && step[7] !== null ? duration(step[7])
  : map.kind === "teams" ? plural(step[5], "visit") : number(step[5]));

// What makes an arrow thick, and what stands at it; of a cost its money (10) where there is any, else its seconds (9).
const weightOf = (path, show) => (show === "count" ? path[2] : show === "time" ? path[6] : path[10] ?? path[9] ?? 0);
const saidAt = (path, show) => (show === "count" ? number(path[2]) : show === "time" ? duration(path[4])
  : path[10] !== undefined ? number(path[10]) : hours(path[9] || 0).replace(/ hours?$/, "\u00a0h"));

function arrow(curve, width, hit) {
  const [, , tx, ty, ...points] = curve;
  const [x, y] = points.slice(-2);
  const length = Math.hypot(tx - x, ty - y) || 1, half = Math.max(3.5, width / 2 + 2) / length;
  const dx = (tx - x) * half, dy = (ty - y) * half;
  const pairs = [];
  for (let i = 0; i < points.length; i += 2) pairs.push(`${points[i]} ${points[i + 1]}`);
  const d = `M${pairs[0]}C${pairs.slice(1).join(" ")}`;
  return [svg("path", { d, "stroke-width": width }), svg("path", { class: "tip", d: `M${tx} ${ty}L${x - dy} ${y + dx}L${x + dy} ${y - dx}z` }),
    hit && svg("path", { class: "hit", d })];
}

function drawStep(map, step, x, y, show) {
  const [lines, , width, height, silo, , journeys] = step;
  const left = x - width / 2, top = y - height / 2;
  const frame = { x: left, y: top, width, height, rx: 6 };
  const shade = (0.04 + (0.2 * journeys) / Math.max(1, map.journeys)).toFixed(3);
  const label = `${nameOf(step)}: ${plural(step[5], map.kind === "teams" ? "visit" : "time")} in ${plural(journeys, "journey")}`;
  return svg("g", { class: `step${silo >= 0 ? ` s${Math.min(silo, 8)}` : ""}`, tabindex: "0", role: "button", "aria-label": label, "aria-pressed": "false" },
    svg("title", {}, label), svg("rect", { class: "box", ...frame }), svg("rect", { class: "shade", ...frame, "fill-opacity": shade }),
    silo >= 0 && svg("rect", { class: "stripe", x: left + 4, y: top + 6, width: 4, height: height - 12, rx: 2 }),
    [...lines, noteOf(map, step, show)].map((text, i) => svg("text", { class: i === lines.length ? "note" : null, x, y: top + 20 + LINE * i }, text)));
}

function drawEnds(picture) {
  return [["start", picture.starts], ["end", picture.ends]].map(([what, curves], i) => {
    const mark = picture.marks[i];
    if (!mark || !curves.length) return null;
    const [x, y] = mark;
    return svg("g", { class: "ends" }, svg("title", {}, `${what} of journeys`), curves.map((curve) => arrow(curve, 1.2)), svg("circle", { cx: x, cy: y, r: 11 }),
      what === "start" ? svg("path", { class: "sign", d: `M${x - 3} ${y - 5}l8 5l-8 5z` }) : svg("rect", { class: "sign", x: x - 4, y: y - 4, width: 8, height: 8 }));
  });
}

// The svg element with what the viewer needs: groups by step and by path, and its full size.
function drawMap(map, level, picture, show) {
  const paths = level.paths.slice(0, picture.n);
  const weigh = (path) => weightOf(path, show);
  const most = Math.max(1, ...paths.map(weigh));
  const drawn = paths.map((path, i) => {
    const [tail, head, count, , median] = path;
    const width = Math.round(10 * (1 + 5 * Math.sqrt(weigh(path) / most))) / 10;
    const title = `${nameOf(map.steps[tail])} → ${nameOf(map.steps[head])}: ${plural(count, "time")}, median wait ${duration(median)}`;
    return svg("g", { class: `path t${bandOf(median)}` }, svg("title", {}, title), arrow(picture.curves[i], width, true));
  });
  const labels = paths.map((path, i) => svg("text", { x: picture.curves[i][0], y: picture.curves[i][1] + 4 }, saidAt(path, show)));
  const steps = map.steps.slice(0, level.steps).map((step, i) => drawStep(map, step, picture.at[2 * i], picture.at[2 * i + 1], show));
  const groups = picture.groups.map((group, i) => group && [group, `s${Math.min(i, 8)}`, map.silos[i]]).filter(Boolean);
  const frames = groups.map(([[x, y, width, height], silo]) => svg("rect", { class: `silo ${silo}`, x, y, width, height, rx: 10 }));
  const names = groups.map(([[x, y, width], silo, name]) => svg("text", { class: `siloname ${silo}`, x: x + 10, y: y + 16 },
    name.length > width / 7.5 ? name.slice(0, Math.max(1, Math.floor(width / 7.5) - 1)) + "…" : name));
  const root = svg("svg", { class: `map ${show}`, role: "group", "aria-label": map.kind === "teams" ? "Team map" : "Process map" },
    frames, drawEnds(picture), drawn, svg("g", { class: "labels", "aria-hidden": "true" }, labels), names, steps);
  return { root, steps, paths: drawn, labels, size: [picture.size[0] + 2 * MARGIN, picture.size[1] + 2 * MARGIN] };
}
