"""The inner loops, compiled by numba with fixed signatures and kept on disk; loaded when first called for.

No fast-math: sums are taken in the written order, so that the same samples give the same numbers on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numba import types

BLOCK_SAMPLES = 64
SAMPLES = types.Array(types.int16, 1, "C", readonly=True)
"""Writable arrays match too."""


def _compiled(signature: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`njit` with a cache on disk, or without one where nothing can be written (a read-only install)."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            compiled: Callable[..., Any] = numba.njit(signature, cache=True, nogil=True)(function)
        except RuntimeError:  # "cannot cache function: no locator available"
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
            x = pcm[index] / 32768.0
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

    phases float64 (phases, taps); bound: the largest sum of absolute taps of any phase. A block whose samples are
    too small to reach the peak found so far, whatever their signs, is passed over: the result is exact.
    """
    taps = phases.shape[1]
    length = len(pcm)
    peak = 0.0
    for index in range(length):
        peak = max(peak, abs(float(pcm[index])))
    for start in range(0, length + taps - 1, BLOCK_SAMPLES):
        end = min(start + BLOCK_SAMPLES, length + taps - 1)
        loudest = 0.0
        for index in range(max(0, start - taps + 1), min(end, length)):
            loudest = max(loudest, abs(float(pcm[index])))
        if loudest * bound <= peak:
            continue
        for position in range(start, end):
            first = max(0, position - length + 1)
            last = min(taps, position + 1)
            for phase in range(phases.shape[0]):
                total = 0.0
                for tap in range(first, last):
                    total += phases[phase, tap] * pcm[position - tap]
                peak = max(peak, abs(total))
    return peak
