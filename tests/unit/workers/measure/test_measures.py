from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from tests import voices
from workers.engines.engine import Pcm
from workers.measure.activity import pauses, snr_db
from workers.measure.dnsmos import dnsmos
from workers.measure.likeness import KALDI, SpectralEncoder, filterbank, self_similarity, similarity
from workers.measure.pitch import pitch, track
from workers.measure.scores import score

RATE_HZ = voices.RATE_HZ


@pytest.fixture(scope="module")
def women() -> list[Pcm]:
    return voices.spoken(
        [voices.TEXT, "The second text has other words, and the same speaker reads it aloud."]
    )


@pytest.fixture(scope="module")
def man() -> Pcm:
    return voices.spoken([voices.TEXT], variant="m3", pitch=30)[0]


def voiced(hertz: npt.NDArray[np.float64], *, harmonics: int = 12) -> Pcm:
    """A buzz whose pitch follows `hertz`, one value a sample."""
    phase = 2 * np.pi * np.cumsum(hertz) / RATE_HZ
    wave = sum(np.sin(number * phase) / number for number in range(1, harmonics + 1))
    return np.asarray(6000 * wave / np.abs(wave).max(), dtype=np.int16)


@pytest.mark.parametrize("hertz", [70.0, 95.5, 140.0, 220.0, 305.0, 440.0])
def test_pitch_of_a_steady_voice_is_found_to_half_a_percent(hertz: float) -> None:
    found = pitch(voiced(np.full(RATE_HZ, hertz)), RATE_HZ)
    assert found is not None
    assert found.median_hz == pytest.approx(hertz, rel=0.005)
    assert found.range_semitones < 0.3


def test_pitch_follows_a_glide_without_leaping_octaves() -> None:
    hertz = np.linspace(110, 220, 2 * RATE_HZ)
    found = track(voiced(hertz), RATE_HZ)
    steps = np.abs(np.diff(np.log2(found[np.isfinite(found)])))
    assert steps.max() < 0.1
    whole = pitch(voiced(hertz), RATE_HZ)
    assert whole is not None
    assert whole.range_semitones == pytest.approx(12 * np.log2(214.5 / 115.5), abs=0.5)


def test_noise_and_silence_have_no_pitch() -> None:
    noise = np.random.default_rng(1).normal(0, 3000, 2 * RATE_HZ).astype(np.int16)
    assert pitch(noise, RATE_HZ) is None
    assert pitch(voices.silence(2), RATE_HZ) is None
    assert pitch(voices.silence(0.01), RATE_HZ) is None


@pytest.mark.parametrize("wanted_db", [12.0, 25.0, 40.0])
def test_snr_is_what_was_mixed(women: list[Pcm], wanted_db: float) -> None:
    speech = np.concatenate((voices.silence(0.5), women[0], voices.silence(0.5))).astype(np.float64)
    speaking = np.abs(speech) > 300
    noise = np.random.default_rng(2).normal(0, 1, len(speech))
    noise *= np.sqrt((speech[speaking] ** 2).mean()) / 10 ** (wanted_db / 20)
    measured = snr_db(np.clip(speech + noise, -32768, 32767).astype(np.int16), RATE_HZ)
    assert measured == pytest.approx(wanted_db, abs=3.5)


def test_pauses_are_found_where_they_are(women: list[Pcm]) -> None:
    joined = np.concatenate((women[0], voices.silence(0.8), women[1]))
    found = pauses(joined, RATE_HZ, at_least_ms=600)
    assert len(found) == 1
    first, last = found[0]
    assert first < len(women[0]) + RATE_HZ // 2 < last


def test_dnsmos_prefers_clean_speech_to_noisy(women: list[Pcm]) -> None:
    clean = dnsmos(women[0], RATE_HZ)
    noise = np.random.default_rng(3).normal(0, 2000, len(women[0]))
    noisy = dnsmos(np.clip(women[0] + noise, -32768, 32767).astype(np.int16), RATE_HZ)
    assert clean is not None and noisy is not None
    assert clean.overall > noisy.overall + 0.5
    assert clean.background > noisy.background + 1.0
    assert all(1 <= value <= 5 for value in (clean.overall, clean.signal, clean.background, clean.p808))


def test_likeness_is_higher_within_a_voice_than_between_voices(women: list[Pcm], man: Pcm) -> None:
    encoder = SpectralEncoder()
    one, same, other = (encoder.embed(pcm, RATE_HZ) for pcm in (*women, man))
    assert similarity(one, one) == pytest.approx(1.0)
    assert similarity(one, same) > similarity(one, other)
    whole = self_similarity(encoder, women[0], RATE_HZ)
    mixed = self_similarity(encoder, np.concatenate((women[0], man)), RATE_HZ)
    assert whole is not None and mixed is not None
    assert whole > mixed


def test_an_encoder_hears_the_bands_that_kaldi_gives(
    women: list[Pcm], monkeypatch: pytest.MonkeyPatch
) -> None:
    import soxr
    import torch
    from torchaudio.compliance import kaldi

    # an engine's weights may have had it imported where tensors are empty
    monkeypatch.setattr(kaldi, "EPSILON", torch.tensor(torch.finfo(torch.float).eps))
    speech = np.concatenate((voices.silence(0.2), women[0]))
    wave = soxr.resample(speech.astype(np.float64), RATE_HZ, 16_000) / 32_768
    theirs = kaldi.fbank(
        torch.from_numpy(wave).float()[None], num_mel_bins=80, sample_frequency=16_000, dither=0.0
    ).numpy()
    ours = filterbank(speech, RATE_HZ, KALDI)
    assert ours.shape == theirs.shape
    assert np.abs(ours - ours.mean(axis=0) - (theirs - theirs.mean(axis=0))).max() < 2e-3


def test_likeness_of_too_little_speech_is_not_measured() -> None:
    assert self_similarity(SpectralEncoder(), voices.silence(3), RATE_HZ) is None


def test_what_is_not_installed_is_none_and_never_0(women: list[Pcm], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.measure.dnsmos._sessions", lambda: None)
    scores = score(women[0], RATE_HZ, text=voices.TEXT)
    assert scores.dnsmos_overall is None
    assert scores.as_json()["dnsmos_p808"] is None
    assert scores.f0_median_hz is not None and 150 < scores.f0_median_hz < 250
    assert scores.letters_per_second == pytest.approx(14.7, abs=2)


def test_clipping_outweighs_everything_when_clips_are_ranked(women: list[Pcm]) -> None:
    clean, clipped = (score(women[0], RATE_HZ, clipped_share=share) for share in (0.0, 0.05))
    assert clean.quality > clipped.quality + 2
