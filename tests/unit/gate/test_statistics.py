"""Paired statistics against scipy, which the f5 extra brings."""

from __future__ import annotations

import random

import numpy as np
import pytest
import scipy.stats

from campaign.gate.statistics import bootstrap_mean, percentile, sign_test, wilcoxon, wilson


def differences(seed: int, count: int, *, whole: bool) -> list[float]:
    rng = random.Random(seed)
    return [float(rng.randint(-3, 4)) if whole else rng.gauss(0.3, 1) for _ in range(count)]


@pytest.mark.parametrize("count", [1, 2, 5, 10, 40])
@pytest.mark.parametrize("seed", range(4))
def test_wilcoxon_without_ties_is_scipys_exact_p(seed: int, count: int) -> None:
    values = differences(seed, count, whole=False)
    assert wilcoxon(values) == pytest.approx(scipy.stats.wilcoxon(values, method="exact").pvalue, rel=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_wilcoxon_with_ties_is_exact_over_all_signs(seed: int) -> None:
    values = [one for one in differences(seed, 11, whole=True) if one]
    ranks = scipy.stats.rankdata(np.abs(values))
    observed = sum(rank for rank, value in zip(ranks, values, strict=True) if value > 0)
    signs = (np.arange(1 << len(values))[:, None] >> np.arange(len(values))) & 1
    sums = signs @ ranks
    low, high = (sums <= observed + 1e-9).mean(), (sums >= observed - 1e-9).mean()
    assert wilcoxon(values) == pytest.approx(min(1.0, 2 * min(low, high)), rel=1e-9)


def test_wilcoxon_of_many_pairs_is_scipys_approximation() -> None:
    values = differences(1, 200, whole=False)
    expected = scipy.stats.wilcoxon(values, method="asymptotic", correction=False).pvalue
    assert wilcoxon(values) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_sign_test_is_scipys_binomial_without_ties(seed: int) -> None:
    values = differences(seed, 15, whole=True)
    above, below = sum(one > 0 for one in values), sum(one < 0 for one in values)
    assert sign_test(values) == pytest.approx(scipy.stats.binomtest(above, above + below).pvalue)


def test_nothing_but_ties_says_nothing() -> None:
    assert (sign_test([0.0, 0.0]), wilcoxon([0.0, 0.0]), wilcoxon([])) == (1.0, 1.0, 1.0)


def test_bootstrap_interval_is_near_scipys_and_the_same_every_time() -> None:
    values = differences(7, 30, whole=False)
    found = bootstrap_mean(values)
    expected = scipy.stats.bootstrap(
        (values,), np.mean, method="percentile", random_state=np.random.default_rng(1)
    ).confidence_interval
    assert found == bootstrap_mean(values)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.03)
    assert found.low < found.mean < found.high


def test_interval_covers_the_true_mean_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(100):
        found = bootstrap_mean(list(rng.normal(1.0, 2.0, 40)), confidence=0.9)
        covered += found.low <= 1.0 <= found.high
    assert 80 <= covered <= 97


def test_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.95) == 4.0
    assert percentile([], 0.5) is None


@pytest.mark.parametrize(("hits", "of"), [(0, 10), (1, 10), (5, 12), (12, 12), (3, 400)])
def test_wilson_is_scipys(hits: int, of: int) -> None:
    found = wilson([1.0] * hits + [0.0] * (of - hits))
    oracle = scipy.stats.binomtest(hits, of).proportion_ci(method="wilson")
    assert [found.low, found.high] == pytest.approx([oracle.low, oracle.high], abs=1e-9)
    assert found.mean == pytest.approx(hits / of)
