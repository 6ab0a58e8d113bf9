"""One engine in one language, in a process of its own.

python -m benchmarks.voices.speaking ENGINE FOLDER < requests.json
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from campaign.registry.catalogue import shipped_catalogue
from campaign.registry.catalogue.keeping import place_of
from storage.settings import Settings
from workers.engines.engine import Outcome, Pcm, PresetSound, SynthesisRequest, Waveform
from workers.engines.registry import create_engine
from workers.presets.shipped import shipped_preset
from workers.requests import Spec, request_for
from workers.runs import sound_hash

MEASURED = {
    "espeak": ("demo-voice", 1, ("en", "es", "de", "fr")),
    "kokoro": ("demo-voice", 2, ("en", "es", "fr")),
    "tone": ("demo-voice", 1, ("en",)),
}
"""Engine -> preset and languages; of Kokoro those that it speaks itself."""
TRIES = 2
"""Of each utterance; the least CPU time counts, which other work on the machine disturbs least."""

Sound = tuple[str, Pcm, int]
"""Words, samples, rate."""


def place_of_weights(engine: str) -> Path | None:
    """Where `campaign voice get` puts them; None for an engine that brings its own voice."""
    return place_of(Settings(), shipped_catalogue().find(engine)) if engine == "kokoro" else None


def speak(
    engine: str, asked: Sequence[SynthesisRequest], preset: PresetSound, folder: Path
) -> dict[str, Any]:
    """Measure, and leave the samples in `folder`."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    speaker = create_engine(engine, location=place_of_weights(engine))
    begun = time.perf_counter()
    speaker.warm([preset])
    loaded_s = time.perf_counter() - begun
    speaker.synthesise(asked[:1])
    made, spent_s = [], 0.0
    for request in asked:
        tries = []
        for _ in range(TRIES):
            before_s = cpu_s(os.getpid())
            one = made_of(speaker.synthesise([request])[0])
            tries.append(cpu_s(os.getpid()) - before_s)
        made.append(one)
        spent_s += min(tries)
    digests = [sound_hash(one.pcm) for one in made]
    together = [sound_hash(made_of(one).pcm) for one in speaker.synthesise(asked[:4])]
    peak_mb = peak_kb(os.getpid()) / 1024
    speaker.close()
    for number, (request, one) in enumerate(zip(asked, made, strict=True)):
        np.savez(folder / f"{number:03}.npz", words=request.text, pcm=one.pcm, rate_hz=one.rate_hz)
    return {
        "seconds": sum(one.duration_s for one in made),
        "cpu_s": spent_s,
        "loaded_s": loaded_s,
        "peak_mb": peak_mb,
        "digests": digests,
        "same_in_a_batch": together == digests[:4],
    }


def made_of(outcome: Outcome) -> Waveform:
    """Or the end of the benchmark."""
    if not isinstance(outcome, Waveform):
        raise SystemExit(f"an engine failed: {outcome}")
    return outcome


def family(pid: int) -> list[int]:
    """A process and all below it."""
    told = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(one): int(parent) for one, parent in map(str.split, told.splitlines())}
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def cpu_s(pid: int) -> float:
    """CPU seconds of a process, all below it, and what ended there."""
    ticks = 0
    for one in family(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def peak_kb(pid: int) -> int:
    """The largest that each process of a family was, summed."""
    total = 0
    for one in family(pid):
        try:
            status = Path(f"/proc/{one}/status").read_text(encoding="utf-8")
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return total


def preset_of(engine: str) -> PresetSound:
    """The voice that ships."""
    name, version, _languages = MEASURED[engine]
    return shipped_preset(name, version, engine=engine)


def in_a_process(engine: str, said: Sequence[tuple[str, Spec]]) -> tuple[dict[str, Any], list[Sound]]:
    """What `speak` measured, and what was said."""
    asked = json.dumps([[key, spec.as_json()] for key, spec in said])
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.voices.speaking", engine, folder],
            input=asked,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{engine}: {done.stderr[-2000:]}")
        sounds = []
        for path in sorted(Path(folder).glob("*.npz")):
            with np.load(path) as kept:
                sounds.append((str(kept["words"]), kept["pcm"], int(kept["rate_hz"])))
    return json.loads(done.stdout.splitlines()[-1]), sounds


if __name__ == "__main__":
    _engine, _folder = sys.argv[1:]
    _preset = preset_of(_engine)
    _asked = [request_for(key, spec, _preset) for key, spec in json.load(sys.stdin)]
    sys.stdout.write(json.dumps(speak(_engine, _asked, _preset, Path(_folder))) + "\n")
