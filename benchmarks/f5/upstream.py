"""Upstream's side: `CFM.sample` and `Vocos.decode`, one utterance after another, as `F5TTS.infer` does it.

Upstream draws noise with the device's generator in the model's own precision; this engine on the CPU in float32. So
that sounds can be compared, upstream's integrator is handed this engine's noise in place of its own.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from benchmarks.f5.material import GUIDANCE, MELS, SWAY
from workers.engines.f5.sampler import SamplerInput, noise
from workers.engines.f5.upstream import load_upstream, without_training
from workers.engines.f5.weights import load, open_folder


class Theirs:
    """The same weights in upstream's own modules."""

    def __init__(self, folder: Path, device: torch.device, dtype: torch.dtype) -> None:
        """float16 on a GPU and float32 on the CPU are what upstream itself chooses."""
        load_upstream()
        with without_training(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._module: Any = importlib.import_module("f5_tts.model.cfm")
            vocos = importlib.import_module("vocos").Vocos
        model = load(open_folder(folder))
        self._device = device
        cfm: Any = self._module.CFM(transformer=model.dit, mel_spec_module=model.mel_spec)
        self._cfm = cfm.eval().to(device, dtype)
        self._vocos: Any = vocos(torch.nn.Identity(), model.vocoder_backbone, model.vocoder_head).to(device)

    @torch.inference_mode()
    def mel(self, sample: SamplerInput, nfe: int) -> Tensor:
        """float32 (speech frames, m), from this engine's noise."""
        drawn = noise(sample.seed, sample.frames, MELS)[None]
        integrate = self._module.odeint

        def from_our_noise(velocity: Any, start: Tensor, times: Tensor, **options: Any) -> Any:
            return integrate(velocity, drawn.to(start), times, **options)

        self._module.odeint = from_our_noise
        try:
            mel, _ = self._cfm.sample(
                cond=sample.reference[None].to(self._device),
                text=sample.tokens[None].to(self._device),
                duration=sample.frames,
                steps=nfe,
                cfg_strength=GUIDANCE.strength,
                sway_sampling_coef=SWAY,
                seed=sample.seed,
            )
        finally:
            self._module.odeint = integrate
        speech: Tensor = mel[0, len(sample.reference) :].float()
        return speech

    @torch.inference_mode()
    def wave(self, sample: SamplerInput, nfe: int) -> Tensor:
        """What `F5TTS.infer` makes of one chunk, on the CPU."""
        wave: Tensor = self._vocos.decode(self.mel(sample, nfe).T[None]).squeeze().cpu()
        return wave


@contextmanager
def exact_float32() -> Iterator[None]:
    """No TF32 in here: torch leaves it on for cuDNN's convolutions."""
    before = torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    try:
        yield
    finally:
        torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32 = before
