// Every table can be taken away as CSV; cells that a spreadsheet would run as formulas are quoted.
function csvOf(table) {
  const quote = (text) => `"${text.replaceAll('"', '""')}"`;
  const harmless = (text) => (/^[=+\-@\t\r]/.test(text) ? "'" + text : text);
  const cell = (node) => {
    if (node.dataset.v !== undefined) return node.dataset.v;
    const unit = node.dataset.unit ? ` (${node.dataset.unit})` : "";
    return quote(harmless(node.textContent.trim()) + unit);
  };
  return [...table.rows].map((row) => [...row.cells].map(cell).join(",")).join("\r\n") + "\r\n";
}

function download(name, text) {
  const url = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv" }));
  el("a", { href: url, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

function csvButton(table) {
  const name = table.dataset.name || "table";
  return el("button", { type: "button", class: "csv", "aria-label": `CSV of ${table.caption ? table.caption.textContent : name}`,
    onclick: () => download(name, csvOf(table)) }, "CSV");
}

function addCsvButtons() {
  for (const table of document.querySelectorAll("table.data")) {
    const frame = table.closest(".scroll") || table;
    frame.after(csvButton(table));
  }
}

// columns: [heading, unit]; cells: text, or [text, exact value]
function makeTable(name, caption, columns, rows) {
  const head = columns.map(([text, unit]) => el("th", { scope: "col", class: unit === undefined ? null : "num", "data-unit": unit }, text));
  const body = rows.map((row) => el("tr", {}, row.map((cell) => (Array.isArray(cell)
    ? el("td", { class: "num", "data-v": cell[1] }, cell[0]) : el("td", {}, bdi(cell))))));
  const table = el("table", { class: "data", "data-name": name }, el("caption", {}, caption), el("thead", {}, el("tr", {}, head)), el("tbody", {}, body));
  return el("div", {}, el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table), csvButton(table));
}
