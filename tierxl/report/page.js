"use strict";
// A client can be searched, and the tables of clients sorted; without this all is there to be read.
const tables = [...document.querySelectorAll("table.clients")];
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const search = document.getElementById("search");
const count = search.querySelector("output");
search.hidden = false;
search.querySelector("input").addEventListener("input", (event) => {
  const wanted = plain(event.target.value.trim());
  let lines = 0;
  for (const table of tables) {
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      row.hidden = !plain(row.textContent).includes(wanted);
      shown += !row.hidden;
    }
    table.closest("section").classList.toggle("match", shown > 0);
    if (!table.closest(".first")) lines += shown;
  }
  document.body.classList.toggle("searching", wanted !== "");
  count.textContent = wanted && `${lines} ${lines === 1 ? "line" : "lines"}`;
});

const value = (cell) => {
  const text = cell.textContent.trim();
  if (/^\d+\s\w{3}\s\d{4}$/.test(text)) return Date.parse(text.replace(/\s/g, " "));
  const digits = cell.classList.contains("number") ? text.replace(/[^\d.\u2212]/g, "") : text;
  const number = Number(digits.replace("\u2212", "-"));
  return digits && !Number.isNaN(number) ? number : text;
};
const order = (one, other) => {
  if (one === "–" || other === "–") return (one === "–") - (other === "–");
  return typeof one === "number" && typeof other === "number" ? one - other : String(one).localeCompare(String(other));
};
for (const table of tables) {
  for (const header of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const way = header.ariaSort === "ascending" ? -1 : 1;
      for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      const key = (row) => value(row.cells[header.cellIndex]);
      const rows = [...table.tBodies[0].rows].map((row) => [key(row), row]);
      rows.sort(([one], [other]) => (one === "–" || other === "–" ? 1 : way) * order(one, other));
      table.tBodies[0].append(...rows.map(([, row]) => row));
    });
  }
}
