"""The name of what promises equal bits: device, libraries, precision and mode; in packs, also what the probe gave."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import cache
from importlib import metadata

import torch

from workers.engines.options import Mode

SHORT = {torch.float32: "f32", torch.bfloat16: "bf16", torch.float16: "f16"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What packs were admitted against."""

    reference_frames: int
    digest: str
    """sha256 hex of the probe's samples in the reference budget; empty before admission."""


def numeric_class(
    device: torch.device, dtype: torch.dtype, mode: Mode, proof: Proof | None, *, float8: bool = False
) -> str:
    """Device, build and mode within which the same key gives the same bits; `proof` where utterances share packs."""
    precision = f"f8-{SHORT[dtype]}" if float8 else SHORT[dtype]
    libraries, how = f"torch{torch.__version__}", f"{precision}-alone-{mode}"
    if device.type == "cuda":
        libraries += f"-cuda{torch.version.cuda}-cudnn{torch.backends.cudnn.version()}"  # type: ignore[no-untyped-call]
    if proof is not None:
        if mode is not Mode.EAGER and device.type == "cuda":
            libraries += f"-triton{_version('triton')}"
        libraries += f"-f5tts{_version('f5-tts')}-vocos{_version('vocos')}"
        how = f"{precision}-packs-{mode}-ref{proof.reference_frames}-{proof.digest[:8] or 'unproved'}"
    if device.type == "cuda":
        card = torch.cuda.get_device_properties(device)
        return f"{card.name.replace(' ', '-')}-{card.multi_processor_count}sm-{libraries}-{how}"
    capability = torch.backends.cpu.get_cpu_capability().replace(" ", "-")
    return f"{platform.machine()}-{capability}-{libraries}-{how}-t{torch.get_num_threads()}"


@cache
def _version(distribution: str) -> str:
    """Asked with every pack, and read from files."""
    return metadata.version(distribution)
