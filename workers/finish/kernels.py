"""The inner loops, compiled by numba with fixed signatures and kept on disk; loaded when first called for.

No fast-math: sums are taken in the written order, so that the same samples give the same numbers on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numba import types

TAPS = 12
BLOCK_SAMPLES = 16
"""Short, so that few samples are filtered beside a loud one: 0.7 ms for 10 s of speech, 2 ms for a steady tone."""
NEVER_ZERO = 1e-20
"""Keeps the filters' tails in silence from becoming subnormal numbers, which take four times the time."""
SAMPLES = types.Array(types.int16, 1, "C", readonly=True)
"""Writable arrays match too."""


def _compiled(signature: object) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`njit` with a cache on disk, or without one where nothing can be written (a read-only install)."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            compiled: Callable[..., Any] = numba.njit(signature, cache=True, nogil=True)(function)
        except (RuntimeError, OSError):  # no place for the cache, or no room in it
            compiled = numba.njit(signature, nogil=True)(function)
        return compiled

    return decorate


@_compiled(types.float64[:](SAMPLES, types.float64[::1], types.int64))
def weighted_energies(pcm, coefficients, hop):  # type: ignore[no-untyped-def]
    """Energy of the K-weighted sound in each hop; what is left over is in the last element.

    pcm int16 (samples,); coefficients (b0 b1 b2 a1 a2) of two biquads in turn; returns float64 (hops + 1,), of
    full scale 1.
    """
    hops = len(pcm) // hop
    energies = np.zeros(hops + 1)
    b0, b1, b2, a1, a2 = coefficients[0], coefficients[1], coefficients[2], coefficients[3], coefficients[4]
    c0, c1, c2, d1, d2 = coefficients[5], coefficients[6], coefficients[7], coefficients[8], coefficients[9]
    s1 = s2 = t1 = t2 = 0.0
    position = 0
    for number in range(hops + 1):
        end = position + hop if number < hops else len(pcm)
        energy = 0.0
        for index in range(position, end):
            x = pcm[index] / 32768.0 + NEVER_ZERO
            y = b0 * x + s1
            s1 = b1 * x - a1 * y + s2
            s2 = b2 * x - a2 * y
            z = c0 * y + t1
            t1 = c1 * y - d1 * z + t2
            t2 = c2 * y - d2 * z
            energy += z * z
        energies[number] = energy
        position = end
    return energies


@_compiled(types.float64(SAMPLES, types.float64[:, ::1], types.float64))
def oversampled_peak(pcm, phases, bound):  # type: ignore[no-untyped-def]
    """Largest absolute value of the sound through each polyphase filter, of int16 full scale.

    phases float64 (phases, 12); bound: the largest sum of absolute taps of any phase. A block whose samples are
    too small to reach the peak found so far, whatever their signs, is passed over: the result is exact. The twelve
    taps are written out since a loop over them took four times as long.
    """
    length = len(pcm)
    highest: Any = 0
    for index in range(length):
        highest = max(highest, abs(np.int64(pcm[index])))
    peak = float(highest)
    w = np.zeros(BLOCK_SAMPLES + TAPS - 1)
    filtered = np.zeros(BLOCK_SAMPLES)
    for start in range(0, length + TAPS - 1, BLOCK_SAMPLES):
        before = start - TAPS + 1
        highest = 0
        for index in range(max(0, before), min(start + BLOCK_SAMPLES, length)):
            highest = max(highest, abs(np.int64(pcm[index])))
        if highest * bound <= peak:
            continue
        for offset in range(BLOCK_SAMPLES + TAPS - 1):
            index = before + offset
            w[offset] = float(pcm[index]) if 0 <= index < length else 0.0
        for phase in range(phases.shape[0]):
            h = phases[phase]
            h0, h1, h2, h3, h4, h5 = h[0], h[1], h[2], h[3], h[4], h[5]
            h6, h7, h8, h9, h10, h11 = h[6], h[7], h[8], h[9], h[10], h[11]
            for i in range(BLOCK_SAMPLES):
                older = (
                    h11 * w[i]
                    + h10 * w[i + 1]
                    + h9 * w[i + 2]
                    + h8 * w[i + 3]
                    + h7 * w[i + 4]
                    + h6 * w[i + 5]
                )
                newer = (
                    h5 * w[i + 6]
                    + h4 * w[i + 7]
                    + h3 * w[i + 8]
                    + h2 * w[i + 9]
                    + h1 * w[i + 10]
                    + h0 * w[i + 11]
                )
                filtered[i] = abs(older + newer)
            for i in range(BLOCK_SAMPLES):
                peak = max(peak, filtered[i])
    return peak


@_compiled(types.Tuple((types.int16[::1], types.int64))(SAMPLES, types.float64))  # type: ignore[no-untyped-call]
def with_gain(pcm, factor):  # type: ignore[no-untyped-def]
    """(pcm * factor rounded to even and held to int16, how many samples had to be held)."""
    louder = np.empty(len(pcm), np.int16)
    clipped = 0
    for index in range(len(pcm)):
        scaled = np.rint(pcm[index] * factor)
        clamped = min(max(scaled, -32768.0), 32767.0)
        clipped += scaled != clamped
        louder[index] = np.int16(clamped)
    return louder, clipped
