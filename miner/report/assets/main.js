// Start: replace the still pictures by the ones that answer, and open what the address names.
const data = JSON.parse(by("data").textContent);
document.documentElement.classList.add("live");
addCsvButtons();
let viewer = null, lanes = null;
if (data.maps.length) {
  document.querySelectorAll("#map .static").forEach((node) => { if (data.maps.some((m) => m.kind === node.dataset.kind)) node.classList.add("live-off"); });
  viewer = makeViewer(by("viewer"), data);
}
if (data.journeys.length) {
  document.querySelectorAll("#journeys .static").forEach((node) => { node.hidden = true; });
  lanes = makeLanes(by("lanes"), data);
}
function openPlace() {
  const { part, values } = readPlace();
  const found = Object.keys(values).length > 0;
  if (found && part === "map" && viewer) viewer.restore(values);
  if (found && part === "journeys" && lanes) lanes.restore(values);
  if (found && by(part)) by(part).scrollIntoView();
}
addEventListener("hashchange", openPlace);
openPlace();
