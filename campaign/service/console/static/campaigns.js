// Live progress of every campaign that is under way.
import { bar, counted, make, stateOf } from "./common.js";

for (const row of document.querySelectorAll('tr[data-state="running"]')) {
  const source = new EventSource(`/v1/campaigns/${row.dataset.campaign}/events`);
  source.addEventListener("progress", (event) => {
    const campaign = JSON.parse(event.data);
    row.querySelector('[data-part="state"]').replaceChildren(stateOf(campaign));
    row.querySelector('[data-part="rows"]').replaceChildren(
      bar(campaign.by_status, campaign.rows), make("small", {}, ...counted(campaign.by_status)));
  });
  source.addEventListener("end", () => source.close());
}
