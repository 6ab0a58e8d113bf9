"""The engine as a worker calls it, on the device."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from benchmarks.f5.restart import ROOT
from tests.gpu.device import DEVICE, ON_CUDA
from tests.gpu.models import BUDGETS_FRAMES, SIZE, Models, free
from tests.unit.workers.engines.f5.requests import SENTENCES, preset_sound, request, sounds
from workers.engines.engine import EngineError, Outcome, PresetSound, SynthesisRequest, UrgentBatch, Waveform
from workers.engines.f5 import F5Engine

assert DEVICE is not None
CAP_GIB = 1.5
"""0.6 for the weights, 1.7 for a step of the largest budget."""
MOST_LEFT_MIB = 50
CHILD_LIMIT_S = 240


@pytest.fixture(scope="module")
def preset() -> PresetSound:
    return preset_sound()


@pytest.fixture(scope="module")
def engine(models: Models, preset: PresetSound) -> Iterator[F5Engine]:
    warmed = F5Engine(device=str(DEVICE), location=models.folder(), frame_budgets=BUDGETS_FRAMES)
    warmed.warm([preset])
    yield warmed
    warmed.close()


def test_two_orders_have_the_same_sounds(engine: F5Engine, preset: PresetSound) -> None:
    together = sounds(engine, SENTENCES, preset)
    assert len(set(together.values())) == len(SENTENCES)
    assert sounds(engine, SENTENCES[::-1], preset) == together
    for text in SENTENCES[:2]:
        assert sounds(engine, [text], preset) == {text: together[text]}


class OnePreview:
    """Wants to speak once, at the first opportunity."""

    def __init__(self, wanted: SynthesisRequest) -> None:
        self._waiting = [wanted]
        self.outcomes: list[Outcome] = []

    def __call__(self) -> UrgentBatch | None:
        if not self._waiting:
            return None
        return UrgentBatch(requests=[self._waiting.pop()], deliver=self.outcomes.extend)


def test_a_preview_beside_bulk_has_its_own_sound_and_so_has_the_bulk(
    engine: F5Engine, preset: PresetSound
) -> None:
    alone = sounds(engine, SENTENCES, preset)
    waiting = OnePreview(request(SENTENCES[0], preset))
    engine.between_steps = waiting
    try:
        assert sounds(engine, SENTENCES[1:], preset) == {text: alone[text] for text in SENTENCES[1:]}
    finally:
        engine.between_steps = None
    [outcome] = waiting.outcomes
    assert isinstance(outcome, Waveform)
    assert sounds(engine, SENTENCES[:1], preset)[SENTENCES[0]] == alone[SENTENCES[0]]


# memory


@pytest.mark.gpu
def test_an_out_of_memory_is_survived(models: Models, preset: PresetSound) -> None:
    """Memory that something else takes and gives back: afterwards everything sounds as before.

    In between rows are spoken or fail for want of memory, or the engine asks for a new process.
    """
    options: dict[str, Any] = {"device": DEVICE, "location": models.folder(), "frame_budgets": BUDGETS_FRAMES}
    pressed = F5Engine(**options)
    before = sounds(pressed, SENTENCES, preset)
    free()
    left, _ = torch.cuda.mem_get_info()
    taken = torch.empty(max(0, left - 2**25), dtype=torch.uint8, device=DEVICE)
    try:
        outcomes = pressed.synthesise([request(text, preset) for text in SENTENCES])
    except EngineError:
        outcomes = []
        pressed.close()
        pressed = F5Engine(**options)  # as the next process would
    finally:
        del taken
        free()
    codes = {str(getattr(outcome, "code", "sound")) for outcome in outcomes}
    assert codes <= {"sound", "out-of-memory"}
    assert sounds(pressed, SENTENCES, preset) == before
    pressed.close()


@pytest.mark.gpu
def test_a_previews_out_of_memory_spares_the_bulk(
    engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sounds(engine, SENTENCES, preset)
    ready = engine._ready().device_model
    true, within = ready.run, list[int]()

    def run(*arguments: object, **options: object) -> object:
        if within:
            raise torch.OutOfMemoryError("CUDA out of memory: none is left for the preview")
        within.append(1)
        try:
            return true(*arguments, **options)  # type: ignore[arg-type]
        finally:
            within.pop()

    engine.between_steps = OnePreview(request(SENTENCES[0], preset))
    monkeypatch.setattr(ready, "run", run)
    try:
        assert sounds(engine, SENTENCES[1:], preset) == {text: before[text] for text in SENTENCES[1:]}
    finally:
        engine.between_steps = None
        monkeypatch.undo()
    assert sounds(engine, SENTENCES, preset) == before


@pytest.mark.gpu
def test_memory_returns(models: Models, preset: PresetSound) -> None:
    """After `close`, and no plan of a Fourier transform is kept for each of many lengths."""
    free()
    before = torch.cuda.memory_allocated()
    short_lived = F5Engine(device=str(DEVICE), location=models.folder(), frame_budgets=(1024,))
    short_lived.warm([preset])
    sounds(short_lived, ["Ah."], preset)
    gc.collect()
    warm = torch.cuda.memory_allocated()
    for length in range(50):
        sounds(
            short_lived,
            ["Good morning to you" + " and you" * (length % 10) + "a" * (length // 10) + "."],
            preset,
        )
    gc.collect()
    assert torch.cuda.memory_allocated() - warm < MOST_LEFT_MIB * 2**20
    short_lived.close()
    del short_lived
    free()
    assert torch.cuda.memory_allocated() - before < MOST_LEFT_MIB * 2**20


# processes of their own

SPEAKS = """
import json, sys
from pathlib import Path
from tests.unit.workers.engines.f5.requests import SENTENCES, preset_sound, sounds
from workers.engines.f5 import F5Engine
options = json.loads(sys.argv[3])
engine = F5Engine(location=Path(sys.argv[1]), device=sys.argv[2], **options)
preset = preset_sound()
engine.warm([preset])
model = engine._ready().device_model
said = sounds(engine, SENTENCES[:2], preset)
print(json.dumps({"mode": model.mode, "admitted": [one.frames for one in model.budgets],
                  "refused": list(model.refused), "class": engine.numeric_class, "sounds": said}))
"""


def elsewhere(
    script: str, folder: Path, options: dict[str, object], **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(folder), str(DEVICE), json.dumps(options)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=CHILD_LIMIT_S,
        env={name: value for name, value in {**os.environ, **environment}.items() if value or name == "PATH"},
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    assert done.returncode == 0, done.stderr[-1500:]
    facts: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return facts


@pytest.mark.gpu
def test_a_small_cap_drops_large_budgets_and_speaks(models: Models) -> None:
    facts = said(elsewhere(SPEAKS, models.folder("full"), {"max_vram_gib": CAP_GIB, "mode": "eager"}))
    assert facts["refused"] and facts["admitted"]
    assert max(facts["admitted"]) < min(facts["refused"])  # type: ignore[call-overload]
    assert len(facts["sounds"]) == 2  # type: ignore[arg-type]


def without_a_compiler(tmp_path: Path) -> dict[str, str]:
    """No PATH to look for one on, and no cache of what one made before."""
    return {
        **dict.fromkeys(("PATH", "CC", "CXX"), ""),
        "TORCHINDUCTOR_CACHE_DIR": str(tmp_path / "inductor"),
        "TRITON_CACHE_DIR": str(tmp_path / "triton"),
    }


def test_without_a_c_compiler_it_speaks_eager_and_says_so(models: Models, tmp_path: Path) -> None:
    done = elsewhere(
        SPEAKS, models.folder(), {"frame_budgets": BUDGETS_FRAMES}, **without_a_compiler(tmp_path)
    )
    facts = said(done)
    assert facts["mode"] == "eager"
    assert "eager" in str(facts["class"])


LOSES_ITS_DEVICE = """
import os, sys
from pathlib import Path
import torch
from tests.unit.workers.engines.f5.requests import SENTENCES, preset_sound, request, sounds
from workers.engines.engine import DeviceLostError
from workers.engines.f5 import F5Engine
engine = F5Engine(location=Path(sys.argv[1]), device=sys.argv[2], frame_budgets=(1024,))
preset = preset_sound()
engine.warm([preset])
sounds(engine, SENTENCES[:1], preset)
{accident}
told = []
engine.on_outcome = lambda request, outcome: told.append(outcome)
try:
    engine.synthesise([request(text, preset) for text in SENTENCES])
except DeviceLostError as problem:
    print(f"lost: {{problem}}; {{len(told)}} rows blamed", flush=True)
    os._exit(75)
os._exit(1)
"""
ON_A_GPU = 'torch.zeros(4, device="cuda")[torch.tensor([9], device="cuda")]'
REHEARSED = """
def lost(*arguments, **options):
    raise RuntimeError("CUDA error: device-side assert triggered")
model = engine._ready().device_model
model.run = lost
model.canary._launch = lost
"""


def test_a_device_assert_is_a_lost_device(models: Models, preset: PresetSound, tmp_path: Path) -> None:
    """No row is blamed, the process can end with 75, and the next one speaks."""
    script = LOSES_ITS_DEVICE.format(accident=ON_A_GPU if ON_CUDA else REHEARSED)
    done = elsewhere(script, models.folder(), {})
    assert done.returncode == 75, done.stderr[-1500:]
    assert "0 rows blamed" in done.stdout
    next_one = said(elsewhere(SPEAKS, models.folder(), {"frame_budgets": [1024]}))
    assert len(next_one["sounds"]) == 2  # type: ignore[arg-type]


# the card


@pytest.mark.gpu
def test_telemetry_reads_the_card(models: Models, engine: F5Engine, preset: PresetSound) -> None:
    pytest.importorskip("pynvml", reason="nvidia-ml-py is not installed")
    pytest.importorskip("sqlalchemy", reason="what a worker needs beside the engine is not installed")
    import time

    from workers.observability.gpu import Telemetry

    telemetry = Telemetry(str(DEVICE))
    first, start = telemetry.read(), time.perf_counter()
    assert first is not None
    assert first.model == torch.cuda.get_device_name()
    assert first.uuid.removeprefix("GPU-") == str(torch.cuda.get_device_properties(0).uuid)
    assert (first.power_w or 0) > 0
    for _ in range(5):
        sounds(engine, SENTENCES, preset)
    last, took_s = telemetry.read(), time.perf_counter() - start
    assert last is not None
    if first.energy_joules is not None and last.energy_joules is not None:
        assert 10 * took_s * 0.5 < last.energy_joules - first.energy_joules < 750 * took_s + 100
    used = telemetry.memory_used_mib()
    left, total = torch.cuda.mem_get_info()
    assert used is not None
    assert abs(used - (total - left) / 2**20) < 1024


def test_the_model_under_test_is_the_one_that_is_meant(models: Models) -> None:
    assert models.folder().parent.name == SIZE
