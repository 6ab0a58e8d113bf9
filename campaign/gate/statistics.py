"""How sure a difference is: bootstrap intervals, the sign test and Wilcoxon's signed ranks; numpy and nothing more.

Prompts are the sample: the same words in both voices make a pair, so everything is paired. scipy is the oracle of the
tests; its 100 MB are not worth three functions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

RESAMPLES = 10_000
SEED = 20_260_101
"""Of the bootstrap: the same numbers give the same verdict."""
EXACT_UP_TO = 50
"""Pairs up to which Wilcoxon's distribution is counted out; beyond, the normal approximation is as good."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean and where it may lie."""

    mean: float
    low: float
    high: float
    confidence: float
    pairs: int


def bootstrap_mean(values: Sequence[float], *, confidence: float = 0.95) -> Interval:
    """The percentile bootstrap of a mean (Efron 1979). One value has no spread: its interval is itself."""
    if not values:
        raise ValueError("no values")
    sample = np.asarray(values, dtype=np.float64)
    means = sample[_draws(len(sample))].mean(axis=1)
    tail = 50 * (1 - confidence)
    low, high = np.percentile(means, (tail, 100 - tail))
    return Interval(
        mean=float(sample.mean()), low=float(low), high=float(high), confidence=confidence, pairs=len(sample)
    )


@lru_cache(maxsize=8)
def _draws(count: int) -> npt.NDArray[np.int64]:
    """(RESAMPLES, count): which values each resample is of."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    return rng.integers(0, count, (RESAMPLES, count))


def wilson(shares: Sequence[float], *, confidence: float = 0.95) -> Interval:
    """Wilson's interval (1927) of a mean of values from 0 to 1, for which it is never too narrow.

    Unlike a bootstrap it does not say that what happened to none of ten happens to nobody.
    """
    if not shares:
        raise ValueError("no values")
    count, share = len(shares), float(np.mean(shares))
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return Interval(
        mean=share,
        low=max(0.0, min(share, middle - reach)),
        high=min(1.0, max(share, middle + reach)),
        confidence=confidence,
        pairs=count,
    )


def sign_test(differences: Sequence[float]) -> float:
    """Two-sided p that positive and negative differences are equally likely; ties are left out; 1 when all tie."""
    above = sum(difference > 0 for difference in differences)
    pairs = above + sum(difference < 0 for difference in differences)
    if not pairs:
        return 1.0
    tail = sum(math.comb(pairs, k) for k in range(min(above, pairs - above) + 1)) / (1 << pairs)
    return min(1.0, 2 * tail)


def wilcoxon(differences: Sequence[float]) -> float:
    """Two-sided p of the signed-rank test (Wilcoxon 1945); zeros are left out, tied ranks are averaged.

    Exact up to `EXACT_UP_TO` pairs, ties included: the distribution of doubled ranks is counted out.
    """
    nonzero = np.asarray([difference for difference in differences if difference], dtype=np.float64)
    if not len(nonzero):
        return 1.0
    ranks = _average_ranks(np.abs(nonzero))
    positive = float(ranks[nonzero > 0].sum())
    if len(nonzero) <= EXACT_UP_TO:
        return _exact(ranks, positive)
    mean = ranks.sum() / 2
    spread = math.sqrt(float((ranks**2).sum()) / 4)
    return math.erfc(abs(positive - float(mean)) / spread / math.sqrt(2))


def _average_ranks(sizes: Floats) -> Floats:
    _, places, counts = np.unique(sizes, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[places]


def _exact(ranks: Floats, positive: float) -> float:
    doubled = np.rint(2 * ranks).astype(int)
    ways = np.zeros(int(doubled.sum()) + 1)
    ways[0] = 1.0
    for rank in doubled:
        ways[rank:] = ways[rank:] + ways[: len(ways) - rank]
    at = round(2 * positive)
    low, high = ways[: at + 1].sum(), ways[at:].sum()
    return float(min(1.0, 2 * min(low, high) / ways.sum()))


def percentile(values: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile: a value that was measured, not one in between; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
