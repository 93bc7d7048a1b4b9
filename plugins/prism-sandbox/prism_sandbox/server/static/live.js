// The live page's script: shows what is new twice a second, and sends what a person does to a
// payment. The server renders every row; here only rows that changed are put in place.
"use strict";

const PAUSE = 500;
const said = document.getElementById("said");
const state = document.getElementById("state");
const shown = new Map(); // each section's rows as the server last sent them, by their ids
let version = ""; // nothing yet, so that the first answer brings every row
let turn = Promise.resolve();

function rowOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

// What a person has typed into a row outlives the row.
function carryOver(from, to) {
  for (const input of from.querySelectorAll("input:not([type=hidden])")) {
    const same = to.querySelector(`[id="${input.id}"]`);
    if (same) same.value = input.value;
  }
}

function placed(id, html, before, isFirst) {
  const old = document.getElementById(id);
  if (old && before.get(id) === html) return old;
  const row = rowOf(html);
  if (!isFirst) row.classList.add("fresh");
  if (old) {
    carryOver(old, row);
    old.replaceWith(row);
  }
  return row;
}

function showSection(name, { caption, rows }) {
  const table = document.querySelector(`#${name} table`);
  if (table.caption.textContent !== caption) table.caption.textContent = caption;
  const body = table.tBodies[0];
  const isFirst = !shown.has(name);
  const before = shown.get(name) ?? new Map();
  for (const row of [...body.rows]) if (!(row.id in rows)) row.remove();
  Object.entries(rows).forEach(([id, html], place) => {
    const row = placed(id, html, before, isFirst);
    if (body.rows[place] !== row) body.insertBefore(row, body.rows[place] ?? null);
  });
  shown.set(name, new Map(Object.entries(rows)));
}

// A row that is replaced takes the keyboard's place with it: give that back, to the same control,
// or else to the first of its row, or else to the row.
function keepingFocus(change) {
  const active = document.activeElement;
  const { id, selectionStart, selectionEnd } = active;
  const row = active.closest("tbody tr")?.id;
  change();
  if (!row || document.contains(active)) return;
  const now = document.getElementById(row);
  const same = document.getElementById(id);
  const next = same ?? now?.querySelector("button, a, input:not([type=hidden])");
  if (!next && now) now.tabIndex = -1;
  (next ?? now)?.focus({ preventScroll: true });
  if (selectionStart != null) same?.setSelectionRange(selectionStart, selectionEnd);
}

async function look() {
  const answer = await fetch(`/page/rows?since=${encodeURIComponent(version)}`, {
    signal: AbortSignal.timeout(5000),
  });
  if (!answer.ok) throw new Error(answer.statusText);
  if (answer.status === 204) return;
  const news = await answer.json();
  keepingFocus(() => Object.entries(news.sections).forEach((one) => showSection(...one)));
  version = news.version;
}

function tell(isLost) {
  const text = isLost ? "The sandbox does not answer. Trying again…" : "Live";
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("lost", isLost);
}

// One look at a time, whoever asks.
function refresh() {
  turn = turn.then(look).then(() => tell(false), () => tell(true));
  return turn;
}

async function watch() {
  await refresh();
  setTimeout(watch, PAUSE);
}

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.action, {
    method: "POST", body, headers: { Accept: "application/json" },
  });
  const text = (await answer.json()).said;
  if (!text) throw new Error(answer.statusText);
  if (answer.ok) form.reset();
  return [text, answer.ok];
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.closest("#payments")) return;
  event.preventDefault();
  if (form.dataset.busy) return; // a double click is one click
  form.dataset.busy = "yes";
  said.textContent = "";
  const failed = ["The sandbox did not answer; look at the payment before you try again.", false];
  const [text, isDone] = await send(form, event.submitter).catch(() => failed);
  said.classList.toggle("refused", !isDone);
  said.textContent = text;
  delete form.dataset.busy;
  await refresh();
});

watch();
