"""Everything that `PocketEngine` holds once its weights are read."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

import torch
from torch import Tensor

from workers.engines.engine import PresetSound
from workers.engines.f5.choice import DeviceChoice
from workers.engines.f5.device.opening import open_device
from workers.engines.f5.faults import CheckpointError
from workers.engines.pocket.backbone import Prefix, read_prompt
from workers.engines.pocket.codec import Codec
from workers.engines.pocket.conditioning import reference_wave
from workers.engines.pocket.proof import RowProof, prove
from workers.engines.pocket.streams import SpeechNetwork
from workers.engines.pocket.text import Prompter
from workers.engines.pocket.upstream import load_package
from workers.engines.pocket.utterances import ModelFacts
from workers.engines.pocket.weights import PocketFolder, load_model, weights_digest

POSITIONS = 2048
"""Of a voice, a prompt and its frames together: 30 s, 200 tokens and what they take are under 1500."""


@dataclass(slots=True, kw_only=True)
class ReadyPocket:
    """A model on its device."""

    network: SpeechNetwork
    codec: Codec
    prompter: Prompter
    facts: ModelFacts
    weights_digest: str
    tts: Any
    """Upstream's model: what is left to it is listening to a reference."""
    threads: int
    """Of torch when this was proved: bits may depend on it."""
    proofs: dict[int, RowProof] = field(default_factory=dict)
    """By the number of sampler steps."""

    @contextmanager
    def own_threads(self) -> Iterator[None]:
        """Around all that is computed: others in the process may have set another number since."""
        others = torch.get_num_threads()
        torch.set_num_threads(self.threads)
        try:
            yield
        finally:
            torch.set_num_threads(others)

    def proof(self, steps: int = 1) -> RowProof:
        """Which numbers of rows may be mixed; tried once."""
        if steps not in self.proofs:
            self.proofs[steps] = prove(self.network, steps)
        return self.proofs[steps]

    @property
    def numeric_class(self) -> str:
        """Device, build and mode within which the same key gives the same bits."""
        proof = self.proof()
        how = f"f32-rows{proof.row_counts[-1]}-{proof.digest[:8]}"
        libraries = f"torch{torch.__version__}-pocket{metadata.version('pocket-tts')}"
        device = self.network.device
        if device.type == "cuda":
            card = torch.cuda.get_device_properties(device)
            return f"{card.name.replace(' ', '-')}-{libraries}-cuda{torch.version.cuda}-{how}"
        capability = torch.backends.cpu.get_cpu_capability().replace(" ", "-")
        return f"{platform.machine()}-{capability}-{libraries}-{how}-t{self.threads}"

    @property
    def prefix_shape(self) -> tuple[int, ...]:
        """Of a kept conditioning, without its positions."""
        transformer = self.network.transformer
        return len(transformer.layers), 2, transformer.key_heads, transformer.channels

    @torch.inference_mode()
    def listen(self, preset: PresetSound) -> Prefix:
        """What the transformer knows after the reference; raises `EngineError`. A tenth of its length."""
        wave = reference_wave(preset, self.facts.rate_hz)
        heard = load_package().end_on_pause(wave[None], self.facts.rate_hz)
        embedded = self.tts._encode_audio(heard[None].to(self.network.device))[0]
        if self.tts.flow_lm.insert_bos_before_voice:
            embedded = torch.cat([self.tts.flow_lm.bos_before_voice[0], embedded])
        return read_prompt(self.network.transformer, embedded)

    @torch.inference_mode()
    def decode(self, latents: Sequence[Tensor]) -> Iterator[Tensor]:
        """float32 (samples,) on the CPU for each part."""
        for part in latents:
            yield self.codec.decode(part).cpu()


@torch.inference_mode()
def load_pocket(
    folder: PocketFolder,
    device: str,
    max_vram_gib: float | None,
    files: Mapping[str, str],
    device_turn: AbstractContextManager[object],
) -> ReadyPocket:
    """Read the weights, lay them out, prove what may be mixed. Raises `EngineError`."""
    model = load_model(folder)
    tts, config = model.tts, model.config
    if not tts.flow_lm.speaker_proj_weight.any():
        raise CheckpointError(
            f"{folder.checkpoint} holds the weights without voice cloning; take those of the repository with it"
        )
    prompter = Prompter(load_package(), config, tts.flow_lm.conditioner.tokenizer)
    facts = ModelFacts(
        rate_hz=config.mimi.sample_rate,
        frames_per_s=config.mimi.frame_rate,
        latent_width=tts.flow_lm.ldim,
        temperature=config.default_temperature,
        eos_threshold=config.default_eos_threshold,
    )
    with device_turn:
        place = open_device(DeviceChoice(device=device, max_vram_gib=max_vram_gib))
        tts.to(place)
        ready = ReadyPocket(
            network=SpeechNetwork(tts.flow_lm, positions=POSITIONS),
            codec=Codec(tts.mimi, tts.flow_lm.emb_std, tts.flow_lm.emb_mean, positions=POSITIONS),
            prompter=prompter,
            facts=facts,
            weights_digest=weights_digest(folder, files),
            tts=tts,
            threads=torch.get_num_threads(),
        )
        ready.proof()
    return ready
