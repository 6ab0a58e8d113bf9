"""Flaws are what was declared, where it was declared, and the same each time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from workers.engines.engine import EngineError, JsonValue, SpokenSpan
from workers.engines.f5.settings import F5Settings
from workers.engines.flaws import (
    MEL_FLOOR,
    Event,
    imperfect_codec,
    imperfect_mel,
    imperfect_text,
    imperfect_waveform,
)
from workers.engines.imperfection import Imperfection

RATE_HZ = 24_000
SPANS = (
    SpokenSpan(text="please call us tomorrow", language="en"),
    SpokenSpan(text="vielen Dank", language="de"),
)


def parse_imperfections(value: list[JsonValue]) -> tuple[Imperfection, ...]:
    return F5Settings.parse({"imperfections": value}).imperfections


def declared(kind: str, stage: str, **table: JsonValue) -> tuple[Imperfection, ...]:
    return parse_imperfections([{"kind": kind, "stage": stage, "probability": 1.0, **table}])


@pytest.fixture
def wave() -> np.ndarray:
    seconds = np.arange(2 * RATE_HZ) / RATE_HZ
    return (0.3 * np.sin(2 * np.pi * 200 * seconds) * (seconds % 0.5 > 0.1)).astype(np.float32)


@pytest.fixture
def mel() -> np.ndarray:
    return np.random.default_rng(1).normal(-3, 1, (200, 100)).astype(np.float32)


def test_hesitations_and_stutters_are_words_in_the_spans_own_language() -> None:
    spans, events = imperfect_text(SPANS, declared("hesitation", "text", rate=10), seed=1)
    assert "uh, " in spans[0].text and "äh, " in spans[1].text
    assert len(events) == 2
    assert [word for word in spans[0].text.split() if word != "uh,"] == SPANS[0].text.split()
    spans, _ = imperfect_text(SPANS[:1], declared("stutter", "text"), seed=1)
    assert any(word.count("-") == 2 for word in spans[0].text.split())


def test_words_with_phonemes_are_left_alone() -> None:
    spans = (SpokenSpan(text="Nguyễn", language="en", phonemes=(("ipa", "ŋwiən"),)),)
    assert imperfect_text(spans, declared("stutter", "text"), seed=1) == (spans, [])


def test_a_dropped_mel_keeps_its_length_and_repeats_make_it_longer(mel: np.ndarray) -> None:
    dropped, events = imperfect_mel(mel, declared("dropout", "mel", duration_ms=200), 3, frames_per_s=93.75)
    assert dropped.shape == mel.shape
    assert int((dropped == np.float32(MEL_FLOOR)).all(axis=1).sum()) == 19
    assert events[0]["duration_ms"] == 200
    for kind in ("stutter", "hesitation"):
        longer, _ = imperfect_mel(mel, declared(kind, "mel", duration_ms=200), 3, frames_per_s=93.75)
        assert len(longer) == len(mel) + 19


def test_a_dropped_waveform_is_silent_there_and_untouched_elsewhere(wave: np.ndarray) -> None:
    holed, [event] = imperfect_waveform(
        wave, declared("dropout", "waveform", duration_ms=100), 5, rate_hz=RATE_HZ
    )
    at = event["at_ms"]
    assert isinstance(at, int)
    start = at * RATE_HZ // 1000
    assert not holed[start + 200 : start + 2000].any()
    assert np.array_equal(holed[: start - 24], wave[: start - 24])
    assert np.array_equal(holed[start + 2450 :], wave[start + 2450 :])


@pytest.mark.parametrize("kind", ["hesitation", "breath", "stutter"])
def test_what_is_put_in_makes_the_sound_longer_by_its_duration(wave: np.ndarray, kind: str) -> None:
    longer, [event] = imperfect_waveform(
        wave, declared(kind, "waveform", duration_ms=300), 5, rate_hz=RATE_HZ
    )
    assert len(longer) == len(wave) + 7200
    assert longer.dtype == np.float32
    assert event["kind"] == kind


def test_a_breath_is_heard_but_faint(wave: np.ndarray) -> None:
    breath = parse_imperfections(
        [{"kind": "breath", "stage": "waveform", "probability": 1, "duration_ms": 300}]
    )
    longer, [event] = imperfect_waveform(np.zeros_like(wave), breath, 5, rate_hz=RATE_HZ)
    at = int(str(event["at_ms"])) * RATE_HZ // 1000
    level = 20 * np.log10(np.sqrt(np.mean(longer[at : at + 7200] ** 2)))
    assert level == pytest.approx(-38, abs=0.5)


def test_codec_damage_keeps_the_length_and_loses_packets(wave: np.ndarray) -> None:
    pcm = np.rint(wave * 32767).astype(np.int16)
    damaged, events = imperfect_codec(
        pcm, declared("dropout", "codec", bitrate_kbps=8, duration_ms=60), 2, rate_hz=RATE_HZ
    )
    assert len(damaged) == len(pcm) and damaged.dtype == np.int16
    assert not np.array_equal(damaged, pcm)
    start = int(str(events[0]["at_ms"])) * RATE_HZ // 1000
    assert not damaged[start : start + 1440].any()
    assert events[0]["bitrate_kbps"] == 8


def test_the_same_seed_gives_the_same_flaws_and_another_gives_others(
    wave: np.ndarray, mel: np.ndarray
) -> None:
    stages: list[Callable[[int], tuple[object, list[Event]]]] = [
        lambda seed: imperfect_text(SPANS, declared("stutter", "text"), seed),
        lambda seed: imperfect_mel(mel, declared("stutter", "mel"), seed, frames_per_s=93.75),
        lambda seed: imperfect_waveform(wave, declared("breath", "waveform"), seed, rate_hz=RATE_HZ),
    ]
    for stage in stages:
        (first, events), (again, _) = stage(7), stage(7)
        assert np.array_equal(np.asarray(first), np.asarray(again))
        assert any(stage(seed)[1] != events for seed in range(8, 14))


def test_probability_is_the_share_of_utterances_that_have_it() -> None:
    half = parse_imperfections([{"kind": "hesitation", "stage": "text", "probability": 0.5}])
    touched = sum(bool(imperfect_text(SPANS, half, seed)[1]) for seed in range(400))
    assert 160 < touched < 240


def test_nothing_declared_changes_nothing(wave: np.ndarray, mel: np.ndarray) -> None:
    assert imperfect_text(SPANS, (), 1) == (SPANS, [])
    assert imperfect_mel(mel, (), 1, frames_per_s=93.75)[0] is mel
    assert imperfect_waveform(wave, (), 1, rate_hz=RATE_HZ)[0] is wave


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"kind": "cough", "stage": "text", "probability": 1}, "kind is 'cough'"),
        ({"kind": "breath", "stage": "text", "probability": 1}, "breath at stage 'text'; give waveform"),
        ({"kind": "breath", "stage": "waveform"}, "probability is missing"),
        ({"kind": "breath", "stage": "waveform", "probability": 2}, "probability is 2"),
        ({"kind": "breath", "stage": "waveform", "probability": 1, "loud": 1}, "no key loud"),
        ({"kind": "dropout", "stage": "codec", "probability": 1}, "bitrate_kbps"),
        ({"kind": "dropout", "stage": "mel", "probability": 1, "bitrate_kbps": 8}, "bitrate_kbps"),
        ({"kind": "clipping", "stage": "mel", "probability": 1}, "give waveform or codec"),
        (
            {"kind": "compression", "stage": "codec", "probability": 1, "bitrate_kbps": 8, "rate": 2},
            "compression is of a whole utterance; leave out rate and duration_ms",
        ),
    ],
)
def test_a_wrong_declaration_is_named(table: dict[str, JsonValue], says: str) -> None:
    with pytest.raises(EngineError, match=says):
        parse_imperfections([table])


def test_compression_damages_all_of_it_and_loses_nothing(wave: np.ndarray) -> None:
    pcm = np.rint(wave * 32767).astype(np.int16)
    low, [event] = imperfect_codec(pcm, declared("compression", "codec", bitrate_kbps=6), 2, rate_hz=RATE_HZ)
    high, _ = imperfect_codec(pcm, declared("compression", "codec", bitrate_kbps=96), 2, rate_hz=RATE_HZ)
    assert event == {"kind": "compression", "stage": "codec", "bitrate_kbps": 6}
    assert len(low) == len(high) == len(pcm)
    loud = np.abs(wave).reshape(-1, 480).max(axis=1) > 0.1
    assert np.abs(low.reshape(-1, 480)).max(axis=1)[loud].min() > 1000  # no packet is missing
    assert difference(low, pcm) > 4 * difference(high, pcm)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.mean((one.astype(float) - other) ** 2))


def test_clipping_has_flat_tops_for_its_duration_and_nowhere_else(wave: np.ndarray) -> None:
    loud, [event] = imperfect_waveform(
        wave, declared("clipping", "waveform", duration_ms=400), 5, rate_hz=RATE_HZ
    )
    at = int(str(event["at_ms"])) * RATE_HZ // 1000
    flat = np.flatnonzero(np.abs(loud) == np.float32(0.95))
    assert len(flat) > 0.3 * RATE_HZ / 5
    assert at <= flat[0] + 24 and flat[-1] <= at + 24 + 0.4 * RATE_HZ
    assert np.array_equal(loud[: at - 24], wave[: at - 24])
    pcm = np.rint(wave * 32767).astype(np.int16)
    packets, [event] = imperfect_codec(
        pcm, declared("clipping", "codec", bitrate_kbps=64, duration_ms=400), 5, rate_hz=RATE_HZ
    )
    start = int(str(event["at_ms"])) * RATE_HZ // 1000
    flat = np.flatnonzero(np.abs(packets.astype(int)) >= 31_000)
    assert len(flat) > 500
    assert start <= flat[0] and flat[-1] < start + 9600
