"""Sound in memory and in the cache: proved by its digest, kept within a limit, and read back as it was written."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

from storage.errors import ObjectMissingError
from storage.objects import ObjectStore, open_store
from workers.engines.engine import Pcm
from workers.pcm import PcmCorruptError, PcmMemoryCache, from_raw, from_wav, to_raw, to_wav


def sound(value: int, samples: int = 100) -> tuple[Pcm, bytes, str]:
    """(samples, bytes, digest)."""
    pcm = np.full(samples, value, np.int16)
    data = to_raw(pcm)
    return pcm, data, hashlib.sha256(data).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return open_store(tmp_path.as_uri())


def put(store: ObjectStore, key: str, data: bytes) -> None:
    store.put(key, data, sha256=hashlib.sha256(data).hexdigest(), content_type="audio/L16")


def test_another_sound_under_a_sounds_key_is_refused_and_not_kept(store: ObjectStore) -> None:
    pcm, data, sha256 = sound(1)
    put(store, "cache/x", sound(2)[1])
    cache = PcmMemoryCache(store, limit_bytes=1 << 20)
    for _ in range(2):
        with pytest.raises(PcmCorruptError, match="cache/x is not what was stored"):
            cache.get("cache/x", sha256)
    put(store, "cache/y", data)
    np.testing.assert_array_equal(cache.get("cache/y", sha256), pcm)


def test_half_a_sound_is_refused(store: ObjectStore) -> None:
    _, data, sha256 = sound(1)
    put(store, "cache/x", data[: len(data) // 2])
    with pytest.raises(PcmCorruptError):
        PcmMemoryCache(store, limit_bytes=1 << 20).get("cache/x", sha256)


def test_what_was_put_is_not_asked_of_the_store(store: ObjectStore) -> None:
    pcm, _, sha256 = sound(1)
    cache = PcmMemoryCache(store, limit_bytes=1 << 20)
    cache.put(sha256, pcm)
    assert cache.get("cache/never-stored", sha256) is pcm


def test_the_least_recently_used_sound_goes_when_the_limit_is_passed(store: ObjectStore) -> None:
    sounds = [sound(value) for value in range(4)]
    cache = PcmMemoryCache(store, limit_bytes=3 * 200)
    for pcm, _, sha256 in sounds[:3]:
        cache.put(sha256, pcm)
    assert cache.get("cache/0", sounds[0][2]) is sounds[0][0]  # used: the second is the oldest now
    cache.put(sounds[3][2], sounds[3][0])
    for number in (0, 2, 3):
        assert cache.get("cache/x", sounds[number][2]) is sounds[number][0]
    with pytest.raises(ObjectMissingError):
        cache.get("cache/1", sounds[1][2])


def test_a_sound_larger_than_the_limit_puts_nothing_else_out(store: ObjectStore) -> None:
    small, _, small_sha256 = sound(1)
    large, _, large_sha256 = sound(2, samples=1000)
    cache = PcmMemoryCache(store, limit_bytes=500)
    cache.put(small_sha256, small)
    cache.put(large_sha256, large)
    cache.put(small_sha256, small)
    assert cache.get("cache/x", small_sha256) is small
    with pytest.raises(ObjectMissingError):
        cache.get("cache/x", large_sha256)


def test_a_sound_that_could_not_be_read_is_asked_for_again(store: ObjectStore) -> None:
    pcm, data, sha256 = sound(1)
    cache = PcmMemoryCache(store, limit_bytes=1 << 20)
    with pytest.raises(ObjectMissingError):
        cache.get("cache/x", sha256)
    put(store, "cache/x", data)
    np.testing.assert_array_equal(cache.get("cache/x", sha256), pcm)


def test_raw_samples_are_little_endian_and_come_back() -> None:
    pcm = np.array([0, 1, -1, 32_767, -32_768], np.int16)
    assert to_raw(pcm) == struct.pack("<5h", *pcm.tolist())
    np.testing.assert_array_equal(from_raw(to_raw(pcm)), pcm)
    with pytest.raises(PcmCorruptError, match="half a sample"):
        from_raw(b"\x00\x00\x00")


def test_a_wav_comes_back_and_its_header_is_the_canonical_one() -> None:
    pcm = np.array([3, -4], np.int16)
    data = to_wav(pcm, 24_000)
    assert struct.unpack_from("<4sI4s4sIHHIIHH4sI", data) == (
        *(b"RIFF", 40, b"WAVE", b"fmt ", 16, 1, 1, 24_000, 48_000, 2, 16, b"data", 4),
    )
    found, rate_hz = from_wav(data)
    assert rate_hz == 24_000
    np.testing.assert_array_equal(found, pcm)


@pytest.mark.parametrize(
    ("offset", "value"), [(0, b"RIFX"), (8, b"WAVX"), (22, b"\x02\x00"), (34, b"\x08\x00"), (40, b"\x06\x00")]
)
def test_what_is_no_wav_of_this_program_is_refused(offset: int, value: bytes) -> None:
    data = bytearray(to_wav(np.array([3, -4], np.int16), 24_000))
    data[offset : offset + len(value)] = value
    with pytest.raises(PcmCorruptError, match="not a 16-bit mono WAV"):
        from_wav(bytes(data))
    with pytest.raises(PcmCorruptError, match="shorter than a WAV header"):
        from_wav(bytes(data[:43]))
