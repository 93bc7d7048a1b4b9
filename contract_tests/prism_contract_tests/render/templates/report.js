"use strict";
const only = document.getElementById("failed-only");
const count = document.getElementById("shown");
const rows = [...document.querySelectorAll("tbody tr")];

function filter() {
  let shown = 0;
  for (const row of rows) {
    row.hidden = only.checked && !row.dataset.failed;
    shown += row.hidden ? 0 : 1;
  }
  count.textContent = `${shown} of ${rows.length} checks shown`;
}

function remember(hash) {
  history.replaceState(null, "", hash || location.pathname + location.search);
}

function open(id) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return;
  dialog.showModal();
  dialog.scrollTop = 0;
  remember("#" + encodeURIComponent(id));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-opens]");
  if (button) open(button.dataset.opens);
  else if (event.target instanceof HTMLDialogElement) event.target.close();
});
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("close", () => remember(""));
}
only.addEventListener("change", filter);
filter();
if (location.hash) open(decodeURIComponent(location.hash.slice(1)));
