"""Weights of several sizes and shapes, and the engine's models on the device under test, each loaded once."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from benchmarks.f5.material import weights_folder
from benchmarks.f5.ours import Ours, budgets_of, modes_of
from benchmarks.f5.upstream import Theirs
from tests.gpu.device import DEVICE, ON_CUDA
from tests.unit.workers.engines.f5.checkpoint import make_checkpoint
from workers.engines.f5.device import DeviceChoice, Mode

assert DEVICE is not None
MODES = modes_of(DEVICE)
BUDGETS_FRAMES = (1024, 2048, 4096) if ON_CUDA else budgets_of(DEVICE)
"""Enough for equal bits; the engine's own list is admitted in one test."""
SIZE = "mid" if ON_CUDA else "tiny"
TORCH_DEVICE = torch.device("cuda:0" if DEVICE == "cuda" else DEVICE)
THREADS = None if ON_CUDA else 1


def choice_of(
    mode: Mode = Mode.EAGER,
    *,
    precision: str | None = None,
    budgets: tuple[int, ...] = BUDGETS_FRAMES,
    max_vram_gib: float | None = None,
) -> DeviceChoice:
    """On the device under test."""
    assert DEVICE is not None
    return DeviceChoice(
        device=DEVICE,
        mode=mode,
        precision=precision,
        budgets_frames=budgets,
        max_vram_gib=max_vram_gib,
        threads=THREADS,
    )


class Models:
    """Everything that is loaded for these tests."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.admitted: Callable[[Mode], Ours] = cache(self._admitted)
        """The model in a mode, as a worker has it after warm-up."""

    def folder(self, size: str = SIZE) -> Path:
        """Random weights of a size."""
        return weights_folder(size, self.scratch)

    def only(self, what: str) -> Path:
        """Weights in which blocks do nothing but what is named.

        `position`: all gates are closed, so that the velocity is what the position convolution makes of its input;
        `attention`: that convolution gives nothing, and the gates of the feed-forward are closed.
        """
        folder = self.scratch / f"only-{what}" / "F5TTS_v1_Base"
        if folder.exists():
            return folder
        make_checkpoint(folder, size="small" if ON_CUDA else "tiny")
        [file] = folder.glob("*.safetensors")
        state = load_file(file)
        for name, tensor in state.items():
            if ".attn_norm.linear." in name:  # shift, scale, gate, then the same of the feed-forward
                parts = tensor.view(6, -1) if tensor.ndim == 1 else tensor.view(6, -1, tensor.shape[-1])
                parts[5] = 0
                if what == "position":
                    parts[2] = 0
            if what == "attention" and ".conv_pos_embed." in name:
                tensor.zero_()
        save_file(state, file)
        return folder

    def ours(self, mode: Mode = Mode.EAGER, *, precision: str | None = None, size: str = SIZE) -> Ours:
        """A model of its own, nothing admitted."""
        return Ours(self.folder(size), choice_of(mode, precision=precision))

    def theirs(self, dtype: torch.dtype, *, size: str = SIZE) -> Theirs:
        """Upstream's, on the same device."""
        return Theirs(self.folder(size), TORCH_DEVICE, dtype)

    def _admitted(self, mode: Mode) -> Ours:
        ours = self.ours(mode)
        ours.admit()
        assert ours.mode is mode, "the engine went on in another mode; its log says why"
        return ours

    def close(self) -> None:
        """Give the memory back."""
        self.admitted = cache(self._admitted)
        free()


def free() -> None:
    """What nobody holds any more."""
    gc.collect()
    if ON_CUDA:
        torch.cuda.empty_cache()


def definition(folder: Path) -> Callable[[Tensor, Tensor, Tensor, float], Tensor]:
    """(state (n, m), reference, tokens, time) -> velocity (n, m): of upstream's module, conditioned, in float64."""
    from workers.engines.f5.weights import load, open_folder

    dit = load(open_folder(folder)).dit.double().eval()

    @torch.inference_mode()
    def velocity(state: Tensor, reference: Tensor, tokens: Tensor, time_: float) -> Tensor:
        condition = torch.zeros_like(state, dtype=torch.float64)
        condition[: len(reference)] = reference
        moved: Tensor = dit(
            x=state[None].double(),
            cond=condition[None],
            text=tokens[None],
            time=torch.tensor([time_], dtype=torch.float64),
            drop_audio_cond=False,
            drop_text=False,
        )
        return moved[0]

    return velocity
