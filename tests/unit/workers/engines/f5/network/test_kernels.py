"""Each kernel beside its definition in float64, on packs of random bounds."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from workers.engines.f5.network.kernels.attention import attend
from workers.engines.f5.network.kernels.float8 import quantise_rows
from workers.engines.f5.network.kernels.norms import add_norm_, norm
from workers.engines.f5.network.kernels.position_convolution import Convolution, convolve, embed_positions
from workers.engines.f5.network.kernels.rotation import angles_of, rotate_
from workers.engines.f5.network.products import quantised

WIDTH, HEADS, TAPS = 64, 4, 31
PACKS = ((40, 25, 61), (1, 2, 100, 3), (129,))
ROWS = 150
NEAR = {torch.float32: 1e-6, torch.float16: 5e-4}


def random(*shape: int, seed: int, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def bounds_of(lengths: Sequence[int]) -> list[tuple[int, int]]:
    ends = list(itertools.accumulate(lengths))
    return [(end - length, end) for end, length in zip(ends, lengths, strict=True)]


def described(lengths: Sequence[int], rows: int = ROWS) -> tuple[Tensor, Tensor]:
    first, last = torch.zeros(2, rows, dtype=torch.int32)
    for start, end in bounds_of(lengths):
        first[start:end], last[start:end] = start, end
    return first, last


def relative_l2(found: Tensor, expected: Tensor) -> float:
    return float((found.double() - expected).norm() / expected.norm())


def convolutions(dtype: torch.dtype) -> list[tuple[Tensor, Tensor]]:
    return [
        (
            random(WIDTH, 16, TAPS, seed=seed, dtype=dtype) * 0.05,
            random(WIDTH, seed=seed + 1, dtype=dtype) * 0.1,
        )
        for seed in (1, 3)
    ]


@pytest.mark.parametrize("dtype", NEAR)
@pytest.mark.parametrize("lengths", PACKS)
def test_the_position_embedding_is_its_definition_inside_each_sequence(
    lengths: Sequence[int], dtype: torch.dtype
) -> None:
    h = random(ROWS, WIDTH, seed=5, dtype=dtype)
    used = sum(lengths)
    layers = convolutions(dtype)
    expected = h.double()
    for start, end in bounds_of(lengths):
        y = h[start:end].double().T[None]
        for weight, bias in layers:
            y = functional.mish(
                functional.conv1d(y, weight.double(), bias.double(), padding=TAPS // 2, groups=WIDTH // 16)
            )
        expected[start:end] += y[0].T
    poisoned = h.clone()
    poisoned[used:] = torch.nan
    inner, outer = (Convolution.of(weight, bias) for weight, bias in layers)
    found = embed_positions(poisoned, (inner, outer), *described(lengths))
    assert relative_l2(found[:used], expected[:used]) < NEAR[dtype]


def test_a_convolved_row_has_the_same_bits_at_any_place_and_in_any_pack() -> None:
    weight, bias = convolutions(torch.float32)[0]
    layer = Convolution.of(weight, bias)
    sequence = random(61, WIDTH, seed=7)
    seen = set()
    for lengths in ((61,), (40, 25, 61), (61, 30), (130, 61)):
        place = lengths.index(61)
        start, end = bounds_of(lengths)[place]
        h = random(256, WIDTH, seed=sum(lengths))
        h[start:end] = sequence
        found = convolve(h, layer, *described(lengths, rows=256))[start:end]
        seen.add(found.numpy().tobytes())
    assert len(seen) == 1


@pytest.mark.parametrize("width", [WIDTH, 200])
@pytest.mark.parametrize("dtype", NEAR)
def test_a_norm_is_its_definition_and_what_is_added_stays(dtype: torch.dtype, width: int) -> None:
    h, added = random(ROWS, width, seed=1, dtype=dtype), random(ROWS, width, seed=2, dtype=dtype)
    gate, scale, shift = random(3, width, seed=3)
    expected = h.double() + added.double() * gate.double()
    summed = h.clone()
    normed = add_norm_(summed, added, gate, scale, shift, epsilon=1e-6)
    assert relative_l2(summed, expected) < NEAR[dtype]
    of_sum = functional.layer_norm(summed.double(), (width,), scale.double(), shift.double(), 1e-6)
    assert relative_l2(normed, of_sum) < NEAR[dtype]
    plain = functional.layer_norm(h.double(), (width,), scale.double(), shift.double(), 1e-6)
    assert relative_l2(norm(h, scale, shift, epsilon=1e-6), plain) < NEAR[dtype]


def turned_by_definition(
    projected: Tensor, lengths: Sequence[int], angles: tuple[Tensor, Tensor], rotated_heads: int
) -> Tensor:
    """float64 (r, 3, h, c): queries and keys turned, pair by pair, by their positions in their own sequences."""
    positions = torch.zeros(len(projected), dtype=torch.int64)
    for start, end in bounds_of(lengths):
        positions[start:end] = torch.arange(end - start)
    cosine, sine = (table.double()[positions][:, None, None] for table in angles)
    taken = projected[:, :2, :rotated_heads]
    even, odd = taken.reshape(*taken.shape[:-1], -1, 2).unbind(-1)
    both = torch.stack([even * cosine - odd * sine, odd * cosine + even * sine], dim=-1).flatten(-2)
    projected = projected.clone()
    projected[:, :2, :rotated_heads] = both
    return projected


@pytest.mark.parametrize("rotated_heads", [HEADS, 1])
@pytest.mark.parametrize("dtype", NEAR)
def test_a_rotation_is_its_definition(dtype: torch.dtype, rotated_heads: int) -> None:
    lengths = PACKS[0]
    first, last = described(lengths)
    used, c = sum(lengths), WIDTH // HEADS
    x = random(ROWS, WIDTH, seed=1, dtype=dtype)
    weight = random(3 * WIDTH, WIDTH, seed=2, dtype=dtype) * 0.06
    bias = random(3 * WIDTH, seed=3, dtype=dtype)
    angles = angles_of(1.0 / 10000 ** (torch.arange(0, c, 2).float() / c), 128)
    projected = functional.linear(x.double(), weight.double(), bias.double()).view(ROWS, 3, HEADS, c)
    expected = turned_by_definition(projected, lengths, angles, rotated_heads)[:used].flatten(1)
    ways = {"heads": HEADS, "rotated_heads": rotated_heads}
    after = rotate_(functional.linear(x, weight, bias), first, last, angles, None, epsilon=1e-6, **ways)
    assert relative_l2(after[:used], expected) < 2 * NEAR[dtype]


def test_queries_and_keys_are_normed_before_they_are_turned() -> None:
    lengths, c = PACKS[0], WIDTH // HEADS
    used = sum(lengths)
    qkv = random(ROWS, 3 * WIDTH, seed=1)
    norms = (random(c, seed=2), random(c, seed=3))
    angles = angles_of(1.0 / 10000 ** (torch.arange(0, c, 2).float() / c), 128)
    projected = qkv.double().view(ROWS, 3, HEADS, c)
    normed = torch.stack(
        [
            *(functional.rms_norm(projected[:, part], (c,), norms[part].double(), 1e-6) for part in (0, 1)),
            projected[:, 2],
        ],
        dim=1,
    )
    expected = turned_by_definition(normed, lengths, angles, HEADS)[:used].flatten(1)
    found = rotate_(
        qkv.clone(), *described(lengths), angles, norms, heads=HEADS, rotated_heads=HEADS, epsilon=1e-6
    )
    assert relative_l2(found[:used], expected) < NEAR[torch.float32]


@pytest.mark.parametrize("dtype", NEAR)
@pytest.mark.parametrize("lengths", PACKS)
def test_attention_is_its_definition_inside_each_sequence(lengths: Sequence[int], dtype: torch.dtype) -> None:
    used, c = sum(lengths), WIDTH // HEADS
    qkv = random(ROWS, 3, HEADS, c, seed=1, dtype=dtype)
    qkv[used:] = torch.nan
    cumulative = torch.tensor([0, *itertools.accumulate(lengths)], dtype=torch.int32)
    query, key, value = qkv.unbind(1)
    found = attend(query, key, value, cumulative, max(lengths) + 40)
    for start, end in bounds_of(lengths):
        q, k, v = (part[start:end].double().transpose(0, 1)[None] for part in (query, key, value))
        expected = functional.scaled_dot_product_attention(q, k, v)[0].transpose(0, 1)
        assert relative_l2(found[start:end], expected) < 2 * NEAR[dtype]


def test_attention_has_the_same_bits_at_any_place_and_in_any_pack() -> None:
    c = WIDTH // HEADS
    sequence, seen = random(61, 3, HEADS, c, seed=7), set()
    for lengths, longest in (((61,), 61), ((40, 25, 61), 61), ((61, 30), 200), ((130, 61), 130)):
        start, end = bounds_of(lengths)[lengths.index(61)]
        qkv = random(256, 3, HEADS, c, seed=sum(lengths))
        qkv[start:end] = sequence
        cumulative = torch.tensor([0, *itertools.accumulate(lengths)], dtype=torch.int32)
        query, key, value = qkv.unbind(1)
        seen.add(attend(query, key, value, cumulative, longest)[start:end].numpy().tobytes())
    assert len(seen) == 1


def test_rows_are_rounded_to_eight_bits_with_a_scale_of_their_own() -> None:
    """The interpreter cuts where a device rounds, and loses what is carried into the next power of two."""
    rows = random(40, 200, seed=1)
    rows[3] *= 1e4
    rows[4] = 0
    rounded, scales = quantise_rows(rows)
    expected, expected_scales = quantised(rows)
    assert torch.allclose(scales, expected_scales, rtol=1e-6)
    size = expected.float().abs()
    off = (rounded.float() - expected.float()).abs()
    is_carried = torch.frexp(size).mantissa == 0.5
    assert bool((off <= size / 8 + 2**-9)[~is_carried].all())
    assert float(is_carried.float().mean()) < 0.3
