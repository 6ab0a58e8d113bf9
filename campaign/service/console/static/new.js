// A new campaign: file, columns, message, check. The file is only looked into here; the service reads it.
import { api, briefOf, make, Problem, say, until } from "./common.js";
import { head } from "./table.js";

const form = document.getElementById("new");
const drop = document.getElementById("drop");
const input = document.getElementById("file");
const TYPES = ["text", "name", "money EUR", "date iso", "date dmy", "date mdy", "time", "telephone", "digits", "spell", "cardinal"];

async function look(file) {
  const { names, rows: first } = await head(file);
  const chosen = (name) => (["name", "first_name", "last_name"].includes(name) ? "name" : "text");
  const rows = names.filter((name) => !["id", "locale"].includes(name)).map((name) => {
    const select = make("select", { "data-column": name, "aria-label": `Type of ${name}` },
      ...TYPES.map((type) => make("option", { selected: type === chosen(name) }, type)));
    return make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, select),
      ...first.slice(0, 3).map((row) => make("td", {}, row[name])));
  });
  const missing = names.includes("id") ? "" : "The file has no column id. Every row needs one.";
  document.getElementById("columns").replaceChildren(
    missing ? make("p", { class: "problem" }, missing) : "",
    make("table", {}, make("thead", {}, make("tr", {}, make("th", {}, "Column"), make("th", {}, "Type"),
      make("th", { colspan: 3 }, "First rows"))), make("tbody", {}, ...rows)));
}

const chosen = () => input.files[0] && look(input.files[0]);
input.addEventListener("change", chosen);
chosen();  // before this module was there
for (const name of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      look(input.files[0]);
    }
  });
}

function upload(path, file) {
  const bar = document.getElementById("progress");
  bar.hidden = false;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", path);
    request.setRequestHeader("Content-Type", "text/csv");
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
      counts("Types", found.by_type), counts("Warnings", found.by_warning));
    if (found.problems.length) {
      parts.push(make("table", { class: "problems" },
        make("thead", {}, make("tr", {}, ...["Row", "Column", "What is wrong", "How to correct it"].map((one) => make("th", {}, one)))),
        make("tbody", {}, ...found.problems.map((one) => make("tr", {}, make("td", { class: "number" }, String(one.row)),
          make("td", {}, one.field || ""), make("td", {}, one.reason), make("td", {}, one.mend))))));
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
  if (!form.reportValidity()) return;
  const button = document.getElementById("check");
  const bar = document.getElementById("progress");
  button.disabled = true;
  const columns = {};
  for (const select of document.querySelectorAll("[data-column]")) columns[select.dataset.column] = select.value;
  const slug = form.name.value.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "campaign";
  const id = `${slug.slice(0, 60)}-${Date.now().toString(36)}`;
  try {
    await api("PUT", `/v1/campaigns/${id}`, briefOf({ ...fieldsOf(form) }, columns));
    await upload(`/v1/campaigns/${id}/recipients`, input.files[0]);
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
