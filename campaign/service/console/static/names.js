// Names to check: hear each, write it as it should be said, and see which rows change.
import { api, make, say } from "./common.js";

const table = document.getElementById("names");
const path = `/v1/campaigns/${table.dataset.campaign}`;
const found = await api("GET", `${path}/names`);

async function hear(name, button) {
  button.disabled = true;
  try {
    const answer = await fetch("/v1/speech", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        voice: table.dataset.preset, model: table.dataset.pin, language: name.language || name.locale.split("-")[0],
        input: name.carrier.replace("{{ text }}", () => button.closest("tr").querySelector("input").value || name.value),
        response_format: "wav",
      }),
    });
    if (!answer.ok) throw new Error((await answer.json()).detail);
    const player = new Audio(URL.createObjectURL(await answer.blob()));
    button.dataset.heard = "yes";
    await player.play();
  } catch (problem) {
    say(problem.message, true);
  }
  button.disabled = false;
}

table.tBodies[0].replaceChildren(...found.names.map((name) => make("tr", {},
  make("th", { scope: "row", lang: name.language || name.locale }, name.value),
  make("td", {}, name.spoken),
  make("td", {}, name.reasons.map((one) => one.detail || one.code).join("; ")),
  make("td", { class: "number" }, name.rows.toLocaleString()),
  make("td", {}, make("button", { type: "button", "aria-label": `Hear ${name.value}`, onclick: (event) => hear(name, event.currentTarget) }, "▶")),
  make("td", {}, make("input", { "data-written": name.value, "aria-label": `Say ${name.value} as`, placeholder: name.in_lexicon ? "in a lexicon" : "" })))));

document.getElementById("fix").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = event.currentTarget.elements.lexicon.value;
  const lines = [...table.querySelectorAll("input[data-written]")].filter((one) => one.value.trim())
    .map((one) => `${one.dataset.written.replaceAll(/[\t\n]/g, " ")}\t${one.value.trim().replaceAll(/[\t\n]/g, " ")}`);
  if (!lines.length) { say("Write how a name is to be said first.", true); return; }
  try {
    const kept = await api("PUT", `/v1/lexicons/${name}`, { text: `written\talias\n${lines.join("\n")}\n` });
    const label = `${kept.name}@${kept.version}`;
    const changed = await api("GET", `${path}/impact?new=${encodeURIComponent(label)}`);
    const section = document.getElementById("impact");
    section.hidden = false;
    section.replaceChildren(
      make("h2", {}, `${changed.changed.toLocaleString()} of ${changed.rows.toLocaleString()} rows change`),
      make("p", {}, `Name ${label} among the lexicons of the next campaign; to make ${Math.round(changed.seconds_to_make)} s of sound.`),
      make("table", {}, make("thead", {}, make("tr", {}, ...["Row", "Before", "After"].map((one) => make("th", {}, one)))),
        make("tbody", {}, ...changed.examples.map((one) => make("tr", {}, make("td", { class: "number" }, String(one.row)),
          make("td", {}, one.before), make("td", {}, one.after))))));
    section.focus();
  } catch (problem) {
    say(problem.message, true);
  }
});
