"""What the parts of one process share. Nothing is loaded before a part asks for it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.gpu.lines import DIED, FAILED, Lines

if TYPE_CHECKING:
    import torch

    from benchmarks.f5.ours import Ours
    from workers.engines.f5.device import Mode
    from workers.engines.f5.sampler import SamplerInput

REFUSED = "not usable"
"""What an admission tells of a mode that this machine cannot do."""


class Bench:
    """Weights, loaded models, and the part that is being run."""

    def __init__(self, *, device: str, model: str, quick: bool, scratch: Path, lines: Lines) -> None:
        self.device = device
        self.model = model
        self.quick = quick
        """Small shapes and few repetitions: to see that everything runs."""
        self.scratch = scratch
        self._lines = lines
        self._part = ""
        self._until = 0.0
        self._ours: dict[Mode, Ours] = {}
        self._opened = False

    @property
    def on_cuda(self) -> bool:
        """Whether there is a GPU to measure."""
        return self.device.startswith("cuda")

    @property
    def torch_device(self) -> torch.device:
        """For tensors of a part's own."""
        import torch

        if not self.on_cuda:
            return torch.device("cpu")
        return torch.device(self.device if ":" in self.device else "cuda:0")

    def begin(self, part: str, until: float) -> None:
        """What is told from here on is told of this part."""
        self._part, self._until = part, until

    def tell(self, what: str, facts: Mapping[str, Any] | None = None) -> None:
        """A measurement."""
        self._lines.tell(self._part, what, facts)

    def left_s(self) -> float:
        """Until this part is ended."""
        return self._until - time.time()

    def open_device(self) -> None:
        """As the engine does it, before a part begins CUDA in this process: some settings are read once."""
        if self._opened or not self.on_cuda:
            return
        from workers.engines.f5.choice import DeviceChoice
        from workers.engines.f5.device.opening import open_device

        open_device(DeviceChoice(device=self.device))
        self._opened = True

    def device_answers(self) -> bool:
        """Whether the process can still use its device."""
        if not self.on_cuda:
            return True
        import torch

        try:
            torch.cuda.synchronize()
        except RuntimeError:
            return False
        return True

    # models

    def folder(self, model: str | None = None) -> Path:
        """Weights of the size that is measured, or of another."""
        from benchmarks.f5.material import weights_folder

        return weights_folder(model or self.model, self.scratch)

    @property
    def small_model(self) -> str:
        """A size for what is no question of speed."""
        return "mid" if self.on_cuda and not self.quick else "tiny"

    def usable(self, mode: str) -> bool:
        """Whether its admission has not failed in this run."""
        return not any(
            line["part"] == f"admission-{mode}" and line["what"] in (FAILED, DIED, REFUSED)
            for line in self._lines.read()
        )

    def best_mode(self) -> Mode:
        """The fastest that is usable here."""
        from benchmarks.f5.ours import modes_of

        return next(mode for mode in reversed(modes_of(self.device)) if mode == "eager" or self.usable(mode))

    def ours(self, mode: str) -> Ours:
        """The engine's model in a mode, loaded once a process; admitted only by the part that measures this."""
        from benchmarks.f5.ours import Ours, budgets_of
        from workers.engines.f5.device import DeviceChoice, Mode

        wanted = Mode(mode)
        if wanted not in self._ours:
            choice = DeviceChoice(
                device=self.device,
                mode=wanted,
                budgets_frames=budgets_of(self.device),
                threads=None if self.on_cuda else 1,
            )
            self._ours[wanted] = Ours(self.folder(), choice)
        return self._ours[wanted]

    # what is spoken

    @property
    def lengths(self) -> tuple[float, float]:
        """Seconds of reference and of a clip."""
        return (0.8, 1.2) if self.quick else (6.0, 10.0)

    @property
    def preview_s(self) -> float:
        """Seconds of a preview's speech."""
        return 0.5 if self.quick else 2.0

    def samples(self, count: int, *, clip_s: float | None = None, seed: int = 1) -> list[SamplerInput]:
        """Clips behind one reference."""
        from benchmarks.f5.material import make_samples

        reference_s, own = self.lengths
        return make_samples(reference_s=reference_s, lengths_s=[clip_s or own], utterances=count, seed=seed)
