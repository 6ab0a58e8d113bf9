"""What a delivered file says of itself, in every container, and how tampering shows."""

from __future__ import annotations

import io
import struct
import time
from typing import Any

import mutagen.flac
import numpy as np
import pytest
import soundfile
from mutagen.id3 import ID3, TIT2
from pydantic import JsonValue

from tests.unit.workers.finish.sounds import babble, part
from workers.errors import UnreadableFileError
from workers.finish import FinishedAudio, FinishProfile, Provenance, finish
from workers.finish.descriptor import extents_of, full_runs
from workers.finish.profile import Codec
from workers.finish.reading import mismatches, mpeg_frames, read_file, riff_chunks

CODECS: tuple[Codec, ...] = ("wav", "flac", "mp3", "opus", "ulaw", "alaw")
IDS = {"campaign": "spring", "recipient": "ab" * 16, "version": "2"}
RUNS: tuple[dict[str, Any], ...] = (
    {"run_id": "r1", "engine": "tone", "seed": 1, "t_stored_ms": 1_763_000_000_000},
    {"run_id": "r2", "engine": "tone", "seed": 2, "t_stored_ms": 1_763_000_001_000},
)


def made(codec: Codec, **profile: Any) -> FinishedAudio:
    about: dict[str, JsonValue] = {"campaign": "spring", "recipient": "ab" * 16, "version": 2}
    return finish(
        [part(babble(1.0)), part(babble(1.5, seed=2))],
        FinishProfile(codec=codec, **profile),
        tags=IDS,
        provenance=Provenance(about=about, runs=RUNS),
    )


@pytest.mark.parametrize("codec", CODECS)
def test_descriptor_comes_back_and_the_sound_is_the_one_described(codec: Codec) -> None:
    audio = made(codec)
    found = read_file(audio.data)
    assert mismatches(found) == []
    assert found.tags == IDS
    assert found.descriptor is not None
    assert full_runs(found.descriptor) == list(RUNS)
    assert found.descriptor["runs_share"] == {"engine": "tone"}
    places = found.descriptor["timebase"]
    assert [place["first_sample"] for place in places] == list(audio.timebase)
    assert [place["run_id"] for place in places] == ["r1", "r2"]
    assert found.descriptor["sound"]["samples"] == audio.samples
    assert found.descriptor["finish"]["profile"] == FinishProfile(codec=codec).digest
    assert (found.descriptor["sound"]["delay_samples"] > 0) == (codec == "mp3")
    peak_dbtp = found.descriptor["finish"]["true_peak_dbtp"]
    assert peak_dbtp == pytest.approx(audio.true_peak_dbtp, abs=0.01)


@pytest.mark.parametrize("codec", CODECS)
def test_the_same_runs_give_the_same_bytes(codec: Codec) -> None:
    assert made(codec).data == made(codec).data


@pytest.mark.parametrize("codec", CODECS)
def test_the_descriptor_leaves_the_sound_as_it_was(codec: Codec) -> None:
    plain = finish([part(babble(1.0)), part(babble(1.5, seed=2))], FinishProfile(codec=codec), tags=IDS)
    assert read_file(plain.data).sound_sha256 == read_file(made(codec).data).sound_sha256
    assert read_file(plain.data).descriptor is None
    assert mismatches(read_file(plain.data)) == ["the file carries no descriptor"]


def test_other_tags_written_by_a_person_leave_the_sound_s_hash_alone() -> None:
    audio = made("mp3")
    file = io.BytesIO(audio.data)
    tag = ID3(file)  # type: ignore[no-untyped-call]
    tag.add(TIT2(encoding=3, text=["mine"]))  # type: ignore[no-untyped-call]
    file.seek(0)
    tag.save(file)
    assert file.getvalue() != audio.data
    assert mismatches(read_file(file.getvalue())) == []
    flac = io.BytesIO(made("flac").data)
    opened = mutagen.flac.FLAC(flac)  # type: ignore[no-untyped-call]
    opened["TITLE"] = "mine"
    flac.seek(0)
    opened.save(flac)
    assert mismatches(read_file(flac.getvalue())) == []


def middle_changed(data: bytes, codec: Codec) -> bytes:
    """One byte of the sound flipped; in FLAC a sample, since a flipped byte does not decode."""
    if codec == "flac":
        pcm, rate_hz = soundfile.read(io.BytesIO(data), dtype="int16")
        pcm[1000] ^= 1
        fresh = io.BytesIO()
        soundfile.write(fresh, pcm, rate_hz, format="FLAC")
        target = io.BytesIO(fresh.getvalue())
        tagged = mutagen.flac.FLAC(target)  # type: ignore[no-untyped-call]
        for name, value in (mutagen.flac.FLAC(io.BytesIO(data)).tags or {}).items():  # type: ignore
            tagged[name] = value
        target.seek(0)
        tagged.save(target)
        return target.getvalue()
    place = len(data) - 5_000
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize("codec", ["wav", "flac", "mp3", "ulaw"])
def test_a_changed_sound_is_told(codec: Codec) -> None:
    told = mismatches(read_file(middle_changed(made(codec).data, codec)))
    assert len(told) == 1
    assert "the sound is not the one that was made" in told[0]


def test_sound_of_another_file_behind_an_opus_header_is_told() -> None:
    ours = made("opus").data
    other = finish([part(babble(1.0, seed=9)), part(babble(1.5, seed=2))], FinishProfile(codec="opus")).data
    pages = [ours.index(b"OggS", place) for place in (1, ours.index(b"OggS", 1) + 1)]
    body = other[other.index(b"OggS", other.index(b"OggS", 1) + 1) :]
    assert pages[1] > pages[0]
    told = mismatches(read_file(ours[: pages[1]] + body))
    assert any("the sound is not the one that was made" in line for line in told)


def test_a_cut_wav_says_how_much_is_missing() -> None:
    data = made("wav").data
    chunks = dict(riff_chunks(data))
    sound = chunks.pop(b"data")[:-2_000]
    body = b"WAVE" + b"".join(
        name + struct.pack("<I", len(one)) + one + b"\0" * (len(one) % 2)
        for name, one in [*chunks.items(), (b"data", sound)]
    )
    told = mismatches(read_file(b"RIFF" + struct.pack("<I", len(body)) + body))
    assert "(-1,000): it was cut" in told[0]


@pytest.mark.parametrize("codec", CODECS)
def test_a_truncated_file_is_an_error_that_says_so(codec: Codec) -> None:
    data = made(codec).data
    for keep in (2, 30, len(data) // 30):
        try:
            told = mismatches(read_file(data[:keep]))
        except UnreadableFileError as problem:
            assert str(problem)
        else:
            assert told


def test_a_tag_that_was_rewritten_contradicts_the_descriptor() -> None:
    data = made("wav").data.replace(b"campaign=spring", b"campaign=autumn")
    assert mismatches(read_file(data)) == ["the tag campaign says autumn, the descriptor spring"]


def test_bext_says_who_when_and_how_loud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        audio = made("wav")
    finally:
        monkeypatch.undo()
        time.tzset()
    bext = dict(riff_chunks(audio.data))[b"bext"]
    assert bext[256:288].rstrip(b"\0") == b"campaign"
    assert bext[288:320] == b"ab" * 16
    assert bext[320:338] == b"2025-11-1302:13:21"
    version, loudness, peak = struct.unpack_from("<H64xh2xh", bext, 346)
    assert version == 2
    assert audio.loudness_lufs is not None and audio.true_peak_dbtp is not None
    assert loudness == round(100 * audio.loudness_lufs)
    assert peak == round(100 * audio.true_peak_dbtp)
    assert bext[602:].startswith(b"A=PCM,W=16,F=24000")


def test_mp3_delay_is_what_decoders_put_first() -> None:
    wav, mp3 = made("wav"), made("mp3")
    told = read_file(mp3.data).descriptor
    assert told is not None
    pcm, _ = soundfile.read(io.BytesIO(wav.data))
    decoded, _ = soundfile.read(io.BytesIO(mp3.data))
    shifted = decoded[told["sound"]["delay_samples"] :][: len(pcm)]
    assert np.corrcoef(shifted, pcm)[0, 1] > 0.9
    assert len(mpeg_frames(mp3.data)) < len(mp3.data)


@pytest.mark.parametrize(
    "place",
    [
        {"first_sample": 0},
        {"first_sample": 0, "samples": -1},
        {"first_sample": 0, "samples": 10**400},
        {"first_sample": 0, "samples": 9, "words": "none"},
        {"first_sample": 0, "samples": 9, "words": [{"first_sample": 1}]},
        {"first_sample": 0, "samples": 9, "words": [[1, 2]]},
    ],
)
def test_a_strangers_extents_are_read_whole_or_not_at_all(place: dict[str, Any]) -> None:
    whole: dict[str, Any] = {"first_sample": 0, "samples": 9, "words": [{"first_sample": 1, "samples": 2}]}
    (read,) = extents_of({"timebase": [whole]})
    assert (read.first_sample, read.samples, read.words) == (0, 9, [{"first_sample": 1, "samples": 2}])
    with pytest.raises(ValueError, match="does not say where each"):
        extents_of({"timebase": [whole, place]})
