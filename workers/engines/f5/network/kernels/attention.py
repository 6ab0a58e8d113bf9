"""Attention inside each sequence of a pack, in one pass over keys and values (after FlashAttention-2).

A row's result is a sum over its own sequence's keys, block after block from the sequence's first row: its bits know
neither the pack nor the row's place in it.
"""

from __future__ import annotations

import math

import torch
import triton
import triton.language as tl
from torch import Tensor

BLOCKS = (64, 64)
"""Queries and keys of a program's step: of ten pairs the fastest on an H200, at every size of pack."""
FLOAT32_BLOCKS = (16, 16)
"""The same where there are no tensor cores to hold it."""
NO_KEY = tl.constexpr(-1.0e30)
"""The score of what is no key. Not infinite: the difference of two infinities is no number."""


@triton.jit
def _step(
    attended,
    total,
    largest,
    query,
    keys,
    values,
    place,
    length,
    stride: tl.constexpr,
    per_key: tl.constexpr,
    CHANNEL_BLOCK: tl.constexpr,
    KEYS: tl.constexpr,
    WHOLE: tl.constexpr,
):
    """A block of keys and values: all there (WHOLE), or with an end inside."""
    key = place + tl.arange(0, KEYS)
    where = key[:, None] * stride + tl.arange(0, CHANNEL_BLOCK)[None, :]
    if WHOLE:
        k = tl.load(keys + where)
        v = tl.load(values + where)
    else:
        k = tl.load(keys + where, mask=(key < length)[:, None], other=0.0)
        v = tl.load(values + where, mask=(key < length)[:, None], other=0.0)
    score = tl.dot(query, tl.trans(k), input_precision="ieee") * per_key
    if not WHOLE:
        score = tl.where((key < length)[None, :], score, NO_KEY)
    now = tl.maximum(largest, tl.max(score, axis=1))
    share = tl.exp2(score - now[:, None])
    kept = tl.exp2(largest - now)
    total = total * kept + tl.sum(share, axis=1)
    attended = tl.dot(share.to(v.dtype), v, attended * kept[:, None], input_precision="ieee")
    return attended, total, now


@triton.jit
def _attend(
    query,
    key,
    value,
    cumulative,
    out,
    stride: tl.constexpr,
    out_stride: tl.constexpr,
    per_key: tl.constexpr,
    C: tl.constexpr,
    QUERIES: tl.constexpr,
    KEYS: tl.constexpr,
):
    head = tl.program_id(1)
    sequence = tl.program_id(2)
    begin = tl.load(cumulative + sequence).to(tl.int64)
    length = (tl.load(cumulative + sequence + 1) - begin).to(tl.int32)
    first = tl.program_id(0) * QUERIES
    if first < length:
        row = first + tl.arange(0, QUERIES)
        channel = tl.arange(0, C)
        inside = (row < length)[:, None]
        queries = query + begin * stride + head * C
        keys = key + begin * stride + head * C
        values = value + begin * stride + head * C
        q = tl.load(queries + row[:, None] * stride + channel[None, :], mask=inside, other=0.0)
        attended = tl.zeros([QUERIES, C], dtype=tl.float32)
        total = tl.zeros([QUERIES], dtype=tl.float32)
        largest = tl.full([QUERIES], NO_KEY, dtype=tl.float32)
        whole = length // KEYS * KEYS
        for place in tl.range(0, whole, KEYS):
            attended, total, largest = _step(
                attended, total, largest, q, keys, values, place, length, stride, per_key, C, KEYS, True
            )
        if whole < length:
            attended, total, largest = _step(
                attended, total, largest, q, keys, values, whole, length, stride, per_key, C, KEYS, False
            )
        attended = attended / total[:, None]
        place = out + begin * out_stride + head * C + row[:, None] * out_stride + channel[None, :]
        tl.store(place, attended.to(out.dtype.element_ty), mask=inside)


def attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    cumulative: Tensor,
    longest: int,
) -> Tensor:
    """(r, h, c) each, rows equally far apart, heads next to each other -> (r, h, c).

    `cumulative`: int32 (sequences + 1,), where sequences begin and the last one ends; rows after it are not written.
    `longest` may be more than the longest sequence has: it decides how many programs are started, not what they give.
    """
    rows, heads, c = query.shape
    out = torch.empty(rows, heads, c, dtype=query.dtype, device=query.device)
    queries, keys = FLOAT32_BLOCKS if query.dtype == torch.float32 else BLOCKS
    _attend[(triton.cdiv(longest, queries), heads, len(cumulative) - 1)](
        query,
        key,
        value,
        cumulative,
        out,
        query.stride(0),
        out.stride(0),
        math.log2(math.e) / math.sqrt(c),
        c,
        queries,
        keys,
        num_warps=4,
        num_stages=3,
    )
    return out
