// Tables that can be filtered, for <div class="filterable" markdown> around a Markdown table.
//
// Each row gets an anchor with the text of its first cell (#linux/arm/v7), the filter is in the
// URL (?filter=armhf), and a click on a code cell copies it. Without this script the table is an
// ordinary one.
"use strict";
(() => {
  const text = (element) => element.textContent.trim();

  function copyWithSelection(value) {
    const area = document.createElement("textarea");
    area.value = value;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  async function copy(cell, status) {
    const value = text(cell);
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      copyWithSelection(value); // without permission, or over plain HTTP
    }
    status.textContent = `Copied ${value}`;
    cell.classList.add("copied");
    setTimeout(() => cell.classList.remove("copied"), 1000);
  }

  function addAnchor(row) {
    const cell = row.cells[0];
    const name = text(cell).replace(/\s+/g, "-");
    row.id = name;
    const link = document.createElement("a");
    link.href = `#${name}`;
    link.className = "row-link";
    link.textContent = "#";
    link.setAttribute("aria-label", `Link to ${name}`);
    cell.append(" ", link);
  }

  function addCopying(table, status) {
    for (const code of table.querySelectorAll("tbody code")) {
      code.tabIndex = 0;
      code.setAttribute("role", "button");
      code.title = "Copy";
    }
    const target = (event) => event.target.closest("tbody code");
    table.addEventListener("click", (event) => {
      const code = target(event);
      if (code) copy(code, status);
    });
    table.addEventListener("keydown", (event) => {
      const code = target(event);
      if (!code || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      copy(code, status);
    });
  }

  // Show the rows that contain every word of the filter, and write it into the URL.
  function apply(rows, words, status) {
    let shown = 0;
    for (const { row, content } of rows) {
      row.hidden = !words.every((word) => content.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    status.textContent = `${shown} of ${rows.length} rows`;
  }

  function remember(filter, key) {
    const url = new URL(location);
    if (filter) url.searchParams.set(key, filter);
    else url.searchParams.delete(key);
    history.replaceState(null, "", url);
  }

  function showTarget() {
    for (const row of document.querySelectorAll("tr.target")) row.classList.remove("target");
    const row = document.getElementById(location.hash.slice(1));
    if (row?.tagName !== "TR") return;
    row.hidden = false;
    row.classList.add("target");
    row.scrollIntoView({ block: "center" });
  }

  function enhance(box, number) {
    const table = box.querySelector("table");
    const key = number ? `filter${number + 1}` : "filter";
    const status = document.createElement("span");
    status.className = "table-status";
    status.setAttribute("role", "status");
    const input = document.createElement("input");
    input.type = "search";
    input.className = "md-input table-filter";
    input.placeholder = "Filter, for example arm64 musl";
    input.setAttribute("aria-label", "Filter the table");
    const body = [...table.tBodies[0].rows];
    const rows = body.map((row) => ({ row, content: row.textContent.toLowerCase() }));
    body.forEach(addAnchor);
    addCopying(table, status);
    const bar = document.createElement("div");
    bar.className = "table-bar";
    bar.append(input, status);
    box.prepend(bar);
    const update = () =>
      apply(rows, input.value.toLowerCase().split(/\s+/).filter(Boolean), status);
    input.addEventListener("input", () => {
      update();
      remember(input.value.trim(), key);
    });
    input.value = new URLSearchParams(location.search).get(key) ?? "";
    update();
  }

  function start() {
    [...document.querySelectorAll(".filterable")].forEach(enhance);
    showTarget();
    window.addEventListener("hashchange", showTarget);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
