"""The engine as the worker sees it: bits, previews, conditioning."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests import ROOT
from tests.unit.workers.engines.f5.requests import SENTENCES, failure, preset_sound, request, sounds, waveform
from workers.engines.engine import (
    EngineError,
    Imperfection,
    JsonValue,
    Outcome,
    PreemptibleEngine,
    PresetSound,
    SpokenSpan,
    SynthesisRequest,
    UrgentBatch,
)
from workers.engines.f5.engine import F5Engine

# bits


def test_an_utterance_has_the_same_bits_alone_first_last_and_beside_long_ones(
    packing_engine: F5Engine, preset: PresetSound
) -> None:
    together = sounds(packing_engine, SENTENCES, preset)
    assert len(set(together.values())) == len(SENTENCES)
    for mix in (SENTENCES[::-1], SENTENCES[:1], [SENTENCES[3], SENTENCES[0]], SENTENCES[2:5]):
        for text, sound in sounds(packing_engine, mix, preset).items():
            assert sound == together[text]


def test_alone_and_packed_say_the_same_and_the_numeric_class_does_not_promise_the_bits(
    alone_engine: F5Engine, packing_engine: F5Engine, preset: PresetSound
) -> None:
    """On some CPUs the bits are equal too, on others products of another size add in another order."""
    assert alone_engine.numeric_class != packing_engine.numeric_class
    asked = [request(text, preset) for text in SENTENCES]
    for alone, packed in zip(
        map(waveform, alone_engine.synthesise(asked)),
        map(waveform, packing_engine.synthesise(asked)),
        strict=True,
    ):
        assert np.abs(alone.pcm.astype(int) - packed.pcm.astype(int)).max() <= 8


def test_a_restart_gives_the_same_bits(
    packing_engine: F5Engine, tiny_folder: Path, preset: PresetSound
) -> None:
    text = SENTENCES[1]
    script = (
        "import sys, torch; torch.set_num_threads(1); torch.backends.mkldnn.enabled = False\n"
        "from pathlib import Path\n"
        "from tests.unit.workers.engines.f5.requests import preset_sound, sounds\n"
        "from workers.engines.f5 import F5Engine\n"
        "engine = F5Engine(location=Path(sys.argv[1]), frame_budgets=(1024, 2048, 4096))\n"
        "print(sounds(engine, [sys.argv[2]], preset_sound())[sys.argv[2]])\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(tiny_folder), text],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.split()[-1] == sounds(packing_engine, [text], preset)[text]


def test_the_seed_alone_decides_between_two_takes(alone_engine: F5Engine, preset: PresetSound) -> None:
    first, again, other = (
        waveform(one).pcm
        for one in alone_engine.synthesise([request("Thank you.", preset, seed=seed) for seed in (5, 5, 6)])
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_two_presets_with_other_steps_share_a_batch(packing_engine: F5Engine, preset: PresetSound) -> None:
    other = preset_sound(name="brisk", nfe=3, cfg_strength=0.0)
    mixed = packing_engine.synthesise([request(SENTENCES[0], preset), request(SENTENCES[0], other)])
    assert [waveform(one).notes["nfe"] for one in mixed] == [4, 3]
    alone = packing_engine.synthesise([request(SENTENCES[0], other)])
    assert np.array_equal(waveform(mixed[1]).pcm, waveform(alone[0]).pcm)


def test_two_presets_in_one_pack_have_the_bits_that_each_has_alone(
    packing_engine: F5Engine, preset: PresetSound
) -> None:
    """The same steps and guidance, references of other lengths: they share a pack."""
    other = preset_sound(name="brisk", seconds=1.5, speed={"en": 1.1})
    turns = [(text, speaker) for text in SENTENCES[:3] for speaker in (preset, other)]
    mixed = packing_engine.synthesise([request(text, speaker) for text, speaker in turns])
    alone = [packing_engine.synthesise([request(text, speaker)])[0] for text, speaker in turns]
    assert [
        np.array_equal(waveform(one).pcm, waveform(two).pcm) for one, two in zip(mixed, alone, strict=True)
    ] == [True] * len(turns)
    assert not np.array_equal(waveform(mixed[0]).pcm, waveform(mixed[1]).pcm)


def test_golden_sound_changes_only_with_the_revision(alone_engine: F5Engine, preset: PresetSound) -> None:
    """Bits differ between processors; loudness by the tenth of a second does not, to a hundredth of a decibel."""
    pcm = waveform(alone_engine.synthesise([request("Hello Maria.", preset, seed=1)])[0]).pcm.astype(
        np.float64
    )
    blocks = pcm[: len(pcm) // 2400 * 2400].reshape(-1, 2400)
    levels_db = 20 * np.log10(np.sqrt(np.mean(blocks**2, axis=1)) / 32767)
    golden = GOLDEN[F5Engine.revision]
    assert len(pcm) == golden["samples"]
    assert levels_db == pytest.approx(golden["levels_db"], abs=0.01)


GOLDEN: dict[int, dict[str, Any]] = {
    1: {"samples": 19456, "levels_db": [-33.779, -34.009, -33.938, -34.015, -33.7, -33.847, -33.985, -34.001]}
}


def test_packs_that_are_prepared_ahead_have_the_same_bits(
    tiny_folder: Path, packing_engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a GPU: every pack but the first is prepared while the one before it runs."""
    from workers.engines.f5.device.ahead import PackAhead

    engine = F5Engine(location=tiny_folder, frame_budgets=(1024,))
    engine.warm([preset])
    model = engine._ready().device_model
    model.ahead = ahead = PackAhead(model.network)
    honest, taken = ahead.take, []

    def seen(*pack: Any, **options: Any) -> Any:
        prepared = honest(*pack, **options)
        taken.append(prepared is not None)
        return prepared

    monkeypatch.setattr(ahead, "take", seen)
    try:
        assert sounds(engine, SENTENCES, preset) == sounds(packing_engine, SENTENCES, preset)
    finally:
        engine.close()
    assert len(taken) > 2 and taken == [False, *[True] * (len(taken) - 1)]
    assert not any(thread.name.startswith("f5-next-pack") for thread in threading.enumerate())


# previews, one thread, conditioning


def test_a_preview_runs_between_the_steps_and_changes_no_bit_of_the_bulk(
    packing_engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = sounds(packing_engine, SENTENCES, preset)
    alone = sounds(packing_engine, ["A preview."], preset)["A preview."]
    order: list[str] = []
    waiting = [request("A preview.", preset)]

    def urgent() -> UrgentBatch | None:
        if not waiting or len(order) > 0:
            return None
        order.append("asked")
        return UrgentBatch(requests=[waiting.pop()], deliver=deliver)

    def deliver(outcomes: Sequence[Outcome]) -> None:
        order.append(hashlib.sha256(waveform(outcomes[0]).pcm.tobytes()).hexdigest())

    monkeypatch.setattr(packing_engine, "between_steps", urgent)
    monkeypatch.setattr(packing_engine, "on_outcome", lambda one, _outcome: order.append(one.text))
    assert sounds(packing_engine, SENTENCES, preset) == expected
    assert order[:3] == ["asked", "A preview.", alone]
    assert sorted(order[3:]) == sorted(SENTENCES)


def test_a_preview_that_cannot_be_delivered_is_not_the_bulks_fault(
    alone_engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> UrgentBatch | None:
        raise RuntimeError("no connection")

    monkeypatch.setattr(alone_engine, "between_steps", broken)
    with pytest.raises(EngineError, match="preview could not be asked for"):
        alone_engine.synthesise([request("Thank you.", preset)])
    monkeypatch.undo()
    assert isinstance(alone_engine, PreemptibleEngine)
    waveform(alone_engine.synthesise([request("Thank you.", preset)])[0])


def test_each_outcome_is_told_before_the_batch_returns_with_its_own_time(
    alone_engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Outcome] = []
    monkeypatch.setattr(alone_engine, "on_outcome", lambda _request, outcome: told.append(outcome))
    outcomes = alone_engine.synthesise([request(text, preset) for text in SENTENCES[:3]])
    assert told == list(outcomes)
    times = [waveform(one).t_first_ms for one in outcomes]
    assert times == sorted(times) and times[0] > 0
    assert all(waveform(one).t_last_ms >= waveform(one).t_first_ms for one in outcomes)


def test_a_second_thread_is_turned_away(
    alone_engine: F5Engine, preset: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems: list[EngineError] = []

    def intrude() -> None:
        try:
            alone_engine.synthesise([request("Thank you.", preset)])
        except EngineError as problem:
            problems.append(problem)

    def between() -> None:
        if not problems:
            thread = threading.Thread(target=intrude)
            thread.start()
            thread.join()

    monkeypatch.setattr(alone_engine, "between_steps", between)
    waveform(alone_engine.synthesise([request("Thank you.", preset)])[0])
    assert "two threads" in str(problems[0])


def test_stored_conditioning_gives_the_same_bits_and_only_for_its_own_preset(
    tiny_folder: Path, alone_engine: F5Engine, preset: PresetSound
) -> None:
    data = alone_engine.conditioning_bytes(preset)
    fresh = F5Engine(location=tiny_folder)
    fresh.load_conditioning(preset, data)
    assert sounds(fresh, SENTENCES[:2], preset) == sounds(alone_engine, SENTENCES[:2], preset)
    with pytest.raises(EngineError, match="another preset"):
        fresh.load_conditioning(preset_sound(seconds=3.0), data)
    with pytest.raises(EngineError, match="make it anew"):
        fresh.load_conditioning(preset, data[:50])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reference": None}, "no reference recording"),
        ({"transcript": " "}, "no reference recording"),
        ({"reference_rate_hz": 16_000}, "16000 Hz"),
        ({"reference": np.zeros(60_000, np.int16)}, "silent"),
        ({"reference": np.ones(24_000 * 13, np.int16)}, "13.0 s"),
        ({"parameters": {"nfe": 0}}, "nfe"),
    ],
)
def test_an_unusable_preset_fails_its_rows_and_the_warm_up(
    alone_engine: F5Engine, change: dict[str, Any], says: str
) -> None:
    good = preset_sound()
    facts = {name: getattr(good, name) for name in PresetSound.__slots__} | change
    bad = PresetSound(**(facts | {"sound_digest": f"changed {sorted(change)} {says}"}))
    with pytest.raises(EngineError, match=says):
        alone_engine.warm([bad])
    outcome = failure(alone_engine.synthesise([request("Thank you.", bad)])[0])
    assert outcome.code == "preset-unusable" and says in outcome.reason


def test_pinyin_in_the_lexicon_is_spoken_as_such(alone_engine: F5Engine, preset: PresetSound) -> None:
    written = SpokenSpan(text="你好", language="zh", phonemes=(("pinyin", "ni2 hao3"),))
    said = SpokenSpan(text="你好", language="zh")
    key = "0" * 64
    outcomes = alone_engine.synthesise(
        [SynthesisRequest(key=key, spans=(span,), preset=preset, seed=1) for span in (written, said)]
    )
    assert np.array_equal(waveform(outcomes[0]).pcm, waveform(outcomes[1]).pcm)  # tone sandhi: ni2 hao3


def test_imperfections_are_declared_recorded_and_the_same_each_time(alone_engine: F5Engine) -> None:
    flaws: list[JsonValue] = [
        {"kind": "hesitation", "stage": "text", "probability": 1.0},
        {"kind": "stutter", "stage": "mel", "probability": 1.0, "duration_ms": 120},
        {"kind": "breath", "stage": "waveform", "probability": 1.0},
        {"kind": "dropout", "stage": "codec", "probability": 1.0, "bitrate_kbps": 12},
    ]
    flawed = preset_sound(name="flawed", imperfections=flaws)
    first, again = (
        waveform(alone_engine.synthesise([request("Thank you for calling.", flawed)])[0]) for _ in range(2)
    )
    assert np.array_equal(first.pcm, again.pcm)
    events: Any = first.notes["imperfections"]
    assert [event["stage"] for event in events] == ["text", "mel", "waveform", "codec"]


def test_a_template_s_imperfections_are_those_of_a_preset_to_the_bit(
    alone_engine: F5Engine, preset: PresetSound
) -> None:
    flaws: list[JsonValue] = [
        {"kind": "stutter", "stage": "mel", "probability": 1.0, "duration_ms": 120},
        {"kind": "clipping", "stage": "waveform", "probability": 1.0},
    ]
    of_preset = request("Thank you for calling.", preset_sound(name="flawed", imperfections=flaws))
    of_template = replace(
        request("Thank you for calling.", preset),
        imperfections=tuple(map(Imperfection.model_validate, flaws)),
    )
    one, other = map(waveform, alone_engine.synthesise([of_preset, of_template]))
    assert np.array_equal(one.pcm, other.pcm)
    assert one.notes["imperfections"] == other.notes["imperfections"]


def test_an_engine_without_weights_says_how_to_add_some() -> None:
    with pytest.raises(EngineError, match="campaign model add"):
        F5Engine().warm([])


def test_a_closed_engine_can_be_warmed_again(
    tiny_folder: Path, preset: PresetSound, alone_engine: F5Engine
) -> None:
    engine = F5Engine(location=tiny_folder)
    engine.warm([preset])
    engine.close()
    engine.close()
    assert sounds(engine, SENTENCES[:1], preset) == sounds(alone_engine, SENTENCES[:1], preset)


def test_a_closed_engine_has_given_its_weights_back(tiny_folder: Path, preset: PresetSound) -> None:
    engine = F5Engine(location=tiny_folder)
    engine.warm([preset])
    network = engine._ready().device_model.network
    fused: Any = SimpleNamespace(network=network)
    network.fused = fused  # in that mode they hold each other
    weights = weakref.ref(network)
    del network, fused
    engine.close()
    assert weights() is None


def test_importing_the_engine_loads_no_torch() -> None:
    script = "import sys, workers.engines.f5; print({'torch', 'f5_tts', 'vocos'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "set()"
