// Opens a gate's blind listening page.
import { api, say } from "./common.js";

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
