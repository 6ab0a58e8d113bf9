"""PCM on its way: raw samples in the cache, 16-bit mono WAV for reference recordings, arrays in memory.

The cache is content-addressed and private; a reader proves the digest before it uses the bytes.
"""

from __future__ import annotations

import hashlib
import struct
import threading
from collections import OrderedDict

import numpy as np

from storage.objects import ObjectStore
from workers.engines.engine import Pcm

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


class PcmCorruptError(Exception):
    """The cached bytes are not what was stored."""


def to_raw(pcm: Pcm) -> bytes:
    """Samples as the cache holds them: little-endian 16-bit mono, nothing else; their sha256 is the sound's."""
    return np.ascontiguousarray(pcm, dtype="<i2").tobytes()


def from_raw(data: bytes) -> Pcm:
    """The inverse of `to_raw`; raises `PcmCorruptError` on half a sample."""
    if len(data) % 2:
        raise PcmCorruptError("half a sample")
    return np.frombuffer(data, dtype="<i2")


def to_wav(pcm: Pcm, rate_hz: int) -> bytes:
    """16-bit mono WAV with a 44-byte header."""
    data = np.ascontiguousarray(pcm, dtype="<i2").tobytes()
    size = len(data)
    header = _HEADER.pack(
        b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, rate_hz, rate_hz * 2, 2, 16, b"data", size
    )
    return header + data


def from_wav(data: bytes) -> tuple[Pcm, int]:
    """The inverse of `to_wav`; raises `PcmCorruptError` on anything else."""
    if len(data) < _HEADER.size:
        raise PcmCorruptError("shorter than a WAV header")
    fields = _HEADER.unpack_from(data)
    riff, wave, channels, rate_hz, bits, size = (
        fields[0],
        fields[2],
        fields[6],
        fields[7],
        fields[10],
        fields[12],
    )
    if riff != b"RIFF" or wave != b"WAVE" or channels != 1 or bits != 16 or size != len(data) - _HEADER.size:
        raise PcmCorruptError("not a 16-bit mono WAV of this program")
    return np.frombuffer(data, dtype="<i2", offset=_HEADER.size), rate_hz


class PcmMemoryCache:
    """The most recently used utterances in memory, so that a shared one crosses the network once a worker."""

    def __init__(self, store: ObjectStore, *, limit_bytes: int) -> None:
        self._store = store
        self._limit_bytes = limit_bytes
        self._sounds: OrderedDict[str, Pcm] = OrderedDict()
        self._size_bytes = 0
        self._lock = threading.Lock()
        self._fetching: dict[str, threading.Lock] = {}

    def put(self, sha256: str, pcm: Pcm) -> None:
        """Keep an utterance that this worker just made."""
        with self._lock:
            if sha256 in self._sounds or pcm.nbytes > self._limit_bytes:
                return
            self._sounds[sha256] = pcm
            self._size_bytes += pcm.nbytes
            while self._size_bytes > self._limit_bytes:
                _, oldest = self._sounds.popitem(last=False)
                self._size_bytes -= oldest.nbytes

    def get(self, key: str, sha256: str) -> Pcm:
        """The PCM stored under `key`, read once for all threads; raises `ObjectStoreError` or `PcmCorruptError`."""
        with self._lock:
            fetching = self._fetching.setdefault(sha256, threading.Lock())
        with fetching:
            pcm = self._look_up(sha256)
            if pcm is not None:
                return pcm
            try:
                return self._fetch(key, sha256)
            finally:
                with self._lock:
                    self._fetching.pop(sha256, None)

    def _look_up(self, sha256: str) -> Pcm | None:
        with self._lock:
            pcm = self._sounds.get(sha256)
            if pcm is None:
                return None
            self._fetching.pop(sha256, None)
            self._sounds.move_to_end(sha256)
            return pcm

    def _fetch(self, key: str, sha256: str) -> Pcm:
        data = self._store.get(key)
        if hashlib.sha256(data).hexdigest() != sha256:
            data = self._store.get(
                key
            )  # an answer may be damaged on its way: the object is judged by the second
            if hashlib.sha256(data).hexdigest() != sha256:
                raise PcmCorruptError(f"object {key} is not what was stored")
        pcm = from_raw(data)
        self.put(sha256, pcm)
        return pcm
