"""A preset from a recording: everything that decides its sound enters the digest, and its origin is written down."""

from __future__ import annotations

import hashlib
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from storage.canonical import digest
from tests import voices
from workers.engines.f5.engine import capabilities_of
from workers.engines.tone import ToneEngine
from workers.errors import RecordingError
from workers.pcm import from_wav
from workers.presets.build import BuiltPreset, build_cloned, build_plain
from workers.presets.sound import sound_digest

F5 = capabilities_of(None)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return voices.write_recording(tmp_path_factory.mktemp("recording") / "a.wav")


@pytest.fixture(scope="module")
def cloned(recording: Path) -> BuiltPreset:
    return build_cloned(recording, f" {voices.TEXT} ", engine="f5", capabilities=F5, table={"nfe": 7})


def test_stored_reference_is_what_the_digest_and_the_scores_are_of(cloned: BuiltPreset) -> None:
    assert cloned.reference_wav is not None and cloned.reference is not None
    pcm, rate_hz = from_wav(cloned.reference_wav)
    assert rate_hz == F5.rate_hz
    assert pcm.tobytes() == cloned.reference.pcm.tobytes()
    assert cloned.sound_digest == sound_digest(
        engine="f5",
        parameters=cloned.parameters,
        reference=pcm,
        reference_rate_hz=rate_hz,
        transcript=voices.TEXT,
    )
    assert cloned.reference_sha256 == hashlib.sha256(cloned.reference_wav).hexdigest()
    assert cloned.scores is not None
    assert cloned.advice == cloned.reference.advice


def test_provenance_names_the_recording_and_no_person(recording: Path, cloned: BuiltPreset) -> None:
    told = cloned.provenance
    source = told["recording"]
    assert isinstance(source, dict)
    assert hashlib.sha256(recording.read_bytes()).hexdigest() in source.values()
    assert told["table_sha256"] == digest(cloned.parameters)
    assert told["transcript_sha256"] == hashlib.sha256(voices.TEXT.encode()).hexdigest()
    assert voices.TEXT not in str(told)
    assert (told["person"], cloned.parameters["nfe"]) == ("see the consent record", 7)


def test_engine_that_cannot_clone_takes_no_recording(recording: Path) -> None:
    with pytest.raises(RecordingError, match="Leave out --audio"):
        build_cloned(recording, voices.TEXT, engine="tone", capabilities=ToneEngine.capabilities, table={})


def test_engine_s_own_voice_is_nobody_s_and_needs_no_consent() -> None:
    built = build_plain(engine="tone", capabilities=ToneEngine.capabilities, table={"pitch_hz": 300})
    assert built.provenance["person"] is None
    assert built.sound_digest == sound_digest(engine="tone", parameters={"pitch_hz": 300})
    assert (built.reference_sha256, built.advice, built.transcript) == (None, (), "")


def test_engine_that_hears_only_how_a_speaker_sounds_needs_no_words(recording: Path) -> None:
    listens = replace(F5, needs_transcript=False, needs_recording=True)
    built = build_cloned(recording, " ", engine="f5", capabilities=listens, table={})
    assert (built.transcript, built.provenance["transcript_sha256"]) == ("", None)
    with pytest.raises(RecordingError, match="digits"):
        build_cloned(recording, "I am 7.", engine="f5", capabilities=listens, table={})
    with pytest.raises(RecordingError, match="give --audio and --consent"):
        build_plain(engine="f5", capabilities=listens, table={})


def test_engine_that_clones_asks_for_recording_words_and_consent() -> None:
    with pytest.raises(RecordingError, match="--audio, --text and --consent"):
        build_plain(engine="f5", capabilities=F5, table={})


def test_a_recording_of_half_an_hour_is_refused_before_it_is_decoded_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "long.flac"
    with soundfile.SoundFile(path, "w", 24_000, 1, "PCM_16") as file:
        for _ in range(42):
            file.write(np.zeros(1 << 20, dtype=np.int16))
    assert path.stat().st_size < 1 << 20
    tracemalloc.start()
    try:
        with pytest.raises(RecordingError, match=r"1835 s; 120 s is the most\. Cut it into clips with"):
            build_cloned(path, "Hello.", engine="f5", capabilities=F5, table={})
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
