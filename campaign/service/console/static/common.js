// What all pages share: the API with its problems, elements made from text, and waiting.

export class Problem extends Error {
  constructor(document) {
    super(document.detail || "The service does not answer.");
    this.document = document;
  }
}

export async function api(method, path, body, type = "application/json") {
  const json = type === "application/json" && body !== undefined;
  const answer = await fetch(path, {
    method,
    body: json ? JSON.stringify(body) : body,
    headers: body === undefined ? {} : { "Content-Type": type },
  }).catch(() => { throw new Problem({}); });
  const kind = answer.headers.get("content-type") || "";
  const document = kind.includes("json") && answer.status !== 204 ? await answer.json() : await answer.text();
  if (!answer.ok) throw new Problem(kind.includes("json") ? document : {});
  return document;
}

// An element; children that are text stay text, whatever is in them.
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((one) => one !== null && one !== undefined));
  return element;
}

export function say(text, isProblem = false) {
  const said = document.getElementById("said");
  said.textContent = text;
  said.className = isProblem ? "problem" : "";
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(path, held, { seen = () => {}, everyMs = 300 } = {}) {
  for (;;) {
    const document = await api("GET", path);
    seen(document);
    if (held(document)) return document;
    await pause(everyMs);
  }
}

export const isAtRest = (campaign) =>
  ["finished", "finished_with_errors", "cancelled", "paused"].includes(campaign.state);

export function player(url) {
  return make("audio", { controls: true, preload: "none", src: url });
}

// The brief that the fields of a form say; a template for every locale.
export function briefOf(form, columns = {}) {
  const languages = form.languages.value.split(",").map((one) => one.trim()).filter(Boolean);
  return {
    name: form.name?.value || "campaign",
    preset: form.preset.value,
    model: form.model.value,
    purpose: form.purpose.value,
    languages,
    templates: { default: { text: form.template.value, language: languages[0] } },
    columns,
    finish: { codec: form.codec?.value || "wav" },
    on_error: form.on_error?.value || "skip",
  };
}

const ORDER = ["stored", "failed", "quarantined", "suppressed", "cancelled", "erased", "claimed", "pending"];
const SVG = "http://www.w3.org/2000/svg";

export function bar(counts, rows) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "bar");
  svg.setAttribute("viewBox", "0 0 100 4");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  const shown = ORDER.filter((status) => counts[status]);
  svg.setAttribute("aria-label", shown.map((status) => `${counts[status].toLocaleString()} ${status}`).join(", "));
  const total = rows || shown.reduce((sum, status) => sum + counts[status], 0) || 1;
  let x = 0;
  for (const status of shown) {
    const width = (100 * counts[status]) / total;
    const part = document.createElementNS(SVG, "rect");
    for (const [key, value] of Object.entries({ class: status, x, y: 0, width, height: 4 })) part.setAttribute(key, value);
    svg.append(part);
    x += width;
  }
  return svg;
}

export function counted(counts) {
  return ORDER.filter((status) => counts[status]).map((status) =>
    make("span", { class: "count" }, make("i", { class: `dot ${status}` }), `${counts[status].toLocaleString()} ${status} `));
}

export function stateOf(campaign) {
  return make("span", { class: `state ${campaign.state}` }, campaign.state.replaceAll("_", " "));
}
