"""Pocket TTS beside upstream's own loop, seconds of CPU for a second of sound: `python -m benchmarks.pocket
[--write]`.

Full size with random weights (speed does not depend on values), every stream of the same number of frames, one
thread of torch for each side, turns taken: upstream speaks one before each measurement of ours. Upstream generates
and decodes in two threads of its own, so it is the process's CPU time that is compared, not the clock. A table,
then one JSON line; `--write` keeps that line in `benchmarks/results/pocket_2_cores.json`.
"""

from __future__ import annotations

import json
import logging
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import torch

from tests.unit.workers.engines.pocket.alone import speak_alone, streams_of, upstream_voice
from tests.unit.workers.engines.pocket.requests import SENTENCES, request, speaker
from tests.unit.workers.engines.pocket.weights import load_with_upstream, make_weights
from workers.engines.pocket import PocketEngine
from workers.engines.pocket.streams import Stream, speak

RESULTS = Path(__file__).parent / "results" / "pocket_2_cores.json"
FRAME_S = 0.08
NEVER = 20.0
"""A threshold that no mark of the end is above: every stream has all its frames."""


class Sides:
    """Ours and upstream, the same weights and the same speaker."""

    def __init__(self, folder: Path, frames: int, reference_s: float) -> None:
        self._frames = frames
        self._preset = speaker(seconds=reference_s, eos_threshold=NEVER)
        self.engine = PocketEngine(location=folder)
        self.engine.warm([self._preset])
        self._tts = load_with_upstream(folder)
        self._tts.eos_threshold = NEVER
        self._tts._estimate_max_gen_len = lambda _: frames
        self._state = upstream_voice(self._tts, self._preset)

    def streams(self, count: int) -> list[Stream]:
        """So many, of unlike prompts and noise."""
        made = (
            streams_of(self.engine, request(SENTENCES[number % 6], self._preset, seed=number))[0]
            for number in range(count)
        )
        return [replace(stream, noise=stream.noise[: self._frames]) for stream in made]

    def upstream_s(self) -> float:
        """CPU seconds of one stream."""
        stream = self.streams(1)[0]
        started = time.process_time()
        speak_alone(self._tts, self._state, SENTENCES[0], [stream.noise])
        return time.process_time() - started

    def ours_s(self, count: int) -> tuple[float, float]:
        """CPU seconds of so many streams: speaking, decoding."""
        streams, ready = self.streams(count), self.engine._ready()
        started = time.process_time()
        spoken = list(speak(ready.network, streams, row_counts=ready.proof().row_counts, steps=1))
        between = time.process_time()
        for _ in ready.decode([one.latents for one in spoken]):
            pass
        return between - started, time.process_time() - between

    def distance(self) -> float:
        """Relative, of one stream's sound from upstream's."""
        stream, ready = self.streams(1)[0], self.engine._ready()
        (spoken,) = speak(ready.network, [stream], row_counts=(4,), steps=1)
        theirs = speak_alone(self._tts, self._state, SENTENCES[0], [stream.noise])
        (ours,) = ready.decode([spoken.latents])
        return float((ours - theirs).norm() / theirs.norm())


def measure(sides: Sides, counts: tuple[int, ...], frames: int, repeats: int) -> dict[str, Any]:
    """Seconds of CPU for a second of sound, medians."""
    sound_s = frames * FRAME_S
    alone: list[float] = []
    rows: dict[int, list[tuple[float, float, float]]] = {count: [] for count in counts}
    for _ in range(repeats):
        for count in counts:
            upstream = sides.upstream_s() / sound_s
            speaking, decoding = (seconds / count / sound_s for seconds in sides.ours_s(count))
            alone.append(upstream)
            rows[count].append((speaking, decoding, upstream / (speaking + decoding)))
    result: dict[str, Any] = {"frames": frames, "upstream": round(statistics.median(alone), 3), "streams": {}}
    for count, measured in rows.items():
        speaking, decoding, ratio = (statistics.median(column) for column in zip(*measured, strict=True))
        result["streams"][count] = {
            "speaking": round(speaking, 3),
            "decoding": round(decoding, 3),
            "ratio": round(ratio, 2),
        }
    return result


@click.command(help=__doc__)
@click.option("--streams", default="1,4,8,16,32", show_default=True)
@click.option("--frames", default=60, show_default=True, help="Of 80 ms, of each stream.")
@click.option("--reference-s", default=8.0, show_default=True)
@click.option("--repeats", default=3, show_default=True)
@click.option(
    "--config", default="english", show_default=True, help="A configuration that upstream publishes."
)
@click.option(
    "--weights", type=click.Path(path_type=Path), help="A folder; made and kept where there is none."
)
@click.option("--write", is_flag=True)
def main(
    streams: str,
    frames: int,
    reference_s: float,
    repeats: int,
    config: str,
    weights: Path | None,
    write: bool,
) -> None:
    torch.set_num_threads(1)
    logging.getLogger("pocket_tts").setLevel(logging.ERROR)
    counts = tuple(int(count) for count in streams.split(","))
    with tempfile.TemporaryDirectory() as scratch, torch.no_grad():
        folder = weights or Path(scratch) / "weights"
        if not (folder / "model.safetensors").is_file():
            make_weights(folder, config=config)
        sides = Sides(folder, frames, reference_s)
        result: dict[str, Any] = {
            "config": config,
            "distance": sides.distance(),
            "class": sides.engine.numeric_class,
        }
        result |= measure(sides, counts, frames, repeats)
    print(f"CPU seconds for a second of sound; upstream, one at a time: {result['upstream']}")
    print(f"{'streams':>8} {'speaking':>9} {'decoding':>9} {'of upstream':>12}")
    for count, row in result["streams"].items():
        print(f"{count:>8} {row['speaking']:>9.3f} {row['decoding']:>9.3f} {row['ratio']:>11.2f}x")
    line = json.dumps(result)
    print(line)
    if write:
        RESULTS.write_text(line + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
