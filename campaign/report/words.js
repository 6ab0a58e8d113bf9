// Words that light up while they are heard: in the report, whose words come from the captions beside each file, and in the
// console, whose words come from its API. `captions` are [{ text, from_ms, to_ms, words }], `words` null where nobody timed them.

export function lightUp(sound, captions, place) {
  const timed = [];
  const parts = captions.map((caption) => {
    if (!caption.words) return [caption.text];
    return caption.words.flatMap((word) => {
      const shown = document.createElement("span");
      shown.textContent = word.text;
      timed.push({ shown, from_ms: word.from_ms, to_ms: word.to_ms });
      return [shown, " "];
    });
  });
  place.replaceChildren(...parts.flatMap((part) => [...part, " "]));
  let lit = null;
  const mark = () => {
    const at_ms = 1000 * sound.currentTime;
    const now = timed.find((word) => word.from_ms <= at_ms && at_ms < word.to_ms) || null;
    if (now === lit) return;
    lit?.shown.classList.remove("playing");
    now?.shown.classList.add("playing");
    lit = now;
  };
  const follow = () => {
    mark();
    if (!sound.paused && !sound.ended) requestAnimationFrame(follow);
  };
  for (const moment of ["play", "pause", "seeked", "ended"]) sound.addEventListener(moment, follow);
  follow();
}

const SIGNS = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const plain = (text) => text.replace(/&(?:lt|gt|amp);/g, (sign) => SIGNS[sign]).trim();

// A cue of WebVTT as a caption: each word after the first has the moment before it at which it begins.
export function captionOf(cue) {
  const from_ms = 1000 * cue.startTime, to_ms = 1000 * cue.endTime;
  const [first, ...rest] = cue.text.split(/<(\d+):(\d\d):(\d\d\.\d{3})>/);
  const words = [{ text: plain(first), from_ms, to_ms }];
  for (let at = 0; at < rest.length; at += 4) {
    const [hours, minutes, seconds, text] = rest.slice(at, at + 4);
    const begun_ms = 1000 * (3600 * Number(hours) + 60 * Number(minutes) + Number(seconds));
    words.at(-1).to_ms = begun_ms;
    words.push({ text: plain(text), from_ms: begun_ms, to_ms });
  }
  const isTimed = rest.length > 0 || !/\s/.test(words[0].text);
  return { text: words.map((word) => word.text).join(" "), from_ms, to_ms, words: isTimed ? words : null };
}

for (const track of document.querySelectorAll("audio > track[data-words]")) {
  const sound = track.parentElement;
  const place = document.getElementById(track.dataset.words);
  track.addEventListener("load", () => lightUp(sound, Array.from(track.track.cues, captionOf), place), { once: true });
  sound.addEventListener("play", () => { track.track.mode = "hidden"; }, { once: true });
}
