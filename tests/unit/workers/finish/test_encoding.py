"""What is written: WAV chunk by chunk, and each setting of a codec at its encoder."""

from __future__ import annotations

import audioop
import hashlib
import io
import struct
from typing import Any

import mutagen
import numpy as np
import pytest
import soundfile

from tests.unit.workers.finish.sounds import babble
from workers.finish.encoding import encode
from workers.finish.profile import Codec, FinishProfile
from workers.finish.reading import read_file, riff_chunks
from workers.finish.tags import Tags, bext, check_ids, comments, riff_info

RATE_HZ = 8_000
SOUND = babble(0.301, rate_hz=RATE_HZ)
RIFF: list[tuple[Codec, int, int, str]] = [
    ("wav", 1, 16, "pcm_s16le"),
    ("ulaw", 7, 8, "g711_ulaw"),
    ("alaw", 6, 8, "g711_alaw"),
]


def written(codec: Codec, carried: Tags | None = None, *, rate_hz: int = RATE_HZ, **settings: Any) -> bytes:
    return encode(SOUND, rate_hz, FinishProfile(codec=codec, **settings), carried or Tags()).data


def coded(codec: Codec) -> bytes:
    """The samples as the data chunk has them."""
    raw = SOUND.astype("<i2").tobytes()
    return {"ulaw": audioop.lin2ulaw, "alaw": audioop.lin2alaw}.get(codec, lambda data, _width: data)(raw, 2)


@pytest.mark.parametrize(("codec", "code", "bits", "_hashed"), RIFF)
def test_a_wav_is_laid_out_as_players_expect(codec: Codec, code: int, bits: int, _hashed: str) -> None:
    data = written(codec)
    chunks = list(riff_chunks(data))
    assert data[:12] == b"RIFF" + struct.pack("<I", len(data) - 8) + b"WAVE"
    assert [name for name, _ in chunks] == ([b"fmt ", b"data"] if code == 1 else [b"fmt ", b"fact", b"data"])
    body = dict(chunks)
    width = bits // 8
    assert struct.unpack("<HHIIHH", body[b"fmt "][:16]) == (code, 1, RATE_HZ, RATE_HZ * width, width, bits)
    assert body[b"fmt "][16:] == (b"" if code == 1 else b"\0\0")  # no bytes of extension
    assert body.get(b"fact", struct.pack("<I", len(SOUND))) == struct.pack("<I", len(SOUND))
    assert body[b"data"] == coded(codec)


@pytest.mark.parametrize(("codec", "code", "_bits", "hashed"), RIFF)
def test_a_wav_carries_its_descriptor_between_format_and_sound(
    codec: Codec, code: int, _bits: int, hashed: str
) -> None:
    carried = Tags(ids={"b": "2", "a": "1"}, describe=lambda *told: " ".join(told), pcm_sha256="known")
    chunks = list(riff_chunks(written(codec, carried)))
    fact = [] if code == 1 else [b"fact"]
    assert [name for name, _ in chunks] == [b"fmt ", *fact, b"bext", b"cdsc", b"LIST", b"data"]
    sha256 = "known" if code == 1 else hashlib.sha256(coded(codec)).hexdigest()
    assert dict(chunks)[b"cdsc"].decode() == f"{hashed} {sha256}"
    assert dict(chunks)[b"LIST"] == b"INFOICMT\x08\0\0\0a=1 b=2\0"


def test_a_file_of_each_codec_says_what_it_is() -> None:
    said = {}
    for codec in ("wav", "flac", "mp3", "opus", "ulaw", "alaw"):
        made = encode(SOUND, RATE_HZ, FinishProfile(codec=codec), Tags())
        said[codec] = (made.content_type, made.extension)
    assert said == {
        "wav": ("audio/wav", "wav"),
        "flac": ("audio/flac", "flac"),
        "mp3": ("audio/mpeg", "mp3"),
        "opus": ("audio/ogg; codecs=opus", "opus"),
        "ulaw": ("audio/wav", "wav"),
        "alaw": ("audio/wav", "wav"),
    }


@pytest.mark.parametrize(
    ("codec", "settings"),
    [
        ("flac", {"flac_level": 0}),
        ("mp3", {"mp3_kbps": 32}),
        ("mp3", {"mp3_quality": 0}),
        ("opus", {"opus_kbps": 64}),
        ("opus", {"opus_complexity": 0}),
        ("opus", {"opus_application": "voip"}),
    ],
)
def test_a_setting_reaches_its_encoder(codec: Codec, settings: dict[str, Any]) -> None:
    assert written(codec, **settings) != written(codec)


@pytest.mark.parametrize("rate_hz", [16_000, 24_000, 48_000])
def test_an_mp3_is_mono_of_its_rate_and_its_bit_rate(rate_hz: int) -> None:
    info: Any = mutagen.File(io.BytesIO(written("mp3", rate_hz=rate_hz, mp3_kbps=56))).info
    assert (info.channels, info.sample_rate, info.bitrate) == (1, rate_hz, 56_000)


@pytest.mark.parametrize("level", [0, 8])
def test_flac_gives_every_sample_back_at_every_level(level: int) -> None:
    pcm, rate_hz = soundfile.read(io.BytesIO(written("flac", flac_level=level)), dtype="int16")
    assert rate_hz == RATE_HZ
    np.testing.assert_array_equal(pcm, SOUND)


def test_the_best_level_of_flac_is_the_smallest() -> None:
    assert len(written("flac", flac_level=8)) < len(written("flac", flac_level=0))


@pytest.mark.parametrize("codec", ["flac", "mp3", "opus"])
def test_a_file_without_tags_has_none(codec: Codec) -> None:
    found = read_file(written(codec))
    assert ({name for name in found.tags if name != "encoder"}, found.descriptor) == (set(), None)


# tags


def test_bext_is_laid_out_after_its_standard() -> None:
    carried = Tags(
        ids={"campaign": "spring", "recipient": "r" * 40},
        made_at_ms=1_763_000_001_000,
        loudness_lufs=-16.254,
        true_peak_dbtp=-1.006,
    )
    body = bext(carried, rate_hz=RATE_HZ, coding="A=PCM,W=16")
    text = b"Synthetic speech. spring".ljust(256, b"\0") + b"campaign".ljust(32, b"\0") + b"r" * 32
    assert body[:320] == text
    assert body[320:338] == b"2025-11-1302:13:21"
    assert body[338:348] == struct.pack("<QH", 0, 2)
    assert body[348:412] == bytes(64)
    assert struct.unpack("<5h", body[412:422]) == (-1625, 0x7FFF, -101, 0x7FFF, 0x7FFF)
    assert body[422:602] == bytes(180)
    assert body[602:] == b"A=PCM,W=16,F=8000,M=mono,T=campaign\r\n"


def test_bext_leaves_out_what_is_not_known() -> None:
    body = bext(Tags(), rate_hz=RATE_HZ, coding="A=PCM,W=16")
    assert body[:320] == b"Synthetic speech. ".ljust(256, b"\0") + b"campaign".ljust(64, b"\0")
    assert body[320:338] == bytes(18)
    assert struct.unpack("<5h", body[412:422]) == (0x7FFF,) * 5


@pytest.mark.parametrize(("value", "padding"), [("1", b""), ("12", b"\0")])
def test_the_comment_of_a_wav_has_an_even_length(value: str, padding: bytes) -> None:
    body = riff_info({"b": value, "a": "1"})
    comment = f"a=1 b={value}".encode() + b"\0"
    assert body == b"INFOICMT" + struct.pack("<I", len(comment)) + comment + padding


def test_comments_are_sorted_and_the_descriptor_comes_last_where_there_is_one() -> None:
    carried = Tags(ids={"recipient": "r", "campaign": "c"})
    assert list(comments(carried, "").items()) == [("CAMPAIGN", "c"), ("RECIPIENT", "r")]
    assert list(comments(carried, "{}").items())[2:] == [("CAMPAIGN_DESCRIPTOR", "{}")]


@pytest.mark.parametrize(
    "ids", [{"good": "a b"}, {"Bad": "good"}, {"good": "x" * 129}, {"a": "1", "b": "\n"}]
)
def test_one_tag_that_is_no_id_is_enough(ids: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="is no id"):
        check_ids(ids)
    check_ids({"good": "x" * 128})
