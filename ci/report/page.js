(() => {
  "use strict";
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not([open])")) {
      part.open = true;
      part.dataset.printed = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const part of document.querySelectorAll("details[data-printed]")) {
      part.open = false;
      delete part.dataset.printed;
    }
  });
  const table = document.getElementById("all");
  if (!table) return;
  const body = table.tBodies[0];
  const text = (element) => (element ? element.textContent : "");
  const number = (key) => (key === undefined || key === "" ? NaN : Number(key));
  const rows = Array.from(body.rows, (row, rank) => ({
    row, rank,
    name: text(row.cells[0].querySelector("bdi")),
    search: text(row.cells[0]).toLowerCase(),
    pkg: text(row.querySelector(".pkg")),
    unit: text(row.cells[1]),
    outcome: row.dataset.o,
    keys: (row.dataset.k || "").split(";").map(number),
  }));
  const field = (name) => document.getElementById("f-" + name);
  const [name, pkg, unit, outcome] = ["name", "package", "unit", "outcome"].map(field);
  const count = document.getElementById("count");
  const form = document.getElementById("filter");

  const fill = (select, values) => {
    const known = [...new Set(values)].filter((value) => value !== "");
    for (const value of known) select.add(new Option(value, value));
    return known.length;
  };
  const packages = fill(pkg, rows.map((one) => one.pkg));
  pkg.parentNode.hidden = packages < 2;
  fill(unit, rows.map((one) => one.unit));
  fill(outcome, rows.map((one) => one.outcome));

  const filter = () => {
    const words = name.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const one of rows) {
      const kept = words.every((word) => one.search.includes(word)) &&
        (!pkg.value || one.pkg === pkg.value) &&
        (!unit.value || one.unit === unit.value) &&
        (!outcome.value || one.outcome === outcome.value);
      one.row.hidden = !kept;
      shown += kept;
    }
    count.textContent = `${shown} of ${rows.length} comparisons`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));

  const words = new Intl.Collator("en", { numeric: true });
  const byText = (key) => (a, b) => words.compare(a[key], b[key]);
  const byNumber = (key) => (a, b, sign) => {
    const x = a.keys[key], y = b.keys[key];
    return isNaN(x) || isNaN(y) ? sign * (isNaN(x) - isNaN(y)) : x - y;
  };
  const inUnit = (compare) => (a, b, sign) => sign * byText("unit")(a, b) || compare(a, b, sign);
  const orders = [
    byText("name"), byText("unit"), inUnit(byNumber(0)), inUnit(byNumber(1)), byNumber(2),
    byNumber(3), byNumber(4), (a, b) => a.rank - b.rank,
  ];
  const heads = Array.from(table.tHead.rows[0].cells).slice(0, orders.length);
  const sort = (column) => {
    const falls = heads[column].getAttribute("aria-sort") === "ascending";
    const sign = falls ? -1 : 1, compare = orders[column];
    rows.sort((a, b) => sign * compare(a, b, sign) || a.rank - b.rank);
    const all = document.createDocumentFragment();
    for (const one of rows) all.append(one.row);
    body.append(all);
    heads.forEach((head, at) =>
      head.setAttribute("aria-sort", at !== column ? "none" : falls ? "descending" : "ascending"));
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(column));
    head.append(button);
    head.setAttribute("aria-sort", column === orders.length - 1 ? "ascending" : "none");
  });
  form.hidden = false;
  filter();
})();
