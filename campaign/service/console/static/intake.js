// Goes on to the campaign once its recipients are read.
import { until } from "./common.js";

const shown = document.getElementById("intake");
if (["uploaded", "reading"].includes(shown.dataset.state)) {
  const bar = shown.querySelector("progress");
  await until(`/v1/campaigns/${shown.dataset.campaign}/preflight`, (one) => ["read", "refused"].includes(one.state), {
    seen: (one) => { if (bar) bar.value = one.share || 0; },
  });
  location.reload();
}
