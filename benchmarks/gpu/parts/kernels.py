"""Each kernel of the engine's own beside what it replaces, and whether products know how many rows they have.

A kernel is added to `CASES` as a function of (bench, rows) that gives a `Case`: both ways as callables, the reference
in float64 on the CPU on as many rows as that can bear.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from benchmarks.f5.measuring import median_s
from benchmarks.f5.sound import relative_l2, sha
from benchmarks.gpu.bench import Bench

EXACT_ROWS = 512
"""Rows that are computed once more in float64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One piece of a step in two ways, at one size."""

    name: str
    rows: int
    replaced: Callable[[], Tensor]
    """torch's own kernels."""
    candidate: Callable[[], Tensor] | None
    """The one that is to be faster; None where this machine cannot run it."""
    exact: Tensor
    """float64 on the CPU: the first rows of what both should give."""
    operations: float


def kernels(bench: Bench) -> None:
    """Milliseconds of both ways, and the distance of each from float64."""
    for case_of in CASES:
        for rows in (2048, 8192, 32768, 65536) if bench.on_cuda and not bench.quick else (600,):
            if bench.left_s() < 4:
                return
            _tell(bench, case_of(bench, rows))


@torch.inference_mode()
def _tell(bench: Bench, case: Case) -> None:
    ways = {"replaced": case.replaced, "candidate": case.candidate}
    for name, way in ways.items():
        if way is None:
            continue
        took = median_s(bench.torch_device, way, times=5, warm=2)
        found = way()[: len(case.exact)]
        bench.tell(
            "kernel",
            {
                "name": case.name,
                "rows": case.rows,
                "way": name,
                "ms": round(1000 * took, 4),
                "tflops": round(case.operations / took / 1e12, 3),
                "relative_l2": relative_l2(found, case.exact),
                "sha": sha(found),
            },
        )


def _kind(bench: Bench) -> torch.dtype:
    return torch.bfloat16 if bench.on_cuda else torch.float32


def _drawn(bench: Bench, *shape: int, seed: int, scale: float = 1.0) -> Tensor:
    """The same values on every device, in the type of the device's network."""
    generator = torch.Generator().manual_seed(seed)
    return (torch.randn(*shape, generator=generator) * scale).to(bench.torch_device, _kind(bench))


def _launches_triton(bench: Bench) -> bool:
    """On a GPU, or interpreted on a CPU."""
    return bench.on_cuda or os.environ.get("TRITON_INTERPRET") == "1"


def _one_sequence(bench: Bench, rows: int) -> tuple[Tensor, Tensor]:
    """First and last row of each row's sequence, where all are one."""
    bounds = torch.zeros(2, rows, dtype=torch.int32, device=bench.torch_device)
    bounds[1] = rows
    return bounds[0].contiguous(), bounds[1].contiguous()


def position_convolution(bench: Bench, rows: int) -> Case:
    """Two grouped convolutions of 31 taps with mish inside one sequence, and what they are added to."""
    width, taps, group = (1024, 31, 64) if bench.on_cuda else (128, 31, 64)
    h = _drawn(bench, rows, width, seed=1)
    layers = [
        (
            _drawn(bench, width, group, taps, seed=2 + n, scale=0.02),
            _drawn(bench, width, seed=5 + n, scale=0.1),
        )
        for n in range(2)
    ]

    def convolved(x: Tensor, kind: torch.dtype) -> Tensor:
        y = x.to(kind).T[None]
        for weight, bias in layers:
            y = functional.conv1d(
                y,
                weight.to(y.device, kind),
                bias.to(y.device, kind),
                padding=taps // 2,
                groups=width // group,
            )
            y = functional.mish(y)
        return x.to(kind) + y[0].T

    def fused() -> Tensor:
        from workers.engines.f5.network.kernels.position_convolution import Convolution, embed_positions

        inner, outer = (Convolution.of(*layer) for layer in layers)
        return embed_positions(h, (inner, outer), *_one_sequence(bench, rows))

    reach = 2 * (taps // 2)
    exact = convolved(h[: EXACT_ROWS + reach].cpu(), torch.float64)
    return Case(
        name="position convolution",
        rows=rows,
        replaced=lambda: convolved(h, _kind(bench)),
        candidate=fused if _launches_triton(bench) else None,
        exact=exact[: min(rows, EXACT_ROWS)] if rows > EXACT_ROWS + reach else exact,
        operations=2 * 2 * rows * width * group * taps,
    )


def attention(bench: Bench, rows: int) -> Case:
    """Sequences of 1,500 rows: torch's flash kernel for packs, and the fused one."""
    from workers.engines.f5.attention import Sequences, attend
    from workers.engines.f5.packing import Budget, lay_out

    heads, channels = (16, 64) if bench.on_cuda else (2, 32)
    length = min(1500, rows // 2)
    layout = lay_out([length] * (rows // 2 // length), halves=2, budget=Budget(frames=rows // 2))
    sequences = Sequences.of(layout, bench.torch_device)
    query, key, value = _drawn(bench, rows, 3, heads, channels, seed=1).unbind(1)

    def fused() -> Tensor:
        from workers.engines.f5.network.kernels import attention as own

        return own.attend(query, key, value, sequences.cumulative, sequences.longest)

    q, k, v = (part[:length].cpu().double().transpose(0, 1)[None] for part in (query, key, value))
    exact = functional.scaled_dot_product_attention(q, k, v)[0].transpose(0, 1)
    return Case(
        name="attention",
        rows=rows,
        replaced=lambda: attend(query, key, value, sequences),
        candidate=fused if _launches_triton(bench) else None,
        exact=exact,
        operations=4 * sum(part * part for part in layout.lengths) * heads * channels,
    )


def gelu_product(bench: Bench, rows: int) -> Case:
    """The feed-forward's first product with its GELU, apart and in cuBLASLt's epilogue."""
    inner, outer = (1024, 2048) if bench.on_cuda else (64, 128)
    x = _drawn(bench, rows, inner, seed=1)
    weight, bias = _drawn(bench, outer, inner, seed=2, scale=0.03), _drawn(bench, outer, seed=3)

    def apart(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return functional.gelu(functional.linear(x, weight, bias), approximate="tanh")

    few = x[:EXACT_ROWS].cpu().double()
    return Case(
        name="product with GELU",
        rows=rows,
        replaced=lambda: apart(x, weight, bias),
        # on a CPU torch's is another GELU: with erf, 1.9e-4 away
        candidate=(lambda: torch._addmm_activation(bias, x, weight.t(), use_gelu=True))
        if bench.on_cuda
        else None,
        exact=apart(few, weight.cpu().double(), bias.cpu().double()),
        operations=2 * rows * inner * outer,
    )


def rotated(bench: Bench, rows: int) -> Case:
    """Queries, keys and values as one product, turned by their rows' angles: by torch, or by one kernel."""
    from workers.engines.f5.network.eager import rotated as turned_apart

    heads, c = (16, 64) if bench.on_cuda else (2, 32)
    width = heads * c
    x = _drawn(bench, rows, width, seed=1)
    weight, bias = _drawn(bench, 3 * width, width, seed=2, scale=0.03), _drawn(bench, 3 * width, seed=3)
    frequencies = 1.0 / (10000 ** (torch.arange(0, c, 2).float() / c))
    angles = torch.arange(rows)[:, None].float() * frequencies[None]
    turns = torch.stack([angles.cos(), angles.sin()])[:, :, None].to(bench.torch_device)

    def apart(x: Tensor, weight: Tensor, bias: Tensor, turns: Tensor) -> Tensor:
        query, key, value = functional.linear(x, weight, bias).view(len(x), 3, heads, c).unbind(1)
        return torch.stack([turned_apart(query, turns), turned_apart(key, turns), value], dim=1).view(
            len(x), -1
        )

    def exactly(x: Tensor) -> Tensor:
        query, key, value = functional.linear(x, *exact_weights).view(len(x), 3, heads, c).unbind(1)
        turn = torch.polar(torch.ones_like(angles), angles)[: len(x), None].to(torch.complex128)

        def turned(part: Tensor) -> Tensor:
            pairs = torch.view_as_complex(part.view(len(x), heads, -1, 2).contiguous())
            return torch.view_as_real(pairs * turn).flatten(-2)

        return torch.stack([turned(query), turned(key), value], dim=1).view(len(x), -1)

    def fused() -> Tensor:
        from workers.engines.f5.network.kernels import rotation

        return rotation.rotate_(
            functional.linear(x, weight, bias),
            *_one_sequence(bench, rows),
            (turns[0, :, 0].contiguous(), turns[1, :, 0].contiguous()),
            None,
            heads=heads,
            rotated_heads=heads,
            epsilon=0.0,
        )

    exact_weights = weight.cpu().double(), bias.cpu().double()
    return Case(
        name="rotated product",
        rows=rows,
        replaced=lambda: apart(x, weight, bias, turns),
        candidate=fused if _launches_triton(bench) else None,
        exact=exactly(x[:EXACT_ROWS].cpu().double()),
        operations=2 * rows * width * 3 * width,
    )


def added_norm(bench: Bench, rows: int) -> Case:
    """What a block adds, through its gate, and the next layer norm: in two passes, or in one."""
    from workers.engines.f5.network.eager import NORM_EPSILON

    width = 1024 if bench.on_cuda else 64
    h, added = _drawn(bench, rows, width, seed=1), _drawn(bench, rows, width, seed=2)
    gate, scale, shift = (_drawn(bench, width, seed=3 + n) for n in range(3))

    def apart(h: Tensor, added: Tensor, gate: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
        return functional.layer_norm(torch.addcmul(h, added, gate), (width,), scale, shift, NORM_EPSILON)

    def fused() -> Tensor:
        from workers.engines.f5.network.kernels.norms import add_norm_

        kept = h.clone()  # the kernel adds in place: its milliseconds have a copy in them
        return add_norm_(kept, added, gate.float(), scale.float(), shift.float(), epsilon=NORM_EPSILON)

    few = [h[:EXACT_ROWS], added[:EXACT_ROWS], gate, scale, shift]
    return Case(
        name="sum and norm",
        rows=rows,
        replaced=lambda: apart(h, added, gate, scale, shift),
        candidate=fused if _launches_triton(bench) else None,
        exact=apart(*(part.cpu().double() for part in few)),
        operations=10 * rows * width,
    )


def float8_product(bench: Bench, rows: int) -> Case:
    """The feed-forward's second product in the network's type, and with both sides rounded to eight bits."""
    from workers.engines.f5.network.products import Float8Product

    inner, outer = (2048, 1024) if bench.on_cuda else (128, 64)
    x = _drawn(bench, rows, inner, seed=1)
    weight, bias = _drawn(bench, outer, inner, seed=2, scale=0.03), _drawn(bench, outer, seed=3)
    rounded = Float8Product.of(weight, bias)
    old = bench.on_cuda and torch.cuda.get_device_capability(bench.torch_device) < (8, 9)
    return Case(
        name="product in float8",
        rows=rows,
        replaced=lambda: functional.linear(x, weight, bias),
        candidate=None if old else lambda: rounded(x),
        exact=functional.linear(x[:EXACT_ROWS].cpu().double(), weight.cpu().double(), bias.cpu().double()),
        operations=2 * rows * inner * outer,
    )


CASES: tuple[Callable[[Bench, int], Case], ...] = (
    position_convolution,
    attention,
    rotated,
    added_norm,
    gelu_product,
    float8_product,
)
"""A kernel that the engine gains joins here."""

PRODUCTS = {
    "queries, keys, values": (1024, 3072),
    "attention's output": (1024, 1024),
    "feed-forward up": (1024, 2048),
    "feed-forward down": (2048, 1024),
    "mel in": (100, 1024),
    "mel out": (1024, 100),
    "mel in, padded": (128, 1024),
}
"""Columns in and out of every product of the full size."""
PROBE_ROWS = 331


@torch.inference_mode()
def products(bench: Bench) -> None:
    """The bits of 331 rows at four places of products of many sizes, with torch's own splits of the sum and without."""
    settings = torch.backends.cuda.matmul
    before = (
        settings.allow_bf16_reduced_precision_reduction,
        settings.allow_bf16_reduced_precision_reduction_split_k,
    )
    large = bench.on_cuda and not bench.quick
    for setting, allowed in (("no split", (False, False)), ("as torch splits", (False, True))):
        settings.allow_bf16_reduced_precision_reduction = allowed
        try:
            for name, (inner, outer) in PRODUCTS.items():
                if bench.left_s() < 3:
                    return
                rows = (2048, 4096, 8192, 16384, 32768, 65536, 6000) if large else (2048,)
                bench.tell(
                    "product", {"name": name, "setting": setting, **_product(bench, inner, outer, rows)}
                )
        finally:
            settings.allow_bf16_reduced_precision_reduction = before


def _product(bench: Bench, inner: int, outer: int, sizes: tuple[int, ...]) -> dict[str, object]:
    probe = _drawn(bench, PROBE_ROWS, inner, seed=3)
    weight, bias = _drawn(bench, outer, inner, seed=4), _drawn(bench, outer, seed=5)
    found: dict[int, set[str]] = {}
    rates = {}
    for rows in sizes:
        x = _drawn(bench, rows, inner, seed=6)
        found[rows] = set()
        for place in (0, 700, rows // 2 + 13, rows - PROBE_ROWS):
            filled = x.clone()
            filled[place : place + PROBE_ROWS] = probe
            found[rows].add(sha(functional.linear(filled, weight, bias)[place : place + PROBE_ROWS]))
        took = median_s(bench.torch_device, lambda x=x: functional.linear(x, weight, bias), warm=2)  # type: ignore[misc]
        rates[rows] = round(2 * rows * inner * outer / took / 1e12, 2)
    kinds = sorted(set().union(*found.values()))
    return {
        "same": len(kinds) == 1,
        "bits": {rows: [kinds.index(one) for one in sorted(shas)] for rows, shas in found.items()},
        "tflops": rates,
    }
