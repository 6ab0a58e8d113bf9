"""From utterances to a file: deterministic, checked, never a file that should not be."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import struct
import subprocess
import sys
from dataclasses import replace
from typing import Any

import av
import mutagen
import numpy as np
import pytest
import soundfile

from tests.unit.workers.finish.sounds import RATE_HZ, babble, part, silence, sine
from workers.finish import (
    FINISH_REVISION,
    FinishedAudio,
    FinishError,
    FinishProfile,
    Part,
    finish,
    loudness,
    warm,
)
from workers.finish.decoding import BLOCK_SAMPLES, decoded
from workers.finish.profile import Codec

CODECS: tuple[Codec, ...] = ("wav", "flac", "mp3", "opus", "ulaw", "alaw")
TAGS = {"campaign": "spring-2027", "recipient": "ab" * 16, "version": "1"}
GOLDEN_SOUND = {
    # (revision, codec's rate) -> sound_sha256. A change here without a higher revision breaks `verify`.
    (1, "24 kHz"): "d4ca4c7899d5576d69e891a98bcad255a3895756f9d147afbf51b8d78de0dc8a",
    (1, "8 kHz"): "85201f70d765f5d85e3190657c228d97cc760c5ce776db0f8a92fe3e3d416060",
}


def parts() -> list[Part]:
    return [
        part(np.concatenate([silence(0.2), babble(1.5, seed=1), silence(0.4)]), pause_after_ms=200),
        part(babble(0.8, seed=2)),
        part(np.concatenate([babble(1.1, seed=3), silence(0.3)]), pause_after_ms=9999),
    ]


def decode(audio: FinishedAudio) -> tuple[np.ndarray[Any, Any], int]:
    """(float samples in [-1, 1], rate) by FFmpeg, which encodes only the Opus here."""
    with av.open(io.BytesIO(audio.data)) as container:
        assert isinstance(container, av.container.InputContainer)
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="flt", layout="mono", rate=stream.rate)
        frames = [out for frame in container.decode(stream) for out in resampler.resample(frame)]
        frames += resampler.resample(None)
        return np.concatenate([frame.to_ndarray().ravel() for frame in frames]), stream.rate


def test_sound_is_the_golden_sound_of_this_revision() -> None:
    wide = finish(parts(), FinishProfile(gain="asset"))
    narrow = finish(parts(), FinishProfile(gain="asset", codec="ulaw"))
    assert wide.sound_sha256 == GOLDEN_SOUND[FINISH_REVISION, "24 kHz"]
    assert narrow.sound_sha256 == GOLDEN_SOUND[FINISH_REVISION, "8 kHz"]


@pytest.mark.parametrize("codec", CODECS)
def test_the_file_is_the_sound_in_its_codec(codec: Codec) -> None:
    profile = FinishProfile(codec=codec)
    audio = finish(parts(), profile, tags=TAGS)
    pcm, rate_hz = decode(audio)
    assert rate_hz == (48_000 if codec == "opus" else audio.rate_hz)  # Opus always decodes at 48 kHz
    assert len(pcm) / rate_hz == pytest.approx(audio.duration_s, abs=0.12)
    reference = finish(parts(), FinishProfile(codec="wav", rate_hz=audio.rate_hz))
    expected, _ = decode(reference)
    assert np.sqrt((pcm**2).mean()) == pytest.approx(np.sqrt((expected**2).mean()), rel=0.1)
    if codec in ("wav", "flac"):
        np.testing.assert_array_equal(pcm, expected)
    elif codec in ("ulaw", "alaw"):
        np.testing.assert_allclose(pcm, expected, atol=0.02)
    assert audio.sha256 == hashlib.sha256(audio.data).hexdigest()
    assert audio.sound_sha256 == reference.sound_sha256


@pytest.mark.parametrize("codec", CODECS)
def test_tags_carry_the_ids(codec: Codec) -> None:
    audio = finish(parts(), FinishProfile(codec=codec), tags=TAGS)
    found = mutagen.File(io.BytesIO(audio.data))
    if codec == "mp3":
        tags = {frame.desc.lower(): frame.text[0] for frame in found.tags.getall("TXXX")}
    elif codec in ("flac", "opus"):
        tags = {name.lower(): value[0] for name, value in found.tags.items() if name.lower() in TAGS}
    else:
        at = audio.data.index(b"INFOICMT")
        (length,) = struct.unpack_from("<I", audio.data, at + 8)
        comment = audio.data[at + 12 : at + 12 + length].rstrip(b"\0").decode()
        tags = dict(pair.split("=") for pair in comment.split(" "))
    assert tags == TAGS


@pytest.mark.parametrize(
    "tags", [{"name": "Maria Müller"}, {"text": "Hello there"}, {"Name": "x"}, {"a": ""}]
)
def test_tags_that_are_no_ids_are_refused(tags: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="ids and hashes"):
        finish(parts(), FinishProfile(), tags=tags)


def test_same_input_same_bytes_in_another_process_too() -> None:
    script = (
        "import json; from tests.unit.workers.finish.test_finishing import *;"
        "print(json.dumps({c: finish(parts(), FinishProfile(codec=c), tags=TAGS).sha256 for c in CODECS}))"
    )
    other = json.loads(subprocess.run([sys.executable, "-c", script], check=True, capture_output=True).stdout)
    for _ in range(2):
        here = {codec: finish(parts(), FinishProfile(codec=codec), tags=TAGS).sha256 for codec in CODECS}
        assert here == other


def test_other_tags_leave_the_sound_hash_alone() -> None:
    first = finish(parts(), FinishProfile(codec="flac"), tags={"campaign": "a"})
    second = finish(parts(), FinishProfile(codec="flac"), tags={"campaign": "b"})
    assert first.sha256 != second.sha256
    assert first.sound_sha256 == second.sound_sha256


def test_pauses_lead_and_timebase_are_as_asked() -> None:
    profile = FinishProfile(lead_in_ms=300, lead_out_ms=150, pause_ms=500, trim_keep_ms=0)
    audio = finish(parts(), profile)
    pcm, _ = soundfile.read(io.BytesIO(audio.data), dtype="int16")
    assert len(pcm) == audio.samples
    first, second, third = audio.timebase
    assert first == 7200
    quiet = np.flatnonzero(np.abs(pcm.astype(int)) > 103)  # -50 dBFS
    assert quiet[0] == pytest.approx(first, abs=24)
    assert len(pcm) - quiet[-1] == pytest.approx(3600, abs=24)
    assert np.abs(pcm[second - 4800 : second]).max() == 0  # the first part's own 200 ms
    assert np.abs(pcm[third - 12_000 : third]).max() == 0  # the profile's 500 ms


def test_asset_gain_meets_the_target_or_the_ceiling() -> None:
    quiet = [part(babble(3, peak=2_000))]
    to_target = finish(quiet, FinishProfile(gain="asset", target_lufs=-30))
    assert to_target.loudness_lufs == pytest.approx(-30, abs=0.05)
    held = finish(quiet, FinishProfile(gain="asset", target_lufs=-5, ceiling_dbtp=-2))
    assert held.true_peak_dbtp == pytest.approx(-2, abs=0.05)
    assert held.loudness_lufs is not None
    assert held.loudness_lufs < -5
    assert held.peak_dbfs <= -2 + 0.05


@pytest.mark.parametrize("codec", ["mp3", "opus", "ulaw"])
def test_a_promised_loudness_is_measured_on_the_file_that_is_delivered(codec: Codec) -> None:
    audio = finish([part(babble(3, peak=2_000))], FinishProfile(gain="asset", target_lufs=-30, codec=codec))
    pcm, rate_hz = decoded(audio.data, dtype="int16")
    heard = loudness.measure(pcm, rate_hz)
    assert (audio.loudness_lufs, audio.true_peak_dbtp) == (heard.loudness_lufs, heard.true_peak_dbtp)
    plain = finish([part(babble(3, peak=2_000))], FinishProfile(gain="asset", target_lufs=-30))
    assert audio.loudness_lufs != plain.loudness_lufs


def test_short_clips_are_levelled_too() -> None:
    short = [part(babble(0.2, peak=2_000))]
    audio = finish(short, FinishProfile(gain="asset", target_lufs=-30, lead_in_ms=0, lead_out_ms=0))
    assert audio.loudness_lufs == pytest.approx(-30, abs=0.05)


def test_preset_gain_is_static() -> None:
    plain, louder = (finish(parts(), FinishProfile(gain_db=gain_db)) for gain_db in (0.0, 2.0))
    assert louder.gain_db == 2.0
    assert plain.loudness_lufs is not None
    assert louder.loudness_lufs == pytest.approx(plain.loudness_lufs + 2.0, abs=0.01)
    assert louder.peak_dbfs == pytest.approx(plain.peak_dbfs + 2.0, abs=0.01)


def test_parts_of_other_rates_are_brought_to_the_first_one_s() -> None:
    mixed = [part(babble(1.0)), part(babble(1.0, rate_hz=16_000), rate_hz=16_000)]
    audio = finish(mixed, FinishProfile(lead_in_ms=0, lead_out_ms=0, pause_ms=0))
    assert audio.rate_hz == 24_000
    assert audio.duration_s == pytest.approx(2.0, abs=0.05)


def code_of(sounds: list[Part], profile: FinishProfile | None = None, **text: Any) -> str:
    with pytest.raises(FinishError) as caught:
        finish(sounds, profile or FinishProfile(), **text)
    assert caught.value.reason
    return caught.value.code


def test_no_utterance_is_no_file() -> None:
    assert code_of([]) == "no-sound"


@pytest.mark.parametrize(
    "pcm", [silence(1), silence(0), babble(1, peak=150)], ids=["zeros", "empty", "below the threshold"]
)
def test_one_silent_utterance_stops_the_file(pcm: np.ndarray[Any, Any]) -> None:
    assert code_of([part(babble(1)), part(pcm)]) == "silent"


def test_clipping_from_the_engine_stops_the_file() -> None:
    flat = np.clip(babble(1, peak=30_000).astype(int) * 3, -32_768, 32_767).astype(np.int16)
    assert code_of([part(flat)]) == "clipped"


def test_a_single_full_scale_peak_is_no_clipping() -> None:
    loud = babble(1, peak=32_767)
    assert finish([part(loud)], FinishProfile(trim_keep_ms=0, fade_ms=0)).peak_dbfs == pytest.approx(
        0, abs=0.01
    )


def test_gain_that_clips_stops_the_file() -> None:
    assert code_of([part(babble(1, peak=20_000))], FinishProfile(gain_db=6)) == "clipped"


def test_a_long_silence_inside_an_utterance_stops_the_file() -> None:
    broken = np.concatenate([babble(1), silence(3.5), babble(1)])
    assert code_of([part(broken)]) == "gap"
    finish([part(broken)], FinishProfile(max_silence_ms=4_000))


@pytest.mark.parametrize(
    ("seconds", "characters", "language", "code"),
    [
        (1.0, 60, "en", "too-short"),
        (10.0, 20, "en", "too-long"),
        (3.0, 60, "zh", "too-short"),
        (9.0, 3, "zh", "too-long"),
    ],
)
def test_sound_that_cannot_be_the_text_stops_the_file(
    seconds: float, characters: int, language: str, code: str
) -> None:
    assert code_of([part(babble(seconds))], characters=characters, language=language) == code


@pytest.mark.parametrize(
    ("seconds", "characters"), [(0.7, 4), (0.3, 3), (10.0, 150), (5.0, 130), (12.0, 100), (4.4, 23)]
)
def test_usual_speech_passes_the_duration_check(seconds: float, characters: int) -> None:
    assert (
        finish([part(babble(seconds))], FinishProfile(), characters=characters, language="en").duration_s > 0
    )


def test_an_utterance_s_own_duration_is_checked_where_its_characters_are_known() -> None:
    cut = replace(part(babble(0.5)), characters=60)
    assert code_of([cut, part(babble(6))], characters=100, language="en") == "too-short"


def test_a_brief_s_own_bounds_replace_the_built_in_ones() -> None:
    profile = FinishProfile.from_mapping({"characters_per_second": {"en": [5, 80]}})
    finish([part(babble(1.0))], profile, characters=60, language="en")


def test_errors_cross_process_borders() -> None:
    error = pickle.loads(pickle.dumps(FinishError("silent", "no sound")))
    assert (error.code, error.reason) == ("silent", "no sound")


def test_importing_finish_loads_nothing_heavy() -> None:
    check = (
        "import sys, workers.finish;"
        "heavy = {'numba', 'av', 'soundfile', 'soxr', 'pydub', 'mutagen', 'lameenc', 'scipy'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


@pytest.mark.parametrize("codec", CODECS)
def test_warming_loads_what_the_profile_needs_whatever_its_levels(codec: Codec) -> None:
    warm(FinishProfile(codec=codec, gain_db=40, silent_below_dbfs=-10))
    assert "numba" in sys.modules


def test_sine_keeps_its_pitch_through_resampling() -> None:
    audio = finish(
        [part(sine(2, frequency_hz=440))], FinishProfile(rate_hz=16_000, lead_in_ms=0, lead_out_ms=0)
    )
    pcm, rate_hz = decode(audio)
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm))))
    assert spectrum.argmax() * rate_hz / len(pcm) == pytest.approx(440, abs=1)


@pytest.mark.parametrize("tempo", [0.25, 0.5, 1.5, 4.0])
def test_tempo_changes_the_length_and_not_the_pitch(tempo: float) -> None:
    quiet = FinishProfile(lead_in_ms=0, lead_out_ms=0, tempo=tempo)
    audio = finish([part(sine(4, frequency_hz=440))], quiet)
    assert audio.duration_s == pytest.approx(4 / tempo, rel=0.03)
    pcm = np.frombuffer(audio.data[-2 * audio.samples :], "<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm))))
    assert spectrum.argmax() * audio.rate_hz / len(pcm) == pytest.approx(440, abs=3)
    assert finish([part(sine(4, frequency_hz=440))], quiet).sha256 == audio.sha256


@pytest.mark.parametrize(
    ("peak", "gain_db", "is_told"),
    [(20_000, 0, True), (3_000, 0, False), (3_000, 14, False), (3_000, 15, True)],
)
def test_a_static_gain_tells_the_true_peak_where_it_could_reach_full_scale(
    peak: int, gain_db: float, is_told: bool
) -> None:
    audio = finish([part(babble(1, peak=peak))], FinishProfile(gain_db=gain_db))
    assert (audio.true_peak_dbtp is not None) == is_told
    if audio.true_peak_dbtp is not None:
        assert audio.true_peak_dbtp == pytest.approx(audio.peak_dbfs, abs=1.5)


@pytest.mark.parametrize("sign", [1, -1])
def test_peaks_that_overshoot_at_another_rate_are_held_at_full_scale(sign: int) -> None:
    pcm = np.tile(np.array([0, 1, 1, 1, 0, -1, -1, -1]) * 32_767 * sign, 3_000).astype(np.int16)
    audio = finish([part(pcm)], FinishProfile(rate_hz=48_000, trim_keep_ms=0))
    found = np.frombuffer(audio.data[-2 * audio.samples :], "<i2").astype(int)
    assert np.abs(np.diff(found)).max() < 40_000  # a sample that wrapped round would jump by 65,535
    assert {found.max(), found.min()} == {32_767, -32_768}


def test_a_part_s_own_pause_replaces_the_profile_s_even_when_it_is_none_at_all() -> None:
    profile = FinishProfile(pause_ms=400, lead_in_ms=0, lead_out_ms=0, trim_keep_ms=0)
    sounds = [babble(0.5, seed=seed) for seed in (1, 2)]
    lengths = [
        finish([part(sounds[0], pause_after_ms=pause_ms), part(sounds[1])], profile).samples
        for pause_ms in (None, 100, 0)
    ]
    overlap = round(RATE_HZ * profile.fade_ms / 1000)
    assert lengths[0] - lengths[1] == RATE_HZ * 3 // 10
    assert lengths[1] - lengths[2] == RATE_HZ // 10 + overlap


def test_a_file_tells_its_own_length_peak_and_rate() -> None:
    pcm = np.concatenate([babble(0.5, peak=16_384), np.array([-16_384], np.int16)])
    audio = finish([part(pcm)], FinishProfile(fade_ms=0, trim_keep_ms=0, lead_in_ms=250, lead_out_ms=250))
    assert audio.samples == pytest.approx(RATE_HZ, abs=200)
    assert audio.duration_s == audio.samples / RATE_HZ
    assert audio.peak_dbfs == pytest.approx(-6.0206, abs=0.001)
    assert (audio.rate_hz, audio.gain_db, audio.timebase) == (RATE_HZ, 0.0, (RATE_HZ // 4,))
    assert (audio.content_type, audio.extension) == ("audio/wav", "wav")


def test_the_whole_asset_is_held_against_its_text_without_its_pauses() -> None:
    parts_of_ten = [part(babble(1.0, seed=seed), pause_after_ms=3_000) for seed in range(1, 4)]
    finish(parts_of_ten, FinishProfile(), characters=30, language="en")  # ten a second
    assert code_of(parts_of_ten, characters=103, language="en") == "too-short"
    slow = FinishProfile(tempo=0.5)  # six seconds, and the bounds go with the tempo
    finish(parts_of_ten, slow, characters=100, language="en")
    assert code_of(parts_of_ten, slow, characters=110, language="en") == "too-short"


def test_a_long_file_decodes_in_blocks_as_it_does_whole(capfd: pytest.CaptureFixture[str]) -> None:
    audio = finish([part(babble(14))], FinishProfile(codec="mp3"))
    in_blocks, _rate = decoded(audio.data, dtype="int16")
    whole, _rate = soundfile.read(io.BytesIO(audio.data), dtype="int16")
    assert len(whole) > BLOCK_SAMPLES
    assert np.array_equal(in_blocks, whole)
    assert capfd.readouterr().err == ""
