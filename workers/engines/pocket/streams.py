"""Many streams at once: each begins, goes on a frame at a time and ends by itself, and another takes its place.

A stream's noise is drawn before it begins, from its own seed; its prompt is read alone; a frame of all streams is
one product whose number of rows is one of those that were proved here (proof.py). Nothing else is shared.

    begin: cache <- voice's prefix, prompt          go on: latent -> transformer -> mark of the end, next latent
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from workers.engines.pocket.backbone import Cache, Prefix, Transformer, go_on, read_prompt
from workers.engines.pocket.head import Head
from workers.engines.pocket.products import PackedProduct

FRAMES_BEFORE_END = 6
"""The mark of the end is not believed before: upstream found that some voices have it before they speak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One prompt, ready to be spoken."""

    tokens: Tensor
    """int64 (t,)."""
    voice: Prefix
    noise: Tensor
    """float32 (frames, l): as many as it may have at most."""
    eos_threshold: float
    frames_after_eos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenStream:
    """What became of one."""

    index: int
    latents: Tensor
    """float32 (frames, l)."""
    has_ended: bool
    """False: the model never said that this is the end."""


@dataclass(slots=True, kw_only=True)
class _Live:
    index: int
    stream: Stream
    place: int
    length: int
    latents: list[Tensor] = field(default_factory=list)
    ended_at: int | None = None


def noise_of(
    seed: int, part: int, frames: int, width: int, *, temperature: float, clamp: float | None
) -> Tensor:
    """float32 (frames, width) on the CPU, from the utterance's own generator; each part of a text has another."""
    if part:
        seed = int.from_bytes(hashlib.sha256(f"{seed}:{part}".encode()).digest()[:7], "big")
    generator = torch.Generator().manual_seed(seed)
    deviation = temperature**0.5
    noise = torch.empty(frames, width)
    if clamp is None:
        return noise.normal_(0.0, deviation, generator=generator)
    return torch.nn.init.trunc_normal_(noise, 0.0, deviation, -clamp, clamp, generator=generator)


class SpeechNetwork:
    """The transformer with what is before and behind it, on one device. Not thread-safe."""

    def __init__(self, flow_lm: Any, *, positions: int) -> None:
        """`flow_lm` is upstream's `FlowLMModel`, its weights where they will be used."""
        self.transformer = Transformer(flow_lm.transformer, positions=positions)
        self.head = Head(flow_lm.flow_net, flow_lm.flow_type)
        self.device = self.transformer.device
        self.latent_width = int(flow_lm.ldim)
        self._beginning = flow_lm.bos_emb
        self._enter = PackedProduct(flow_lm.input_linear.weight)
        self._out_norm = flow_lm.out_norm.weight, flow_lm.out_norm.bias
        self._narrow = None if flow_lm.z_proj is None else PackedProduct(flow_lm.z_proj.weight)
        self._end_weight, self._end_bias = flow_lm.out_eos.weight[0], flow_lm.out_eos.bias
        conditioner = flow_lm.conditioner
        self._embed = conditioner.embed.weight
        self._embed_proj = None if conditioner.proj is None else PackedProduct(conditioner.proj.weight)

    @torch.inference_mode()
    def read_tokens(self, tokens: Tensor, before: Prefix) -> Prefix:
        """A text, read after a voice."""
        embedded = self._embed[tokens.to(self.device)]
        if self._embed_proj is not None:
            embedded = self._embed_proj(embedded)
        return read_prompt(self.transformer, embedded, before)

    def cache(self, places: int, positions: int) -> Cache:
        """Room for so many streams of so many positions."""
        return Cache(self.transformer, places=places, positions=positions)

    def begin(self, count: int) -> Tensor:
        """What the first frame follows: (count, l)."""
        beginning: Tensor = self._beginning.expand(count, -1)
        return beginning

    @torch.inference_mode()
    def frame(
        self,
        cache: Cache,
        latents: Tensor,
        places: Sequence[int],
        lengths: Sequence[int],
        noise: Tensor,
        steps: int,
    ) -> tuple[Tensor, Tensor]:
        """(next latents (r, l), marks of the end (r,)); `latents` and `noise` may have rows of padding behind."""
        rows = go_on(self.transformer, cache, self._enter(latents), places, lengths)
        rows = functional.layer_norm(rows, rows.shape[-1:], *self._out_norm, eps=1e-5)
        if self._narrow is not None:
            rows = self._narrow(rows)
        ends = (rows * self._end_weight).sum(dim=-1) + self._end_bias
        return self.head.decode(rows, noise, steps), ends


def speak(
    network: SpeechNetwork,
    streams: Sequence[Stream],
    *,
    row_counts: Sequence[int],
    steps: int,
    between_frames: Callable[[], None] | None = None,
) -> Iterator[SpokenStream]:
    """Each stream as it ends, not in order. `row_counts` are the numbers of rows that a product may have, ascending."""
    order = sorted(range(len(streams)), key=lambda index: (-len(streams[index].tokens), index))
    waiting = deque(order)
    places = min(len(streams), row_counts[-1])
    cache = network.cache(places, max(_positions(stream) for stream in streams))
    free = deque(range(places))
    live: list[_Live] = []
    last = network.begin(0)
    while waiting or live:
        begun = []
        while waiting and free:
            begun.append(_begin(network, cache, waiting.popleft(), streams, free.popleft()))
        live += begun
        last = torch.cat([last, network.begin(len(begun))])
        total = next(count for count in row_counts if count >= len(live))
        padding = (0, 0, 0, total - len(live))
        noise = torch.stack([one.stream.noise[len(one.latents)] for one in live]).to(network.device)
        latents, ends = network.frame(
            cache,
            functional.pad(last, padding),
            [one.place for one in live],
            [one.length for one in live],
            functional.pad(noise, padding),
            steps,
        )
        marks = ends.tolist()
        going: list[int] = []
        for row, one in enumerate(live):
            one.length += 1
            done = _advance(one, latents[row], marks[row])
            if done is None:
                going.append(row)
            else:
                free.append(one.place)
                yield done
        last = latents[going]
        live = [live[row] for row in going]
        if between_frames is not None and live:
            between_frames()


def _positions(stream: Stream) -> int:
    return stream.voice.positions + len(stream.tokens) + len(stream.noise)


def _begin(network: SpeechNetwork, cache: Cache, index: int, streams: Sequence[Stream], place: int) -> _Live:
    stream = streams[index]
    prompt = network.read_tokens(stream.tokens, stream.voice)
    middle, length = stream.voice.positions, stream.voice.positions + prompt.positions
    for number, layer in enumerate(cache.layers):
        layer[place, :, :, :middle] = stream.voice.keys_values[number]
        layer[place, :, :, middle:length] = prompt.keys_values[number]
    return _Live(index=index, stream=stream, place=place, length=length)


def _advance(one: _Live, latent: Tensor, mark: float) -> SpokenStream | None:
    """What it became, if this was its last frame; the frame after the last is not kept, as upstream does not."""
    frame = len(one.latents)
    if mark > one.stream.eos_threshold and one.ended_at is None and frame >= FRAMES_BEFORE_END:
        one.ended_at = frame
    has_ended = one.ended_at is not None and frame >= one.ended_at + one.stream.frames_after_eos
    if not has_ended:
        one.latents.append(latent)
        if len(one.latents) < len(one.stream.noise):
            return None
    return SpokenStream(index=one.index, latents=torch.stack(one.latents), has_ended=has_ended)
