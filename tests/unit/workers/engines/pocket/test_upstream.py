"""Ours against upstream alone, on the very same folder and the same noise: 1e-5 of the sound's energy apart at
most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.unit.workers.engines.pocket.alone import speak_alone, streams_of, upstream_voice
from tests.unit.workers.engines.pocket.requests import SENTENCES, request, speaker
from tests.unit.workers.engines.pocket.weights import SMALL_HEADS, TINY, load_with_upstream, make_weights
from workers.engines.pocket import PocketEngine
from workers.engines.pocket.streams import speak

FAR = 1e-5


def _distance(engine: PocketEngine, folder: Path, texts: Sequence[str], **table: Any) -> float:
    """The largest relative distance, all texts in one batch of ours and each alone in upstream."""
    preset = speaker(**table)
    tts = load_with_upstream(folder)
    tts.eos_threshold = preset.parameters["eos_threshold"]
    tts.sampler_decode_steps = steps = table.get("sampler_steps", 1)
    state = upstream_voice(tts, preset)
    ready = engine._ready()
    parts = [streams_of(engine, request(text, preset)) for text in texts]
    every = [stream for part in parts for stream in part]
    spoken = iter(
        sorted(speak(ready.network, every, row_counts=(4, 16), steps=steps), key=lambda one: one.index)
    )
    worst = 0.0
    for text, part in zip(texts, parts, strict=True):
        ones = [next(spoken) for _ in part]
        noises = [
            stream.noise[: len(one.latents) + one.has_ended] for stream, one in zip(part, ones, strict=True)
        ]
        ours = torch.cat([ready.codec.decode(one.latents) for one in ones])
        theirs = speak_alone(tts, state, text, noises, max_tokens=table.get("prompt_tokens", 50))
        assert len(ours) == len(theirs)
        worst = max(worst, float((ours - theirs).norm() / theirs.norm()))
    return worst


@pytest.fixture(autouse=True)
def _no_gradients() -> Iterator[None]:
    with torch.no_grad():
        yield


def test_many_streams_sound_as_each_does_in_upstream(engine: PocketEngine, tiny_weights: Path) -> None:
    assert _distance(engine, tiny_weights, SENTENCES) < FAR


def test_a_long_text_is_parted_as_upstream_parts_it(engine: PocketEngine, tiny_weights: Path) -> None:
    texts = ["We wish you a nice day. The bell rang twice, nobody knows why; it was noon.", SENTENCES[1]]
    assert len(streams_of(engine, request(texts[0], speaker(prompt_tokens=40)))) == 3
    assert _distance(engine, tiny_weights, texts, prompt_tokens=40) < FAR


def test_speech_without_an_end_is_as_long_as_upstream_lets_it_be(
    engine: PocketEngine, tiny_weights: Path
) -> None:
    assert _distance(engine, tiny_weights, SENTENCES[3:4], eos_threshold=20.0) < FAR


@pytest.mark.parametrize(
    ("kind", "steps"), [("lsd", 3), ("flow_matching", 4), ("drifting", 1), ("pointwise", 1)]
)
def test_every_head_and_shared_keys(tmp_path: Path, kind: str, steps: int) -> None:
    """As upstream's smallest models have: a narrow output, keys shared by queries, a codec that is wider inside."""
    small = {**SMALL_HEADS, "flow": {**SMALL_HEADS["flow"], "type": kind}}
    codec = {"quantizer": {"dimension": 16, "output_dimension": 24}, "outer_dim": 24, **NARROW_DECODER}
    config = {**TINY, "flow_lm": {**TINY["flow_lm"], **small}, "mimi": {**TINY["mimi"], **codec}}
    folder = make_weights(tmp_path / kind, config=config)
    engine = PocketEngine(location=folder)
    assert _distance(engine, folder, SENTENCES[:2], sampler_steps=steps, eos_threshold=0.5) < FAR


NARROW_DECODER = {
    "decoder_seanet": {**TINY["mimi"]["seanet"], "dimension": 24, "n_filters": 3, "n_residual_layers": 2},
    "decoder_transformer": {
        **TINY["mimi"]["transformer"],
        "d_model": 16,
        "context": 50,
        "input_dimension": 24,
        "output_dimensions": [24],
    },
}
