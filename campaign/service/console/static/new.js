// A new campaign: file, columns, message, check. The file is only looked into here; the service reads it.
import { api, briefOf, make, Problem, say, until } from "./common.js";

const form = document.getElementById("new");
const drop = document.getElementById("drop");
const input = document.getElementById("file");
const TYPES = ["text", "name", "money EUR", "date iso", "date dmy", "date mdy", "time", "telephone", "digits", "spell", "cardinal", "percent", "duration",
  "year", "address", "email", "url", "flag"];
let seen = null, newest = 0;

// How the file is read, where the form says so.
function reading(more = {}) {
  const said = { encoding: fieldsOf(form).encoding.value, delimiter: fieldsOf(form).delimiter.value, sheet: fieldsOf(form).sheet.value, ...more };
  return new URLSearchParams(Object.entries(said).filter(([, value]) => value));
}

// The same look that `campaign check` takes: the service reads the file, and keeps nothing of it.
async function look() {
  const file = input.files[0];
  if (!file) return;
  const turn = (newest += 1);
  const place = document.getElementById("columns");
  place.replaceChildren(make("p", { class: "quiet" }, `Looking into ${file.name} …`));
  seen = null;
  try {
    const check = await api("POST", `/v1/checks?${reading({ name: file.name })}`, file, "application/octet-stream");
    if (turn !== newest) return;
    seen = check;
    show(check, place);
  } catch (problem) {
    if (turn === newest) place.replaceChildren(make("p", { class: "problem" }, problem.message));
  }
}

function show(check, place) {
  document.getElementById("reading").hidden = false;
  const { sheet, encoding } = fieldsOf(form);
  sheet.closest("label").hidden = check.sheets.length < 2;
  if (check.sheets.length) sheet.replaceChildren(...check.sheets.map((one) => make("option", {}, one)));
  const told = (kind, lines) => lines.map((line) => make("p", { class: kind }, line));
  const guess = check.encoding_guess && make("p", {}, `As ${check.encoding_guess} it holds ${check.words.join(", ")}. `,
    make("button", { type: "button", onclick: () => { encoding.value = check.encoding_guess; look(); } }, `Yes, read it as ${check.encoding_guess}`));
  const rows = check.columns.map((column) => make("tr", {}, make("th", { scope: "row" }, column.name, said(column)),
    make("td", {}, choice(column)), make("td", {}, share(column, check.rows)), make("td", {}, column.example)));
  place.replaceChildren(...[...told("problem", check.faults), guess,
    check.found && make("p", {}, make("strong", {}, `${check.rows.toLocaleString()} rows. `), check.found, "."),
    Object.keys(check.languages).length > 0 && counts("Languages", check.languages),
    ...told("note", check.notes),
    rows.length > 0 && make("table", {}, make("thead", {}, make("tr", {}, ...["Column", "Type", "Filled", "Such as"].map((one) => make("th", {}, one)))),
      make("tbody", {}, ...rows))].filter(Boolean));
}

function said(column) {
  if (column.role || !column.variable || column.variable === column.name) return null;
  return make("small", {}, make("code", {}, `{{ ${column.variable} }}`));
}

// What a column is: its role, the one type that all its values have, or a question where they have several.
function choice(column) {
  if (column.role) return column.role === "id" ? "who a row is" : "language";
  const types = [...new Set([...column.types, ...TYPES])];
  const asked = column.types.length > 1;
  const right = column.types.length === 1 ? column.types[0] : "text";
  return make("select", { "data-column": column.name, "aria-label": `Type of ${column.name}`, required: asked },
    ...(asked ? [make("option", { value: "" }, `${column.types.join(" or ")}?`)] : []),
    ...types.map((type) => make("option", { selected: !asked && type === right }, type)));
}

function share(column, rows) {
  const percent = rows ? Math.round((100 * column.filled) / rows) : 0;
  return make("span", {}, make("meter", { min: 0, max: rows || 1, value: column.filled, "aria-label": `${percent} % filled` }), ` ${percent} %`);
}

// The columns of a brief, as they were chosen; and which of them say who a row is and in which language.
function columnsOf() {
  const columns = {};
  for (const select of document.querySelectorAll("[data-column]")) {
    const column = seen.columns.find((one) => one.name === select.dataset.column);
    if (column.variable) columns[column.variable] = column.is_found ? select.value : { type: select.value, from: column.name };
  }
  return columns;
}

const roleOf = (role) => seen.columns.find((one) => one.role === role)?.name ?? "";

input.addEventListener("change", () => { fieldsOf(form).encoding.value = ""; fieldsOf(form).delimiter.value = ""; fieldsOf(form).sheet.replaceChildren(); look(); });
document.getElementById("reading").addEventListener("change", look);
look();  // chosen before this module was there
for (const name of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change"));
    }
  });
}

function upload(path, file) {
  const bar = document.getElementById("progress");
  bar.hidden = false;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", path);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => { bar.value = event.loaded / (event.total || 1) / 2; });
    request.addEventListener("load", () => {
      const answer = JSON.parse(request.responseText || "{}");
      if (request.status < 300) resolve(answer); else reject(new Problem(answer));
    });
    request.addEventListener("error", () => reject(new Problem({})));
    request.send(file);
  });
}

function counts(title, found) {
  const shown = Object.entries(found);
  if (!shown.length) return null;
  return make("p", {}, make("strong", {}, `${title}: `), shown.map(([name, count]) => `${count.toLocaleString()} ${name}`).join(", "));
}

function optOuts(lists) {
  return lists.filter((one) => one.lines || one !== lists.at(-1)).map((one) => make("p", {},
    make("strong", {}, `Opt-outs, ${one.list}: `),
    `${one.lines.toLocaleString()} lines, ${one.matched.toLocaleString()} in this file, ${one.unmatched.toLocaleString()} not`));
}

function showPreflight(id, intake) {
  const section = document.getElementById("preflight");
  section.hidden = false;
  const found = intake.preflight;
  const parts = [make("h2", {}, intake.state === "read" ? "Read" : "Refused")];
  if (intake.problem) parts.push(make("p", { class: "problem" }, intake.problem));
  if (found) {
    parts.push(counts("Rows", found.by_outcome), ...optOuts(found.opt_outs), counts("Languages", found.by_language),
      ...(Object.keys(found.by_voice).length ? [counts("Voices", found.by_voice)] : []),
      counts("Types", found.by_type), counts("Warnings", found.by_warning));
    if (found.faults.length) {
      parts.push(make("table", { class: "problems" },
        make("thead", {}, make("tr", {}, ...["First row", "Column", "What is wrong", "How to correct it", "Rows"].map((one) => make("th", {}, one)))),
        make("tbody", {}, ...found.faults.map((one) => make("tr", {}, make("td", { class: "number" }, String(one.first_row)),
          make("td", {}, one.column || ""), make("td", {}, one.reason), make("td", {}, one.mend),
          make("td", { class: "number" }, one.rows.toLocaleString()))))));
      parts.push(make("p", {}, make("a", { href: `/v1/campaigns/${id}/errors.csv` }, "All bad rows as CSV")));
    }
  }
  if (intake.state === "read") parts.push(make("a", { class: "button", id: "go", href: `/campaigns/${id}` }, "Hear examples and start"));
  section.replaceChildren(...parts.filter(Boolean));
  section.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!input.files[0]) { say("Choose a file of recipients first.", true); input.focus(); return; }
  if (!seen || seen.faults.length) { say("The file cannot be read as it is: see above.", true); return; }
  if (!form.reportValidity()) return;
  const button = document.getElementById("check");
  const bar = document.getElementById("progress");
  button.disabled = true;
  const slug = form.name.value.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "campaign";
  const id = `${slug.slice(0, 60)}-${Date.now().toString(36)}`;
  try {
    const brief = briefOf({ ...fieldsOf(form) }, columnsOf());
    await api("PUT", `/v1/campaigns/${id}`, { ...brief, id_column: roleOf("id"), locale_column: roleOf("locale") });
    await upload(`/v1/campaigns/${id}/recipients?${reading({ name: input.files[0].name })}`, input.files[0]);
    const intake = await until(`/v1/campaigns/${id}/preflight`, (one) => ["read", "refused"].includes(one.state), {
      seen: (one) => { bar.value = 0.5 + (one.share || 0) / 2; },
    });
    showPreflight(id, intake);
    say(intake.state === "read" ? "The recipients have been read." : "Nothing was submitted.", intake.state !== "read");
  } catch (problem) {
    say(problem.message, true);
  }
  button.disabled = false;
  bar.hidden = true;
});

// `form.name` of an element is its own name, so fields are taken by their names.
function fieldsOf(element) {
  return Object.fromEntries([...element.elements].filter((one) => one.name).map((one) => [one.name, one]));
}
