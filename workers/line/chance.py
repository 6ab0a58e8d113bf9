"""Chance that is the same on every machine: bits of Philox, keyed by a sound's digest and by what they are for."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

_SIXTEEN_BITS = 1 << 16


def _bits(seed: str, purpose: str) -> np.random.Philox:
    key = hashlib.sha256(f"{purpose} {seed}".encode()).digest()
    return np.random.Philox(key=int.from_bytes(key[:16], "little"))


def uniform(seed: str, purpose: str, count: int) -> npt.NDArray[np.float64]:
    """(count,) in [0, 1): raw bits alone, so that no version of numpy draws others."""
    raw = _bits(seed, purpose).random_raw(count)
    drawn: npt.NDArray[np.float64] = (raw >> np.uint64(11)).astype(np.float64) / float(1 << 53)
    return drawn


def bell(seed: str, purpose: str, count: int) -> npt.NDArray[np.float64]:
    """(count,) of mean 0 and variance 1, near enough to a normal distribution: each the sum of four 16-bit numbers."""
    raw = _bits(seed, purpose).random_raw(count)
    parts = raw[:, None] >> (np.arange(4, dtype=np.uint64) * np.uint64(16))[None, :]
    sums = (parts & np.uint64(_SIXTEEN_BITS - 1)).sum(axis=1).astype(np.float64)
    drawn: npt.NDArray[np.float64] = (sums / _SIXTEEN_BITS - 2.0) * float(np.sqrt(3.0))
    return drawn
