"""Which mode a model runs in: what was asked for, or the fastest that can be built here."""

from __future__ import annotations

import logging
import os

from workers.engines.engine import EngineError
from workers.engines.f5.choice import DeviceChoice
from workers.engines.f5.compiler import find_compiler
from workers.engines.options import Mode

log = logging.getLogger(__name__)

FASTEST = Mode.FUSED
"""Of a GPU with a C compiler beside it."""


def mode_of(choice: DeviceChoice) -> Mode:
    """Raises `EngineError` when kernels were asked for that cannot be built here, or not once for all lengths."""
    if choice.mode is Mode.EAGER or (choice.mode is None and not choice.on_cuda):
        return Mode.EAGER
    if choice.mode is None and not choice.budgets:
        return Mode.EAGER
    mode = choice.mode or FASTEST
    compiler = find_compiler()
    lacks, mend = compiler.lacks, compiler.mend
    if not lacks and (switch := _switched_off(mode, on_cuda=choice.on_cuda)):
        lacks, mend = f"{switch} in the environment, with which its kernels are not what it says", "unset it"
    if lacks and choice.mode is None:
        log.warning("F5 runs eager on %s, slower than it could: there is %s; %s", choice.device, lacks, mend)
        return Mode.EAGER
    if lacks:
        raise EngineError(f"F5 cannot run {mode}: there is {lacks}; {mend}, or choose the mode eager")
    if not choice.budgets:
        raise EngineError(
            f"F5 cannot run {mode} without frame budgets: it would be built for every length; "
            "give some, or choose the mode eager"
        )
    return mode


def _switched_off(mode: Mode, *, on_cuda: bool) -> str | None:
    """A switch, left from looking for a fault, by which what is built runs as something else, without a word."""
    # torch 2.11, `_dynamo/config.py` and `eval_frame.py`: plain Python, `fullgraph` or not
    if mode is Mode.COMPILED:
        for name in ("TORCH_COMPILE_DISABLE", "TORCHDYNAMO_DISABLE"):
            if os.environ.get(name) == "1":
                return name
    # triton 3.6, `knobs.py`: numpy on the host, program by program
    if on_cuda and os.environ.get("TRITON_INTERPRET", "").lower() in ("1", "true", "on", "yes", "y"):
        return "TRITON_INTERPRET"
    return None
