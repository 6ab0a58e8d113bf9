"""Containers read at their borders, and what each difference from the descriptor is told as."""

from __future__ import annotations

import hashlib
import io
import json
import struct
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.unit.workers.finish.sounds import babble
from workers.errors import UnreadableFileError
from workers.finish.descriptor import Provenance, SoundFacts, UtteranceExtent, describe, parse_descriptor
from workers.finish.encoding import encode
from workers.finish.id3 import text_fields, write_id3
from workers.finish.mpeg import rate_of_mp3
from workers.finish.ogg import packets_of
from workers.finish.profile import FinishProfile
from workers.finish.reading import ReadFile, mismatches, mpeg_frames, read_file, riff_chunks
from workers.finish.tags import Tags
from workers.finish.vorbis import flac_blocks

RATE_HZ = 16_000
SOUND = babble(0.3, rate_hz=RATE_HZ)
RUNS: list[dict[str, Any]] = [
    {"run_id": "r1", "engine": "tone", "seed": 1, "take": None},
    {"run_id": "r2", "engine": "tone", "seed": 2},
]
FACTS = SoundFacts(
    codec="mp3",
    codec_settings={"kbps": 64},
    profile_digest="d1",
    finish_revision=3,
    rate_hz=RATE_HZ,
    samples=4_800,
    delay_samples=1_105,
    gain_db=-1.23456,
    loudness_lufs=-16.126,
    true_peak_dbtp=-1.004,
    timebase=[
        UtteranceExtent(first_sample=100, samples=200),
        UtteranceExtent(first_sample=300, samples=150, words=[{"first_sample": 310, "samples": 20}]),
        UtteranceExtent(first_sample=450, samples=10),
    ],
    marks=("c2pa",),
)
WHOLE: dict[str, Any] = {
    "schema": "campaign/descriptor@1",
    "campaign": "spring",
    "recipient": "r",
    "version": 2,
    "sound": {
        "hashed": "mpeg_frames",
        "sha256": "ab",
        "samples": 4_800,
        "delay_samples": 1_105,
        "rate_hz": RATE_HZ,
    },
    "finish": {
        "codec": "mp3",
        "codec_settings": {"kbps": 64},
        "profile": "d1",
        "revision": 3,
        "gain_db": -1.235,
        "loudness_lufs": -16.13,
        "true_peak_dbtp": -1.0,
        "marks": ["c2pa"],
    },
    "timebase": [
        {"run_id": "r1", "first_sample": 100, "samples": 200, "words": None},
        {
            "run_id": "r2",
            "first_sample": 300,
            "samples": 150,
            "words": [{"first_sample": 310, "samples": 20}],
        },
        {"run_id": "r1", "first_sample": 450, "samples": 10, "words": None},
    ],
    "runs_share": {"engine": "tone"},
    "runs": [{"run_id": "r1", "seed": 1, "take": None}, {"run_id": "r2", "seed": 2}],
}
ABOUT: Mapping[str, Any] = {"campaign": "spring", "recipient": "r", "version": 2}


def described(facts: SoundFacts = FACTS) -> str:
    provenance = Provenance(about=ABOUT, runs=[*RUNS, RUNS[0]])
    return describe(provenance, facts, hashed="mpeg_frames", sha256="ab")


# the descriptor


def test_the_descriptor_is_this_document_in_this_spelling() -> None:
    assert json.loads(described()) == WHOLE
    assert described() == json.dumps(WHOLE, sort_keys=True, separators=(",", ":"))
    assert parse_descriptor(described()) == WHOLE


def test_what_was_not_measured_is_null_and_what_is_no_number_is_refused() -> None:
    finish = json.loads(described(replace(FACTS, loudness_lufs=None, true_peak_dbtp=None)))["finish"]
    assert (finish["loudness_lufs"], finish["true_peak_dbtp"]) == (None, None)
    with pytest.raises(ValueError, match="Out of range"):
        described(replace(FACTS, gain_db=float("nan")))
    with pytest.raises(ValueError, match="zip"):
        described(replace(FACTS, timebase=[]))


def test_one_run_shares_all_but_its_name_and_none_shares_nothing() -> None:
    one = replace(FACTS, timebase=FACTS.timebase[:1])
    alone = json.loads(describe(Provenance(about=ABOUT, runs=RUNS[:1]), one, hashed="h", sha256="s"))
    assert (alone["runs_share"], alone["runs"]) == (
        {"engine": "tone", "seed": 1, "take": None},
        [{"run_id": "r1"}],
    )
    none = json.loads(
        describe(Provenance(about=ABOUT, runs=[]), replace(FACTS, timebase=[]), hashed="h", sha256="s")
    )
    assert (none["runs_share"], none["runs"], none["timebase"]) == ({}, [], [])


def changed(path: str, value: Any) -> str:
    document = json.loads(described())
    *inside, last = path.split(".")
    place = document
    for name in inside:
        place = place[int(name)] if name.isdigit() else place[name]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    "path",
    [
        *["campaign", "recipient", "version", "sound", "finish", "timebase", "runs_share", "runs"],
        *["sound.hashed", "sound.sha256", "sound.samples", "sound.delay_samples", "sound.rate_hz"],
        *["finish.codec", "runs.0.run_id", "timebase.1.run_id", "timebase.1.first_sample"],
    ],
)
@pytest.mark.parametrize("value", [..., [None]])
def test_a_descriptor_without_what_is_read_of_it_is_refused(path: str, value: Any) -> None:
    if value is not ... and path in ("timebase", "runs"):
        value = {}
    with pytest.raises(ValueError, match="not one of this program's"):
        parse_descriptor(changed(path, value))


@pytest.mark.parametrize(
    ("path", "allowed", "refused"),
    [
        ("sound.samples", [0, (1 << 48) - 1], [-1, 1 << 48]),
        ("sound.delay_samples", [0, (1 << 48) - 1], [-1, 1 << 48]),
        ("sound.rate_hz", [1, 1 << 48], [0, (1 << 48) + 1]),
        ("timebase.0.first_sample", [0, (1 << 48) - 1], [-1, 1 << 48]),
        ("finish.loudness_lufs", [None, -16, -16.5], ["-16"]),
        ("finish.marks", [..., []], ["c2pa", None]),
        ("timebase.0.run_id", ["r2"], ["nobody"]),
    ],
)
def test_the_borders_of_a_descriptor(path: str, allowed: list[Any], refused: list[Any]) -> None:
    for value in allowed:
        assert parse_descriptor(changed(path, value))
    for value in refused:
        with pytest.raises(ValueError, match="not one of this program's"):
            parse_descriptor(changed(path, value))


# what does not match

READ = ReadFile(
    codec="mp3",
    tags={"campaign": "spring", "recipient": "r", "version": "2"},
    descriptor=WHOLE,
    hashed="mpeg_frames",
    sound_sha256="ab",
    samples=4_800,
    rate_hz=RATE_HZ,
)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, []),
        ({"codec": "wav"}, ["was mp3 and is wav"]),
        ({"rate_hz": 8_000}, ["was 16000 Hz and is 8000 Hz"]),
        ({"samples": None}, []),
        ({"samples": 4_799}, ["had 4,800 samples and has 4,799 (-1): it was cut"]),
        ({"samples": 4_801}, ["has 4,801 (+1): something was added"]),
        ({"sound_sha256": "cd" * 32}, ["was ab… and is cdcdcdcdcdcdcdcd…"]),
        ({"sound_sha256": "cd", "hashed": "pcm_s16le"}, ["cannot be told"]),
        ({"tags": {}}, []),
        ({"tags": {"campaign": "autumn"}}, ["the tag campaign says autumn, the descriptor spring"]),
        ({"tags": {"recipient": "s"}}, ["the tag recipient says s, the descriptor r"]),
        ({"tags": {"version": "3"}}, ["the tag version says 3, the descriptor 2"]),
        ({"codec": "wav", "rate_hz": 1}, ["is wav", "is 1 Hz"]),
        ({"descriptor": None}, ["carries no descriptor"]),
    ],
)
def test_each_difference_is_told_alone(change: dict[str, Any], told: list[str]) -> None:
    found = mismatches(replace(READ, **change))
    assert len(found) == len(told)
    assert all(part in line for part, line in zip(told, found, strict=True))


# containers


def wave(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(name + struct.pack("<I", len(one)) + one + b"\0" * (len(one) % 2) for name, one in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def test_chunks_are_read_to_the_last_byte() -> None:
    chunks = [(b"odd ", b"123"), (b"even", b"1234"), (b"none", b"")]
    assert list(riff_chunks(wave(*chunks))) == chunks
    assert list(riff_chunks(wave((b"odd ", b"123"))[:-1])) == [(b"odd ", b"123")]  # without its padding
    assert list(riff_chunks(wave(*chunks) + b"junk")) == chunks
    with pytest.raises(ValueError, match="says 4 bytes and 3 are left"):
        list(riff_chunks(wave((b"even", b"1234"))[:-1]))


def test_a_wav_without_tags_is_read() -> None:
    found = read_file(encode(SOUND, RATE_HZ, FinishProfile(), Tags()).data)
    assert (found.tags, found.descriptor, found.codec) == ({}, None, "wav")
    assert (found.samples, found.rate_hz, found.hashed) == (len(SOUND), RATE_HZ, "pcm_s16le")
    assert found.sound_sha256 == hashlib.sha256(SOUND.astype("<i2").tobytes()).hexdigest()


def test_a_comment_of_a_stranger_keeps_what_are_pairs() -> None:
    layout = struct.pack("<HHIIHH", 7, 1, 8_000, 8_000, 1, 8)
    comment = b"INFOICMT\x10\0\0\0a=b=c loose d=\0\0"
    found = read_file(wave((b"LIST", comment), (b"data", b"12345"), (b"fmt ", layout)))
    assert found.tags == {"a": "b=c", "d": ""}
    assert (found.codec, found.samples, found.hashed) == ("ulaw", 5, "g711_ulaw")


@pytest.mark.parametrize("chunks", [[(b"data", b"12")], [(b"fmt ", b"\x01\0" * 8)]])
def test_a_wav_without_format_or_sound_is_refused(chunks: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(UnreadableFileError, match="without format or sound"):
        read_file(wave(*chunks))


def test_tags_around_an_mp3_are_no_sound() -> None:
    profile = FinishProfile(codec="mp3")
    bare = encode(SOUND, RATE_HZ, profile, Tags()).data
    id3v1 = b"TAG" + b"title".ljust(125, b"\0")
    tag = write_id3({"A": "1"})
    for data in (bare, bare + id3v1, tag + bare, tag + bare + id3v1):
        assert mpeg_frames(data) == bare
        assert read_file(data).sound_sha256 == hashlib.sha256(bare).hexdigest()
    assert read_file(bare).samples is None
    for data in (tag, tag + id3v1):
        with pytest.raises(ValueError, match="longer than the file"):
            mpeg_frames(data)


@pytest.mark.parametrize("version", [3, 2, 0])
@pytest.mark.parametrize("rate", [0, 1, 2])
@pytest.mark.parametrize("padded", [0, 1])
def test_frames_of_every_kind_follow_each_other(version: int, rate: int, padded: int) -> None:
    rates_hz = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
    kbps = {
        True: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
        False: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    }[version == 3]
    rate_hz = rates_hz[version][rate]
    for number, one in enumerate(kbps, 1):
        head = bytes([0xFF, 0xE3 | version << 3, number << 4 | rate << 2 | padded << 1, 0])
        size = (1152 if version == 3 else 576) // 8 * one * 1000 // rate_hz + padded
        frame = head.ljust(size, b"\0")
        assert rate_of_mp3(frame) == rate_hz  # the file ends with it
        assert rate_of_mp3(b"\0" + frame + head) == rate_hz
        other = bytes([*head[:2], number << 4 | (rate + 1) % 3 << 2, 0])
        rest = bytes(2_000)  # no frame is as long: the second one does not end the file
        for wrong in (frame + b"\0" + head + rest, frame[:-1] + head + rest, frame + other + rest):
            with pytest.raises(ValueError, match="no MPEG frame"):
                rate_of_mp3(wrong)


@pytest.mark.parametrize(
    "head", [b"\xff\xfb\x00\0", b"\xff\xfb\xf0\0", b"\xff\xfb\x9c\0", b"\xff\xfd\x90\0", b"\xff\xeb\x90\0"]
)
def test_what_is_no_frame_of_layer_three_is_passed_over(head: bytes) -> None:
    with pytest.raises(ValueError, match="no MPEG frame"):
        rate_of_mp3(head)


def page(number: int, sizes: list[int], body: bytes, *, serial: int = 7) -> bytes:
    return struct.pack("<4sBBqIIIB", b"OggS", 0, 0, 0, serial, number, 0, len(sizes)) + bytes(sizes) + body


def test_packets_end_with_a_short_segment_and_go_on_over_pages() -> None:
    first = page(0, [255, 10, 0, 255], b"a" * 265 + b"b" * 255)
    second = page(1, [5, 255], b"c" * 5 + b"d" * 255)
    assert packets_of(first + second) == [b"a" * 265, b"", b"b" * 255 + b"c" * 5, b"d" * 255]
    assert packets_of(page(0, [], b"")) == []
    for cut in (1, 20, 27, 30, len(second) - 1):
        with pytest.raises(ValueError, match="page 1 is cut off"):
            packets_of(first + second[:cut])
    for wrong in (b"OggT" + second[4:], b"OggS\x01" + second[5:]):
        with pytest.raises(ValueError, match=f"no page at byte {len(first)}"):
            packets_of(first + wrong)
    with pytest.raises(ValueError, match="page 1 of stream 8 stands"):
        packets_of(first + page(1, [], b"", serial=8))


def test_an_extended_id3_tag_counts_its_size_as_its_version_does() -> None:
    frame = b"TXXX\0\0\0\x06\0\0" + b"\0A\0bc\0"
    padding = bytes(200)
    three = struct.pack(">I", 200) + padding  # without the four bytes of the size, eight bits a byte
    four = bytes([0, 0, 1, 76]) + padding  # with them, seven bits a byte
    for version, extended in ((3, three), (4, four)):
        body = extended + frame
        size = bytes([0, 0, len(body) >> 7, len(body) & 0x7F])
        assert text_fields(b"ID3" + bytes([version, 0, 0x40]) + size + body) == {"A": "bc"}


def test_an_unsynchronised_id3_tag_is_read_as_its_version_stuffs_it() -> None:
    text = b"\0A\0x\xff\0y\0"  # one stuffed zero
    for version in (3, 4):
        size = len(text) if version == 4 else len(text) - 1
        frame = b"TXXX" + bytes([0, 0, 0, size, 0, 0]) + text
        tag = b"ID3" + bytes([version, 0, 0x80, 0, 0, 0, len(frame)]) + frame
        assert text_fields(tag) == {"A": "x\xffy"}
    plain = b"TXXX" + bytes([0, 0, 0, len(text), 0, 0]) + text
    assert text_fields(b"ID3" + bytes([4, 0, 0, 0, 0, 0, len(plain)]) + plain) == {"A": "x\xff"}


def test_flac_of_two_channels_is_not_ours() -> None:
    file = io.BytesIO()
    soundfile.write(file, np.zeros((500, 2), np.int16), RATE_HZ, format="FLAC")
    with pytest.raises(UnreadableFileError, match="of 2 channels"):
        read_file(file.getvalue())
    bare = encode(SOUND, RATE_HZ, FinishProfile(codec="flac"), Tags()).data
    behind = read_file(write_id3({"A": "1"}) + bare)
    assert (behind.codec, behind.samples, behind.rate_hz) == ("flac", len(SOUND), RATE_HZ)


def test_a_text_without_its_terminator_is_read_to_the_end() -> None:
    frame = b"TXXX\0\0\0\x05\0\0" + b"\0A\0bc"
    assert text_fields(b"ID3\x04\0\0\0\0\0" + bytes([len(frame)]) + frame) == {"A": "bc"}


def test_the_first_frame_of_an_mp3_is_near_its_beginning() -> None:
    frames = encode(SOUND, RATE_HZ, FinishProfile(codec="mp3"), Tags()).data
    assert rate_of_mp3(bytes((1 << 16) - 1) + frames) == RATE_HZ
    with pytest.raises(ValueError, match="no MPEG frame"):
        rate_of_mp3(bytes(1 << 16) + frames)


@pytest.mark.parametrize("block", [b"\x84", b"\x84\0\0\x0aabc", b"\x04\0\0\0", b"\x04\0\0\x01a\x84\0\0"])
def test_a_flac_block_that_is_cut_off_is_refused(block: bytes) -> None:
    with pytest.raises(ValueError, match="block is cut off"):
        list(flac_blocks(b"fLaC" + block))
    assert list(flac_blocks(b"fLaC\x04\0\0\x01a\x84\0\0\x02bcsound")) == [(4, b"a", 9), (4, b"bc", 15)]
