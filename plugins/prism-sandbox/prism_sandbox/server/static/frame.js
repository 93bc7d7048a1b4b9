// The script of the frame in a shop's page: it keeps what the customer types, and gives the page
// around it a token. It listens to that page alone, and answers to nobody else.
"use strict";

const form = document.getElementById("frame");
const problem = document.getElementById("problem");
const shop = new URLSearchParams(location.search).get("origin");
const choices = [...form.querySelectorAll("[name=kind]")];
const NO_ANSWER = { code: "no_answer", message: "The sandbox did not answer." };

const kind = () => choices.find((one) => one.checked).value;

function show() {
  for (const one of form.querySelectorAll("fieldset")) one.hidden = one.id !== kind();
  problem.textContent = "";
}

// What was typed, as the API takes it. People write spaces into numbers.
function typed() {
  const fields = document.getElementById(kind());
  const { type } = fields.dataset;
  if (type === "redirect") return { type, method: kind() };
  const values = [...fields.querySelectorAll("input")].map(({ name, value }) => {
    if (name === "holder_name") return [name, value.trim()];
    const joined = value.replace(/[\s-]/g, "").toUpperCase();
    return [name, /^exp_/.test(name) && /^\d{1,4}$/.test(joined) ? Number(joined) : joined];
  });
  return { type, ...Object.fromEntries(values) };
}

async function ask(key, path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30000),
  }).catch(() => Promise.reject(NO_ANSWER));
  const read = await answer.json().catch(() => Promise.reject(NO_ANSWER));
  return answer.ok ? read : Promise.reject(read.error);
}

async function createToken({ key }) {
  const method = typed();
  const named = { token: null, payment_method_type: kind().toUpperCase(), brand: null, last4: null };
  if (method.type === "redirect") return named; // there is nothing to hide
  const { id, method: { brand = null, last4 } } = await ask(key, "/v1/tokens", { payment_method: method });
  return { ...named, token: id, brand, last4 };
}

async function confirmOrder({ key, clientSecret }) {
  const body = { client_secret: clientSecret, payment_method: typed() };
  const checkout = await ask(key, "/v1/checkout/pay", body);
  if (checkout.status === "open" && checkout.decline) tell(checkout.decline);
  return checkout;
}

// The problem, and which field has it. No message of the sandbox repeats what was typed.
function tell({ message, param }) {
  problem.textContent = message;
  const name = param?.split(".").pop();
  for (const field of document.getElementById(kind()).querySelectorAll("input")) {
    const isWrong = field.name === name;
    field.setAttribute("aria-invalid", isWrong);
    field.setAttribute("aria-describedby", isWrong ? "problem" : "");
    if (isWrong) field.focus();
  }
}

const WORK = new Map(Object.entries({ createToken, confirmOrder }));

addEventListener("message", async ({ source, origin, data, ports: [port] }) => {
  if (source !== parent || origin !== shop || !port) return;
  const work = WORK.get(data?.work);
  if (!work) return;
  problem.textContent = "";
  try {
    port.postMessage({ done: await work(data) });
  } catch (error) {
    tell(error);
    port.postMessage({ error });
  }
});

form.addEventListener("change", (event) => event.target.name === "kind" && show());
form.addEventListener("submit", (event) => event.preventDefault());
choices[0].checked = true;
for (const one of choices) one.parentElement.hidden = choices.length === 1;
show();
// The first of these tells the page that the frame is ready.
new ResizeObserver(() => parent.postMessage({ height: form.offsetHeight }, shop)).observe(form);
