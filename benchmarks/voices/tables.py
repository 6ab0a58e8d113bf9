"""Numbers to tables: docs/engines.md and docs/presets.md. What cannot be had here stands here, with its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SAID = {
    "espeak": ("about 100", "no", "GPL-3.0-or-later, the library; no weights"),
    "kokoro": ("en, es, fr, it, pt, hi", "no", "Apache-2.0"),
    "tone": ("any: a tone, no words", "no", "none"),
}
"""Engine -> languages, whether it clones, licence of the weights."""
ELSEWHERE = (
    ("f5", "en, zh; fine-tunes more", "yes", "CC-BY-NC-4.0", "weights needed; 1.8 [1]", "0.03 [2]", "yes [3]"),
    ("pocket", "the weights'", "yes", "CC-BY-4.0", "weights needed; 0.48 [4]", "0.02 [5]",
     "weights needed"),
    ("openai", "the pin's", "the pin's", "the model's", "server needed", "server needed", "the gate measures it"),
    ("chatterbox", "the pin's", "yes", "MIT", "server needed", "server needed", "the gate measures it"),
    ("gpt-sovits", "the pin's", "yes", "MIT", "server needed", "server needed", "the gate measures it"),
    ("cosyvoice", "the pin's", "yes", "Apache-2.0", "server needed", "0.05 [6]", "no: it draws its own seed"),
)  # fmt: skip
"""What cannot be had here: engine, languages, clones, licence, CPU s a second, the same on a GPU, bits."""
NOTES = """\
[1] Measured by this project (`benchmarks/results/f5_cpu_mid_nfe7.json`): a smaller network with random weights, NFE 7,
2 threads.
[2] Published by its authors (arXiv 2505.19931): EPSS, NFE 7, one RTX 3090.
[3] Measured by this project with random weights, within a numeric class.
[4] Measured by this project: the network in full size with random weights, one thread.
[5] Published: 50 seconds of sound a second on one RTX 4060 Ti.
[6] Published: 20 seconds of sound a second, CosyVoice 3 by TensorRT-LLM on one L20.
Licences of what is not here are what its authors say; a pin records what you were given."""


def voices_table(results: Mapping[str, Any]) -> str:
    """docs/engines.md."""
    lines = [
        "| engine | languages | clones | licence of the weights | CPU s a second of sound, one core | on a GPU | MOS "
        "| word error | memory, MB | same bits |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for engine, (languages, clones, licence) in SAID.items():
        of = results["engines"].get(engine)
        if of is None:
            lines.append(
                f"| `{engine}` | {languages} | {clones} | {licence} | not here | - | - | - | - | - |"
            )
            continue
        same = all(one["same_in_a_batch"] and one["same_after_a_restart"] for one in of.values())
        speed = max(one["cpu_s_a_s"] for one in of.values())
        peak = max(one["peak_mb"] for one in of.values())
        mos, errors = _each(of, "mos", ".1f"), _each(of, "word_error", ".0%")
        lines.append(
            f"| `{engine}` | {languages} | {clones} | {licence} | {speed:.2g} | runs on CPUs | {mos} | {errors} "
            f"| {peak:.0f} | {'yes' if same else 'no'} |"
        )
    for engine, languages, clones, licence, cpu, gpu, bits in ELSEWHERE:
        shown = f"`{engine}`" if " " not in engine else engine
        needed = "weights needed" if "weights" in cpu else "server needed"
        lines.append(
            f"| {shown} | {languages} | {clones} | {licence} | {cpu} | {gpu} | {needed} | {needed} | {needed} "
            f"| {bits} |"
        )
    return "\n".join([*lines, "", NOTES, "", _told(results)])


def _each(of: Mapping[str, Any], name: str, form: str) -> str:
    known = [f"{language} {one[name]:{form}}" for language, one in of.items() if one[name] is not None]
    return ", ".join(known) or "no words"


def _told(results: Mapping[str, Any]) -> str:
    return (
        f"Made by `python -m benchmarks.voices --rows {results['rows']}` (so many of each prompt set of the gate), one "
        f"CPU of two shared ones; word error by {results['recogniser']}, MOS by DistillMOS (1 to 5).\n"
        "Both stand in for people and replace none. The speed is that of the slowest language."
    )


def flaws_table(results: Mapping[str, Any]) -> str:
    """docs/presets.md."""
    lines = [
        "| kind | stage | rate | bitrate, kbit/s | word error | MOS |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in results["lines"]:
        mos = "-" if one["mos"] is None else f"{one['mos']:.1f}"
        cells = [one.get("kind", "none"), *(one.get(key, "-") for key in ("stage", "rate", "bitrate_kbps"))]
        lines.append(f"| {' | '.join(map(str, cells))} | {one['word_error']:.0%} | {mos} |")
    told = (
        f"`{results['engine']}`, {results['utterances']} English utterances of the gate's prompt sets, each with "
        f"probability 1 and 250 ms, heard by {results['recogniser']} and DistillMOS.\n"
        "A filler or a repeated letter that is heard counts as a word too much."
    )
    return "\n".join([*lines, "", told])


def between_markers(page: str, name: str, text: str) -> str:
    """The page with `text` in its place."""
    begin, end = f"<!-- {name}: made by benchmarks.voices -->", f"<!-- end of {name} -->"
    before, after = page.split(begin)[0], page.split(end)[1]
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"
