// Files unlike the others: hear each, accept or reject it with a reason.
import { api, make, player, say } from "./common.js";

const table = document.getElementById("review");
const path = `/v1/campaigns/${table.dataset.campaign}/reviews`;
const queue = await api("GET", path);
const done = () => { document.querySelector(".empty").hidden = table.tBodies[0].rows.length > 0; };

async function judge(one, row, verdict) {
  const reason = row.querySelector("input").value.trim();
  try {
    await api("POST", path, { [verdict]: [one.row], reason });
    row.remove();
    say(`Row ${one.row} ${verdict}.`);
    done();
  } catch (problem) {
    say(problem.message, true);
  }
}

table.tBodies[0].replaceChildren(...queue.map((one) => {
  const row = make("tr", {}, make("td", { class: "number" }, String(one.row)), make("td", {}, one.locale), make("td", {}, one.why),
    make("td", {}, player(one.url)));
  row.append(make("td", {}, make("button", { type: "button", onclick: () => judge(one, row, "accepted") }, "Accept"), " ",
    make("button", { type: "button", onclick: () => judge(one, row, "rejected") }, "Reject"), " ",
    make("input", { "aria-label": `What is wrong with row ${one.row}`, placeholder: "what is wrong" })));
  return row;
}));
done();
