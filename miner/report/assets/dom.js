// Elements. A text from the log only ever becomes a text node or an attribute, never markup.
const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}
const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
const by = (id) => document.getElementById(id);
const bdi = (text) => el("bdi", {}, text);

// A row of radio buttons that looks like one switch.
function choice(legend, name, options, onchange) {
  const inputs = options.map(([value, text]) => {
    const input = el("input", { type: "radio", name, value, onchange: () => onchange(value) });
    return [input, el("label", {}, input, el("span", {}, text))];
  });
  const node = el("fieldset", {}, el("legend", {}, legend), el("div", { class: "choice" }, inputs.map((i) => i[1])));
  return { node, set: (value) => inputs.forEach(([input]) => { input.checked = input.value === value; }) };
}

// The fragment of the address: "#part?key=value&…"; names inside a value are parted by "~".
const decode = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
const encode = (text) => encodeURIComponent(text).replaceAll("~", "%7E");
function readPlace() {
  const [part, query] = location.hash.slice(1).split("?");
  const values = {};
  for (const pair of (query || "").split("&")) {
    const at = pair.indexOf("=");
    if (at > 0) values[pair.slice(0, at)] = pair.slice(at + 1).split("~").map(decode);
  }
  return { part, values };
}
function writePlace(part, values) {
  const query = Object.entries(values).filter(([, v]) => v !== null && v !== undefined && String(v) !== "")
    .map(([k, v]) => `${k}=${[v].flat().map((x) => encode(String(x))).join("~")}`).join("&");
  history.replaceState(null, "", `#${part}${query ? "?" + query : ""}`);
}
