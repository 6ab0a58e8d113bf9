// Held files, then files unlike the others: hear each from where it differs, accept or reject it with a reason.
import { api, make, player, say } from "./common.js";
import { lightUp } from "./words.js";

const table = document.getElementById("review");
const path = `/v1/campaigns/${table.dataset.campaign}/reviews`;
const queue = await api("GET", path);
const done = () => { document.querySelector(".empty").hidden = table.tBodies[0].rows.length > 0; };

async function judge(one, row, verdict) {
  const reason = row.querySelector("input").value.trim();
  try {
    await api("POST", path, { [verdict]: [one.row], reason });
    row.remove();
    say(`Row ${one.row} ${verdict}${one.held && verdict === "accepted" ? " and delivered" : ""}.`);
    done();
  } catch (problem) {
    say(problem.message, true);
  }
}

// A text with the stretches at `places` ([begun, ended] in characters) as elements of one kind; all of it stays text.
function marked(text, places, element) {
  const characters = Array.from(text);
  const parts = [];
  let at = 0;
  for (const [begun, ended] of places.filter(([begun, ended]) => ended > begun)) {
    parts.push(characters.slice(at, begun).join(""), make(element, {}, characters.slice(begun, ended).join("")));
    at = ended;
  }
  return [...parts, characters.slice(at).join("")];
}

function from(sound, seconds) {
  sound.currentTime = seconds;
  sound.play().catch((problem) => say(problem.message, true));
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;

function stretch(one, sound) {
  const what = [...new Set([one.kind, one.column])].filter(Boolean).join(" ") || "words of the template";
  return make("li", {},
    make("button", { type: "button", "aria-label": `Hear it from ${clock(one.at_s)}`, onclick: () => from(sound, Math.max(0, one.at_s - 0.5)) }, `▶ ${clock(one.at_s)}`),
    ` ${what}: `, make("del", {}, one.said || "nothing"), " → ", make("mark", {}, one.heard || "nothing"));
}

function sentence(one, sound) {
  const said = make("p", { class: "text" }, make("small", {}, "to be said"), ...marked(one.said, one.stretches.map((part) => part.said_at), "del"));
  if (!one.heard) {
    return make("div", { class: "stretches" }, said,
      make("button", { type: "button", onclick: () => from(sound, one.at_s) }, `▶ ${clock(one.at_s)}`), " could not be judged");
  }
  return make("div", {}, said,
    make("p", { class: "text" }, make("small", {}, "heard"), ...marked(one.heard, one.stretches.map((part) => part.heard_at), "mark")),
    make("ul", { class: "stretches" }, ...one.stretches.map((part) => stretch(part, sound))));
}

// What a file says appears when it is first played, each word lit while it is heard. A file that does not tell lights none.
function words(one, sound) {
  const place = make("p", { class: "words", lang: one.locale });
  sound.addEventListener("play", async () => {
    try {
      lightUp(sound, await api("GET", `${path}/${one.row}/words`), place);
    } catch (problem) {
      say(problem.message, true);
    }
  }, { once: true });
  return place;
}

table.tBodies[0].replaceChildren(...queue.map((one) => {
  const amiss = one.sentences.filter((part) => part.verdict !== "heard");
  const first = amiss.flatMap((part) => (part.stretches.length ? part.stretches : [part])).map((part) => part.at_s)[0];
  const sound = player(first === undefined ? one.url : `${one.url}#t=${Math.max(0, first - 0.5)}`);
  const row = make("tr", { "data-held": one.held || null }, make("td", { class: "number" }, String(one.row)), make("td", {}, one.locale),
    make("td", {}, one.held ? make("span", { class: "state failed" }, "held") : null, one.held ? " " : null, one.why,
      ...amiss.map((part) => sentence(part, sound))),
    make("td", {}, sound, words(one, sound)));
  row.append(make("td", {}, make("button", { type: "button", onclick: () => judge(one, row, "accepted") }, one.held ? "Accept and deliver" : "Accept"), " ",
    make("button", { type: "button", onclick: () => judge(one, row, "rejected") }, "Reject"), " ",
    make("input", { "aria-label": `What is wrong with row ${one.row}`, placeholder: "what is wrong" })));
  return row;
}));
done();
