"""The engine as the worker sees it: bits, ends, refusals, previews."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests import ROOT
from tests.unit.workers.engines.pocket.requests import SENTENCES, failure, request, sounds, speaker, waveform
from tests.unit.workers.engines.pocket.weights import make_weights
from workers.engines.engine import (
    EngineError,
    Outcome,
    PreemptibleEngine,
    PresetSound,
    SynthesisRequest,
    UrgentBatch,
)
from workers.engines.pocket import PocketEngine
from workers.engines.pocket.proof import prove
from workers.engines.pocket.utterances import PocketUtterance

# bits


def test_an_utterance_has_the_same_bits_alone_and_in_any_mix(engine: PocketEngine, kira: PresetSound) -> None:
    """Streams end after 10 to 34 frames, so that each goes on among ever fewer others."""
    requests = [request(text, kira) for text in SENTENCES]
    together = sounds(engine, requests)
    assert len(set(together)) == len(SENTENCES)
    for mix in ([2], [5, 4, 3, 2, 1, 0], [3, 0]):
        assert sounds(engine, [requests[index] for index in mix]) == [together[index] for index in mix]


def test_more_utterances_than_places_have_the_same_bits(engine: PocketEngine) -> None:
    """40 for 32 places: eight begin in places where others have ended, among streams that are half spoken."""
    brisk = speaker(name="brisk", eos_threshold=1.0)
    requests = [request(SENTENCES[number % 6], brisk, seed=number // 6) for number in range(40)]
    together = sounds(engine, requests)
    for index in (2, 39):
        assert sounds(engine, [requests[index]]) == [together[index]]


def test_speakers_with_other_references_and_ends_share_a_batch(
    engine: PocketEngine, kira: PresetSound
) -> None:
    other = speaker(name="tom", seconds=1.5, eos_threshold=1.0, temperature=0.7)
    turns = [request(text, who) for text in SENTENCES[:3] for who in (kira, other)]
    together = sounds(engine, turns)
    assert together == [sounds(engine, [one])[0] for one in turns]
    assert len(set(together)) == len(turns)


def test_a_restart_gives_the_same_bits_and_loading_leaves_the_process_its_threads(
    engine: PocketEngine, tiny_weights: Path, kira: PresetSound
) -> None:
    """`import pocket_tts` sets one for everybody."""
    script = (
        "import sys, torch; torch.set_num_threads(2)\n"
        "from pathlib import Path\n"
        "from tests.unit.workers.engines.pocket.requests import SENTENCES, request, sounds, speaker\n"
        "from workers.engines.pocket import PocketEngine\n"
        "from workers.engines.pocket.upstream import load_package\n"
        "load_package(); print(torch.get_num_threads()); torch.set_num_threads(1)\n"
        "engine = PocketEngine(location=Path(sys.argv[1]))\n"
        "print(engine.numeric_class, sounds(engine, [request(SENTENCES[0], speaker())])[0])\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(tiny_weights)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    sound = sounds(engine, [request(SENTENCES[0], kira)])[0]
    assert done.stdout.split() == ["2", engine.numeric_class, sound]


def test_a_product_of_many_rows_alone_is_used_where_fewer_would_sum_otherwise(
    engine: PocketEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    network = engine._ready().network
    honest = network.head.decode

    def unlike(conditions, noise, steps):  # type: ignore[no-untyped-def]
        return honest(conditions, noise, steps) * (1.000001 if len(noise) == 8 else 1)

    assert prove(network).row_counts == (4, 8, 16, 32)
    monkeypatch.setattr(network.head, "decode", unlike)
    assert prove(network).row_counts == (4, 16, 32)
    assert "8 rows" in caplog.text


def test_the_seed_alone_decides_between_two_takes(engine: PocketEngine, kira: PresetSound) -> None:
    first, again, other = sounds(engine, [request(SENTENCES[0], kira, seed=seed) for seed in (5, 5, 6)])
    assert first == again != other
    fixed = speaker(name="fixed", seed_policy="fixed", seed=5)
    assert sounds(engine, [request(SENTENCES[0], fixed, seed=seed) for seed in (1, 2)]) == [first, first]


def test_golden_sound_changes_only_with_the_revision(engine: PocketEngine, kira: PresetSound) -> None:
    """Bits differ between processors; loudness by the tenth of a second does not, to a hundredth of a decibel."""
    pcm = waveform(engine.synthesise([request(SENTENCES[0], kira, seed=1)])[0]).pcm.astype(np.float64)
    blocks = pcm[: len(pcm) // 2400 * 2400].reshape(-1, 2400)
    levels_db = 20 * np.log10(np.sqrt(np.mean(blocks**2, axis=1)) / 32767)
    samples, levels = GOLDEN[PocketEngine.revision]
    assert len(pcm) == samples
    assert levels_db[: len(levels)] == pytest.approx(levels, abs=0.01)


GOLDEN: dict[int, tuple[int, list[float]]] = {
    1: (17280, [-17.779, -16.658, -15.966, -15.78, -15.669, -16.217, -15.659])
}

# refusals


@pytest.mark.parametrize(
    ("text", "table", "code", "reason"),
    [
        ("Hello Maria.", {}, "too-few-words", "2 words"),
        ("Call ø after noon.", {}, "unspeakable", "U+00F8"),
        ("... !", {}, "unspeakable", "no letter"),
        (SENTENCES[0], {"eos_threshold": 20.0}, "no-end", "no end within"),
        (SENTENCES[0], {"gain_db": 20.0}, "clipped", "gain_db"),
        ("one two three four five six seven eight nine ten eleven", {}, "too-long", "without a comma"),
        ("one two three four five six seven eight nine, ten.", {}, "too-long", "too short"),
    ],
)
def test_what_cannot_be_said_well_is_refused_and_its_neighbour_is_spoken(
    engine: PocketEngine, kira: PresetSound, text: str, table: dict[str, float], code: str, reason: str
) -> None:
    who = speaker(name="other", **table)
    refused, spoken = engine.synthesise([request(text, who), request(SENTENCES[1], kira)])
    assert failure(refused).code == code
    assert reason in failure(refused).reason
    assert not failure(refused).retryable
    waveform(spoken)


def test_a_short_text_is_spoken_where_somebody_has_heard_that_it_is_well(engine: PocketEngine) -> None:
    who = speaker(name="brief", fewest_words={"default": 1})
    waveform(engine.synthesise([request("Hello Maria.", who)])[0])
    german = speaker(name="kurz", fewest_words={"de": 1})
    assert failure(engine.synthesise([request("Hello Maria.", german)])[0]).code == "too-few-words"


def test_longer_sound_than_is_allowed_is_refused_and_never_cut(
    engine: PocketEngine, kira: PresetSound
) -> None:
    whole = request(SENTENCES[0], kira)
    seconds = waveform(engine.synthesise([whole])[0]).duration_s
    refused, spoken = engine.synthesise(
        [replace(whole, max_seconds=seconds - 0.04), replace(whole, max_seconds=seconds)]
    )
    assert failure(refused).code == "too-long"
    assert waveform(spoken).duration_s == seconds


def test_silence_is_refused(tmp_path: Path, kira: PresetSound) -> None:
    quiet = PocketEngine(location=make_weights(tmp_path / "quiet", loudness=1e-4))
    assert failure(quiet.synthesise([request(SENTENCES[0], kira)])[0]).code == "silent"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"reference": None}, "no reference recording"),
        ({"reference_rate_hz": 16_000}, "16000 Hz"),
        ({"reference": np.zeros(48_000, np.int16)}, "silent"),
        ({"reference": np.ones(9_000, np.int16)}, "give 1 to 30"),
        ({"parameters": {"temperatur": 1.0}}, "temperatur"),
    ],
)
def test_a_preset_that_cannot_serve_fails_its_rows_alone(
    engine: PocketEngine, kira: PresetSound, change: dict[str, object], reason: str
) -> None:
    broken = replace(kira, sound_digest="0" * 64, **change)  # type: ignore[arg-type]
    refused, spoken = engine.synthesise([request(SENTENCES[0], broken), request(SENTENCES[0], kira)])
    assert failure(refused).code == "preset-unusable"
    assert reason in failure(refused).reason
    waveform(spoken)


def test_an_error_is_blamed_on_the_utterance_that_has_it(
    engine: PocketEngine, kira: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = engine._ready().network
    honest = network.read_tokens

    def read(tokens, before):  # type: ignore[no-untyped-def]
        if len(tokens) == guilty:
            raise RuntimeError("bad luck\nat length")
        return honest(tokens, before)

    requests = [request(text, kira) for text in SENTENCES[:4]]
    clean = sounds(engine, requests)
    prepared = engine._prepare(requests[2], 0)
    assert isinstance(prepared, PocketUtterance)
    guilty = prepared.tokens
    monkeypatch.setattr(network, "read_tokens", read)
    outcomes = engine.synthesise(requests)
    assert failure(outcomes[2]).code == "engine-crashed"
    assert failure(outcomes[2]).reason == "Pocket TTS: bad luck"
    monkeypatch.undo()
    assert sounds(engine, [requests[0], requests[1], requests[3]]) == [clean[0], clean[1], clean[3]]


# previews, threads, states


def test_a_preview_is_spoken_between_frames_and_changes_nothing(
    engine: PocketEngine, kira: PresetSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(engine, PreemptibleEngine)
    requests = [request(text, kira) for text in SENTENCES[:3]]
    preview = request(SENTENCES[4], kira)
    clean, alone = sounds(engine, requests), sounds(engine, [preview])
    told: list[str] = []
    delivered: list[Sequence[Outcome]] = []
    asked = iter([None, None, UrgentBatch(requests=[preview], deliver=delivered.append)])
    monkeypatch.setattr(engine, "between_steps", lambda: next(asked, None))
    monkeypatch.setattr(engine, "on_outcome", lambda one, _: told.append(one.key))
    assert sounds(engine, requests) == clean
    assert told[0] == preview.key
    assert sorted(told[1:]) == sorted(one.key for one in requests)
    monkeypatch.undo()
    assert [np.array_equal(waveform(one).pcm, _pcm(engine, preview)) for one in delivered[0]] == [True]
    assert alone == sounds(engine, [preview])


def _pcm(engine: PocketEngine, one: SynthesisRequest) -> np.ndarray:
    return waveform(engine.synthesise([one])[0]).pcm


def test_a_thread_count_that_others_set_meanwhile_changes_nothing(
    engine: PocketEngine, kira: PresetSound
) -> None:
    clean = sounds(engine, [request(SENTENCES[0], kira)])
    torch.set_num_threads(2)
    try:
        assert engine.numeric_class.endswith("-t1")
        assert sounds(engine, [request(SENTENCES[0], kira)]) == clean
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(1)


def test_without_weights_a_table_is_checked_and_nothing_spoken(kira: PresetSound) -> None:
    engine = PocketEngine()
    engine.warm([kira])
    with pytest.raises(EngineError, match="temperature"):
        engine.warm([speaker(temperature=9.0)])
    with pytest.raises(EngineError, match="campaign model add"):
        engine.synthesise([request(SENTENCES[0], kira)])


def test_what_it_can_do(engine: PocketEngine) -> None:
    assert engine.capabilities.languages == {"en"}
    assert engine.capabilities.clones
    assert not engine.capabilities.needs_transcript
    assert engine.numeric_class.endswith("-t1")
    assert engine.version in engine.numeric_class
