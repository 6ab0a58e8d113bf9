// Lets a speaker be heard; opens a gate's blind listening page.
import { api, say } from "./common.js";

const sounds = new Map();
let playing = null;

// A speaker's sound, asked for once a visit.
async function soundOf(button) {
  const { speaker, sample } = button.dataset;
  if (!sounds.has(speaker)) {
    const answer = await fetch("/v1/speech", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ voice: { speaker }, input: sample, response_format: "mp3" }),
    });
    if (!answer.ok) throw new Error((await answer.json()).detail);
    sounds.set(speaker, new Audio(URL.createObjectURL(await answer.blob())));
  }
  return sounds.get(speaker);
}

for (const button of document.querySelectorAll("[data-speaker]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const sound = await soundOf(button);
      playing?.pause();
      playing = sound;
      sound.currentTime = 0;
      await sound.play();
      button.dataset.heard = "yes";
    } catch (problem) {
      say(problem.message, true);
    }
    button.disabled = false;
  });
}

for (const button of document.querySelectorAll("[data-gate]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const page = await api("POST", `/v1/gates/${button.dataset.gate}/listening`);
      location.assign(page.url);
    } catch (problem) {
      say(problem.message, true);
      button.disabled = false;
    }
  });
}
