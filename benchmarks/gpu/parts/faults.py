"""The engine as a worker calls it, and what goes wrong on a GPU: too little memory, a lost context, no C compiler."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.f5.restart import ROOT
from benchmarks.gpu.bench import Bench
from tests.unit.workers.engines.f5.requests import SENTENCES, preset_sound, request
from workers.engines.engine import Waveform
from workers.engines.f5 import F5Engine

CAP_GIB = 3.0


def engine(bench: Bench) -> None:
    """Six sentences in two orders: seconds, and whether each has one sound."""
    preset = preset_sound(seconds=1.5 if bench.quick else 5.0, nfe=7)
    spoken = F5Engine(
        device=bench.device,
        location=bench.folder(bench.small_model),
        frame_budgets=(1024, 2048, 4096) if bench.on_cuda else (1024,),
    )
    start = time.perf_counter()
    spoken.warm([preset])
    warm_s = time.perf_counter() - start
    sounds: list[dict[str, str]] = []
    for texts in (SENTENCES, SENTENCES[::-1]):
        start = time.perf_counter()
        outcomes = spoken.synthesise([request(text, preset) for text in texts])
        batch_s = time.perf_counter() - start
        sounds.append(
            {
                text: hashlib.sha256(outcome.pcm.tobytes()).hexdigest()[:16]
                if isinstance(outcome, Waveform)
                else f"{outcome.code}: {outcome.reason[:80]}"
                for text, outcome in zip(texts, outcomes, strict=True)
            }
        )
    bench.tell(
        "two orders",
        {
            "same": sounds[0] == sounds[1],
            "spoken": all(": " not in sound for sound in sounds[0].values()),
            "warm_s": round(warm_s, 2),
            "batch_s": round(batch_s, 3),
            "sounds": list(sounds[0].values()),
            "numeric_class": spoken.numeric_class,
        },
    )
    spoken.close()


def _elsewhere(bench: Bench, script: str, folder: Path, **environment: str) -> tuple[int, dict[str, object]]:
    """Exit code of a script in a process of its own, and the JSON of its last line."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(folder), bench.device],
        capture_output=True,
        text=True,
        timeout=max(5.0, bench.left_s() - 3),
        cwd=ROOT,
        env={name: value for name, value in {**os.environ, **environment}.items() if value or name == "PATH"},
        check=False,
    )
    last = (done.stdout.strip().splitlines() or ["{}"])[-1]
    try:
        return done.returncode, json.loads(last)
    except ValueError:
        return done.returncode, {"said": last[-300:], "error": done.stderr[-500:]}


SPEAKS = """
import json, sys
from pathlib import Path
from benchmarks.f5.ours import Ours
from benchmarks.f5.sound import probe_sha
from workers.engines.f5.device import DeviceChoice
choice = DeviceChoice(device=sys.argv[2], {choice})
ours = Ours(Path(sys.argv[1]), choice)
ours.admit()
print(json.dumps({{"mode": ours.mode, "admitted": [one.frames for one in ours.budgets], "refused": ours.refused,
                   "sha": probe_sha(ours, ours.budgets[0]), "numeric_class": ours.numeric_class}}))
"""


def cap(bench: Bench) -> None:
    """A share of the memory: large budgets go, the rest speaks."""
    script = SPEAKS.format(choice=f"max_vram_gib={CAP_GIB}")
    code, said = _elsewhere(bench, script, bench.folder())
    bench.tell("capped", {"gib": CAP_GIB, "exit": code, "speaks": "sha" in said, **said})


def compilerless(bench: Bench) -> None:
    """An empty PATH, no cache: the engine finds another mode, speaks and says so in its numeric class."""
    fresh = bench.scratch / "no-compiler"
    fresh.mkdir(exist_ok=True)
    environment = {"PATH": "", "CC": "", "CXX": "", "TRITON_CACHE_DIR": str(fresh / "triton")}
    environment["TORCHINDUCTOR_CACHE_DIR"] = str(fresh / "inductor")
    code, said = _elsewhere(
        bench,
        SPEAKS.format(choice="budgets_frames=(1024, 4096)"),
        bench.folder(bench.small_model),
        **environment,
    )
    bench.tell("no compiler", {"exit": code, "speaks": "sha" in said, **said})


LOST = """
import json, os, sys
from pathlib import Path
import torch
from tests.unit.workers.engines.f5.requests import SENTENCES, preset_sound, request
from workers.engines.engine import DeviceLostError
from workers.engines.f5 import F5Engine
preset = preset_sound(seconds=2, nfe=4)
engine = F5Engine(device=sys.argv[2], location=Path(sys.argv[1]), frame_budgets=(1024,))
engine.warm([preset])
engine.synthesise([request(SENTENCES[0], preset)])
torch.zeros(4, device="cuda")[torch.tensor([9], device="cuda")]
try:
    outcomes = engine.synthesise([request(text, preset) for text in SENTENCES])
except DeviceLostError as problem:
    print(json.dumps({"lost": str(problem)[:300]}), flush=True)
    os._exit(75)
print(json.dumps({"outcomes": [str(getattr(one, "code", "sound")) for one in outcomes]}))
"""


def sticky(bench: Bench) -> None:
    """A device-side assert: the engine says that the device is lost, so that the worker ends with 75."""
    code, said = _elsewhere(bench, LOST, bench.folder(bench.small_model))
    bench.tell("lost", {"exit": code, "told": code == 75, **said})
