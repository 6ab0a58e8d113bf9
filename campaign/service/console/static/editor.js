// A template beside what it becomes, as it is typed; and its sound by the code that will send.
import { api, briefOf, isAtRest, make, pause, say, until } from "./common.js";

const form = document.getElementById("editor");
const fields = Object.fromEntries([...form.elements].filter((one) => one.name).map((one) => [one.name, one]));
const show = (id, text) => { document.getElementById(id).textContent = text; };
const LOCALE = "locale";
const LOOKED_AT = 1000;  // rows of a file
let newest = 0, rows = [];

function rowOf() {
  const row = {};
  for (const line of fields.fields.value.split("\n")) {
    const at = line.indexOf("=");
    if (at > 0) row[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return row;
}

function locale() {
  return rowOf()[LOCALE] || fields.languages.value.split(",")[0].trim();
}

async function render() {
  const turn = (newest += 1);
  await pause(250);
  if (turn !== newest) return;
  const problem = document.getElementById("problem");
  try {
    const made = await api("POST", "/v1/renderings", { brief: briefOf(fields), locale: locale(), fields: rowOf() });
    if (turn !== newest) return;
    show("script", made.script);
    show("spoken", made.spoken);
    const spans = made.trace.sentences.flatMap((sentence) => sentence.spans);
    document.querySelector("#spans tbody").replaceChildren(...spans.filter((one) => one.written.trim()).map((one) =>
      make("tr", { class: one.written.trim() === one.spoken.trim() ? "" : "changed" },
        make("td", {}, one.written), make("td", { lang: one.language }, one.spoken), make("td", {}, one.language),
        make("td", {}, [one.column, one.kind, one.reason, one.step].filter(Boolean).join(" · ")))));
    problem.hidden = true;
  } catch (error) {
    if (turn !== newest) return;
    const [first] = error.document?.errors ?? [];
    problem.textContent = first?.mend ? `${first.field ? `${first.field}: ` : ""}${first.reason}. To mend: ${first.mend}.` : error.message;
    problem.hidden = false;
  }
}

// A row of a file takes the place of the one that was typed.
function choose(number) {
  const row = rows[number - 1];
  if (!row) { say(`What is looked into of the file has ${rows.length.toLocaleString()} rows.`, true); return; }
  const line = ([name, value]) => `${name} = ${value.replaceAll(/\s+/g, " ")}`;
  fields.fields.value = Object.entries(row).map(line).join("\n");
  say("");
  render();
}

const file = document.getElementById("file");
const number = document.getElementById("row");
async function open() {
  if (!file.files[0]) return;
  try {
    const name = encodeURIComponent(file.files[0].name);
    const check = await api("POST", `/v1/checks?rows=${LOOKED_AT}&name=${name}`, file.files[0], "application/octet-stream");
    if (check.faults.length) throw new Error(check.faults.join(" "));
    rows = check.sample;
  } catch (problem) {
    say(problem.message, true);
    return;
  }
  number.max = rows.length;
  number.disabled = false;
  choose(Number(number.value));
}
file.addEventListener("change", open);
open();  // chosen before this module was there
number.addEventListener("input", (event) => {
  event.stopPropagation();
  if (number.value) choose(Number(number.value));
});

form.addEventListener("input", render);
render();

document.getElementById("hear").addEventListener("click", async (event) => {
  const button = event.currentTarget;
  button.disabled = true;
  try {
    const row = { ...rowOf(), id: "1", locale: locale() };
    const made = await api("POST", "/v1/previews", { brief: briefOf(fields), rows: [row] });
    const ended = await until(`/v1/campaigns/${made.id}`, isAtRest);
    if (ended.state !== "finished") {
      const { recipients } = await api("GET", `/v1/campaigns/${made.id}/recipients`);
      throw new Error(recipients[0].reason || "The row could not be spoken.");
    }
    const player = document.getElementById("player");
    player.src = `/v1/campaigns/${made.id}/assets/1/audio`;
    player.hidden = false;
    await player.play();
  } catch (problem) {
    say(problem.message, true);
  }
  button.disabled = false;
});
