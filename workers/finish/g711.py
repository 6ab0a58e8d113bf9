"""G.711, the telephone network's 8 bits, by table: 65,536 entries made once from the standard's segments."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from workers.engines.engine import Pcm

Bytes = npt.NDArray[np.uint8]

ULAW_BIAS = 132
ULAW_CLIP = 32_635


def to_ulaw(pcm: Pcm) -> bytes:
    """mu-law, 8 bits a sample."""
    return bytes(_ulaw_table()[pcm.view(np.uint16)])


def from_ulaw(data: bytes) -> Pcm:
    """The samples that mu-law bytes stand for, int16."""
    return _ulaw_samples()[np.frombuffer(data, np.uint8)]


def to_alaw(pcm: Pcm) -> bytes:
    """A-law, 8 bits a sample."""
    return bytes(_alaw_table()[pcm.view(np.uint16)])


def _every_sample() -> npt.NDArray[np.int32]:
    """int32 (65536,): the sample that each uint16 stands for."""
    every: npt.NDArray[np.int32] = np.arange(65_536, dtype=np.uint16).view(np.int16).astype(np.int32)
    return every


@lru_cache(maxsize=1)
def _ulaw_table() -> Bytes:
    samples = _every_sample() >> 2  # 14 bits, as the standard has it
    sign = np.where(samples < 0, 0x7F, 0xFF)
    magnitude = np.minimum(np.abs(samples), ULAW_CLIP >> 2) + (ULAW_BIAS >> 2)
    segment = np.floor(np.log2(magnitude)).astype(np.int32) - 5
    code: Bytes = (((segment << 4) | ((magnitude >> (segment + 1)) & 0x0F)) ^ sign).astype(np.uint8)
    return code


@lru_cache(maxsize=1)
def _alaw_table() -> Bytes:
    samples = _every_sample() >> 3  # 13 bits
    sign = np.where(samples < 0, 0x55, 0xD5)
    magnitude = np.where(samples < 0, -samples - 1, samples)
    segment = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 4, 0)
    shift = np.maximum(segment, 1)
    code: Bytes = (((segment << 4) | ((magnitude >> shift) & 0x0F)) ^ sign).astype(np.uint8)
    return code


@lru_cache(maxsize=1)
def _ulaw_samples() -> Pcm:
    code = ~np.arange(256, dtype=np.uint8)
    magnitude = ((((code & 0x0F).astype(np.int32) << 3) + ULAW_BIAS) << ((code >> 4) & 0x07)) - ULAW_BIAS
    samples: Pcm = np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)
    return samples
