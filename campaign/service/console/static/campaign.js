// One campaign: live progress, its actions, and what can be heard before it is started.
import { api, bar, counted, isAtRest, make, pause, player, say, stateOf, until } from "./common.js";

const shown = document.getElementById("campaign");
const path = `/v1/campaigns/${shown.dataset.campaign}`;

function show(campaign) {
  const state = stateOf(campaign);
  state.setAttribute("data-part", "state");
  shown.querySelector('[data-part="state"]').replaceWith(state);
  shown.querySelector('[data-part="rows"]').replaceChildren(
    bar(campaign.by_status, campaign.rows), make("p", {}, ...counted(campaign.by_status)));
}

const isHeard = (part) =>
  [...part.querySelectorAll("audio")].some((one) => !one.paused || (one.currentTime > 0 && !one.ended));

// Takes over what the server shows now. A row whose sound somebody listens to stays the element that it is: a player that leaves
// the page falls silent.
async function refresh() {
  const page = new DOMParser().parseFromString(await api("GET", location.pathname), "text/html");
  const fresh = page.getElementById("campaign");
  if (!fresh) { location.reload(); return; } // the session has ended
  Object.assign(shown.dataset, fresh.dataset);
  for (const name of ["head", "meta", "rows", "links"]) {
    const part = `:scope > [data-part="${name}"]`;
    shown.querySelector(part).replaceWith(fresh.querySelector(part));
  }
  const before = document.getElementById("before");
  if (before && !page.getElementById("before") && !isHeard(before)) before.remove();
  const table = shown.querySelector("tbody");
  for (const row of fresh.querySelectorAll("tbody > tr")) {
    const there = table.querySelector(`tr[data-row="${row.dataset.row}"]`);
    if (!there) table.append(row);
    else if (!isHeard(there)) there.replaceWith(row);
  }
}

const ended = () => new Promise((resolve) => {
  const source = new EventSource(`${path}/events`);
  source.addEventListener("progress", (event) => show(JSON.parse(event.data)));
  source.addEventListener("end", () => { source.close(); resolve(); });
});

// Until nothing more comes by itself: the end of the work, then its report.
let following = false;
async function follow() {
  if (following) return;
  following = true;
  try {
    for (;;) {
      if (shown.dataset.state === "running") await ended();
      else if (shown.dataset.state.startsWith("finished") && !shown.dataset.report)
        await until(path, (one) => one.report !== null || !one.state.startsWith("finished"));
      else break;
      await pause(300); // no hurry, should two answers of the service differ
      await refresh();
    }
  } catch (problem) {
    say(problem.message, true);
  }
  following = false;
}
follow();

shown.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-action]");
  if (!button) return;
  button.disabled = true;
  try {
    await api("POST", `${path}/${button.dataset.action}`);
    await refresh();
    follow();
  } catch (problem) {
    say(problem.message, true);
    button.disabled = false;
  }
});

const estimate = document.getElementById("estimate");
if (estimate) {
  try {
    const one = await api("GET", `${path}/estimate`);
    const time = one.expected_wall_s === null ? "time unknown until this voice has spoken here"
      : `about ${Math.ceil(one.expected_wall_s).toLocaleString()} s of one worker, ${one.expected_cost.toFixed(2)} ${one.currency}`;
    estimate.textContent = `${one.utterances.toLocaleString()} distinct utterances, ${one.utterances_cached.toLocaleString()} already made; `
      + `${Math.round(one.seconds_to_make).toLocaleString()} s of sound to make for ${Math.round(one.seconds_to_deliver).toLocaleString()} s to deliver; ${time}.`;
  } catch (problem) {
    estimate.textContent = problem.message;
  }
  const examples = document.getElementById("examples");
  examples.addEventListener("click", async () => {
    examples.disabled = true;
    try {
      const made = await api("POST", `${path}/examples?rows=5`);
      await until(`/v1/campaigns/${made.id}`, isAtRest);
      const { assets } = await api("GET", `/v1/campaigns/${made.id}/assets`);
      const heard = [];
      for (const asset of assets) {
        const row = await api("GET", `/v1/campaigns/${made.id}/rows/${asset.row}`);
        heard.push(make("li", {}, make("p", { lang: row.locale }, row.script || ""), player(asset.url)));
      }
      document.getElementById("heard").replaceChildren(...heard);
      say(`${assets.length} examples are ready.`);
    } catch (problem) {
      say(problem.message, true);
    }
    examples.disabled = false;
  });
}
