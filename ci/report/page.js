(() => {
  "use strict";
  const table = document.getElementById("all");
  if (!table) return;
  const body = table.tBodies[0];
  const signs = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: "\u00a0" };
  const plain = (html) => html.replace(/<[^>]*>/g, "").replace(/&([a-z]+|#39);/g, (all, sign) => signs[sign] ?? all);
  const part = (line, expression) => plain((expression.exec(line) ?? ["", ""])[1]);
  const read = (line, rank) => ({
    line, rank,
    name: part(line, /<bdi>(.*?)<\/bdi>/),
    search: part(line, /<th [^>]*>(.*?)<\/th>/).toLowerCase(),
    pkg: part(line, /class="?pkg"?><bdi>(.*?)<\/bdi>/),
    unit: part(line, /<\/th><td>(.*?)<\/td>/),
    outcome: part(line, /data-o="([^"]*)"/),
    keys: part(line, /data-k="([^"]*)"/).split(";").map((key) => (key === "" ? NaN : Number(key))),
  });
  const element = (one) => {
    if (!one.row) {
      const made = document.createElement("template");
      made.innerHTML = one.line;
      one.row = made.content.firstElementChild;
    }
    return one.row;
  };
  const rest = document.getElementById("rest");
  const rows = Array.from(body.rows, (row) => row.outerHTML)
    .concat(rest ? rest.textContent.split("\n").filter((line) => line.startsWith("<tr ")) : [])
    .map(read);
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

  const step = 300;
  let shown = rows, limit = step;
  const more = document.createElement("button");
  more.type = "button";
  more.id = "more";
  table.after(more);
  const show = () => {
    body.replaceChildren(...shown.slice(0, limit).map(element));
    more.hidden = shown.length <= limit;
    more.textContent = `Show more (${shown.length - limit})`;
  };
  more.addEventListener("click", () => {
    const next = shown[limit];
    limit += step;
    show();
    element(next).querySelector("summary").focus();
  });

  const filter = () => {
    const words = name.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = rows.filter((one) => words.every((word) => one.search.includes(word)) &&
      (!pkg.value || one.pkg === pkg.value) &&
      (!unit.value || one.unit === unit.value) &&
      (!outcome.value || one.outcome === outcome.value));
    limit = step;
    show();
    count.textContent = `${shown.length} of ${rows.length} comparisons`;
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
    filter();
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

  let printed = [];
  addEventListener("beforeprint", () => {
    limit = Infinity;
    show();
    printed = document.querySelectorAll("details:not([open])");
    for (const part of printed) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of printed) part.open = false;
    limit = step;
    show();
  });
})();
